//! What a person asks about: a service, an operation, an event, or a field of one of these, by the names that they have.

use super::fields;
use super::side::{self, Side};
use crate::diagnostic::closest::closest;
use crate::document::words::plain;
use crate::document::{FieldPath, Step};
use crate::model::{Operation, OperationIndex, Origin, Platform, SchemaId, UsedPlace};

/// Something that consumers may use.
#[derive(Clone, Debug, PartialEq)]
pub struct Target<'p> {
    /// What it is.
    pub thing: Thing<'p>,
    /// The field or parameter that is asked about, and where it stands; more than one place where several have it.
    pub fields: Vec<Field>,
}

/// A service, operation or event.
#[derive(Clone, Debug, PartialEq)]
pub enum Thing<'p> {
    /// The service of that name.
    Service(&'p str),
    /// An operation of a service.
    Operation(&'p str, &'p Operation),
    /// The event of that name.
    Event(&'p str),
}

/// A field of a body, a parameter or a header.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where it stands.
    pub place: UsedPlace,
    /// Its path or name.
    pub name: String,
    /// Its place in the contract.
    pub origin: Origin,
}

/// So many colons are tried as the end of a name.
const MOST_COLONS: usize = 4;
/// So many names are listed where one means several.
const MOST_LISTED: usize = 10;

/// Finds what `text` means: `order-service`, `getUser`, `GET /users/{id}`, `order.created`, each with `:field` behind it
/// (`order.created:items[].sku`, `getUser:response.email`) and an operation with `service:` before it.
///
/// # Errors
/// A sentence that says what is not known, or means several things, and what could be written instead.
pub fn find<'p>(platform: &'p Platform, text: &str) -> Result<Target<'p>, String> {
    let text = text.trim();
    if let Some(name) =
        text.strip_suffix([':', '.']).filter(|name| !parse(platform, name, None, MOST_COLONS).is_empty())
    {
        return Err(format!("`{text}` names nothing behind its end: name a field there, or write `{name}`"));
    }
    let mut meanings = parse(platform, text, None, MOST_COLONS);
    if meanings.len() > 1 {
        let mut names: Vec<String> = meanings.iter().map(|(thing, _)| full_name(thing)).collect();
        let more = names.len().saturating_sub(MOST_LISTED);
        names.truncate(MOST_LISTED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        return Err(format!("`{text}` means several things: {}{more}", names.join(", ")));
    }
    let Some((thing, field)) = meanings.pop() else { return Err(unknown(platform, text)) };
    let fields = match field {
        None => Vec::new(),
        Some(field) => find_field(platform, &thing, field)?,
    };
    Ok(Target { thing, fields })
}

/// Every meaning of a text, with what stands behind the name.
fn parse<'p, 't>(
    platform: &'p Platform,
    text: &'t str,
    service: Option<&'p str>,
    colons: usize,
) -> Vec<(Thing<'p>, Option<&'t str>)> {
    let whole = things(platform, text, service);
    if !whole.is_empty() {
        return whole.into_iter().map(|thing| (thing, None)).collect();
    }
    let Some(colons) = colons.checked_sub(1) else { return Vec::new() };
    for (at, _) in text.match_indices(':').collect::<Vec<_>>().into_iter().rev().take(MOST_COLONS) {
        let (left, right) = (text[..at].trim(), text[at + 1..].trim());
        let found: Vec<_> = things(platform, left, service)
            .into_iter()
            .flat_map(|thing| match thing {
                Thing::Service(name) => parse(platform, right, Some(name), colons),
                thing => vec![(thing, Some(right))],
            })
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Everything of that name: of one service, or of all.
fn things<'p>(platform: &'p Platform, text: &str, service: Option<&'p str>) -> Vec<Thing<'p>> {
    let words = plain(text);
    if words.is_empty() {
        return Vec::new();
    }
    let services = platform.services.iter();
    let same = services.clone().filter(|one| service.is_none() && plain(&one.name) == words);
    let mut found: Vec<Thing<'p>> = same.map(|one| Thing::Service(&one.name)).collect();
    let name = text.trim_matches('`');
    let of_service = |event: &&crate::model::Event| {
        service.is_none_or(|service| event.publishers.iter().any(|publisher| publisher == service))
    };
    found.extend(platform.event(name).filter(of_service).map(|event| Thing::Event(&event.name)));
    for one in services.filter(|one| service.is_none_or(|service| service == one.name)) {
        let operations = one.api.iter().flat_map(|api| OperationIndex::new(api).find(text));
        found.extend(operations.map(|operation| Thing::Operation(&one.name, operation)));
    }
    found
}

/// A name that means this alone.
fn full_name(thing: &Thing<'_>) -> String {
    match thing {
        Thing::Service(name) | Thing::Event(name) => (*name).to_owned(),
        Thing::Operation(service, operation) if operation.named => format!("{service}:{}", operation.id),
        Thing::Operation(service, operation) => format!("{service}:{}", side::name(operation)),
    }
}

fn unknown(platform: &Platform, text: &str) -> String {
    let mut names: Vec<String> = platform.services.iter().map(|service| service.name.clone()).collect();
    names.extend(platform.events.iter().map(|event| event.name.clone()));
    for api in platform.services.iter().filter_map(|service| service.api.as_ref()) {
        let ids = api.operations.iter().filter(|operation| operation.named).map(|operation| operation.id.to_string());
        names.extend(ids);
        names.extend(api.operations.iter().map(side::name));
    }
    let near = |text: &str| closest(text, names.iter().map(String::as_str)).map(str::to_owned);
    let said = format!("`{text}` is no service, operation or event of this platform");
    let behind = text.split_once(':');
    let help = near(text).or_else(|| behind.and_then(|(name, field)| near(name).map(|name| format!("{name}:{field}"))));
    match help {
        Some(name) => format!("{said}; did you mean `{name}`?"),
        None => format!("{said}; `agentspec model` lists them"),
    }
}

fn find_field(platform: &Platform, thing: &Thing<'_>, text: &str) -> Result<Vec<Field>, String> {
    let side = Side::new(platform);
    let (mut found, known) = match thing {
        Thing::Service(name) => return Err(format!("name an operation of `{name}` before the field `{text}`")),
        Thing::Event(name) => of_event(&side, name, text),
        Thing::Operation(_, operation) => of_operation(&side, operation, text),
    };
    found.dedup();
    if !found.is_empty() {
        return Ok(found);
    }
    let said = format!("`{}` has no field `{text}`", full_name(thing));
    Err(match closest(text, known.iter().map(String::as_str)) {
        Some(name) => format!("{said}; did you mean `{name}`?"),
        None if known.is_empty() => format!("{said}: its contract declares none"),
        None => {
            let shown: Vec<String> = known.iter().take(MOST_LISTED).map(|name| format!("`{name}`")).collect();
            format!("{said}; there are: {}", shown.join(", "))
        }
    })
}

/// The fields of that path, and the names that are known where it leaves the contract.
fn of_event(side: &Side<'_>, event: &str, text: &str) -> (Vec<Field>, Vec<String>) {
    let (mut found, mut known) = (Vec::new(), Vec::new());
    let Some(path) = FieldPath::parse(text) else { return (found, known) };
    let roots = side.messages(event);
    for inner in [None, Some("data"), Some("payload")] {
        let steps = inner.map(|name| Step::Name(name.to_owned())).into_iter().chain(path.steps.iter().cloned());
        let path = FieldPath { steps: steps.collect() };
        let holder = FieldPath { steps: path.steps[..inner.map_or(0, |_| 1)].to_vec() };
        if inner.is_none() || !fields::at(&side.platform.schemas, &roots, &holder).is_empty() {
            body(side, UsedPlace::Payload, &roots, &path, &mut found, &mut known);
        }
    }
    found.truncate(1);
    (found, known)
}

fn of_operation(side: &Side<'_>, operation: &Operation, text: &str) -> (Vec<Field>, Vec<String>) {
    let (mut found, mut known) = (Vec::new(), Vec::new());
    let Some((place, name)) = UsedPlace::parse(text) else { return (found, known) };
    // Without a prefix it may stand anywhere.
    let anywhere = place == UsedPlace::Response && !text.trim_matches('`').starts_with("response");
    let responses = side::responses(operation, None);
    for (own, roots) in
        [(UsedPlace::Response, side::bodies(&responses)), (UsedPlace::Request, side::request(operation))]
    {
        if let Some(path) = FieldPath::parse(&name).filter(|_| anywhere || own == place) {
            body(side, own, &roots, &path, &mut found, &mut known);
        } else if name.is_empty() && own == place && !roots.is_empty() {
            body(side, own, &roots, &FieldPath::default(), &mut found, &mut known);
        }
    }
    let parameters = operation.parameters.iter().map(|one| (side::place_of(one.location), one));
    let headers = responses.iter().flat_map(|response| &response.headers);
    for (own, parameter) in parameters.chain(headers.map(|header| (UsedPlace::ResponseHeader, header))) {
        if anywhere || own == place {
            known.push(parameter.name.to_string());
            if side::same_name(own, &parameter.name, &name) {
                let (name, origin) = (parameter.name.to_string(), parameter.origin.clone());
                found.push(Field { place: own, name, origin });
            }
        }
    }
    (found, known)
}

fn body(
    side: &Side<'_>,
    place: UsedPlace,
    roots: &[SchemaId],
    path: &FieldPath,
    found: &mut Vec<Field>,
    known: &mut Vec<String>,
) {
    let schemas = &side.platform.schemas;
    let level = fields::at(schemas, roots, path);
    // The first is the property itself; what it refers to may be others' too.
    if let Some(first) = level.first() {
        let origin = schemas.get(*first).origin.clone();
        found.push(Field { place, name: path.to_string(), origin });
        return;
    }
    for end in (0..path.steps.len()).rev() {
        let above = FieldPath { steps: path.steps[..end].to_vec() };
        let level = fields::at(schemas, roots, &above);
        if !level.is_empty() {
            let names = fields::names(schemas, &level).into_iter().map(|name| {
                let mut steps = above.steps.clone();
                steps.push(Step::Name(name.to_owned()));
                FieldPath { steps }.to_string()
            });
            return known.extend(names);
        }
    }
}
