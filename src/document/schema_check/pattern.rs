//! `pattern`: ECMA-262 regular expressions on an engine that has its own syntax.

use std::iter::Peekable;
use std::str::Chars;

/// Steps that one match may take back.
const BACKTRACK_LIMIT: usize = 100_000;
/// Longer patterns are not compiled.
const MAX_LENGTH: usize = 10_000;
/// Bytes that the compiled form may have. What counts and classes of thousands of characters make larger is not checked. The
/// smaller sizes are tried first, to know what it takes.
const SIZES: [usize; 6] = [16 << 10, 64 << 10, 256 << 10, 512 << 10, 1 << 20, 2 << 20];
/// The last of them.
pub(super) const LARGEST: usize = SIZES[SIZES.len() - 1];
/// What a pattern of the smallest size is counted as: hardly one has as many.
const SMALL: usize = 4 << 10;
/// Instructions of a pattern that looks around or back; counts are written out in it.
const MAX_PROGRAM: usize = 10_000;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern(fancy_regex::Regex);

/// Why a pattern was not compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It is no regular expression.
    #[error("{0}")]
    Invalid(String),
    /// It may be one, of a kind that is not checked here (too large, or a construct the engine lacks).
    #[error("the pattern uses what is not checked here")]
    Unsupported,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// Says whether it is wrong or only beyond this engine.
    pub fn new(ecma: &str) -> Result<Pattern, PatternError> {
        Pattern::compile(ecma).map(|(pattern, _)| pattern)
    }

    /// The same, and about how many bytes it takes.
    ///
    /// # Errors
    /// As [`Pattern::new`].
    pub(super) fn compile(ecma: &str) -> Result<(Pattern, usize), PatternError> {
        let mut outcome = Err(PatternError::Unsupported);
        for size in SIZES {
            outcome = Pattern::compiled(ecma, u64::MAX, size).map(|pattern| (pattern, size));
            if !matches!(outcome, Err(PatternError::Unsupported)) {
                break;
            }
        }
        // It is compiled in both directions.
        outcome.map(|(pattern, size)| (pattern, if size == SIZES[0] { SMALL + ecma.len() } else { 2 * size }))
    }

    /// Whether it is a regular expression. Large counts, which take long to compile, are not wrong where small ones are not.
    ///
    /// # Errors
    /// As [`Pattern::new`].
    pub fn check(ecma: &str) -> Result<(), PatternError> {
        Pattern::compiled(ecma, 2, LARGEST).map(drop)
    }

    /// With counts up to `most` and of at most `size` bytes.
    fn compiled(ecma: &str, most: u64, size: usize) -> Result<Pattern, PatternError> {
        if ecma.len() > MAX_LENGTH {
            return Err(PatternError::Unsupported);
        }
        if let Some(reason) = broken(ecma) {
            return Err(PatternError::Invalid(reason.to_owned()));
        }
        let mut builder = fancy_regex::RegexBuilder::new(&translate(ecma, most));
        builder.backtrack_limit(BACKTRACK_LIMIT).delegate_size_limit(size).delegate_dfa_size_limit(size);
        builder.delegate_dfa_skip_cache_capacity_check(false).max_prog_size(MAX_PROGRAM);
        let compiled = builder.build();
        compiled.map(Pattern).map_err(|error| reason(&error))
    }

    /// About how long it takes to compile: each count makes as many copies, and those of groups of each other.
    pub fn cost(ecma: &str) -> u64 {
        let numbers = ecma.split('{').skip(1).filter_map(|rest| rest.split_once('}')).flat_map(|(count, _)| {
            let most = count.rsplit(',').find(|number| !number.is_empty());
            most.and_then(|number| number.parse::<u64>().ok())
        });
        match ecma.contains("){") {
            true => numbers.fold(1, |cost, number| cost.saturating_mul(number.max(1))),
            false => numbers.fold(1, u64::saturating_add),
        }
    }

    /// Whether the pattern matches somewhere in the text; nothing where the match takes too long.
    pub fn is_match(&self, text: &str) -> Option<bool> {
        self.0.is_match(text).ok()
    }
}

/// What the engine's complaint says of the pattern. Only what ECMA-262 refuses too counts against it.
fn reason(error: &fancy_regex::Error) -> PatternError {
    use fancy_regex::{CompileError, Error, ParseError};
    let invalid = match error {
        Error::ParseError(_, ParseError::TargetNotRepeatable | ParseError::InvalidRepeat) => "nothing to repeat",
        Error::ParseError(_, ParseError::TrailingBackslash) => "it ends in a lone backslash",
        Error::CompileError(inner) => match &**inner {
            CompileError::InnerError(build) => match build.syntax_error().map(ToString::to_string) {
                Some(text) if text.contains("invalid character class range") => "a range of characters runs backwards",
                Some(text) if text.contains("repetition operator missing expression") => "nothing to repeat",
                _ => return PatternError::Unsupported,
            },
            _ => return PatternError::Unsupported,
        },
        _ => return PatternError::Unsupported,
    };
    PatternError::Invalid(invalid.to_owned())
}

/// What the grammar of ECMA-262 (section 22.2.1) refuses at sight: brackets that are not closed or not opened, and
/// counts that run backwards.
fn broken(ecma: &str) -> Option<&'static str> {
    let mut chars = ecma.chars();
    let (mut groups, mut class) = (0_u32, false);
    while let Some(char) = chars.next() {
        match char {
            '\\' if chars.next().is_none() => return Some("it ends in a lone backslash"),
            '\\' => {}
            '[' => class = true,
            ']' => class = false,
            '(' if !class => groups += 1,
            '{' if !class && runs_backwards(chars.as_str()) => return Some("a repetition count runs backwards"),
            ')' if !class => match groups.checked_sub(1) {
                Some(rest) => groups = rest,
                None => return Some("a `)` closes nothing"),
            },
            _ => {}
        }
    }
    if class {
        return Some("a `[` is not closed");
    }
    (groups > 0).then_some("a `(` is not closed")
}

/// Whether `m,n}` follows with m above n.
fn runs_backwards(rest: &str) -> bool {
    let counts = rest.split_once('}').and_then(|(count, _)| count.split_once(','));
    let counts = counts.and_then(|(least, most)| Some((least.parse::<u64>().ok()?, most.parse::<u64>().ok()?)));
    counts.is_some_and(|(least, most)| least > most)
}

/// The same expression in the engine's syntax, with counts up to `most`.
fn translate(ecma: &str, most: u64) -> String {
    let mut out = String::with_capacity(ecma.len() + 8);
    let mut chars = ecma.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\\' => escape(&mut chars, &mut out, false),
            '[' => class(&mut chars, &mut out),
            '{' if !is_count(chars.clone()) => out.push_str(r"\{"),
            '{' => {
                let counts: String = chars.by_ref().take_while(|inner| *inner != '}').collect();
                let bounded = |count: &str| match count.parse::<u64>() {
                    Ok(number) if number > most => most.to_string(),
                    _ => count.to_owned(),
                };
                let counts: Vec<String> = counts.split(',').map(bounded).collect();
                out.extend(["{", &counts.join(","), "}"]);
            }
            '}' => out.push_str(r"\}"),
            ']' => out.push_str(r"\]"),
            '$' => out.push_str(r"\z"),
            // Without the flag `s` a dot stops at each line end.
            '.' => out.push_str(r"[^\n\r\x{2028}\x{2029}]"),
            other => out.push(other),
        }
    }
    out
}

/// Whether a repetition count follows an opening brace.
fn is_count(chars: Peekable<Chars<'_>>) -> bool {
    let inner: String = chars.take_while(|char| *char != '}').take(24).collect();
    let (least, most) = inner.split_once(',').unwrap_or((&inner, ""));
    !least.is_empty() && [least, most].iter().all(|count| count.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A character class: brackets and set operators inside it are plain characters.
fn class(chars: &mut Peekable<Chars<'_>>, out: &mut String) {
    let mut inner = String::new();
    let negated = chars.next_if_eq(&'^').is_some();
    let mut closed = false;
    let mut after_set = false;
    while let Some(char) = chars.next() {
        let was_set = std::mem::take(&mut after_set);
        match char {
            ']' => {
                closed = true;
                break;
            }
            '\\' => {
                after_set = matches!(chars.peek(), Some('d' | 'D' | 'w' | 'W' | 's' | 'S'));
                escape(chars, &mut inner, true);
            }
            // Behind a set a hyphen is no range, nor is it before one.
            '-' if was_set || ends_in_set(chars) => inner.push_str(r"\-"),
            '[' | '&' | '~' => inner.extend(['\\', char]),
            other => inner.push(other),
        }
    }
    match (closed, inner.is_empty(), negated) {
        // Left open, so that the engine refuses it.
        (false, ..) => *out += "[",
        (true, true, true) => *out += r"[\s\S]",
        (true, true, false) => *out += r"[^\s\S]",
        (true, false, true) => *out += &format!("[^{inner}]"),
        (true, false, false) => *out += &format!("[{inner}]"),
    }
}

fn ends_in_set(chars: &Peekable<Chars<'_>>) -> bool {
    let mut ahead = chars.clone();
    ahead.next() == Some('\\') && matches!(ahead.next(), Some('d' | 'D' | 'w' | 'W' | 's' | 'S'))
}

/// What follows a backslash. `\d` and `\w` are ASCII in ECMA-262.
fn escape(chars: &mut Peekable<Chars<'_>>, out: &mut String, in_class: bool) {
    let Some(char) = chars.next() else { return out.push('\\') };
    match char {
        'd' => out.push_str(if in_class { "0-9" } else { "[0-9]" }),
        'w' => out.push_str(if in_class { "A-Za-z0-9_" } else { "[A-Za-z0-9_]" }),
        'D' => out.push_str("[^0-9]"),
        'W' => out.push_str("[^A-Za-z0-9_]"),
        'b' if in_class => out.push_str(r"\x08"),
        'b' => out.push_str(r"(?-u:\b)"),
        'B' => out.push_str(r"(?-u:\B)"),
        'c' => match chars.next_if(char::is_ascii_alphabetic) {
            Some(letter) => out.push_str(&format!(r"\x{{{:x}}}", letter as u32 % 32)),
            None => out.push_str(r"\\c"),
        },
        '0' => out.push_str(r"\x00"),
        'u' => unicode(chars, out),
        'n' | 'r' | 't' | 'f' | 'v' | 's' | 'S' | 'x' | 'p' | 'P' | 'k' | '1'..='9' => out.extend(['\\', char]),
        letter if letter.is_alphanumeric() => out.push(letter),
        other if other.is_ascii_punctuation() => out.extend(['\\', other]),
        other => out.push(other),
    }
}

/// `\uXXXX`, also as a surrogate pair, and `\u{X…}`.
fn unicode(chars: &mut Peekable<Chars<'_>>, out: &mut String) {
    if chars.peek() == Some(&'{') {
        return out.push_str(r"\x");
    }
    let digits = |from: Peekable<Chars<'_>>| {
        let text: String = from.take(4).collect();
        (text.len() == 4).then(|| u32::from_str_radix(&text, 16).ok()).flatten()
    };
    let Some(high) = digits(chars.clone()) else { return out.push('u') };
    chars.nth(3);
    if !(0xd800..0xdc00).contains(&high) {
        return out.push_str(&format!(r"\x{{{high:x}}}"));
    }
    let mut ahead = chars.clone();
    if ahead.next() == Some('\\')
        && ahead.next() == Some('u')
        && let Some(low @ 0xdc00..0xe000) = digits(ahead)
    {
        chars.nth(5);
        return out.push_str(&format!(r"\x{{{:x}}}", 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)));
    }
    // A lone surrogate is in no text that can be written here.
    out.push_str(r"[^\s\S]");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap().is_match(text).unwrap()
    }

    #[test]
    fn counts_cost_and_are_not_needed_to_see_what_is_wrong() {
        assert_eq!(
            (Pattern::cost("^[a-z]{1,900}$"), Pattern::cost("(a{20}){30,}"), Pattern::cost("a+")),
            (901, 600, 1)
        );
        for pattern in ["^a{1,60000}$", "((a{1000}){1000}){1000}", "[{1,9}]{3,}", "\\u{1}"] {
            assert_eq!(Pattern::check(pattern), Ok(()), "{pattern}");
        }
        assert!(Pattern::check("a{3,2}").is_err());
    }

    #[test]
    fn patterns_mean_what_ecma_says() {
        assert!(matches(r"^\d+$", "12") && !matches(r"^\d+$", "١٢") && !matches("^a$", "a\n"));
        assert!(matches(r"^[\w-./:]+$", "a-b./:") && !matches(r"^[\w-./:]+$", "a b"));
        assert!(matches(r"^[a-z&&[]+$", "a&[") && matches("^{id}$", "{id}") && matches("^a{2,}$", "aaa"));
        assert!(matches(r"^\u00e9\/\-\@$", "é/-@") && matches(r"^\ud83d\ude00$", "😀"));
        assert!(matches("^(?!x)(a|b)\\1$", "aa") && !matches("^(?!x)(a|b)\\1$", "ab"));
        assert!(matches("[^]", "\n") && !matches("[]", "a") && !matches("^.$", "\n"));
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        for wrong in ["(", "a)", "[a", "*a", "a\\", "[z-a]", "a{3,2}"] {
            assert!(matches!(Pattern::new(wrong), Err(PatternError::Invalid(_))), "{wrong}");
        }
    }
}
