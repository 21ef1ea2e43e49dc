//! Events that another service publishes from now on: the comparison joins events by name, so a move is no change there, while
//! whoever is released alone takes the event with it.

use super::change::{Action, Change, Direction, Effect, Kind, Reach};
use super::consumers::Consumers;
use super::release::{Obstacle, Release, Way};
use super::verdict::row;
use crate::model::{Event, Origin};

impl Release<'_> {
    /// Each event of both sides that is published by others than before, as it was and as it is.
    fn moved(&self) -> impl Iterator<Item = (&Event, &Event)> {
        let pairs = self.released.events.iter().filter_map(|before| Some((before, self.tree.event(&before.name)?)));
        // What is no longer defined at all is removed, and observed as that.
        pairs.filter(|(before, after)| before.publishers != after.publishers && !after.definitions.is_empty())
    }

    /// The services that begin or cease to publish an event; a shared file can say so where no file of theirs differs.
    pub(super) fn movers(&self) -> Vec<String> {
        let one_sided = |(before, after): (&Event, &Event)| {
            let all = before.publishers.iter().chain(&after.publishers).cloned().collect::<Vec<_>>();
            let both = |name: &String| before.publishers.contains(name) && after.publishers.contains(name);
            all.into_iter().filter(move |name| !both(name)).collect::<Vec<_>>()
        };
        self.moved().flat_map(one_sided).collect()
    }

    /// What stands between a service and its release where it no longer publishes an event that is used: who publishes it
    /// from now on is released before; where that is nobody, the event is gone.
    pub(super) fn moved_away(&self, users: &Consumers<'_>) -> Vec<Obstacle> {
        let mut found = Vec::new();
        for (before, after) in self.moved() {
            // Where somebody else publishes it at the revision, it goes on coming.
            let [from] = &before.publishers[..] else { continue };
            if after.publishers.contains(from) {
                continue;
            }
            let change = removal(before, from, after);
            // Nothing observed it, so no approval names it.
            let broken = self.broken(&change, users).into_iter().map(|one| Obstacle { changed: None, ..one });
            let Some(to) = after.publishers.first() else {
                found.extend(broken);
                continue;
            };
            let mut names: Vec<String> = broken.map(|obstacle| format!("`{}`", obstacle.other)).collect();
            names.sort();
            let (Some(last), event, at) = (names.pop(), &before.name, self.name) else { continue };
            let (all, verb) = match names.is_empty() {
                true => (last, "uses"),
                false => (format!("{} and {last}", names.join(", ")), "use"),
            };
            found.push(Obstacle {
                service: from.clone(),
                way: Way::Needs,
                other: to.clone(),
                text: format!("`{to}` does not publish `{event}` at {at}, which {all} {verb} there"),
                rule: Some(row(&change).id),
                certain: true,
                origin: change.new_origin,
                changed: None,
                moves: true,
            });
        }
        found
    }
}

/// The release of the service alone, as a change: the event is gone.
fn removal(before: &Event, from: &str, after: &Event) -> Change {
    let origin = |event: &Event| -> Option<Origin> {
        event.definitions.iter().find_map(|one| one.contract.clone().or(one.spec.clone()))
    };
    let name = before.name.as_str();
    let reach = Reach { service: from.into(), subject: name.into(), key: name.into(), direction: Direction::Event };
    Change::new(Kind::Event, Action::Removed, Effect::Narrowed, name)
        .places(origin(before).as_ref(), origin(after).as_ref())
        .reaching(&[reach].into())
}
