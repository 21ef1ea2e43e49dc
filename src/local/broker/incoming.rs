//! A message that is being published: announced by a method, then its properties, then its body in parts (section 4.2.6).

use super::queues::Message;
use super::wire::Reader;

/// The largest message, in bytes.
const MOST_BYTES: u64 = 16 << 20;

/// What has come of a message.
pub(super) struct Incoming {
    pub mandatory: bool,
    exchange: String,
    key: String,
    properties: Vec<u8>,
    /// The size of its body in bytes, once that is known.
    size: Option<u64>,
    body: Vec<u8>,
}

impl Incoming {
    pub fn new(exchange: String, key: String, mandatory: bool) -> Incoming {
        Incoming { mandatory, exchange, key, properties: Vec::new(), size: None, body: Vec::new() }
    }

    /// Its properties and the size of its body.
    ///
    /// # Errors
    /// The reason why it is not taken.
    pub fn header(&mut self, payload: &[u8]) -> Result<(), String> {
        let mut reader = Reader(payload);
        let read = (|| Some((reader.short()?, reader.short()?, reader.longlong()?)))();
        let (_, _, size) = read.ok_or("the header of a message is cut off")?;
        if size > MOST_BYTES {
            return Err(format!("a message of more than {MOST_BYTES} bytes is not taken here"));
        }
        self.size = Some(size);
        self.properties = reader.0.to_vec();
        Ok(())
    }

    /// A part of its body.
    ///
    /// # Errors
    /// When there is more than was announced.
    pub fn body(&mut self, payload: &[u8]) -> Result<(), String> {
        self.body.extend(payload);
        let announced = self.size.unwrap_or_default();
        if self.body.len() as u64 > announced { Err("a message is longer than it said".to_owned()) } else { Ok(()) }
    }

    pub fn is_whole(&self) -> bool {
        self.size == Some(self.body.len() as u64)
    }

    pub fn into_message(self) -> Message {
        let Incoming { exchange, key, properties, body, .. } = self;
        Message { exchange, key, properties: properties.into(), body: body.into(), returned: 0 }
    }
}
