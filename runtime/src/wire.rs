//! Bytes, written and read: the one way numbers and strings stand in programs and sessions.
//!
//! Every value has exactly one byte string, so that equal things have equal bytes and equal hashes. Reading is
//! checked, and a count is held against the bytes that are left before anything is allocated for it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use rust_decimal::Decimal;

/// What is wrong with bytes that should be a program or a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// The bytes end before the thing that begins at this offset does.
    Truncated(usize),
    /// More bytes than the thing has; the first that is too many is at this offset.
    TrailingBytes(usize),
    /// A number that does not fit, or is written longer than it needs to be.
    Number(usize),
    /// A count of more things than the bytes that are left could hold.
    Count(usize),
    /// Text that is not UTF-8.
    Utf8(usize),
    /// A tag that no variant has, or a flag that is neither 0 nor 1.
    Tag(usize),
    /// Entries that are not in the order they must have, or that repeat.
    Order(usize),
    /// A byte that is no instruction's number.
    UnknownInstruction,
}

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Malformed::Truncated(at) => write!(out, "cut off at byte {at}"),
            Malformed::TrailingBytes(at) => write!(out, "bytes that belong to nothing from byte {at} on"),
            Malformed::Number(at) => write!(out, "a number out of form at byte {at}"),
            Malformed::Count(at) => write!(out, "a count larger than what follows at byte {at}"),
            Malformed::Utf8(at) => write!(out, "text that is not UTF-8 at byte {at}"),
            Malformed::Tag(at) => write!(out, "an unknown tag at byte {at}"),
            Malformed::Order(at) => write!(out, "entries out of order at byte {at}"),
            Malformed::UnknownInstruction => write!(out, "an unknown instruction"),
        }
    }
}

impl core::error::Error for Malformed {}

/// Writes bytes, one after the other.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// A writer that has written nothing.
    pub fn new() -> Writer {
        Writer::default()
    }

    /// The same, with room for `bytes` bytes.
    pub fn with_capacity(bytes: usize) -> Writer {
        Writer { bytes: Vec::with_capacity(bytes) }
    }

    /// Overwrites two bytes that were written before; what lies beyond the end is left alone.
    pub fn patch(&mut self, at: usize, bytes: [u8; 2]) {
        for (slot, byte) in self.bytes.iter_mut().skip(at).zip(bytes) {
            *slot = byte;
        }
    }

    /// The bytes written.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// How many bytes are written.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Writes one byte.
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Writes bytes as they are, without their number.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes 0 or 1.
    pub fn flag(&mut self, flag: bool) {
        self.byte(u8::from(flag));
    }

    /// Writes an id of four bytes, the lowest first.
    pub fn id32(&mut self, id: u32) {
        self.raw(&id.to_le_bytes());
    }

    /// Writes an id of eight bytes, the lowest first.
    pub fn id64(&mut self, id: u64) {
        self.raw(&id.to_le_bytes());
    }

    /// Writes a number, seven bits a byte, the lowest first; the high bit says that more follow.
    pub fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.byte((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    /// Writes a signed number so that those near zero are short.
    pub fn zigzag(&mut self, number: i64) {
        self.varint(((number << 1) ^ (number >> 63)) as u64);
    }

    /// Writes how many things follow.
    pub fn count(&mut self, count: usize) {
        self.varint(count as u64);
    }

    /// Writes a text and its length in bytes.
    pub fn string(&mut self, text: &str) {
        self.count(text.len());
        self.raw(text.as_bytes());
    }

    /// Writes a decimal number, without trailing zeros: equal numbers have equal bytes.
    pub fn decimal(&mut self, number: Decimal) {
        let number = number.normalize();
        let mantissa = number.mantissa().unsigned_abs();
        self.byte(number.scale() as u8 | if number.is_sign_negative() { 0x80 } else { 0 });
        self.varint((mantissa & u128::from(u64::MAX)) as u64);
        self.varint((mantissa >> 64) as u64);
    }
}

/// Reads bytes, one after the other; nothing is read past the end.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the first byte.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    /// A reader at the byte with this offset, which may lie past the end.
    pub fn starting_at(bytes: &'a [u8], at: usize) -> Reader<'a> {
        Reader { bytes, at: at.min(bytes.len()) }
    }

    /// The offset of the next byte.
    pub fn position(&self) -> usize {
        self.at
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// Checks that no byte is left.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.left() == 0 { Ok(()) } else { Err(Malformed::TrailingBytes(self.at)) }
    }

    /// Reads one byte.
    #[inline]
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let byte = self.bytes.get(self.at).copied().ok_or(Malformed::Truncated(self.at))?;
        self.at += 1;
        Ok(byte)
    }

    /// Reads this many bytes.
    pub fn raw(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let (taken, _) = rest.split_at_checked(count).ok_or(Malformed::Truncated(self.at))?;
        self.at += count;
        Ok(taken)
    }

    /// Reads 0 or 1.
    pub fn flag(&mut self) -> Result<bool, Malformed> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed::Tag(self.at - 1)),
        }
    }

    /// Reads an id of four bytes.
    pub fn id32(&mut self) -> Result<u32, Malformed> {
        let at = self.at;
        let bytes = self.raw(4)?.first_chunk::<4>().ok_or(Malformed::Truncated(at))?;
        Ok(u32::from_le_bytes(*bytes))
    }

    /// Reads an id of eight bytes.
    pub fn id64(&mut self) -> Result<u64, Malformed> {
        let at = self.at;
        let bytes = self.raw(8)?.first_chunk::<8>().ok_or(Malformed::Truncated(at))?;
        Ok(u64::from_le_bytes(*bytes))
    }

    /// Reads a number; one that is written longer than it needs to be is an error.
    #[inline]
    pub fn varint(&mut self) -> Result<u64, Malformed> {
        // Nearly all of them have one byte.
        match self.bytes.get(self.at) {
            Some(byte) if *byte < 0x80 => {
                self.at += 1;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, Malformed> {
        let start = self.at;
        let mut number = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            let overflows = shift > 63 || (shift == 63 && bits > 1);
            let overlong = byte == 0 && shift > 0;
            if overflows || overlong {
                return Err(Malformed::Number(start));
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
        }
    }

    /// Reads a number of at most 32 bits.
    #[inline]
    pub fn varint32(&mut self) -> Result<u32, Malformed> {
        let start = self.at;
        u32::try_from(self.varint()?).map_err(|_| Malformed::Number(start))
    }

    /// Reads a signed number.
    pub fn zigzag(&mut self) -> Result<i64, Malformed> {
        let number = self.varint()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// Reads how many things follow, each of which takes at least `least` bytes (not 0).
    pub fn count(&mut self, least: usize) -> Result<usize, Malformed> {
        let start = self.at;
        let count = usize::try_from(self.varint()?).map_err(|_| Malformed::Count(start))?;
        match count.checked_mul(least) {
            Some(bytes) if bytes <= self.left() => Ok(count),
            _ => Err(Malformed::Count(start)),
        }
    }

    /// Reads a list: its count, then each entry, which takes at least `least` bytes.
    pub fn list<T>(
        &mut self,
        least: usize,
        mut entry: impl FnMut(&mut Reader<'a>) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let count = self.count(least)?;
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(entry(self)?);
        }
        Ok(list)
    }

    /// Reads a text, borrowed from the bytes.
    pub fn str(&mut self) -> Result<&'a str, Malformed> {
        let length = self.count(1)?;
        let start = self.at;
        core::str::from_utf8(self.raw(length)?).map_err(|_| Malformed::Utf8(start))
    }

    /// Reads a text.
    pub fn string(&mut self) -> Result<String, Malformed> {
        self.str().map(String::from)
    }

    /// Reads a decimal number; one with trailing zeros, or a negative zero, is an error.
    pub fn decimal(&mut self) -> Result<Decimal, Malformed> {
        let start = self.at;
        let head = self.byte()?;
        let low = self.varint()?;
        let high = self.varint32()?;
        let (negative, scale) = (head & 0x80 != 0, u32::from(head & 0x7f));
        if scale > Decimal::MAX_SCALE {
            return Err(Malformed::Number(start));
        }
        let number =
            Decimal::from_parts((low & 0xffff_ffff) as u32, (low >> 32) as u32, high, negative, scale);
        let shortest = number.normalize();
        if shortest.scale() != scale || shortest.is_sign_negative() != negative {
            return Err(Malformed::Number(start));
        }
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_overlong_number_is_refused() {
        assert_eq!(Reader::new(&[0x80, 0x00]).varint(), Err(Malformed::Number(0)));
        assert_eq!(Reader::new(&[0xff; 11]).varint(), Err(Malformed::Number(0)));
        assert_eq!(Reader::new(&[0x80]).varint(), Err(Malformed::Truncated(1)));
    }

    #[test]
    fn a_count_is_held_against_the_bytes_left() {
        let mut writer = Writer::new();
        writer.varint(u64::MAX);
        assert_eq!(Reader::new(&writer.finish()).list(1, Reader::byte), Err(Malformed::Count(0)));
    }

    #[test]
    fn equal_decimals_have_equal_bytes() {
        let bytes = |text: &str| {
            let mut writer = Writer::new();
            writer.decimal(Decimal::from_str_exact(text).unwrap());
            writer.finish()
        };
        assert_eq!(bytes("1.50"), bytes("1.5"));
        assert_eq!(bytes("-0"), bytes("0"));
        assert!(Reader::new(&[0x01, 10, 0]).decimal().is_err(), "1.0 is written as 1");
    }

    proptest! {
        #[test]
        fn numbers_come_back(number: u64, signed: i64, mantissa in -(1i128 << 95)..(1i128 << 95), scale in 0u32..=28) {
            let decimal = Decimal::try_from_i128_with_scale(mantissa, scale).unwrap();
            let mut writer = Writer::new();
            writer.varint(number);
            writer.zigzag(signed);
            writer.decimal(decimal);
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.varint(), Ok(number));
            prop_assert_eq!(reader.zigzag(), Ok(signed));
            prop_assert_eq!(reader.decimal(), Ok(decimal));
            prop_assert_eq!(reader.end(), Ok(()));
        }

        #[test]
        fn a_number_that_is_read_has_no_other_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            let mut reader = Reader::new(&bytes);
            if let Ok(number) = reader.varint() {
                let mut writer = Writer::new();
                writer.varint(number);
                prop_assert_eq!(writer.finish(), &bytes[..reader.position()]);
            }
        }
    }
}
