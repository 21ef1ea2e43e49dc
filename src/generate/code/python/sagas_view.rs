//! What the templates of sagas are rendered over.

use std::collections::BTreeSet;

use serde_json::{Value as View, json};

use crate::generate::code::names::{Case, Names};
use crate::generate::code::sagas::{Callee, From, SagaCall, SagaPlan};
use crate::generate::code::service::{OperationCode, ServiceCode, Type};
use crate::model::Language;

use super::layout::{Code, prose, string};
use super::project::bearer;

/// The sagas module.
pub(crate) fn view(code: &ServiceCode<'_>) -> View {
    let mut classes = Names::new(Language::Python).with(&["Clients", "Context", "Run", "Saga", "Step"]);
    let sagas: Vec<View> = code.sagas.iter().map(|plan| saga(code, plan, &mut classes)).collect();
    let uses_clients = code.sagas.iter().any(uses_clients);
    let groups = groups(code, code.sagas.iter());
    json!({
        "sagas": sagas,
        "uses_clients": uses_clients,
        "handlers": handlers(code, &groups),
        "head": signature(code, "def all_sagas(", uses_clients, &groups).lay_out(0, "", " -> list[Saga]:")})
}

/// What the templates of a whole project ask for.
pub(crate) fn flags(code: &ServiceCode<'_>) -> View {
    let mut arguments: Vec<Code> = Vec::new();
    if code.sagas.iter().any(uses_clients) {
        arguments.push(Code::text("clients"));
    }
    let groups = groups(code, code.sagas.iter());
    arguments.extend(groups.iter().map(|at| Code::text(format!("{}_handlers", code.groups[*at].module))));
    let all = Code::group("all_sagas(", arguments, ")");
    let acting = !code.clients.is_empty() && (bearer(code) || code.auth.is_some());
    let given = [("database", true), ("settings", acting)].into_iter().filter(|(_, used)| *used);
    let given = given.map(|(name, _)| Code::text(name)).chain([all]).collect();
    let made = Code::group("Orchestrator(", given, ")");
    json!({
        "sagas": !code.sagas.is_empty(),
        "acting": acting && !code.sagas.is_empty(),
        "orchestrator": made.lay_out(4, "orchestrator = ", "")})
}

/// The statement that begins the saga of an operation, once its document is made.
pub(crate) fn begins(code: &ServiceCode<'_>, operation: &OperationCode<'_>, document: &str) -> Vec<String> {
    let own = code.sagas.iter().filter(|plan| plan.begun_by == operation.operation.id);
    own.map(|plan| format!("await saga.begin(context, sagas.{}, {document})", constant(plan))).collect()
}

fn constant(plan: &SagaPlan) -> String {
    Case::Constant.apply(&plan.name)
}

fn calls(plan: &SagaPlan) -> impl Iterator<Item = &SagaCall> {
    plan.steps.iter().flat_map(|step| step.act.iter().chain(&step.undo))
}

fn uses_clients(plan: &SagaPlan) -> bool {
    calls(plan).any(|call| matches!(call.callee, Callee::Upstream(..)))
}

fn own<'b, 'a>(code: &'b ServiceCode<'a>, id: &str) -> Option<&'b OperationCode<'a>> {
    code.operations.iter().find(|operation| operation.operation.id == id)
}

/// The groups whose handlers take steps.
fn groups<'p>(code: &ServiceCode<'_>, plans: impl Iterator<Item = &'p SagaPlan>) -> Vec<usize> {
    let called = plans.flat_map(calls).filter_map(|call| match &call.callee {
        Callee::Own(id) => own(code, id).map(|operation| operation.group),
        Callee::Upstream(..) => None,
    });
    called.collect::<BTreeSet<usize>>().into_iter().collect()
}

fn handlers(code: &ServiceCode<'_>, groups: &[usize]) -> Vec<View> {
    let mut found: Vec<View> = groups
        .iter()
        .map(|at| json!({ "module": code.groups[*at].module, "class": format!("{}Handlers", code.groups[*at].class) }))
        .collect();
    found.sort_by_key(|one| one["module"].as_str().unwrap_or_default().to_owned());
    found
}

fn signature(code: &ServiceCode<'_>, open: &str, clients: bool, groups: &[usize]) -> Code {
    let mut parameters = Vec::new();
    if open.contains("__init__") {
        parameters.push(Code::text("self"));
    }
    if clients {
        parameters.push(Code::text("clients: Clients"));
    }
    let handlers = groups.iter().map(|at| &code.groups[*at]);
    parameters.extend(handlers.map(|group| Code::text(format!("{}: {}Handlers", group.module, group.class))));
    Code::group(open, parameters, ")")
}

fn saga(code: &ServiceCode<'_>, plan: &SagaPlan, classes: &mut Names) -> View {
    let class = classes.claim(&plan.name, Case::Pascal);
    let variable = Case::Snake.apply(&class);
    let (groups, clients) = (groups(code, std::iter::once(plan)), uses_clients(plan));
    let mut names = Names::new(Language::Python).with(&["clients"]);
    groups.iter().for_each(|at| names = names.clone().with(&[code.groups[*at].module.as_str()]));
    let mut methods = Vec::new();
    let mut steps = Vec::new();
    for step in &plan.steps {
        let mut arguments = vec![Code::text(string(&step.name))];
        if let Some(call) = &step.act {
            let name = names.claim(&step.name, Case::Snake);
            arguments.push(Code::text(format!("{variable}.{name}")));
            methods.push(method(code, call, &name));
        }
        if let Some(call) = &step.undo {
            let name = names.claim(&format!("undo {}", step.name), Case::Snake);
            arguments.push(Code::text(format!("undo={variable}.{name}")));
            methods.push(method(code, call, &name));
        }
        steps.push(Code::group("Step(", arguments, ")").lay_out(16, "", ","));
    }
    let assigned = groups.iter().map(|at| code.groups[*at].module.clone());
    let given: Vec<String> = clients.then(|| "clients".to_owned()).into_iter().chain(assigned.clone()).collect();
    let given = given.iter().map(|name| Code::text(name.clone())).collect();
    let seconds = format!("timeout_seconds={}.{}", plan.timeout_ms / 1000, plan.timeout_ms % 1000 / 100);
    json!({
        "name": prose(&plan.name).trim_end_matches('.'),
        "class": class,
        "variable": variable,
        "constant": constant(plan),
        "declaration": format!("{} = Saga({}, {seconds})", constant(plan), string(&plan.name)),
        "init": signature(code, "def __init__(", clients, &groups).lay_out(4, "", " -> None:"),
        "clients": clients,
        "assigned": assigned.collect::<Vec<_>>(),
        "made": Code::group(format!("{class}("), given, ")").lay_out(4, &format!("{variable} = "), ""),
        "methods": methods,
        "steps": steps})
}

/// A method: `return await self.orders.confirm_order(context, order_id=run.results[0]["id"])`.
fn method(code: &ServiceCode<'_>, call: &SagaCall, name: &str) -> View {
    let (target, operation, returns) = match &call.callee {
        Callee::Own(id) => {
            let Some(operation) = own(code, id) else { return View::Null };
            let target = format!("self.{}.{}(", code.groups[operation.group].module, operation.function);
            (target, operation, &operation.returns)
        }
        Callee::Upstream(client, at) => {
            let client = &code.clients[*client];
            let call = &client.calls[*at];
            let target = format!("self.clients.{}.{}(", client.module, call.operation.function);
            (target, &call.operation, &call.returns)
        }
    };
    let value = |from: &From| format!("run.results[{}][{}]", from.step, string(&from.property));
    let mut arguments = vec![Code::text("context")];
    for (parameter, from) in &call.parameters {
        let name = operation.argument(parameter).map_or("", |argument| argument.name.as_str());
        arguments.push(Code::text(format!("{name}={}", value(from))));
    }
    if let Some(key) = call.key.as_deref().and_then(|key| operation.argument(key)) {
        arguments.push(Code::text(format!("{}=run.key", key.name)));
    }
    if let Some(body) = &call.body {
        let entries = body.iter().map(|(name, from)| Code::entry(name, Code::text(value(from)))).collect();
        arguments.push(Code::Labelled("body=".to_owned(), Box::new(Code::group("{", entries, "}"))));
    }
    let (result, before) = if *returns == Type::Null { ("None", "") } else { ("object", "return ") };
    json!({
        "name": name,
        "result": result,
        "statement": Code::group(format!("await {target}"), arguments, ")").lay_out(8, before, "")})
}
