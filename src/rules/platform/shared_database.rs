//! A database that two services use.

use std::collections::BTreeMap;

use super::look::specs;
use crate::diagnostic::{Findings, Severity};
use crate::document::words::{DATABASE_PRODUCTS, is_none};
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A database that two services use.
pub(crate) static RULE: Rule = Rule {
    id: "shared-database",
    family: Family::Platform,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Two services use the same database",
    subjects: &[Subject::Spec, Subject::Contracts],
    docs: include_str!("../../../docs/rules/shared-database.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut seen: BTreeMap<String, (&str, Route)> = BTreeMap::new();
    for (service, spec) in specs(context) {
        for database in &spec.databases {
            let name = bare(database.value.split('(').next().unwrap_or_default());
            let key = name.to_lowercase();
            if key.is_empty() || is_none(&key) || DATABASE_PRODUCTS.contains(&key.as_str()) {
                continue;
            }
            match seen.get(&key) {
                Some((owner, _)) if *owner == service => {}
                Some((owner, first)) => {
                    let message = format!("`{owner}` and `{service}` share the database `{name}`");
                    let finding = RULE.finding(database.route, message);
                    let finding = finding.related(*first, format!("`{owner}` uses it too"));
                    let help = format!("Give `{service}` a database of its own, and let it ask `{owner}` for its data");
                    out.push(finding.help(help));
                }
                None => {
                    seen.insert(key, (service, database.route));
                }
            }
        }
    }
}
