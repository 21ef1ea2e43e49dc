//! What the templates of clients are rendered over.

use serde_json::{Value as View, json};

use crate::generate::code::clients::{Copied, Failure};
use crate::generate::code::service::ServiceCode;
use crate::model::ParameterLocation;

use super::clients::{ClientPackage, literal};
use super::events_view::copies;
use super::fit::fit;
use super::layout::{align, composite, entries, prose, string};
use super::types::{Kind, RAW};
use super::words::unexported;

/// The longest signature that stands on one line.
const WIDTH: usize = 120;

/// Flags and lists that many templates ask for.
pub(crate) fn flags(code: &ServiceCode<'_>, clients: &[ClientPackage<'_>]) -> View {
    let calls = || clients.iter().flat_map(|client| &client.code.calls);
    let fails = |wanted: fn(&Failure) -> bool| calls().any(|call| wanted(&call.call.failure));
    let raw = |client: &ClientPackage<'_>| {
        let fields = (0..client.names.len()).flat_map(|at| client.fields(at));
        fields.filter(|field| field.argument.is_some()).any(|field| field.kind.core.ends_with(RAW))
    };
    let rows = clients.iter().map(|client| vec![client.setting.clone(), "string".to_owned()]);
    let settings: Vec<(String, String)> = clients
        .iter()
        .map(|client| (client.setting.clone(), format!("r.address({})", string(&client.code.variable))))
        .collect();
    let asked = |client: &ClientPackage<'_>| {
        code.token_check.as_ref().is_some_and(|check| std::ptr::eq(client.code, &code.clients[check.call.0]))
    };
    let readme = clients.iter().map(|client| {
        json!({
            "name": client.code.client.service.name,
            "variable": client.code.variable,
            "field": client.field,
            "setting": client.setting,
            "asked": asked(client),
            "calls": client.code.calls.iter().map(|call| call.call.row()).collect::<Vec<_>>()})
    });
    json!({
        "clients": readme.collect::<Vec<_>>(),
        "client_fields": align(&rows.collect::<Vec<_>>()),
        "client_settings": entries(&settings),
        "token_check": code.token_check.is_some(),
        "references": !code.references.is_empty(),
        "raw_parameters": clients.iter().any(raw),
        "refuses": fails(|failure| matches!(failure, Failure::Refuse(_))),
        "degrades": fails(|failure| *failure == Failure::Degrade),
        "cached": fails(|failure| matches!(failure, Failure::Cached(_))),
        "copied": fails(|failure| matches!(failure, Failure::Copy(_)))})
}

/// The set of clients.
pub(crate) fn set(code: &ServiceCode<'_>, clients: &[ClientPackage<'_>]) -> View {
    let mut packages: Vec<&str> = clients.iter().map(|client| client.package.as_str()).collect();
    packages.sort_unstable();
    let fields: Vec<Vec<String>> =
        clients.iter().map(|client| vec![client.field.clone(), format!("*{}.Client", client.package)]).collect();
    let made: Vec<(String, String)> = clients
        .iter()
        .map(|client| {
            let name = string(&client.code.client.service.name);
            let settings = format!("settings.{}, settings.CircuitOpenTime", client.setting);
            let opened = format!("upstream.New({name}, {settings}, schemas, metrics)");
            (client.field.clone(), format!("{}.New({opened})", client.package))
        })
        .collect();
    json!({
        "packages": packages,
        "fields": align(&fields),
        "made": entries(&made),
        "token_check": token_check(code, clients)})
}

fn token_check(code: &ServiceCode<'_>, clients: &[ClientPackage<'_>]) -> View {
    let Some(check) = &code.token_check else { return View::Null };
    let client = &clients[check.call.0];
    let at = check.call.1;
    let mut lines: Vec<String> = Vec::new();
    let mut values = Vec::new();
    if let Some(field) = &check.field {
        let body = client.fields(at).into_iter().find(|field| field.argument.is_none());
        values.extend(body.map(|body| (body.name, token_body(client, at, &body.kind, field, &mut lines))));
    }
    let arguments = client.arguments(at, &values);
    let target = format!("c.{}.{}(ctx, unit{arguments})", client.field, client.names[at].method);
    match client.returns(at) {
        None => lines.push(format!("return {target}")),
        Some(_) => lines.extend(format!("_, err := {target}\nreturn err").lines().map(str::to_owned)),
    }
    json!({ "name": client.code.client.service.name, "field": client.field, "lines": lines })
}

/// A body that holds the caller's token.
fn token_body(client: &ClientPackage<'_>, at: usize, kind: &Kind, property: &str, lines: &mut Vec<String>) -> String {
    let token = "unit.Principal.Token";
    let body = client.code.calls[at].operation.body.as_ref();
    let definition = body.and_then(|body| client.types.object(&body.kind));
    let made = definition.and_then(|definition| {
        let field = client.types.field_of(definition, property)?;
        let value = fit(&client.types, token, &Kind::plain("string"), &field.kind)?;
        let core = client.types.outside(client.types.name(definition));
        fit(&client.types, &literal(&core, &[(field.name, value)]), &Kind::plain(&core), kind)
    });
    made.unwrap_or_else(|| {
        let sent = format!("map[string]string{{{}: {token}}}", string(property));
        let convert = format!("body, err := values.Convert[{}]({sent})", kind.text());
        lines.extend([convert, "if err != nil {".to_owned(), "\treturn err".to_owned(), "}".to_owned()]);
        "body".to_owned()
    })
}

/// The package of one client.
pub(crate) fn view(code: &ServiceCode<'_>, client: &ClientPackage<'_>) -> View {
    let methods: Vec<View> = (0..client.names.len()).map(|at| method(code, client, at)).collect();
    let text = View::Array(methods.clone()).to_string();
    let uses = |name: &str| text.contains(&format!("{name}."));
    let mut fields = vec![vec!["Upstream".to_owned(), "*upstream.Upstream".to_owned()]];
    let mut made = vec![("Upstream".to_owned(), "service".to_owned())];
    for at in 0..client.names.len() {
        if let Some((name, kind, seconds)) = cache(client, at) {
            made.push((name.clone(), format!("upstream.NewLastAnswers[{kind}]({seconds} * time.Second)")));
            fields.push(vec![name, format!("*upstream.LastAnswers[{kind}]")]);
        }
    }
    let name = &client.code.client.service.name;
    let told = client.code.client.purpose.trim();
    let purpose = if told.is_empty() { String::new() } else { format!(" {}", prose(told)) };
    let standard = [("encoding/json", "json"), ("fmt", "fmt"), ("net/http", "http"), ("time", "time")].into_iter();
    json!({
        "package": client.package,
        "name": name,
        "purpose": format!("Client calls {name}.{purpose}"),
        "standard": standard.filter(|(_, name)| uses(name)).map(|(path, _)| path).collect::<Vec<_>>(),
        "copies": uses("copies"),
        "values": uses("values"),
        "fields": align(&fields),
        "caches": if made.len() > 1 { entries(&made) } else { Vec::new() },
        "methods": methods})
}

/// The field that keeps the last answers of a call, their type, and for how many seconds.
fn cache(client: &ClientPackage<'_>, at: usize) -> Option<(String, String, u64)> {
    let Failure::Cached(seconds) = client.code.calls[at].call.failure else { return None };
    let kind = client.types.inside(&client.returns(at)?);
    Some((unexported(&format!("last {}", client.code.calls[at].operation.function)), kind, seconds))
}

fn method(code: &ServiceCode<'_>, client: &ClientPackage<'_>, at: usize) -> View {
    let names = &client.names[at];
    let rows: Vec<Vec<String>> =
        client.fields(at).into_iter().map(|field| vec![field.name, client.types.inside(&field.kind.text())]).collect();
    let call = if rows.is_empty() { String::new() } else { format!(", call {}", names.call) };
    let results = client.returns(at).map(|kind| client.types.inside(&kind));
    let results = results.map_or("error".to_owned(), |kind| format!("({kind}, error)"));
    let short = format!("(ctx context.Context, unit *work.Unit{call}) {results}");
    let head = match names.method.len() + short.chars().count() + "func (c *Client)  {".len() > WIDTH {
        true => format!("(\n\tctx context.Context, unit *work.Unit{call},\n) {results}"),
        false => short,
    };
    json!({
        "constant": operation(client, at),
        "call": names.call,
        "name": names.method,
        "fields": align(&rows),
        "doc": doc(client, at),
        "head": head,
        "lines": lines(code, client, at)})
}

/// `getUser = upstream.Call{…}`.
fn operation(client: &ClientPackage<'_>, at: usize) -> String {
    let (call, names) = client.call(at);
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let answers: Vec<(String, String)> = call
        .successes
        .iter()
        .map(|(status, definition)| (status.to_string(), string(definition.as_deref().unwrap_or_default())))
        .collect();
    let operation = &call.operation;
    let mut pairs = vec![
        pair("ID", string(&operation.operation.id)),
        pair("Method", string(&operation.operation.method.key().to_uppercase())),
        pair("Path", string(&format!("{}{}", client.code.client.api.base_path, operation.operation.path))),
        pair("Answers", literal("map[int]string", &answers)),
    ];
    let media_type = operation.body.as_ref().and_then(|body| body.content.first());
    pairs.extend(media_type.map(|(name, _)| pair("MediaType", string(name))));
    pairs.push(pair("Timeout", duration(call.call.timeout_ms)));
    if call.call.retries > 0 {
        pairs.push(pair("Retries", call.call.retries.to_string()));
    }
    composite(&format!("{} = upstream.Call", names.operation), &pairs)
}

/// Milliseconds as Go writes them.
pub(crate) fn duration(milliseconds: u64) -> String {
    match milliseconds {
        1000 => "time.Second".to_owned(),
        whole if whole % 1000 == 0 => format!("{} * time.Second", whole / 1000),
        part => format!("{part} * time.Millisecond"),
    }
}

/// What the operation does, and what happens without an answer.
fn doc(client: &ClientPackage<'_>, at: usize) -> String {
    let (call, names) = client.call(at);
    let (summary, told) = call.call.described();
    let operation = &call.operation.operation;
    let address = format!("{} {}", operation.method.key().to_uppercase(), operation.path);
    let asks = if summary == address { ".".to_owned() } else { format!(": {}", prose(&summary)) };
    let without = told.map_or(String::new(), |told| format!(" Without an answer: {}", prose(&told)));
    format!("{} asks for {address}{asks}{without}", names.method)
}

/// The statements of a method.
fn lines(code: &ServiceCode<'_>, client: &ClientPackage<'_>, at: usize) -> Vec<String> {
    let (call, names) = client.call(at);
    let request = request(client, at);
    let returns = client.returns(at).map(|kind| client.types.inside(&kind));
    let asked = match &returns {
        Some(kind) => format!("upstream.Ask[{kind}](ctx, c.Upstream, unit, {}, {request})", names.operation),
        None => format!("c.Upstream.Call(ctx, unit, {}, {request})", names.operation),
    };
    let (taken, before) = if returns.is_some() { ("answer, err", "answer, ") } else { ("_, err", "") };
    let settled = match &call.call.failure {
        Failure::Refuse(status) => format!("{before}upstream.Refuse(err, {})", status_of(*status)),
        Failure::Degrade => format!("{before}upstream.Degrade(err)"),
        Failure::Cached(_) if returns.is_some() => {
            let last = cache(client, at).map(|(name, ..)| name).unwrap_or_default();
            let given = if client.fields(at).is_empty() { "nil" } else { "call" };
            format!("c.{last}.Or(unit, {given}, answer, err)")
        }
        Failure::Copy(copied) if returns.is_some() => {
            format!("upstream.OrCopy(ctx, unit, answer, err, {})", copy(code, client, at, copied))
        }
        Failure::Fail | Failure::Cached(_) | Failure::Copy(_) => match returns {
            Some(_) => return statement(&format!("return {asked}")),
            None => "err".to_owned(),
        },
    };
    let mut lines = statement(&format!("{taken} := {asked}"));
    lines.extend(statement(&format!("return {settled}")));
    lines
}

fn statement(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// A status as its constant, where it is one that a failure mode names.
fn status_of(status: u16) -> String {
    match status {
        401 => "http.StatusUnauthorized".to_owned(),
        403 => "http.StatusForbidden".to_owned(),
        404 => "http.StatusNotFound".to_owned(),
        500 => "http.StatusInternalServerError".to_owned(),
        502 => "http.StatusBadGateway".to_owned(),
        504 => "http.StatusGatewayTimeout".to_owned(),
        other => other.to_string(),
    }
}

/// `upstream.Request{Path: …}`.
fn request(client: &ClientPackage<'_>, at: usize) -> String {
    let call = &client.code.calls[at];
    let places =
        [("Path", ParameterLocation::Path), ("Query", ParameterLocation::Query), ("Header", ParameterLocation::Header)];
    let mut pairs = Vec::new();
    for (name, location) in places {
        let own = client.fields(at).into_iter().filter_map(|field| {
            let argument = field.argument.filter(|argument| argument.parameter.location == location)?;
            let made_up = call.operation.is_key(argument) && field.kind.core == "string";
            let value = match made_up {
                true => format!("values.Or(call.{}, values.NewID())", field.name),
                false => format!("call.{}", field.name),
            };
            Some((string(&argument.parameter.name), value))
        });
        let own: Vec<(String, String)> = own.collect();
        if !own.is_empty() {
            pairs.push((name.to_owned(), literal("map[string]any", &own)));
        }
    }
    if let Some(body) = client.fields(at).iter().find(|field| field.argument.is_none()) {
        pairs.push(("Body".to_owned(), format!("call.{}", body.name)));
    }
    if pairs.is_empty() { "upstream.Request{}".to_owned() } else { composite("upstream.Request", &pairs) }
}

/// `upstream.Copy{…}`.
fn copy(code: &ServiceCode<'_>, client: &ClientPackage<'_>, at: usize, copied: &Copied) -> String {
    let projection = &code.events.projections[copied.projection];
    let key = client.field_of(at, &copied.parameter);
    let key = key.map_or("\"\"".to_owned(), |field| match field.kind.core.as_str() {
        "string" => format!("call.{}", field.name),
        _ => format!("fmt.Sprint(call.{})", field.name),
    });
    let properties: Vec<(String, String)> =
        copied.properties.iter().map(|(name, of_copy)| (string(name), string(of_copy))).collect();
    let pairs = [
        ("Of".to_owned(), format!("copies.{}", copies(&projection.name))),
        ("Key".to_owned(), key),
        ("Properties".to_owned(), literal("map[string]string", &properties)),
    ];
    composite("upstream.Copy", &pairs)
}

/// The statements that ask, before an operation makes something, whether there is what it refers to: a call and how its
/// error is answered.
pub(crate) struct Asked {
    /// The call, whose error is the last result.
    pub(crate) call: String,
    /// Whether it has another result.
    pub(crate) answers: bool,
    /// Where the request refers.
    pub(crate) pointer: String,
    /// The status that refuses it.
    pub(crate) status: u16,
}

/// The same for each reference of an operation; the body's property as an expression with its type is given by `property`.
pub(crate) fn references(
    code: &ServiceCode<'_>,
    clients: &[ClientPackage<'_>],
    operation: &str,
    property: impl Fn(&str) -> Option<(String, Kind)>,
) -> Vec<Asked> {
    let own = code.references.iter().filter(|reference| reference.operation == operation);
    own.filter_map(|reference| {
        let client = &clients[reference.call.0];
        let at = reference.call.1;
        let field = client.field_of(at, &reference.parameter)?;
        let (expression, kind) = property(&reference.property)?;
        let value = fit(&client.types, &expression, &kind, &field.kind)
            .unwrap_or_else(|| format!("{}({expression})", field.kind.core));
        let arguments = client.arguments(at, &[(field.name, value)]);
        Some(Asked {
            call: format!("h.Clients.{}.{}(ctx, unit{arguments})", client.field, client.names[at].method),
            answers: client.returns(at).is_some(),
            pointer: string(&format!("#/{}", reference.property.replace('~', "~0").replace('/', "~1"))),
            status: reference.status,
        })
    })
    .collect()
}
