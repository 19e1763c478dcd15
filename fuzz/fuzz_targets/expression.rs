//! The target `expression`, for libFuzzer.
#![no_main]

// Without libFuzzer's hook: a panic that the host catches is not a finding.
libfuzzer_sys::fuzz_target!(init: drop(std::panic::take_hook()), |data: &[u8]| {
    let _ = sandgate_fuzz::expression::run(data);
});
