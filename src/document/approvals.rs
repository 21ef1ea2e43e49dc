//! `.agentspec/approvals.json`: changes that somebody answers for, although they break consumers. An entry names a finding
//! by its rule and by where it stands in the contract, never by its text. `docs/formats/approvals.md` describes the file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Located;
use super::date::Date;
use crate::source::{FileId, NodeKey, NodeRef, Route, Sources};

/// Where the file stands.
pub const PATH: &str = ".agentspec/approvals.json";

/// One entry as it is written, for its JSON Schema and for those who write it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// The id of the finding, such as `property-removed`.
    #[schemars(length(min = 1))]
    pub rule: String,
    /// The service whose contract changes; empty for an event that no service publishes.
    pub service: String,
    /// Operations (`GET /api/v1/users`) and names of events. The entry covers the finding as long as it breaks no others.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub at: Vec<String>,
    /// JSON Pointer (RFC 6901) of the finding.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pointer: Option<String>,
    /// What changed there: the name of a field, a parameter, an event.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<String>,
    /// Why it may break.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// Who answers for it.
    #[schemars(length(min = 1))]
    pub owner: String,
    /// The last day on which it holds, `YYYY-MM-DD`.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub until: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Approvals")]
struct Document {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    version: u64,
    /// The changes that are approved.
    approvals: Vec<Entry>,
}

/// The keys of an entry.
pub const KEYS: [&str; 8] = ["rule", "service", "at", "pointer", "subject", "reason", "owner", "until"];

/// The file as it was read.
#[derive(Clone, Debug)]
pub struct Approvals {
    /// The file.
    pub file: FileId,
    /// Its entries, in order.
    pub entries: Vec<Approval>,
    /// What is wrong with the file as a whole, and where.
    pub problems: Vec<(String, Route)>,
}

/// One entry as it was read; what is missing or of the wrong type is nothing.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The id of the finding.
    pub rule: Option<Located<String>>,
    /// The service whose contract changes.
    pub service: Option<String>,
    /// Operations and names of events.
    pub at: Vec<String>,
    /// JSON Pointer of the finding.
    pub pointer: Option<String>,
    /// What changed there.
    pub subject: Option<String>,
    /// Why it may break.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Keys that do not exist or have a value of the wrong type, with what is expected.
    pub wrong: Vec<(String, &'static str, Route)>,
    /// The entry.
    pub route: Route,
}

impl Approvals {
    /// Reads the file. A file that could not be read has no entries; other rules say why.
    pub fn read(sources: &Sources, file: FileId) -> Approvals {
        let mut approvals = Approvals { file, entries: Vec::new(), problems: Vec::new() };
        let Some(root) = sources.root(file) else { return approvals };
        let route = |node: NodeRef<'_>| Route::node(NodeKey { file, node: node.id() });
        let mut problem = |text: &str, node: NodeRef<'_>| approvals.problems.push((text.to_owned(), route(node)));
        match root.get("version") {
            Some(version) if version.as_i64() == Some(1) => {}
            Some(version) => problem("The version of this file is not 1, the only one there is", version),
            None => problem("The file has no `version`", root),
        }
        match root.get("approvals") {
            Some(list) if list.is_sequence() => {
                approvals.entries = list.items().map(|entry| Approval::read(file, entry)).collect();
            }
            Some(other) => problem("`approvals` is no list", other),
            None => problem("The file has no list `approvals`", root),
        }
        approvals
    }
}

impl Approval {
    fn read(file: FileId, node: NodeRef<'_>) -> Approval {
        let route = |node: NodeRef<'_>| Route::node(NodeKey { file, node: node.id() });
        let mut wrong = Vec::new();
        for (key, value) in node.fields() {
            let expected = match key {
                "at" if !value.is_sequence() || value.items().any(|item| item.as_str().is_none()) => "a list of texts",
                "until" if value.as_str().is_none_or(|text| text.parse::<Date>().is_err()) => "a day, YYYY-MM-DD",
                "at" | "until" | "x-agentspec-ignore" => continue,
                key if KEYS.contains(&key) && value.as_str().is_none() => "a text",
                key if KEYS.contains(&key) => continue,
                _ => "",
            };
            wrong.push((key.to_owned(), expected, route(value)));
        }
        let text = |key: &str| node.str_at(key).map(str::to_owned);
        let said = |key: &str| text(key).filter(|text| !text.trim().is_empty());
        let rule = node.get("rule").and_then(|rule| Some(Located::new(rule.as_str()?.trim().to_owned(), route(rule))));
        Approval {
            rule: rule.filter(|rule| !rule.value.is_empty()),
            service: text("service"),
            at: node
                .get("at")
                .into_iter()
                .flat_map(NodeRef::items)
                .filter_map(|at| at.as_str())
                .map(str::to_owned)
                .collect(),
            pointer: text("pointer"),
            subject: text("subject"),
            reason: said("reason"),
            owner: said("owner"),
            until: text("until").and_then(|until| until.parse().ok()),
            wrong,
            route: route(node),
        }
    }

    /// What the entry lacks, as words. One that lacks something approves nothing.
    pub fn lacks(&self) -> Vec<&'static str> {
        let is_placed = !self.at.is_empty() || self.pointer.is_some() || self.subject.is_some();
        let needed = [
            (self.rule.is_some(), "`rule`"),
            (self.service.is_some(), "`service`"),
            (is_placed, "place (`at`, `pointer` or `subject`)"),
            (self.reason.is_some(), "`reason`"),
            (self.owner.is_some(), "`owner`"),
            (self.until.is_some(), "end date (`until`, YYYY-MM-DD)"),
        ];
        needed.into_iter().filter(|(there, _)| !there).map(|(_, word)| word).collect()
    }

    /// Whether the entry approves anything at all.
    pub fn is_complete(&self) -> bool {
        self.lacks().is_empty() && self.wrong.is_empty()
    }
}

/// The text of the file with those entries at its end. What was there stays.
///
/// # Errors
/// When what was there is no such file.
pub fn with(text: Option<&str>, entries: &[Entry]) -> serde_json::Result<String> {
    let mut document: serde_json::Value = match text {
        Some(text) => serde_json::from_str(text.trim_start_matches('\u{feff}'))?,
        None => serde_json::json!({ "version": 1, "approvals": [] }),
    };
    let list = document.get_mut("approvals").and_then(serde_json::Value::as_array_mut);
    let list = list.ok_or_else(|| serde::de::Error::custom("there is no list `approvals`"))?;
    for entry in entries {
        list.push(serde_json::to_value(entry)?);
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&document)?))
}

/// The JSON Schema (draft 2020-12) of the file.
pub fn schema() -> serde_json::Value {
    let generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<Document>().to_value();
    // Without one of these an entry would approve a rule for a whole service.
    let places = serde_json::json!([{ "required": ["at"] }, { "required": ["pointer"] }, { "required": ["subject"] }]);
    schema["$defs"]["Entry"]["anyOf"] = places;
    schema["$defs"]["Entry"]["patternProperties"] = serde_json::json!({ "^x-": {} });
    schema["$defs"]["Entry"]["additionalProperties"] = false.into();
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryStore, load};

    const WHOLE: &str = r#"{"rule": "property-removed", "service": "s", "at": ["GET /x"], "reason": "r", "owner": "o", "until": "2027-01-31"}"#;

    fn read(text: &str) -> Approvals {
        let sources = load(&MemoryStore::new([(PATH, text)]), &|_| true).unwrap();
        Approvals::read(&sources, sources.id_of(PATH).unwrap())
    }

    fn lacks(entry: &str) -> Vec<&'static str> {
        let approvals = read(&format!(r#"{{"version": 1, "approvals": [{entry}]}}"#));
        assert!(approvals.problems.is_empty());
        approvals.entries[0].lacks()
    }

    #[test]
    fn an_entry_needs_what_makes_it_an_approval() {
        assert!(lacks(WHOLE).is_empty());
        assert_eq!(lacks("3").len(), 6);
        assert_eq!(lacks(&WHOLE.replace("\"r\"", "\"  \"")), ["`reason`"]);
        assert_eq!(lacks(&WHOLE.replace("2027-01-31", "2027-02-31")), ["end date (`until`, YYYY-MM-DD)"]);
        assert_eq!(lacks(&WHOLE.replace(r#""at": ["GET /x"], "#, "")), ["place (`at`, `pointer` or `subject`)"]);
    }

    #[test]
    fn keys_are_known_and_of_their_type() {
        let text = WHOLE.replace("\"owner\": \"o\"", "\"owner\": 7, \"ownr\": \"o\"");
        let approvals = read(&format!(r#"{{"version": 2, "approvals": [{text}]}}"#));
        let wrong: Vec<_> =
            approvals.entries[0].wrong.iter().map(|(key, expected, _)| (key.as_str(), *expected)).collect();
        assert_eq!(wrong, [("owner", "a text"), ("ownr", "")]);
        assert_eq!(approvals.problems.len(), 1);
        for text in ["[]", "{}", r#"{"version": 1, "approvals": {}}"#] {
            assert!(!read(text).problems.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_and_fits_its_schema() {
        let entry: Entry = serde_json::from_str(WHOLE).unwrap();
        let once = with(None, std::slice::from_ref(&entry)).unwrap();
        let twice = with(Some(&once), &[entry]).unwrap();
        assert_eq!(read(&twice).entries.iter().filter(|entry| entry.is_complete()).count(), 2);
        let validator = jsonschema::validator_for(&schema()).unwrap();
        assert!(validator.is_valid(&serde_json::from_str(&twice).unwrap()));
        let placeless = twice.replace("\"at\"", "\"att\"");
        assert!(!validator.is_valid(&serde_json::from_str(&placeless).unwrap()));
        assert!(with(Some("[]"), &[]).is_err());
    }
}
