//! What bytes weigh on the network.

use std::io::Write;

use anyhow::Result;
use flate2::{Compression, write::GzEncoder};

/// The size after brotli, as hard as it can.
pub(crate) fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 4096, 11, 22);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(compressed.len())
}

/// The size after gzip, as hard as it can.
pub(crate) fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_shrinks() {
        let bytes = [7; 10_000];
        assert!(brotli(&bytes).unwrap() < 100);
        assert!(gzip(&bytes).unwrap() < 100);
    }
}
