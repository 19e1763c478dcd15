//! `cargo xtask help`.

use crate::Result;

const HELP: &str = "\
The project's automation. What is missing on this machine is installed by the ordinary client, which is said, or you
are told the one line that installs it.

    cargo xtask run [-- ARGUMENT...]   build everything in release, and serve the flows of this repository at
                                       http://127.0.0.1:8080; the arguments go to `sandgate serve`
    cargo xtask build                  stop after target/release/sandgate
    cargo xtask test                   every check and test that CI runs, the cheap ones first
    cargo xtask setup                  install what the build and the tests need, and nothing else
    cargo xtask components             build and pack the components and the guests under test alone
    cargo xtask client [--check]       build sdk/client-js/dist, which the daemon carries; or compare it with what is there
    cargo xtask studio [--check]       build studio/dist, which the daemon carries; or check and test it
    cargo xtask schema [--check]       write flows/*.schema.json; or compare them with what would be written
    cargo xtask bench [NAME...]        measure, in release: `core` for the parts, `studio` in a browser, else scenarios of the daemon over
                                       loopback, such as `runs`; BENCHMARKS.md keeps the figures. Options go to the
                                       load generator: `cargo xtask bench -- --help` has the scenarios
    cargo xtask fuzz [TARGET] [--seconds N]
                                       what strangers send, generated and led by coverage, 60 s for each target;
                                       docs/testing.md says what becomes of a finding
    cargo xtask simulate [--seeds N | --seed N | --bugs]
                                       the host with crashes, disks and clients that a seed decides: 1,000 of them, or
                                       one alone; or see that bugs which are put in on purpose are found
    cargo xtask tidy                   the house rules that a program can check
    cargo xtask audit                  licences, sources and known vulnerabilities of what others wrote, by cargo-deny
    cargo xtask help                   this

Examples:

    cargo xtask run -- --listen 127.0.0.1:9000 --dev
    cargo xtask bench --quick idle ping                     # does it work at all?
    cargo xtask components && cargo build && cargo test     # while you work: less than `cargo xtask test`

Folders that it writes:

    target/components  target/guests   what is packed; the daemon carries the components
    target/debug  target/release       what cargo builds of the host
    components/target                  what cargo builds of the components and the guests
    target/fuzz  fuzz/artifacts        what the fuzzer builds, reaches and finds
    target/simulated-*.txt             what happened on seeds that failed
    target/python                      the Python of tests/clients
    tests/clients/node_modules         its npm packages
    sdk/client-js/node_modules         what builds the JavaScript client
    studio/dist  studio/node_modules   the Studio, and what builds it";

/// Says what there is.
///
/// # Errors
///
/// None; as the other commands.
pub(crate) fn run() -> Result {
    println!("{HELP}");
    Ok(())
}
