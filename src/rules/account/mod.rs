//! The account of a run: what holds and what does not, claim by claim, and what to do next. The findings say where; the
//! account says how the platform, or one service, stands.

mod claims;
mod next;

use claims::{CLAIMS, Claim, Topic};

use super::Context;
use super::registry::Subject;
use crate::diagnostic::{AccountLine, Finding, Severity};
use crate::document::ServiceDocuments;

/// What an account is about.
#[derive(Clone, Copy)]
struct Scope<'a> {
    context: Context<'a>,
    /// The one service that was asked for.
    service: Option<&'a str>,
}

impl<'a> Scope<'a> {
    /// The services in question.
    fn services(self) -> impl Iterator<Item = &'a ServiceDocuments> {
        let all = self.context.documents.services.iter();
        all.filter(move |service| self.service.is_none_or(|name| name == service.name))
    }

    /// One wording for one service, another one for the platform.
    fn word(self, one: &str, all: &str) -> String {
        if self.service.is_some() { one.to_owned() } else { all.to_owned() }
    }
}

/// The lines of the account for the subjects that were checked (none means all), and what to do next. `findings` are
/// those that are reported, with everything held back left out.
pub fn account(
    context: Context<'_>,
    subjects: &[Subject],
    service: Option<&str>,
    findings: &[Finding],
) -> (Vec<AccountLine>, Option<String>) {
    let scope = Scope { context, service };
    let asked = |subject: Subject| subjects.is_empty() || subjects.contains(&subject);
    let mut lines = Vec::new();
    let mut told = vec![false; findings.len()];
    for claim in CLAIMS.iter().filter(|claim| asked(claim.subject)) {
        let mut failed = Vec::new();
        for (at, finding) in findings.iter().enumerate() {
            if !told[at] && claim.is_about(finding) {
                told[at] = true;
                failed.push(finding);
            }
        }
        lines.extend(lines_of(scope, claim, &failed));
    }
    lines.extend(rest(findings, &told));
    let missing = if asked(Subject::Contracts) { claims::not_implemented(scope, findings) } else { Vec::new() };
    lines.extend(missing.iter().map(|missing| AccountLine::warns(missing.text.clone())));
    let names: Vec<&str> = missing.iter().filter_map(|missing| missing.build.as_deref()).collect();
    (lines, next::step(scope, subjects, findings, &names))
}

/// What one claim comes to.
fn lines_of(scope: Scope<'_>, claim: &Claim, failed: &[&Finding]) -> Option<AccountLine> {
    let worst = failed.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
    if worst == Severity::Info {
        return (claim.holds)(scope).map(AccountLine::holds);
    }
    let text = match claim.topic {
        Topic::Message => failed[0].message.replace('`', ""),
        Topic::Counted(topic) => format!("{topic}: {}{}", counted(failed), services(scope, failed)),
        Topic::Elsewhere => return None,
    };
    Some(if worst == Severity::Error { AccountLine::fails(text) } else { AccountLine::warns(text) })
}

/// Findings that no claim speaks of.
fn rest(findings: &[Finding], told: &[bool]) -> Option<AccountLine> {
    let left: Vec<&Finding> =
        findings.iter().zip(told).filter(|(_, told)| !**told).map(|(finding, _)| finding).collect();
    let left: Vec<&Finding> = left.into_iter().filter(|finding| finding.severity > Severity::Info).collect();
    if left.is_empty() {
        return None;
    }
    let text = format!("Other rules: {}", counted(&left));
    let errors = left.iter().any(|finding| finding.severity == Severity::Error);
    Some(if errors { AccountLine::fails(text) } else { AccountLine::warns(text) })
}

/// "2 errors and 1 warning".
fn counted(findings: &[&Finding]) -> String {
    let of = |severity: Severity, one: &str| {
        let count = findings.iter().filter(|finding| finding.severity == severity).count();
        match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{} {one}s", thousands(count))),
        }
    };
    [of(Severity::Error, "error"), of(Severity::Warning, "warning")]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" and ")
}

/// The services that the findings stand in, in brackets; nothing for one service, or where they stand elsewhere.
fn services(scope: Scope<'_>, findings: &[&Finding]) -> String {
    let mut names: Vec<&str> = findings
        .iter()
        .filter_map(|finding| finding.position.file.strip_prefix("services/")?.split('/').next())
        .collect();
    names.sort_unstable();
    names.dedup();
    match (scope.service, names.as_slice()) {
        (Some(_), _) | (None, []) => String::new(),
        (None, [names @ .., last]) if names.len() >= 4 => {
            format!(" ({}, … {last})", names[..3].join(", "))
        }
        (None, names) => format!(" ({})", names.join(", ")),
    }
}

/// A number with a comma between its thousands.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::AccountState;
    use crate::document::read::{read, wanted};
    use crate::rules::{Selection, run};
    use crate::source::{MemoryStore, Store, load_listed};

    const AUTH: &str = "# Auth Specification\n\n### Service Name\nauth-service\n\n### Service Boundary\n**Responsible for:**\n\
        - Tokens of all users, and their validation for every other service of the platform\n\n## User Scenarios\n\n\
        ### P1: Login\n**Given** a user\n**When** the password is right\n**Then** there is a token, valid for a quarter of an hour\n\n\
        ## Service Dependencies\nNone\n\n## Events Published\nNone\n\n## Events Consumed\nNone\n\n## Data Ownership\n\
        - User: who may log in\n\n## Non-Functional Requirements\n- Availability: 99.9 %\n";

    fn told(files: &[(&str, &str)], subjects: &[Subject], service: Option<&str>) -> (Vec<AccountLine>, Option<String>) {
        let store = MemoryStore::new(files.iter().map(|(path, text)| (*path, text.as_bytes().to_vec())));
        let listing = store.list().unwrap();
        let sources = load_listed(&store, &listing, &wanted);
        let documents = read(&sources, &listing);
        let platform = crate::model::build(&sources, &documents);
        let context = Context { sources: &sources, documents: &documents, platform: &platform };
        let selection = Selection { subjects: subjects.to_vec(), ..Selection::default() };
        let findings: Vec<Finding> =
            run(context, &selection).iter().map(|found| Finding::resolve(found, &sources, None)).collect();
        account(context, subjects, service, &findings)
    }

    #[test]
    fn a_good_spec_is_ready_for_planning() {
        let files = [("services/auth-service/specs/001-auth/spec.md", AUTH)];
        let (lines, next) = told(&files, &[Subject::Spec], Some("auth-service"));
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert!(texts.contains(&"spec.md: All required sections present"), "{texts:?}");
        assert!(texts.contains(&"No TODO/TBD placeholders found"), "{texts:?}");
        assert!(
            texts.iter().any(|text| text.starts_with("Sufficient content (") && text.ends_with(" bytes)")),
            "{texts:?}"
        );
        assert!(lines.iter().all(|line| line.state == AccountState::Holds), "{lines:?}");
        assert_eq!(next.as_deref(), Some("Ready to proceed to planning phase"));
    }

    #[test]
    fn what_may_be_done_already_is_advised_on_a_condition() {
        let (_, next) = told(&[("services/auth-service/specs/001-auth/spec.md", AUTH)], &[], None);
        assert!(next.as_deref().is_some_and(|next| next.starts_with("Run `agentspec generate` if ")), "{next:?}");
    }

    #[test]
    fn what_fails_is_counted_and_named() {
        let spec = AUTH.replace("a quarter of an hour", "TBD").replace("### Service Name\nauth-service\n", "");
        let files = [("services/auth-service/specs/001-auth/spec.md", spec.as_str())];
        let (lines, next) = told(&files, &[Subject::Spec], None);
        assert!(lines.contains(&AccountLine::fails("Required sections: 1 error (auth-service)")), "{lines:?}");
        assert!(lines.contains(&AccountLine::warns("Placeholders: 1 warning (auth-service)")), "{lines:?}");
        assert_eq!(next.as_deref(), Some("Mend the error, then run the check again"));
    }

    #[test]
    fn a_consumer_that_is_not_built_yet_is_told() {
        let user = "# User Specification\n\n### Service Type\nWorker\n\n### Upstream Services\n\n| Service | Purpose |\n|---|---|\n\
            | auth-service | Tokens |\n\n## Events Published\n\n### Event: user.profile.created\n**Consumers:** order-service\n";
        let events = r#"{"events":[{"eventType":"user.profile.created","version":"v1","schema":{"type":"object"},
            "consumers":["order-service"]}]}"#;
        let files = [
            ("services/auth-service/specs/001-auth/spec.md", AUTH),
            ("services/auth-service/src/app.py", ""),
            ("services/user-service/src/app.py", ""),
            ("services/user-service/specs/001-user/spec.md", user),
            ("services/user-service/contracts/events/user-events.json", events),
        ];
        let (lines, next) = told(&files, &[Subject::Contracts], Some("user-service"));
        assert!(lines.contains(&AccountLine::holds("All dependencies exist (auth-service found)")), "{lines:?}");
        assert!(lines.contains(&AccountLine::holds("Event schemas well-defined")), "{lines:?}");
        assert!(
            lines.contains(&AccountLine::warns("order-service listed as consumer but not yet implemented")),
            "{lines:?}"
        );
        assert_eq!(next.as_deref(), Some("Implement order-service to complete dependency chain"));
    }

    #[test]
    fn who_is_missing_is_told_and_nobody_else() {
        let user = "# User Specification\n\n### Downstream Services\n\n| Service | What They Use |\n|---|---|\n\
            | stock-service | Users |\n| order-service | Users |\n";
        let order = AUTH.replace("auth-service", "order-service");
        let files = [
            ("services/user-service/specs/001-user/spec.md", user),
            ("services/order-service/specs/001-order/spec.md", order.as_str()),
        ];
        let missing = |files: &[(&str, &str)], service| {
            let (lines, _) = told(files, &[Subject::Contracts], service);
            let texts = lines.into_iter().map(|line| line.text);
            texts.filter(|text| text.contains("not yet") || text.contains("All declared")).collect::<Vec<_>>()
        };
        let stock = "stock-service listed as consumer but not yet implemented";
        assert_eq!(missing(&files, None), [stock]);
        assert_eq!(missing(&files, Some("user-service")), [stock]);
        let clean = user.replace("| stock-service | Users |\n", "");
        let mut files = vec![("services/user-service/specs/001-user/spec.md", clean.as_str()), files[1]];
        assert_eq!(missing(&files, Some("user-service")), ["All declared consumers exist"]);
        files.push(("services/user-service/src/app.py", ""));
        let order = "order-service listed as consumer but not yet implemented";
        assert_eq!(missing(&files, Some("user-service")), [order]);
    }

    #[test]
    fn numbers_have_commas() {
        assert_eq!(
            (thousands(7), thousands(2340), thousands(1234567)),
            ("7".into(), "2,340".into(), "1,234,567".into())
        );
    }
}
