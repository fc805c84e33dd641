#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| partway_fuzz::error_classifier(input));
