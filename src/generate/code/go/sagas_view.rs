//! What the template of sagas is rendered over.

use std::collections::BTreeSet;

use serde_json::{Value as View, json};

use crate::generate::code::sagas::{Callee, From, SagaCall, SagaPlan};
use crate::generate::code::service::{Body, Definition, OperationCode, ServiceCode, Type};
use crate::model::Schemas;
use crate::template::names::Scope;

use super::clients::{ClientPackage, literal};
use super::clients_view::duration;
use super::fit::fit;
use super::layout::{align, prose, string};
use super::names::Names;
use super::operations::default_value;
use super::types::{Kind, RAW, Types, Wrap};
use super::words::{exported, unexported};

/// The names of the sagas, in their order.
fn names(code: &ServiceCode<'_>) -> Vec<String> {
    let mut taken = Scope::new();
    taken.reserve("All");
    code.sagas.iter().map(|plan| taken.unique(&exported(&plan.name), "")).collect()
}

/// The sagas that an operation begins.
pub(crate) fn begun_by(code: &ServiceCode<'_>, operation: &str) -> Vec<String> {
    let own = names(code).into_iter().zip(&code.sagas).filter(|(_, plan)| plan.begun_by == operation);
    own.map(|(name, _)| name).collect()
}

fn calls(plan: &SagaPlan) -> impl Iterator<Item = &SagaCall> {
    plan.steps.iter().flat_map(|step| step.act.iter().chain(&step.undo))
}

fn uses_clients(plan: &SagaPlan) -> bool {
    calls(plan).any(|call| matches!(call.callee, Callee::Upstream(..)))
}

fn own<'b, 'a>(code: &'b ServiceCode<'a>, id: &str) -> Option<(usize, &'b OperationCode<'a>)> {
    code.operations.iter().enumerate().find(|(_, operation)| operation.operation.id == id)
}

/// The groups whose handlers take steps.
fn groups<'p>(code: &ServiceCode<'_>, plans: impl Iterator<Item = &'p SagaPlan>) -> Vec<usize> {
    let called = plans.flat_map(calls).filter_map(|call| match &call.callee {
        Callee::Own(id) => own(code, id).map(|(_, operation)| operation.group),
        Callee::Upstream(..) => None,
    });
    called.collect::<BTreeSet<usize>>().into_iter().collect()
}

/// What the templates of a whole project ask for.
pub(crate) fn flags(code: &ServiceCode<'_>, names: &Names, bearer: bool) -> View {
    let clients = code.sagas.iter().any(uses_clients).then(|| "called".to_owned());
    let handlers = groups(code, code.sagas.iter()).into_iter().map(|at| names.groups[at].variable.clone());
    let arguments: Vec<String> = clients.into_iter().chain(handlers).collect();
    let acting = !code.clients.is_empty() && (bearer || code.auth.is_some());
    json!({
        "sagas": !code.sagas.is_empty(),
        "acting": acting && !code.sagas.is_empty(),
        "saga_arguments": arguments.join(", ")})
}

/// What steps are made from.
pub(crate) struct Steps<'a, 'b> {
    pub(crate) schemas: &'b Schemas,
    pub(crate) code: &'b ServiceCode<'a>,
    pub(crate) types: &'b Types<'b>,
    pub(crate) names: &'b Names,
    pub(crate) clients: &'b [ClientPackage<'b>],
}

/// The result of a step: its type from outside, and the types and the object that it is of.
struct Made<'b> {
    text: String,
    types: &'b Types<'b>,
    definition: &'b Definition,
}

/// An operation that is called: its name, type, fields with kinds, and the body's object.
struct Target<'b> {
    name: String,
    call: Option<String>,
    fields: Vec<(Option<String>, String, Kind)>,
    types: &'b Types<'b>,
    body: Option<&'b Type>,
    answers: bool,
}

impl<'b> Steps<'_, 'b> {
    /// The sagas module.
    pub(crate) fn view(&self) -> View {
        let names = names(self.code);
        let mut types = Scope::new();
        let plans = self.code.sagas.iter().zip(&names);
        let sagas: Vec<View> = plans.map(|(plan, name)| self.saga(plan, name, &mut types)).collect();
        let text = View::Array(sagas.clone()).to_string();
        let uses = |name: &str| text.contains(&format!("{name}."));
        let mut packages: Vec<&str> =
            self.clients.iter().map(|client| client.package.as_str()).filter(|package| uses(package)).collect();
        packages.sort_unstable();
        let uses_clients = self.code.sagas.iter().any(uses_clients);
        let groups = groups(self.code, self.code.sagas.iter());
        json!({
            "sagas": sagas,
            "raw": uses("json"),
            "values": uses("values"),
            "contract": uses("contract") || !groups.is_empty(),
            "uses_clients": uses_clients,
            "packages": packages,
            "parameters": self.parameters(uses_clients, &groups)})
    }

    fn parameters(&self, clients: bool, groups: &[usize]) -> String {
        let clients = clients.then(|| "called *clients.Clients".to_owned());
        let handlers = groups.iter().map(|at| {
            let group = &self.names.groups[*at];
            format!("{} contract.{}", group.variable, group.interface)
        });
        clients.into_iter().chain(handlers).collect::<Vec<_>>().join(", ")
    }

    fn saga(&self, plan: &SagaPlan, name: &str, types: &mut Scope) -> View {
        let (groups, clients) = (groups(self.code, std::iter::once(plan)), uses_clients(plan));
        let mut taken = Scope::new();
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut given = Vec::new();
        if clients {
            taken.reserve("clients");
            rows.push(vec!["clients".to_owned(), "*clients.Clients".to_owned()]);
            given.push("called".to_owned());
        }
        for at in groups {
            let group = &self.names.groups[at];
            taken.reserve(&group.argument);
            rows.push(vec![group.argument.clone(), format!("contract.{}", group.interface)]);
            given.push(group.variable.clone());
        }
        let variable = format!("{}Steps", unexported(name).trim_end_matches('_'));
        let (mut methods, mut steps) = (Vec::new(), Vec::new());
        for step in &plan.steps {
            let mut fields = vec![("Name".to_owned(), string(&step.name))];
            let undo = format!("undo {}", step.name);
            for (field, call, words) in [("Act", &step.act, step.name.as_str()), ("Undo", &step.undo, &undo)] {
                let Some(call) = call else { continue };
                let method = taken.unique(&unexported(words), "");
                fields.push((field.to_owned(), format!("{variable}.{method}")));
                methods.push(json!({ "name": method, "lines": self.lines(plan, call) }));
            }
            steps.push(literal("saga.Step", &fields).replace('\n', "\n\t\t\t"));
        }
        json!({
            "name": name,
            "words": prose(&plan.name).trim_end_matches('.'),
            "begun_by": plan.begun_by,
            "declaration":
                format!("saga.Saga{{Name: {}, Timeout: {}}}", string(&plan.name), duration(plan.timeout_ms)),
            "steps_type": types.unique(&format!("stepsOf{name}"), ""),
            "variable": variable,
            "given": given.join(", "),
            "fields": align(&rows),
            "methods": methods,
            "steps": steps})
    }

    /// The result of a step; nothing where it is no object of its own.
    fn made(&self, plan: &SagaPlan, step: usize) -> Option<Made<'b>> {
        let (types, kind): (&'b Types<'b>, &Type) = match plan.steps.get(step)?.act.as_ref().map(|call| &call.callee) {
            None => {
                let (_, operation) = own(self.code, &plan.begun_by)?;
                (self.types, &self.code.resources.get(operation.resource?)?.model)
            }
            Some(Callee::Own(id)) => (self.types, &own(self.code, id)?.1.returns),
            Some(Callee::Upstream(client, call)) => {
                let client = &self.clients[*client];
                (&client.types, &client.code.calls[*call].returns)
            }
        };
        let definition = types.object(kind)?;
        Some(Made { text: types.outside(types.name(definition)), types, definition })
    }

    fn target(&self, call: &SagaCall) -> Option<Target<'b>> {
        match &call.callee {
            Callee::Own(id) => {
                let (at, operation) = own(self.code, id)?;
                let fields = operation.arguments.iter().map(|argument| {
                    let given =
                        argument.parameter.required || default_value(self.schemas, self.types, argument).is_some();
                    let kind = self.types.argument(&argument.kind, given);
                    (Some(argument.parameter.name.to_string()), exported(&argument.name), kind)
                });
                let body = operation.body.as_ref();
                let own = body.map(|body| (None, "Body".to_owned(), self.types.argument(&body.kind, body.required)));
                Some(Target {
                    name: format!("s.{}.{}", self.names.groups[operation.group].argument, self.names.methods[at]),
                    call: Some(format!("contract.{}", self.names.calls[at])),
                    fields: fields.chain(own).collect(),
                    types: self.types,
                    body: body.map(|body| &body.kind),
                    answers: !operation.answers_nothing(),
                })
            }
            Callee::Upstream(client, at) => {
                let client = &self.clients[*client];
                let fields = client.fields(*at);
                let call = (!fields.is_empty()).then(|| format!("{}.{}", client.package, client.names[*at].call));
                let named = |field: super::clients::CallField<'_>| {
                    (field.argument.map(|argument| argument.parameter.name.to_string()), field.name, field.kind)
                };
                Some(Target {
                    name: format!("s.clients.{}.{}", client.field, client.names[*at].method),
                    call,
                    fields: fields.into_iter().map(named).collect(),
                    types: &client.types,
                    body: client.code.calls[*at].operation.body.as_ref().map(|body| &body.kind),
                    answers: client.returns(*at).is_some(),
                })
            }
        }
    }

    /// The statements of a step: what it needs of the results before, and the call.
    fn lines(&self, plan: &SagaPlan, call: &SagaCall) -> Vec<String> {
        let Some(target) = self.target(call) else { return vec!["return nil, nil".to_owned()] };
        let mut reader = Reader { steps: self, plan, lines: Vec::new(), read: BTreeSet::new() };
        let mut values = Vec::new();
        for (parameter, from) in &call.parameters {
            let field = target.fields.iter().find(|(name, ..)| name.as_ref() == Some(parameter));
            if let Some((_, name, kind)) = field {
                values.push((name.clone(), reader.value(from, target.types, kind)));
            }
        }
        let key = call.key.as_ref();
        if let Some((_, name, kind)) = target.fields.iter().find(|(name, ..)| key.is_some() && name.as_ref() == key) {
            let value = fit(target.types, "run.Key", &Kind::plain("string"), kind);
            values.push((name.clone(), value.unwrap_or_else(|| "run.Key".to_owned())));
        }
        if let (Some(sent), Some((_, name, kind))) =
            (&call.body, target.fields.iter().find(|(name, ..)| name.is_none()))
        {
            let body = reader.body(sent, &target, kind);
            values.push((name.clone(), body));
        }
        let mut lines = reader.lines;
        let given = target.call.as_ref().map_or(String::new(), |call| format!(", {}", literal(call, &values)));
        let target_call = format!("{}(ctx, unit{given})", target.name);
        let last = if target.answers { format!("return {target_call}") } else { format!("return nil, {target_call}") };
        lines.extend(last.lines().map(str::to_owned));
        lines
    }
}

/// Reads the results of steps, each once.
struct Reader<'r, 'a, 'b> {
    steps: &'r Steps<'a, 'b>,
    plan: &'r SagaPlan,
    lines: Vec<String>,
    read: BTreeSet<usize>,
}

impl Reader<'_, '_, '_> {
    fn push(&mut self, statement: &str) {
        self.lines.extend(statement.lines().map(str::to_owned));
        self.lines.extend(["if err != nil {", "\treturn nil, err", "}"].map(str::to_owned));
    }

    /// A property of a result as an expression of a type.
    fn value(&mut self, from: &From, types: &Types<'_>, to: &Kind) -> String {
        let variable = result_name(from.step);
        let made = self.steps.made(self.plan, from.step);
        let field = made.as_ref().and_then(|made| made.types.field_of(made.definition, &from.property));
        let (Some(made), Some(field)) = (made, field) else { return self.converted(from, to) };
        if self.read.insert(from.step) {
            self.push(&format!("{variable}, err := saga.Result[{}](run, {})", made.text, from.step));
        }
        let mut expression = format!("{variable}.{}", field.name);
        let mut kind = field.kind;
        if kind.core != to.core && kind.wrap == Wrap::Plain && made.types.is_enumeration(&kind.core) {
            expression = format!("string({expression})");
            kind = Kind::plain("string");
        }
        match fit(types, &expression, &kind, to) {
            Some(value) => value,
            None => {
                let name = unexported(&from.property);
                self.push(&format!("{name}, err := values.Convert[{}]({expression})", to.text()));
                name
            }
        }
    }

    /// The same where the result has no type that tells.
    fn converted(&mut self, from: &From, to: &Kind) -> String {
        let variable = format!("{}JSON", result_name(from.step));
        if self.read.insert(from.step) {
            self.push(&format!("{variable}, err := saga.Result[map[string]{RAW}](run, {})", from.step));
        }
        let name = unexported(&from.property);
        let property = string(&from.property);
        self.push(&format!("{name}, err := values.Convert[{}]({variable}[{property}])", to.text()));
        name
    }

    /// A body with properties of results.
    fn body(&mut self, sent: &[(String, From)], target: &Target<'_>, kind: &Kind) -> String {
        let definition =
            target.body.and_then(|body| target.types.object(body)).filter(|one| matches!(one.body, Body::Object(_)));
        let Some(definition) = definition else {
            let entries: Vec<(String, String)> = sent
                .iter()
                .map(|(name, from)| (string(name), self.value(from, target.types, &Kind::plain(RAW))))
                .collect();
            self.push(&format!(
                "body, err := values.Convert[{}]({})",
                kind.text(),
                literal("map[string]any", &entries)
            ));
            return "body".to_owned();
        };
        let fields = target.types.fields(definition);
        let mut pairs = Vec::new();
        for (name, from) in sent {
            if let Some(field) = fields.iter().find(|field| field.json == *name) {
                pairs.push((field.name.clone(), self.value(from, target.types, &field.kind)));
            }
        }
        let core = target.types.outside(target.types.name(definition));
        let made = literal(&core, &pairs);
        fit(target.types, &made, &Kind::plain(&core), kind).unwrap_or(made)
    }
}

/// The variable of a result: the one that began the saga, or that of a later step.
fn result_name(step: usize) -> String {
    if step == 0 { "begun".to_owned() } else { format!("step{}", step + 1) }
}
