//! Sagas that a service runs: which operation each step calls and which one undoes it, with what. A saga is known when its
//! first step is an operation of ours that makes a document, and everything that a later step sends stands in what the steps
//! before it answered.

use crate::model::{Api, Operation, OperationIndex, Platform, SagaStep, SagaStyle, Schemas, Service};

use super::behaviour::{Archetypes, Behaviour};
use super::clients::{Clients, Failure, answer_shape, idempotency_key, is_idempotent};
use super::resource::{self, Resource, alike};
use super::shape::Shape;

/// The time of a saga where the spec does not say, in milliseconds.
const TIMEOUT_MS: u64 = 60_000;

/// Where a value comes from: the result of a step, and a property of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct From {
    /// Index of the step.
    pub(crate) step: usize,
    /// The property.
    pub(crate) property: String,
}

/// Whose operation is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Callee {
    /// A handler of this service, by the id of its operation.
    Own(String),
    /// A client and its call.
    Upstream(usize, usize),
}

/// What a step calls, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SagaCall {
    /// The operation.
    pub(crate) callee: Callee,
    /// Parameters with their values.
    pub(crate) parameters: Vec<(String, From)>,
    /// Properties of the body with their values; nothing where none is sent.
    pub(crate) body: Option<Vec<(String, From)>>,
    /// The header that takes the key of the step.
    pub(crate) key: Option<String>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StepPlan {
    /// Its name.
    pub(crate) name: String,
    /// What it does; nothing for the one that begins the saga.
    pub(crate) act: Option<SagaCall>,
    /// What undoes it.
    pub(crate) undo: Option<SagaCall>,
}

/// One saga.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SagaPlan {
    /// Its name.
    pub(crate) name: String,
    /// Its time limit in milliseconds.
    pub(crate) timeout_ms: u64,
    /// The id of our operation that begins it.
    pub(crate) begun_by: String,
    /// Its steps in order.
    pub(crate) steps: Vec<StepPlan>,
}

/// The sagas of a service that are known in full.
pub(crate) fn of(
    platform: &Platform,
    service: &Service,
    api: &Api,
    archetypes: &Archetypes<'_>,
    clients: &Clients<'_>,
) -> Vec<SagaPlan> {
    let finder = Finder { schemas: &platform.schemas, service, api, archetypes, clients };
    let orchestrated = service.sagas.iter().filter(|saga| saga.style == SagaStyle::Orchestrated);
    let mut found: Vec<SagaPlan> = Vec::new();
    for saga in orchestrated {
        let taken = |plan: &SagaPlan| found.iter().any(|known| alike(&known.name, &plan.name));
        let plan = finder.plan(&saga.name, saga.timeout_ms.unwrap_or(TIMEOUT_MS), &saga.steps);
        found.extend(plan.filter(|plan| !taken(plan)));
    }
    found
}

struct Finder<'a> {
    schemas: &'a Schemas,
    service: &'a Service,
    api: &'a Api,
    archetypes: &'a Archetypes<'a>,
    clients: &'a Clients<'a>,
}

/// What is known of the result of a step: its properties, and the variable of paths that its key is.
#[derive(Default)]
struct Known {
    properties: Vec<String>,
    key: Option<(String, String)>,
}

impl Known {
    fn new(shape: &Shape, resource: Option<&Resource>) -> Known {
        let always = shape.properties.iter().filter(|property| property.required);
        Known {
            properties: always.map(|property| property.name.clone()).collect(),
            key: resource.map(|resource| (resource.parameter.clone(), resource.key.clone())),
        }
    }

    /// The property that a name means.
    fn find(&self, name: &str) -> Option<&String> {
        let key = self.key.as_ref().filter(|(parameter, key)| alike(parameter, name) && self.properties.contains(key));
        key.map(|(_, key)| key).or_else(|| self.properties.iter().find(|property| alike(property, name)))
    }
}

impl Finder<'_> {
    fn plan(&self, name: &str, timeout_ms: u64, steps: &[SagaStep]) -> Option<SagaPlan> {
        let (first, later) = steps.split_first()?;
        if first.service != self.service.name || later.is_empty() {
            return None;
        }
        let begins = self.own(&first.operation)?;
        let inferred = self.archetypes.of(begins);
        let made = inferred.resource.and_then(|at| self.archetypes.resources.get(at));
        let Behaviour::Create { .. } = inferred.behaviour else { return None };
        let made = made?;
        let mut known = vec![Known::new(&made.shape, Some(made))];
        let undo = self.undo(first, &known)?;
        let mut found = vec![StepPlan { name: first.name.clone(), act: None, undo }];
        for step in later {
            let (act, result) = self.call(&step.service, &step.operation, &known)?;
            known.push(result);
            let undo = self.undo(step, &known)?;
            found.push(StepPlan { name: step.name.clone(), act: Some(act), undo });
        }
        Some(SagaPlan { name: name.to_owned(), timeout_ms, begun_by: begins.id.to_string(), steps: found })
    }

    /// What undoes a step: `Some(None)` where nothing needs to.
    fn undo(&self, step: &SagaStep, known: &[Known]) -> Option<Option<SagaCall>> {
        let Some(told) = step.compensation.as_deref() else { return Some(None) };
        let none = told.trim_start().to_ascii_lowercase();
        if none.is_empty()
            || ["none", "–", "-", "n/a", "nothing", "not needed"].iter().any(|word| none.starts_with(word))
        {
            return Some(None);
        }
        Some(Some(self.call(&step.service, told, known)?.0))
    }

    fn own(&self, named: &str) -> Option<&Operation> {
        match OperationIndex::new(self.api).find(named).as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The call of an operation of a service, and what is known of its result.
    fn call(&self, service: &str, named: &str, known: &[Known]) -> Option<(SagaCall, Known)> {
        if service == self.service.name {
            let operation = self.own(named)?;
            let inferred = self.archetypes.of(operation);
            if matches!(inferred.behaviour, Behaviour::Unknown | Behaviour::Auth(_)) {
                return None;
            }
            let resource = inferred.resource.and_then(|at| self.archetypes.resources.get(at));
            let result = self.result(operation, resource);
            return Some((self.filled(Callee::Own(operation.id.to_string()), operation, known)?, result));
        }
        let client = self.clients.found.iter().find(|client| client.service.name == service)?;
        let [operation] = OperationIndex::new(client.api).find(named)[..] else { return None };
        let (at, call) = self.clients.call_of(service, operation)?;
        // A step whose answer got lost is taken again.
        if !is_idempotent(operation) {
            return None;
        }
        let told = &client.calls[call];
        let theirs = Archetypes::new(self.schemas, client.api);
        let resource = theirs.of(operation).resource.and_then(|at| theirs.resources.get(at));
        let mut result = self.result(operation, resource);
        if let Some(fields) = &told.fields {
            result.properties.retain(|property| fields.contains(property));
        }
        if told.failure == Failure::Degrade {
            result = Known::default();
        }
        Some((self.filled(Callee::Upstream(at, call), operation, known)?, result))
    }

    fn result(&self, operation: &Operation, resource: Option<&Resource>) -> Known {
        let shape = answer_shape(self.schemas, operation);
        shape.map_or_else(Known::default, |shape| Known::new(&shape, resource))
    }

    /// A call with all that it needs; nothing where something is not known.
    fn filled(&self, callee: Callee, operation: &Operation, known: &[Known]) -> Option<SagaCall> {
        let find = |name: &str| {
            let mut results = known.iter().enumerate();
            results.find_map(|(step, result)| Some(From { step, property: result.find(name)?.clone() }))
        };
        let key = idempotency_key(operation).map(|parameter| parameter.name.to_string());
        let mut parameters = Vec::new();
        for parameter in
            operation.parameters.iter().filter(|one| one.required && Some(one.name.as_str()) != key.as_deref())
        {
            parameters.push((parameter.name.to_string(), find(&parameter.name)?));
        }
        let sent = operation.request_body.as_ref().filter(|body| body.required);
        let body = match (sent, resource::body(self.schemas, operation)) {
            (None, _) => None,
            (Some(_), None) => return None,
            (Some(_), Some((_, shape))) => {
                let mut properties = Vec::new();
                for property in shape.properties.iter().filter(|property| !property.read_only) {
                    match find(&property.name) {
                        Some(from) => properties.push((property.name.clone(), from)),
                        None if property.required => return None,
                        None => {}
                    }
                }
                Some(properties)
            }
        };
        Some(SagaCall { callee, parameters, body, key })
    }
}
