//! What a change asks of the version: a breaking one wants a new major path, or version of an event, beside the old, and
//! `info.version` to follow.

use std::cmp::Ordering;
use std::sync::Arc;

use super::change::{Action, Change, Effect, Kind, Reach};
use super::finding::Sides;
use super::verdict::{Verdict, find, verdict};
use crate::diagnostic::{Changed, Diagnostic, Severity};
use crate::document::VersionPolicy;
use crate::model::{Api, Origin};

/// The row of the findings made here.
const NOT_RAISED: &str = "contract-version-not-raised";

/// What the changes of a contract ask of its version, from little to much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asks {
    Addition,
    Break,
}

/// A finding for each contract whose `info.version` does not follow its changes.
pub fn version_findings(sides: Sides<'_>, changes: &[Change], service: Option<&str>) -> Vec<Diagnostic> {
    let policy = sides.new.standards.version_policy;
    let services = sides.new.services.iter().filter(|one| service.is_none_or(|name| one.name == name));
    let mut found = Vec::new();
    for one in services.filter(|_| policy != VersionPolicy::Off) {
        let before = sides.old.service(&one.name).and_then(|service| service.api.as_ref());
        let (Some(old), Some(new)) = (before, &one.api) else { continue };
        let asks = changes.iter().filter_map(|change| asks(change, &one.name)).max();
        found.extend(asks.and_then(|asks| judge(sides, &one.name, (old, new), asks)));
    }
    found
}

/// What a change of a service's HTTP contract asks of the version.
fn asks(change: &Change, service: &str) -> Option<Asks> {
    let reaches = change.reaches.iter().filter(|reach| reach.service == service && !reach.direction.is_event());
    let worst = reaches.map(|reach| verdict(change, reach.direction)).max()?;
    match worst {
        Verdict::BreaksConsumers => Some(Asks::Break),
        _ if is_addition(change) => Some(Asks::Addition),
        _ => None,
    }
}

/// Whether there is something to use that was not there, or something is announced to go.
fn is_addition(change: &Change) -> bool {
    match change.kind {
        Kind::ContractVersion | Kind::OperationId | Kind::Tag | Kind::Server => false,
        Kind::Deprecation => change.action == Action::Added,
        _ => change.action == Action::Added || change.effect == Effect::Widened,
    }
}

fn judge(sides: Sides<'_>, service: &str, (old, new): (&Api, &Api), asks: Asks) -> Option<Diagnostic> {
    let (from, to) = (old.version.trim(), new.version.trim());
    if from.is_empty() || to.is_empty() {
        return None;
    }
    let wanted = wanted(from, to, asks)?;
    let severity = match (asks, sides.new.standards.version_policy) {
        (Asks::Addition, VersionPolicy::Breaking) => Severity::Info,
        _ => Severity::Warning,
    };
    let change = if asks == Asks::Break { "A breaking change" } else { "An addition" };
    let now = if from == to { format!("is still {to}") } else { format!("went from {from} to {to}") };
    let message = format!("{change} asks for version {wanted} of the contract, which {now}");
    let route = version_of(new).route(sides.new_sources)?;
    let changed = Changed { service: service.to_owned(), at: Arc::default(), subject: "info.version".into() };
    let mut diagnostic = Diagnostic::new(NOT_RAISED, severity, route, message).changed(changed);
    if let Some(before) = version_of(old).route(sides.old_sources) {
        diagnostic = diagnostic.related_base(before, "as it was");
    }
    let row = find(NOT_RAISED)?;
    let help = match asks {
        Asks::Break => {
            format!("Set `info.version` to {wanted}, or leave the old form beside the new one: then nothing breaks")
        }
        Asks::Addition => format!("Set `info.version` to {wanted}"),
    };
    Some(diagnostic.note(row.why).help(help))
}

/// Where the version of a contract stands.
fn version_of(api: &Api) -> Origin {
    Origin { pointer: Some("/info/version".into()), ..api.origin.clone() }
}

/// The least version that the changes ask for, where the stated one is less.
fn wanted(from: &str, to: &str, asks: Asks) -> Option<String> {
    let (old, new) = match (Version::parse(from), Version::parse(to)) {
        (Some(old), Some(new)) if !old.is_pre_release => (old, new),
        // Dates and words have no order that everybody shares, and a pre-release promises nothing: after a break they must
        // differ.
        _ => return (asks == Asks::Break && from == to).then(|| format!("other than {from}")),
    };
    let [major, minor, patch] = old.numbers;
    let wanted = match (asks, major) {
        (Asks::Break, 0) => [0, minor.saturating_add(1), 0],
        (Asks::Break, _) => [major.saturating_add(1), 0, 0],
        (Asks::Addition, 0) => [0, minor, patch.saturating_add(1)],
        (Asks::Addition, _) => [major, minor.saturating_add(1), 0],
    };
    let is_less = new.numbers.cmp(&wanted) == Ordering::Less;
    is_less.then(|| wanted.map(|number| number.to_string()).join("."))
}

/// A version as semantic versioning 2.0.0 has it; one or two numbers count as if `.0` followed.
struct Version {
    numbers: [u64; 3],
    is_pre_release: bool,
}

impl Version {
    fn parse(text: &str) -> Option<Version> {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let core = text.split(['-', '+']).next().unwrap_or_default();
        let parts: Vec<&str> = core.split('.').collect();
        // `2024-05-01` is a date, and so is `2024.05.01`.
        let is_number =
            |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit()) && (part.len() == 1 || !part.starts_with('0'));
        let has_suffix = core.len() < text.len();
        if parts.len() > 3 || (has_suffix && parts.len() != 3) || !parts.iter().all(is_number) {
            return None;
        }
        let mut numbers = [0; 3];
        for (slot, part) in numbers.iter_mut().zip(&parts) {
            *slot = part.parse().ok()?;
        }
        Some(Version { numbers, is_pre_release: text[core.len()..].starts_with('-') })
    }
}

/// What could stand beside the operation or event so that nobody who uses it is hit: the next major path or version.
pub(super) fn beside(sides: Sides<'_>, change: &Change, reach: &Reach) -> Option<String> {
    if matches!(change.kind, Kind::Event | Kind::EventName | Kind::EventVersion | Kind::EventTopic | Kind::EventSchema)
    {
        return None;
    }
    let (subject, next) = if reach.direction.is_event() {
        let version = sides.new.event(&reach.key)?.definitions.first()?.version.as_deref()?;
        let digits = version.trim_start_matches(['v', 'V']);
        let next = digits.parse::<u32>().ok()?.checked_add(1)?;
        (
            format!("version {version}"),
            format!("version {}{next} of `{}`", &version[..version.len() - digits.len()], reach.key),
        )
    } else {
        let (method, path) = reach.subject.split_once(' ').filter(|(_, path)| path.starts_with('/'))?;
        (format!("`{}`", reach.subject), format!("`{method} {}`", next_major(path)?))
    };
    Some(format!("{next} beside {subject} would leave those alone who use it now"))
}

/// The path with its major version raised by one: `/api/v2/users` for `/api/v1/users`.
fn next_major(path: &str) -> Option<String> {
    let mut segments: Vec<String> = path.split('/').map(str::to_owned).collect();
    let version = segments.iter_mut().find_map(|segment| {
        let number = segment.strip_prefix('v')?.parse::<u32>().ok()?;
        Some((number.checked_add(1)?, segment))
    });
    let (next, segment) = version?;
    *segment = format!("v{next}");
    Some(segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_follow_semantic_versioning() {
        let cases = [
            ("1.2.3", "1.2.3", Some("2.0.0"), Some("1.3.0")),
            ("1.2.3", "1.2.4", Some("2.0.0"), Some("1.3.0")),
            ("1.2.3", "1.3.0", Some("2.0.0"), None),
            ("1.2.3", "2.0.0", None, None),
            ("v1", "v1", Some("2.0.0"), Some("1.1.0")),
            ("1", "2", None, None),
            ("1.0", "1.1", Some("2.0.0"), None),
            ("0.3.1", "0.3.1", Some("0.4.0"), Some("0.3.2")),
            ("0.3.1", "0.4.0", None, None),
            ("0.3.1", "1.0.0", None, None),
            ("1.0.0-rc.1", "1.0.0", None, None),
            ("1.0.0-rc.1", "1.0.0-rc.1", Some("other than 1.0.0-rc.1"), None),
            ("1.0.0+7", "1.0.0+8", Some("2.0.0"), Some("1.1.0")),
            ("2.0.0", "1.0.0", Some("3.0.0"), Some("2.1.0")),
            ("2024-05-01", "2024-05-01", Some("other than 2024-05-01"), None),
            ("2024-05-01", "2024-06-01", None, None),
            ("2024.05.01", "2024.05.01", Some("other than 2024.05.01"), None),
        ];
        for (from, to, broken, added) in cases {
            assert_eq!(wanted(from, to, Asks::Break).as_deref(), broken, "{from} to {to} with a break");
            assert_eq!(wanted(from, to, Asks::Addition).as_deref(), added, "{from} to {to} with an addition");
        }
        let most = u64::MAX.to_string();
        assert_eq!(wanted(&most, &most, Asks::Break), None, "there is no more");
    }

    #[test]
    fn the_next_major_path() {
        assert_eq!(next_major("/api/v1/users/{id}").as_deref(), Some("/api/v2/users/{id}"));
        assert_eq!(next_major("/v12").as_deref(), Some("/v13"));
        assert_eq!(next_major("/users/vip"), None);
        assert_eq!(next_major("/users"), None);
    }
}
