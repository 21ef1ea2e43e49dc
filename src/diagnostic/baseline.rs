//! The baseline: findings that are known and held back, by fingerprint, so that a new rule can be taken up at once and
//! its findings mended one by one. `docs/formats/baseline.md` describes the file.

use std::collections::{BTreeMap, VecDeque};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Finding, Position, Severity};
use crate::source::{LineColumn, LineIndex};

/// The rule about an entry that matches nothing.
pub const STALE: &str = "baseline-stale";

/// Where the baseline stands unless another file is named.
pub const PATH: &str = ".agentspec/baseline.json";

const VERSION: u64 = 1;

/// One held-back finding. Only the fingerprint counts; the rest tells people what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Path of the finding's file, relative to the platform root.
    #[serde(default)]
    pub file: String,
    /// The rule's id.
    #[serde(default)]
    pub rule: String,
    /// The headline.
    #[serde(default)]
    pub message: String,
    /// The finding's fingerprint; as often in the file as findings are held back by it.
    pub fingerprint: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Baseline")]
struct Document {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    version: u64,
    /// The findings that are held back, sorted by file, rule and message.
    findings: Vec<Entry>,
}

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not a baseline.
    #[error("{path}:{line}:{column}: not a baseline: {reason}; write it again with `--write-baseline`")]
    Malformed {
        /// Its path.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// A newer version of this tool wrote it.
    #[error("{path} has version {version}, and this agentspec reads version 1; use a newer agentspec")]
    Version {
        /// Its path.
        path: String,
        /// The version it has.
        version: u64,
    },
}

/// A baseline as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    path: String,
    text: String,
    entries: Vec<Entry>,
}

/// What became of the findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Findings that the baseline does not know, in their order.
    pub kept: Vec<Finding>,
    /// Findings that it holds back, in their order.
    pub held: Vec<Finding>,
    /// A finding for each entry that matches nothing, in the order of the file.
    pub stale: Vec<Finding>,
}

/// What is wrong, without the place, which stands before it.
fn reason_of(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(reason, _)| reason);
    said.replace("struct Document with 2 elements", "an object with `version` and `findings`")
        .replace("struct Document", "an object with `version` and `findings`")
        .replace("EOF while parsing", "the file ends within")
}

impl Baseline {
    /// Reads a baseline. `path` is for messages and for findings about it.
    ///
    /// # Errors
    /// When the text is no baseline, or one of a version that is not known.
    pub fn read(path: &str, text: &str) -> Result<Baseline, BaselineError> {
        let malformed = |error: serde_json::Error| BaselineError::Malformed {
            path: path.to_owned(),
            line: error.line().max(1),
            column: error.column().max(1),
            reason: reason_of(&error),
        };
        let text = text.trim_start_matches('\u{feff}');
        let document: Document = serde_json::from_str(text).map_err(malformed)?;
        if document.version != VERSION {
            return Err(BaselineError::Version { path: path.to_owned(), version: document.version });
        }
        Ok(Baseline { path: path.to_owned(), text: text.to_owned(), entries: document.findings })
    }

    /// The text of a baseline that holds back these findings: sorted, an entry a line, the same for the same findings.
    pub fn write<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> String {
        let mut entries: Vec<Entry> = findings
            .into_iter()
            .map(|finding| Entry {
                file: finding.position.file.clone(),
                rule: finding.rule.clone(),
                message: finding.message.clone(),
                fingerprint: finding.fingerprint.clone(),
            })
            .collect();
        entries.sort();
        let lines: Vec<String> = entries.iter().map(|entry| format!("    {}", serde_json::json!(entry))).collect();
        let body = if lines.is_empty() { String::new() } else { format!("\n{}\n  ", lines.join(",\n")) };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": [{body}]\n}}\n")
    }

    /// Holds back what the baseline knows: an entry holds back one finding. `ran` says whether a rule ran over a file
    /// (rule, path), for only then can an entry be stale.
    pub fn apply(&self, findings: Vec<Finding>, ran: &dyn Fn(&str, &str) -> bool) -> Outcome {
        let mut left: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, entry) in self.entries.iter().enumerate().rev() {
            left.entry(&entry.fingerprint).or_default().push(at);
        }
        let mut outcome = Outcome::default();
        for finding in findings {
            match left.get_mut(finding.fingerprint.as_str()).and_then(Vec::pop) {
                Some(_) => outcome.held.push(finding),
                None => outcome.kept.push(finding),
            }
        }
        let mut stale: Vec<usize> = left.into_values().flatten().collect();
        stale.retain(|&at| ran(&self.entries[at].rule, &self.entries[at].file));
        stale.sort_unstable();
        let (offsets, lines) = (self.offsets(), LineIndex::new(&self.text));
        outcome.stale = stale.iter().map(|&at| self.stale(&self.entries[at], &lines, offsets[at])).collect();
        outcome
    }

    /// The byte at which each entry's fingerprint stands in the text.
    fn offsets(&self) -> Vec<u32> {
        let mut places: BTreeMap<&str, VecDeque<u32>> =
            self.entries.iter().map(|entry| (entry.fingerprint.as_str(), VecDeque::new())).collect();
        let quotes: Vec<usize> = self.text.match_indices('"').map(|(at, _)| at).collect();
        for pair in quotes.windows(2) {
            if let Some(found) = places.get_mut(&self.text[pair[0] + 1..pair[1]]) {
                found.push_back(pair[0] as u32);
            }
        }
        let mut place = |entry: &Entry| places.get_mut(entry.fingerprint.as_str())?.pop_front();
        self.entries.iter().map(|entry| place(entry).unwrap_or_default()).collect()
    }

    fn stale(&self, entry: &Entry, lines: &LineIndex, offset: u32) -> Finding {
        let LineColumn { line, column } = lines.position(&self.text, offset);
        let line_text = self.text.get(lines.line_span(&self.text, line).range()).unwrap_or_default();
        let length = entry.fingerprint.chars().count() as u32 + 2;
        let of = if entry.rule.is_empty() { String::new() } else { format!(" of `{}`", entry.rule) };
        Finding {
            rule: STALE.to_owned(),
            severity: Severity::Warning,
            message: format!("baseline entry{of} matches no finding"),
            position: Position {
                file: self.path.clone(),
                line,
                column,
                end_line: line,
                end_column: column + length,
                pointer: None,
            },
            excerpt: line_text.chars().take(400).collect(),
            help: Some(
                "it is mended: remove the entry, or write the baseline again with `--write-baseline`".to_owned(),
            ),
            notes: Vec::new(),
            related: Vec::new(),
            consumers: Vec::new(),
            transitive: Vec::new(),
            unaffected: Vec::new(),
            changed: None,
            approved: None,
            grounds: Vec::new(),
            witness: None,
            fingerprint: blake3::hash(format!("{STALE}\n{}", entry.fingerprint).as_bytes()).to_hex()[..16].to_owned(),
        }
    }
}

/// The JSON Schema (draft 2020-12) of the file.
pub fn schema() -> serde_json::Value {
    let generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    generator.into_root_schema_for::<Document>().to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(rule: &str, fingerprint: &str) -> Finding {
        let entry = Entry {
            file: "a.md".to_owned(),
            rule: rule.to_owned(),
            message: "m".to_owned(),
            fingerprint: fingerprint.to_owned(),
        };
        let template = Baseline { path: "a.md".to_owned(), text: String::new(), entries: Vec::new() };
        Finding {
            rule: rule.to_owned(),
            fingerprint: fingerprint.to_owned(),
            ..template.stale(&entry, &LineIndex::new(""), 0)
        }
    }

    #[test]
    fn what_is_written_is_read_and_holds_back_as_often_as_it_says() {
        let known = [finding("b", "2222"), finding("a", "1111"), finding("b", "2222")];
        let text = Baseline::write(&known);
        assert_eq!(text, Baseline::write(known.iter().rev()));
        let baseline = Baseline::read(PATH, &text).unwrap();
        let outcome = baseline.apply(vec![finding("b", "2222"), finding("c", "3333")], &|_, _| true);
        let rules = |findings: &[Finding]| findings.iter().map(|finding| finding.rule.clone()).collect::<Vec<_>>();
        assert_eq!((rules(&outcome.kept), rules(&outcome.held)), (vec!["c".to_owned()], vec!["b".to_owned()]));
        let stale: Vec<_> = outcome.stale.iter().map(|finding| (finding.position.line, &finding.message)).collect();
        let message = |rule: &str| format!("baseline entry of `{rule}` matches no finding");
        assert_eq!(stale, [(4, &message("a")), (6, &message("b"))]);
        assert!(outcome.stale.iter().all(|finding| finding.position.file == PATH && finding.rule == STALE));
        let twice = baseline.apply(vec![finding("b", "2222"); 3], &|_, _| true);
        assert_eq!((twice.held.len(), twice.kept.len()), (2, 1));
    }

    #[test]
    fn an_empty_baseline_round_trips_and_what_did_not_run_is_not_stale() {
        let text = Baseline::write([]);
        assert_eq!(text, "{\n  \"version\": 1,\n  \"findings\": []\n}\n");
        assert!(Baseline::read(PATH, &text).unwrap().entries.is_empty());
        let baseline = Baseline::read(PATH, &Baseline::write(&[finding("a", "1111")])).unwrap();
        assert!(baseline.apply(Vec::new(), &|_, _| false).stale.is_empty());
    }

    #[test]
    fn errors_say_where_and_what_to_do() {
        let error = Baseline::read("b.json", "{\n \"version\": 1, \"findings\": 3}").unwrap_err().to_string();
        assert!(error.starts_with("b.json:2:") && error.contains("--write-baseline"), "{error}");
        let error = Baseline::read("b.json", r#"{"version": 2, "findings": []}"#).unwrap_err().to_string();
        assert!(error.contains("version 2") && error.contains("newer"), "{error}");
        let lenient = r#"{"version": 1, "generator": "x", "findings": [{"fingerprint": "1"}]}"#;
        assert_eq!(Baseline::read("b.json", lenient).unwrap().entries.len(), 1);
    }

    #[test]
    fn the_file_fits_its_schema() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let text = Baseline::write(&[finding("a", "1111")]);
        assert!(validator.is_valid(&serde_json::from_str(&text).unwrap()));
        assert!(!validator.is_valid(&serde_json::json!({"version": 1, "findings": [{}]})));
    }
}
