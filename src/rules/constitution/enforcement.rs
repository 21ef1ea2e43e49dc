//! Which rules hold a constitution's principles up.

use std::collections::BTreeMap;

use crate::document::constitution::{Bullet, Constitution, Part, is_about_people};
use crate::document::words::plain;
use crate::model::Standards;
use crate::source::Route;

/// A row of the table: words of a bullet, whole or begun (`idempoten*`), and the rules that then hold it up. `when` tells whether the model understood
/// the demand; a rule that waits for a standard which was not read enforces nothing.
struct Row {
    any: &'static [&'static str],
    rules: &'static [&'static str],
    when: fn(&Standards) -> bool,
}

const fn always(_: &Standards) -> bool {
    true
}

/// Words with which a constitution prefers events to calls.
pub(crate) const PREFERS_EVENTS: [&str; 11] = [
    "asynchronous",
    "event-driven",
    "event driven",
    "events preferred",
    "events are preferred",
    "prefer events",
    "events before",
    "events over",
    "events rather than",
    "events instead of",
    "via events",
];

/// The table, by topic. A bullet may match several rows.
const TABLE: &[Row] = &[
    Row {
        any: &[
            "shared database",
            "owns its data",
            "own its data",
            "own their data",
            "database per service",
            "data ownership",
            "own database",
            "owning service",
            "one owner",
            "single owner",
            "owned by one",
        ],
        rules: &["shared-database", "entity-two-owners"],
        when: always,
    },
    Row { any: &PREFERS_EVENTS, rules: &["synchronous-everywhere"], when: always },
    Row {
        any: &["health check", "health endpoint", "healthcheck", "health:"],
        rules: &["health-endpoint-missing"],
        when: |standards| standards.health_path.is_some(),
    },
    Row {
        any: &["api-first", "api first", "openapi", "contract-first", "contract first"],
        rules: &["service-without-contract"],
        when: always,
    },
    Row {
        any: &["/v1", "api versioning", "path prefix", "url prefix", "versioned api", "versioned path"],
        rules: &["path-prefix-missing"],
        when: |standards| standards.path_prefix.is_some(),
    },
    Row {
        any: &["api versioning", "versioned api", "apis are versioned"],
        rules: &["unversioned-api"],
        when: |standards| standards.path_prefix.is_none(),
    },
    Row {
        any: &["event naming", "event names", "name of events", "events are named"],
        rules: &["event-name-segments"],
        when: |standards| standards.event_segments.is_some(),
    },
    Row {
        any: &["7807", "9457", "problem detail", "problem+json"],
        rules: &["error-format-mismatch"],
        when: |standards| standards.problem_details,
    },
    Row {
        any: &["authenticat*", "jwt", "oauth", "access token", "bearer token"],
        rules: &["authentication-missing", "authentication-kind"],
        when: |standards| standards.authentication_required,
    },
    Row {
        any: &["call depth", "call chain", "chain of calls", "synchronous chain", "chain of synchronous", "hops"],
        rules: &["call-chain-too-deep"],
        when: always,
    },
    Row {
        any: &[
            "circular",
            "cyclic",
            "no cycle",
            "dependency cycle",
            "cycle of calls",
            "cycles of calls",
            "cycles between",
            "acyclic",
            "synchronous cycle",
        ],
        rules: &["dependency-cycle"],
        when: always,
    },
    Row {
        any: &["loosely coupled", "loose coupling", "independently deployable"],
        rules: &["dependency-cycle", "distributed-monolith", "chatty-service"],
        when: always,
    },
    Row {
        any: &["event schema", "schemas for events", "events have schemas", "schema for every event"],
        rules: &["event-without-schema", "event-without-contract", "event-schema-invalid"],
        when: always,
    },
    Row {
        any: &["one publisher", "single publisher", "owner of an event"],
        rules: &["event-two-publishers"],
        when: always,
    },
    Row {
        any: &["event compatibility", "compatibility of events"],
        rules: &["event-compatibility-mismatch", "event-compatibility-unknown"],
        when: always,
    },
    Row { any: &["idempoten*"], rules: &["idempotency-missing", "retry-without-idempotency"], when: always },
    Row { any: &["timeout"], rules: &["timeout-missing"], when: always },
    Row {
        any: &["failure mode", "graceful degradation", "degrade gracefully", "fault toleran*", "fallback", "resilien*"],
        rules: &["failure-mode-missing", "no-fault-tolerance"],
        when: always,
    },
    Row {
        any: &["dead letter", "dead-letter", "dlq"],
        rules: &["dead-letter-missing", "error-handling-missing"],
        when: always,
    },
    Row { any: &["saga", "compensat*"], rules: &["compensation-missing"], when: always },
    Row { any: &["monitoring", "observab*", "metrics", "runbook"], rules: &["missing-monitoring"], when: always },
    Row {
        any: &["spec first", "spec-first", "specification first", "every service has a spec", "specs required"],
        rules: &["spec-missing", "spec-empty"],
        when: always,
    },
];

/// Rules whose findings are errors where the constitution makes what they ask a must. Others judge by what is usual, or are errors anyway.
const DEMANDED: [&str; 10] = [
    "compensation-missing",
    "dead-letter-missing",
    "error-handling-missing",
    "event-without-contract",
    "event-without-schema",
    "failure-mode-missing",
    "idempotency-missing",
    "missing-monitoring",
    "service-without-contract",
    "timeout-missing",
];

/// Words by which a principle leaves no choice, and those by which it leaves some.
const MUST: [&str; 14] = [
    "all",
    "always",
    "any",
    "each",
    "every",
    "mandatory",
    "must",
    "never",
    "no",
    "required",
    "requires",
    "shall",
    "without",
    "cannot",
];
const MAY: [&str; 16] = [
    "aim",
    "can",
    "consider",
    "could",
    "encouraged",
    "goal",
    "ideally",
    "may",
    "might",
    "possible",
    "prefer",
    "preferred",
    "recommended",
    "should",
    "try",
    "where",
];

/// The rules whose findings are errors because the constitution says that it must be so, each with the first bullet that does:
/// a standard, or a principle with a word such as "every" or "must" and none such as "should".
pub(crate) fn demands(constitution: &Constitution, standards: &Standards) -> BTreeMap<&'static str, Route> {
    let mut demands = BTreeMap::new();
    for (bullet, rules) in enforcement(constitution, standards) {
        if is_must(bullet) {
            for rule in rules.into_iter().filter(|rule| DEMANDED.contains(rule)) {
                demands.entry(rule).or_insert(bullet.entry.route);
            }
        }
    }
    demands
}

fn is_must(bullet: &Bullet) -> bool {
    let text = plain(&format!("{} {}", bullet.entry.key, bullet.entry.value));
    let has = |known: &[&str]| text.split(' ').any(|word| known.contains(&word));
    match bullet.part {
        Part::Standards => !has(&MAY),
        Part::Principles => has(&MUST) && !has(&MAY),
        Part::Technology | Part::Other => false,
    }
}

/// Every bullet of the constitution with the rules that enforce it, in order; an empty list where none does. Technology
/// bullets that no rule checks still choose what is generated.
pub fn enforcement<'c>(constitution: &'c Constitution, standards: &Standards) -> Vec<(&'c Bullet, Vec<&'static str>)> {
    let rules_of = |bullet: &Bullet| {
        let text = format!("{}: {} ", bullet.entry.key, bullet.entry.value).to_lowercase();
        if is_about_people(&text) {
            return Vec::new();
        }
        let fits = |row: &&Row| row.any.iter().any(|words| says(&text, words));
        let rows = TABLE.iter().filter(|row| (row.when)(standards)).filter(fits);
        let mut rules: Vec<&'static str> = Vec::new();
        for rule in rows.flat_map(|row| row.rules) {
            if !rules.contains(rule) {
                rules.push(rule);
            }
        }
        // `Database: PostgreSQL per service`.
        let each = ["per service", "per microservice", "for each service", "for every service"];
        if rules.is_empty() && says(&text, "database") && each.iter().any(|words| says(&text, words)) {
            rules.push("shared-database");
        }
        rules
    };
    constitution.bullets.iter().map(|bullet| (bullet, rules_of(bullet))).collect()
}

/// Whether a text has words that end where a word ends, in the plural or not, or with `*` begin as one does.
fn says(text: &str, words: &str) -> bool {
    let (stem, whole) = words.strip_suffix('*').map_or((words, true), |stem| (stem, false));
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(stem).any(|(at, _)| {
        let rest = &text[at + stem.len()..];
        let begins = !is_word(stem.chars().next()) || !is_word(text[..at].chars().next_back());
        let ends =
            !is_word(stem.chars().next_back()) || !is_word(rest.strip_prefix('s').unwrap_or(rest).chars().next());
        begins && (ends || !whole)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::spec::KeyValue;
    use crate::source::FileId;

    fn bullets(texts: &[(&str, &str)]) -> Constitution {
        let route = Route::file(FileId(0));
        let bullet = |(key, value): &(&str, &str)| Bullet {
            part: Part::Principles,
            entry: KeyValue { key: (*key).to_owned(), value: (*value).to_owned(), route },
        };
        Constitution {
            file: FileId(0),
            title: None,
            sections: Vec::new(),
            bullets: texts.iter().map(bullet).collect(),
            waivers: Vec::new(),
        }
    }

    #[test]
    fn every_rule_of_the_table_exists() {
        for id in TABLE.iter().flat_map(|row| row.rules) {
            assert!(crate::rules::find(id).is_some(), "{id}");
        }
        let of_table = |id: &&str| TABLE.iter().any(|row| row.rules.contains(id));
        assert!(DEMANDED.iter().all(of_table), "each is in the table");
    }

    #[test]
    fn a_principle_without_a_way_out_is_a_must() {
        let demanded = |text: &str| {
            let found = demands(&bullets(&[("", text)]), &Standards::default());
            found.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(demanded("Every synchronous call has a timeout"), ["timeout-missing"]);
        assert_eq!(demanded("API-first design (OpenAPI specs required)"), ["service-without-contract"]);
        for text in ["Timeouts where possible", "Every call should have a timeout", "Idempotency", "No chatty services"]
        {
            assert_eq!(demanded(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn words_are_whole_and_speak_of_services() {
        let standards = Standards { health_path: Some("/health".to_owned()), ..Standards::default() };
        let rules = |value: &str| {
            let constitution = bullets(&[("", value)]);
            enforcement(&constitution, &standards).remove(0).1
        };
        for sentence in [
            "Every engineer has a health check once a year",
            "Workshops are held twice a year",
            "The release cycle takes two weeks",
            "One repository per service",
        ] {
            assert!(rules(sentence).is_empty(), "{sentence}");
        }
        assert_eq!(rules("Teams give each service health checks"), ["health-endpoint-missing"]);
        assert_eq!(rules("At most 3 hops"), ["call-chain-too-deep"]);
        assert_eq!(rules("No dependency cycles"), ["dependency-cycle"]);
        assert_eq!(rules("Handlers are idempotent"), ["idempotency-missing", "retry-without-idempotency"]);
        let database = bullets(&[("Database", "PostgreSQL per service"), ("Database", "PostgreSQL")]);
        let found: Vec<Vec<&str>> = enforcement(&database, &standards).into_iter().map(|(_, rules)| rules).collect();
        assert_eq!(found, [vec!["shared-database"], vec![]]);
    }

    #[test]
    fn principles_find_their_rules_and_others_find_none() {
        let constitution = bullets(&[
            ("", "Each service owns its data (no shared databases)"),
            ("", "All services must expose health checks"),
            ("", "Teams write blog posts"),
            ("Event naming", "domain.entity.action"),
        ]);
        let standards = Standards { event_segments: Some(3), ..Standards::default() };
        let found: Vec<Vec<&str>> =
            enforcement(&constitution, &standards).into_iter().map(|(_, rules)| rules).collect();
        assert_eq!(found[0], ["shared-database", "entity-two-owners"]);
        assert!(found[1].is_empty(), "a health path that was not read enforces nothing");
        assert!(found[2].is_empty());
        assert_eq!(found[3], ["event-name-segments"]);
    }
}
