//! Runs the rules over a platform.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::registry::{Check, Context, Rule, Subject};
use super::{subject, waiver};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::config::RuleLevel;

/// Which rules run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// What is asked for; empty means everything.
    pub subjects: Vec<Subject>,
    /// Only these rules, where any are named.
    pub only: Vec<String>,
}

impl Selection {
    /// Whether the rule takes part in the run.
    pub fn takes(&self, rule: &Rule) -> bool {
        let asked = self.subjects.is_empty() || rule.subjects.iter().any(|subject| self.subjects.contains(subject));
        asked && (self.only.is_empty() || self.only.iter().any(|id| id == rule.id))
    }

    /// Whether rules on single files look at this one.
    fn takes_file(&self, path: &str) -> bool {
        self.subjects.is_empty() || self.subjects.contains(&subject::subject_of(path))
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
    let found: Vec<Vec<Diagnostic>> = rules
        .par_iter()
        .map(|(rule, severity)| {
            let mut found = check(context, rule, selection);
            found.retain(|diagnostic| !waiver::holds_back(context, rule, diagnostic));
            if let Some(severity) = severity {
                found.iter_mut().for_each(|diagnostic| diagnostic.severity = *severity);
            }
            found
        })
        .collect();
    // A file that several documents refer to is checked once for each; its findings are told once.
    let mut told = FxHashSet::default();
    let new = |diagnostic: &Diagnostic| told.insert((diagnostic.rule, diagnostic.route, diagnostic.message.clone()));
    found.into_iter().flatten().filter(new).collect()
}

fn level_of(context: Context<'_>, rule: &Rule) -> Option<RuleLevel> {
    context.documents.config.rules.iter().find(|(id, _, _)| id == rule.id).map(|(_, level, _)| *level)
}

fn check(context: Context<'_>, rule: &Rule, selection: &Selection) -> Vec<Diagnostic> {
    let mut found = Vec::new();
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
        Check::Event(check) => {
            for file in context.documents.event_files() {
                file.events.iter().for_each(|event| check(context, file, event, &mut found));
            }
        }
    }
    found
}
