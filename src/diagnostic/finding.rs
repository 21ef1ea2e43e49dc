//! A finding with its places resolved to paths, lines and text: self-contained, so that a report needs no sources.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Approved, Changed, Diagnostic, Ground, Severity, Witness};
use crate::source::{Pointer, Route, Sources};

/// A place for people: lines and columns count from 1, columns in characters; the end is exclusive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// Path relative to the platform root, with `/`.
    pub file: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line; the first one for blocks that span many.
    pub end_line: u32,
    /// Column behind the last character.
    pub end_column: u32,
    /// JSON Pointer (RFC 6901) into a YAML or JSON file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Pointer>,
}

/// A second place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelatedPlace {
    /// Where.
    #[serde(flatten)]
    pub position: Position,
    /// Whether the place is in the base of a comparison.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub base: bool,
    /// What stands there.
    pub message: String,
    /// The line's text.
    pub excerpt: String,
}

/// One finding, as reports show it and as JSON carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// The headline.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub position: Position,
    /// The line's text, cut to 400 characters.
    pub excerpt: String,
    /// The next edit or command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Facts that matter.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notes: Vec<String>,
    /// Places that explain it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub related: Vec<RelatedPlace>,
    /// Services that a breaking change hits directly.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub consumers: Vec<String>,
    /// Services hit through another one.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub transitive: Vec<String>,
    /// Consumers that do not touch the changed part.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub unaffected: Vec<String>,
    /// What changed, in a comparison: approvals name it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub changed: Option<Box<Changed>>,
    /// Who approved it, where somebody did; such a finding fails no run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub approved: Option<Box<Approved>>,
    /// What these are based on: where each of them says what it uses.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub grounds: Vec<Ground>,
    /// A request, response or event that shows what a breaking change breaks.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub witness: Option<Box<Witness>>,
    /// Stays the same while the finding does: independent of line numbers. 16 hexadecimal digits.
    pub fingerprint: String,
}

/// How many findings of each severity there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Infos.
    pub infos: usize,
    /// Findings that a suppression or the baseline holds back.
    pub suppressed: usize,
    /// Changes that somebody approved; they count as nothing else.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub approved: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

const EXCERPT_LIMIT: usize = 400;

impl Finding {
    /// Resolves a diagnostic's routes. `base` is the old side of a comparison, where there is one.
    pub fn resolve(diagnostic: &Diagnostic, sources: &Sources, base: Option<&Sources>) -> Finding {
        let (position, excerpt) = match &diagnostic.missing {
            Some(path) => (start_of(path), String::new()),
            None => locate(sources, diagnostic.route),
        };
        let related = diagnostic.related.iter().map(|related| {
            let side = if related.base { base.unwrap_or(sources) } else { sources };
            let (position, excerpt) = locate(side, related.route);
            RelatedPlace { position, base: related.base, message: related.message.clone(), excerpt }
        });
        let impact = diagnostic.impact.clone().unwrap_or_default();
        Finding {
            rule: diagnostic.rule.to_owned(),
            severity: diagnostic.severity,
            message: diagnostic.message.clone(),
            fingerprint: fingerprint(diagnostic, &position, &excerpt),
            position,
            excerpt,
            help: diagnostic.help.clone(),
            notes: diagnostic.notes.clone(),
            related: related.collect(),
            consumers: impact.consumers,
            transitive: impact.transitive,
            unaffected: impact.unaffected,
            changed: diagnostic.changed.clone(),
            approved: diagnostic.approved.clone(),
            grounds: impact.grounds,
            witness: diagnostic.witness.clone(),
        }
    }

    /// Findings in report order: by file, line, column, rule and message.
    pub fn sort(findings: &mut [Finding]) {
        let key = |finding: &Finding| {
            let Position { file, line, column, .. } = &finding.position;
            (file.clone(), *line, *column, finding.rule.clone(), finding.message.clone())
        };
        findings.sort_by_cached_key(key);
    }
}

impl Summary {
    /// Counts findings by severity.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Summary {
        findings.into_iter().fold(Summary::default(), |mut summary, finding| {
            match finding.severity {
                _ if finding.approved.is_some() => summary.approved += 1,
                Severity::Error => summary.errors += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Info => summary.infos += 1,
            }
            summary
        })
    }
}

/// The place of a finding about a file that is not there.
fn start_of(path: &str) -> Position {
    Position { file: path.to_owned(), line: 1, column: 1, end_line: 1, end_column: 1, pointer: None }
}

fn locate(sources: &Sources, route: Route) -> (Position, String) {
    let file = sources.file(route.file);
    let span = sources.span(route);
    let start = file.position(span.start);
    let (line, text) = file.line(start.line);
    let end = file.position(span.end.min(line.end).max(span.start));
    let position = Position {
        file: file.path.to_string(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        pointer: sources.pointer(route),
    };
    (position, text.chars().take(EXCERPT_LIMIT).collect())
}

/// A name for the finding that does not depend on line numbers: rule, path, pointer (for prose the line's words), and
/// headline.
fn fingerprint(diagnostic: &Diagnostic, position: &Position, excerpt: &str) -> String {
    let place = match &position.pointer {
        Some(pointer) => pointer.text(),
        None => excerpt.split_whitespace().collect::<Vec<_>>().join(" ").into(),
    };
    let mut hasher = blake3::Hasher::new();
    for part in [diagnostic.rule, &position.file, &place, &diagnostic.message] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..16].to_owned()
}
