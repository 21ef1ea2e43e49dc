//! What the templates of sagas are rendered over.

use std::collections::BTreeSet;

use serde_json::{Value as View, json};

use crate::generate::code::names::Case;
use crate::generate::code::sagas::{Callee, From, SagaCall, SagaPlan};
use crate::generate::code::service::{Body, OperationCode, ServiceCode, Type};

use super::layout::{Code, access, key, string};

/// Where the value of a step's input comes from, with the types of both ends.
struct Taken<'v> {
    from: &'v From,
    kind: Option<&'v Type>,
}

/// The sagas module.
pub(crate) fn view(code: &ServiceCode<'_>) -> View {
    let sagas: Vec<View> = code.sagas.iter().map(|plan| saga(code, plan)).collect();
    let groups = groups(code);
    let text = View::Array(sagas.clone()).to_string();
    let mut imports = Vec::new();
    for client in &code.clients {
        let names = client.definitions.iter().map(|definition| definition.name.as_str());
        let used: Vec<&str> = names.filter(|name| text.contains(&format!(" as {}.{name})", client.module))).collect();
        if !used.is_empty() {
            imports.push(format!("import type * as {} from \"./clients/{}.ts\";", client.module, client.module));
        }
    }
    imports.sort();
    if text.contains(" as models.") {
        imports.push("import type * as models from \"./models.ts\";".to_owned());
    }
    if !groups.is_empty() {
        imports.push("import type { Handlers } from \"./routes.ts\";".to_owned());
    }
    let modules: Vec<&str> = groups.iter().map(|at| code.groups[*at].module.as_str()).collect();
    let kind = match modules.len() == code.groups.len() {
        true => "Handlers".to_owned(),
        false => {
            let names: Vec<String> = modules.iter().map(|module| string(module)).collect();
            format!("Pick<Handlers, {}>", names.join(" | "))
        }
    };
    let parameter = format!("{{ {} }}: {kind}", modules.join(", "));
    let parameters = if modules.is_empty() { Vec::new() } else { vec![Code::text(parameter)] };
    let head = Code::Parameters("export function sagasOf".to_owned(), parameters);
    json!({
        "sagas": sagas,
        "type_imports": imports,
        "handlers": !modules.is_empty(),
        "head": head.lay_out(0, "", ": Orchestrated[] {")})
}

/// What the templates of a whole project ask for.
pub(crate) fn flags(code: &ServiceCode<'_>, jwt: bool) -> View {
    let acting = !code.sagas.is_empty() && !code.clients.is_empty() && jwt;
    let (auth, clients) = (code.auth.is_some(), !code.clients.is_empty());
    let entries = [("database", true), ("settings", auth || acting), ("clients", clients)];
    let runtime = entries.into_iter().filter(|(_, used)| *used).map(|(name, _)| Code::text(name)).collect();
    let modules = groups(code).into_iter().map(|at| Code::text(code.groups[at].module.clone()));
    let modules: Vec<Code> = modules.collect();
    let handlers = if modules.is_empty() { Vec::new() } else { vec![Code::Object(modules)] };
    let arguments = vec![Code::Object(runtime), Code::Call("sagasOf".to_owned(), handlers)];
    let parts = [("settings", auth || acting), ("clients", clients)].into_iter().filter(|(_, used)| *used);
    let given = [("settings", auth), ("clients", clients)].into_iter().filter(|(_, used)| *used);
    let parts: Vec<&str> = parts.map(|(name, _)| name).collect();
    json!({
        "sagas": !code.sagas.is_empty(),
        "acting": acting,
        "context_parts": parts.join(", "),
        "context_given": given.map(|(name, _)| format!("{name}, ")).collect::<String>(),
        "orchestrator": Code::Call("new Orchestrator".to_owned(), arguments)
            .lay_out(2, "const orchestrator = ", ";")})
}

/// The statements that begin the sagas of an operation, once its document is made.
pub(crate) fn begins(code: &ServiceCode<'_>, operation: &OperationCode<'_>, document: &str) -> Vec<String> {
    let own = code.sagas.iter().filter(|plan| plan.begun_by == operation.operation.id);
    let begin = |plan: &SagaPlan| {
        let saga = format!("sagas.{}", Case::Constant.apply(&plan.name));
        let arguments = ["context".to_owned(), saga, document.to_owned()].map(Code::text);
        Code::Call("await beginSaga".to_owned(), arguments.to_vec()).lay_out(4, "", ";")
    };
    own.map(begin).collect()
}

fn own<'b, 'a>(code: &'b ServiceCode<'a>, id: &str) -> Option<&'b OperationCode<'a>> {
    code.operations.iter().find(|operation| operation.operation.id == id)
}

/// The groups whose handlers take steps.
fn groups(code: &ServiceCode<'_>) -> Vec<usize> {
    let steps = code.sagas.iter().flat_map(|plan| &plan.steps);
    let called = steps.flat_map(|step| step.act.iter().chain(&step.undo)).filter_map(|call| match &call.callee {
        Callee::Own(id) => own(code, id).map(|operation| operation.group),
        Callee::Upstream(..) => None,
    });
    called.collect::<BTreeSet<usize>>().into_iter().collect()
}

fn saga(code: &ServiceCode<'_>, plan: &SagaPlan) -> View {
    let results: Vec<Option<(String, &Type)>> = results(code, plan);
    let steps = plan.steps.iter().map(|step| {
        let methods = [("act", &step.act), ("undo", &step.undo)];
        let methods = methods.into_iter().filter_map(|(name, call)| Some(method(code, &results, name, call.as_ref()?)));
        json!({ "name": string(&step.name), "methods": methods.collect::<Vec<_>>() })
    });
    let constant = Case::Constant.apply(&plan.name);
    let limit = Code::text(super::clients_view::number(plan.timeout_ms));
    let declared = Code::Object(vec![
        Code::entry("name", Code::text(string(&plan.name))),
        Code::entry("timeoutMilliseconds", limit),
    ]);
    json!({
        "constant": constant,
        "declaration": declared.lay_out(0, &format!("export const {constant}: Saga = "), ";"),
        "steps": steps.collect::<Vec<_>>()})
}

/// The types of what the steps answer, each with the module that it stands in.
fn results<'b>(code: &'b ServiceCode<'_>, plan: &SagaPlan) -> Vec<Option<(String, &'b Type)>> {
    let of = |call: &SagaCall| match &call.callee {
        Callee::Own(id) => own(code, id).map(|operation| ("models".to_owned(), &operation.returns)),
        Callee::Upstream(client, at) => {
            let client = &code.clients[*client];
            Some((client.module.clone(), &client.calls[*at].returns))
        }
    };
    let begun = own(code, &plan.begun_by).and_then(|operation| {
        let resource = operation.resource.and_then(|at| code.resources.get(at))?;
        Some(("models".to_owned(), &resource.model))
    });
    std::iter::once(begun).chain(plan.steps.iter().skip(1).map(|step| of(step.act.as_ref()?))).collect()
}

/// A method of a step: `act(context, { results }) { return …; }`.
fn method(code: &ServiceCode<'_>, results: &[Option<(String, &Type)>], name: &str, call: &SagaCall) -> View {
    let (target, operation) = match &call.callee {
        Callee::Own(id) => {
            let Some(operation) = own(code, id) else { return View::Null };
            let module = &code.groups[operation.group].module;
            (format!("required({module}.{})", operation.function), operation)
        }
        Callee::Upstream(client, at) => {
            let client = &code.clients[*client];
            let operation = &client.calls[*at].operation;
            (format!("context.clients.{}.{}", client.module, operation.function), operation)
        }
    };
    let take = |taken: Taken<'_>| Code::text(value(code, results, &taken));
    let mut entries = Vec::new();
    for (parameter, from) in &call.parameters {
        let Some(argument) = operation.argument(parameter) else { continue };
        entries.push(Code::entry(&argument.name, take(Taken { from, kind: Some(&argument.kind) })));
    }
    if let Some(argument) = call.key.as_deref().and_then(|key| operation.argument(key)) {
        entries.push(Code::entry(&argument.name, Code::text("key")));
    }
    if let Some(body) = &call.body {
        let kind = operation.body.as_ref().map(|body| &body.kind);
        let fields = body.iter().map(|(name, from)| {
            let kind = kind.and_then(|kind| field(code, call, kind, name));
            Code::entry(name, take(Taken { from, kind }))
        });
        entries.push(Code::entry("body", Code::Object(fields.collect())));
    }
    let used = [
        ("results", !call.parameters.is_empty() || call.body.as_ref().is_some_and(|body| !body.is_empty())),
        ("key", call.key.is_some()),
    ];
    let used: Vec<&str> = used.into_iter().filter(|(_, used)| *used).map(|(name, _)| name).collect();
    let mut parameters = vec![Code::text("context")];
    if !used.is_empty() {
        parameters.push(Code::Object(used.into_iter().map(Code::text).collect()));
    }
    let mut arguments = vec![Code::text("context")];
    if !entries.is_empty() {
        arguments.push(Code::Object(entries));
    }
    json!({
        "head": Code::Parameters(name.to_owned(), parameters).lay_out(10, "", ""),
        "statement": Code::Call(target, arguments).lay_out(12, "return ", ";")})
}

/// The type of a property of what is sent; nothing where it has a name of its own module.
fn field<'b>(code: &'b ServiceCode<'_>, call: &SagaCall, kind: &Type, name: &str) -> Option<&'b Type> {
    let definitions = match &call.callee {
        Callee::Own(_) => &code.definitions,
        Callee::Upstream(client, _) => &code.clients[*client].definitions,
    };
    property(definitions, kind, name)
}

fn property<'b>(
    definitions: &'b [crate::generate::code::service::Definition],
    kind: &Type,
    name: &str,
) -> Option<&'b Type> {
    let Type::Named(model) = kind else { return None };
    let definition = definitions.iter().find(|definition| definition.name == *model)?;
    let Body::Object(fields) = &definition.body else { return None };
    fields.iter().find(|field| field.name == name).map(|field| &field.kind)
}

/// `(results[0] as models.Order).id`; where the types of both ends differ by their names, the compiler cannot tell whether
/// one fits the other, and the check of the request does.
fn value(code: &ServiceCode<'_>, results: &[Option<(String, &Type)>], taken: &Taken<'_>) -> String {
    let From { step, property: name } = taken.from;
    let found = results.get(*step).and_then(Option::as_ref).and_then(|(module, kind)| {
        let definitions = match code.clients.iter().find(|client| client.module == *module) {
            Some(client) => &client.definitions,
            None => &code.definitions,
        };
        let source = property(definitions, kind, name)?;
        let Type::Named(model) = kind else { return None };
        let plain = |kind: &Type| matches!(kind, Type::Text | Type::Integer | Type::Number | Type::Boolean);
        let number = |kind: &Type| matches!(kind, Type::Integer | Type::Number);
        let wanted = taken.kind?;
        let same = plain(source) && (source == wanted || (number(source) && number(wanted)));
        same.then(|| format!("{module}.{model}"))
    });
    let kind = found.unwrap_or_else(|| format!("{{ {}: never }}", key(name)));
    format!("(results[{step}] as {kind}){}", access(name))
}
