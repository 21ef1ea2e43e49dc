//! Why containment and another tool judge a pair otherwise: each class is a predicate over the two documents and what was
//! found in them. `docs/compatibility.md` says for each why containment is right.

use agentspec::compat::{Action, Change, Direction, Kind};
use agentspec::diagnostic::{REFUSED, VALID, Witness, WitnessKind};
use agentspec::source::NodeRef;

use crate::difference::Difference;

/// A change that breaks here, in a pair of which the other tool says that nothing breaks.
pub(crate) struct Broken<'c> {
    pub(crate) change: &'c Change,
    pub(crate) witness: Option<&'c Witness>,
    /// The roots of both documents.
    pub(crate) roots: [NodeRef<'c>; 2],
    pub(crate) differences: &'c [Difference<'c>],
}

/// A difference of a pair of which nothing breaks here, and the ids of what the other tool says breaks.
pub(crate) struct Harmless<'c> {
    pub(crate) difference: &'c Difference<'c>,
    pub(crate) theirs: &'c [String],
}

/// A class of what breaks here alone: its name, and what must hold.
type Stricter = (&'static str, fn(&Broken<'_>) -> bool);
/// A class of what breaks there alone.
type Looser = (&'static str, fn(&Harmless<'_>) -> bool);

/// What breaks here, and not there; the first that holds counts.
const STRICTER: [Stricter; 4] = [
    ("credentials-no-longer-do", credentials_no_longer_do),
    ("field-gone-from-an-answer", field_gone_from_an_answer),
    ("answer-may-hold-what-it-could-not", answer_may_hold_what_it_could_not),
    ("request-that-was-valid-is-refused", request_that_was_valid_is_refused),
];

/// What breaks there, and not here.
const LOOSER: [Looser; 6] = [
    ("keyword-for-another-type", keyword_for_another_type),
    ("property-that-is-not-sent", property_that_is_not_sent),
    ("only-declares-optional-properties", only_declares_optional_properties),
    ("request-is-less-restricted", request_is_less_restricted),
    ("any-text-is-taken", any_text_is_taken),
    ("no-part-of-a-message", no_part_of_a_message),
];

/// The class of a change.
pub(crate) fn of_broken(broken: &Broken<'_>) -> Option<&'static str> {
    STRICTER.iter().find(|(_, holds)| holds(broken)).map(|(name, _)| *name)
}

/// The class of a difference.
pub(crate) fn of_harmless(harmless: &Harmless<'_>) -> Option<&'static str> {
    LOOSER.iter().find(|(_, holds)| holds(harmless)).map(|(name, _)| *name)
}

impl Broken<'_> {
    fn reaches(&self, direction: Direction) -> bool {
        self.change.reaches.iter().any(|reach| reach.direction == direction)
    }

    /// Whether a validator has confirmed a message that was one thing and is another.
    fn is_shown(&self, kind: WitnessKind, was: &str, now: &str) -> bool {
        self.witness.is_some_and(|one| one.checked && one.kind == kind && one.was == was && one.now == now)
    }

    /// What stands at the place of the change in the old and the new document.
    fn nodes(&self) -> [Option<NodeRef<'_>>; 2] {
        let [old, new] = self.roots;
        let at = |origin: &Option<agentspec::model::Origin>| origin.as_ref()?.pointer.clone();
        let (before, after) = (at(&self.change.old_origin), at(&self.change.new_origin));
        [before.and_then(|at| old.pointer(&at.text())), after.and_then(|at| new.pointer(&at.text()))]
    }
}

/// A scope more is asked for, or a scheme is of another type: what was let in is not let in.
fn credentials_no_longer_do(broken: &Broken<'_>) -> bool {
    let asks_more = |one: &Difference<'_>| one.has("security") && one.old.is_none();
    let is_other = |one: &Difference<'_>| {
        one.has("securitySchemes") && matches!(one.last(), "type" | "scheme" | "in" | "name") && one.new.is_some()
    };
    broken.change.kind == Kind::Security && broken.differences.iter().any(|one| asks_more(one) || is_other(one))
}

/// A property of an answer is no longer declared, or from now on only written.
fn field_gone_from_an_answer(broken: &Broken<'_>) -> bool {
    let (change, [old, new]) = (broken.change, broken.nodes());
    let is_only_written =
        |node: Option<NodeRef<'_>>| node.and_then(|node| node.get("writeOnly")?.as_bool()).unwrap_or(false);
    let is_declared = |node: NodeRef<'_>| node.get("properties").and_then(|all| all.get(&change.subject)).is_some();
    broken.reaches(Direction::Response)
        && change.action == Action::Removed
        && match change.kind {
            Kind::Property => old.is_some() && new.is_some_and(|holder| !is_declared(holder)),
            Kind::Access => is_only_written(new) && !is_only_written(old),
            _ => false,
        }
}

/// A validator refuses an answer by the old schema that the new one allows: its readers were not told of such values.
fn answer_may_hold_what_it_could_not(broken: &Broken<'_>) -> bool {
    matches!(broken.change.kind, Kind::Constraint | Kind::Values | Kind::Type)
        && broken.is_shown(WitnessKind::Response, REFUSED, VALID)
}

/// A validator refuses a request by the new schema that the old one allowed.
fn request_that_was_valid_is_refused(broken: &Broken<'_>) -> bool {
    matches!(broken.change.kind, Kind::Constraint | Kind::PropertyRequired | Kind::Access)
        && broken.is_shown(WitnessKind::Request, VALID, REFUSED)
}

/// Keywords by the type of the values that they say something of (JSON Schema 2020-12, validation and applicators).
const OF_TYPES: [(&[&str], &[&str]); 5] = [
    (&["number", "integer"], &["maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf"]),
    (&["string"], &["maxLength", "minLength", "pattern", "contentEncoding", "contentMediaType", "contentSchema"]),
    (&["string", "number", "integer"], &["format"]),
    (
        &["array"],
        &["items", "prefixItems", "maxItems", "minItems", "uniqueItems", "contains", "maxContains", "minContains"],
    ),
    (
        &["object"],
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "maxProperties",
            "minProperties",
            "dependentRequired",
            "dependentSchemas",
        ],
    ),
];

/// Below a keyword that says nothing of the type that its schema has on both sides: no value is valid or not because of it.
fn keyword_for_another_type(harmless: &Harmless<'_>) -> bool {
    let difference = harmless.difference;
    difference.holders.iter().zip(&difference.path).any(|(holder, token)| {
        let Some((of, _)) = OF_TYPES.iter().find(|(_, keywords)| keywords.contains(&token.as_str())) else {
            return false;
        };
        let types = types(*holder);
        !types.is_empty() && !types.iter().any(|one| of.contains(one))
    })
}

fn types(schema: NodeRef<'_>) -> Vec<&str> {
    let Some(types) = schema.get("type") else { return Vec::new() };
    types.as_str().into_iter().chain(types.items().filter_map(NodeRef::as_str)).collect()
}

/// In a property that is only read, where what the other tool names are requests.
fn property_that_is_not_sent(harmless: &Harmless<'_>) -> bool {
    let is_only_read = |holder: &NodeRef<'_>| holder.get("readOnly").and_then(NodeRef::as_bool) == Some(true);
    harmless.difference.holders.iter().any(is_only_read) && are_of_requests(harmless)
}

fn are_of_requests(harmless: &Harmless<'_>) -> bool {
    harmless.theirs.iter().all(|id| id.starts_with("request-"))
}

/// A new part of `allOf`, or new `dependentSchemas`, that declares properties of an open object and asks for none of them.
fn only_declares_optional_properties(harmless: &Harmless<'_>) -> bool {
    let difference = harmless.difference;
    let (Some(holder), Some(new), None) = (difference.holders.last(), difference.new, difference.old) else {
        return false;
    };
    let is_closed = difference.holders.iter().any(|one| one.get("additionalProperties").is_some());
    let parts: Vec<NodeRef<'_>> = match (holder.is_sequence() && difference.has("allOf"), difference.last()) {
        (true, _) => vec![new],
        (_, "dependentSchemas") => new.fields().map(|(_, part)| part).collect(),
        _ => return false,
    };
    let known = |name: &str| match holder.is_sequence() {
        true => holder.items().filter(|item| item.id() != new.id()).any(|item| declares(item, name)),
        false => declares(*holder, name),
    };
    let harmless = |part: &NodeRef<'_>| {
        let is_plain = part.fields().all(|(key, value)| match key {
            "type" => value.as_str() == Some("object"),
            "properties" => value.fields().all(|(name, _)| !known(name)),
            _ => false,
        });
        is_plain && part.get("properties").is_some()
    };
    !is_closed && !parts.is_empty() && parts.iter().all(harmless)
}

fn declares(schema: NodeRef<'_>, name: &str) -> bool {
    schema.get("properties").and_then(|all| all.get(name)).is_some()
}

/// A keyword that only ever rules values out is gone from a request.
fn request_is_less_restricted(harmless: &Harmless<'_>) -> bool {
    let difference = harmless.difference;
    let is_restriction = matches!(difference.last(), "enum" | "const" | "not" | "required")
        || OF_TYPES[..2].iter().any(|(_, keywords)| keywords.contains(&difference.last()));
    let is_sent = difference.has("requestBody") || difference.has("parameters");
    difference.new.is_none() && is_restriction && is_sent && !difference.has("responses") && are_of_requests(harmless)
}

/// The types of a parameter of which a plain string is one, before or now: what is sent is a text.
fn any_text_is_taken(harmless: &Harmless<'_>) -> bool {
    let difference = harmless.difference;
    let is_string = |schema: NodeRef<'_>| types(schema) == ["string"] && schema.fields().count() == 1;
    let is_taken = match difference.last() {
        "type" => difference.old.is_none() && difference.holders.last().copied().is_some_and(is_string),
        "oneOf" | "anyOf" => difference.old.is_some_and(|list| list.items().any(is_string)),
        _ => false,
    };
    is_taken && difference.has("parameters") && harmless.theirs.iter().all(|id| id.starts_with("request-parameter-"))
}

/// The levels of stability that promise something.
const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];

/// A key of the document alone (`x-…`) whose old value promised nothing.
fn no_part_of_a_message(harmless: &Harmless<'_>) -> bool {
    let promised = harmless.difference.old.and_then(NodeRef::as_str).is_some_and(|level| LEVELS.contains(&level));
    harmless.difference.last().starts_with("x-") && !promised
}

#[cfg(test)]
mod tests {
    use crate::pair::Pair;

    /// A contract whose request and answer both have the schema.
    fn both(schema: &str) -> String {
        let media = format!("content: {{application/json: {{schema: {schema}}}}}");
        api(&format!("requestBody: {{{media}}}, responses: {{'200': {{description: d, {media}}}}}"))
    }

    fn sent(schema: &str) -> String {
        let body = format!("requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}");
        api(&format!("{body}, responses: {{'200': {{description: d}}}}"))
    }

    fn answered(schema: &str) -> String {
        api(&format!("responses: {{'200': {{description: d, content: {{application/json: {{schema: {schema}}}}}}}}}"))
    }

    fn api(operation: &str) -> String {
        format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{/x: {{post: {{{operation}}}}}}}\n")
    }

    /// The classes of what breaks.
    #[track_caller]
    fn broken(old: &str, new: &str, expected: &[Option<&str>]) {
        assert_eq!(Pair::of_texts(old, new).broken(), expected);
    }

    /// The classes of the differences, where the other tool names these ids.
    #[track_caller]
    fn harmless(old: &str, new: &str, theirs: &[&str], expected: &[Option<&str>]) {
        let theirs: Vec<String> = theirs.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(Pair::of_texts(old, new).harmless(&theirs), expected);
    }

    #[test]
    fn credentials() {
        let with = |scopes: &str, kind: &str| {
            api(&format!("security: [{{s: [{scopes}]}}], responses: {{'200': {{description: d}}}}"))
                + &format!("components: {{securitySchemes: {{s: {{type: {kind}, scheme: bearer, flows: {{}}}}}}}}\n")
        };
        let class = [Some("credentials-no-longer-do")];
        broken(&with("r", "oauth2"), &with("r, w", "oauth2"), &class);
        broken(&with("r", "oauth2"), &with("r", "mutualTLS"), &class);
        broken(&with("r", "oauth2"), &with("r", "http"), &[]);
        broken(&with("r, w", "oauth2"), &with("r", "oauth2"), &[]);
    }

    #[test]
    fn fields_of_answers() {
        let class = [Some("field-gone-from-an-answer")];
        let object = |inner: &str| answered(&format!("{{type: object, properties: {{a: {inner}}}}}"));
        broken(&object("{type: string}"), &answered("{type: object, properties: {}}"), &class);
        broken(
            &object("{type: string}").replace("properties", "required: [a], properties"),
            &object("{type: string, writeOnly: true}").replace("properties", "required: [a], properties"),
            &class,
        );
    }

    #[test]
    fn values_that_were_and_are_valid() {
        let (answer, request) =
            ([Some("answer-may-hold-what-it-could-not")], [Some("request-that-was-valid-is-refused")]);
        let (wide, narrow) = ("{type: string}", "{type: string, maxLength: 3}");
        broken(&answered(narrow), &answered(wide), &answer);
        broken(&sent(wide), &sent(narrow), &request);
        broken(&answered("{enum: [a]}"), &answered("{enum: [a, b]}"), &answer);
        let object = |required: &str| sent(&format!("{{type: object, required: [{required}]}}"));
        broken(&object(""), &object("a"), &request);
        // Nothing of the kind: a body that must be there now.
        let required = sent(wide).replace("requestBody: {", "requestBody: {required: true, ");
        broken(&sent(wide), &required, &[None]);
    }

    #[test]
    fn keywords_that_say_nothing() {
        let class = [Some("keyword-for-another-type")];
        let of = |maximum: u32| sent(&format!("{{type: string, maximum: {maximum}}}"));
        harmless(&of(5), &of(4), &["request-body-max-decreased"], &class);
        let of = |kind: &str, inner: &str| answered(&format!("{{type: {kind}, properties: {{a: {{type: {inner}}}}}}}"));
        harmless(&of("string", "string"), &of("string", "integer"), &["response-property-type-changed"], &class);
        harmless(&of("object", "string"), &of("object", "integer"), &["response-property-type-changed"], &[None]);
    }

    #[test]
    fn properties_that_are_only_read() {
        let of =
            |more: &str| both(&format!("{{type: object, properties: {{a: {{type: string, readOnly: true{more}}}}}}}"));
        let class = Some("property-that-is-not-sent");
        harmless(&of(""), &of(", maxLength: 3"), &["request-property-max-length-set"], &[class, class]);
        harmless(&of(""), &of(", maxLength: 3"), &["response-property-x"], &[None, None]);
    }

    #[test]
    fn properties_that_are_declared() {
        let theirs = ["request-body-all-of-added"];
        let of = |part: &str| sent(&format!("{{allOf: [{{type: object, properties: {{a: {{}}}}}}{part}]}}"));
        let class = [Some("only-declares-optional-properties")];
        harmless(&of(""), &of(", {type: object, properties: {b: {type: string}}}"), &theirs, &class);
        harmless(&of(""), &of(", {type: object, required: [b], properties: {b: {type: string}}}"), &theirs, &[None]);
        harmless(&of(""), &of(", {type: object, properties: {a: {type: string}}}"), &theirs, &[None]);
        let of = |more: &str| sent(&format!("{{type: object{more}}}"));
        harmless(&of(""), &of(", dependentSchemas: {a: {properties: {b: {type: string}}}}"), &theirs, &class);
        harmless(&of(""), &of(", dependentSchemas: {a: {required: [b]}}"), &theirs, &[None]);
    }

    #[test]
    fn restrictions_that_are_gone() {
        let (class, theirs) = ([Some("request-is-less-restricted")], ["request-body-enum-value-removed"]);
        let (wide, narrow) = ("{type: string}", "{type: string, enum: [a]}");
        harmless(&sent(narrow), &sent(wide), &theirs, &class);
        harmless(&sent(wide), &sent(narrow), &theirs, &[None]);
        harmless(&answered(narrow), &answered(wide), &theirs, &[None]);
    }

    #[test]
    fn types_of_parameters() {
        let of = |location: &str, schema: &str| {
            api(&format!(
                "{location}: [{{name: p, in: query, schema: {schema}}}], responses: {{'200': {{description: d}}}}"
            ))
        };
        let (theirs, class) = (["request-parameter-list-of-types-narrowed"], Some("any-text-is-taken"));
        let (several, one) = ("{oneOf: [{type: string}, {type: integer}]}", "{type: string}");
        harmless(&of("parameters", several), &of("parameters", one), &theirs, &[class, class]);
        harmless(
            &of("parameters", several),
            &of("parameters", "{type: string, maxLength: 3}"),
            &theirs,
            &[None, class, None],
        );
        harmless(&sent(several), &sent(one), &theirs, &[None, None]);
    }

    #[test]
    fn keys_of_the_document_alone() {
        let of = |level: &str| api(&format!("x-stability-level: {level}, responses: {{'200': {{description: d}}}}"));
        let none = api("responses: {'200': {description: d}}");
        harmless(&of("unheard-of"), &none, &["api-invalid-stability-level"], &[Some("no-part-of-a-message")]);
        harmless(&of("stable"), &none, &["api-stability-decreased"], &[None]);
    }
}
