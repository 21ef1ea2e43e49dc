//! Looks over a template of the user's before it is compiled: the compiler goes down a step of the stack for each operator of
//! an expression, and does not count them. On the way, what `set` keeps goes through the filter that bounds it.

use super::limits::BOUNDED;

/// The largest template in bytes; the largest built-in one has 90 KB.
const MOST_BYTES: usize = 256 << 10;
/// Operators in one tag.
const MOST_OPERATORS: usize = 250;
/// `elif` in one template: each is a step down, too.
const MOST_ELIF: usize = 250;

/// Words that are operators.
const WORDS: [&str; 7] = ["and", "or", "not", "is", "in", "if", "else"];

/// The text as it is compiled, each line where it was.
///
/// # Errors
/// The line, from 1 and where it is known, and what is too much.
pub(super) fn prepared(text: &str) -> Result<String, (Option<usize>, String)> {
    if text.len() > MOST_BYTES {
        let reason =
            format!("has {} bytes, and templates of more than {MOST_BYTES} are not read; split it", text.len());
        return Err((None, reason));
    }
    let line = |at: usize| Some(text[..at].matches('\n').count() + 1);
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut at, mut elifs) = (0, 0, 0);
    while let Some(start) = text[at..].find('{').map(|found| at + found) {
        at = match text.as_bytes().get(start + 1) {
            Some(b'#') => text[start..].find("#}").map_or(text.len(), |end| start + end + 2),
            Some(b'{' | b'%') => {
                let tag = Tag::read(text, start + 2);
                if tag.operators > MOST_OPERATORS {
                    let advice = "name its parts with `set`, or take a loop";
                    let count = tag.operators;
                    return Err((
                        line(start),
                        format!("a tag has {count} operators, more than {MOST_OPERATORS}; {advice}"),
                    ));
                }
                elifs += usize::from(tag.word == "elif");
                if elifs > MOST_ELIF {
                    return Err((line(start), format!("has more than {MOST_ELIF} `elif`; look the value up in a map")));
                }
                for (place, inserted) in tag.insertions(text) {
                    out.extend([&text[copied..place], &inserted]);
                    copied = place;
                }
                let is_raw = tag.word == "raw" && text.as_bytes()[start + 1] == b'%';
                // Nothing counts up to `endraw`.
                if is_raw { text[tag.end..].find("endraw").map_or(text.len(), |end| tag.end + end) } else { tag.end }
            }
            _ => start + 1,
        };
    }
    out.push_str(&text[copied..]);
    Ok(out)
}

/// What stands between `{%` and `%}`, or `{{` and `}}`.
struct Tag<'t> {
    /// Its first word.
    word: &'t str,
    operators: usize,
    start: usize,
    /// Where its content ends, in bytes of the text.
    end: usize,
    /// Behind the first `=` that is in no bracket.
    value: Option<usize>,
}

impl<'t> Tag<'t> {
    /// Reads the tag whose content begins at `start`, as the compiler's lexer does.
    fn read(text: &'t str, start: usize) -> Tag<'t> {
        let bytes = text.as_bytes();
        let start = start + usize::from(matches!(bytes.get(start), Some(b'-' | b'+')));
        let mut tag = Tag { word: "", operators: 0, start, end: text.len(), value: None };
        let (mut at, mut open, mut before) = (start, 0_isize, b' ');
        while let Some(byte) = bytes.get(at).copied() {
            let rest = &text[at..];
            let ends = ["%}", "}}", "-%}", "-}}", "+%}", "+}}"].iter().any(|end| rest.starts_with(end));
            if open == 0 && ends {
                tag.end = at;
                break;
            }
            let mut length = rest.chars().next().map_or(1, char::len_utf8);
            match byte {
                b'"' | b'\'' => length = string_length(rest),
                b'(' | b'[' | b'{' => {
                    open += 1;
                    // Behind a value it is a call or an index.
                    let is_postfix =
                        before.is_ascii_alphanumeric() || b"_)]}\"'".contains(&before) || !before.is_ascii();
                    tag.operators += usize::from(is_postfix);
                }
                b')' | b']' | b'}' => open -= 1,
                b',' | b':' => {}
                b'=' if open == 0 && tag.value.is_none() && bytes.get(at + 1) != Some(&b'=') => {
                    tag.value = Some(at + 1)
                }
                byte if byte.is_ascii_punctuation() && byte != b'_' => tag.operators += 1,
                byte if byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii() => {
                    let ends = |c: char| !(c == '_' || c.is_alphanumeric());
                    length = rest.find(ends).unwrap_or(rest.len()).max(length);
                    let word = &rest[..length];
                    tag.operators += usize::from(WORDS.contains(&word));
                    if tag.word.is_empty() {
                        tag.word = word;
                    }
                }
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                before = bytes[at + length - 1];
            }
            at += length;
        }
        tag
    }

    /// What goes where in the text, so that a `set` keeps what it keeps through the filter.
    fn insertions(&self, text: &str) -> Vec<(usize, String)> {
        if self.word != "set" || self.end == text.len() {
            return Vec::new();
        }
        match self.value {
            Some(value) if text[value..self.end].trim().is_empty() => Vec::new(),
            Some(value) => vec![(value, "(".to_owned()), (self.end, format!(")|{BOUNDED}"))],
            None => {
                // `{% set name %}…{% endset %}`, which may have filters of its own.
                let content = &text[self.start..self.end];
                let name = content.find('|').unwrap_or(content.len());
                vec![(self.start + content[..name].trim_end().len(), format!("|{BOUNDED}"))]
            }
        }
    }
}

/// The length of a string literal with its quotes.
fn string_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == bytes[0] => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_set_keeps_goes_through_the_filter() {
        for (written, compiled) in [
            ("{% set a = b ~ 'x%}' -%}\n", "{% set a =( b ~ 'x%}' )|bounded-%}\n"),
            ("{%- set a, b = {'x': {}}, 1 %}", "{%- set a, b =( {'x': {}}, 1 )|bounded%}"),
            ("{% set a %}x{% endset %}", "{% set a|bounded %}x{% endset %}"),
            (
                "{% set a | replace('=', f(x=1)) %}x{% endset %}",
                "{% set a|bounded | replace('=', f(x=1)) %}x{% endset %}",
            ),
            ("{# {% set a = 1 %} #}{{ {'a': {'b': 1}} }}", "{# {% set a = 1 %} #}{{ {'a': {'b': 1}} }}"),
            ("{% raw %}{% set a = 1 %}{% endraw %}", "{% raw %}{% set a = 1 %}{% endraw %}"),
            ("{% set a = %}{ä{", "{% set a = %}{ä{"),
        ] {
            assert_eq!(prepared(written).as_deref(), Ok(compiled), "{written}");
        }
    }

    #[test]
    fn operators_are_counted_and_lists_are_not() {
        let rows = format!("{{{{ [{}] }}}}", "[1, 'a-b-c', {'x': 2}], ".repeat(2_000));
        assert_eq!(prepared(&rows).as_deref(), Ok(rows.as_str()));
        for long in ["-1", "1+", "x|a", "x.a", "x[0]", "f()", "x and ", "{'a': {}} + ", "not ", "1 if 2 else "] {
            let text = format!("\n{{{{ {} }}}}", long.repeat(260));
            let (line, reason) = prepared(&text).unwrap_err();
            assert!(line == Some(2) && reason.contains("operators, more than 250"), "{long}: {line:?} {reason}");
        }
        assert!(prepared(&"{% elif x %}".repeat(251)).unwrap_err().1.contains("`elif`"));
        assert!(prepared(&" ".repeat(MOST_BYTES + 1)).unwrap_err().1.contains("split it"));
    }
}
