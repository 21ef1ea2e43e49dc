//! State actions: `/orders/{orderId}/cancel` moves an order to the state `cancelled`.

use crate::generate::code::names::words;
use crate::generate::code::resource;
use crate::generate::code::shape::{self, Property};
use crate::model::{JsonType, StatedBehaviour};

use super::document::Inference;
use super::verbs::{named_before, state_of};
use super::{Field, Source, View};

/// A move of a document from one state to another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Transition {
    /// The property that holds the state.
    pub(crate) property: String,
    /// Whether each document has it.
    pub(crate) required: bool,
    /// The state that it leads to.
    pub(crate) to: String,
    /// The states that it starts from, in the order of the contract, never that which it leads to.
    pub(crate) from: Vec<String>,
    /// Whether these are all others.
    pub(crate) from_any: bool,
    /// Whether a document that is in the state already is answered as it is, instead of a conflict.
    pub(crate) repeatable: bool,
    /// The status that refuses it: the one that the contract declares.
    pub(crate) refusal: u16,
    /// Properties that change besides: stamps, and what the body brings.
    pub(crate) fields: Vec<Field>,
    /// Properties of the body that the document does not have.
    pub(crate) dropped: Vec<String>,
    /// The answer; nothing where it has no content.
    pub(crate) view: Option<View>,
}

/// Statuses that say that the state of a document stands against an operation, the usual one first.
const REFUSALS: [u16; 3] = [409, 412, 422];

impl Inference<'_> {
    /// The transition that a word behind an item stands for, and why that is thought.
    pub(super) fn transition(&self, verb: &str) -> Result<(Transition, String), String> {
        let stated = self.operation.behaviour.as_deref();
        if let Some(other) = stated.filter(|stated| stated.name != "transition") {
            return Err(format!("`x-behaviour` says {}, and behind an item stand transitions only", other.name));
        }
        let (property, to) = self.target(verb, stated)?;
        let (to, states) = (to.as_str(), self.states(property));
        let states: Vec<&str> = states.iter().map(String::as_str).collect();
        let summary = self.operation.summary.as_deref().unwrap_or_default();
        let told = format!("{}\n{summary}", self.operation.description.as_deref().unwrap_or_default());
        let listed = stated.map_or([].as_slice(), |stated| &stated.from);
        let (from, reason) = if listed.is_empty() {
            (named_before(&told, to, &states), "its description says")
        } else {
            let named = states.iter().copied().filter(|state| listed.iter().any(|listed| listed == state));
            (named.collect(), "`x-behaviour` says")
        };
        let from_any = from.is_empty();
        let others = states.iter().copied().filter(|state| *state != to);
        let from: Vec<String> =
            if from_any { others.map(str::to_owned).collect() } else { from.into_iter().map(str::to_owned).collect() };
        let why = match from_any {
            true => format!("`{verb}` leads to the {} `{to}`, from any other, as nothing else is said", property.name),
            false => {
                format!("`{verb}` leads to the {} `{to}`, and {reason} from {}", property.name, from.join(" or "))
            }
        };
        let declared = |status: &u16| {
            let status = status.to_string();
            self.operation.responses.iter().any(|response| response.status == status)
        };
        let (fields, dropped) = self.changed(&property.name, to);
        let transition = Transition {
            property: property.name.clone(),
            required: property.required,
            to: to.to_owned(),
            from,
            from_any,
            repeatable: stated.and_then(|stated| stated.repeatable).unwrap_or(!declared(&409)),
            refusal: REFUSALS.into_iter().find(declared).unwrap_or(409),
            fields,
            dropped,
            view: self.view()?,
        };
        Ok((transition, why))
    }

    /// The property that holds the state, and the state that is wanted.
    fn target<'s>(&'s self, verb: &str, stated: Option<&'s StatedBehaviour>) -> Result<(&'s Property, String), String> {
        let property = stated.and_then(|stated| stated.property.as_ref());
        let to = stated.and_then(|stated| stated.to.as_deref());
        let properties = self.resource.shape.properties.iter().filter(|one| !one.write_only);
        let mut candidates = properties.filter(|one| property.is_none_or(|name| one.name == *name));
        let found = candidates.find_map(|one| {
            let states = self.states(one);
            let state = match to {
                Some(to) => states.iter().any(|state| state == to).then_some(to),
                None => state_of(verb, &states.iter().map(String::as_str).collect::<Vec<_>>()),
            };
            state.map(|state| (one, state.to_owned()))
        });
        found.ok_or_else(|| match to {
            Some(to) => format!("`x-behaviour` says `{to}`, which no state of the document is"),
            None => format!("no state of the document is what `{verb}` leads to"),
        })
    }

    /// The states that a property may have: the texts of its enumeration, where there is more than one.
    fn states(&self, property: &Property) -> Vec<String> {
        let choices = shape::choices(self.schemas, property.schema).unwrap_or_default();
        let states: Vec<String> = choices.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect();
        if states.len() > 1 { states } else { Vec::new() }
    }

    /// What changes besides the state, and what of the body is not kept.
    fn changed(&self, state: &str, to: &str) -> (Vec<Field>, Vec<String>) {
        let body = resource::body(self.schemas, self.operation).map(|(_, body)| body).unwrap_or_default();
        let mut fields = Vec::new();
        let fixed = |name: &str| {
            name == state || name == self.resource.key || self.resource.parents.iter().any(|(_, parent)| parent == name)
        };
        for property in self.resource.shape.properties.iter().filter(|property| !fixed(&property.name)) {
            let sent = body.property(&property.name).filter(|sent| !sent.read_only);
            let source = match sent {
                Some(_) => Source::BodyIfSent,
                None if self.is_update_stamp(property) || self.is_stamp_of(property, to) => Source::Now,
                None => continue,
            };
            fields.push(Field { name: property.name.clone(), source });
        }
        let kept = |name: &str| fields.iter().any(|field: &Field| field.name == name);
        let dropped = body.properties.iter().map(|sent| sent.name.clone()).filter(|name| !kept(name)).collect();
        (fields, dropped)
    }

    /// Whether a property holds the time at which a state was reached: `cancelledAt`.
    fn is_stamp_of(&self, property: &Property, state: &str) -> bool {
        shape::format(self.schemas, property.schema) == "date-time"
            && shape::types(self.schemas, property.schema).has(JsonType::String)
            && words(&property.name) == format!("{}_at", words(state))
    }
}
