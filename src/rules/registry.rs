//! What a rule is, and how a family lists its rules.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::document::date::Date;
use crate::document::events::{EventContract, EventFile};
use crate::document::openapi::OpenApi;
use crate::document::spec::Spec;
use crate::document::{Documents, ServiceDocuments};
use crate::model::Platform;
use crate::source::{FileId, Route, Sources};

/// What a rule is about; the rule pages and `agentspec list` are grouped by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Files that cannot be read as what they are: encoding, syntax, duplicate keys, configuration.
    Document,
    /// Specs, plans and task lists.
    Spec,
    /// The constitution, and what it demands of contracts.
    Constitution,
    /// OpenAPI contracts.
    Api,
    /// Event contracts and events in specs.
    Event,
    /// The platform as a whole: references between services, cycles, ownership.
    Platform,
    /// What consumers say that they use: Pact files and `Uses` in specs.
    Consumer,
    /// Behaviour under failure.
    Resilience,
    /// Authentication and transport.
    Security,
    /// Architectures known to hurt.
    AntiPattern,
}

impl Family {
    /// Every family, in report order.
    pub const ALL: [Family; 10] = [
        Family::Document,
        Family::Spec,
        Family::Constitution,
        Family::Api,
        Family::Event,
        Family::Platform,
        Family::Consumer,
        Family::Resilience,
        Family::Security,
        Family::AntiPattern,
    ];

    /// The name in lists and folders.
    pub fn name(self) -> &'static str {
        match self {
            Family::Document => "document",
            Family::Spec => "spec",
            Family::Constitution => "constitution",
            Family::Api => "api",
            Family::Event => "event",
            Family::Platform => "platform",
            Family::Consumer => "consumer",
            Family::Resilience => "resilience",
            Family::Security => "security",
            Family::AntiPattern => "anti-pattern",
        }
    }
}

/// What a run is asked to check; a rule runs when one of its subjects is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// `validate --constitution`.
    Constitution,
    /// `validate --spec`.
    Spec,
    /// `validate --plan`.
    Plan,
    /// `validate --tasks`.
    Tasks,
    /// `validate-contracts`, and the contracts' part of `validate --all`.
    Contracts,
    /// The configuration file; part of every run.
    Config,
}

/// Everything that a rule may look at.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// The typed documents.
    pub documents: &'a Documents,
    /// The model.
    pub platform: &'a Platform,
}

/// How a rule is called: once for each thing of the kind it checks. Findings are appended to the list.
#[derive(Clone, Copy)]
pub enum Check {
    /// Once.
    Platform(fn(Context<'_>, &mut Findings)),
    /// For each file that was read.
    File(fn(Context<'_>, FileId, &mut Findings)),
    /// For each service.
    Service(fn(Context<'_>, &ServiceDocuments, &mut Findings)),
    /// For each current spec.
    Spec(fn(Context<'_>, &ServiceDocuments, &Spec, &mut Findings)),
    /// For each OpenAPI document.
    Api(fn(Context<'_>, &ServiceDocuments, &OpenApi, &mut Findings)),
    /// For each OpenAPI document, and for each event file, whose schemas are seen as those of such a document.
    Schemas(fn(Context<'_>, &OpenApi, &mut Findings)),
    /// Once, where it is said which day it is.
    Dated(fn(Context<'_>, Date, &mut Findings)),
    /// Never: its findings are made where others are held back, by suppressions and the baseline.
    Afterwards,
    /// For each entry of each event file.
    Event(fn(Context<'_>, &EventFile, &EventContract, &mut Findings)),
}

/// A rule. The static of each rule file.
pub struct Rule {
    /// Kebab-case; names the pattern and not the remedy.
    pub id: &'static str,
    /// What it is about.
    pub family: Family,
    /// Its severity, unless the configuration or the constitution says otherwise.
    pub severity: Severity,
    /// The version that brought it.
    pub since: &'static str,
    /// One line for lists, without a full stop.
    pub summary: &'static str,
    /// The runs it is part of.
    pub subjects: &'static [Subject],
    /// Its page in `docs/rules/`.
    pub docs: &'static str,
    /// What it does.
    pub check: Check,
}

impl Rule {
    /// A finding of this rule with its default severity.
    pub fn finding(&self, route: Route, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.id, self.severity, route, message)
    }
}

/// The rules of one family: declares their modules and the slice `RULES`.
macro_rules! rules {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+
        /// The rules of this family, sorted by id.
        pub(crate) static RULES: &[&crate::rules::Rule] = &[$(&$module::RULE),+];
    };
}
