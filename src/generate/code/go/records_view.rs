//! Statements that store what an event tells.

use crate::generate::code::records::{Given, Record};
use crate::generate::code::service::ServiceCode;

use super::fit::{fit, literal};
use super::layout::{composite, string};
use super::names::Names;
use super::types::{Kind, Types};
use super::words::exported;

/// The statements of one record; nothing where no operation works on its collection, or a value has no short expression.
pub(crate) fn statements(
    code: &ServiceCode<'_>,
    types: &Types<'_>,
    names: &Names,
    record: &Record,
) -> Option<Vec<String>> {
    let at = code.resources.iter().position(|one| one.resource.path == record.collection)?;
    let (resource, own) = (&code.resources[at], &names.resources[at]);
    let definition = types.object(&resource.model)?;
    let fields = types.fields(definition);
    let mut lines = Vec::new();
    let mut told: Vec<&String> = record.copy.iter().map(|(_, key)| key).collect();
    let mut known = Vec::new();
    for (_, given) in &record.fields {
        match given {
            Given::Data(name) if !told.contains(&name) => told.push(name),
            Given::Copy(name) if !known.contains(&name) => known.push(name),
            _ => {}
        }
    }
    if !told.is_empty() {
        lines.extend(read("told", "message.Data", &told));
    }
    if let Some((at, key)) = &record.copy {
        let name = &code.events.projections[*at].name;
        let table = format!("copies.{}", super::events_view::copies(name));
        lines.push(format!("document, err := {table}.Get(ctx, unit, told.{})", exported(key)));
        lines.push("if err != nil {\n\treturn err\n}".to_owned());
        let text = string(&format!("there is no copy of this {} yet", name.replace('_', " ")));
        lines.push(format!("if document == nil {{\n\treturn errors.New({text})\n}}"));
        lines.extend(read("known", "document", &known));
    }
    let now = record.fields.iter().filter(|(_, given)| *given == Given::Now).count() > 1;
    if now {
        lines.push("now := values.Timestamp()".to_owned());
    }
    let text = Kind::plain("string");
    let mut pairs = Vec::new();
    for (name, given) in &record.fields {
        let field = fields.iter().find(|field| field.json == *name)?;
        let fitted = |expression: &str, kind: &Kind| fit(types, expression, kind, &field.kind);
        let expression = match given {
            Given::NewId => fitted("values.NewID()", &text)?,
            Given::NextNumber => {
                lines.push(format!("number, err := {}.NextNumber(ctx, unit.Tx)", own.collection));
                lines.push("if err != nil {\n\treturn err\n}".to_owned());
                fitted("number", &Kind::plain("int64"))?
            }
            Given::Now => fitted(if now { "now" } else { "values.Timestamp()" }, &text)?,
            Given::Data(name) => fitted(&format!("told.{}", exported(name)), &text)?,
            Given::Copy(name) => fitted(&format!("known.{}", exported(name)), &text)?,
            Given::Constant(constant) => match literal(types, constant, &field.kind)? {
                // What is not set is nil by itself.
                nil if nil == "nil" => continue,
                literal => literal,
            },
        };
        pairs.push((field.name.clone(), expression));
    }
    let document = composite(&format!("&contract.{}", types.name(definition)), &pairs);
    lines.push(format!("return {}.Add(ctx, unit.Tx, {document})", own.collection));
    Some(lines.iter().flat_map(|statement| statement.lines()).map(str::to_owned).collect())
}

/// Statements that read texts of a JSON object.
fn read(variable: &str, from: &str, names: &[&String]) -> Vec<String> {
    let rows: Vec<Vec<String>> =
        names.iter().map(|name| vec![exported(name), "string".to_owned(), format!("`json:\"{name}\"`")]).collect();
    let fields: String = super::layout::align(&rows).iter().map(|row| format!("\t{row}\n")).collect();
    vec![
        format!("var {variable} struct {{\n{fields}}}"),
        format!("if err := json.Unmarshal({from}, &{variable}); err != nil {{\n\treturn err\n}}"),
    ]
}
