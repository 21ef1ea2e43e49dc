//! Go source as gofmt leaves it: columns, literals, comments.

use serde_json::Value;

/// Columns are no wider than this, in characters: what is longer stands out.
const WIDEST: usize = 200;

/// Rows of cells with the columns aligned, as gofmt aligns fields and constants that follow each other. The last cell of a
/// row is not padded.
pub(crate) fn align(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            let cells = rows.iter().filter(|row| row.len() > at + 1).map(|row| row[at].chars().count());
            cells.max().unwrap_or_default()
        })
        .collect();
    let line = |row: &Vec<String>| {
        let last = row.len().saturating_sub(1);
        let cell = |(at, cell): (usize, &String)| match at == last {
            true => cell.clone(),
            false => format!("{cell:width$} ", width = widths[at].min(WIDEST)),
        };
        row.iter().enumerate().map(cell).collect::<String>()
    };
    rows.iter().map(line).collect()
}

/// Entries `key: value,` of a composite literal, one a line. A value of several lines stands apart from its neighbours'
/// columns, as gofmt has it.
pub(crate) fn entries(pairs: &[(String, String)]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut block: Vec<Vec<String>> = Vec::new();
    for (key, value) in pairs {
        if value.contains('\n') {
            lines.append(&mut align(&block));
            block.clear();
            lines.extend(format!("{key}: {value},").lines().map(str::to_owned));
        } else {
            block.push(vec![format!("{key}:"), format!("{value},")]);
        }
    }
    lines.append(&mut align(&block));
    lines
}

/// A composite literal: `T{}` where it is empty, else one entry a line.
pub(crate) fn composite(open: &str, pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return format!("{open}{{}}");
    }
    let lines: Vec<String> = entries(pairs).iter().map(|line| format!("\t{line}")).collect();
    format!("{open}{{\n{}\n}}", lines.join("\n"))
}

/// Text with each line but the first moved to the right.
pub(crate) fn indented(text: &str, tabs: usize) -> String {
    text.replace('\n', &format!("\n{}", "\t".repeat(tabs)))
}

/// A string literal in double quotes.
pub(crate) fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '\\' => literal.push_str("\\\\"),
            '"' => literal.push_str("\\\""),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if c.is_control() || ('\u{2028}'..='\u{2029}').contains(&c) || c == '\u{feff}' => {
                literal.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// A literal of a text with many quotes: in backquotes where they can hold it.
pub(crate) fn raw(text: &str) -> String {
    let plain = text.chars().all(|c| c != '`' && !c.is_control() && c != '\u{feff}');
    if plain && text.contains('"') { format!("`{text}`") } else { string(text) }
}

/// JSON as a literal.
pub(crate) fn json(value: &Value) -> String {
    raw(&value.to_string())
}

/// Words for a comment of one line, with a full stop at its end.
pub(crate) fn prose(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut prose: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    if !prose.ends_with(['.', '!', '?']) {
        prose.push('.');
    }
    prose
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let rows = [vec!["ID", "string", "`a`"], vec!["Total", "int64", "`b`"], vec!["X", "int64"]];
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        assert_eq!(align(&rows), ["ID    string `a`", "Total int64  `b`", "X     int64"]);
    }

    #[test]
    fn a_value_of_several_lines_breaks_columns() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let lines = entries(&[pair("ID", "1"), pair("Name", "2"), pair("Rows", "T{\n\tx,\n}"), pair("Z", "3")]);
        assert_eq!(lines, ["ID:   1,", "Name: 2,", "Rows: T{", "\tx,", "},", "Z: 3,"]);
    }

    #[test]
    fn literals() {
        assert_eq!(string("a\"b\\\n"), "\"a\\\"b\\\\\\n\"");
        assert_eq!(raw("{\"a\":1}"), "`{\"a\":1}`");
        assert_eq!(raw("`\"`"), "\"`\\\"`\"");
        assert_eq!(prose("Say\n  it"), "Say it.");
    }
}
