//! Numbers and bytes, one after the other: the alphabet of the pack.

/// Reads from the front; `None` when there is not enough, or not what was asked for.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.0.len()
    }

    pub(super) fn rest(self) -> &'a [u8] {
        self.0
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.bytes(1).map(|taken| taken[0])
    }

    /// Four bytes, little endian.
    pub(super) fn u32(&mut self) -> Option<u32> {
        self.bytes(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    /// Four bytes, little endian, that are a finite number.
    pub(super) fn f32(&mut self) -> Option<f32> {
        self.u32().map(f32::from_bits).filter(|number| number.is_finite())
    }

    /// A LEB128 varint of at most `limit`.
    pub(super) fn number_up_to(&mut self, limit: usize) -> Option<usize> {
        let mut number = 0_usize;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7F).checked_shl(shift)?;
            if byte < 0x80 {
                return (number <= limit).then_some(number);
            }
        }
        None
    }
}

/// Writes at the end.
#[cfg(feature = "compile")]
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

#[cfg(feature = "compile")]
impl Writer {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// A LEB128 varint.
    pub(super) fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
#[cfg(feature = "compile")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_survives(number in 0_usize..=u32::MAX as usize) {
            let mut writer = Writer::default();
            writer.number(number);
            let bytes = writer.into_bytes();
            prop_assert_eq!(Reader::new(&bytes).number_up_to(usize::MAX), Some(number));
            if let Some(less) = number.checked_sub(1) {
                prop_assert_eq!(Reader::new(&bytes).number_up_to(less), None);
            }
        }

        #[test]
        fn reading_any_bytes_never_panics(bytes in any::<Vec<u8>>(), limit in any::<usize>()) {
            let mut reader = Reader::new(&bytes);
            while reader.number_up_to(limit).is_some() {}
            prop_assert!(Reader::new(&bytes).bytes(bytes.len() + 1).is_none());
        }
    }
}
