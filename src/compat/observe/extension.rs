//! Compares extensions (OpenAPI 3.1.1, section 4.9) of the document, its operations and their parameters.

use std::collections::BTreeSet;

use super::super::change::{Action, Change, Effect, Kind, short};
use crate::model::json::canonical;
use crate::model::{Extensions, Json, Text};

/// What became of each that is not the same on both sides; `holder` is the parameter that has them.
pub(super) fn changes<'e>(
    old: &'e Extensions,
    new: &'e Extensions,
    holder: Option<&'e str>,
) -> impl Iterator<Item = Change> + 'e {
    let names: BTreeSet<&Text> = old.iter().chain(new).flat_map(|list| list.keys()).collect();
    names.into_iter().filter_map(move |name| {
        let of = |list: &'e Extensions| list.as_ref()?.get(name).map(Json::text);
        let (was, is) = (of(old), of(new));
        if was.map(canonical) == is.map(canonical) {
            return None;
        }
        let subject = holder.map_or_else(|| name.to_string(), |holder| format!("{name} of {holder}"));
        let text = |value: Option<&str>| short(value.unwrap_or("none")).into_owned();
        let action = Action::of(was.is_some(), is.is_some());
        Some(Change::new(Kind::Extension, action, Effect::None, subject).values(text(was), text(is)))
    })
}
