//! Compares pairs of schemas. Each pair is looked at once, however many operations lead to it and however deep the
//! recursion; what differs at a node is one change, and every root that leads there is reached by it.

use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::super::change::{Action, Change, Direction, Effect, Kind, Reach, Reaching};
use super::super::relation::{Flow, Node, Relation, Step, View, Which, Writing};
use super::describe::type_names;
use super::element::Elements;
use super::gathered::{Gathered, form, identity};
use super::node;
use crate::diagnostic::KEPT;
use crate::model::{JsonType, Keyword, Parameter, SchemaId, Schemas, Text, Types};

/// The pairs seen so far. Roots are added with [`Comparison::root`]; [`Comparison::finish`] walks them.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Schemas,
    pub(super) new: &'a Schemas,
    pub(super) relation: Relation<'a>,
    pairs: IndexMap<(u32, View), Pair, FxBuildHasher>,
    gathered: Gathered<'a>,
    /// The parameters and headers that new schemas without a name of their own belong to.
    names: FxHashMap<SchemaId, Text>,
    elements: Elements,
    /// What schemas that are nothing but a `$ref` lead to, on both sides.
    resolved: [Vec<SchemaId>; 2],
}

/// Two schemas that stand for each other, with the places that are shown for them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) old: (Node, SchemaId),
    pub(super) new: (Node, SchemaId),
}

/// A part of a form, by its schema.
#[derive(Clone, Copy)]
pub(super) struct FormPart {
    /// Whether it is a single value.
    pub(super) is_plain: bool,
    /// How it is written where nothing else is said.
    pub(super) content_type: &'static str,
}

/// A pair that differs.
struct Pair {
    /// The schemas that are shown, where the pair itself does not tell.
    shown: (SchemaId, SchemaId),
    parents: SmallVec<[u32; 2]>,
    /// The lists of what uses the pair itself.
    roots: SmallVec<[u32; 2]>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Schemas, new: &'a Schemas, gathered: Gathered<'a>) -> Self {
        Comparison {
            old,
            new,
            relation: Relation::new(old, new),
            pairs: IndexMap::default(),
            gathered,
            names: FxHashMap::default(),
            elements: Elements::default(),
            resolved: [old.resolved(), new.resolved()],
        }
    }

    /// Adds a change.
    pub(super) fn tell(&mut self, change: Change) {
        self.gathered.tell(change);
    }

    /// Two schemas that `reach` uses, before and now.
    pub(super) fn root(&mut self, writing: Writing, old: SchemaId, new: SchemaId, reach: &Reaching) {
        self.root_in(View { flow: flow(reach), writing }, old, new, reach);
    }

    /// Two schemas in JSON of which the first reach sends values and the second receives them. Where that makes no difference
    /// they are one root: a document of schemas has one for each of them.
    pub(super) fn both_roots(&mut self, old: SchemaId, new: SchemaId, reaches: [Reach; 2]) {
        let [sent, received] =
            [Flow::Sent, Flow::Received].map(|flow| self.relation.effective(View { flow, writing: Writing::Json }));
        if sent == received {
            self.root_in(sent, old, new, &Reaching::from(reaches));
            return;
        }
        for reach in reaches {
            self.root(Writing::Json, old, new, &Reaching::from([reach]));
        }
    }

    /// Two schemas of a parameter. One value of an exploded form looks like a list of one.
    pub(super) fn parameter(&mut self, old: &Parameter, new: &Parameter, reach: &Reaching) -> Option<Change> {
        let (before, after) = (old.schema?, new.schema?);
        let view = View { flow: flow(reach), writing: Writing::Parameter };
        let (one, other) = (self.relation.node(Which::Old, before), self.relation.node(Which::New, after));
        let (types, now) = (self.relation.flat(one).types(), self.relation.flat(other));
        let lists = Types(JsonType::Array as u8 | JsonType::Null as u8);
        let is_single = !types.has(JsonType::Array) && !types.has(JsonType::Object);
        let is_exploded = new.style == "form" && new.explode && old.style == "form";
        if !is_single || !now.types().has(JsonType::Array) || !now.types().is_subset(lists) || !is_exploded {
            if self.root_in(view, before, after, reach) {
                self.names.insert(self.new.resolve(after), new.name.clone());
            }
            return None;
        }
        let members = self.relation.schemas_of(other);
        let items = members.into_iter().flat_map(|id| &self.new.get(id).keywords).find_map(|keyword| match keyword {
            Keyword::Items(id) => Some(*id),
            _ => None,
        });
        if let Some(items) = items {
            self.root_in(view, before, items, reach);
        }
        let effect = if now.local.items.has(1) { Effect::Widened } else { Effect::Narrowed };
        let change = Change::new(Kind::Type, Action::Changed, effect, &new.name);
        let change = change.values(type_names(types), type_names(now.types()));
        Some(change.places(Some(&old.origin), Some(&new.origin)).reaching(reach))
    }

    /// Tells whether they differ.
    fn root_in(&mut self, view: View, old: SchemaId, new: SchemaId, reach: &Reaching) -> bool {
        let pair = self.relation.pair_of_schemas(old, new);
        let [before, after] = &self.resolved;
        let shown = (before[old.0 as usize], after[new.0 as usize]);
        let Some(at) = self.differing(pair, view, shown) else { return false };
        let reach = self.gathered.reached.index_of_list(reach);
        let roots = &mut self.pairs[at].roots;
        if roots.last() != Some(&reach) {
            roots.push(reach);
        }
        true
    }

    /// Whether values of a parameter or header look different. `style` and `explode` say nothing of a plain value in `form`
    /// and `simple`, nor of a list in `simple`, and a list of one value looks in an exploded form like the value alone.
    pub(super) fn is_serialised_differently(&mut self, old: &Parameter, new: &Parameter) -> bool {
        if (&old.style, old.explode) == (&new.style, new.explode) || !old.content.is_empty() || !new.content.is_empty()
        {
            return false;
        }
        let are_of_query = [old, new].iter().all(|one| is_plain_alike(&one.style));
        let differing: &[JsonType] = match (old.style.as_str(), new.style.as_str()) {
            (one, other) if one != other && are_of_query => &[JsonType::Array, JsonType::Object],
            (one, other) if one != other => return true,
            ("form", _) => &[JsonType::Array, JsonType::Object],
            ("simple", _) => &[JsonType::Object],
            _ => return true,
        };
        let mut may_differ = |which: Which, id: Option<SchemaId>| {
            let Some(id) = id else { return true };
            let node = self.relation.node(which, id);
            let types = self.relation.possible_types(node);
            differing.iter().any(|one| types.has(*one))
        };
        may_differ(Which::Old, old.schema) || may_differ(Which::New, new.schema)
    }

    /// Whether the schema of a body declares a property, or one of its alternatives does.
    pub(super) fn declares(&mut self, which: Which, body: Option<SchemaId>, name: &str) -> bool {
        let Some(body) = body else { return false };
        let node = self.relation.node(which, body);
        !self.relation.inside(node, &Step::Property(name.to_owned())).is_empty()
    }

    /// What a part of a form is, where its schema tells.
    pub(super) fn part(&mut self, which: Which, body: Option<SchemaId>, name: &str) -> Option<FormPart> {
        let node = self.relation.node(which, body?);
        let part = *self.relation.inside(node, &Step::Property(name.to_owned())).first()?;
        let types = self.relation.possible_types(part);
        let is_plain = !types.has(JsonType::Array) && !types.has(JsonType::Object);
        // A list is written item by item.
        let item = match types.has(JsonType::Array) {
            true => self.relation.inside(part, &Step::Item(0)).first().copied()?,
            false => part,
        };
        let (flat, types) = (self.relation.flat(item), self.relation.possible_types(item));
        let is_binary = flat.local.formats.contains("binary") || !flat.local.encodings.is_empty();
        let content_type = match (types.has(JsonType::Object), types.has(JsonType::String)) {
            _ if types == Types::ALL => return None,
            (true, _) => "application/json",
            (false, true) if is_binary => "application/octet-stream",
            (false, _) => "text/plain",
        };
        Some(FormPart { is_plain, content_type })
    }

    /// Two parameters of which one has a schema and the other content: whether values are written in the same way, which
    /// are numbers and truth values in JSON, and all plain ones as plain text. Then their schemas are compared.
    pub(super) fn content_like_schema(&mut self, old: &Parameter, new: &Parameter, reach: &Reaching) -> bool {
        let mut written = |which: Which, one: &Parameter| {
            let media = one.content.first();
            let id = media.map_or(one.schema, |media| media.schema)?;
            let node = self.relation.node(which, id);
            let types = self.relation.flat(node).types();
            let holders = JsonType::Array as u8 | JsonType::Object as u8;
            let quoted = JsonType::String as u8 | JsonType::Null as u8;
            let is_plain = match media.map(|media| media.name.to_ascii_lowercase()) {
                None => matches!(one.style.as_str(), "form" | "simple") && types.0 & holders == 0,
                Some(name) if name.starts_with("text/plain") => types.0 & holders == 0,
                Some(name) if name.ends_with("json") => types.0 & (holders | quoted) == 0,
                Some(_) => false,
            };
            is_plain.then_some(id)
        };
        let (Some(before), Some(after)) = (written(Which::Old, old), written(Which::New, new)) else {
            return false;
        };
        let view = View { flow: flow(reach), writing: Writing::Parameter };
        if self.root_in(view, before, after, reach) {
            self.names.insert(self.new.resolve(after), new.name.clone());
        }
        true
    }

    /// The index of a pair that does not say the same on both sides.
    fn differing(&mut self, pair: u32, view: View, shown: (SchemaId, SchemaId)) -> Option<usize> {
        if self.relation.is_same(pair) {
            return None;
        }
        let entry = self.pairs.entry((pair, self.relation.effective(view)));
        let at = entry.index();
        entry.or_insert_with(|| Pair { shown, parents: SmallVec::new(), roots: SmallVec::new() });
        Some(at)
    }

    /// Walks all pairs that the roots lead to, and gives all changes with everything that they reach.
    pub(super) fn finish(mut self) -> Vec<Change> {
        let (mut found, mut kept): (Vec<u32>, Kept) = Default::default();
        let mut likes: FxHashMap<u64, usize> = FxHashMap::default();
        let mut at = 0;
        while let Some((&(pair, view), state)) = self.pairs.get_index(at) {
            let shown = state.shown;
            match self.relation.followed(view, pair) {
                Some(children) => {
                    for (child, seen) in children {
                        let shown = self.shown_of(child, shown);
                        self.lead(at, child, seen, shown);
                    }
                }
                None => {
                    let mut seen = Seen::Kept(Vec::new());
                    for (place, inner) in self.look(at, &mut |change, _| seen.add(change, &mut likes)) {
                        if let Some(child) = self.relation.pair_of(place.old.0, place.new.0) {
                            self.lead(at, child, inner, (place.old.1, place.new.1));
                        }
                    }
                    match seen {
                        Seen::Kept(changes) if changes.is_empty() => {}
                        Seen::Kept(changes) => {
                            found.push(at as u32);
                            kept.insert(at as u32, changes);
                        }
                        Seen::Many => found.push(at as u32),
                    }
                }
            }
            at += 1;
        }
        self.reached(&found, kept)
    }

    /// Compares a pair itself, and gives the pairs below with how they are seen. `tell` is called with each change.
    fn look(&mut self, at: usize, tell: &mut dyn FnMut(Change, &mut Gathered<'a>)) -> Vec<(Place, View)> {
        let Some((&(pair, view), state)) = self.pairs.get_index(at) else { return Vec::new() };
        let shown = self.shown_of(pair, state.shown);
        let Some((old, new)) = self.relation.nodes(pair) else { return Vec::new() };
        let place = Place { old: (old, shown.0), new: (new, shown.1) };
        let name = self.names.get(&shown.1).map(Text::as_str);
        let gathered = &mut self.gathered;
        let mut tell = |change| tell(change, gathered);
        node::compare(&mut self.relation, (self.old, self.new), place, (view, name, &mut self.elements), &mut tell)
    }

    /// The schemas that are shown for a pair; what is given where it is made of parts of several.
    fn shown_of(&self, pair: u32, given: (SchemaId, SchemaId)) -> (SchemaId, SchemaId) {
        let (old, new) = self.relation.shown(pair);
        (old.unwrap_or(given.0), new.unwrap_or(given.1))
    }

    fn lead(&mut self, parent: usize, child: u32, view: View, shown: (SchemaId, SchemaId)) {
        if let Some(child) = self.differing(child, view, shown) {
            self.pairs[child].parents.push(parent as u32);
        }
    }

    /// Tells each change with what it reaches. The same node may be met as one that is sent and as one that is received.
    fn reached(mut self, found: &[u32], mut kept: Kept) -> Vec<Change> {
        let pairs = self.pairs.values().map(|pair| (&pair.parents[..], &pair.roots[..]));
        let sets = self.gathered.reached.above(&pairs.collect::<Vec<_>>());
        for at in found {
            let reaches = self.gathered.reached.list(&sets[*at as usize]);
            let with = |change| Change { reaches: Arc::clone(&reaches), ..change };
            match kept.remove(at) {
                Some(changes) => changes.into_iter().for_each(|change| self.gathered.tell(with(change))),
                None => drop(self.look(*at as usize, &mut |change, gathered| gathered.tell(with(change)))),
            }
        }
        self.gathered.into_changes()
    }
}

/// Whether a plain value looks the same in a style as in `form`: the others of a query say nothing of plain values (OpenAPI
/// 3.1.1, section 4.8.12.3).
pub(super) fn is_plain_alike(style: &str) -> bool {
    matches!(style, "form" | "spaceDelimited" | "pipeDelimited" | "deepObject")
}

/// Which way the data flows; the same for all of a list.
fn flow(reaching: &Reaching) -> Flow {
    match reaching.first().map_or(Direction::Request, |reach| reach.direction) {
        Direction::Request => Flow::Sent,
        Direction::Response => Flow::Received,
        Direction::Event | Direction::Replay => Flow::Whole,
    }
}

/// By pair, changes that are kept until it is known what they reach.
type Kept = FxHashMap<u32, Vec<Change>>;

/// The changes of a pair until it is known what it reaches.
enum Seen {
    Kept(Vec<Change>),
    /// There are so many like them that the pair is looked at again rather than to keep them.
    Many,
}

impl Seen {
    /// Adds a change. `likes` tells how many are kept, by what they have in common.
    fn add(&mut self, change: Change, likes: &mut FxHashMap<u64, usize>) {
        let count = likes.entry(identity(&form(&change))).or_default();
        *count += 1;
        match self {
            Seen::Kept(changes) if *count <= KEPT => changes.push(change),
            _ => *self = Seen::Many,
        }
    }
}
