//! Methods of AMQP 0-9-1, as far as services use them (specification, section 1.4 of the generated reference).

use super::wire::{Frame, METHOD, Reader, Table, Writer};

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Method {
    StartOk,
    TuneOk { frame_max: u32 },
    Open,
    Close,
    CloseOk,
    ChannelOpen,
    ChannelClose,
    ChannelCloseOk,
    ExchangeDeclare { name: String, kind: String, passive: bool, silent: bool },
    QueueDeclare { name: String, passive: bool, silent: bool, arguments: Table },
    QueueBind { queue: String, exchange: String, key: String, silent: bool },
    Qos { count: u16 },
    Consume { queue: String, tag: String, settled: bool, silent: bool },
    Cancel { tag: String, silent: bool },
    Publish { exchange: String, key: String, mandatory: bool },
    Get { queue: String, settled: bool },
    Ack { tag: u64, multiple: bool },
    Reject { tag: u64, multiple: bool, requeue: bool },
    Confirm { silent: bool },
}

/// The class and the number of a method.
pub(super) type Id = (u16, u16);

pub(super) const START: Id = (10, 10);
pub(super) const TUNE: Id = (10, 30);
pub(super) const OPEN_OK: Id = (10, 41);
pub(super) const CLOSE: Id = (10, 50);
pub(super) const CLOSE_OK: Id = (10, 51);
pub(super) const CHANNEL_OPEN_OK: Id = (20, 11);
pub(super) const CHANNEL_CLOSE: Id = (20, 40);
pub(super) const CHANNEL_CLOSE_OK: Id = (20, 41);
pub(super) const EXCHANGE_DECLARE_OK: Id = (40, 11);
pub(super) const QUEUE_DECLARE_OK: Id = (50, 11);
pub(super) const QUEUE_BIND_OK: Id = (50, 21);
pub(super) const QOS_OK: Id = (60, 11);
pub(super) const CONSUME_OK: Id = (60, 21);
pub(super) const CANCEL_OK: Id = (60, 31);
pub(super) const RETURN: Id = (60, 50);
pub(super) const DELIVER: Id = (60, 60);
pub(super) const GET_OK: Id = (60, 71);
pub(super) const GET_EMPTY: Id = (60, 72);
pub(super) const ACK: Id = (60, 80);
pub(super) const CONFIRM_OK: Id = (85, 11);

/// The method of a frame's payload with its number; no method where it is none that is known, or cut off.
pub(super) fn parse(payload: &[u8]) -> Option<(Id, Option<Method>)> {
    let mut reader = Reader(payload);
    let id = (reader.short()?, reader.short()?);
    Some((id, arguments(id, &mut reader)))
}

fn arguments(id: Id, from: &mut Reader<'_>) -> Option<Method> {
    Some(match id {
        (10, 11) => Method::StartOk,
        (10, 31) => {
            let _channels = from.short()?;
            Method::TuneOk { frame_max: from.long()? }
        }
        (10, 40) => Method::Open,
        CLOSE => Method::Close,
        CLOSE_OK => Method::CloseOk,
        (20, 10) => Method::ChannelOpen,
        CHANNEL_CLOSE => Method::ChannelClose,
        CHANNEL_CLOSE_OK => Method::ChannelCloseOk,
        (40, 10) => {
            let (_, name, kind, bits) = (from.short()?, from.text()?, from.text()?, from.octet()?);
            Method::ExchangeDeclare { name, kind, passive: bits & 1 != 0, silent: bits & 16 != 0 }
        }
        (50, 10) => {
            let (_, name, bits, arguments) = (from.short()?, from.text()?, from.octet()?, from.table()?);
            Method::QueueDeclare { name, passive: bits & 1 != 0, silent: bits & 16 != 0, arguments }
        }
        (50, 20) => {
            let (_, queue, exchange, key) = (from.short()?, from.text()?, from.text()?, from.text()?);
            Method::QueueBind { queue, exchange, key, silent: from.octet()? & 1 != 0 }
        }
        (60, 10) => {
            let _size = from.long()?;
            Method::Qos { count: from.short()? }
        }
        (60, 20) => {
            let (_, queue, tag, bits) = (from.short()?, from.text()?, from.text()?, from.octet()?);
            Method::Consume { queue, tag, settled: bits & 2 != 0, silent: bits & 8 != 0 }
        }
        (60, 30) => Method::Cancel { tag: from.text()?, silent: from.octet()? & 1 != 0 },
        (60, 40) => {
            let (_, exchange, key) = (from.short()?, from.text()?, from.text()?);
            Method::Publish { exchange, key, mandatory: from.octet()? & 1 != 0 }
        }
        (60, 70) => {
            let _ticket = from.short()?;
            Method::Get { queue: from.text()?, settled: from.octet()? & 1 != 0 }
        }
        ACK => Method::Ack { tag: from.longlong()?, multiple: from.octet()? & 1 != 0 },
        (60, 90) => Method::Reject { tag: from.longlong()?, multiple: false, requeue: from.octet()? & 1 != 0 },
        (60, 120) => {
            let (tag, bits) = (from.longlong()?, from.octet()?);
            Method::Reject { tag, multiple: bits & 1 != 0, requeue: bits & 2 != 0 }
        }
        (85, 10) => Method::Confirm { silent: from.octet()? & 1 != 0 },
        _ => return None,
    })
}

/// The frame of a method that is sent.
pub(super) fn frame(channel: u16, id: Id, write: impl FnOnce(Writer) -> Writer) -> Frame {
    let payload = write(Writer::default().short(id.0).short(id.1)).0;
    Frame { kind: METHOD, channel, payload }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn methods_are_read_with_their_bits() {
        let publish = frame(1, (60, 40), |to| to.short(0).text("events").text("a.b").octet(1));
        let (exchange, key) = ("events".to_owned(), "a.b".to_owned());
        let wanted = Method::Publish { exchange, key, mandatory: true };
        assert_eq!(parse(&publish.payload), Some(((60, 40), Some(wanted))));
        let nack = frame(1, (60, 120), |to| to.longlong(7).octet(3));
        let wanted = Method::Reject { tag: 7, multiple: true, requeue: true };
        assert_eq!(parse(&nack.payload), Some(((60, 120), Some(wanted))));
        assert_eq!(parse(&frame(1, (90, 10), |to| to).payload), Some(((90, 10), None)));
    }

    proptest! {
        #[test]
        fn any_bytes_do_not_panic(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}
