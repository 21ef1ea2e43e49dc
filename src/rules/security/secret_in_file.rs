//! A secret that stands in a file of the platform.

use std::ops::Range;

use memchr::memmem;

use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{FileId, Route, Span};

pub(super) static RULE: Rule = Rule {
    id: "secret-in-file",
    family: Family::Security,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A file holds a private key, an access key, or a URL with a password",
    subjects: &[
        Subject::Constitution,
        Subject::Spec,
        Subject::Plan,
        Subject::Tasks,
        Subject::Contracts,
        Subject::Config,
    ],
    docs: include_str!("../../../docs/rules/secret-in-file.md"),
    check: Check::File(check),
};

/// A kind of secret: what it starts with, what it is called, and how far it goes from there, where it is one.
struct Shape {
    start: &'static str,
    name: &'static str,
    length: fn(&str) -> Option<usize>,
}

/// A secret is looked at in so many bytes; what is longer is told by its beginning.
const WINDOW: usize = 200;
/// So many secrets of one kind are reported for a file.
const MOST: usize = 20;

/// Searched one by one: a plain search for a few bytes is much faster than one expression for all over a large contract.
const SHAPES: [Shape; 7] = [
    Shape { start: "-----BEGIN ", name: "a private key", length: private_key },
    Shape { start: "AKIA", name: "an AWS access key", length: |text| token(text, 4, 16, |c| c.is_ascii_uppercase() || c.is_ascii_digit()) },
    Shape { start: "ghp_", name: "a GitHub token", length: |text| token(text, 4, 36, |c| c.is_ascii_alphanumeric()) },
    Shape { start: "github_pat_", name: "a GitHub token", length: |text| token(text, 11, 60, |c| c.is_ascii_alphanumeric() || c == '_') },
    Shape { start: "glpat-", name: "a GitLab token", length: |text| token(text, 6, 20, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) },
    Shape { start: "xoxb-", name: "a Slack token", length: |text| token(text, 5, 30, |c| c.is_ascii_alphanumeric() || c == '-') },
    Shape { start: "://", name: "a URL with a password", length: url_with_password },
];

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    let text: &str = &context.sources.file(file).text;
    for shape in &SHAPES {
        let starts = memmem::find_iter(text.as_bytes(), shape.start);
        for range in starts.filter_map(|at| found(text, at, shape)).take(MOST) {
            let route = Route::span(file, Span::new(range.start, range.end));
            let help = "Revoke it, and have it read from the environment or from a secret store";
            out.push(RULE.finding(route, format!("This file holds {}", shape.name)).help(help));
        }
    }
}

fn found(text: &str, at: usize, shape: &Shape) -> Option<Range<usize>> {
    // A start in the middle of a longer word is none.
    let before = text[..at].chars().next_back();
    if shape.start.starts_with(char::is_alphabetic) && before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let end = text.floor_char_boundary(at + WINDOW);
    (shape.length)(&text[at..end]).map(|length| at..at + length)
}

/// `-----BEGIN RSA PRIVATE KEY-----` (RFC 7468).
fn private_key(text: &str) -> Option<usize> {
    let line = text.lines().next()?;
    let end = line.find("PRIVATE KEY-----")?;
    Some(end + "PRIVATE KEY-----".len())
}

/// A start of `skip` bytes and at least `least` characters of one kind; not one that only repeats a character.
fn token(text: &str, skip: usize, least: usize, is_part: fn(char) -> bool) -> Option<usize> {
    let rest = &text[skip..];
    let length = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    let first = rest.chars().next()?;
    let varied = rest[..length].chars().any(|c| c != first);
    (length >= least && varied).then_some(skip + length)
}

/// `://user:password@host` (RFC 3986, section 3.2.1), with a password that is no stand-in.
fn url_with_password(text: &str) -> Option<usize> {
    let rest = &text[3..];
    let authority = rest.find(|c: char| c.is_whitespace() || "/\"'`<>()[],|".contains(c)).unwrap_or(rest.len());
    let (user_info, host) = rest[..authority].rsplit_once('@')?;
    let (user, password) = user_info.split_once(':')?;
    let stand_in = password.contains(['$', '{', '%', '*', '…'])
        || ["", "password", "pass", "secret", "pw", "changeme", "xxx", "xxxx"].contains(&password.to_lowercase().as_str())
        || password == user;
    (!stand_in && !host.is_empty()).then_some(3 + authority)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<&'static str> {
        let found_in = |shape: &Shape| memmem::find_iter(text.as_bytes(), shape.start).any(|at| found(text, at, shape).is_some());
        SHAPES.iter().filter(|shape| found_in(shape)).map(|shape| shape.name).collect()
    }

    #[test]
    fn tells_secrets_from_what_only_looks_like_one() {
        assert_eq!(kinds("-----BEGIN EC PRIVATE KEY-----"), ["a private key"]);
        assert!(kinds("-----BEGIN PUBLIC KEY-----").is_empty());
        assert_eq!(kinds("id: AKIAQ3EGB7XK2LM9PZ4T"), ["an AWS access key"]);
        assert!(kinds("AKIA and TAKIAQ3EGB7XK2LM9PZ4T").is_empty());
        assert_eq!(kinds("amqp://shop:r4bbit-h0le@mq:5672/"), ["a URL with a password"]);
        for harmless in ["https://shop.example/a:b@c", "postgresql://${USER}:${PASSWORD}@db/x", "amqp://guest:guest@mq", "http://[::1]:80/"] {
            assert!(kinds(harmless).is_empty(), "{harmless}");
        }
    }
}
