//! Joins a change with those who use what it reaches: by operation, by event, and by field where they say which they use.
//!
//! `who` is the table of whom a kind of change concerns; `fields` walks schemas; `touch` holds one against the other;
//! `said` puts the grounds into words.

mod fields;
mod grounds;
pub mod impact;
mod said;
mod side;
mod statements;
pub mod target;
mod touch;
mod who;

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Direction, Reach};
use crate::diagnostic::{Ground, GroundKind, Impact};
use crate::model::{Operation, Origin, Platform};
use grounds::Grounds;
use said::Statement;
use side::Side;
use statements::Statements;
use touch::{Touch, Walks};

/// The consumers of two platforms. What the base says counts where the newer one does not say the same: who used what is
/// gone still runs.
pub struct Consumers<'a> {
    old: Side<'a>,
    new: Side<'a>,
    statements: Statements<'a>,
    /// Who needs whom, by provider and consumer, with one place each that says so.
    needs: Vec<Need<'a>>,
    walks: Walks<'a>,
}

/// A service that needs another, with a place that says so.
struct Need<'a> {
    provider: &'a str,
    consumer: &'a str,
    origin: &'a Origin,
}

/// What is known of consumers while the reaches of a change are looked at.
#[derive(Default)]
struct Found {
    hit: BTreeMap<String, Grounds>,
    spared: BTreeMap<String, Ground>,
}

impl<'a> Consumers<'a> {
    /// The consumers of a comparison; of one platform, where both are the same.
    pub fn new(old: &'a Platform, new: &'a Platform) -> Consumers<'a> {
        Consumers::saying([old, new], [old, new])
    }

    /// The same of contracts of which consumers say what they say in other platforms; the older first of both.
    pub fn saying(contracts: [&'a Platform; 2], said: [&'a Platform; 2]) -> Consumers<'a> {
        let [old, new] = said;
        let statements = Statements::new(old, new);
        let edges = new.dependencies.iter().chain(&old.dependencies);
        let edges = edges.map(|edge| Need { provider: &edge.provider, consumer: &edge.consumer, origin: &edge.origin });
        let said = statements.needs().map(|Statement { usage, .. }| usage);
        let said =
            said.map(|usage| Need { provider: &usage.provider, consumer: &usage.consumer, origin: &usage.origin });
        let mut needs: Vec<Need> = edges.chain(said).collect();
        needs.sort_by_key(|need| (need.provider, need.consumer));
        needs.dedup_by_key(|need| (need.provider, need.consumer));
        let [old, new] = contracts.map(Side::new);
        Consumers { old, new, statements, needs, walks: Walks::default() }
    }

    /// Whom a change hits by what it reaches, and on what ground.
    pub fn affected(&self, change: &Change, reaches: &[&Reach]) -> Impact {
        let mut found = Found::default();
        let mut providers = BTreeSet::new();
        for reach in reaches.iter().filter(|reach| self.statements.are_about(reach)) {
            self.reach(change, reach, &mut found);
            providers.insert((reach.service.as_str(), is_event(reach)));
        }
        for (service, is_event) in providers {
            self.others(service, is_event, &mut found);
        }
        if found.hit.is_empty() && found.spared.is_empty() {
            return Impact::default();
        }
        for reach in reaches {
            found.hit.remove(reach.service.as_str());
            found.spared.remove(reach.service.as_str());
        }
        let sources: BTreeSet<&str> = reaches.iter().map(|reach| reach.service.as_str()).collect();
        self.impact(found, &sources)
    }

    fn reach(&self, change: &Change, reach: &Reach, found: &mut Found) {
        let sides = [&self.old, &self.new];
        // What the service sends to others has no name of its own that they could use.
        if reach.subject.starts_with("webhook ") {
            return found.hit(self.statements.of_service(&reach.service));
        }
        if let Some((_, title)) = reach.subject.strip_prefix("callback ").and_then(|rest| rest.split_once(" of ")) {
            let operations = sides.map(|side| side.operation(&reach.service, "", title));
            return found.hit(self.statements.of_operation(&reach.service, &ids(&operations, title)));
        }
        let (operations, said) = if is_event(reach) {
            ([None, None], self.statements.of_event(&reach.key))
        } else {
            let operations = sides.map(|side| side.operation(&reach.service, &reach.key, &reach.subject));
            (operations, self.statements.of_operation(&reach.service, &ids(&operations, &reach.key)))
        };
        let touch = Touch::new(sides, &self.walks, change, reach, operations);
        for said in said {
            let Some(first) = said.first() else { continue };
            let consumer = first.usage.consumer.as_str();
            if let Some(grounds) = touch.judge(&said) {
                found.hit.entry(consumer.to_owned()).or_default().extend(grounds);
            } else if !found.spared.contains_key(consumer) {
                found.spared.insert(consumer.to_owned(), touch.instead(*first, &said));
            }
        }
    }

    /// Those who use something else of the service.
    fn others(&self, service: &str, is_event: bool, found: &mut Found) {
        for first in self.statements.firsts(service, is_event) {
            let consumer = first.usage.consumer.as_str();
            if !found.hit.contains_key(consumer) && !found.spared.contains_key(consumer) {
                found.spared.insert(consumer.to_owned(), first.ground());
            }
        }
    }

    /// Those who need a service.
    fn needing(&self, provider: &str) -> &[Need<'a>] {
        let rest = &self.needs[self.needs.partition_point(|need| need.provider < provider)..];
        &rest[..rest.partition_point(|need| need.provider == provider)]
    }

    /// The outcome, with those who need one that is hit. `sources` are the services that changed.
    fn impact(&self, found: Found, sources: &BTreeSet<&str>) -> Impact {
        let Found { hit, mut spared } = found;
        let mut transitive: BTreeMap<&str, Ground> = BTreeMap::new();
        let mut open: Vec<&str> = hit.keys().rev().map(String::as_str).collect();
        while let Some(name) = open.pop() {
            for Need { consumer, origin, .. } in self.needing(name) {
                let is_new = !hit.contains_key(*consumer) && !sources.contains(consumer);
                if is_new && !transitive.contains_key(consumer) {
                    let ground = Ground {
                        consumer: (*consumer).to_owned(),
                        kind: GroundKind::Transitive,
                        file: origin.file.to_string(),
                        line: origin.line,
                        base: false,
                        text: format!("needs `{name}`"),
                    };
                    transitive.insert(consumer, ground);
                    open.push(consumer);
                }
            }
        }
        // Who is hit through another is told as that.
        spared.retain(|name, _| !hit.contains_key(name) && !transitive.contains_key(name.as_str()));
        let mut impact = Impact::default();
        for (name, grounds) in hit {
            impact.consumers.push(name);
            impact.grounds.extend(grounds);
        }
        for (name, ground) in transitive {
            impact.transitive.push(name.to_owned());
            impact.grounds.push(ground);
        }
        for (name, ground) in spared {
            impact.unaffected.push(name);
            impact.grounds.push(ground);
        }
        impact
    }
}

impl Found {
    /// Everybody who says anything of it.
    fn hit(&mut self, said: Vec<Vec<Statement<'_>>>) {
        for one in said.iter().flatten() {
            self.hit.entry(one.usage.consumer.clone()).or_default().insert(one.ground());
        }
    }
}

fn is_event(reach: &Reach) -> bool {
    !matches!(reach.direction, Direction::Request | Direction::Response)
}

/// The ids under which an operation is known on both sides.
fn ids<'o>(operations: &[Option<&'o Operation>; 2], key: &'o str) -> Vec<&'o str> {
    let mut ids: Vec<&str> = operations.iter().flatten().map(|operation| operation.id.as_str()).chain([key]).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
