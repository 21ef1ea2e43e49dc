//! A spec and a contract that name different compatibility modes for one event.

use std::collections::BTreeMap;

use super::look::{contracts, name_of, published};
use crate::diagnostic::{Findings, Severity};
use crate::document::Located;
use crate::document::compatibility::Compatibility;
use crate::document::spec::PublishedEvent;
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A spec and a contract that name different compatibility modes for one event.
pub(crate) static RULE: Rule = Rule {
    id: "event-compatibility-mismatch",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "The spec and the contract name different compatibility modes for one event",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-compatibility-mismatch.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut in_specs: BTreeMap<(&str, &str), Vec<&PublishedEvent>> = BTreeMap::new();
    for (service, event) in published(context) {
        in_specs.entry((service, bare(&event.name.value))).or_default().push(event);
    }
    for (service, contract) in contracts(context) {
        let publisher = contract.publisher.as_ref().and_then(|name| context.documents.service_named(&name.value));
        let (Some(service), Some(name)) = (publisher.or(service), name_of(contract)) else { continue };
        let Some(mode) = &contract.compatibility else { continue };
        let events = in_specs.get(&(service, name)).into_iter().flatten();
        for said in events.filter(|event| is_same_version(&event.version, &contract.version)) {
            let Some(written) = &said.compatibility else { continue };
            // One that does not exist is told by another rule.
            let modes = [written, mode].map(|one| Compatibility::parse(&one.value));
            if let [Some(one), Some(other)] = modes
                && one != other
            {
                let message =
                    format!("The compatibility of `{name}` is `{}` here, and `{}` in the contract", written.value, mode.value);
                let finding = RULE.finding(written.route, message).related(mode.route, "the contract's, which counts");
                out.push(finding.help(format!("Write `{}`, or change the contract", mode.value)));
            }
        }
    }
}

/// Whether both may be the same version: an entry that names none speaks of all.
fn is_same_version(one: &Option<Located<String>>, other: &Option<Located<String>>) -> bool {
    let number = |version: &Located<String>| bare(&version.value).trim_start_matches(['v', 'V']).to_owned();
    match (one, other) {
        (Some(one), Some(other)) => number(one) == number(other),
        _ => true,
    }
}
