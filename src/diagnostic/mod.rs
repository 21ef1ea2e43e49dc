//! One kind of finding for everything: what a rule says about a route, and the same with its place resolved.

mod account;
pub mod baseline;
pub(crate) mod closest;
mod finding;
mod findings;
mod notes;
pub mod suppress;
mod witness;

pub use account::{AccountLine, AccountState};
pub use finding::{Finding, Position, RelatedPlace, Summary};
pub use findings::{Findings, KEPT};
pub use witness::{REFUSED, VALID, Witness, WitnessKind};

use std::sync::Arc;

use crate::source::{Route, Span};

/// How bad a finding is. The order is from harmless to bad.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never fails a run by default.
    Info,
    /// Should be mended; fails a run under `validation.strict` or `--fail-on warning`.
    Warning,
    /// Wrong; fails a run.
    Error,
}

impl Severity {
    /// The lower-case name, as it is written on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A second place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub route: Route,
    /// Whether the place is in the base (the old side of a comparison) and not in the files that are checked.
    pub base: bool,
    /// What stands there.
    pub message: String,
}

/// One replacement of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file and the bytes to replace.
    pub route: Route,
    /// The bytes, where they differ from those of the route.
    pub span: Option<Span>,
    /// The new text.
    pub replacement: String,
}

/// A mend that a machine can apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative.
    pub description: String,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// What a finding of a comparison is about, for approvals: they name it by this and not by its text.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
pub struct Changed {
    /// The service whose contract changed; empty for an event that no service publishes.
    pub service: String,
    /// The operations (`METHOD path`) and names of events that it is about, sorted.
    pub at: Arc<[String]>,
    /// What changed: the name of a field, a parameter, an event.
    pub subject: Arc<str>,
}

/// Texts of a finding have at most so many bytes: names of kilobytes may be part of hundreds of them.
const LONGEST_TEXT: usize = 2000;

/// A text, without what nobody reads of a very long one.
fn cut(mut text: String) -> String {
    if text.len() > LONGEST_TEXT {
        text.truncate(text.floor_char_boundary(LONGEST_TEXT));
        text.push('…');
        text.shrink_to_fit();
    }
    text
}

/// That somebody answers for a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Approved {
    /// Why it may break.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which the approval holds, `YYYY-MM-DD`.
    pub until: String,
}

/// Whom a change hits. Names of services, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// Services that the change hits directly.
    pub consumers: Vec<String>,
    /// Services that depend on a service which is hit.
    pub transitive: Vec<String>,
    /// Consumers that declare what they use and do not touch the changed part.
    pub unaffected: Vec<String>,
    /// What each of these is based on: by consumer, the surest first.
    pub grounds: Vec<Ground>,
}

/// Why a consumer counts as hit, or as not affected: a place where it says what it uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Ground {
    /// The consumer.
    pub consumer: String,
    /// What kind of statement it is.
    pub kind: GroundKind,
    /// The file that says it, relative to the platform root.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Whether only the base of the comparison says it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub base: bool,
    /// What it says, as the rest of a sentence about the consumer: "reads `email` of the response of `getUser`".
    pub text: String,
}

/// The kind of a [`Ground`].
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum GroundKind {
    /// An interaction of a Pact file.
    Pact,
    /// Fields that a `Uses` column or line names.
    Uses,
    /// A row of an Upstream table that names an operation.
    Operation,
    /// An entry of "Events Consumed".
    Event,
    /// A publisher's list of consumers.
    Claim,
    /// A row of an Upstream table that names the service alone.
    Service,
    /// It needs a consumer that is hit.
    Transitive,
}

/// What a rule has to say, in terms of routes. Built with [`Diagnostic::new`] and the methods that add to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The headline: what is wrong, with names in backticks, no full stop.
    pub message: String,
    /// Where.
    pub route: Route,
    /// The path at which a missing file belongs, relative to the platform root. Reports show it instead of the route.
    pub missing: Option<String>,
    /// Places that explain it.
    pub related: Vec<Related>,
    /// Facts that matter to the reader, a sentence each.
    pub notes: Vec<String>,
    /// The next edit or command.
    pub help: Option<String>,
    /// A mend that a machine can apply.
    pub fix: Option<Box<Fix>>,
    /// Whom it hits, where that is known.
    pub impact: Option<Box<Impact>>,
    /// What changed, in a comparison.
    pub changed: Option<Box<Changed>>,
    /// Who approved it, where somebody did.
    pub approved: Option<Box<Approved>>,
    /// What shows that it breaks something.
    pub witness: Option<Box<Witness>>,
    /// How many findings it stands for: more than one where too many are alike to make them all.
    pub count: usize,
}

impl Diagnostic {
    /// A finding of `rule` at `route`.
    pub fn new(rule: &'static str, severity: Severity, route: Route, message: impl Into<String>) -> Self {
        Diagnostic {
            rule,
            severity,
            message: cut(message.into()),
            route,
            missing: None,
            related: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
            impact: None,
            changed: None,
            approved: None,
            witness: None,
            count: 1,
        }
    }

    /// Makes the finding one of a file that is not there, at the path where it belongs.
    pub fn at_missing(mut self, path: impl Into<String>) -> Self {
        self.missing = Some(path.into());
        self
    }

    /// Adds the next edit or command.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(cut(help.into()));
        self
    }

    /// Adds a fact.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(cut(note.into()));
        self
    }

    /// Adds a second place among the checked files.
    pub fn related(mut self, route: Route, message: impl Into<String>) -> Self {
        self.related.push(Related { route, base: false, message: cut(message.into()) });
        self
    }

    /// Adds a place in the base of a comparison.
    pub fn related_base(mut self, route: Route, message: impl Into<String>) -> Self {
        self.related.push(Related { route, base: true, message: cut(message.into()) });
        self
    }

    /// Adds whom it hits.
    pub fn impact(mut self, impact: Impact) -> Self {
        self.impact = Some(Box::new(impact));
        self
    }

    /// Adds what changed.
    pub fn changed(mut self, changed: Changed) -> Self {
        self.changed = Some(Box::new(changed));
        self
    }

    /// Adds what shows that it breaks something.
    pub fn witness(mut self, witness: Witness) -> Self {
        self.witness = Some(Box::new(Witness { what: cut(witness.what), ..witness }));
        self
    }

    /// Adds a mend that a machine can apply.
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(Box::new(fix));
        self
    }
}
