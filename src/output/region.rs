//! Marked regions: the part of a file that is ours, between a line that begins it and a line that ends it.
//!
//! The markers are comments of their own lines, in one of three syntaxes:
//!
//! ```text
//! <!-- agentspec:begin NAME -->   # agentspec:begin NAME   // agentspec:begin NAME
//! <!-- agentspec:end NAME -->     # agentspec:end NAME     // agentspec:end NAME
//! ```

use std::ops::Range;

/// One region of a text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub name: String,
    /// With its markers' lines.
    pub whole: Range<usize>,
    /// What stands between the markers' lines.
    pub body: Range<usize>,
}

/// The regions of a text, in its order.
///
/// # Errors
/// What is wrong with the markers, for people.
pub(super) fn regions(text: &str) -> Result<Vec<Region>, String> {
    let mut found: Vec<Region> = Vec::new();
    let mut open: Option<(&str, Range<usize>)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        match (marker(line), open.take()) {
            (None, before) => open = before,
            (Some(Marker::Begin(name)), None) => open = Some((name, range)),
            (Some(Marker::Begin(name)), Some((outer, _))) => {
                return Err(format!("region `{name}` begins before region `{outer}` ends"));
            }
            (Some(Marker::End(name)), Some((begun, begin))) if name == begun => {
                if found.iter().any(|region| region.name == name) {
                    return Err(format!("region `{name}` stands there twice"));
                }
                let (whole, body) = (begin.start..range.end, begin.end..range.start);
                found.push(Region { name: name.to_owned(), whole, body });
            }
            (Some(Marker::End(name)), _) => return Err(format!("region `{name}` ends where it did not begin")),
        }
    }
    match open {
        Some((name, _)) => Err(format!("region `{name}` has no end")),
        None => Ok(found),
    }
}

enum Marker<'t> {
    Begin(&'t str),
    End(&'t str),
}

fn marker(line: &str) -> Option<Marker<'_>> {
    let line = line.trim();
    let comment = match line.strip_prefix("<!--") {
        Some(comment) => comment.strip_suffix("-->")?,
        None => line.strip_prefix("//").or_else(|| line.strip_prefix('#'))?,
    };
    let words: Vec<&str> = comment.split_whitespace().collect();
    match words.as_slice() {
        ["agentspec:begin", name] => Some(Marker::Begin(name)),
        ["agentspec:end", name] => Some(Marker::End(name)),
        _ => None,
    }
}

/// The text with ranges replaced; the ranges are sorted and do not overlap.
pub(super) fn splice(text: &str, edits: &[(Range<usize>, &str)]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for (range, replacement) in edits {
        result.push_str(&text[at..range.start]);
        result.push_str(replacement);
        at = range.end;
    }
    result.push_str(&text[at..]);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_found_in_each_syntax() {
        let text =
            "x\n<!-- agentspec:begin a -->\n1\n<!-- agentspec:end a -->\n  # agentspec:begin b\n# agentspec:end b\n";
        let found = regions(text).unwrap();
        let bodies: Vec<_> = found.iter().map(|region| (region.name.as_str(), &text[region.body.clone()])).collect();
        assert_eq!(bodies, [("a", "1\n"), ("b", "")]);
        let edits: Vec<_> = found.iter().map(|region| (region.body.clone(), "2\n")).collect();
        assert!(splice(text, &edits).contains("a -->\n2\n<!--") && splice(text, &edits).contains("begin b\n2\n#"));
    }

    #[test]
    fn broken_markers_are_named() {
        for (text, what) in [
            ("# agentspec:begin a\n", "no end"),
            ("# agentspec:end a\n", "did not begin"),
            ("# agentspec:begin a\n# agentspec:begin b\n", "before"),
            ("# agentspec:begin a\n# agentspec:end b\n", "did not begin"),
            ("# agentspec:begin a\n# agentspec:end a\n# agentspec:begin a\n# agentspec:end a\n", "twice"),
        ] {
            assert!(regions(text).unwrap_err().contains(what), "{text}");
        }
    }
}
