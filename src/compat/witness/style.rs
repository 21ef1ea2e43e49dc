//! Values as they are written in requests and headers (OpenAPI 3.1.1, section 4.8.12.6).

use crate::model::{Parameter, ParameterLocation};

/// The object `{a: b}` in a header.
pub(super) fn object_in_header(name: &str, explode: bool) -> String {
    format!("{name}: a{}b", if explode { '=' } else { ',' })
}

/// A list of `a` and `b` as it is sent.
pub(super) fn list_of_two(parameter: &Parameter) -> String {
    let name = &parameter.name;
    let apart = |sign: &str| format!("a{sign}b");
    let named = |sign: &str| format!("{name}=a{sign}{name}=b");
    let text = match (parameter.style.as_str(), parameter.explode) {
        ("form", true) => named("&"),
        ("form", false) => format!("{name}={}", apart(",")),
        ("spaceDelimited", _) => format!("{name}={}", apart("%20")),
        ("pipeDelimited", _) => format!("{name}={}", apart("|")),
        ("label", true) => format!(".{}", apart(".")),
        ("label", false) => format!(".{}", apart(",")),
        ("matrix", true) => format!(";{}", named(";")),
        ("matrix", false) => format!(";{name}={}", apart(",")),
        _ => apart(","),
    };
    match parameter.location {
        ParameterLocation::Query => format!("?{text}"),
        ParameterLocation::Header => format!("{name}: {text}"),
        ParameterLocation::Path | ParameterLocation::Cookie => text,
    }
}
