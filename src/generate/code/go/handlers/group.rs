//! What the files of a group import.

use serde_json::{Value as View, json};

use crate::generate::code::go::clients::ClientPackage;
use crate::generate::code::spoken::spoken;
use crate::model::Language;

use super::{FunctionView, MethodView};

/// What the templates of a group's interface and handlers need besides its methods.
pub(crate) fn group_view(
    methods: &[MethodView],
    functions: &[FunctionView],
    collections: &[String],
    clients: &[ClientPackage<'_>],
) -> View {
    let lines = methods.iter().flat_map(|method| &method.lines);
    let lines = lines.chain(functions.iter().flat_map(|function| &function.lines)).chain(collections);
    let text = spoken(Language::Go, &lines.map(|line| format!("{line}\n")).collect::<String>());
    let heads: String = methods.iter().map(|method| method.head.as_str()).collect();
    let uses = |package: &str| {
        let named = format!("{package}.");
        let mut at = 0;
        while let Some(found) = text[at..].find(&named) {
            let start = at + found;
            if !text[..start].ends_with(|c: char| c.is_alphanumeric() || "_.".contains(c)) {
                return true;
            }
            at = start + named.len();
        }
        false
    };
    let standard: Vec<&str> = [
        ("encoding/json", "json"),
        ("net/http", "http"),
        ("net/url", "url"),
        ("slices", "slices"),
        ("strconv", "strconv"),
    ]
    .into_iter()
    .filter(|(_, name)| uses(name) || (*name == "json" && heads.contains("json.")))
    .map(|(path, _)| path)
    .collect();
    let own: Vec<&str> = ["auth", "messaging", "problem", "saga", "store", "upstream", "values"]
        .into_iter()
        .filter(|name| uses(name))
        .collect();
    let mut called: Vec<String> = clients
        .iter()
        .filter(|client| uses(&client.package))
        .map(|client| format!("clients/{}", client.package))
        .collect();
    called.sort_unstable();
    called.extend(["sagas", "streams"].into_iter().filter(|package| uses(package)).map(str::to_owned));
    let declared: String =
        methods.iter().map(|method| format!("{} {}\n", method.declared, method.fields.join(" "))).collect();
    json!({
        "methods": methods,
        "functions": functions,
        "collections": collections,
        "standard": standard,
        "called": called,
        "own": own,
        "sessions": text.contains("h.Sessions."),
        "raw": spoken(Language::Go, &declared).contains("json.")})
}
