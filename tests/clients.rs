//! Clients: those that nobody here wrote, and the library.

use std::fs;
use std::process::Command;

use crate::support::command;
use crate::support::daemon::Daemon;
use crate::support::project::Project;
use crate::support::root;
use crate::support::script::{self, Dialogue, node, python, sdk};

#[test]
fn nodes_ws() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut client = node("ws.mjs")?;
    client.arg(daemon.url());
    script::run(client)
}

#[test]
fn a_json_rpc_library() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut client = node("json-rpc.mjs")?;
    client.arg(daemon.url());
    script::run(client)
}

#[test]
fn pythons_websockets() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut client = python("client.py")?;
    client.arg(daemon.url());
    script::run(client)
}

#[test]
fn the_library_with_a_host_that_its_tests_play() -> anyhow::Result<()> {
    let mut tests = Command::new("node");
    tests.arg("--test").current_dir(sdk()?);
    script::run(tests)
}

#[test]
fn the_library_wherever_connections_are_lost() -> anyhow::Result<()> {
    script::run(node("sdk/losses.mjs")?)
}

#[test]
fn the_library_with_the_example_flows() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut client = node("sdk/flows.mjs")?;
    client.arg(daemon.url());
    script::run(client)
}

#[test]
fn the_library_comes_back_to_a_daemon_that_crashed() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let daemon = Daemon::keeping(&root(), data.path(), &[])?;
    let mut client = node("sdk/crash.mjs")?;
    client.arg(daemon.url());
    let mut client = Dialogue::start(client)?;
    client.hear("counting")?;
    let _daemon = daemon.crash(data.path())?;
    client.hear("crash: ok")?;
    client.end()
}

/// What TypeScript has to take, and lines that it has to refuse.
const ORDERING: &str = r#"
import { connect } from "@sandgate/client";
import type { ShopOrder } from "./order.js";

const shop = connect<ShopOrder>("ws://127.0.0.1:8080/ws/shop_order");
shop.run({ item: "tea", address: { street: "High Street", "door code": 7 }, extras: ["milk", 2] });
shop.start({ item: "coffee", address: { street: "High Street" }, note: null, anything: { a: [true] } }, { key: "one" });
shop.on("push", ({ run, message }) => console.log(run.length, message));
connect("ws://127.0.0.1:8080/ws/any", { WebSocket }).run();
// @ts-expect-error: there is no such item.
shop.run({ item: "gin", address: { street: "High Street" } });
// @ts-expect-error: an address has a street.
shop.run({ item: "tea", address: {} });
// @ts-expect-error: a parameter without a default has to be given.
shop.run({ item: "tea" });
// @ts-expect-error: and so has an input with one.
shop.run();
// @ts-expect-error: there is no such event.
shop.on("pushed", () => {});
"#;

const TSCONFIG: &str = r#"{
  "compilerOptions": {
    "target": "ES2022", "module": "ES2022", "moduleResolution": "bundler", "lib": ["ES2022", "DOM"], "types": [],
    "strict": true, "noEmit": true, "paths": { "@sandgate/client": ["SDK/dist/client.d.ts"] }
  },
  "include": ["*.ts"]
}"#;

#[test]
fn typescript_takes_the_types_of_a_flow() -> anyhow::Result<()> {
    let project = Project::of(&[("flows/shop_order.yaml", include_str!("clients/sdk/shop_order.yaml"))])?;
    let types = command::run(project.path(), &["types", "shop_order"])?;
    let folder = tempfile::tempdir()?;
    let sdk = sdk()?;
    fs::write(folder.path().join("order.ts"), types.stdout)?;
    fs::write(folder.path().join("ordering.ts"), ORDERING)?;
    fs::write(folder.path().join("tsconfig.json"), TSCONFIG.replace("SDK", &sdk.to_string_lossy()))?;
    let mut compiler = Command::new(sdk.join("node_modules/.bin/tsc"));
    compiler.arg("--project").arg(folder.path());
    script::run(compiler)
}
