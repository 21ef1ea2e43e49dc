//! Parameters, and what headers have in common with them.

use rustc_hash::FxHashMap;

use super::super::origin::At;
use super::Reader;
use crate::model::{List, Parameter, ParameterLocation, Text};

/// Lists of parameters up to this length are searched through.
const FEW: usize = 16;

impl<'s> Reader<'_, 's> {
    /// Parameters of the path item, then of the operation; an operation's own takes the place of one with its name and
    /// location.
    pub(super) fn parameters(&mut self, item: &At<'s>, operation: &At<'s>) -> List<Parameter> {
        let lists = [item, operation].map(|at| at.get("parameters"));
        // The operations of one path item may have the same list, and many paths the same item.
        let [common, own] = &lists;
        let is_shared =
            [common, own].into_iter().flatten().any(|list| list.shared) || (common.is_some() && own.is_none());
        let key = lists.each_ref().map(|list| list.as_ref().map(At::node_key));
        if let Some(known) = self.known.parameter_lists.get(&key) {
            return known.clone();
        }
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut places: FxHashMap<(Text, ParameterLocation), usize> = FxHashMap::default();
        for parameter in lists.iter().flatten().flat_map(At::items) {
            let Some(parameter) = self.parameter(parameter) else { continue };
            // Of a few each is looked at: a name may be long, and thousands of operations may have it.
            let same = |known: &Parameter| known.name == parameter.name && known.location == parameter.location;
            let place = match parameters.len() < FEW && places.is_empty() {
                true => parameters.iter().position(same).unwrap_or(parameters.len()),
                false => {
                    if places.is_empty() {
                        let known = parameters.iter().map(|one| (one.name.clone(), one.location));
                        places.extend(known.zip(0..));
                    }
                    *places.entry((parameter.name.clone(), parameter.location)).or_insert(parameters.len())
                }
            };
            match parameters.get_mut(place) {
                Some(known) => *known = parameter,
                None => parameters.push(parameter),
            }
        }
        let parameters: List<Parameter> = parameters.into();
        if is_shared {
            self.known.parameter_lists.insert(key, parameters.clone());
        }
        parameters
    }

    fn parameter(&mut self, at: At<'s>) -> Option<Parameter> {
        let at = at.follow(self.sources);
        let build = |reader: &mut Self| {
            let location = match at.node.str_at("in")? {
                "path" => ParameterLocation::Path,
                "query" => ParameterLocation::Query,
                "header" => ParameterLocation::Header,
                "cookie" => ParameterLocation::Cookie,
                _ => return None,
            };
            let name = reader.text(&at, "name")?;
            Some(reader.described(name, location, &at))
        };
        self.once(&at, |known| &mut known.parameters, build)
    }

    /// What parameters and headers have in common.
    pub(super) fn described(&mut self, name: Text, location: ParameterLocation, at: &At<'s>) -> Parameter {
        let default_style = match location {
            ParameterLocation::Query | ParameterLocation::Cookie => "form",
            ParameterLocation::Path | ParameterLocation::Header => "simple",
        };
        let style = self.text(at, "style").unwrap_or_else(|| default_style.into());
        Parameter {
            name,
            location,
            required: at.flag("required").unwrap_or(false),
            description: self.text(at, "description"),
            explode: at.flag("explode").unwrap_or(style == "form"),
            style,
            allow_reserved: at.flag("allowReserved").unwrap_or(false),
            deprecated: at.flag("deprecated").unwrap_or(false),
            schema: at.get("schema").and_then(|schema| (self.lower)(schema)),
            content: self.content(at),
            extensions: self.extensions([Some(at), None]),
            origin: at.origin(self.sources),
        }
    }
}
