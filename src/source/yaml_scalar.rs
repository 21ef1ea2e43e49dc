//! What a YAML scalar is: the core schema of YAML 1.2.2, section 10.3.2.

use super::tree::Kind;

/// The kind of a plain scalar without a tag.
pub(super) fn resolve(text: &str) -> Kind {
    let Some(first) = text.bytes().next() else { return Kind::Null };
    match first {
        b'~' | b'n' | b'N' if matches!(text, "~" | "null" | "Null" | "NULL") => Kind::Null,
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => Kind::Bool,
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => Kind::Bool,
        b'0'..=b'9' | b'+' | b'-' | b'.' if is_integer(text) || is_float(text) => Kind::Number,
        _ => Kind::String,
    }
}

/// The kind of a scalar with a tag; `core` is what follows `!!`, or nothing for any other tag, which leaves a string.
///
/// # Errors
/// A message, when the text is not of the type that the tag names.
pub(super) fn tagged(core: Option<&str>, text: &str) -> Result<Kind, String> {
    let (kind, fits) = match core {
        Some("null") => (Kind::Null, resolve(text) == Kind::Null),
        Some("bool") => (Kind::Bool, resolve(text) == Kind::Bool),
        Some("int") => (Kind::Number, is_integer(text)),
        Some("float") => (Kind::Number, is_integer(text) || is_float(text)),
        _ => (Kind::String, true),
    };
    let name = core.unwrap_or_default();
    if fits { Ok(kind) } else { Err(format!("the tag !!{name} does not fit \"{}\"", super::parse::shorten(text))) }
}

/// `[-+]? [0-9]+`, `0o [0-7]+` or `0x [0-9a-fA-F]+`.
fn is_integer(text: &str) -> bool {
    if let Some(octal) = text.strip_prefix("0o") {
        return !octal.is_empty() && octal.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    let digits = unsigned(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, an infinity, or not a number.
fn is_float(text: &str) -> bool {
    let rest = unsigned(text);
    if matches!(rest, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(unsigned(&rest[at + 1..]))),
        None => (rest, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole)
        && all_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|digits| !digits.is_empty() && all_digits(digits))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_schema() {
        let of = |kind: Kind, texts: &[&str]| texts.iter().for_each(|text| assert_eq!(resolve(text), kind, "{text}"));
        of(Kind::Null, &["", "~", "null", "Null", "NULL"]);
        of(Kind::Bool, &["true", "True", "TRUE", "false", "False", "FALSE"]);
        of(
            Kind::Number,
            &["0", "-1", "+12", "0o17", "0xfF", "1.", ".5", "-1.5e+3", "1e9", ".inf", "-.INF", ".NaN", "007"],
        );
        let strings =
            ["yes", "no", "on", "y", "nUll", "tRue", "-", "+", ".", "1_000", "1.2.3", "0x", "0o8", "1e", "e1"];
        of(Kind::String, &strings);
        of(Kind::String, &["-0x1", "-.nan", "+.", "2024-01-01", "12:30", "v1", "1.e", "--1", "=", "<<"]);
    }
}
