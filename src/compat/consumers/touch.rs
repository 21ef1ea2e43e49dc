//! Whether a change touches what a consumer says that it uses.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::fields::{self, Nodes};
use super::said::Statement;
use super::side::{self, Side};
use super::who::{Who, who};
use crate::compat::change::{Action, Change, Direction, Kind, Reach};
use crate::diagnostic::Ground;
use crate::document::FieldPath;
use crate::model::{Operation, Parameter, SchemaId, UsedPart, UsedPlace};

/// Parameters that a consumer chooses to send; those of the path are part of every call.
const PARAMETERS: [UsedPlace; 3] = [UsedPlace::Query, UsedPlace::Header, UsedPlace::Cookie];
const ANSWER: [UsedPlace; 3] = [UsedPlace::Response, UsedPlace::ResponseHeader, UsedPlace::Status];
const BODY: [UsedPlace; 1] = [UsedPlace::Request];
const PAYLOAD: [UsedPlace; 1] = [UsedPlace::Payload];

/// Schemas by the way that leads to them, so that each is walked once for all changes.
#[derive(Default)]
pub(super) struct Walks<'a>(RefCell<FxHashMap<Walk<'a>, Rc<Nodes>>>);

/// What a walk starts at and where it goes: the side, the address of the operation or event, the place, the status code and
/// the path or name. Addresses are compared and never ordered.
type Walk<'a> = (usize, usize, UsedPlace, Option<&'a str>, &'a str);

/// A change as those see it who use one operation or event that it reaches.
pub(super) struct Touch<'t, 'a> {
    change: &'t Change,
    reach: &'t Reach,
    sides: [&'t Side<'a>; 2],
    walks: &'t Walks<'a>,
    who: Who,
    /// The schemas that changed, in the base and now.
    nodes: [Vec<SchemaId>; 2],
    operations: [Option<&'a Operation>; 2],
}

/// The schemas that a change is about: what went is in the base alone, what came is not there yet; for what is asked of
/// those who send the holder, that.
pub(super) fn nodes(sides: [&Side<'_>; 2], change: &Change, who: Who) -> [Vec<SchemaId>; 2] {
    let at = |side: usize| -> Vec<SchemaId> {
        let origin = if side == 0 { &change.old_origin } else { &change.new_origin };
        origin.as_ref().and_then(|origin| sides[side].schema_at(origin)).into_iter().collect()
    };
    let holders = |side: usize| -> Vec<SchemaId> {
        at(side).into_iter().flat_map(|id| sides[side].holders(id).to_vec()).collect()
    };
    match (who, change.kind, change.action) {
        // An added property has its holder as its place in the base.
        (Who::HolderSenders, Kind::Property, _) => [at(0), holders(1)],
        (Who::HolderSenders, _, _) => [holders(0), holders(1)],
        (_, Kind::Property, Action::Removed) => [at(0), Vec::new()],
        (_, Kind::Property, Action::Added) => [Vec::new(), at(1)],
        _ => [at(0), at(1)],
    }
}

impl<'t, 'a> Touch<'t, 'a> {
    pub fn new(
        sides: [&'t Side<'a>; 2],
        walks: &'t Walks<'a>,
        change: &'t Change,
        reach: &'t Reach,
        operations: [Option<&'a Operation>; 2],
    ) -> Touch<'t, 'a> {
        let who = who(change.kind, change.action, reach.direction);
        Touch { change, reach, sides, walks, who, nodes: nodes(sides, change, who), operations }
    }

    /// Why the change hits a consumer that says this of the operation or event; nothing where it does not.
    pub fn judge(&self, said: &[Statement<'a>]) -> Option<Vec<Ground>> {
        if self.who == Who::Everyone || !said.iter().any(|one| one.is_detailed()) {
            return Some(whole(said));
        }
        let hit = match self.who {
            Who::Everyone => None,
            Who::ParameterSenders => self.parameter(said),
            Who::BodySenders => told(said, &BODY, |_| true),
            Who::StatusReaders => told(said, &ANSWER, |part| self.is_status(part)),
            Who::HeaderReaders => told(said, &ANSWER, |part| {
                part.place == UsedPlace::ResponseHeader && side::same_name(part.place, &part.name, &self.change.subject)
            }),
            Who::BodyReaders => told(said, &ANSWER, |part| part.place == UsedPlace::Response),
            Who::HolderSenders if self.is_outermost() => None,
            Who::HolderSenders | Who::FieldUsers => self.field(said),
        };
        // Nobody told anything: all are hit.
        let grounds = hit.unwrap_or_else(|| whole(said));
        (!grounds.is_empty()).then_some(grounds)
    }

    /// What a consumer that is not hit uses.
    pub fn instead(&self, first: Statement<'a>, said: &[Statement<'a>]) -> Ground {
        let kinds: &[UsedPlace] = match self.reach.direction {
            Direction::Request => &[UsedPlace::Query, UsedPlace::Header, UsedPlace::Cookie, UsedPlace::Request],
            Direction::Response => &ANSWER,
            _ => &PAYLOAD,
        };
        said.iter().find(|one| one.tells(kinds)).copied().unwrap_or(first).other_parts(kinds)
    }

    fn parameter(&self, said: &[Statement<'a>]) -> Option<Vec<Ground>> {
        let origins = [&self.change.old_origin, &self.change.new_origin];
        let stands_there = |parameter: &&Parameter| origins.into_iter().flatten().any(|at| *at == parameter.origin);
        let known = self.operations.iter().flatten().flat_map(|operation| &operation.parameters).find(stands_there);
        let place = known.map(|parameter| side::place_of(parameter.location));
        if place == Some(UsedPlace::Path) {
            return None;
        }
        told(said, &PARAMETERS, |part| {
            place.is_none_or(|place| place == part.place)
                && side::same_name(part.place, &part.name, &self.change.subject)
        })
    }

    /// A status code that a consumer expects, or an answer of which it does not say the code.
    fn is_status(&self, part: &UsedPart) -> bool {
        let covers = |code: &str| {
            let subject = self.change.subject.as_str();
            let range =
                subject.len() == 3 && subject[1..].eq_ignore_ascii_case("XX") && subject.get(..1) == code.get(..1);
            subject == code || subject == "default" || range
        };
        match (part.place, &part.status) {
            (UsedPlace::Status, _) => covers(&part.name),
            (UsedPlace::Response | UsedPlace::ResponseHeader, Some(code)) => covers(code),
            (UsedPlace::Response | UsedPlace::ResponseHeader, None) => true,
            _ => false,
        }
    }

    /// Whether what lacks something now is the body itself.
    fn is_outermost(&self) -> bool {
        (0..2).any(|at| {
            let roots = self.operations[at].map(side::request).unwrap_or_default();
            let same = fields::said_of_the_same(&self.sides[at].platform.schemas, roots);
            self.nodes[at].iter().any(|node| same.contains(node))
        })
    }

    /// Grounds of those who use a field; nothing where all are hit: because one does not say which fields it uses, or
    /// because it is not known where the change lies.
    fn field(&self, said: &[Statement<'a>]) -> Option<Vec<Ground>> {
        match self.reach.direction {
            Direction::Request => self.sent(said),
            Direction::Response => self.received(said),
            _ if self.is_located() => told(said, &PAYLOAD, |part| self.is_touched(part)),
            _ => None,
        }
    }

    fn sent(&self, said: &[Statement<'a>]) -> Option<Vec<Ground>> {
        let parameters = self.names(|operation| {
            let all = operation.parameters.iter();
            all.map(|parameter| (side::place_of(parameter.location), parameter.name.as_str())).collect()
        });
        // The change reaches the request: what is in no parameter is in the body.
        let in_body = parameters.is_empty() || self.lies(UsedPlace::Request, None, "");
        let in_path = parameters.iter().any(|(place, _)| *place == UsedPlace::Path);
        if in_path || !self.is_located() {
            return None;
        }
        let mut grounds = Vec::new();
        if !parameters.is_empty() {
            grounds.extend(told(said, &PARAMETERS, |part| is_among(&parameters, part))?);
        }
        if in_body {
            grounds.extend(told(said, &BODY, |part| self.is_touched(part))?);
        }
        Some(grounds)
    }

    fn received(&self, said: &[Statement<'a>]) -> Option<Vec<Ground>> {
        let headers = self.names(|operation| {
            let all = operation.responses.iter().flat_map(|response| &response.headers);
            all.map(|header| (UsedPlace::ResponseHeader, header.name.as_str())).collect()
        });
        if !self.is_located() {
            return None;
        }
        told(said, &ANSWER, |part| match part.place {
            UsedPlace::ResponseHeader => is_among(&headers, part),
            UsedPlace::Response => self.is_touched(part),
            _ => false,
        })
    }

    /// Whether it is known which schema changed.
    fn is_located(&self) -> bool {
        self.nodes.iter().any(|nodes| !nodes.is_empty())
    }

    /// The parameters or headers of either side whose schemas hold what changed.
    fn names(&self, list: impl Fn(&'a Operation) -> Vec<(UsedPlace, &'a str)>) -> Vec<(UsedPlace, &'a str)> {
        let mut all: Vec<_> = self.operations.iter().flatten().flat_map(|operation| list(operation)).collect();
        all.sort_unstable();
        all.dedup();
        all.retain(|(place, name)| self.lies(*place, None, name));
        all
    }

    fn is_touched(&self, part: &'a UsedPart) -> bool {
        self.lies(part.place, part.status.as_deref(), &part.name)
    }

    /// Whether what changed is what a part uses, holds it, or lies below it.
    fn lies(&self, place: UsedPlace, status: Option<&'a str>, name: &'a str) -> bool {
        (0..2).any(|at| {
            !self.nodes[at].is_empty() && {
                let touched = self.touched(at, place, status, name);
                self.nodes[at].iter().any(|node| touched.contains(node))
            }
        })
    }

    fn touched(&self, at: usize, place: UsedPlace, status: Option<&'a str>, name: &'a str) -> Rc<Nodes> {
        let root = match self.operations[at] {
            Some(operation) => std::ptr::from_ref(operation).addr(),
            None => self.sides[at].platform.event(&self.reach.key).map_or(0, |event| std::ptr::from_ref(event).addr()),
        };
        let key = (at, root, place, status, name);
        if let Some(known) = self.walks.0.borrow().get(&key) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.walk(at, place, status, name));
        self.walks.0.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    fn walk(&self, at: usize, place: UsedPlace, status: Option<&str>, name: &str) -> Nodes {
        let schemas = &self.sides[at].platform.schemas;
        let path = || FieldPath::parse(name).unwrap_or_default();
        if place == UsedPlace::Payload {
            return payload(schemas, &self.sides[at].messages(&self.reach.key), &path());
        }
        let Some(operation) = self.operations[at] else { return Nodes::default() };
        match place {
            UsedPlace::Request => fields::touched(schemas, &side::request(operation), &path()),
            UsedPlace::Response => {
                let responses = side::responses(operation, status);
                fields::touched(schemas, &side::bodies(&responses), &path())
            }
            UsedPlace::ResponseHeader => {
                let headers = side::responses(operation, status).into_iter().flat_map(|response| &response.headers);
                let same = headers.filter(|header| side::same_name(place, &header.name, name));
                fields::below(schemas, &same.flat_map(side::of_parameter).collect::<Vec<_>>())
            }
            UsedPlace::Status | UsedPlace::Payload => Nodes::default(),
            UsedPlace::Path | UsedPlace::Query | UsedPlace::Header | UsedPlace::Cookie => {
                let same = |parameter: &&Parameter| {
                    side::place_of(parameter.location) == place && side::same_name(place, &parameter.name, name)
                };
                let same = operation.parameters.iter().filter(same);
                fields::below(schemas, &same.flat_map(side::of_parameter).collect::<Vec<_>>())
            }
        }
    }
}

/// The names under which an envelope holds what an event is about.
const INNER: [&str; 2] = ["data", "payload"];

/// The fields of an event are named from the message, or from what its envelope holds.
fn payload(schemas: &crate::model::Schemas, roots: &[SchemaId], path: &FieldPath) -> Nodes {
    let mut nodes = fields::touched(schemas, roots, path);
    for name in INNER {
        let mut steps = vec![crate::document::Step::Name(name.to_owned())];
        if !path.steps.is_empty() && !fields::at(schemas, roots, &FieldPath { steps: steps.clone() }).is_empty() {
            steps.extend(path.steps.iter().cloned());
            nodes.extend(fields::touched(schemas, roots, &FieldPath { steps }));
        }
    }
    nodes
}

/// Everything said, without its parts.
pub(super) fn whole(said: &[Statement<'_>]) -> Vec<Ground> {
    said.iter().map(|one| one.ground()).collect()
}

/// The parts that hold, of those who say which parts of these kinds they use; nothing where nobody says.
fn told<'a>(said: &[Statement<'a>], kinds: &[UsedPlace], holds: impl Fn(&'a UsedPart) -> bool) -> Option<Vec<Ground>> {
    if !said.iter().any(|one| one.tells(kinds)) {
        return None;
    }
    let of = |one: &Statement<'a>| -> Vec<Ground> {
        let parts = one.usage.parts.iter();
        parts.filter(|part| kinds.contains(&part.place) && holds(part)).map(|part| one.part_ground(part)).collect()
    };
    Some(said.iter().flat_map(of).collect())
}

fn is_among(names: &[(UsedPlace, &str)], part: &UsedPart) -> bool {
    names.iter().any(|(place, name)| *place == part.place && side::same_name(part.place, name, &part.name))
}
