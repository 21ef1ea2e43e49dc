//! Frames of AMQP 0-9-1 and the values in them (specification, sections 2.3.5 and 4.2).

use std::io::{self, Read};

/// A frame with a method.
pub(super) const METHOD: u8 = 1;
/// A frame with the properties of a message.
pub(super) const HEADER: u8 = 2;
/// A frame with a part of a message.
pub(super) const BODY: u8 = 3;
/// A frame that says that its sender is there.
pub(super) const HEARTBEAT: u8 = 8;
/// The octet behind each frame.
const END: u8 = 0xCE;
/// The largest frame that is read or written, in bytes.
pub(super) const MOST_BYTES: u32 = 131_072;

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub kind: u8,
    pub channel: u16,
    pub payload: Vec<u8>,
}

impl Frame {
    /// The next frame of a stream.
    ///
    /// # Errors
    /// When the stream ends, or what it has is no frame.
    pub fn read(stream: &mut impl Read) -> io::Result<Frame> {
        let mut head = [0_u8; 7];
        stream.read_exact(&mut head)?;
        let [kind, c0, c1, s0, s1, s2, s3] = head;
        let size = u32::from_be_bytes([s0, s1, s2, s3]);
        if size > MOST_BYTES {
            return Err(malformed("a frame is larger than was agreed"));
        }
        let mut payload = vec![0; size as usize];
        stream.read_exact(&mut payload)?;
        let mut end = [0];
        stream.read_exact(&mut end)?;
        if end != [END] {
            return Err(malformed("a frame has no end"));
        }
        Ok(Frame { kind, channel: u16::from_be_bytes([c0, c1]), payload })
    }

    /// As it is sent.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Writer::default().octet(self.kind).short(self.channel).bytes(&self.payload).0;
        bytes.push(END);
        bytes
    }
}

fn malformed(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// A value of a table, as far as one is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Number(i64),
    Text(String),
    Other,
}

/// Values with names.
pub(super) type Table = Vec<(String, Value)>;

/// Reads the values of a payload; nothing where it is too short.
pub(super) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self, count: usize) -> Option<u64> {
        Some(self.take(count)?.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }

    pub fn octet(&mut self) -> Option<u8> {
        Some(*self.take(1)?.first()?)
    }

    pub fn short(&mut self) -> Option<u16> {
        self.number(2)?.try_into().ok()
    }

    pub fn long(&mut self) -> Option<u32> {
        self.number(4)?.try_into().ok()
    }

    pub fn longlong(&mut self) -> Option<u64> {
        self.number(8)
    }

    pub fn text(&mut self) -> Option<String> {
        let length = usize::from(self.octet()?);
        Some(String::from_utf8_lossy(self.take(length)?).into_owned())
    }

    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.long()? as usize;
        self.take(length)
    }

    /// A table; what stands deeper in it is passed over.
    pub fn table(&mut self) -> Option<Table> {
        let mut within = Reader(self.bytes()?);
        let mut table = Table::new();
        while !within.0.is_empty() {
            table.push((within.text()?, within.value()?));
        }
        Some(table)
    }

    /// A value with its type, as brokers read it (RabbitMQ's errata of section 4.2.1).
    fn value(&mut self) -> Option<Value> {
        let kind = self.octet()?;
        // The lowest bits hold what a signed number is, for the sizes that settings have.
        let signed = |number: u64, bits: u32| (number << (64 - bits)).cast_signed() >> (64 - bits);
        Some(match kind {
            b'V' => Value::Other,
            b't' | b'B' => Value::Number(i64::from(self.octet()?)),
            b'b' => Value::Number(signed(self.number(1)?, 8)),
            b's' => Value::Number(signed(self.number(2)?, 16)),
            b'u' => Value::Number(i64::from(self.short()?)),
            b'I' => Value::Number(signed(self.number(4)?, 32)),
            b'i' => Value::Number(i64::from(self.long()?)),
            b'l' => Value::Number(self.longlong()?.cast_signed()),
            b'S' => Value::Text(String::from_utf8_lossy(self.bytes()?).into_owned()),
            b'f' => self.take(4).map(|_| Value::Other)?,
            b'D' => self.take(5).map(|_| Value::Other)?,
            b'd' | b'T' => self.take(8).map(|_| Value::Other)?,
            b'A' | b'F' | b'x' => self.bytes().map(|_| Value::Other)?,
            _ => return None,
        })
    }
}

/// Writes the values of a payload, one after another.
#[derive(Default)]
pub(super) struct Writer(pub Vec<u8>);

impl Writer {
    pub fn octet(mut self, value: u8) -> Writer {
        self.0.push(value);
        self
    }

    pub fn short(mut self, value: u16) -> Writer {
        self.0.extend(value.to_be_bytes());
        self
    }

    pub fn long(mut self, value: u32) -> Writer {
        self.0.extend(value.to_be_bytes());
        self
    }

    pub fn longlong(mut self, value: u64) -> Writer {
        self.0.extend(value.to_be_bytes());
        self
    }

    /// At most 255 bytes; what is longer is cut.
    pub fn text(mut self, value: &str) -> Writer {
        let end = value.floor_char_boundary(usize::from(u8::MAX));
        self.0.push(u8::try_from(end).unwrap_or_default());
        self.0.extend(&value.as_bytes()[..end]);
        self
    }

    pub fn bytes(mut self, value: &[u8]) -> Writer {
        self = self.long(u32::try_from(value.len()).unwrap_or(u32::MAX));
        self.0.extend(value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tables_are_read() {
        let within =
            Writer::default().text("x-delivery-limit").octet(b'I').long(10).text("deep").octet(b'F').bytes(b"?");
        let within = within.text("to").octet(b'S').bytes(b"dead").text("less").octet(b'b').octet(0xFF);
        let bytes = Writer::default().bytes(&within.0).0;
        let table = Reader(&bytes).table().unwrap();
        let value = |name: &str| table.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        assert_eq!(value("x-delivery-limit"), Some(Value::Number(10)));
        assert_eq!(value("to"), Some(Value::Text("dead".to_owned())));
        assert_eq!(value("less"), Some(Value::Number(-1)));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(kind: u8, channel: u16, payload: Vec<u8>) {
            let frame = Frame { kind, channel, payload };
            prop_assert_eq!(Frame::read(&mut frame.bytes().as_slice()).unwrap(), frame);
        }

        #[test]
        fn any_bytes_do_not_panic(bytes: Vec<u8>) {
            let _ = Frame::read(&mut bytes.as_slice());
            let _ = Reader(&bytes).table();
        }
    }
}
