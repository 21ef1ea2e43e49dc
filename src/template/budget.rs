//! What one rendering of a user's template has made, in bytes.
//!
//! The engine counts instructions, and lets texts, lists and maps grow. Here every text and list that a template makes is
//! entered, with what it takes on the heap, and so is all that is written. Where both together reach [`MOST_MADE`], what nobody but
//! this table holds any more is let go: a text that a loop made anew a thousand times counts once. What is left must leave a quarter
//! free, so that looking through the table is paid for by what was made since.
//!
//! What is bounded is bounded because of these: nothing is made but by an operator, a literal, a filter, a call or a capture, and
//! the printer puts a filter behind each; one such step makes at most [`MOST_TEXT`] or [`MOST_ITEMS`] before it is entered; lists
//! are never lazy (one that is would hold what nobody can count), and are at most [`MOST_DEPTH`] deep, because letting go of them
//! goes down the stack. What the engine keeps for itself (fields of namespaces, scopes of macros) is entered for good.

use std::cell::Cell;
use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::value::{Tuple, Value, ValueKind};
use minijinja::{Error, ErrorKind};
use rustc_hash::FxBuildHasher;

/// Bytes that one rendering may have made and hold, or have written.
const MOST_MADE: usize = 8 << 20;
/// And for each byte of what is rendered over so many more: a large platform has large files.
const PROPORTION: usize = 4;
/// Bytes of one text.
const MOST_TEXT: usize = 1 << 20;
/// Items of one list.
const MOST_ITEMS: usize = 100_000;
/// Lists and maps in each other.
const MOST_DEPTH: u8 = 64;
/// Items that one comparison, filter or writing may go through, those of lists in lists counted each time.
const MOST_VISITED: usize = 1_000_000;
const MOST_VISITED_BYTES: usize = 16 << 20;
/// Items that one rendering may go through without an instruction for each.
const MOST_STEPS: usize = 50_000_000;

/// A text of so many bytes stands in its value.
const INLINE: usize = 22;
/// What the table takes for an entry, and the heap for a value.
const ENTRY: usize = 260;
const VALUE: usize = 24;

type Map = IndexMap<Value, Value>;

/// What is held.
enum Held {
    Text(Arc<str>),
    List(Arc<Vec<Value>>),
    Tuple(Arc<Tuple>),
    Map(Arc<Map>),
}

struct Entry {
    held: Held,
    bytes: usize,
    depth: u8,
    /// Whether something is in it that can be changed.
    links: bool,
}

impl Entry {
    fn is_let_go(&self) -> bool {
        let holders = match &self.held {
            Held::Text(it) => Arc::strong_count(it),
            Held::List(it) => Arc::strong_count(it),
            Held::Tuple(it) => Arc::strong_count(it),
            Held::Map(it) => Arc::strong_count(it),
        };
        holders == 1
    }
}

/// What is being written.
struct Open {
    bytes: usize,
    /// Bytes that the engine's stack has grown by for loops with a condition.
    stack: usize,
    is_captured: bool,
    is_unit: bool,
}

/// How large a value is: about the bytes of its text, and the items in it.
pub(super) struct Size {
    pub bytes: usize,
    pub items: usize,
    /// Bytes more where it is written as JSON.
    pub escapes: usize,
}

/// Bytes that a text takes more as JSON, and in a page.
fn escapes(text: &str) -> usize {
    let more = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 1,
        b'<' | b'>' | b'&' | b'\'' | ..0x20 => 5,
        _ => 0,
    };
    text.bytes().map(more).sum()
}

thread_local! {
    /// Bytes of what this thread renders over.
    static RENDERED: Cell<usize> = const { Cell::new(0) };
}

/// The table of one rendering.
pub(super) struct Budget {
    most: usize,
    used: usize,
    steps: usize,
    held: IndexMap<usize, Entry, FxBuildHasher>,
    open: Vec<Open>,
    loops: Vec<usize>,
}

pub(super) fn error(what: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, what)
}

/// Whether a text is not too long.
pub(super) fn check_text(bytes: usize) -> Result<(), Error> {
    if bytes <= MOST_TEXT {
        return Ok(());
    }
    Err(error(format!("makes a text of more than {} MiB; write it in parts", MOST_TEXT >> 20)))
}

/// Whether a list is not too long.
pub(super) fn check_items(items: usize) -> Result<(), Error> {
    if items <= MOST_ITEMS {
        return Ok(());
    }
    Err(error(format!("makes a list of more than {MOST_ITEMS} items; go through it in a loop")))
}

pub(super) fn has_items(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
}

/// Whether a value can be changed, so that it may come to hold what holds it.
fn is_link(value: &Value) -> bool {
    let links = ["::Namespace", "::Loop", "::Module"];
    value.as_object().is_some_and(|object| links.iter().any(|end| object.type_name().ends_with(end)))
}

/// About the bytes of what is rendered over; room is made for the rendering that begins.
pub(super) fn make_room(context: &Value) -> usize {
    let size = Budget::new(0).visit(context, 0).map_or(MOST_VISITED_BYTES, |size| size.bytes);
    RENDERED.set(size);
    size
}

impl Default for Budget {
    fn default() -> Self {
        Budget::new(RENDERED.get())
    }
}

impl Budget {
    fn new(rendered: usize) -> Self {
        let most = MOST_MADE + PROPORTION * rendered;
        Budget { most, used: 0, steps: 0, held: IndexMap::default(), open: Vec::new(), loops: Vec::new() }
    }

    /// Counts work that takes no instructions.
    pub(super) fn work(&mut self, steps: usize) -> Result<(), Error> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps <= MOST_STEPS {
            return Ok(());
        }
        let most = MOST_STEPS;
        Err(error(format!(
            "goes through more than {most} items; look for a loop that goes through a list again and again"
        )))
    }

    /// Enters bytes for good.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), Error> {
        self.used = self.used.saturating_add(bytes);
        if self.used <= self.most {
            return Ok(());
        }
        self.sweep();
        if self.used <= self.most / 4 * 3 {
            return Ok(());
        }
        Err(error(format!(
            "makes more than {} MiB of texts, lists and maps, or writes more than {}; keep less of it, or write less",
            self.most >> 20,
            self.most >> 21
        )))
    }

    /// Lets go of what nobody else holds: the newest first, because what holds is made after what it holds.
    fn sweep(&mut self) {
        let Budget { held, used, .. } = self;
        held.reverse();
        held.retain(|_, entry| {
            let is_let_go = entry.is_let_go();
            *used = used.saturating_sub(if is_let_go { entry.bytes } else { 0 });
            !is_let_go
        });
        held.reverse();
    }

    /// Enters what is written.
    pub(super) fn write(&mut self, bytes: usize) -> Result<(), Error> {
        match self.open.last_mut() {
            Some(open) if open.is_captured => {
                open.bytes += bytes;
                check_text(open.bytes)?;
                self.charge(bytes)
            }
            // What is written is moved when it grows.
            _ => self.charge(2 * bytes),
        }
    }

    /// Begins a text that is captured.
    pub(super) fn open(&mut self) {
        self.open.push(Open { bytes: 0, stack: 0, is_captured: true, is_unit: false });
    }

    /// Begins a template or block, which writes where the one around it does.
    pub(super) fn open_unit(&mut self) {
        let (bytes, is_captured) = self.open.last().map_or((0, false), |open| (open.bytes, open.is_captured));
        self.open.push(Open { bytes, stack: 0, is_captured, is_unit: true });
    }

    /// Ends what was begun last. The bytes of a text stay entered where it is `held`.
    pub(super) fn close(&mut self, held: bool) {
        let Some(open) = self.open.pop() else { return };
        self.used = self.used.saturating_sub(open.stack);
        if open.is_unit {
            if let Some(around) = self.open.last_mut() {
                around.bytes = open.bytes;
            }
        } else if !held {
            self.used = self.used.saturating_sub(open.bytes);
        }
    }

    /// Begins a loop with a condition: the engine lists the items that pass, over its stack.
    pub(super) fn begin_loop(&mut self, items: usize) -> Result<(), Error> {
        check_items(items)?;
        self.work(items)?;
        let list = items * VALUE;
        self.loops.push(list);
        let grown = self.open.last_mut().map_or(0, |open| {
            let grown = (2 * list).saturating_sub(open.stack);
            open.stack += grown;
            grown
        });
        self.charge(list + grown)
    }

    pub(super) fn end_loop(&mut self) {
        let list = self.loops.pop().unwrap_or_default();
        self.used = self.used.saturating_sub(list);
    }

    /// Enters a text, list or map that was made, unless it is known. Nothing else takes room.
    pub(super) fn keep(&mut self, value: &Value) -> Result<(), Error> {
        if let Some(text) = value.as_str() {
            return if text.len() <= INLINE { Ok(()) } else { self.keep_text(value) };
        }
        if let Some(list) = value.downcast_object::<Vec<Value>>() {
            let bytes = list.capacity() * VALUE;
            return self.keep_list(Arc::as_ptr(&list) as usize, list.len(), bytes, Held::List(list));
        }
        if let Some(list) = value.downcast_object::<Tuple>() {
            let bytes = list.len() * VALUE;
            return self.keep_list(Arc::as_ptr(&list) as usize, list.len(), bytes, Held::Tuple(list));
        }
        if let Some(map) = value.downcast_object::<Map>() {
            let bytes = map.capacity() * (2 * VALUE + 24);
            return self.keep_list(Arc::as_ptr(&map) as usize, map.len(), bytes, Held::Map(map));
        }
        Ok(())
    }

    fn keep_text(&mut self, value: &Value) -> Result<(), Error> {
        let text = Arc::<str>::try_from(value.clone())?;
        check_text(text.len())?;
        let (place, bytes) = (text.as_ptr() as usize, text.len() + ENTRY);
        self.enter(place, Entry { held: Held::Text(text), bytes, depth: 0, links: false })
    }

    fn keep_list(&mut self, place: usize, items: usize, bytes: usize, held: Held) -> Result<(), Error> {
        if self.held.contains_key(&place) {
            return Ok(());
        }
        check_items(items)?;
        self.work(items / 2)?;
        let (mut depth, mut links) = (0, false);
        let mut look = |value: &Value| {
            let (inner, linked) = self.depth(value);
            depth = depth.max(inner);
            links |= linked;
        };
        match &held {
            Held::Text(_) => {}
            Held::List(list) => list.iter().for_each(look),
            Held::Tuple(list) => list.iter().for_each(look),
            Held::Map(map) => map.iter().for_each(|(key, value)| {
                look(key);
                look(value);
            }),
        }
        if depth >= MOST_DEPTH {
            return Err(error(format!("makes lists in lists, more than {MOST_DEPTH} deep")));
        }
        self.enter(place, Entry { held, bytes: bytes + ENTRY, depth: depth + 1, links })
    }

    /// Enters a list that was put together from the items of two others.
    pub(super) fn keep_sum(&mut self, value: &Value, a: &Value, b: &Value) -> Result<(), Error> {
        let Some(list) = value.downcast_object::<Vec<Value>>() else { return self.keep(value) };
        let (a, b) = (self.depth(a), self.depth(b));
        let (place, bytes) = (Arc::as_ptr(&list) as usize, list.capacity() * VALUE + ENTRY);
        let (depth, links) = (a.0.max(b.0).max(1), a.1 || b.1);
        self.enter(place, Entry { held: Held::List(list), bytes, depth, links })
    }

    /// Enters bytes that are needed for a moment.
    pub(super) fn reserve(&mut self, bytes: usize) -> Result<(), Error> {
        self.charge(bytes)?;
        self.used = self.used.saturating_sub(bytes);
        Ok(())
    }

    fn enter(&mut self, place: usize, entry: Entry) -> Result<(), Error> {
        let bytes = entry.bytes;
        if self.held.contains_key(&place) {
            return Ok(());
        }
        self.held.insert(place, entry);
        self.charge(bytes)
    }

    /// How deep a value is, as far as it was made here, and whether something in it can be changed.
    fn depth(&self, value: &Value) -> (u8, bool) {
        if value.as_object().is_none() {
            return (0, false);
        }
        let place = value
            .downcast_object_ref::<Vec<Value>>()
            .map(|it| std::ptr::from_ref(it) as usize)
            .or_else(|| value.downcast_object_ref::<Tuple>().map(|it| std::ptr::from_ref(it) as usize))
            .or_else(|| value.downcast_object_ref::<Map>().map(|it| std::ptr::from_ref(it) as usize));
        let entry = place.and_then(|place| self.held.get(&place));
        entry.map_or_else(|| (0, is_link(value)), |entry| (entry.depth, entry.links))
    }

    /// Whether a namespace or a loop may keep a value: one that can be changed might come to hold itself.
    pub(super) fn check_field(&self, value: &Value) -> Result<(), Error> {
        if !self.depth(value).1 {
            return Ok(());
        }
        Err(error("keeps a namespace, loop or module in a namespace; keep a list or a map".to_owned()))
    }

    /// Goes through a value as far as a comparison or a writer would; each step inwards is written with so many
    /// bytes of indent.
    pub(super) fn visit(&mut self, value: &Value, indent: usize) -> Result<Size, Error> {
        if let Some(text) = value.as_str() {
            self.work(text.len() / 16)?;
            return Ok(Size { bytes: text.len(), items: 0, escapes: escapes(text) });
        }
        if value.as_object().is_none() {
            return Ok(Size { bytes: 16, items: 0, escapes: 0 });
        }
        let (mut bytes, mut visited, mut more) = (0_usize, 0, 0);
        let mut open = vec![items(value)];
        while let Some(last) = open.last_mut() {
            let Some(item) = last.next() else {
                open.pop();
                continue;
            };
            visited += 1;
            let length = item.as_str().map_or(4, str::len);
            more += item.as_str().map_or(0, escapes);
            bytes = bytes.saturating_add(length + 4 + indent * open.len());
            if visited > MOST_VISITED || bytes > MOST_VISITED_BYTES {
                let most = MOST_VISITED;
                return Err(error(format!(
                    "goes through a value of more than {most} items, or 16 MiB; take its parts"
                )));
            }
            if item.as_object().is_some() {
                open.push(items(&item));
            }
        }
        self.work(visited + bytes / 64)?;
        Ok(Size { bytes, items: visited, escapes: more })
    }
}

type Items = Box<dyn Iterator<Item = Value>>;

/// The items of a list, or the keys and values of a map.
fn items(value: &Value) -> Items {
    let map = (value.kind() == ValueKind::Map).then(|| value.as_object()?.try_iter_pairs()).flatten();
    match map {
        Some(pairs) => Box::new(pairs.flat_map(|(key, value)| [key, value])),
        None if has_items(value) => match value.try_iter() {
            Ok(items) => Box::new(items),
            Err(_) => Box::new(std::iter::empty()),
        },
        None => Box::new(std::iter::empty()),
    }
}
