//! Any text is read by the scan as by the YAML library alone: values, places and faults, as a whole and in parts.
//!
//! ```text
//! cargo +nightly fuzz run scan fuzz/corpus/scan events tests/yaml -- -max_len=4096
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(difference) = asof::parse::difference(text) {
        panic!("{difference}");
    }
});
