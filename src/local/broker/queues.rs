//! Exchanges, queues and who receives from them. Everything is in memory, and gone when the broker is.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::method::{DELIVER, frame};
use super::outlet::Outlet;
use super::topic;
use super::wire::{Table, Value};

/// A channel of a connection: both numbers.
pub(super) type ChannelId = (u64, u16);

/// A message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub exchange: String,
    pub key: String,
    /// Properties as they came: flags and values.
    pub properties: Arc<[u8]>,
    pub body: Arc<[u8]>,
    /// How often it was given back.
    pub returned: i64,
}

/// How an exchange chooses queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Direct,
    Topic,
    Fanout,
}

struct Exchange {
    kind: Kind,
    /// Keys with queues.
    bindings: Vec<(String, String)>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Message>,
    consumers: VecDeque<Consumer>,
    /// Exchange and key for what is rejected.
    dead: Option<(String, Option<String>)>,
    /// How often a message may be given back.
    limit: Option<i64>,
}

struct Consumer {
    channel: ChannelId,
    tag: String,
    /// Whether what it gets counts as settled at once.
    settled: bool,
    /// How many messages it may have at once; 0 is no bound.
    most: usize,
}

/// What is known of a channel that receives.
struct Receiver {
    out: Outlet,
    last: u64,
    unsettled: BTreeMap<u64, Delivered>,
}

struct Delivered {
    queue: String,
    consumer: String,
    message: Message,
}

/// What a receiver says of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Done,
    Again,
    Dead,
}

/// Everything that a broker keeps.
#[derive(Default)]
pub(super) struct Queues {
    exchanges: BTreeMap<String, Exchange>,
    queues: BTreeMap<String, Queue>,
    receivers: BTreeMap<ChannelId, Receiver>,
}

impl Queues {
    /// Makes an exchange where there is none; whether it is of that kind.
    pub fn declare_exchange(&mut self, name: &str, kind: Kind) -> bool {
        let new = || Exchange { kind, bindings: Vec::new() };
        self.exchanges.entry(name.to_owned()).or_insert_with(new).kind == kind
    }

    pub fn has_exchange(&self, name: &str) -> bool {
        self.exchanges.contains_key(name)
    }

    /// Makes a queue where there is none.
    pub fn declare_queue(&mut self, name: &str, arguments: &Table) {
        let find = |wanted: &str| arguments.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
        let text = |name: &str| match find(name) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let limit = match find("x-delivery-limit") {
            Some(Value::Number(limit)) => Some(*limit),
            _ => None,
        };
        let dead = text("x-dead-letter-exchange").map(|exchange| (exchange, text("x-dead-letter-routing-key")));
        self.queues.entry(name.to_owned()).or_insert_with(|| Queue { dead, limit, ..Queue::default() });
    }

    /// How many messages wait in a queue, and how many receive from it.
    pub fn count(&self, queue: &str) -> Option<(usize, usize)> {
        self.queues.get(queue).map(|queue| (queue.waiting.len(), queue.consumers.len()))
    }

    /// Binds a queue to an exchange; whether both are there.
    pub fn bind(&mut self, queue: &str, exchange: &str, key: &str) -> bool {
        let (Some(exchange), true) = (self.exchanges.get_mut(exchange), self.queues.contains_key(queue)) else {
            return false;
        };
        let binding = (key.to_owned(), queue.to_owned());
        if !exchange.bindings.contains(&binding) {
            exchange.bindings.push(binding);
        }
        true
    }

    /// Puts a message into each queue that it is for; how many these are, and nothing where there is no such exchange.
    pub fn publish(&mut self, message: &Message) -> Option<usize> {
        let mut found: Vec<String> = match self.exchanges.get(&message.exchange) {
            // The exchange without a name knows each queue by its own.
            None if message.exchange.is_empty() => vec![message.key.clone()],
            None => return None,
            Some(exchange) => {
                let fits = |pattern: &str| match exchange.kind {
                    Kind::Direct => pattern == message.key,
                    Kind::Topic => topic::matches(pattern, &message.key),
                    Kind::Fanout => true,
                };
                exchange.bindings.iter().filter(|(key, _)| fits(key)).map(|(_, queue)| queue.clone()).collect()
            }
        };
        found.sort();
        found.dedup();
        found.retain(|name| self.queues.contains_key(name));
        for name in &found {
            if let Some(queue) = self.queues.get_mut(name) {
                queue.waiting.push_back(message.clone());
            }
            self.hand_out(name);
        }
        Some(found.len())
    }

    /// Lets a channel receive from a queue; whether there is one.
    pub fn consume(&mut self, channel: ChannelId, out: &Outlet, queue: &str, tag: &str, rest: (bool, u16)) -> bool {
        let Some(found) = self.queues.get_mut(queue) else { return false };
        let (settled, most) = (rest.0, usize::from(rest.1));
        found.consumers.push_back(Consumer { channel, tag: tag.to_owned(), settled, most });
        self.receiver(channel, out);
        self.hand_out(queue);
        true
    }

    /// Ends one receiver; what it has is not given back.
    pub fn cancel(&mut self, channel: ChannelId, tag: &str) {
        for queue in self.queues.values_mut() {
            queue.consumers.retain(|consumer| consumer.channel != channel || consumer.tag != tag);
        }
    }

    /// Takes one message, with the tag to settle it by and the number of those behind it.
    pub fn get(
        &mut self,
        channel: ChannelId,
        out: &Outlet,
        queue: &str,
        settled: bool,
    ) -> Option<(u64, Message, usize)> {
        let found = self.queues.get_mut(queue)?;
        let message = found.waiting.pop_front()?;
        let left = found.waiting.len();
        let receiver = self.receiver(channel, out);
        receiver.last += 1;
        let tag = receiver.last;
        if !settled {
            let delivered = Delivered { queue: queue.to_owned(), consumer: String::new(), message: message.clone() };
            receiver.unsettled.insert(tag, delivered);
        }
        Some((tag, message, left))
    }

    /// Settles one message of a channel, or all up to it; whether there was one.
    pub fn settle(&mut self, channel: ChannelId, tag: u64, multiple: bool, verdict: Verdict) -> bool {
        let Some(receiver) = self.receivers.get_mut(&channel) else { return false };
        let settled: Vec<Delivered> = match multiple {
            // Zero is all.
            true => {
                let last = if tag == 0 { u64::MAX } else { tag };
                let (up_to, rest) =
                    std::mem::take(&mut receiver.unsettled).into_iter().partition(|(tag, _)| *tag <= last);
                receiver.unsettled = rest;
                BTreeMap::into_values(up_to).collect()
            }
            false => receiver.unsettled.remove(&tag).into_iter().collect(),
        };
        let any = !settled.is_empty() || multiple;
        self.end(settled, verdict);
        any
    }

    /// Forgets a channel: what it had is given back.
    pub fn close(&mut self, channel: ChannelId) {
        for queue in self.queues.values_mut() {
            queue.consumers.retain(|consumer| consumer.channel != channel);
        }
        if let Some(receiver) = self.receivers.remove(&channel) {
            self.end(receiver.unsettled.into_values().collect(), Verdict::Again);
        }
    }

    fn receiver(&mut self, channel: ChannelId, out: &Outlet) -> &mut Receiver {
        let new = || Receiver { out: out.clone(), last: 0, unsettled: BTreeMap::new() };
        self.receivers.entry(channel).or_insert_with(new)
    }

    /// Does what was said of messages; those that are given back stand in front again, in their order.
    fn end(&mut self, settled: Vec<Delivered>, verdict: Verdict) {
        let mut queues: Vec<String> = settled.iter().map(|delivered| delivered.queue.clone()).collect();
        for delivered in settled.into_iter().rev() {
            let mut message = delivered.message;
            message.returned += 1;
            let Some(queue) = self.queues.get_mut(&delivered.queue) else { continue };
            let tried = queue.limit.is_some_and(|limit| message.returned > limit);
            match verdict {
                Verdict::Done => {}
                Verdict::Again if !tried => queue.waiting.push_front(message),
                Verdict::Again | Verdict::Dead => {
                    let Some((exchange, key)) = queue.dead.clone() else { continue };
                    let key = key.unwrap_or_else(|| message.key.clone());
                    self.publish(&Message { exchange, key, returned: 0, ..message });
                }
            }
        }
        queues.sort();
        queues.dedup();
        queues.iter().for_each(|queue| self.hand_out(queue));
    }

    /// Gives waiting messages to receivers in turn, as long as one may have more.
    fn hand_out(&mut self, name: &str) {
        let Some(queue) = self.queues.get_mut(name) else { return };
        let mut full = 0;
        while full < queue.consumers.len() && !queue.waiting.is_empty() {
            queue.consumers.rotate_left(1);
            let Some(consumer) = queue.consumers.back() else { return };
            let Some(receiver) = self.receivers.get_mut(&consumer.channel) else { return };
            let held = receiver.unsettled.values().filter(|one| one.consumer == consumer.tag).count();
            if consumer.most != 0 && held >= consumer.most {
                full += 1;
                continue;
            }
            full = 0;
            let Some(message) = queue.waiting.pop_front() else { return };
            receiver.deliver(consumer, name, message);
        }
    }
}

impl Receiver {
    fn deliver(&mut self, consumer: &Consumer, queue: &str, message: Message) {
        self.last += 1;
        let channel = consumer.channel.1;
        let announced = frame(channel, DELIVER, |to| {
            let to = to.text(&consumer.tag).longlong(self.last).octet(u8::from(message.returned > 0));
            to.text(&message.exchange).text(&message.key)
        });
        self.out.send(announced);
        self.out.content(channel, &message);
        if !consumer.settled {
            let (queue, consumer) = (queue.to_owned(), consumer.tag.clone());
            self.unsettled.insert(self.last, Delivered { queue, consumer, message });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver as Frames, channel};

    use super::super::wire::{BODY, Frame};
    use super::*;

    const ONE: ChannelId = (1, 1);

    fn message(body: &str) -> Message {
        let (exchange, key) = ("events".to_owned(), "a.b".to_owned());
        Message { exchange, key, properties: Arc::from([0, 0]), body: body.as_bytes().into(), returned: 0 }
    }

    /// A queue `q` with its dead letters in `dead`, both bound, which gives up a message that came back more than once.
    fn queues() -> Queues {
        let mut queues = Queues::default();
        assert!(queues.declare_exchange("events", Kind::Topic) && queues.declare_exchange("dead", Kind::Direct));
        let text = |text: &str| Value::Text(text.to_owned());
        let arguments = [("x-delivery-limit", Value::Number(1)), ("x-dead-letter-exchange", text("dead"))];
        queues.declare_queue("q", &arguments.map(|(name, value)| (name.to_owned(), value)).to_vec());
        queues.declare_queue("dead", &Table::new());
        assert!(queues.bind("q", "events", "a.*") && queues.bind("dead", "dead", "a.b"));
        queues
    }

    fn bodies(frames: &Frames<Frame>) -> Vec<String> {
        let bodies = frames.try_iter().filter(|frame| frame.kind == BODY);
        bodies.map(|frame| String::from_utf8(frame.payload).unwrap()).collect()
    }

    #[test]
    fn no_more_is_handed_out_than_was_asked_for() {
        let mut queues = queues();
        for body in ["1", "2", "3"] {
            assert_eq!(queues.publish(&message(body)), Some(1));
        }
        let (out, frames) = channel();
        assert!(queues.consume(ONE, &Outlet::to(out), "q", "c", (false, 2)));
        assert_eq!(bodies(&frames), ["1", "2"]);
        assert!(queues.settle(ONE, 1, false, Verdict::Done));
        assert_eq!(bodies(&frames), ["3"]);
        assert!(!queues.settle(ONE, 1, false, Verdict::Done), "it is settled");
        assert_eq!(queues.publish(&Message { exchange: "none".to_owned(), ..message("4") }), None);
    }

    #[test]
    fn what_a_receiver_leaves_stands_in_front_again() {
        let mut queues = queues();
        let (out, frames) = channel();
        assert!(queues.consume(ONE, &Outlet::to(out.clone()), "q", "c", (false, 2)));
        for body in ["1", "2", "3"] {
            queues.publish(&message(body));
        }
        queues.close(ONE);
        assert_eq!((bodies(&frames).len(), queues.count("q")), (2, Some((3, 0))));
        assert!(queues.consume((2, 1), &Outlet::to(out), "q", "c", (true, 0)));
        assert_eq!(bodies(&frames), ["1", "2", "3"]);
    }

    #[test]
    fn what_cannot_be_handled_becomes_a_dead_letter() {
        let mut queues = queues();
        let (out, frames) = channel();
        let out = Outlet::to(out);
        queues.publish(&message("1"));
        queues.publish(&message("2"));
        assert!(queues.consume(ONE, &out, "q", "c", (false, 1)));
        assert!(queues.settle(ONE, 1, false, Verdict::Again) && queues.settle(ONE, 2, false, Verdict::Again));
        assert!(queues.settle(ONE, 3, false, Verdict::Dead));
        assert_eq!(
            (bodies(&frames), queues.count("dead")),
            (["1", "1", "2"].map(str::to_owned).to_vec(), Some((2, 0)))
        );
        let (_, first, left) = queues.get(ONE, &out, "dead", true).unwrap();
        assert_eq!((&*first.body, left), (b"1".as_slice(), 1));
    }
}
