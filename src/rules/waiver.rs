//! Waivers of the constitution: they hold back the findings of a rule, for a service or for all.

use super::names::bare;
use super::{Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::document::constitution::Waiver;

/// Whether a waiver holds the finding back. Only a complete one does: it names the rule, a reason and an end date. The
/// tool has no clock, so that the same files give the same findings on every day; who reads the constitution sees the
/// date.
pub(super) fn holds_back(context: Context<'_>, rule: &Rule, finding: &Diagnostic) -> bool {
    let Some(constitution) = &context.documents.constitution else { return false };
    let path = match &finding.missing {
        Some(path) => path,
        None => &context.sources.file(finding.route.file).path,
    };
    constitution.waivers.iter().any(|waiver| names(waiver, rule.id) && is_complete(waiver) && concerns(waiver, path))
}

/// Whether a text is a date `YYYY-MM-DD`.
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let number = |part: &str, length: usize| {
        (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<u32>().ok())?
    };
    let [year, month, day] = parts.as_slice() else { return false };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
}

fn names(waiver: &Waiver, id: &str) -> bool {
    waiver.rule.as_ref().is_some_and(|rule| bare(&rule.value) == id)
}

fn is_complete(waiver: &Waiver) -> bool {
    let reason = waiver.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    reason && waiver.until.as_deref().is_some_and(is_date)
}

/// Whether the file is one of the waiver's service; every file where it names none.
fn concerns(waiver: &Waiver, path: &str) -> bool {
    let Some(service) = &waiver.service else { return true };
    let rest = path.strip_prefix("services/").and_then(|rest| rest.strip_prefix(bare(service)));
    rest.is_some_and(|rest| rest.starts_with('/'))
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
        assert!(concerns(&waiver, "services/order-service/specs/001-a/spec.md"));
        assert!(!concerns(&waiver, "services/order-service-2/specs/001-a/spec.md"));
        assert!(!concerns(&waiver, "constitution.md"));
    }
}
