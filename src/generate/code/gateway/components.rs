//! The schemas of several contracts as the components of one document. A schema keeps its name; only where services mean different
//! things by one name does each get that of its service before it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::model::json_schema::{self, Parts, children};
use crate::model::{Keyword, Language, Schema, SchemaId, Schemas};
use crate::source::Pointer;
use crate::template::names::{Case, Scope, identifier};

/// Schemas deeper than this are cut off: what lies below admits anything.
const DEEPEST: usize = 512;

/// Where components are found.
const PREFIX: &str = "#/components/schemas/";

/// The named schemas of all services behind a gateway.
pub(super) struct Components<'a> {
    schemas: &'a Schemas,
    /// For each service, the names of the schemas that have one.
    names: Vec<BTreeMap<SchemaId, String>>,
}

impl<'a> Components<'a> {
    /// The components for services with these names, and the schemas that their operations use; none gets a `taken` name.
    pub(super) fn new(schemas: &'a Schemas, services: &[(&str, Vec<SchemaId>)], taken: &[&str]) -> Components<'a> {
        let names = services.iter().map(|(_, roots)| own_names(schemas, roots)).collect();
        let mut components = Components { schemas, names };
        let mut apart = components.different();
        apart.extend(taken.iter().map(|name| (*name).to_owned()));
        let mut scope = Scope::new();
        let kept = components.names.iter().flat_map(BTreeMap::values).filter(|name| !apart.contains(*name));
        kept.for_each(|name| scope.reserve(name));
        taken.iter().for_each(|name| scope.reserve(name));
        for ((service, _), names) in services.iter().zip(&mut components.names) {
            for name in names.values_mut().filter(|name| apart.contains(*name)) {
                let prefix = identifier(Language::Other, Case::Pascal, service);
                *name = scope.unique(&format!("{prefix}{name}"), "");
            }
        }
        components
    }

    /// What stands for a schema where a service uses it.
    pub(super) fn at(&self, service: usize, id: SchemaId) -> Value {
        Writer { components: self, service, depth: DEEPEST, needs: Vec::new() }.schema(id)
    }

    /// All of them, sorted by name.
    pub(super) fn write(&self) -> BTreeMap<String, Value> {
        let mut written = BTreeMap::new();
        for (service, names) in self.names.iter().enumerate() {
            for (id, name) in names {
                written.entry(name.clone()).or_insert_with(|| self.component(service, *id).0);
            }
        }
        written
    }

    /// A component and the components that it refers to.
    fn component(&self, service: usize, id: SchemaId) -> (Value, Vec<SchemaId>) {
        let mut writer = Writer { components: self, service, depth: DEEPEST, needs: Vec::new() };
        let value = writer.body(id);
        (value, writer.needs)
    }

    /// Names by which not all services mean the same, as they or what they refer to differ.
    fn different(&self) -> BTreeSet<String> {
        let mut meanings: BTreeMap<&str, Vec<(Value, BTreeSet<&str>)>> = BTreeMap::new();
        for (service, names) in self.names.iter().enumerate() {
            for (id, name) in names {
                let (value, needs) = self.component(service, *id);
                let needs = needs.iter().filter_map(|need| names.get(need)).map(String::as_str).collect();
                meanings.entry(name).or_default().push((value, needs));
            }
        }
        meanings.retain(|_, meanings| meanings.len() > 1);
        let mut apart: BTreeSet<&str> = BTreeSet::new();
        loop {
            let differs = |meanings: &[(Value, BTreeSet<&str>)]| {
                meanings.iter().any(|(value, needs)| *value != meanings[0].0 || !needs.is_disjoint(&apart))
            };
            let found: Vec<&str> = meanings
                .iter()
                .filter(|(name, meanings)| !apart.contains(*name) && differs(meanings))
                .map(|(name, _)| *name)
                .collect();
            if found.is_empty() {
                return apart.into_iter().map(str::to_owned).collect();
            }
            apart.extend(found);
        }
    }
}

/// The schemas that a service's operations reach and that a document needs a name for: those that have one, and those that are
/// referred to.
fn own_names(schemas: &Schemas, roots: &[SchemaId]) -> BTreeMap<SchemaId, String> {
    let mut named = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<SchemaId> = roots.to_vec();
    while let Some(id) = open.pop() {
        let id = schemas.resolve(id);
        if !seen.insert(id) {
            continue;
        }
        let schema = schemas.get(id);
        if schema.name.is_some() {
            named.insert(id);
        }
        for keyword in &schema.keywords {
            match keyword {
                Keyword::Ref(target) => drop(named.insert(schemas.resolve(*target))),
                Keyword::Discriminator { mapping, .. } => {
                    let targets = mapping.iter().filter_map(|(_, target)| Some(schemas.resolve((*target)?)));
                    let targets: Vec<SchemaId> = targets.collect();
                    named.extend(&targets);
                    open.extend(targets);
                }
                Keyword::ContentSchema(inner) => open.push(*inner),
                _ => {}
            }
            for child in children(keyword) {
                // A property that is nothing but a reference refers to what must then have a name.
                if schemas.resolve(child) != child {
                    named.insert(schemas.resolve(child));
                }
                open.push(child);
            }
        }
    }
    for root in roots {
        if schemas.resolve(*root) != *root {
            named.insert(schemas.resolve(*root));
        }
    }
    let mut scope = Scope::new();
    named.into_iter().map(|id| (id, scope.unique(&name_of(schemas.get(id)), ""))).collect()
}

/// The name that a contract gives a schema, or the last word of its place, as keys of components may be written.
fn name_of(schema: &Schema) -> String {
    let pointer = schema.origin.pointer.as_ref().map(Pointer::text).unwrap_or_default();
    let last = pointer.rsplit('/').find(|word| !word.is_empty() && !word.chars().all(|c| c.is_ascii_digit()));
    let name = schema.name.as_deref().or(last).unwrap_or("Schema");
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect()
}

/// Writes the schemas of one service.
struct Writer<'c, 'a> {
    components: &'c Components<'a>,
    service: usize,
    depth: usize,
    /// Components that were referred to.
    needs: Vec<SchemaId>,
}

impl Writer<'_, '_> {
    fn name(&self, id: SchemaId) -> Option<&String> {
        self.components.names.get(self.service)?.get(&id)
    }

    /// A schema where it stands.
    fn body(&mut self, id: SchemaId) -> Value {
        let schema = self.components.schemas.get(id);
        // What is nothing but a reference after it was resolved refers to itself, and says nothing.
        if self.depth == 0 || matches!(schema.keywords.as_slice(), [Keyword::Ref(_)]) {
            return Value::Bool(true);
        }
        self.depth -= 1;
        let written = json_schema::write(schema, self);
        let written = self.annotated(schema, written);
        self.depth += 1;
        written
    }

    /// Adds what does not say which values are valid, and takes away the bounds that a format means.
    fn annotated(&mut self, schema: &Schema, written: Value) -> Value {
        let mut object = match written {
            Value::Object(object) => object,
            Value::Bool(true) => Map::new(),
            other => return other,
        };
        let says = |wanted: fn(&Keyword) -> bool| schema.keywords.iter().any(wanted);
        if !says(|keyword| matches!(keyword, Keyword::Minimum(_))) {
            object.shift_remove("minimum");
        }
        if !says(|keyword| matches!(keyword, Keyword::Maximum(_))) {
            object.shift_remove("maximum");
        }
        for keyword in &schema.keywords {
            let (name, value) = match keyword {
                Keyword::Title(text) => ("title", json!(text)),
                Keyword::Description(text) => ("description", json!(text)),
                Keyword::Default(value) => ("default", value.value()),
                Keyword::Example(value) => ("examples", json!([value.value()])),
                Keyword::ReadOnly(flag) => ("readOnly", json!(flag)),
                Keyword::WriteOnly(flag) => ("writeOnly", json!(flag)),
                Keyword::Deprecated(flag) => ("deprecated", json!(flag)),
                Keyword::Xml(xml) => ("xml", json!(xml)),
                Keyword::ContentEncoding(text) => ("contentEncoding", json!(text)),
                Keyword::ContentMediaType(text) => ("contentMediaType", json!(text)),
                Keyword::ContentSchema(inner) => ("contentSchema", self.schema(*inner)),
                Keyword::ExtensibleEnum(values) => ("x-extensible-enum", json!(values)),
                Keyword::Discriminator { property, mapping } => {
                    ("discriminator", self.discriminator(property, mapping))
                }
                _ => continue,
            };
            object.insert(name.to_owned(), value);
        }
        if object.is_empty() { Value::Bool(true) } else { Value::Object(object) }
    }

    fn discriminator(&mut self, property: &str, mapping: &[(String, Option<SchemaId>)]) -> Value {
        let mut targets = Map::new();
        for (value, target) in mapping {
            let Some(target) = target.map(|target| self.components.schemas.resolve(target)) else { continue };
            self.needs.push(target);
            if let Some(name) = self.name(target) {
                targets.insert(value.clone(), json!(format!("{PREFIX}{name}")));
            }
        }
        match targets.is_empty() {
            true => json!({ "propertyName": property }),
            false => json!({ "propertyName": property, "mapping": targets }),
        }
    }
}

impl Parts for Writer<'_, '_> {
    fn schema(&mut self, id: SchemaId) -> Value {
        let id = self.components.schemas.resolve(id);
        match self.name(id).cloned() {
            Some(name) => {
                self.needs.push(id);
                json!({ "$ref": format!("{PREFIX}{name}") })
            }
            None => self.body(id),
        }
    }

    fn is_left_out(&self, _: SchemaId) -> bool {
        false
    }

    fn left_out(&mut self, id: SchemaId) -> Value {
        self.schema(id)
    }
}
