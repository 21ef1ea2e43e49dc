//! Who uses something: directly, and beyond those, by owner.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Consumers;
use super::said::Statement;
use super::side;
use super::target::{Field, Target, Thing};
use crate::compat::change::{Action, Change, Direction, Effect, Kind, Reach};
use crate::diagnostic::{Ground, Impact};
use crate::model::{Platform, UsedPart, UsedPlace};

/// The version of the report; it changes when a reader of the old one would misread the new one.
const VERSION: u32 = 1;

/// Who is hit when something changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Impact")]
pub struct ImpactReport {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// What was asked about.
    pub target: ImpactTarget,
    /// Those who are hit, by owner: owners by name, then those without one.
    pub owners: Vec<OwnerGroup>,
    /// Those who use something else of the same service or event, by name.
    pub unaffected: Vec<ImpactedConsumer>,
}

/// What was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ImpactTarget {
    /// What it is.
    pub kind: ImpactKind,
    /// The service that provides it; nothing for an event that nobody publishes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The service's name, the operation as method and path, or the event's name.
    pub name: String,
    /// The operation's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Fields, parameters or headers of it, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// The kind of what was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImpactKind {
    /// A whole service.
    Service,
    /// An operation, or a field of one.
    Operation,
    /// An event, or a field of one.
    Event,
}

/// The consumers of one owner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnerGroup {
    /// Who answers for them; nothing where no owner is declared.
    pub owner: Option<String>,
    /// Those who use it themselves, by name.
    pub direct: Vec<ImpactedConsumer>,
    /// Those who need one of these, by name.
    pub beyond: Vec<ImpactedConsumer>,
}

/// A consumer, and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ImpactedConsumer {
    /// Its name.
    pub consumer: String,
    /// Where it says what it uses, the surest first; no more than twenty.
    pub grounds: Vec<Ground>,
}

impl ImpactReport {
    /// How many are hit directly, and how many beyond them.
    pub fn counts(&self) -> (usize, usize) {
        let count =
            |list: fn(&OwnerGroup) -> &Vec<ImpactedConsumer>| self.owners.iter().map(|one| list(one).len()).sum();
        (count(|group| &group.direct), count(|group| &group.beyond))
    }
}

/// Who uses a target of the platform, whose schemas are lowered.
pub fn impact(platform: &Platform, target: &Target<'_>) -> ImpactReport {
    let consumers = Consumers::new(platform, platform);
    let impact = match target.fields.as_slice() {
        [] => consumers.of_thing(&target.thing),
        fields => {
            let parts = fields.iter().map(|field| consumers.of_field(platform, &target.thing, field));
            parts.reduce(merged).unwrap_or_default()
        }
    };
    report(platform, target, impact)
}

impl Consumers<'_> {
    /// Everybody who says anything of it, with all that they say.
    fn of_thing(&self, thing: &Thing<'_>) -> Impact {
        let said: Vec<Vec<Statement<'_>>> = match thing {
            Thing::Service(name) => {
                let calls = self.statements.of_service(name);
                calls.into_iter().chain(self.statements.of_events(name)).collect()
            }
            Thing::Operation(service, operation) => self.statements.of_operation(service, &[&operation.id]),
            Thing::Event(name) => self.statements.of_event(name),
        };
        let mut found = super::Found::default();
        for one in said.iter().flatten() {
            let grounds = found.hit.entry(one.usage.consumer.clone()).or_default();
            if one.usage.parts.is_empty() {
                grounds.insert(one.ground());
            }
            grounds.extend(one.usage.parts.iter().map(|part| one.part_ground(part)));
        }
        let source = match thing {
            Thing::Service(name) | Thing::Operation(name, _) => name,
            Thing::Event(_) => "",
        };
        if !source.is_empty() && !matches!(thing, Thing::Service(_)) {
            self.others(source, false, &mut found);
        }
        self.impact(found, &[source].into_iter().collect())
    }

    /// Whom a change of a field hits.
    fn of_field(&self, platform: &Platform, thing: &Thing<'_>, field: &Field) -> Impact {
        let (service, subject, key) = match thing {
            Thing::Service(name) => (*name, (*name).to_owned(), *name),
            Thing::Operation(service, operation) => (*service, side::name(operation), operation.id.as_str()),
            Thing::Event(name) => (publisher(platform, name).unwrap_or_default(), (*name).to_owned(), *name),
        };
        let (kind, direction) = match field.place {
            UsedPlace::Path | UsedPlace::Query | UsedPlace::Header | UsedPlace::Cookie => {
                (Kind::ParameterStyle, Direction::Request)
            }
            UsedPlace::Request => (Kind::Type, Direction::Request),
            UsedPlace::ResponseHeader => (Kind::HeaderRequired, Direction::Response),
            UsedPlace::Response | UsedPlace::Status => (Kind::Type, Direction::Response),
            UsedPlace::Payload => (Kind::Type, Direction::Event),
        };
        let change = Change::new(kind, Action::Changed, Effect::Both, &field.name);
        let change = change.places(Some(&field.origin), Some(&field.origin));
        let (service, key) = (service.to_owned(), key.to_owned());
        self.affected(
            &change,
            &[&Reach { service: service.into(), subject: subject.into(), key: key.into(), direction }],
        )
    }
}

fn publisher<'p>(platform: &'p Platform, event: &str) -> Option<&'p str> {
    platform.event(event)?.publishers.first().map(String::as_str)
}

/// What either says: who is hit by one is hit.
fn merged(one: Impact, other: Impact) -> Impact {
    let union = |one: Vec<String>, other: Vec<String>, without: &[&Vec<String>]| -> Vec<String> {
        let mut all: Vec<String> = one.into_iter().chain(other).collect();
        all.retain(|name| !without.iter().any(|list| list.contains(name)));
        all.sort();
        all.dedup();
        all
    };
    let consumers = union(one.consumers.clone(), other.consumers.clone(), &[]);
    let transitive = union(one.transitive.clone(), other.transitive.clone(), &[&consumers]);
    let unaffected = union(one.unaffected.clone(), other.unaffected.clone(), &[&consumers, &transitive]);
    // A ground for being spared by one is none where the other hits.
    let holds = |own: &Impact, ground: &Ground| {
        !consumers.contains(&ground.consumer) || own.consumers.contains(&ground.consumer)
    };
    let own = one.grounds.iter().filter(|ground| holds(&one, ground));
    let mut grounds: Vec<Ground> =
        own.chain(other.grounds.iter().filter(|ground| holds(&other, ground))).cloned().collect();
    grounds.sort();
    grounds.dedup();
    Impact { consumers, transitive, unaffected, grounds }
}

fn report(platform: &Platform, target: &Target<'_>, impact: Impact) -> ImpactReport {
    let Impact { consumers, transitive, unaffected, grounds } = impact;
    let mut by_consumer: BTreeMap<String, Vec<Ground>> = BTreeMap::new();
    for ground in grounds {
        let known = by_consumer.entry(ground.consumer.clone()).or_default();
        known.reserve_exact(1);
        known.push(ground);
    }
    let mut told = |consumer: String| {
        let grounds = by_consumer.remove(&consumer).unwrap_or_default();
        ImpactedConsumer { consumer, grounds }
    };
    // Those without an owner come last.
    let mut groups: BTreeMap<(bool, Option<String>), OwnerGroup> = BTreeMap::new();
    for (names, is_direct) in [(consumers, true), (transitive, false)] {
        for name in names {
            let owner = platform.service(&name).and_then(|service| service.owner.clone());
            let group = groups.entry((owner.is_none(), owner.clone())).or_default();
            group.owner = owner;
            if is_direct { &mut group.direct } else { &mut group.beyond }.push(told(name));
        }
    }
    let (kind, service, name, operation) = match target.thing {
        Thing::Service(name) => (ImpactKind::Service, Some(name), name.to_owned(), None),
        Thing::Operation(service, operation) => {
            (ImpactKind::Operation, Some(service), side::name(operation), Some(operation.id.to_string()))
        }
        Thing::Event(name) => (ImpactKind::Event, publisher(platform, name), name.to_owned(), None),
    };
    let text = |field: &Field| {
        let Field { place, name, origin } = field.clone();
        UsedPart { place, name, status: None, origin }.text()
    };
    ImpactReport {
        version: VERSION,
        target: ImpactTarget {
            kind,
            service: service.map(str::to_owned),
            name,
            operation,
            fields: target.fields.iter().map(text).collect(),
        },
        owners: groups.into_values().collect(),
        unaffected: unaffected.into_iter().map(told).collect(),
    }
}

/// The JSON Schema (draft 2020-12) of the report.
pub fn schema() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<ImpactReport>().to_value()
}
