//! What consumers say that they use of other services: in dependency tables, in Pact files, and among the events that they
//! consume.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Origin;
use crate::document::FieldPath;

/// One statement that a consumer uses something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// The consumer: a service, or a name that a Pact file gives to something outside of the platform.
    pub consumer: String,
    /// The service that provides or publishes it; empty for an event that nobody publishes.
    pub provider: String,
    /// What is used.
    pub used: Used,
    /// Where this is said.
    pub ground: UsageGround,
    /// Whether `parts` holds all that is used, so that an empty list is nothing. Otherwise no part of a kind means that
    /// all of that kind may be used.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub exact: bool,
    /// The parts that are named.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub parts: Vec<UsedPart>,
    /// Where.
    pub origin: Origin,
}

/// What is used.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "name", rename_all = "camelCase")]
pub enum Used {
    /// The service, it is not said what of it.
    Service,
    /// The operation of that id.
    Operation(String),
    /// The event of that name.
    Event(String),
}

/// What kind of statement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum UsageGround {
    /// A row of an Upstream table that names no operation.
    Service,
    /// A row of an Upstream table that names the operation.
    Operation,
    /// A `Uses` column or line, with fields.
    Fields,
    /// An entry of "Events Consumed".
    Event,
    /// The publisher's list of consumers.
    Claim,
    /// An interaction of a Pact file.
    Pact,
}

/// A part of an operation or event that is used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsedPart {
    /// Which side it belongs to.
    pub place: UsedPlace,
    /// A field's path (`items[].sku`; empty for the body as a whole), the name of a parameter or header, or a status code.
    pub name: String,
    /// The status code of the answer that holds it, where one is named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub status: Option<String>,
    /// Where this is said.
    pub origin: Origin,
}

/// Where a part of an exchange stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum UsedPlace {
    /// A path parameter.
    Path,
    /// A query parameter.
    Query,
    /// A request header.
    Header,
    /// A cookie.
    Cookie,
    /// A field of the request body.
    Request,
    /// A field of the answer's body.
    Response,
    /// A header of the answer.
    ResponseHeader,
    /// The code of the answer.
    Status,
    /// A field of an event.
    Payload,
}

impl UsedPlace {
    /// What people write in front of a name to say where it stands.
    const PREFIXES: [(&'static str, UsedPlace); 7] = [
        ("request", UsedPlace::Request),
        ("response", UsedPlace::Response),
        ("response-header", UsedPlace::ResponseHeader),
        ("query", UsedPlace::Query),
        ("path", UsedPlace::Path),
        ("header", UsedPlace::Header),
        ("cookie", UsedPlace::Cookie),
    ];

    /// Reads what a `Uses` column says of an operation: `email` and `response.email` are read, `request.email` is sent, as
    /// are `query.limit` and `header.X-Request-Id`. Nothing for what names no field.
    pub fn parse(text: &str) -> Option<(UsedPlace, String)> {
        let text = text.trim().trim_matches('`');
        let (first, rest) = text.split_once('.').unwrap_or((text, ""));
        // `response[].id` is a path in a list that is the whole body.
        let (first, rest) = first.split_once("[]").map_or((first, rest), |(first, _)| (first, &text[first.len()..]));
        let known = UsedPlace::PREFIXES.iter().find(|(prefix, _)| *prefix == first).map(|(_, place)| *place);
        match known {
            Some(place @ (UsedPlace::Request | UsedPlace::Response)) => {
                let path = if rest.is_empty() { FieldPath::default() } else { FieldPath::parse(rest)? };
                Some((place, path.to_string()))
            }
            Some(place) if !rest.is_empty() => Some((place, rest.to_owned())),
            _ => Some((UsedPlace::Response, FieldPath::parse(text)?.to_string())),
        }
    }

    /// Reads what a `Uses` line says of an event: a path, with a remark behind it or not.
    pub fn parse_payload(text: &str) -> Option<String> {
        let text = text.trim().trim_matches('`');
        let end = text.find(|c: char| c.is_whitespace() || matches!(c, '(' | ':' | '`')).unwrap_or(text.len());
        let rest = text[end..].trim_start_matches(['`', ' ']);
        let is_remark = rest.is_empty() || rest.starts_with([':', '(', '-', '–', '—', '=']);
        is_remark.then(|| FieldPath::parse(&text[..end])).flatten().map(|path| path.to_string())
    }
}

impl UsedPart {
    /// The part in words: "`email` of the response".
    pub fn text(&self) -> String {
        let name = if self.name.is_empty() { "all".to_owned() } else { format!("`{}`", self.name) };
        match self.place {
            UsedPlace::Path => format!("path parameter {name}"),
            UsedPlace::Query => format!("query parameter {name}"),
            UsedPlace::Header => format!("header {name}"),
            UsedPlace::Cookie => format!("cookie {name}"),
            UsedPlace::Request => format!("{name} of the request"),
            UsedPlace::Response => format!("{name} of the response"),
            UsedPlace::ResponseHeader => format!("header {name} of the response"),
            UsedPlace::Status => format!("status {name}"),
            UsedPlace::Payload => name,
        }
    }

    /// Whether the consumer sends it; otherwise it reads it.
    pub fn is_sent(&self) -> bool {
        use UsedPlace::{Cookie, Header, Path, Query, Request};
        matches!(self.place, Path | Query | Header | Cookie | Request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_says_where_a_field_stands() {
        use UsedPlace::{Header, Query, Request, Response, ResponseHeader};
        for (text, expected) in [
            ("email", Some((Response, "email"))),
            ("`response.email`", Some((Response, "email"))),
            ("response", Some((Response, ""))),
            ("response[].id", Some((Response, "[].id"))),
            ("[].id", Some((Response, "[].id"))),
            ("request.items[].sku", Some((Request, "items[].sku"))),
            ("query.limit", Some((Query, "limit"))),
            ("header.X-Request-Id", Some((Header, "X-Request-Id"))),
            ("response-header.ETag", Some((ResponseHeader, "ETag"))),
            ("query", Some((Response, "query"))),
            ("the address", None),
        ] {
            let expected = expected.map(|(place, name)| (place, name.to_owned()));
            assert_eq!(UsedPlace::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn a_payload_field_may_have_a_remark() {
        let parse = |text| UsedPlace::parse_payload(text);
        assert_eq!(parse("`items[].sku`").as_deref(), Some("items[].sku"));
        assert_eq!(parse("orderId: the key").as_deref(), Some("orderId"));
        assert_eq!(parse("orderId (uuid)").as_deref(), Some("orderId"));
        assert_eq!(parse("everything about it"), None);
    }
}
