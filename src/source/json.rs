//! JSON (RFC 8259) into a spanned tree. An explicit stack instead of recursion, and no copy of a string without escapes.

use std::sync::Arc;

use super::parse::{self, MAX_FILE_BYTES, Parsed, Problems, problem};
use super::problem::{Problem, ProblemKind};
use super::span::Span;
use super::tree::{Kind, NodeId, Tree, TreeBuilder};

/// Reads a JSON text. There is a tree unless the text breaks the grammar or a limit ([`Tree::MAX_DEPTH`],
/// [`Tree::MAX_NODES`], [`MAX_FILE_BYTES`]); then the one problem says where. Duplicate keys are problems beside a tree.
pub fn parse_json(text: &Arc<str>) -> Parsed {
    if text.len() > MAX_FILE_BYTES {
        return Parsed { tree: None, problems: vec![parse::oversized(text.len() as u64, MAX_FILE_BYTES)] };
    }
    // Every value but the first stands behind one of these.
    let nodes = 1 + parse::count(text, [b',', b':', b'[', b'{']);
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        builder: TreeBuilder::new(Arc::clone(text), nodes),
        pending: Vec::new(),
        open: Vec::new(),
        problems: Problems::default(),
        scratch: String::new(),
    };
    let end = parser.document();
    let Parser { builder, problems, .. } = parser;
    problems.finish(builder, end)
}

/// A container whose end was not seen yet; its children are `pending[base..]`.
struct Open {
    start: usize,
    base: usize,
    mapping: bool,
}

struct Parser<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    builder: TreeBuilder,
    pending: Vec<NodeId>,
    open: Vec<Open>,
    problems: Problems,
    scratch: String,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<NodeId, Problem> {
        loop {
            let mut done = self.value()?;
            while let Some(value) = done {
                let Some(open) = self.open.last() else { return self.end(value) };
                let mapping = open.mapping;
                self.pending.push(value);
                done = self.after_value(mapping)?;
            }
        }
    }

    /// Reads a scalar or an empty container; nothing where a container was opened and its first value comes next.
    fn value(&mut self) -> Result<Option<NodeId>, Problem> {
        self.skip_space();
        match self.peek() {
            Some(b'"') => self.string().map(Some),
            Some(b'{') => {
                self.enter(true)?;
                if self.peek() == Some(b'}') {
                    return self.leave().map(Some);
                }
                self.key().map(|()| None)
            }
            Some(b'[') => {
                self.enter(false)?;
                if self.peek() == Some(b']') { self.leave().map(Some) } else { Ok(None) }
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(Some),
            Some(b't') => self.literal("true", Kind::Bool).map(Some),
            Some(b'f') => self.literal("false", Kind::Bool).map(Some),
            Some(b'n') => self.literal("null", Kind::Null).map(Some),
            _ => Err(self.no_value()),
        }
    }

    /// Behind a value in a container: a comma (then the next key is read too), or the end, which makes the container
    /// the value.
    fn after_value(&mut self, mapping: bool) -> Result<Option<NodeId>, Problem> {
        self.skip_space();
        match (self.peek(), mapping) {
            (Some(b','), true) => {
                self.at += 1;
                self.skip_space();
                self.key().map(|()| None)
            }
            (Some(b','), false) => {
                self.at += 1;
                Ok(None)
            }
            (Some(b'}'), true) | (Some(b']'), false) => self.leave().map(Some),
            (_, true) => Err(self.unexpected("expected ',' or '}' after a value")),
            (_, false) => Err(self.unexpected("expected ',' or ']' after a value")),
        }
    }

    fn end(&mut self, root: NodeId) -> Result<NodeId, Problem> {
        self.skip_space();
        match self.peek() {
            None => Ok(root),
            Some(_) => {
                Err(self.unexpected("expected the end of the file after the value; a JSON file holds one value"))
            }
        }
    }

    fn enter(&mut self, mapping: bool) -> Result<(), Problem> {
        if self.open.len() == Tree::MAX_DEPTH {
            return Err(parse::too_deep(Span::new(self.at, self.at + 1)));
        }
        self.open.push(Open { start: self.at, base: self.pending.len(), mapping });
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    fn leave(&mut self) -> Result<NodeId, Problem> {
        self.at += 1;
        let Some(Open { start, base, mapping }) = self.open.pop() else { return Err(self.no_value()) };
        let span = Span::new(start, self.at);
        self.room(span)?;
        let children = &self.pending[base..];
        let id = if mapping {
            let id = self.builder.mapping(span, children);
            self.problems.duplicate_keys(&self.builder, id);
            id
        } else {
            self.builder.sequence(span, children)
        };
        self.pending.truncate(base);
        Ok(id)
    }

    /// A key and its colon.
    fn key(&mut self) -> Result<(), Problem> {
        match self.peek() {
            Some(b'"') => {}
            Some(b'}') => return Err(self.unexpected("expected a key after ','; JSON has no comma before '}'")),
            _ => return Err(self.unexpected("expected a key in double quotes")),
        }
        let key = self.string()?;
        self.pending.push(key);
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("expected ':' after a key"));
        }
        self.at += 1;
        Ok(())
    }

    fn literal(&mut self, word: &str, kind: Kind) -> Result<NodeId, Problem> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.no_value());
        }
        let span = Span::new(self.at, self.at + word.len());
        self.at += word.len();
        self.scalar(kind, span, span)
    }

    /// A number by the grammar of RFC 8259, section 6. Its text is kept, whatever its size.
    fn number(&mut self) -> Result<NodeId, Problem> {
        let start = self.at;
        self.accept(b"-");
        let first = self.peek();
        let digits = self.digits();
        if digits == 0 {
            return Err(self.unexpected("expected a digit"));
        }
        if digits > 1 && first == Some(b'0') {
            let span = Span::new(start, self.at);
            return Err(problem(ProblemKind::JsonSyntax, span, "a number must not start with 0"));
        }
        if self.accept(b".") && self.digits() == 0 {
            return Err(self.unexpected("expected a digit after the decimal point"));
        }
        if self.accept(b"eE") {
            self.accept(b"+-");
            if self.digits() == 0 {
                return Err(self.unexpected("expected a digit in the exponent"));
            }
        }
        let span = Span::new(start, self.at);
        self.scalar(Kind::Number, span, span)
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn accept(&mut self, any_of: &[u8]) -> bool {
        let found = self.peek().is_some_and(|byte| any_of.contains(&byte));
        self.at += usize::from(found);
        found
    }

    /// A string, whose opening quote is the next byte.
    fn string(&mut self) -> Result<NodeId, Problem> {
        let start = self.at;
        let end = special(self.bytes, start + 1);
        if self.bytes.get(end) == Some(&b'"') {
            self.at = end + 1;
            return self.scalar(Kind::String, Span::new(start, end + 1), Span::new(start + 1, end));
        }
        self.scratch.clear();
        let mut from = start + 1;
        loop {
            self.at = special(self.bytes, from);
            self.scratch.push_str(&self.text[from..self.at]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(control) => {
                    let escape = format!("write it as \\u{control:04x}");
                    return Err(self.unexpected(&format!("a control character stands in a string; {escape}")));
                }
                None => {
                    let line = memchr::memchr(b'\n', &self.bytes[start..]).unwrap_or(self.bytes.len() - start);
                    let span = Span::new(start, start + line);
                    return Err(problem(ProblemKind::JsonSyntax, span, "this string has no closing quote"));
                }
            }
            from = self.at;
        }
        self.at += 1;
        let span = Span::new(start, self.at);
        self.room(span)?;
        Ok(self.builder.decoded(Kind::String, span, &self.scratch))
    }

    /// An escape, whose backslash is the next byte, into `scratch`.
    fn escape(&mut self) -> Result<(), Problem> {
        let start = self.at;
        self.at += 2;
        let character = match self.bytes.get(start + 1) {
            Some(&same @ (b'"' | b'\\' | b'/')) => same.into(),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => self.unicode(start)?,
            _ => {
                self.at = start;
                return Err(self.unexpected("expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u after a backslash"));
            }
        };
        self.scratch.push(character);
        Ok(())
    }

    /// The character of `\uXXXX` at `start`, or of two that form a surrogate pair (RFC 8259, section 7).
    fn unicode(&mut self, start: usize) -> Result<char, Problem> {
        let high = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&high) && self.bytes[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let low = self.hex()?;
            if (0xdc00..0xe000).contains(&low) { 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00) } else { high }
        } else {
            high
        };
        char::from_u32(code).ok_or_else(|| {
            let message = format!("\\u{high:04x} is one half of a surrogate pair without the other");
            problem(ProblemKind::JsonSyntax, Span::new(start, start + 6), message)
        })
    }

    fn hex(&mut self) -> Result<u32, Problem> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.unexpected("expected four hexadecimal digits after \\u"))?;
            self.at += 1;
        }
        Ok(code)
    }

    fn scalar(&mut self, kind: Kind, span: Span, text: Span) -> Result<NodeId, Problem> {
        self.room(span)?;
        Ok(self.builder.scalar(kind, span, text))
    }

    fn room(&self, span: Span) -> Result<(), Problem> {
        if self.builder.len() < Tree::MAX_NODES { Ok(()) } else { Err(parse::too_many_nodes(span)) }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// The problem of what stands where a value should.
    fn no_value(&self) -> Problem {
        self.unexpected(match self.peek() {
            Some(b'\'') => "expected a value; strings take double quotes in JSON",
            Some(b'/' | b'#') => "expected a value; JSON has no comments",
            Some(b']') => "expected a value; JSON has no comma before ']'",
            Some(b'I' | b'N') => "expected a value; JSON has no NaN, Infinity or None",
            _ => "expected a value: an object, an array, a string, a number, true, false or null",
        })
    }

    fn unexpected(&self, expected: &str) -> Problem {
        let span = parse::char_span(self.text, self.at);
        let message = if span.is_empty() { format!("the file ends early: {expected}") } else { expected.to_owned() };
        problem(ProblemKind::JsonSyntax, span, message)
    }
}

/// The offset of the next `"`, `\` or control character; the length where there is none. Looks at eight bytes at a time:
/// a byte's high bit is set where the subtraction borrowed, and only the lowest such bit is used, which is exact.
fn special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    let below = |word: u64, limit: u64| word.wrapping_sub(limit * ONES) & !word;
    let equal = |word: u64, byte: u8| below(word ^ (u64::from(byte) * ONES), 1);
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let found = (below(word, 0x20) | equal(word, b'"') | equal(word, b'\\')) & HIGH;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\').map_or(bytes.len(), |found| at + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Parsed {
        parse_json(&Arc::from(text))
    }

    fn failure(text: &str) -> (String, std::ops::Range<usize>) {
        let parsed = parse(text);
        assert!(parsed.tree.is_none(), "{text} was accepted");
        let [problem] = &parsed.problems[..] else { panic!("{text}: {:?}", parsed.problems) };
        (problem.message.clone(), problem.span.range())
    }

    #[test]
    fn values_and_spans() {
        let text = r#" {"a": [1, -2.5e3, true, null], "b\n": "x\u00e9\ud83d\ude00"} "#;
        let tree = parse(text).tree.unwrap();
        let at = |pointer: &str| tree.root().pointer(pointer).unwrap();
        assert_eq!(&text[tree.root().span().range()], text.trim());
        assert_eq!(at("/a/0").as_i64(), Some(1));
        assert_eq!(at("/a/1").as_f64(), Some(-2500.0));
        assert_eq!(at("/a/2").as_bool(), Some(true));
        assert_eq!(at("/a/3").kind(), Kind::Null);
        assert_eq!(at("/b\n").as_str(), Some("xé😀"));
        assert_eq!(&text[at("/b\n").span().range()], r#""x\u00e9\ud83d\ude00""#);
        assert_eq!(&text[at("/b\n").key().unwrap().span().range()], r#""b\n""#);
    }

    #[test]
    fn errors_say_what_was_expected_and_where() {
        for (text, message, at) in [
            ("", "the file ends early: expected a value", 0..0),
            ("{\"a\":1 \"b\":2}", "expected ',' or '}' after a value", 7..8),
            ("[1 2]", "expected ',' or ']' after a value", 3..4),
            ("[1,]", "expected a value; JSON has no comma before ']'", 3..4),
            ("{\"a\":1,}", "expected a key after ','; JSON has no comma before '}'", 7..8),
            ("{a:1}", "expected a key in double quotes", 1..2),
            ("{\"a\" 1}", "expected ':' after a key", 5..6),
            ("[01]", "a number must not start with 0", 1..3),
            ("[1.]", "expected a digit after the decimal point", 3..4),
            ("\"ab", "this string has no closing quote", 0..3),
            ("\"a\tb\"", "a control character stands in a string; write it as \\u0009", 2..3),
            ("\"\\ud800\"", "\\ud800 is one half of a surrogate pair", 1..7),
            ("\"\\ud800\\u0041\"", "\\ud800 is one half of a surrogate pair", 1..7),
            ("\"\\x\"", "expected one of", 1..2),
            ("tru", "expected a value", 0..1),
            ("1 é", "expected the end of the file", 2..4),
            ("['a']", "expected a value; strings take double quotes in JSON", 1..2),
        ] {
            let (got, span) = failure(text);
            assert!(got.starts_with(message), "{text}: {got}");
            assert_eq!(span, at, "{text}");
        }
    }

    #[test]
    fn duplicate_keys_are_problems_and_the_first_wins() {
        for size in [2, 40] {
            let mut text = String::from("{");
            for n in 0..size {
                text.push_str(&format!("\"k{n}\":{n},"));
            }
            text.push_str("\"k1\":\"again\",\"k1\":\"again\"}");
            let parsed = parse(&text);
            assert_eq!(parsed.problems.len(), 2);
            for problem in &parsed.problems {
                assert_eq!(problem.kind, ProblemKind::DuplicateKey);
                assert_eq!(&text[problem.span.range()], "\"k1\"");
                assert_eq!(problem.related.as_ref().unwrap().0.start as usize, text.find("\"k1\"").unwrap());
            }
            assert_eq!(parsed.tree.unwrap().root().get("k1").unwrap().as_i64(), Some(1));
        }
    }

    #[test]
    fn many_duplicate_keys_are_counted_not_listed() {
        let text = format!("{{{}\"a\":0}}", "\"a\":0,".repeat(500));
        let problems = parse(&text).problems;
        assert_eq!(problems.len(), 100);
        assert!(problems[99].message.ends_with("(and 400 more keys that stand twice in this file)"));
    }

    #[test]
    fn depth_is_limited() {
        let nest = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nest(Tree::MAX_DEPTH)).tree.is_some());
        let parsed = parse(&nest(Tree::MAX_DEPTH + 1));
        assert!(parsed.tree.is_none());
        assert_eq!(parsed.problems[0].kind, ProblemKind::TooDeep);
        assert_eq!(parse(&"[".repeat(1_000_000)).problems[0].kind, ProblemKind::TooDeep);
    }

    #[test]
    fn special_bytes_are_found_at_every_offset() {
        for length in 0..40 {
            for at in 0..=length {
                for byte in [b'"', b'\\', 0, 0x1f] {
                    let mut bytes = vec![0xff_u8; length];
                    bytes.insert(at, byte);
                    assert_eq!(special(&bytes, 0), at);
                }
            }
            assert_eq!(special(&vec![b' '; length], 0), length);
        }
    }
}
