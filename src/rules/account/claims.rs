//! The table of claims: what each line of an account says, and the rules that it sums up.

use std::collections::BTreeSet;

use super::{Scope, thousands};
use crate::diagnostic::Finding;
use crate::rules::closest::{MOST_SUGGESTIONS, closest};
use crate::rules::constitution::enforcement;
use crate::rules::names::{is_service, service_in, services};
use crate::rules::registry::{Family, Subject};

/// What a line says where its claim does not hold.
pub(super) enum Topic {
    /// What it is about, and how many errors and warnings there are.
    Counted(&'static str),
    /// The first finding says it best.
    Message,
    /// Nothing: [`not_implemented`] tells it, name by name.
    Elsewhere,
}

/// A line of an account.
pub(super) struct Claim {
    /// The runs that it belongs to.
    pub(super) subject: Subject,
    /// What the line says where it does not hold.
    pub(super) topic: Topic,
    /// These rules, wherever they find something.
    pub(super) rules: &'static [&'static str],
    /// Every rule of these families, in files whose path holds `path`.
    pub(super) families: &'static [Family],
    /// A part of a path; empty for any.
    pub(super) path: &'static str,
    /// The line where it holds; nothing where there is nothing to say.
    pub(super) holds: fn(Scope<'_>) -> Option<String>,
}

impl Claim {
    /// Whether the finding is one of those that the claim sums up.
    pub(super) fn is_about(&self, finding: &Finding) -> bool {
        let in_family = || crate::rules::find(&finding.rule).is_some_and(|rule| self.families.contains(&rule.family));
        let by_family = finding.position.file.contains(self.path) && in_family();
        by_family || self.rules.contains(&finding.rule.as_str())
    }
}

/// Every claim, in the order of the account; a finding belongs to the first that is about it.
pub(super) static CLAIMS: &[Claim] = &[
    Claim {
        subject: Subject::Config,
        topic: Topic::Counted("Configuration"),
        families: &[Family::Document],
        rules: &[],
        path: ".speckit.config.json",
        holds: |_| None,
    },
    Claim {
        subject: Subject::Constitution,
        topic: Topic::Counted("Constitution"),
        families: &[Family::Document],
        rules: &["constitution-missing", "constitution-section-missing", "waiver-incomplete", "waiver-unknown-rule"],
        path: "constitution.md",
        holds: constitution,
    },
    Claim {
        subject: Subject::Spec,
        topic: Topic::Counted("Required sections"),
        families: &[],
        rules: &[
            "spec-missing",
            "service-name-missing",
            "service-boundary-missing",
            "scenarios-missing",
            "section-missing",
        ],
        path: "",
        holds: |scope| {
            specs(scope).map(|_| {
                scope.word("spec.md: All required sections present", "All required sections present in every spec")
            })
        },
    },
    Claim {
        subject: Subject::Spec,
        topic: Topic::Counted("Placeholders"),
        families: &[],
        rules: &["placeholder-left"],
        path: "",
        holds: |scope| specs(scope).map(|_| "No TODO/TBD placeholders found".to_owned()),
    },
    Claim {
        subject: Subject::Spec,
        topic: Topic::Counted("Content"),
        families: &[],
        rules: &["spec-empty"],
        path: "",
        holds: |scope| specs(scope).map(|bytes| format!("Sufficient content ({} bytes)", thousands(bytes))),
    },
    Claim {
        subject: Subject::Spec,
        topic: Topic::Counted("Behaviour under failure"),
        families: &[Family::Resilience],
        rules: &["no-fault-tolerance"],
        path: "",
        holds: |_| None,
    },
    Claim {
        subject: Subject::Spec,
        topic: Topic::Counted("Readable files"),
        families: &[Family::Document],
        rules: &[],
        path: "/specs/",
        holds: |_| None,
    },
    Claim {
        subject: Subject::Plan,
        topic: Topic::Counted("Plans"),
        families: &[],
        rules: &["plan-empty"],
        path: "",
        holds: plans,
    },
    Claim {
        subject: Subject::Tasks,
        topic: Topic::Counted("Tasks"),
        families: &[],
        rules: &["tasks-empty", "task-number-duplicate", "task-dependency-unknown"],
        path: "",
        holds: tasks,
    },
    Claim {
        subject: Subject::Contracts,
        topic: Topic::Counted("API specs"),
        families: &[Family::Api, Family::Security, Family::Document],
        rules: &[
            "service-without-contract",
            "authentication-missing",
            "authentication-kind",
            "error-format-mismatch",
            "health-endpoint-missing",
            "path-prefix-missing",
            "unversioned-api",
        ],
        path: "/contracts/api",
        holds: |scope| {
            scope
                .services()
                .any(|service| service.api.is_some())
                .then(|| scope.word("API spec complete and valid", "All API specs valid"))
        },
    },
    Claim {
        subject: Subject::Contracts,
        topic: Topic::Counted("Event schemas"),
        families: &[Family::Document],
        rules: &[
            "event-const-mismatch",
            "event-contract-without-spec",
            "event-duplicate-definition",
            "event-file-invalid",
            "event-name-missing",
            "event-name-segments",
            "event-payload-undeclared",
            "event-schema-invalid",
            "event-version-missing",
            "event-without-contract",
            "event-without-schema",
        ],
        path: "/events/",
        holds: |scope| publishes(scope).then(|| scope.word("Event schemas well-defined", "All event schemas defined")),
    },
    Claim {
        subject: Subject::Contracts,
        topic: Topic::Message,
        families: &[],
        rules: &["dependency-cycle"],
        path: "",
        holds: |scope| scope.service.is_none().then(|| "No circular dependencies".to_owned()),
    },
    Claim {
        subject: Subject::Contracts,
        topic: Topic::Counted("Dependencies"),
        families: &[],
        rules: &[
            "upstream-unknown",
            "upstream-operation-unknown",
            "event-unpublished",
            "event-producer-unknown",
            "event-from-mismatch",
            "event-topic-mismatch",
            "saga-service-unknown",
            "saga-operation-unknown",
        ],
        path: "",
        holds: dependencies,
    },
    Claim {
        subject: Subject::Contracts,
        topic: Topic::Elsewhere,
        families: &[],
        rules: &["event-consumer-unknown", "downstream-unknown"],
        path: "",
        holds: consumers,
    },
    Claim {
        subject: Subject::Contracts,
        topic: Topic::Counted("Declared consumers"),
        families: &[],
        rules: &["event-consumer-undeclared", "event-consumer-claim-unmatched", "downstream-claim-unmatched"],
        path: "",
        holds: |_| None,
    },
    Claim {
        subject: Subject::Contracts,
        topic: Topic::Counted("Ownership"),
        families: &[],
        rules: &["shared-database", "entity-two-owners", "event-two-publishers"],
        path: "",
        holds: |_| None,
    },
    // Told in lines of their own.
    Claim {
        subject: Subject::Contracts,
        topic: Topic::Elsewhere,
        families: &[],
        rules: &["service-not-implemented"],
        path: "",
        holds: |_| None,
    },
];

/// The bytes of the current specs; nothing where there is none.
fn specs(scope: Scope<'_>) -> Option<usize> {
    let specs = scope.services().filter_map(|service| service.spec());
    let sizes: Vec<usize> = specs.map(|spec| scope.context.sources.file(spec.file).text.len()).collect();
    (!sizes.is_empty()).then(|| sizes.iter().sum())
}

fn constitution(scope: Scope<'_>) -> Option<String> {
    let constitution = scope.context.documents.constitution.as_ref()?;
    let bullets = enforcement(constitution, &scope.context.platform.standards);
    let enforced = bullets.iter().filter(|(_, rules)| !rules.is_empty()).count();
    Some(format!("constitution.md: All parts present; rules enforce {enforced} of its {} statements", bullets.len()))
}

fn plans(scope: Scope<'_>) -> Option<String> {
    let plans = scope.services().flat_map(|service| &service.specs).filter_map(|folder| folder.plan.as_ref());
    let read = plans.filter(|plan| scope.context.sources.file(plan.file).problems.is_empty()).count();
    match read {
        0 => None,
        1 => Some("plan.md: present and not empty".to_owned()),
        _ => Some(format!("{read} plans present and not empty")),
    }
}

fn tasks(scope: Scope<'_>) -> Option<String> {
    let lists: Vec<_> =
        scope.services().flat_map(|service| &service.specs).filter_map(|folder| folder.tasks.as_ref()).collect();
    let tasks: Vec<_> = lists.iter().flat_map(|list| &list.tasks).collect();
    let done = tasks.iter().filter(|task| task.done == Some(true)).count();
    (!lists.is_empty()).then(|| format!("{} tasks, {} done", thousands(tasks.len()), thousands(done)))
}

fn publishes(scope: Scope<'_>) -> bool {
    scope.services().any(|service| !service.event_files.is_empty())
        || (scope.service.is_none() && !scope.context.documents.shared_events.is_empty())
}

fn dependencies(scope: Scope<'_>) -> Option<String> {
    let edges = &scope.context.platform.dependencies;
    let Some(service) = scope.service else { return (!edges.is_empty()).then(|| "All dependencies exist".to_owned()) };
    let mut found: Vec<&str> =
        edges.iter().filter(|edge| edge.consumer == service).map(|edge| edge.provider.as_str()).collect();
    found.sort_unstable();
    found.dedup();
    Some(match found.as_slice() {
        [] => "No dependencies".to_owned(),
        names => format!("All dependencies exist ({} found)", names.join(", ")),
    })
}

fn consumers(scope: Scope<'_>) -> Option<String> {
    let declared = claimed(scope);
    let has_code = |name: &&str| scope.context.documents.service(name).is_some_and(|service| service.has_source);
    // Of one service, those that are not built are told by name.
    let holds = !declared.is_empty() && (!is_behind(scope) || declared.iter().all(has_code));
    holds.then(|| "All declared consumers exist".to_owned())
}

/// Services that are named as users of the services in question, sorted: consumers of events, and Downstream rows.
fn claimed(scope: Scope<'_>) -> Vec<&str> {
    let mut names = Vec::new();
    for service in scope.services() {
        let spec = service.spec();
        let published = spec.into_iter().flat_map(|spec| &spec.published).flat_map(|event| &event.consumers);
        let contracts = service.event_files.iter().flat_map(|file| &file.events).flat_map(|event| &event.consumers);
        let downstream = spec.into_iter().flat_map(|spec| &spec.downstream).map(|row| &row.service);
        names.extend(published.chain(contracts).chain(downstream).filter_map(|name| service_in(&name.value)));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether services of other folders that have no code are behind: in a check of one service, which no finding on them is
/// part of, and once any service has code.
fn is_behind(scope: Scope<'_>) -> bool {
    scope.service.is_some() && scope.context.documents.services.iter().any(|service| service.has_source)
}

/// A line on a service that is not there, and its name where building it is the next step.
pub(super) struct Missing {
    pub(super) text: String,
    pub(super) build: Option<String>,
}

/// Services without code: those that were asked for, and those that are listed as consumers of these. What is turned
/// off or held back is not told again.
pub(super) fn not_implemented(scope: Scope<'_>, findings: &[Finding]) -> Vec<Missing> {
    let context = scope.context;
    let without_code = |name: &str| context.documents.service(name).is_none_or(|service| !service.has_source);
    let rules = ["service-not-implemented", "event-consumer-unknown", "downstream-unknown"];
    let told = findings.iter().filter(|finding| rules.contains(&finding.rule.as_str()));
    // The first name between backticks is the one that the finding is about.
    let named: BTreeSet<&str> = told.filter_map(|finding| finding.message.split('`').nth(1)).collect();
    let reported = |name: &str| named.contains(name);
    let build = |name: &str, text: String| Missing { text, build: Some(name.to_owned()) };
    let own: Vec<&str> = scope.services().map(|service| service.name.as_str()).collect();
    let own: BTreeSet<&str> = own.into_iter().filter(|name| without_code(name) && reported(name)).collect();
    let mut lines: Vec<Missing> = own.iter().map(|name| build(name, format!("{name} not yet implemented"))).collect();
    for name in claimed(scope) {
        let there = is_service(context, name);
        let told = reported(name) || (there && is_behind(scope));
        if own.contains(name) || !without_code(name) || !told {
            continue;
        }
        let meant = if there || lines.len() >= MOST_SUGGESTIONS { None } else { closest(name, services(context)) };
        lines.push(match meant {
            Some(meant) => Missing {
                text: format!("{name} listed as consumer, which is no service (did you mean {meant}?)"),
                build: None,
            },
            None => build(name, format!("{name} listed as consumer but not yet implemented")),
        });
    }
    lines
}
