//! The tests of transitions: which steps lead to which state, and which are refused.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use serde_json::Value;

use crate::generate::code::behaviour::{Behaviour, Source, Transition};
use crate::generate::code::python::layout::{Code, string, value};
use crate::generate::code::python::service::{OperationCode, ResourceCode};

use super::Samples;

/// Lengths of paths beyond which states are not looked for.
const LONGEST: usize = 6;

/// Steps through the states of a document.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StepTests {
    /// Statement with each step's method and body.
    steps: String,
    /// Statement with the ways that are allowed, and the state at their end.
    allowed: String,
    /// Statement with the ways whose last step is refused, and the status; empty where there is none.
    refused: String,
    /// How the answer shows the state; empty where it does not.
    state: String,
}

/// A transition that a test can ask for.
struct Step<'a> {
    name: &'a str,
    transition: &'a Transition,
    declared: Code,
}

impl Samples<'_, '_> {
    /// The steps of a resource whose creation is known; nothing where no transition starts from a new document.
    pub(super) fn steps(&self, at: usize, resource: &ResourceCode, create: &OperationCode<'_>) -> Option<StepTests> {
        let own = self.service.operations.iter().filter(|code| code.resource == Some(at));
        let steps: Vec<Step<'_>> = own.filter_map(|code| self.step(code, resource)).collect();
        let property = &steps.first()?.transition.property;
        let initial = self.initial(create, property)?;
        let (mut allowed, mut refused) = (Vec::new(), Vec::new());
        let mut seen = vec![initial.clone()];
        let mut pending = VecDeque::from([(initial, Vec::new())]);
        while let Some((state, way)) = pending.pop_front() {
            for step in steps.iter().filter(|step| step.transition.property == *property) {
                let mut way: Vec<&str> = way.clone();
                way.push(step.name);
                let names = Code::group("[", way.iter().map(|name| Code::text(string(name))).collect(), "]");
                let repeated = state == step.transition.to && step.transition.repeatable;
                if !repeated && !step.transition.from.contains(&state) {
                    refused.push(pair(names, Code::text(step.transition.refusal.to_string())));
                    continue;
                }
                allowed.push(pair(names, Code::text(string(&step.transition.to))));
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
        let mut declared: BTreeMap<&str, Code> = BTreeMap::new();
        for step in &steps {
            declared.insert(step.name, step.declared.clone());
        }
        let declared = declared.into_iter().map(|(name, step)| Code::entry(name, step)).collect();
        let list = |rows: Vec<Code>, before: &str| Code::group("[", rows, "]").lay_out(0, before, "");
        (!allowed.is_empty()).then(|| StepTests {
            steps: Code::group("{", declared, "}").lay_out(0, "STEPS: dict[str, tuple[str, Any]] = ", ""),
            refused: if refused.is_empty() { String::new() } else { list(refused, "REFUSED = ") },
            allowed: list(allowed, "ALLOWED = "),
            state: if shown { format!("[{}]", string(property)) } else { String::new() },
        })
    }

    fn step<'c>(&self, code: &'c OperationCode<'_>, resource: &ResourceCode) -> Option<Step<'c>> {
        let Behaviour::Transition(transition) = &code.behaviour else { return None };
        let sent = self.request(code).filter(|sent| sent.headers.is_empty() && self.can_authenticate(code))?;
        let plain = resource.resource.parents.is_empty() && !sent.url.contains('?');
        let name = code.path.rsplit('/').next().filter(|_| plain)?;
        let method = Code::text(string(&code.operation.method.key().to_uppercase()));
        let body = sent.body.as_ref().map_or(Code::text("None"), value);
        Some(Step { name, transition, declared: Code::group("(", vec![method, body], ")") })
    }

    /// The state of a document that is created by the sample.
    fn initial(&self, create: &OperationCode<'_>, property: &str) -> Option<String> {
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

fn pair(way: Code, end: Code) -> Code {
    Code::group("(", vec![way, end], ")")
}
