//! What the template of models is rendered over: structs, enumerations and types that refer to themselves.

use serde_json::{Value as View, json};

use crate::generate::code::service::{Body, Definition};

use super::layout::{align, string};
use super::types::{Types, tag, texts};

/// The models of a package.
pub(crate) fn view(package: &str, definitions: &[Definition], types: &Types<'_>) -> View {
    let definitions: Vec<View> = definitions.iter().filter_map(|one| definition(types, one)).collect();
    let source: String = definitions.iter().map(View::to_string).collect();
    json!({
        "package": package,
        "raw": source.contains("json.RawMessage"),
        "nullable": source.contains("values.Nullable["),
        "definitions": definitions})
}

/// A definition; nothing for what its users write out themselves.
fn definition(types: &Types<'_>, definition: &Definition) -> Option<View> {
    let name = types.name(definition);
    if let Some(values) = texts(definition) {
        let rows: Vec<Vec<String>> = values
            .iter()
            .filter_map(|value| {
                let constant = types.constant(&types.outside(name), value)?;
                Some(vec![types.inside(&constant), name.to_owned(), format!("= {}", string(value))])
            })
            .collect();
        return Some(json!({ "name": name, "kind": "enumeration", "lines": align(&rows) }));
    }
    match &definition.body {
        Body::Object(_) => {
            let row = |field: &super::types::FieldCode| {
                vec![field.name.clone(), types.inside(&field.kind.text()), tag(field)]
            };
            let rows: Vec<Vec<String>> = types.fields(definition).iter().map(row).collect();
            Some(json!({ "name": name, "kind": "object", "lines": align(&rows) }))
        }
        Body::Alias { to, forward: true } => {
            Some(json!({ "name": name, "kind": "other", "lines": [types.inside(&types.value(to).core)] }))
        }
        Body::Alias { .. } => None,
    }
}

/// A type as the contract's own package names it.
pub(crate) fn local(text: &str) -> String {
    text.replace("contract.", "")
}
