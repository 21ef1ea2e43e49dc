//! Types of Go for the types of a contract: structs, enumerations of texts, and what needs no name.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::generate::code::service::{Body, Definition, Field, ServiceCode, Type};
use crate::template::names::Scope;

use super::layout::string;
use super::words::exported;

/// What holds any JSON value.
pub(crate) const RAW: &str = "json.RawMessage";

/// How a value tells that it is absent or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrap {
    /// It is always there.
    Plain,
    /// It may be absent: nil.
    Optional,
    /// It may be null: nil.
    OrNull,
    /// It may be absent or null: `values.Nullable`.
    Both,
}

/// A type with what it tells of absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The type of the value, named from outside its package.
    pub(crate) core: String,
    /// Absence.
    pub(crate) wrap: Wrap,
}

impl Kind {
    /// A value that is always there.
    pub(crate) fn plain(core: &str) -> Kind {
        Kind { core: core.to_owned(), wrap: Wrap::Plain }
    }

    /// Whether the type itself has a nil.
    pub(crate) fn has_nil(&self) -> bool {
        self.core.starts_with("[]") || self.core.starts_with("map[") || self.core == RAW
    }

    /// The whole type.
    pub(crate) fn text(&self) -> String {
        match self.wrap {
            Wrap::Both => format!("values.Nullable[{}]", self.core),
            Wrap::Optional | Wrap::OrNull if !self.has_nil() => format!("*{}", self.core),
            _ => self.core.clone(),
        }
    }
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub(crate) struct FieldCode {
    /// Its name in JSON.
    pub(crate) json: String,
    /// Its name in Go.
    pub(crate) name: String,
    /// Its type.
    pub(crate) kind: Kind,
    /// Whether JSON always has it.
    pub(crate) required: bool,
}

/// The types of a package: those of a service's contract, or of what it calls of another one.
pub(crate) struct Types<'b> {
    /// Name of the package.
    package: String,
    definitions: BTreeMap<&'b str, &'b Definition>,
    /// Names of definitions in Go.
    names: BTreeMap<&'b str, String>,
    /// Constants of enumerations: type and text.
    constants: BTreeMap<(String, String), String>,
    /// Names of the package.
    scope: Scope,
    /// Fields that would make a struct contain itself.
    cyclic: BTreeSet<(String, String)>,
    /// Fields of definitions by their properties, once one was asked for.
    fields: RefCell<FxHashMap<String, FxHashMap<String, FieldCode>>>,
}

impl<'b> Types<'b> {
    /// The types of a service; names of the contract's package are taken.
    pub(crate) fn new(code: &'b ServiceCode<'_>) -> Types<'b> {
        Types::of(&code.definitions, "contract", super::NAMING.types)
    }

    /// The types of a package that has taken some names itself.
    pub(crate) fn of(all: &'b [Definition], package: &str, taken: &[&str]) -> Types<'b> {
        let definitions: BTreeMap<_, _> = all.iter().map(|one| (one.name.as_str(), one)).collect();
        let mut types = Types {
            package: package.to_owned(),
            definitions,
            names: BTreeMap::new(),
            constants: BTreeMap::new(),
            scope: Scope::new(),
            cyclic: BTreeSet::new(),
            fields: RefCell::default(),
        };
        for taken in taken {
            types.scope.reserve(taken);
        }
        for definition in all {
            let name = types.claim(&exported(&definition.name));
            types.names.insert(&definition.name, name);
        }
        for definition in all {
            for value in texts(definition).unwrap_or_default() {
                let owner = types.name(definition).to_owned();
                let name = types.claim(&format!("{owner}{}", exported(value)));
                types.constants.insert((owner, value.clone()), name);
            }
        }
        types.cyclic = cyclic(&types, all);
        types
    }

    /// A name of the package that nothing else has.
    pub(crate) fn claim(&mut self, name: &str) -> String {
        self.scope.unique(name, "")
    }

    /// The name of a definition.
    pub(crate) fn name(&self, definition: &Definition) -> &str {
        self.names.get(definition.name.as_str()).map_or("", String::as_str)
    }

    /// The constant of a text of an enumeration, named from outside the package.
    pub(crate) fn constant(&self, core: &str, text: &str) -> Option<String> {
        let owner = self.own(core)?;
        self.constants.get(&(owner.to_owned(), text.to_owned())).map(|name| self.outside(name))
    }

    /// A name of the package, as other packages see it.
    pub(crate) fn outside(&self, name: &str) -> String {
        format!("{}.{name}", self.package)
    }

    /// A type as the package itself names it.
    pub(crate) fn inside(&self, text: &str) -> String {
        text.replace(&format!("{}.", self.package), "")
    }

    /// The name within the package, where it is of this package.
    fn own<'t>(&self, core: &'t str) -> Option<&'t str> {
        core.strip_prefix(self.package.as_str())?.strip_prefix('.')
    }

    /// Whether a type is an enumeration of texts.
    pub(crate) fn is_enumeration(&self, core: &str) -> bool {
        self.own(core).is_some_and(|name| self.constants.keys().any(|(owner, _)| owner == name))
    }

    /// The definition of an object.
    pub(crate) fn object(&self, kind: &Type) -> Option<&'b Definition> {
        let kind = match kind {
            Type::Union(members) if members.len() == 2 && members[1] == Type::Null => &members[0],
            kind => kind,
        };
        match kind {
            Type::Named(name) => {
                let definition = *self.definitions.get(name.as_str())?;
                matches!(definition.body, Body::Object(_)).then_some(definition)
            }
            _ => None,
        }
    }

    /// The type of a value that is there or null.
    pub(crate) fn value(&self, kind: &Type) -> Kind {
        let (core, nullable) = self.core(kind);
        Kind { core, wrap: if nullable { Wrap::OrNull } else { Wrap::Plain } }
    }

    /// The type of a value that may be absent, where it is not required; without a value it is nil in either case.
    pub(crate) fn argument(&self, kind: &Type, given: bool) -> Kind {
        let (core, nullable) = self.core(kind);
        let wrap = match (given, nullable) {
            (true, false) => Wrap::Plain,
            (true, true) => Wrap::OrNull,
            (false, _) => Wrap::Optional,
        };
        Kind { core, wrap }
    }

    /// The field of a property of an object.
    pub(crate) fn field_of(&self, definition: &Definition, property: &str) -> Option<FieldCode> {
        let mut known = self.fields.borrow_mut();
        if !known.contains_key(&definition.name) {
            let fields = self.fields(definition).into_iter().map(|field| (field.json.clone(), field));
            known.insert(definition.name.clone(), fields.collect());
        }
        known.get(&definition.name)?.get(property).cloned()
    }

    /// The fields of an object.
    pub(crate) fn fields(&self, definition: &Definition) -> Vec<FieldCode> {
        let mut names = Scope::new();
        let code = |field: &Field| {
            let mut kind = self.field(field);
            if self.cyclic.contains(&(definition.name.clone(), field.name.clone())) {
                kind.wrap = Wrap::OrNull;
            }
            let name = names.unique(&exported(&field.name), "");
            FieldCode { json: field.name.clone(), name, kind, required: field.required }
        };
        definition.fields().iter().filter(|field| is_tag(&field.name)).map(code).collect()
    }

    fn field(&self, field: &Field) -> Kind {
        let (core, nullable) = self.core(&field.kind);
        let wrap = match (field.required, nullable) {
            (true, false) => Wrap::Plain,
            (true, true) => Wrap::OrNull,
            (false, true) if core != RAW => Wrap::Both,
            (false, _) => Wrap::Optional,
        };
        Kind { core, wrap }
    }

    /// The type of what is not null, and whether null may stand in its place.
    fn core(&self, kind: &Type) -> (String, bool) {
        let core = match kind {
            Type::Any | Type::Null => RAW.to_owned(),
            Type::Text => "string".to_owned(),
            Type::Boolean => "bool".to_owned(),
            Type::Integer => "int64".to_owned(),
            Type::Number => "float64".to_owned(),
            Type::Bytes => "[]byte".to_owned(),
            Type::Literal(values) => literal_core(values).to_owned(),
            Type::List(item) => format!("[]{}", self.inner(item)),
            Type::Map(item) => format!("map[string]{}", self.inner(item)),
            Type::Named(name) => return self.named(name),
            Type::Union(members) => match members.as_slice() {
                [one, Type::Null] => return (self.core(one).0, true),
                [Type::Text, Type::Bytes] => "[]byte".to_owned(),
                _ => RAW.to_owned(),
            },
        };
        (core, false)
    }

    /// The type of an element, which can be null but not absent.
    fn inner(&self, kind: &Type) -> String {
        self.value(kind).text()
    }

    fn named(&self, name: &str) -> (String, bool) {
        let own = self.outside(self.names.get(name).map_or("", String::as_str));
        match self.definitions.get(name).map(|definition| (&definition.body, *definition)) {
            Some((Body::Alias { to, forward: false }, definition)) if texts(definition).is_none() => self.core(to),
            Some((Body::Alias { to, .. }, _)) => {
                (own, matches!(to, Type::Union(members) if members.contains(&Type::Null)))
            }
            Some((Body::Object(_), _)) => (own, false),
            None => (RAW.to_owned(), false),
        }
    }
}

/// The texts of a definition that is an enumeration of them.
pub(crate) fn texts(definition: &Definition) -> Option<Vec<&String>> {
    let Body::Alias { to, .. } = &definition.body else { return None };
    let values = match to {
        Type::Literal(values) => values,
        Type::Union(members) => match members.as_slice() {
            [Type::Literal(values), Type::Null] => values,
            _ => return None,
        },
        _ => return None,
    };
    let texts = values.iter().map(|value| if let Value::String(text) = value { Some(text) } else { None });
    texts.collect()
}

/// Whether a property's name can stand in a tag (`encoding/json`).
fn is_tag(name: &str) -> bool {
    let special = "!#$%&()*+-./:;<=>?@[]^_{|}~ ";
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || special.contains(c))
}

/// The tag of a field.
pub(crate) fn tag(field: &FieldCode) -> String {
    let name = if field.json == "-" { "-," } else { &field.json };
    let absent = if field.required { "" } else { ",omitzero" };
    format!("`json:{}`", string(&format!("{name}{absent}")))
}

fn literal_core(values: &[Value]) -> &'static str {
    let all = |kind: fn(&Value) -> bool| values.iter().all(kind);
    match () {
        () if all(Value::is_string) => "string",
        () if all(Value::is_boolean) => "bool",
        () if all(Value::is_number) => "int64",
        () => RAW,
    }
}

/// Required fields through which a struct would contain itself.
fn cyclic(types: &Types<'_>, definitions: &[Definition]) -> BTreeSet<(String, String)> {
    let within = |definition: &Definition| -> Vec<(String, String)> {
        let fields = definition.fields().iter().filter(|field| types.field(field).wrap == Wrap::Plain);
        fields.filter_map(|field| Some((field.name.clone(), types.object(&field.kind)?.name.clone()))).collect()
    };
    let edges: BTreeMap<&str, Vec<(String, String)>> =
        definitions.iter().map(|definition| (definition.name.as_str(), within(definition))).collect();
    let reaches = |from: &str, to: &str| {
        let mut seen = BTreeSet::new();
        let mut pending = vec![from.to_owned()];
        while let Some(at) = pending.pop() {
            if at == to {
                return true;
            }
            if seen.insert(at.clone()) {
                pending.extend(edges.get(at.as_str()).into_iter().flatten().map(|(_, next)| next.clone()));
            }
        }
        false
    };
    let all = edges.iter().flat_map(|(owner, fields)| fields.iter().map(move |(field, next)| (*owner, field, next)));
    all.filter(|(owner, _, next)| reaches(next, owner))
        .map(|(owner, field, _)| (owner.to_owned(), field.clone()))
        .collect()
}
