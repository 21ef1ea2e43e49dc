//! The tests of transitions: which steps lead to which state, and which are refused.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

use crate::generate::code::behaviour::{Behaviour, Source, Transition};
use crate::generate::code::service::{OperationCode, ResourceCode};

use super::Samples;

/// Lengths of paths beyond which states are not looked for.
const LONGEST: usize = 6;

/// Steps through the states of a document.
#[derive(Clone, Debug)]
pub(crate) struct StepCase {
    /// Each step by the last segment of its path: method and body.
    pub(crate) steps: BTreeMap<String, (String, Option<Value>)>,
    /// The ways that are allowed, and the state at their end.
    pub(crate) allowed: Vec<(Vec<String>, String)>,
    /// The ways whose last step is refused, and the status.
    pub(crate) refused: Vec<(Vec<String>, u16)>,
    /// The property that shows the state in every answer, where there is one.
    pub(crate) state: Option<String>,
}

/// A transition that a test can ask for.
struct Step<'a> {
    name: &'a str,
    transition: &'a Transition,
    method: String,
    body: Option<Value>,
}

impl Samples<'_, '_> {
    /// The steps of a resource whose creation is known; nothing where no transition starts from a new document.
    pub(super) fn steps(&self, at: usize, resource: &ResourceCode, create: &OperationCode<'_>) -> Option<StepCase> {
        let own = self.service.operations.iter().filter(|code| code.resource == Some(at));
        let steps: Vec<Step<'_>> = own.filter_map(|code| self.step(code, resource)).collect();
        let property = &steps.first()?.transition.property;
        let initial = self.initial(create, property)?;
        let (mut allowed, mut refused) = (Vec::new(), Vec::new());
        let mut seen = vec![initial.clone()];
        let mut pending = VecDeque::from([(initial, Vec::<String>::new())]);
        while let Some((state, way)) = pending.pop_front() {
            for step in steps.iter().filter(|step| step.transition.property == *property) {
                let mut way = way.clone();
                way.push(step.name.to_owned());
                let repeated = state == step.transition.to && step.transition.repeatable;
                if !repeated && !step.transition.from.contains(&state) {
                    refused.push((way, step.transition.refusal));
                    continue;
                }
                allowed.push((way.clone(), step.transition.to.clone()));
                if !seen.contains(&step.transition.to) && way.len() < LONGEST {
                    seen.push(step.transition.to.clone());
                    pending.push_back((step.transition.to.clone(), way));
                }
            }
        }
        let shown = steps.iter().all(|step| {
            let view = step.transition.view.as_ref();
            view.is_some_and(|view| {
                view.envelope.is_none()
                    && view.properties.as_ref().is_none_or(|list| list.iter().any(|(name, _)| name == property))
            })
        });
        let declared = |step: &Step<'_>| (step.name.to_owned(), (step.method.clone(), step.body.clone()));
        (!allowed.is_empty()).then(|| StepCase {
            steps: steps.iter().map(declared).collect(),
            allowed,
            refused,
            state: shown.then(|| property.clone()),
        })
    }

    fn step<'c>(&self, code: &'c OperationCode<'_>, resource: &ResourceCode) -> Option<Step<'c>> {
        let Behaviour::Transition(transition) = &code.behaviour else { return None };
        let sent = self.request(code).filter(|sent| sent.headers.is_empty() && self.can_authenticate(code))?;
        let plain = resource.resource.parents.is_empty() && !sent.url.contains('?');
        let name = code.path.rsplit('/').next().filter(|_| plain)?;
        Some(Step { name, transition, method: sent.method, body: sent.body })
    }

    /// The state of a document that is created by the sample.
    pub(super) fn initial(&self, create: &OperationCode<'_>, property: &str) -> Option<String> {
        let Behaviour::Create { fields, .. } = &create.behaviour else { return None };
        let sent = self.request(create)?.body?;
        let source = &fields.iter().find(|field| field.name == property)?.source;
        let state = match source {
            Source::Constant(state) => state,
            Source::BodyOr(state) => sent.get(property).unwrap_or(state),
            _ => sent.get(property).unwrap_or(&Value::Null),
        };
        state.as_str().map(str::to_owned)
    }
}
