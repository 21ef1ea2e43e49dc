//! Compares the content of bodies, by media type and by range (RFC 9110, section 12.5.1).

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::change::{Action, Change, Containment, Effect, Kind, Reaching};
use super::super::relation::{Decision, Which};
use super::super::written::{self, essence, is_xml};
use super::describe::type_names;
use super::schema::{Comparison, is_plain_alike};
use crate::model::{JsonType, MediaType, Origin, SchemaId, Types};

/// A media type in lower case, without parameters that do not make another format.
pub(in crate::compat) fn key(name: &str) -> String {
    let mut parts = name.split(';').map(|part| part.trim().to_ascii_lowercase());
    let mut key = parts.next().unwrap_or_default();
    for part in parts.filter(|part| !part.starts_with("charset=") && !part.is_empty()) {
        key.push(';');
        key.push_str(&part);
    }
    key
}

/// Whether a range such as `application/*` or `*/*` holds a media type.
fn holds(range: &str, name: &str) -> bool {
    let (range, name) = (essence(range), essence(name));
    match range.split_once('/') {
        Some(("*", "*")) => true,
        Some((kind, "*")) => name.split_once('/').is_some_and(|(own, _)| own == kind),
        // A type with a suffix can be read as what the suffix names (RFC 6839).
        Some(("application", format)) => {
            name.split_once('/').and_then(|(_, own)| own.rsplit_once('+')).is_some_and(|(_, suffix)| suffix == format)
        }
        _ => false,
    }
}

/// Media types by what they are looked up by; of several the first.
struct Index {
    keys: FxHashMap<String, usize>,
    essences: FxHashMap<String, usize>,
    /// By the part before the slash.
    kinds: FxHashMap<String, usize>,
    /// By what follows `+`.
    suffixes: FxHashMap<String, usize>,
}

impl Index {
    fn new(list: &[MediaType]) -> Index {
        let mut index = Index {
            keys: FxHashMap::default(),
            essences: FxHashMap::default(),
            kinds: FxHashMap::default(),
            suffixes: FxHashMap::default(),
        };
        for (at, media) in list.iter().enumerate() {
            let essence = essence(&media.name);
            if let Some((kind, own)) = essence.split_once('/') {
                index.kinds.entry(kind.to_owned()).or_insert(at);
                if let Some((_, suffix)) = own.rsplit_once('+') {
                    index.suffixes.entry(suffix.to_owned()).or_insert(at);
                }
            }
            index.keys.entry(key(&media.name)).or_insert(at);
            index.essences.entry(essence).or_insert(at);
        }
        index
    }

    fn same(&self, name: &str) -> Option<usize> {
        self.keys.get(&key(name)).copied()
    }

    /// The same type with other parameters.
    fn alike(&self, name: &str) -> Option<usize> {
        self.essences.get(&essence(name)).copied()
    }

    /// The first range that holds a media type.
    fn holding(&self, name: &str) -> Option<usize> {
        let name = essence(name);
        let mut ranges = vec!["*/*".to_owned()];
        if let Some((kind, own)) = name.split_once('/') {
            ranges.push(format!("{kind}/*"));
            ranges.extend(own.rsplit_once('+').map(|(_, suffix)| format!("application/{suffix}")));
        }
        ranges.iter().filter_map(|range| self.essences.get(range).copied()).min()
    }

    /// The first that a range holds.
    fn held_by(&self, range: &str) -> Option<usize> {
        let found = match essence(range).split_once('/')? {
            ("*", "*") => self.essences.values().min(),
            (kind, "*") => self.kinds.get(kind),
            ("application", format) => self.suffixes.get(format),
            _ => None,
        };
        found.copied()
    }
}

pub(super) fn compare(
    schemas: &mut Comparison<'_>,
    (old, old_holder): (&[MediaType], &Origin),
    (new, new_holder): (&[MediaType], &Origin),
    reach: &Reaching,
) {
    let (was, is) = (Index::new(old), Index::new(new));
    let mut partnered: FxHashSet<usize> = FxHashSet::default();
    for before in old {
        let same = is.same(&before.name);
        let partner = same.or_else(|| is.holding(&before.name)).or_else(|| is.held_by(&before.name));
        let Some(at) = partner.or_else(|| is.alike(&before.name)) else {
            let change = Change::new(Kind::MediaType, Action::Removed, Effect::Narrowed, &before.name);
            schemas.tell(change.places(Some(&before.origin), Some(new_holder)).reaching(reach));
            continue;
        };
        partnered.insert(at);
        let after = &new[at];
        if same.is_none() {
            let effect = match (holds(&after.name, &before.name), holds(&before.name, &after.name)) {
                (true, false) => Effect::Widened,
                (false, true) => Effect::Narrowed,
                // The same type with other parameters.
                _ => Effect::Unknown,
            };
            let change = Change::new(Kind::MediaType, Action::Changed, effect, &before.name);
            let change = change.values(&before.name, &after.name);
            schemas.tell(change.places(Some(&before.origin), Some(&after.origin)).reaching(reach));
        }
        pair(schemas, before, after, reach);
    }
    for (at, after) in new.iter().enumerate() {
        let covered = was.holding(&after.name).is_some();
        if !partnered.contains(&at) && !covered {
            let change = Change::new(Kind::MediaType, Action::Added, Effect::Widened, &after.name);
            schemas.tell(change.places(Some(old_holder), Some(&after.origin)).reaching(reach));
        }
    }
}

fn pair(schemas: &mut Comparison<'_>, before: &MediaType, after: &MediaType, reach: &Reaching) {
    match (before.schema, after.schema) {
        (None, None) => {}
        (Some(old), Some(new)) => match text_and_elements(schemas, (before, old), (after, new)) {
            Some(change) => schemas.tell(change.reaching(reach)),
            None => {
                let writing = written::writing(&mut schemas.relation, before, after);
                schemas.root(writing, old, new, reach);
            }
        },
        (old, _) => {
            let (action, effect) =
                if old.is_some() { (Action::Removed, Effect::Widened) } else { (Action::Added, Effect::Narrowed) };
            let change = Change::new(Kind::Schema, action, effect, "schema");
            schemas.tell(change.places(Some(&before.origin), Some(&after.origin)).reaching(reach));
        }
    }
    encodings(schemas, before, after, reach);
}

/// The change of a body of XML from a text to elements or back. Many mean by `type: string` that the body is some XML which
/// the schema says no more of, so whether one holds the other is not known.
fn text_and_elements(
    schemas: &mut Comparison<'_>,
    (before, old): (&MediaType, SchemaId),
    (after, new): (&MediaType, SchemaId),
) -> Option<Change> {
    const REASON: &str =
        "whether a body of XML that is a string is any document or a text in one element, nothing says";
    if !is_xml(&before.name) || !is_xml(&after.name) {
        return None;
    }
    let mut types = |which: Which, id: SchemaId| {
        let node = schemas.relation.node(which, id);
        schemas.relation.possible_types(node)
    };
    let (was, is) = (types(Which::Old, old), types(Which::New, new));
    let elements = Types(JsonType::Object as u8 | JsonType::Array as u8);
    let is_text = |types: Types| types == Types(JsonType::String as u8);
    let are_elements = |types: Types| types != Types::NONE && types.is_subset(elements);
    if !(is_text(was) && are_elements(is) || is_text(is) && are_elements(was)) {
        return None;
    }
    let unknown = Containment { old_in_new: Decision::Unknown(REASON), new_in_old: Decision::Unknown(REASON) };
    let change = Change::new(Kind::Type, Action::Changed, Effect::None, "schema").contained(unknown);
    let change = change.values(type_names(was), type_names(is));
    Some(change.places(Some(&before.origin), Some(&after.origin)))
}

/// How a part of a form is written.
struct Written {
    /// Media types and ranges, or what they are by default.
    types: Vec<String>,
    style: String,
    explode: bool,
    allow_reserved: bool,
}

impl Written {
    fn of(schemas: &mut Comparison<'_>, which: Which, media: &MediaType, name: &str) -> Written {
        let stated = media.encoding.iter().find(|one| one.property == name);
        let own = stated.and_then(|one| one.content_type.as_deref());
        let plain = schemas.part(which, media.schema, name);
        // The default goes by the schema of the part (OpenAPI 3.1.1, section 4.8.15.1.1).
        let types = own.unwrap_or_else(|| plain.map_or("default", |plain| plain.content_type));
        let is_plain = plain.is_some_and(|plain| plain.is_plain);
        let style = stated.map_or("form", |one| &one.style);
        let is_form = style == "form" || is_plain && is_plain_alike(style);
        let style = if is_form { "form" } else { style }.to_owned();
        Written {
            types: types.split(',').map(|one| one.trim().to_ascii_lowercase()).collect(),
            style,
            // A single value looks the same either way.
            explode: stated.is_none_or(|one| one.explode) || is_form && is_plain,
            allow_reserved: stated.is_some_and(|one| one.allow_reserved),
        }
    }

    /// Whether all that is written in this way can be read in the other.
    fn is_read_by(&self, other: &Written) -> bool {
        let is_known = |one: &String| other.types.iter().any(|known| known == one || holds(known, one));
        self.types.iter().all(is_known) && (!self.allow_reserved || other.allow_reserved)
    }

    fn text(&self) -> String {
        let Written { types, style, explode, allow_reserved } = self;
        format!("{}, style {style}, explode {explode}, allowReserved {allow_reserved}", types.join(", "))
    }
}

fn encodings(schemas: &mut Comparison<'_>, before: &MediaType, after: &MediaType, reach: &Reaching) {
    let names: BTreeSet<&String> = before.encoding.iter().chain(&after.encoding).map(|one| &one.property).collect();
    for name in names {
        // A part that only one side has came or went, and was never written otherwise.
        if schemas.declares(Which::Old, before.schema, name) != schemas.declares(Which::New, after.schema, name) {
            continue;
        }
        let (was, is) = (Written::of(schemas, Which::Old, before, name), Written::of(schemas, Which::New, after, name));
        let is_other = (&was.style, was.explode) != (&is.style, is.explode);
        let effect = match (was.is_read_by(&is), is.is_read_by(&was)) {
            _ if is_other => Effect::Disjoint,
            (was_in_is, is_in_was) => Effect::of(was_in_is, is_in_was),
        };
        if effect != Effect::None {
            let change = Change::new(Kind::Encoding, Action::Changed, effect, name).values(was.text(), is.text());
            schemas.tell(change.places(Some(&before.origin), Some(&after.origin)).reaching(reach));
        }
    }
}
