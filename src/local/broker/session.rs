//! One connection of a service: the handshake, its channels, and what it asks for.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::incoming::Incoming;
use super::method::{self, Id, Method, frame};
use super::outlet::Outlet;
use super::queues::{Kind, Queues, Verdict};
use super::wire::{BODY, Frame, HEADER, HEARTBEAT, METHOD, MOST_BYTES, Writer};

/// What a connection begins with (section 4.2.2).
const PROTOCOL: [u8; 8] = *b"AMQP\x00\x00\x09\x01";
/// How often either side says that it is there.
const HEARTBEAT_SECONDS: u16 = 20;
const MOST_CHANNELS: u16 = 2047;

/// Serves a connection until it ends; what its receivers had is then given back.
pub(super) fn serve(stream: TcpStream, queues: &Mutex<Queues>, number: u64) {
    let Ok(writing) = stream.try_clone() else { return };
    let out = Outlet::new(writing, Duration::from_secs(u64::from(HEARTBEAT_SECONDS) / 2));
    let mut session = Session { out, queues, number, channels: BTreeMap::new() };
    // A service that is gone is gone: there is nobody to tell.
    let _ = session.run(stream);
    for channel in session.channels.keys() {
        session.queues().close((number, *channel));
    }
}

struct Session<'a> {
    out: Outlet,
    queues: &'a Mutex<Queues>,
    number: u64,
    channels: BTreeMap<u16, Channel>,
}

/// What a channel is at.
#[derive(Default)]
struct Channel {
    /// Whether what is published is confirmed, and how much was.
    confirming: bool,
    published: u64,
    /// How many messages the next consumer may have at once.
    most: u16,
    /// A message that comes in parts.
    incoming: Option<Incoming>,
    /// Whether it was refused something; until its client agrees that it is closed, what comes is passed over.
    refused: bool,
}

/// Why a channel is closed: a code of section 1.3, and the reason.
struct Refusal(u16, String);

/// Whether a connection goes on.
#[derive(PartialEq, Eq)]
enum Next {
    On,
    End,
}

impl Session<'_> {
    fn run(&mut self, mut stream: TcpStream) -> io::Result<()> {
        let mut first = [0_u8; PROTOCOL.len()];
        stream.read_exact(&mut first)?;
        if first != PROTOCOL {
            return stream.write_all(&PROTOCOL);
        }
        self.reply(0, method::START, |to| {
            to.octet(0).octet(9).bytes(&properties()).bytes(b"PLAIN AMQPLAIN").bytes(b"en_US")
        });
        let mut from = BufReader::new(stream);
        while self.frame(Frame::read(&mut from)?) == Next::On {}
        Ok(())
    }

    fn frame(&mut self, frame: Frame) -> Next {
        let Frame { kind, channel, payload } = frame;
        match kind {
            METHOD => match method::parse(&payload) {
                Some((id, Some(method))) => return self.method(channel, id, method),
                Some((id, None)) => return self.end(540, &format!("method {}.{} is not known here", id.0, id.1)),
                None => return self.end(502, "a method is cut off"),
            },
            HEADER | BODY => self.content(channel, kind, &payload),
            HEARTBEAT => {}
            _ => return self.end(501, "there is no such kind of frame"),
        }
        Next::On
    }

    fn method(&mut self, channel: u16, id: Id, method: Method) -> Next {
        match method {
            Method::StartOk => {
                self.reply(0, method::TUNE, |to| to.short(MOST_CHANNELS).long(MOST_BYTES).short(HEARTBEAT_SECONDS));
            }
            Method::TuneOk { frame_max } => self.out.agree(frame_max),
            Method::Open => self.reply(0, method::OPEN_OK, |to| to.text("")),
            Method::Close => {
                self.reply(0, method::CLOSE_OK, |to| to);
                return Next::End;
            }
            Method::CloseOk => return Next::End,
            Method::ChannelOpen => {
                self.channels.insert(channel, Channel::default());
                self.reply(channel, method::CHANNEL_OPEN_OK, |to| to.bytes(b""));
            }
            Method::ChannelClose | Method::ChannelCloseOk => {
                self.channels.remove(&channel);
                self.queues().close((self.number, channel));
                if method == Method::ChannelClose {
                    self.reply(channel, method::CHANNEL_CLOSE_OK, |to| to);
                }
            }
            _ => match self.channels.get(&channel).map(|channel| channel.refused) {
                None => return self.end(504, &format!("channel {channel} is not open")),
                Some(true) => {}
                Some(false) => {
                    if let Err(refusal) = self.on_channel(channel, method) {
                        self.refuse(channel, id, &refusal);
                    }
                }
            },
        }
        Next::On
    }

    fn on_channel(&mut self, channel: u16, method: Method) -> Result<(), Refusal> {
        match method {
            Method::ExchangeDeclare { name, kind, passive, silent } => {
                self.declare_exchange(&name, &kind, passive)?;
                self.reply_unless(silent, channel, method::EXCHANGE_DECLARE_OK, |to| to);
            }
            Method::QueueDeclare { name, passive, silent, arguments } => {
                if !passive {
                    self.queues().declare_queue(&name, &arguments);
                }
                let (waiting, receivers) = self.queues().count(&name).ok_or_else(|| no_queue(&name))?;
                let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
                self.reply_unless(silent, channel, method::QUEUE_DECLARE_OK, |to| {
                    to.text(&name).long(number(waiting)).long(number(receivers))
                });
            }
            Method::QueueBind { queue, exchange, key, silent } => {
                if !self.queues().bind(&queue, &exchange, &key) {
                    return Err(Refusal(404, format!("there is no queue `{queue}` or no exchange `{exchange}`")));
                }
                self.reply_unless(silent, channel, method::QUEUE_BIND_OK, |to| to);
            }
            Method::Qos { count } => {
                self.channel(channel).most = count;
                self.reply(channel, method::QOS_OK, |to| to);
            }
            Method::Consume { queue, tag, settled, silent } => self.consume(channel, &queue, tag, settled, silent)?,
            Method::Cancel { tag, silent } => {
                self.queues().cancel((self.number, channel), &tag);
                self.reply_unless(silent, channel, method::CANCEL_OK, |to| to.text(&tag));
            }
            Method::Publish { exchange, key, mandatory } => {
                if !exchange.is_empty() && !self.queues().has_exchange(&exchange) {
                    return Err(Refusal(404, format!("there is no exchange `{exchange}`")));
                }
                self.channel(channel).incoming = Some(Incoming::new(exchange, key, mandatory));
            }
            Method::Get { queue, settled } => self.get(channel, &queue, settled)?,
            Method::Ack { tag, multiple } => self.settle(channel, tag, multiple, Verdict::Done)?,
            Method::Reject { tag, multiple, requeue } => {
                let verdict = if requeue { Verdict::Again } else { Verdict::Dead };
                self.settle(channel, tag, multiple, verdict)?;
            }
            Method::Confirm { silent } => {
                self.channel(channel).confirming = true;
                self.reply_unless(silent, channel, method::CONFIRM_OK, |to| to);
            }
            // The others were answered before.
            _ => {}
        }
        Ok(())
    }

    fn declare_exchange(&self, name: &str, kind: &str, passive: bool) -> Result<(), Refusal> {
        if passive {
            let there = self.queues().has_exchange(name);
            return if there { Ok(()) } else { Err(Refusal(404, format!("there is no exchange `{name}`"))) };
        }
        let known = match kind {
            "direct" => Kind::Direct,
            "topic" => Kind::Topic,
            "fanout" => Kind::Fanout,
            _ => return Err(Refusal(503, format!("exchanges of the kind `{kind}` are not known here"))),
        };
        match self.queues().declare_exchange(name, known) {
            true => Ok(()),
            false => Err(Refusal(406, format!("the exchange `{name}` is of another kind than `{kind}`"))),
        }
    }

    fn consume(&mut self, channel: u16, queue: &str, tag: String, settled: bool, silent: bool) -> Result<(), Refusal> {
        let tag = if tag.is_empty() { format!("{}.{channel}.{queue}", self.number) } else { tag };
        let most = self.channel(channel).most;
        if self.queues().count(queue).is_none() {
            return Err(no_queue(queue));
        }
        // Its client must know the tag before the first message comes.
        self.reply_unless(silent, channel, method::CONSUME_OK, |to| to.text(&tag));
        self.queues().consume((self.number, channel), &self.out, queue, &tag, (settled, most));
        Ok(())
    }

    fn get(&mut self, channel: u16, queue: &str, settled: bool) -> Result<(), Refusal> {
        let mut queues = self.queues();
        queues.count(queue).ok_or_else(|| no_queue(queue))?;
        let Some((tag, message, left)) = queues.get((self.number, channel), &self.out, queue, settled) else {
            drop(queues);
            self.reply(channel, method::GET_EMPTY, |to| to.text(""));
            return Ok(());
        };
        drop(queues);
        self.reply(channel, method::GET_OK, |to| {
            let to = to.longlong(tag).octet(u8::from(message.returned > 0)).text(&message.exchange).text(&message.key);
            to.long(u32::try_from(left).unwrap_or(u32::MAX))
        });
        self.out.content(channel, &message);
        Ok(())
    }

    fn settle(&self, channel: u16, tag: u64, multiple: bool, verdict: Verdict) -> Result<(), Refusal> {
        match self.queues().settle((self.number, channel), tag, multiple, verdict) {
            true => Ok(()),
            false => Err(Refusal(406, format!("there is no message {tag} to settle"))),
        }
    }

    /// A part of a message; what nobody announced is passed over.
    fn content(&mut self, channel: u16, kind: u8, payload: &[u8]) {
        let Some(Channel { incoming, refused: false, .. }) = self.channels.get_mut(&channel) else { return };
        let Some(part) = incoming else { return };
        let taken = if kind == HEADER { part.header(payload) } else { part.body(payload) };
        let whole = part.is_whole();
        match taken {
            Err(reason) => self.refuse(channel, (60, 40), &Refusal(311, reason)),
            Ok(()) if !whole => {}
            Ok(()) => {
                let Some(incoming) = self.channel(channel).incoming.take() else { return };
                self.publish(channel, incoming);
            }
        }
    }

    fn publish(&mut self, channel: u16, incoming: Incoming) {
        let mandatory = incoming.mandatory;
        let message = incoming.into_message();
        let reached = self.queues().publish(&message).unwrap_or_default();
        if mandatory && reached == 0 {
            self.reply(channel, method::RETURN, |to| {
                to.short(312).text("NO_ROUTE").text(&message.exchange).text(&message.key)
            });
            self.out.content(channel, &message);
        }
        let own = self.channel(channel);
        own.published += 1;
        let (confirming, tag) = (own.confirming, own.published);
        if confirming {
            self.reply(channel, method::ACK, |to| to.longlong(tag).octet(0));
        }
    }

    /// Closes a channel that asked for what cannot be.
    fn refuse(&mut self, channel: u16, id: Id, refusal: &Refusal) {
        self.channel(channel).refused = true;
        self.queues().close((self.number, channel));
        self.reply(channel, method::CHANNEL_CLOSE, |to| to.short(refusal.0).text(&refusal.1).short(id.0).short(id.1));
    }

    /// Closes the connection.
    fn end(&self, code: u16, reason: &str) -> Next {
        self.reply(0, method::CLOSE, |to| to.short(code).text(reason).short(0).short(0));
        Next::End
    }

    fn channel(&mut self, number: u16) -> &mut Channel {
        self.channels.entry(number).or_default()
    }

    fn reply_unless(&self, silent: bool, channel: u16, id: Id, write: impl FnOnce(Writer) -> Writer) {
        if !silent {
            self.reply(channel, id, write);
        }
    }

    fn reply(&self, channel: u16, id: Id, write: impl FnOnce(Writer) -> Writer) {
        self.out.send(frame(channel, id, write));
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_queue(name: &str) -> Refusal {
    Refusal(404, format!("there is no queue `{name}`"))
}

/// What clients want to know of a broker before they use it: its name, and what it can do.
fn properties() -> Vec<u8> {
    let can = ["publisher_confirms", "basic.nack", "per_consumer_qos"];
    let can = can.iter().fold(Writer::default(), |to, name| to.text(name).octet(b't').octet(1)).0;
    let to = Writer::default().text("product").octet(b'S').bytes(b"agentspec dev");
    to.text("capabilities").octet(b'F').bytes(&can).0
}
