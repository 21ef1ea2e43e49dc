//! One side of a comparison as consumers see it: where an operation's schemas begin, and which schema stands where.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::super::change::short;
use crate::model::{Api, Operation, Origin, Parameter, ParameterLocation, Platform, Response, SchemaId, UsedPlace};
use crate::source::Pointer;

/// A platform with the look-ups that a join needs. They are made when the first change asks for them.
pub(super) struct Side<'a> {
    pub platform: &'a Platform,
    places: OnceCell<FxHashMap<(&'a str, &'a Pointer), SchemaId>>,
    holders: OnceCell<FxHashMap<SchemaId, Vec<SchemaId>>>,
    /// Operations by service, then by id and by method and path.
    operations: OnceCell<FxHashMap<&'a str, Operations<'a>>>,
}

/// The operations of a service by what they are called.
#[derive(Default)]
struct Operations<'a> {
    by_id: FxHashMap<&'a str, &'a Operation>,
    by_name: FxHashMap<String, &'a Operation>,
}

impl<'a> Side<'a> {
    pub fn new(platform: &'a Platform) -> Side<'a> {
        Side { platform, places: OnceCell::new(), holders: OnceCell::new(), operations: OnceCell::new() }
    }

    /// The schema that stands at a place.
    pub fn schema_at(&self, origin: &Origin) -> Option<SchemaId> {
        let places = self.places.get_or_init(|| {
            let nodes = self.platform.schemas.nodes.iter().zip(0..);
            let place = |(schema, at): (&'a crate::model::Schema, u32)| {
                Some(((&*schema.origin.file, schema.origin.pointer.as_ref()?), SchemaId(at)))
            };
            nodes.filter_map(place).collect()
        });
        places.get(&(&*origin.file, origin.pointer.as_ref()?)).copied()
    }

    /// The schemas that declare a schema as one of their properties.
    pub fn holders(&self, of: SchemaId) -> &[SchemaId] {
        let holders = self.holders.get_or_init(|| {
            let mut holders: FxHashMap<SchemaId, Vec<SchemaId>> = FxHashMap::default();
            for (schema, at) in self.platform.schemas.nodes.iter().zip(0..) {
                for (_, property) in schema.properties() {
                    holders.entry(*property).or_default().push(SchemaId(at));
                }
            }
            holders
        });
        holders.get(&of).map(Vec::as_slice).unwrap_or_default()
    }

    /// The operation of a service, by id or by method and path.
    pub fn operation(&self, service: &str, key: &str, title: &str) -> Option<&'a Operation> {
        let services = self
            .operations
            .get_or_init(|| self.platform.apis().map(|(service, api)| (service, Operations::of(api))).collect());
        let operations = services.get(service)?;
        operations.by_id.get(key).or_else(|| operations.by_name.get(&*short(title))).copied()
    }

    /// The schemas of an event's messages.
    pub fn messages(&self, event: &str) -> Vec<SchemaId> {
        let definitions = self.platform.event(event).map(|event| event.definitions.as_slice()).unwrap_or_default();
        definitions.iter().filter_map(|definition| definition.schema).collect()
    }
}

impl<'a> Operations<'a> {
    fn of(api: &'a Api) -> Operations<'a> {
        let mut found = Operations::default();
        // Of two of one name the first counts.
        for operation in api.operations.iter().rev() {
            found.by_id.insert(&operation.id, operation);
            found.by_name.insert(short(&name(operation)).into_owned(), operation);
        }
        found
    }
}

/// Method and path, as changes name an operation.
pub(super) fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method.key().to_ascii_uppercase(), operation.path)
}

/// The schemas of the request body.
pub(super) fn request(operation: &Operation) -> Vec<SchemaId> {
    let content = operation.request_body.iter().flat_map(|body| &body.content);
    content.filter_map(|media| media.schema).collect()
}

/// The answers with a status code: its own entry, that of its range, or `default`; without a code all of them.
pub(super) fn responses<'o>(operation: &'o Operation, status: Option<&str>) -> Vec<&'o Response> {
    let all = &operation.responses;
    let Some(status) = status else { return all.iter().collect() };
    let find = |wanted: &str| all.iter().find(|response| response.status.eq_ignore_ascii_case(wanted));
    let range = status.get(..1).map(|first| format!("{first}XX")).unwrap_or_default();
    find(status).or_else(|| find(&range)).or_else(|| find("default")).into_iter().collect()
}

/// The schemas of answers' bodies.
pub(super) fn bodies(responses: &[&Response]) -> Vec<SchemaId> {
    responses.iter().flat_map(|response| &response.content).filter_map(|media| media.schema).collect()
}

/// The schemas of a parameter or header.
pub(super) fn of_parameter(parameter: &Parameter) -> Vec<SchemaId> {
    parameter.schema.into_iter().chain(parameter.content.iter().filter_map(|media| media.schema)).collect()
}

/// Where a parameter is sent, in words of usages.
pub(super) fn place_of(location: ParameterLocation) -> UsedPlace {
    match location {
        ParameterLocation::Path => UsedPlace::Path,
        ParameterLocation::Query => UsedPlace::Query,
        ParameterLocation::Header => UsedPlace::Header,
        ParameterLocation::Cookie => UsedPlace::Cookie,
    }
}

/// Whether two names of parameters are the same; those of headers are compared without regard to case (RFC 9110,
/// section 5.1).
pub(super) fn same_name(place: UsedPlace, one: &str, other: &str) -> bool {
    match place {
        UsedPlace::Header | UsedPlace::ResponseHeader => one.eq_ignore_ascii_case(other),
        _ => one == other,
    }
}
