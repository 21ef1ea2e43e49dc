//! Witnesses of schema changes: a value that shows the change at its node, and around it the smallest body that is found to
//! be valid, so that the reader sees where it stands.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::super::change::{Action, Change, Direction, Kind, Reach};
use super::super::finding::Sides;
use super::super::relation::{Decision, Flow, Node, Range, Relation, Step, View, Which};
use super::confirm::{Reading, accepts, any};
use super::part::{Name, Part};
use super::{LONGEST, Payloads, Shown, TOO_LONG, kind, nothing, sender, words};
use crate::diagnostic::Witness;
use crate::model::{JsonType, Keyword, SchemaId, Schemas};

/// Values of the changed node that are tried.
const VALUES: usize = 8;
/// Values around one that are tried.
const HOLDERS: usize = 16;
/// Values that are kept on the way from the node to the body.
const KEPT: usize = 8;
/// Nodes above the changed one at which a value is looked for.
const LEVELS: usize = 3;
/// Longer ways are not walked.
const STEPS: usize = 40;
/// Keywords that a validator takes for notes.
const NOTES: [&str; 3] = ["contentEncoding", "contentMediaType", "contentSchema"];

/// Why there is none where containment has nothing to say.
const NO_VALUE: &str = "no value satisfies the schema, so what its keywords say is compared as if some did";

/// A value, and the way in it to what changed.
#[derive(Clone)]
struct Made {
    value: Value,
    at: Vec<String>,
    /// The value of the changed node.
    node: Value,
}

/// Why no validator has confirmed a value; nothing where one has.
type Unchecked = Option<&'static str>;

/// The objects and lists among the values of nodes.
pub(super) type Holders = FxHashMap<(Flow, Node, Range), Rc<[Value]>>;

/// The two schemas between which a body is sent.
struct Search<'p, 'a> {
    relation: &'p mut Relation<'a>,
    /// Values around others: bodies are the same for many changes.
    holders: &'p mut Holders,
    /// How the whole is seen. Values are made as JSON, and refused as what they are written as.
    view: View,
    /// Its schema where it comes from, and where it arrives.
    from: (Which, SchemaId),
    to: (Which, SchemaId),
    schemas: [&'a Schemas; 2],
    /// Whether the change is one of formats.
    formats: bool,
    range: Range,
    tried: usize,
}

/// What the change of a schema breaks.
pub(super) fn shown<'a>(payloads: &mut Payloads<'a>, sides: Sides<'a>, change: &Change, hit: &[&Reach]) -> Shown {
    let origin = change.old_origin.as_ref();
    let Some((at, mut steps)) = origin.and_then(|origin| payloads.trails.to(origin, &payloads.old, hit)) else {
        return nothing("no way was found to it from what an operation or event sends");
    };
    let part = &payloads.old[at];
    let Some(other) = part.counterpart(&payloads.new) else {
        return nothing("what sends it has no counterpart on the other side");
    };
    if steps.len() > STEPS {
        return nothing("it lies too deep in what is sent");
    }
    if is_about_presence(change) && steps.last().is_some_and(|step| *step == Step::Property(change.subject.to_string()))
    {
        steps.pop();
    }
    let schemas = [&sides.old.schemas, &sides.new.schemas];
    let sending = sender(part.direction);
    let new = single_item(&mut payloads.relation, schemas[1], part, other).unwrap_or(other.schema);
    let (old, new) = ((Which::Old, part.schema), (Which::New, new));
    let (from, to) = if sending == Which::Old { (old, new) } else { (new, old) };
    let formats = change.subject.split(" of ").next().is_some_and(|names| names.split(", ").any(|one| one == "format"));
    let view = part.view(&mut payloads.relation, other);
    let (relation, holders) = (&mut payloads.relation, &mut payloads.holders);
    let mut search = Search { relation, holders, view, from, to, schemas, formats, range: Range::Least, tried: 0 };
    match search.find(&steps, change) {
        Some((made, unchecked)) => witness(part, made, unchecked),
        None if search.has_no_value(&steps) => nothing(NO_VALUE),
        None => nothing(&why_not(change, search.tried)),
    }
}

/// Whether the change is that a property is there or not, which shows at the object that holds it.
fn is_about_presence(change: &Change) -> bool {
    matches!(change.kind, Kind::Property | Kind::PropertyRequired | Kind::Access)
}

/// One value of an exploded form looks like a list of one: then the items are what a single value is held against.
fn single_item(relation: &mut Relation<'_>, schemas: &Schemas, part: &Part<'_>, other: &Part<'_>) -> Option<SchemaId> {
    if !matches!(part.name, Name::Parameter(..)) || part.direction != Direction::Request {
        return None;
    }
    let (old, new) = (relation.node(Which::Old, part.schema), relation.node(Which::New, other.schema));
    let takes_lists = |relation: &mut Relation<'_>, node: Node| relation.flat(node).types().has(JsonType::Array);
    if takes_lists(relation, old) || !takes_lists(relation, new) {
        return None;
    }
    let members = relation.schemas_of(new);
    members.into_iter().flat_map(|id| &schemas.get(id).keywords).find_map(|keyword| match keyword {
        Keyword::Items(id) => Some(*id),
        _ => None,
    })
}

fn witness(part: &Part<'_>, made: Made, unchecked: Unchecked) -> Shown {
    let pointer = || made.at.iter().map(|token| format!("/{}", token.replace('~', "~0").replace('/', "~1"))).collect();
    let size = |value: &Value| value.to_string().len();
    let (what, example, at) = if size(&made.value) <= LONGEST {
        (part.to_string(), made.value, (!made.at.is_empty()).then(pointer))
    } else if size(&made.node) <= LONGEST {
        (format!("`{}` in {part}", pointer()), made.node, None)
    } else {
        return nothing(TOO_LONG);
    };
    let (was, now) = words(part.direction);
    let (kind, checked) = (kind(part.direction), unchecked.is_none());
    Shown::Witness(Witness { kind, what, example, at, was, now, checked, unchecked: unchecked.map(str::to_owned) })
}

fn why_not(change: &Change, tried: usize) -> String {
    if change.kind == Kind::KnownValues {
        return "validators take `x-extensible-enum` for a note, so no value shows it".to_owned();
    }
    match NOTES.iter().find(|name| change.subject.starts_with(*name)) {
        Some(name) => format!("validators take `{name}` for a note, so no value shows it"),
        None if tried == 0 => "no value of the schema was found".to_owned(),
        None if tried == 1 => "the one value that was tried does not show it".to_owned(),
        None => format!("none of the {tried} values that were tried shows it"),
    }
}

impl Search<'_, '_> {
    /// A body that shows the change, and why no validator has confirmed it. Where the node itself has no value that
    /// shows it, its holders may: what lies beside the node can matter.
    fn find(&mut self, steps: &[Step], change: &Change) -> Option<(Made, Unchecked)> {
        let mut lengths: Vec<usize> = (0..=steps.len()).rev().take(LEVELS).collect();
        if lengths.last() != Some(&0) {
            lengths.push(0);
        }
        lengths.into_iter().find_map(|length| {
            // What is small is found at once, and what it takes more for is rare.
            let tried = self.tried;
            self.range = Range::Least;
            self.find_at(&steps[..length], change).or_else(|| {
                (self.range, self.tried) = (Range::Full, tried);
                self.find_at(&steps[..length], change)
            })
        })
    }

    fn find_at(&mut self, steps: &[Step], change: &Change) -> Option<(Made, Unchecked)> {
        let from = self.levels(self.from, steps)?;
        let to = self.levels(self.to, steps)?;
        let views = self.views(steps);
        let view = views.last().copied().unwrap_or(self.view);
        let mut values: Vec<Value> = Vec::new();
        for sub in from.last()?.iter().take(4) {
            for sup in to.last()?.iter().take(4) {
                let (found, tried) = self.relation.all_separating(view, *sub, *sup, self.range);
                self.tried += tried;
                // Formats are told by the validator alone.
                let more = if self.formats { self.relation.samples(view, *sub, self.range) } else { Vec::new() };
                let named = self.with_undeclared(view, (*sub, *sup), change);
                for value in found.into_iter().chain(more).chain(named) {
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
            }
        }
        if self.range == Range::Least {
            values.retain(|value| self.prefers(change, value));
        }
        values.sort_by_key(|value| !self.prefers(change, value));
        values.truncate(VALUES);
        let made = values.into_iter().map(|value| Made { node: value.clone(), value, at: Vec::new() }).collect();
        self.held(made, &from, &to, (steps, &views)).into_iter().find_map(|made| self.confirmed(made))
    }

    /// Objects of a node that hold the property of the change, which only the other side declares, and that it refuses.
    fn with_undeclared(&mut self, view: View, (sub, sup): (Node, Node), change: &Change) -> Vec<Value> {
        let is_undeclared = matches!(
            (change.kind, change.action, self.from.0),
            (Kind::Property, Action::Added, Which::Old) | (Kind::Property, Action::Removed, Which::New)
        );
        let mut found = Vec::new();
        if !is_undeclared {
            return found;
        }
        let objects: Vec<Value> =
            self.relation.samples(view, sub, self.range).into_iter().filter(Value::is_object).take(3).collect();
        let step = Step::Property(change.subject.to_string());
        for node in self.relation.inside(sub, &Step::Undeclared) {
            for value in self.relation.samples(view, node, self.range).into_iter().take(VALUES) {
                let inner = Made { node: Value::Null, value, at: Vec::new() };
                found.extend(objects.iter().filter_map(|object| put(object, &step, &inner)).map(|made| made.value));
            }
        }
        found.retain(|value| {
            self.relation.has(view.json(), sub, value) == Decision::Yes
                && self.relation.has(view, sup, value) == Decision::No
        });
        self.tried += found.len();
        found
    }

    /// Whether the changed node, or one on the way to it, has no value at all on the sender's side.
    fn has_no_value(&mut self, steps: &[Step]) -> bool {
        let levels = self.levels(self.from, steps).unwrap_or_default();
        levels.iter().any(|nodes| nodes.iter().all(|node| self.relation.is_empty(self.view, *node)))
    }

    /// The nodes on the way, from the body to the end of the steps.
    fn levels(&mut self, (which, id): (Which, SchemaId), steps: &[Step]) -> Option<Vec<Vec<Node>>> {
        let mut levels = vec![vec![self.relation.node(which, id)]];
        for step in steps {
            let mut next: Vec<Node> = Vec::new();
            for node in levels.last()? {
                next.extend(self.relation.inside(*node, step).into_iter().take(KEPT));
            }
            next.truncate(KEPT);
            if next.is_empty() {
                return None;
            }
            levels.push(next);
        }
        Some(levels)
    }

    /// How the nodes on the way are seen.
    fn views(&self, steps: &[Step]) -> Vec<View> {
        let inside = |view: &mut View, step: &Step| {
            *view = self.relation.seen_inside(*view, step);
            Some(*view)
        };
        std::iter::once(self.view).chain(steps.iter().scan(self.view, inside)).collect()
    }

    /// Whether a value shows this change and not only another one at the same node.
    fn prefers(&self, change: &Change, value: &Value) -> bool {
        let has = value.get(change.subject.as_str()).is_some();
        match (change.kind, change.action, self.from.0) {
            (Kind::Property | Kind::Access, Action::Added, Which::New)
            | (Kind::Property | Kind::Access, Action::Removed, Which::Old) => has,
            (Kind::Property | Kind::PropertyRequired | Kind::Access, ..) => !has,
            _ => true,
        }
    }

    /// Values with what holds them, up to the body. Those that show the change at each node on the way come first: beside
    /// other holders the value may mean nothing, as in another alternative.
    fn held(
        &mut self,
        mut made: Vec<Made>,
        from: &[Vec<Node>],
        to: &[Vec<Node>],
        (steps, views): (&[Step], &[View]),
    ) -> Vec<Made> {
        for (at, step) in steps.iter().enumerate().rev() {
            let mut holders: Vec<Value> = Vec::new();
            for node in &from[at] {
                let fits = |value: &&Value| matches!(step, Step::Item(_)) == value.is_array();
                holders.extend(self.holders_of(*node).iter().filter(fits).take(HOLDERS).cloned());
            }
            holders.push(if matches!(step, Step::Item(_)) { json!([]) } else { json!({}) });
            let (mut showing, mut silent): (Vec<Made>, Vec<Made>) = (Vec::new(), Vec::new());
            for inner in &made {
                let own = showing.len();
                for outer in holders.iter().filter_map(|holder| put(holder, step, inner)) {
                    if !self.is_of_any(self.view.json(), &from[at], &outer.value) {
                        continue;
                    }
                    let list =
                        if self.is_of_any(views[at], &to[at], &outer.value) { &mut silent } else { &mut showing };
                    if list.len() < KEPT {
                        list.push(outer);
                    }
                    if showing.len() >= own + 3 {
                        break;
                    }
                }
            }
            showing.append(&mut silent);
            showing.truncate(KEPT);
            made = showing;
        }
        made
    }

    fn holders_of(&mut self, node: Node) -> Rc<[Value]> {
        let key = (self.view.flow, node, self.range);
        if let Some(known) = self.holders.get(&key) {
            return Rc::clone(known);
        }
        let samples = self.relation.samples(self.view, node, self.range).into_iter();
        let found: Rc<[Value]> = samples.filter(|value| value.is_array() || value.is_object()).collect();
        self.holders.insert(key, Rc::clone(&found));
        found
    }

    fn is_of_any(&mut self, view: View, nodes: &[Node], value: &Value) -> bool {
        nodes.iter().any(|node| self.relation.has(view, *node, value) == Decision::Yes)
    }

    /// Whether one schema accepts the body and the other refuses it.
    fn confirmed(&mut self, made: Made) -> Option<(Made, Unchecked)> {
        let [from, to] = [self.from, self.to].map(|(which, id)| self.relation.node(which, id));
        if self.relation.has(self.view.json(), from, &made.value) != Decision::Yes
            || !self.formats && self.relation.has(self.view, to, &made.value) != Decision::No
        {
            return None;
        }
        let reading = Reading { flow: self.view.flow, formats: self.formats };
        let ask =
            |(which, id): (Which, SchemaId), value: &Value| accepts(self.schemas[which as usize], id, value, reading);
        // What is written as text must be refused whatever it is read as.
        let taken = match self.relation.readings(self.view, &made.value) {
            Some(readings) => any(readings.iter().map(|value| ask(self.to, value))),
            None => Err("it is text that can be read in too many ways"),
        };
        match (ask(self.from, &made.value), taken) {
            (Ok(true), Ok(false)) => Some((made, None)),
            (Ok(false), _) | (_, Ok(true)) => None,
            // Only the relation itself has looked at it.
            (Err(why), _) | (_, Err(why)) => (!self.formats).then_some((made, Some(why))),
        }
    }
}

/// A holder with a value at a step.
fn put(holder: &Value, step: &Step, inner: &Made) -> Option<Made> {
    let mut value = holder.clone();
    let token = match (step, &mut value) {
        (Step::Item(at), Value::Array(items)) => {
            let at = (*at).min(items.len());
            match items.get_mut(at) {
                Some(item) => *item = inner.value.clone(),
                None => items.push(inner.value.clone()),
            }
            at.to_string()
        }
        (Step::Property(name), Value::Object(fields)) => {
            fields.insert(name.clone(), inner.value.clone());
            name.clone()
        }
        (Step::Undeclared, Value::Object(fields)) => {
            let name = if fields.contains_key("other") || fields.is_empty() { "other" } else { "another" };
            fields.insert(name.to_owned(), inner.value.clone());
            name.to_owned()
        }
        (Step::Pattern(pattern), Value::Object(fields)) => {
            let pattern = crate::document::schema_check::Pattern::new(pattern).ok()?;
            let name = fields.keys().find(|name| pattern.is_match(name) == Some(true))?.clone();
            fields.insert(name.clone(), inner.value.clone());
            name
        }
        _ => return None,
    };
    let at = [token].into_iter().chain(inner.at.iter().cloned()).collect();
    Some(Made { value, at, node: inner.node.clone() })
}
