//! What shows that a change breaks something.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Examples in sentences are cut to this many characters.
const SHOWN: usize = 160;

/// Which way what is shown goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WitnessKind {
    /// From consumer to provider.
    Request,
    /// From provider to consumer; also what a provider sends to webhooks and callbacks.
    Response,
    /// From publisher to consumer.
    Event,
}

/// A request, a response or an event that was fine and no longer is, or that could not come before and now may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Witness {
    /// Which way it goes.
    pub kind: WitnessKind,
    /// What the example is: ``the body of `POST /orders` ``.
    pub what: String,
    /// The example: a payload as JSON, or a text such as a request line with headers under it.
    pub example: Value,
    /// JSON Pointer (RFC 6901) into the example to what changed, where the example is a payload and holds it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<String>,
    /// What it was in the base: `valid` or `refused` for payloads.
    pub was: String,
    /// What it is now: `refused` or `valid` for payloads.
    pub now: String,
    /// Whether a JSON Schema validator has confirmed both: one document accepts the example, the other refuses it.
    pub checked: bool,
    /// Why no validator has confirmed it, where none has.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unchecked: Option<String>,
}

impl Witness {
    /// The witness as a sentence without a full stop.
    pub fn sentence(&self) -> String {
        let example = match &self.example {
            Value::String(text) if !self.is_payload() => text.replace('\n', ", "),
            value => value.to_string(),
        };
        let mut shown: String = example.chars().take(SHOWN).collect();
        if shown.len() < example.len() {
            shown.push_str(" …");
        }
        // Backticks in it would end the code span in which it stands.
        let shown = shown.replace('`', "'");
        match self.is_payload() && self.now == VALID {
            true => format!("For example `{shown}` as {} could not come before and may come now", self.what),
            false => format!("For example `{shown}` as {} was {} and is {} now", self.what, self.was, self.now),
        }
    }

    /// Whether the example is what a schema describes.
    fn is_payload(&self) -> bool {
        [&self.was, &self.now].iter().all(|word| matches!(word.as_str(), VALID | REFUSED))
    }
}

/// What a schema says of a payload that it accepts.
pub const VALID: &str = "valid";
/// What a schema says of a payload that it does not accept.
pub const REFUSED: &str = "refused";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_short_and_keeps_its_code_span() {
        let long = Witness {
            kind: WitnessKind::Request,
            what: "the body of `POST /x`".to_owned(),
            example: serde_json::json!({ "a": "`".repeat(400) }),
            at: None,
            was: VALID.to_owned(),
            now: REFUSED.to_owned(),
            checked: true,
            unchecked: None,
        };
        let text = long.sentence();
        assert!(text.starts_with("For example `{\"a\":\"'''") && text.len() < 260, "{text}");
        assert!(text.ends_with(" …` as the body of `POST /x` was valid and is refused now"), "{text}");
        let line = Witness { example: "GET /x\nAccept: a/b".into(), was: "answered".to_owned(), ..long };
        assert!(line.sentence().contains("`GET /x, Accept: a/b`"), "{}", line.sentence());
    }
}
