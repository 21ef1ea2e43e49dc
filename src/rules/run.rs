//! Runs the rules over a platform.

use rayon::prelude::*;

use super::registry::{Check, Context, Rule, Subject};
use super::{constitution, subject, waiver};
use crate::diagnostic::{Diagnostic, Findings, Related, Severity};
use crate::document::config::RuleLevel;
use crate::document::date::Date;
use crate::source::Route;

/// Which rules run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// What is asked for; empty means everything.
    pub subjects: Vec<Subject>,
    /// Only these rules, where any are named.
    pub only: Vec<String>,
    /// The day on which waivers have ended or not; without one none has.
    pub today: Option<Date>,
}

impl Selection {
    /// Whether the rule takes part in the run.
    pub fn takes(&self, rule: &Rule) -> bool {
        let asked = self.subjects.is_empty() || rule.subjects.iter().any(|subject| self.subjects.contains(subject));
        asked && (self.only.is_empty() || self.only.iter().any(|id| id == rule.id))
    }

    /// Whether the run's findings of a rule on the file at `path` are all there are: the rule takes part, and where it looks
    /// at single files, at this one too, and where it asks for the day, that is known.
    pub fn covers(&self, rule: &Rule, path: &str) -> bool {
        let looked = match rule.check {
            Check::File(_) => self.takes_file(path),
            Check::Dated(_) => self.today.is_some(),
            _ => true,
        };
        looked && self.takes(rule)
    }

    /// Whether rules on single files look at this one; all of them for an empty path.
    fn takes_file(&self, path: &str) -> bool {
        self.subjects.is_empty() || !path.is_empty() && self.subjects.contains(&subject::subject_of(path))
    }
}

/// Every finding of the selected rules, at the severity that the configuration gives them. The order is that of the
/// rules; reports sort by place.
pub fn run(context: Context<'_>, selection: &Selection) -> Vec<Diagnostic> {
    let rules: Vec<(&Rule, Option<Severity>)> = super::all()
        .filter(|rule| selection.takes(rule))
        .filter_map(|rule| match level_of(context, rule) {
            Some(RuleLevel::Off) => None,
            Some(RuleLevel::Info) => Some((rule, Some(Severity::Info))),
            Some(RuleLevel::Warning) => Some((rule, Some(Severity::Warning))),
            Some(RuleLevel::Error) => Some((rule, Some(Severity::Error))),
            None => Some((rule, None)),
        })
        .collect();
    let stated = context.documents.constitution.as_ref();
    let demands = stated.map(|stated| constitution::demands(stated, &context.platform.standards)).unwrap_or_default();
    let found: Vec<Vec<Diagnostic>> = rules
        .par_iter()
        .map(|(rule, severity)| {
            let mut found = check(context, rule, selection).into_vec();
            let waivers = waiver::Waivers::new(context, rule, selection.today);
            found.retain(|diagnostic| !waivers.hold_back(context, diagnostic));
            match (severity, demands.get(rule.id)) {
                (Some(severity), _) => found.iter_mut().for_each(|diagnostic| diagnostic.severity = *severity),
                (None, Some(bullet)) => found.iter_mut().for_each(|diagnostic| demand(diagnostic, *bullet)),
                (None, None) => {}
            }
            found
        })
        .collect();
    // A list that grows has room for twice as many, and findings are large.
    let mut all = Vec::with_capacity(found.iter().map(Vec::len).sum());
    found.into_iter().for_each(|found| all.extend(found));
    all
}

/// What the constitution makes a must is an error.
fn demand(finding: &mut Diagnostic, bullet: Route) {
    if finding.severity == Severity::Warning {
        finding.severity = Severity::Error;
        finding.related.push(Related { route: bullet, base: false, message: "the constitution demands it".to_owned() });
    }
}

fn level_of(context: Context<'_>, rule: &Rule) -> Option<RuleLevel> {
    context.documents.config.rules.iter().find(|(id, _, _)| id == rule.id).map(|(_, level, _)| *level)
}

fn check(context: Context<'_>, rule: &Rule, selection: &Selection) -> Findings {
    let mut found = Findings::default();
    let services = &context.documents.services;
    match rule.check {
        Check::Platform(check) => check(context, &mut found),
        Check::File(check) => {
            let files = context.sources.iter().filter(|(_, file)| selection.takes_file(&file.path));
            files.for_each(|(file, _)| check(context, file, &mut found));
        }
        Check::Service(check) => services.iter().for_each(|service| check(context, service, &mut found)),
        Check::Spec(check) => {
            for service in services {
                if let Some(spec) = service.spec() {
                    check(context, service, spec, &mut found);
                }
            }
        }
        Check::Api(check) => {
            for service in services {
                if let Some(api) = &service.api {
                    check(context, service, api, &mut found);
                }
            }
        }
        Check::Schemas(check) => {
            let of_apis = services.iter().filter_map(|service| service.api.as_ref());
            let of_events = context.documents.event_files().filter_map(|file| file.schemas.as_ref());
            of_apis.chain(of_events).for_each(|document| check(context, document, &mut found));
        }
        Check::Event(check) => {
            for file in context.documents.event_files() {
                file.events.iter().for_each(|event| check(context, file, event, &mut found));
            }
        }
        Check::Dated(check) => selection.today.iter().for_each(|today| check(context, *today, &mut found)),
        Check::Afterwards => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read::{read, wanted};
    use crate::source::{MemoryStore, Store, load_listed};

    const CALLER: &str = "# A\n\n### Upstream Services\n\n| Service | Timeout |\n|---|---|\n| b-service | - |\n";

    /// The findings of one rule over two services that both break it, as the paths they stand in.
    fn paths(constitution: &str, config: &str, selection: &Selection) -> Vec<(String, Severity)> {
        let store = MemoryStore::new([
            ("constitution.md", constitution),
            (".speckit.config.json", config),
            ("services/a-service/specs/001-a/spec.md", CALLER),
            ("services/b-service/specs/001-b/spec.md", CALLER),
        ]);
        let listing = store.list().unwrap();
        let sources = load_listed(&store, &listing, &wanted);
        let documents = read(&sources, &listing);
        let platform = crate::model::build(&sources, &documents);
        let context = Context { sources: &sources, documents: &documents, platform: &platform };
        let found = run(context, selection).into_iter();
        found.map(|found| (sources.file(found.route.file).path.to_string(), found.severity)).collect()
    }

    fn only(rule: &str) -> Selection {
        Selection { only: vec![rule.to_owned()], ..Selection::default() }
    }

    #[test]
    fn a_waiver_holds_back_its_rule_for_its_service() {
        let timeouts = only("timeout-missing");
        assert_eq!(paths("# C\n", "{}", &timeouts).len(), 2);
        let waived = "# C\n\n## Waivers\n\n- timeout-missing (a-service): the client sets it, until 2027-01-31\n";
        assert_eq!(
            paths(waived, "{}", &timeouts),
            [("services/b-service/specs/001-b/spec.md".to_owned(), Severity::Warning)]
        );
        let endless = "# C\n\n## Waivers\n\n- timeout-missing (a-service): the client sets it\n";
        assert_eq!(paths(endless, "{}", &timeouts).len(), 2, "a waiver without an end holds nothing back");
    }

    #[test]
    fn the_configuration_sets_levels() {
        let timeouts = only("timeout-missing");
        assert!(paths("# C\n", r#"{"rules":{"timeout-missing":"off"}}"#, &timeouts).is_empty());
        let raised = paths("# C\n", r#"{"rules":{"timeout-missing":"error"}}"#, &timeouts);
        assert!(raised.len() == 2 && raised.iter().all(|(_, severity)| *severity == Severity::Error));
    }

    #[test]
    fn what_the_constitution_makes_a_must_is_an_error() {
        let severity = |principle: &str, config: &str| {
            let constitution = format!("# C\n\n## Core Principles\n\n- {principle}\n");
            paths(&constitution, config, &only("timeout-missing"))[0].1
        };
        let must = "Every synchronous call has a timeout";
        assert_eq!(severity(must, "{}"), Severity::Error);
        assert_eq!(severity("Synchronous calls should have a timeout", "{}"), Severity::Warning);
        assert_eq!(severity(must, r#"{"rules":{"timeout-missing":"info"}}"#), Severity::Info);
    }

    #[test]
    fn rules_on_files_look_at_the_files_of_the_run() {
        let of = |subject: Subject| Selection { subjects: vec![subject], ..only("duplicate-key") };
        let twice = r#"{"rules":{},"rules":{}}"#;
        assert_eq!(paths("# C\n", twice, &of(Subject::Config)).len(), 1);
        assert!(paths("# C\n", twice, &of(Subject::Spec)).is_empty());
    }
}
