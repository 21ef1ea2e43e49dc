//! What is left of the diagnostics of a run: those of the asked service, less what is suppressed or in the baseline.

use std::collections::{BTreeMap, BTreeSet};

use crate::compat;
use crate::diagnostic::baseline::Baseline;
use crate::diagnostic::{AccountLine, Diagnostic, Finding, Severity, Summary, suppress};
use crate::document::config::RuleLevel;
use crate::document::date::Date;
use crate::rules::{self, Check, Family};
use crate::source::{Content, SourceFile};
use crate::workspace::Workspace;

/// What a run reports on.
#[derive(Debug, Default)]
pub struct Scope<'a> {
    /// Only this service: findings in its folder, and those that point there.
    pub service: Option<&'a str>,
    /// The findings that are held back.
    pub baseline: Option<Baseline>,
    /// The day on which waivers have ended or not; none is judged where there is none, as there is no clock.
    pub today: Option<Date>,
}

/// The result of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The findings, in report order.
    pub findings: Vec<Finding>,
    /// How many there are, those held back included.
    pub summary: Summary,
    /// What holds and what does not.
    pub account: Vec<AccountLine>,
    /// What to do now, as a sentence.
    pub next: Option<String>,
    /// Whether warnings fail the run (`validation.strict`).
    pub strict: bool,
}

/// Resolves diagnostics and holds back what is to be held back. `ran` says whether a rule ran over the file at a path; an empty
/// rule or path stands for any.
pub(super) fn settle(
    workspace: &Workspace,
    base: Option<&Workspace>,
    diagnostics: Vec<Diagnostic>,
    scope: &Scope<'_>,
    ran: &dyn Fn(&str, &str) -> bool,
) -> Outcome {
    let prefix = scope.service.map(|name| folder(workspace, name));
    let inside = |path: &str| prefix.as_ref().is_none_or(|prefix| path.starts_with(prefix));
    let off = switched_off(workspace);
    let ran_over = |rule: &str, path: &str| {
        ran(rule, path) && !off.contains(rule) && inside(path) && was_read(workspace, rule, path)
    };
    let about = |finding: &Finding| {
        inside(&finding.position.file) || finding.related.iter().any(|related| inside(&related.position.file))
    };
    let mut findings = resolve(workspace, base, diagnostics);
    findings.retain(about);
    let known: Vec<&str> = rules::all().map(|rule| rule.id).chain(compat::ROWS.iter().map(|row| row.id)).collect();
    let found = findings.len();
    let outcome = suppress::apply(findings, &workspace.sources, suppress::Rules { known: &known, ran: &ran_over });
    let mut kept = outcome.kept;
    if let Some(baseline) = &scope.baseline {
        let outcome = baseline.apply(kept, &ran_over);
        kept = outcome.kept;
        kept.extend(outcome.stale);
    }
    let left = kept.iter().filter(|finding| finding.rule != crate::diagnostic::baseline::STALE).count();
    kept.extend(resolve(workspace, base, outcome.problems).into_iter().filter(about));
    let levels = workspace.documents.config.rules.iter().rev();
    let levels = levels.map(|(id, level, _)| (id.as_str(), *level)).collect();
    kept.retain_mut(|finding| at_configured_level(&levels, finding));
    Finding::sort(&mut kept);
    Outcome {
        summary: Summary { suppressed: found - left, ..Summary::of(&kept) },
        findings: kept,
        strict: workspace.documents.config.strict,
        ..Outcome::default()
    }
}

/// The rules that the configuration switches off, so that they did not run.
fn switched_off(workspace: &Workspace) -> BTreeSet<&'static str> {
    let rules = workspace.documents.config.rules.iter();
    let levels: BTreeMap<&str, RuleLevel> = rules.rev().map(|(id, level, _)| (id.as_str(), *level)).collect();
    rules::all().map(|rule| rule.id).filter(|id| levels.get(id) == Some(&RuleLevel::Off)).collect()
}

/// Whether a rule could see what a file holds, or all files for an empty path. Of one that cannot be read only the rules on reading have anything to say.
fn was_read(workspace: &Workspace, rule: &str, path: &str) -> bool {
    let on_reading = || rules::find(rule).is_some_and(|rule| rule.family == Family::Document);
    let is_unread = |file: &SourceFile| matches!(file.content, Content::Nothing) && !file.problems.is_empty();
    let files = &workspace.sources;
    let any_unread = match path {
        "" => files.iter().any(|(_, file)| is_unread(file)),
        _ => files.id_of(path).is_some_and(|id| is_unread(files.file(id))),
    };
    !any_unread || on_reading()
}

/// Gives what was found on suppressions and the baseline the severity of the configuration; false for `off`. All other
/// findings have theirs already.
fn at_configured_level(levels: &BTreeMap<&str, RuleLevel>, finding: &mut Finding) -> bool {
    if !rules::find(&finding.rule).is_some_and(|rule| matches!(rule.check, Check::Afterwards)) {
        return true;
    }
    finding.severity = match levels.get(finding.rule.as_str()) {
        Some(RuleLevel::Off) => return false,
        Some(RuleLevel::Info) => Severity::Info,
        Some(RuleLevel::Warning) => Severity::Warning,
        Some(RuleLevel::Error) => Severity::Error,
        None => finding.severity,
    };
    true
}

/// The folder of a service, with a slash behind it.
pub(super) fn folder(workspace: &Workspace, service: &str) -> String {
    let folder = workspace.platform.service(service).map(|service| service.folder.clone());
    format!("{}/", folder.unwrap_or_else(|| format!("services/{service}")))
}

fn resolve(workspace: &Workspace, base: Option<&Workspace>, mut diagnostics: Vec<Diagnostic>) -> Vec<Finding> {
    let base = base.map(|base| &base.sources);
    let mut findings = Vec::with_capacity(diagnostics.len());
    diagnostics.reverse();
    while let Some(one) = diagnostics.pop() {
        findings.push(Finding::resolve(&one, &workspace.sources, base));
        // Thousands of both would be twice as much.
        if findings.len() % 1000 == 0 {
            diagnostics.shrink_to_fit();
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Base, History, breaking_changes, validate};
    use crate::rules::Subject;
    use crate::source::MemoryStore;

    const CONTRACT: &str = "services/s/contracts/api-spec.yaml";
    const STALE: &str = "openapi: 3.0.3\n# agentspec-ignore server-trailing-slash: x\npaths: {}\n";

    /// The rules that speak of what is stale, in a run over a contract with a suppression.
    fn stale(config: &str, baseline: &str) -> Vec<String> {
        stale_of(config, baseline, &[])
    }

    fn stale_of(config: &str, baseline: &str, subjects: &[Subject]) -> Vec<String> {
        let store = MemoryStore::new([(CONTRACT, STALE), (".speckit.config.json", config)]);
        let text = format!(r#"{{"version":1,"findings":[{baseline}]}}"#);
        let baseline = Some(Baseline::read("b.json", &text).unwrap());
        let outcome = validate(&Workspace::load(&store).unwrap(), subjects, &Scope { baseline, ..Scope::default() });
        let rules = outcome.findings.into_iter().map(|finding| finding.rule);
        rules.filter(|rule| rule.ends_with("-stale")).collect()
    }

    #[test]
    fn what_is_held_back_of_a_rule_that_is_off_is_not_stale() {
        let entry = format!(r#"{{"fingerprint":"1","rule":"server-trailing-slash","file":"{CONTRACT}"}}"#);
        assert_eq!(stale("{}", &entry), ["baseline-stale", "suppression-stale"]);
        assert_eq!(stale(r#"{"rules":{"server-trailing-slash":"off"}}"#, &entry), [""; 0]);
    }

    #[test]
    fn an_entry_without_a_rule_is_stale_where_all_that_it_may_be_of_ran() {
        let off = r#"{"rules":{"operation-untagged":"off","suppression-stale":"off"}}"#;
        let unknown = r#"{"fingerprint":"1","rule":"no-more","file":"a.md"}"#;
        let anywhere = r#"{"fingerprint":"1","rule":"server-trailing-slash"}"#;
        for entry in [r#"{"fingerprint":"1"}"#, r#"{"fingerprint":"1","file":"a.md"}"#, unknown, anywhere] {
            assert!(stale("{}", entry).contains(&"baseline-stale".to_owned()), "{entry}");
            assert!(!stale_of("{}", entry, &[Subject::Spec]).contains(&"baseline-stale".to_owned()), "{entry}");
        }
        assert_eq!(stale(off, r#"{"fingerprint":"1"}"#), [""; 0], "it may be of the rule that is off");
        assert_eq!(stale(off, unknown), ["baseline-stale"]);
        let of_comparison = r#"{"fingerprint":"1","rule":"operation-removed"}"#;
        assert!(!stale("{}", of_comparison).contains(&"baseline-stale".to_owned()));
        let of_a_day = r#"{"fingerprint":"1","rule":"waiver-ended"}"#;
        assert!(!stale("{}", of_a_day).contains(&"baseline-stale".to_owned()), "no day was given");
    }

    #[test]
    fn a_comparison_of_one_service_says_nothing_of_what_is_held_back_elsewhere() {
        let store = MemoryStore::new([(CONTRACT, STALE), ("services/t/contracts/api-spec.yaml", STALE)]);
        let (base, workspace) = (Workspace::load(&store).unwrap(), Workspace::load(&store).unwrap());
        let entry = r#"{"fingerprint":"1","rule":"operation-removed","file":"services/t/contracts/api-spec.yaml"}"#;
        let count = |service| {
            let text = format!(r#"{{"version":1,"findings":[{entry}]}}"#);
            let baseline = Some(Baseline::read("b.json", &text).unwrap());
            let scope = Scope { service, baseline, ..Scope::default() };
            let against = Base { workspace: &base, rev: "HEAD", history: &History::default(), today: None };
            breaking_changes(against, &workspace, &scope).findings.len()
        };
        assert_eq!([None, Some("t"), Some("s")].map(count), [1, 1, 0]);
    }
}
