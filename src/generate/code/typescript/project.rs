//! What the templates of a whole project are rendered over.

use std::collections::BTreeSet;

use serde_json::{Map, Value, Value as View, json};

use crate::generate::code::behaviour::Source;
use crate::generate::code::resource;
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::Direction;
use crate::generate::code::service::{ResourceCode, ServiceCode, is_basic, is_token};
use crate::generate::code::shape::{self, Shape};
use crate::generate::code::streams;
use crate::model::{Language, ParameterLocation, Schemas, SecuritySchemeKind};
use crate::template::names::{Case, dns_label, identifier};

use super::clients_view;
use super::events_view;
use super::layout::{Code, access, annotation, prose, string, value};
use super::operations::security_view;
use super::sagas_view;

/// What the files share that are the same for every contract but for names and settings.
pub(super) fn project_view(schemas: &Schemas, code: &ServiceCode<'_>) -> View {
    let health = health_content(schemas, code);
    let health_paths = code.probes.iter().map(|(path, _)| path);
    let health_paths: Vec<String> =
        health_paths.filter(|path| path.contains("health") && *path != "/health").map(|path| string(path)).collect();
    let shared = with(security_view(code), events_view::flags(code));
    let jwt = shared["jwt"] == true;
    let shared = with(with(shared, clients_view::flags(code)), sagas_view::flags(code, jwt));
    let shared = with(shared, depth(code));
    let content = Code::Object(health.iter().map(|(name, value)| Code::entry(name, value.clone())).collect());
    let is_stamp = |value: &Code| *value == Code::text("timestamp()");
    let tested = health.iter().find(|(_, value)| !is_stamp(value));
    let (free_ids, free_numbers) = (code.makes(&Source::FreeId), code.makes(&Source::FreeNumber));
    let modules: Vec<&str> = code.groups.iter().map(|group| group.module.as_str()).collect();
    let handlers = Code::Object(modules.iter().map(|module| Code::text(*module)).collect());
    let runtime = Code::Object(names(&[
        ("settings", true),
        ("database", true),
        ("clients", !code.clients.is_empty()),
        ("idempotency", code.is_keyed()),
        ("answers", code.keeps_answers()),
    ]));
    let operations = vec![Code::text("app"), runtime, handlers];
    with(
        shared,
        json!({
        "package": identifier(Language::Typescript, Case::Snake, &code.service.name),
        "name": code.service.name,
        "name_literal": string(&code.service.name),
        "npm_name": dns_label(&code.service.name),
        "title": prose(&code.api.title).trim_end_matches('.').to_owned(),
        "title_json": Value::from(code.api.title.as_str()).to_string(),
        "version": code.api.version,
        "version_literal": string(&code.api.version),
        "project_version": project_version(&code.api.version),
        "port": code.service.deployment.port,
        "base_path": code.api.base_path,
        "contract": code.contract_file(),
        "groups": code.groups.iter()
            .map(|group| json!({ "module": group.module, "class": group.class }))
            .collect::<Vec<_>>(),
        "handler_imports": sorted(&code.groups.iter()
            .map(|group| (group.module.clone(), group.class.clone()))
            .collect::<Vec<_>>()),
        "app_imports": app_imports(code),
        "add_operations": Code::Call("addOperations".to_owned(), operations).lay_out(2, "", ";"),
        "fractions": has_fractional_steps(code.schemas.document()),
        "large_integers": has_large_integers(code.schemas.document()),
        "resources": !code.resources.is_empty(),
        "shaped": !code.error_bodies.is_empty(),
        "numbers": free_numbers || code.makes(&Source::NextNumber),
        "free_ids": free_ids,
        "free_numbers": free_numbers,
        "health_answer": Code::Call("answer".to_owned(), vec![Code::text("response"), content]).lay_out(2, "", ";"),
        "health_paths": health_paths,
        "health_timestamp": health.iter().any(|(_, value)| is_stamp(value)),
        "health_key": tested.map(|(name, _)| access(name)).unwrap_or_default(),
        "health_value": tested.map(|(_, value)| value.lay_out(0, "", "")).unwrap_or_default()}),
    )
}

/// Variables that are used, as elements of an object.
fn names(names: &[(&str, bool)]) -> Vec<Code> {
    names.iter().filter(|(_, used)| *used).map(|(name, _)| Code::text(*name)).collect()
}

/// What makes several parts of the run time work together.
fn depth(code: &ServiceCode<'_>) -> View {
    let (auth, events) = (code.auth.is_some(), code.events.any());
    let (clients, sagas, keyed) = (!code.clients.is_empty(), !code.sagas.is_empty(), code.is_keyed());
    let event_sourced = streams::any(code);
    let caused = events || clients || sagas || event_sourced;
    let traced = code.events.publishes || clients || sagas || event_sourced;
    let list = |names: &[(&'static str, bool)]| {
        names.iter().filter(|(_, used)| *used).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    };
    let parts = list(&[
        ("settings", auth),
        ("clients", clients),
        ("principal", true),
        ("cause = { correlationId: newId() }", caused),
    ]);
    let parts = format!("{{ {parts} }}: Parts{}", if auth || clients { "" } else { " = {}" });
    let constructor = vec![Code::text("session: Session"), Code::text(parts)];
    let consumers = Code::Object(names(&[("database", true), ("settings", auth), ("clients", clients)]));
    let subscriptions = Code::Call("subscriptions".to_owned(), vec![Code::text("consumers")]);
    let subscribe = vec![Code::text("broker"), consumers, subscriptions];
    let mut runtime = Vec::from_iter((auth || clients).then(|| Code::text("...(await partsFor(t))")));
    runtime.extend(names(&[("settings", true), ("database", true)]));
    runtime.extend(keyed.then(|| Code::entry("idempotency", Code::text("new Idempotency(database)"))));
    let keeps = code.keeps_answers();
    runtime.extend(keeps.then(|| Code::entry("answers", Code::text("new KeptAnswers(new Memory(), new Metrics())"))));
    let keys = [("\"settings\"", auth), ("\"clients\"", clients)];
    let keys: Vec<&str> = keys.into_iter().filter(|(_, used)| *used).map(|(name, _)| name).collect();
    json!({
        "keyed": keyed,
        "caching": keeps,
        "event_sourced": event_sourced,
        "event_streams": streams::lines(code),
        "event_example": code.resources.iter().find(|one| streams::is_stream(one)).map(|one| &one.constant),
        "caused": caused,
        "traced": traced,
        "parts": auth || clients,
        "parts_keys": keys.join(" | "),
        "databases": events || clients || keyed || sagas,
        "context_constructor": Code::Parameters("constructor".to_owned(), constructor).lay_out(2, "", " {"),
        "context_of_request": list(&[
            ("settings", auth), ("clients", clients), ("principal", true), ("cause", traced)]),
        "runtime_used": list(&[("settings", true), ("database", true), ("clients", clients)]),
        "runtime_made": Code::Object(runtime).lay_out(2, "const runtime = ", ";"),
        "answered": match (keeps, keyed) {
            (true, _) => "await answerKept(runtime, operation, context, input, handler)",
            (false, true) => "await answerOnce(runtime, operation, context, input, handler)",
            (false, false) => "prepare(operation, await handler(context, input as never))",
        },
        "answered_anew": match keyed {
            true => "answerOnce(runtime, operation, context, input, handler)",
            false => "prepare(operation, await handler(context, input as never))",
        },
        "saga_support": list(&[
            ("databaseFor", true),
            ("partsFor", auth || clients),
            ("settingsFor", sagas && clients && !auth && is_acting(code))]),
        "subscribe": Code::Call("await subscribe".to_owned(), subscribe).lay_out(2, "", ";")})
}

/// Whether sagas call other services for whoever began them.
fn is_acting(code: &ServiceCode<'_>) -> bool {
    code.uses_scheme(is_token) || code.auth.is_some()
}

/// A view with more in it.
pub(super) fn with(mut view: View, more: View) -> View {
    if let (View::Object(view), View::Object(more)) = (&mut view, more) {
        view.extend(more);
    }
    view
}

/// Modules and classes in the order of imports.
fn sorted(groups: &[(String, String)]) -> Vec<View> {
    let mut groups = groups.to_vec();
    groups.sort();
    groups.into_iter().map(|(module, class)| json!({ "module": module, "class": class })).collect()
}

/// The modules of handlers, in the order of imports.
fn app_imports(code: &ServiceCode<'_>) -> Vec<String> {
    let mut found: Vec<String> = code.groups.iter().map(|group| group.module.clone()).collect();
    if !code.events.subscriptions.is_empty() {
        found.push("consumers".to_owned());
    }
    found.sort();
    found
}

/// Whether any number must be a multiple of one that is not whole.
fn has_fractional_steps(schemas: &Value) -> bool {
    any_object(schemas, |schema| {
        schema.get("multipleOf").and_then(Value::as_f64).is_some_and(|step| step.fract() != 0.0)
    })
}

/// Whether any integer may be so large that it is written with an exponent.
fn has_large_integers(schemas: &Value) -> bool {
    let bounds = ["maximum", "exclusiveMaximum", "format", "enum", "const"];
    any_object(schemas, |schema| {
        let integer = match schema.get("type") {
            Some(Value::Array(types)) => types.iter().any(|name| name == "integer"),
            name => name.is_some_and(|name| name == "integer"),
        };
        integer && !bounds.iter().any(|bound| schema.contains_key(*bound))
    })
}

/// Whether any object within a value fits.
fn any_object(value: &Value, fits: impl Fn(&Map<String, Value>) -> bool) -> bool {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(object) if fits(object) => return true,
            Value::Object(object) => pending.extend(object.values()),
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
    false
}

/// A version that packages may have (Semantic Versioning 2.0.0, section 2): that of the contract where it is one or begins
/// one, else 0.0.0.
fn project_version(version: &str) -> String {
    let number = |part: &&str| part.len() < 10 && part.parse::<u32>().is_ok_and(|number| number.to_string() == **part);
    let digits = version.strip_prefix('v').unwrap_or(version);
    let parts: Vec<&str> = digits.split('.').collect();
    match parts.as_slice() {
        parts if !parts.iter().all(number) => "0.0.0".to_owned(),
        [major] => format!("{major}.0.0"),
        [major, minor] => format!("{major}.{minor}.0"),
        [_, _, _] => digits.to_owned(),
        _ => "0.0.0".to_owned(),
    }
}

/// The content of a health answer: what the contract's schema wants, or the plain word.
fn health_content(schemas: &Schemas, code: &ServiceCode<'_>) -> Vec<(String, Code)> {
    let declared = code.probes.iter().find(|(path, _)| path.contains("health"));
    let answer = declared.and_then(|(_, operation)| resource::answer(schemas, operation));
    let shape = answer.and_then(|answer| Shape::of(schemas, answer.schema)).unwrap_or_default();
    let mut found = Vec::new();
    for property in &shape.properties {
        let expression = match property.name.to_ascii_lowercase().as_str() {
            "status" => {
                let first = shape::first_choice(schemas, property.schema);
                value(&first.unwrap_or("ok".into()))
            }
            "service" | "name" => Code::text(string(&code.service.name)),
            "version" => Code::text(string(&code.api.version)),
            "timestamp" | "time" => Code::text("timestamp()"),
            _ if property.required => value(&sample(schemas, property.schema, Direction::Response).unwrap_or_default()),
            _ => continue,
        };
        found.push((property.name.clone(), expression));
    }
    if found.is_empty() {
        found.push(("status".to_owned(), Code::text("\"ok\"")));
    }
    found
}

/// The collections whose documents are kept as events.
pub(super) fn streams_view(code: &ServiceCode<'_>) -> View {
    let found: Vec<&ResourceCode> = code.resources.iter().filter(|resource| streams::is_stream(resource)).collect();
    let declarations: Vec<String> = found.iter().map(|resource| collection(resource, true)).collect();
    let all = Code::Array(found.iter().map(|resource| Code::text(resource.constant.as_str())).collect());
    json!({ "streams": declarations, "all_streams": all.lay_out(0, "export const STREAMS = ", ";") })
}

/// `const USERS = new Collection<models.User>("users", { key: "id" });`
/// Where others store documents, too, it is exported.
pub(super) fn collection(resource: &ResourceCode, exported: bool) -> String {
    let text = |text: &String| Code::text(string(text));
    let mut options = vec![Code::entry("key", text(&resource.resource.key))];
    if !resource.resource.unique.is_empty() {
        options.push(Code::entry("unique", Code::Array(resource.resource.unique.iter().map(text).collect())));
    }
    let mut class = "Collection";
    if let Some(sourcing) = resource.event_sourcing {
        class = "EventSourced";
        options.push(Code::entry("snapshotEvery", Code::text(sourcing.snapshot_every.to_string())));
    }
    let open = format!("new {class}<{}>", annotation(&resource.model, "models."));
    let call = Code::Call(open, vec![text(&resource.table), Code::Object(options)]);
    let word = if exported { "export const" } else { "const" };
    call.lay_out(0, &format!("{word} {} = ", resource.constant), ";")
}

/// The statement that gives headers which satisfy every scheme whose credentials travel in one.
pub(super) fn credentials(code: &ServiceCode<'_>) -> String {
    let mut entries = Vec::new();
    if code.uses_scheme(is_token) {
        entries.push(Code::text("Authorization: `Bearer ${token}`"));
    } else if code.uses_scheme(is_basic) {
        let basic = "Authorization: `Basic ${Buffer.from(`tester:${SECRET}`).toString(\"base64\")}`";
        entries.push(Code::text(basic));
    }
    let mut names = BTreeSet::new();
    for requirement in code.operations.iter().flat_map(|operation| operation.operation.security.iter().flatten()) {
        if let SecuritySchemeKind::ApiKey { location: ParameterLocation::Header, parameter } =
            code.scheme(&requirement.scheme)
        {
            names.insert(parameter);
        }
    }
    entries.extend(names.iter().map(|name| Code::entry(name, Code::text("SECRET"))));
    Code::Object(entries).lay_out(2, "return ", ";")
}
