//! Waivers of the constitution: they hold back the findings of a rule, for a service or for all.

use std::collections::BTreeSet;

use super::names::bare;
use super::{Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::document::constitution::Waiver;
use crate::document::date::Date;

/// The waivers of one rule. Only complete ones count: they name the rule, a reason and an end date. The tool has no clock,
/// so that the same files give the same findings on every day: whether one has ended is judged where it is told the day.
#[derive(Default)]
pub(super) struct Waivers<'a> {
    /// Whether one of them is for all files.
    everywhere: bool,
    /// The services that they name.
    services: BTreeSet<&'a str>,
}

impl<'a> Waivers<'a> {
    /// Collects the waivers of `rule` that hold.
    pub(super) fn new(context: Context<'a>, rule: &Rule, today: Option<Date>) -> Waivers<'a> {
        let stated = context.documents.constitution.iter().flat_map(|constitution| &constitution.waivers);
        let of_rule = stated.filter(|waiver| names(waiver, rule.id) && is_complete(waiver));
        Waivers::of(of_rule.filter(|waiver| today.is_none_or(|today| end_of(waiver).is_some_and(|end| today <= end))))
    }

    fn of(complete: impl Iterator<Item = &'a Waiver>) -> Waivers<'a> {
        let mut waivers = Waivers::default();
        for waiver in complete {
            match &waiver.service {
                Some(service) => _ = waivers.services.insert(bare(service)),
                None => waivers.everywhere = true,
            }
        }
        waivers
    }

    /// Whether one of them holds the finding back.
    pub(super) fn hold_back(&self, context: Context<'_>, finding: &Diagnostic) -> bool {
        match &finding.missing {
            Some(path) => self.concern(path),
            None => self.concern(&context.sources.file(finding.route.file).path),
        }
    }

    /// Whether the file is one of a waiver's service.
    fn concern(&self, path: &str) -> bool {
        let service = path.strip_prefix("services/").and_then(|rest| rest.split_once('/')).map(|(service, _)| service);
        self.everywhere || service.is_some_and(|service| self.services.contains(service))
    }
}

/// Whether a text is a date `YYYY-MM-DD`.
pub(super) fn is_date(text: &str) -> bool {
    text.parse::<Date>().is_ok()
}

fn names(waiver: &Waiver, id: &str) -> bool {
    waiver.rule.as_ref().is_some_and(|rule| bare(&rule.value) == id)
}

/// Whether a waiver says what it must to hold anything back.
pub(super) fn is_complete(waiver: &Waiver) -> bool {
    let reason = waiver.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    reason && end_of(waiver).is_some()
}

/// The last day of a waiver.
pub(super) fn end_of(waiver: &Waiver) -> Option<Date> {
    waiver.until.as_deref()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Located;
    use crate::source::{FileId, Route};

    fn waiver(reason: Option<&str>, until: Option<&str>) -> Waiver {
        let route = Route::file(FileId(0));
        Waiver {
            rule: Some(Located::new("timeout-missing".to_owned(), route)),
            service: Some("order-service".to_owned()),
            reason: reason.map(str::to_owned),
            until: until.map(str::to_owned),
            route,
        }
    }

    #[test]
    fn only_a_complete_waiver_counts() {
        assert!(is_complete(&waiver(Some("old client"), Some("2027-01-31"))));
        assert!(!is_complete(&waiver(None, Some("2027-01-31"))));
        assert!(!is_complete(&waiver(Some("old client"), Some("soon"))));
        assert!(!is_date("2027-13-01") && !is_date("27-01-01") && !is_date("2027-1-1"));
    }

    #[test]
    fn a_waiver_is_for_its_service_alone() {
        let waiver = waiver(Some("x"), Some("2027-01-31"));
        let waivers = Waivers::of(std::iter::once(&waiver));
        assert!(waivers.concern("services/order-service/specs/001-a/spec.md"));
        assert!(!waivers.concern("services/order-service-2/specs/001-a/spec.md"));
        assert!(!waivers.concern("constitution.md"));
    }
}
