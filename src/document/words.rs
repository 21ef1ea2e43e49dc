//! How people write headings, labels and lists in prose, brought to one form.

use super::text::Slice;

/// The longest label, in bytes; a colon further on belongs to a sentence.
const LONGEST_LABEL: usize = 60;

/// Databases by their products, in lower case: they name no database of a service.
pub(crate) const DATABASE_PRODUCTS: [&str; 24] = [
    "postgresql",
    "postgres",
    "mysql",
    "mariadb",
    "mongodb",
    "mongo",
    "redis",
    "sqlite",
    "dynamodb",
    "cassandra",
    "elasticsearch",
    "opensearch",
    "oracle",
    "mssql",
    "sqlserver",
    "db2",
    "neo4j",
    "couchdb",
    "couchbase",
    "firestore",
    "clickhouse",
    "cockroachdb",
    "sql",
    "s3",
];

/// Words in lower case with single spaces between them; `&` is `and`, any other sign only separates.
pub(crate) fn plain(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            words.extend(c.to_lowercase());
        } else {
            if !words.is_empty() && !words.ends_with(' ') {
                words.push(' ');
            }
            if c == '&' {
                words.push_str("and ");
            }
        }
    }
    words.truncate(words.trim_end().len());
    words
}

/// Without the number in front (`1.`, `2.3`, `(4)`).
pub(crate) fn without_number(slice: Slice<'_>) -> Slice<'_> {
    without_mark(slice, behind_digits(slice.as_str()))
}

/// A heading without the number in front, also `IV.` or `B)`, and without the anchor behind (`{#name}`).
pub(crate) fn bare_heading(slice: Slice<'_>) -> Slice<'_> {
    let slice = without_anchor(slice);
    let text = slice.as_str();
    without_mark(slice, behind_digits(text).or_else(|| behind_letters(text)))
}

/// What stands behind a mark, where white space and more follow.
fn without_mark<'t>(slice: Slice<'t>, rest: Option<&str>) -> Slice<'t> {
    match rest.filter(|rest| rest.starts_with(char::is_whitespace) && !rest.trim().is_empty()) {
        Some(rest) => slice.from(slice.as_str().len() - rest.len()).trim(),
        None => slice,
    }
}

/// What stands behind a number in digits.
fn behind_digits(text: &str) -> Option<&str> {
    let bare = text.strip_prefix('(').unwrap_or(text);
    let rest = bare.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let is_closed = bare.len() == text.len() || rest.starts_with(')');
    (is_closed && bare.starts_with(|c: char| c.is_ascii_digit())).then(|| rest.strip_prefix([')', ':']).unwrap_or(rest))
}

/// What stands behind a Roman number, or one letter; they need a sign that tells them from a word.
fn behind_letters(text: &str) -> Option<&str> {
    let bare = text.strip_prefix('(').unwrap_or(text);
    let rest = bare.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let number = &bare[..bare.len() - rest.len()];
    let is_number = number.len() == 1 || !number.is_empty() && number.bytes().all(|byte| b"IVXLC".contains(&byte));
    let signs: &[char] = if bare.len() == text.len() { &['.', ')'] } else { &[')'] };
    rest.strip_prefix(signs).filter(|_| is_number)
}

/// Without an anchor as Pandoc and others write it.
fn without_anchor(slice: Slice<'_>) -> Slice<'_> {
    let text = slice.as_str();
    let open = text.strip_suffix('}').and_then(|inner| inner.rfind("{#")).filter(|open| *open > 0);
    open.map_or(slice, |open| slice.part(0, open).trim())
}

/// Without remarks in round brackets at the end.
pub(crate) fn without_remark(slice: Slice<'_>) -> Slice<'_> {
    let text = slice.as_str();
    match text.trim_end_matches(['.', ' ']).strip_suffix(')').and_then(|inner| inner.rfind('(')) {
        Some(open) if open > 0 => slice.part(0, open).trim(),
        _ => slice,
    }
}

/// `Label: value`, with the label in bold or not and the colon inside of the bold or behind it.
pub(crate) fn label(slice: Slice<'_>) -> Option<(Slice<'_>, Slice<'_>)> {
    let text = slice.as_str();
    let lead = slice.lead();
    let bold = text.get(..lead).unwrap_or_default().trim_end();
    let behind = text.get(lead..).unwrap_or_default().trim_start();
    let colon = if lead > 0 && bold.ends_with(':') {
        bold.len() - 1
    } else if lead > 0 && behind.starts_with(':') {
        text.len() - behind.len()
    } else {
        let ends = |at: &usize| text[at + 1..].chars().next().is_none_or(char::is_whitespace);
        text.match_indices(':').map(|(at, _)| at).take_while(|at| *at <= LONGEST_LABEL).find(ends)?
    };
    let name = slice.part(0, colon).trim();
    (!name.is_empty() && !name.as_str().contains('\n')).then(|| (name, slice.from(colon + 1).trim()))
}

/// Whether a line is a label alone: in bold, or with a colon at its end.
pub(crate) fn is_bold_line(slice: Slice<'_>) -> bool {
    let rest = slice.as_str().get(slice.lead()..).unwrap_or_default();
    slice.lead() > 0 && rest.trim_matches(|c: char| c == ':' || c.is_whitespace()).is_empty()
}

/// Whether a cell or line says that there is nothing: empty, a dash, `None`, `n/a`, `Events only`.
pub(crate) fn is_none(text: &str) -> bool {
    const NOTHING: [&str; 11] =
        ["", "none", "n a", "na", "nil", "nothing", "no", "events only", "only events", "not applicable", "null"];
    NOTHING.contains(&plain(text).as_str())
}

/// The same, also with a remark (`None, this service calls nobody`, `Events only (no calls)`), and said of what there might
/// be: `No upstream services`.
pub(crate) fn says_none(text: &str) -> bool {
    let words = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let first = words.get(..4).filter(|word| word.eq_ignore_ascii_case("none"));
    let remark = [" (", " - ", " – ", " — ", ", ", "; ", ": ", ". "].iter().filter_map(|mark| words.find(mark)).min();
    let head = &words[..remark.unwrap_or(words.len())];
    is_none(text)
        || first.is_some_and(|_| !words[4..].starts_with(|c: char| c.is_alphanumeric() || c == '-'))
        || (!head.is_empty() && is_none(head))
        || denies(head)
}

/// Whether a text says that there are none of something that a section lists: `no`, words that say which, and the thing.
pub(crate) fn denies(text: &str) -> bool {
    const WHICH: [&str; 12] = [
        "upstream",
        "downstream",
        "synchronous",
        "asynchronous",
        "direct",
        "other",
        "external",
        "open",
        "published",
        "consumed",
        "cached",
        "service",
    ];
    const WHAT: [&str; 16] = [
        "service",
        "services",
        "upstream",
        "upstreams",
        "downstream",
        "downstreams",
        "dependency",
        "dependencies",
        "calls",
        "callers",
        "consumers",
        "events",
        "entities",
        "sagas",
        "questions",
        "waivers",
    ];
    let words = plain(text);
    let Some((which, what)) = words.strip_prefix("no ").map(|rest| rest.rsplit_once(' ').unwrap_or(("", rest))) else {
        return false;
    };
    WHAT.contains(&what) && which.split(' ').all(|word| word.is_empty() || WHICH.contains(&word))
}

/// An enumeration of more items than this is not one: what stands behind is left in one piece.
const MOST_LISTED: usize = 1_000;

/// The items of an enumeration in one line: `a, b and c`, `a & b`.
pub(crate) fn listed(slice: Slice<'_>) -> Vec<Slice<'_>> {
    let mut items = Vec::new();
    for part in split_outside_brackets(slice) {
        let mut rest = strip_word(part, "and");
        while let Some((at, word)) = next_and(rest.as_str()) {
            items.push(rest.part(0, at).trim());
            rest = rest.from(at + word.len()).trim();
        }
        items.push(rest);
    }
    items.retain(|item| !item.is_empty());
    items
}

/// The first word between two items.
fn next_and(text: &str) -> Option<(usize, &'static str)> {
    [" and ", " & "].into_iter().filter_map(|word| Some((text.find(word)?, word))).min()
}

/// Whether a text is struck out (`~~text~~`), whatever answer stands behind it; a question there is a new one.
pub(crate) fn is_struck_out(text: &str) -> bool {
    let inner = text.trim_start().strip_prefix("~~");
    inner.and_then(|inner| inner.split_once("~~")).is_some_and(|(_, rest)| !rest.contains('?'))
}

/// Splits at commas, semicolons and line breaks that stand outside of brackets.
pub(crate) fn split_outside_brackets(slice: Slice<'_>) -> Vec<Slice<'_>> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for (at, c) in slice.as_str().char_indices() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            ',' | ';' | '\n' if depth == 0 && parts.len() < MOST_LISTED => {
                parts.push(slice.part(start, at).trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(slice.from(start).trim());
    parts
}

/// Without `word` in front.
pub(crate) fn strip_word<'t>(slice: Slice<'t>, word: &str) -> Slice<'t> {
    let text = slice.as_str();
    match text.get(..word.len()) {
        Some(first) if first.eq_ignore_ascii_case(word) && text[word.len()..].starts_with(char::is_whitespace) => {
            slice.from(word.len()).trim()
        }
        _ => slice,
    }
}

/// The first word, without signs that only separate around it.
pub(crate) fn first_word(slice: Slice<'_>) -> Slice<'_> {
    let text = slice.as_str();
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(')).unwrap_or(text.len());
    slice.part(0, end).trim_matches(|c| matches!(c, ':' | '.' | ')' | '*' | '`' | '"' | '\''))
}

/// The name at the start: what is in code or bold, or else everything before a remark in brackets or behind a dash.
pub(crate) fn name(slice: Slice<'_>) -> Slice<'_> {
    let lead = slice.lead();
    let name = if lead > 0 { slice.part(0, lead) } else { slice };
    let text = name.as_str();
    let remark = [" (", " - ", " – ", " — ", ", "].iter().filter_map(|mark| text.find(mark)).min();
    name.part(0, remark.unwrap_or(text.len()))
        .trim_matches(|c| c.is_whitespace() || matches!(c, '.' | ':' | ',' | ';' | '`' | '"'))
}
