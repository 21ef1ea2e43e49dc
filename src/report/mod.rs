//! Reports: findings and the account of a run, in one format a file. A report needs no sources: findings carry their
//! places and excerpts. A changelog is told by `changelog`, for people.

pub mod changelog;
mod concise;
mod deployment;
mod github;
mod human;
pub mod impact;
pub mod json;
mod markdown;
mod sarif;

pub use deployment::write_deployment;

use std::io;

use crate::diagnostic::{AccountLine, Finding, Severity, Summary};

/// A format of reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people at a terminal: excerpts, help, the account.
    #[default]
    Human,
    /// A line for each finding, as editors and `grep` like it.
    Concise,
    /// One versioned document; its schema is [`json::schema`].
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands that GitHub shows as annotations.
    Github,
    /// GitHub-flavoured Markdown, for step summaries and comments.
    Markdown,
}

impl Format {
    /// Every format, in the order of the help.
    pub const ALL: [Format; 6] =
        [Format::Human, Format::Concise, Format::Json, Format::Sarif, Format::Github, Format::Markdown];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Markdown => "markdown",
        }
    }

    /// The format of that name.
    pub fn of_name(name: &str) -> Option<Format> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// How the human report is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether escape sequences for colours may be written.
    pub color: bool,
    /// The terminal's width in columns; longer source lines are trimmed around the place.
    pub width: usize,
    /// Whether signs outside ASCII may be used.
    pub unicode: bool,
}

impl Default for Style {
    fn default() -> Self {
        Style { color: false, width: 120, unicode: true }
    }
}

/// What a report says of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleInfo<'a> {
    /// One line, without a full stop.
    pub summary: &'a str,
    /// The rule's page, in Markdown.
    pub docs: &'a str,
    /// The family's name.
    pub family: &'a str,
    /// The severity that it has by default.
    pub severity: Severity,
}

/// Looks a rule up by its id.
pub type RuleLookup<'a> = dyn Fn(&str) -> Option<RuleInfo<'a>> + 'a;

/// Everything that a report shows.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// What was run, as a headline (`Contracts of user-service`).
    pub title: &'a str,
    /// The findings, in report order.
    pub findings: &'a [Finding],
    /// How many there are, those held back included.
    pub summary: Summary,
    /// What holds and what does not.
    pub account: &'a [AccountLine],
    /// What to do now, as a sentence.
    pub next: Option<&'a str>,
    /// What is known of the rules.
    pub rules: &'a RuleLookup<'a>,
    /// The version of this tool.
    pub tool_version: &'a str,
    /// The way from the repository's root to the platform's, with `/` at its end; empty where they are the same. GitHub
    /// and SARIF name files from the repository's root.
    pub prefix: &'a str,
}

/// Writes a report.
///
/// # Errors
/// When `out` refuses; a closed pipe is for the caller to forgive.
pub fn write(format: Format, report: &Report<'_>, out: &mut dyn io::Write, style: Style) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, out, style),
        Format::Concise => concise::write(report, out),
        Format::Json => json::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Github => github::write(report, out),
        Format::Markdown => markdown::write(report, out, style),
    }
}

/// The summary as a phrase: `2 errors, 1 warning (3 suppressed)`.
fn phrase(summary: Summary) -> String {
    let count = |n: usize, noun: &str| match n {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{n} {noun}s")),
    };
    let parts = [count(summary.errors, "error"), count(summary.warnings, "warning"), count(summary.infos, "info")];
    let found: Vec<String> = parts.into_iter().flatten().collect();
    let mut phrase = if found.is_empty() { "no findings".to_owned() } else { found.join(", ") };
    let held = [(summary.approved, "approved"), (summary.suppressed, "suppressed")];
    let held: Vec<String> = held.iter().filter(|(n, _)| *n > 0).map(|(n, how)| format!("{n} {how}")).collect();
    if !held.is_empty() {
        phrase += &format!(" ({})", held.join(", "));
    }
    phrase
}

/// The mark before a line of the account.
fn mark(state: crate::diagnostic::AccountState, unicode: bool) -> &'static str {
    use crate::diagnostic::AccountState::{Fails, Holds, Warns};
    match (state, unicode) {
        (Holds, true) => "✅",
        (Warns, true) => "⚠️ ",
        (Fails, true) => "❌",
        (Holds, false) => "[ok]  ",
        (Warns, false) => "[warn]",
        (Fails, false) => "[fail]",
    }
}

/// Control characters made visible, so that text from a file cannot steer a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\t' | '\n') { ' ' } else { visible(c) }).collect()
}

/// The same of a text of several lines, which stay lines, as its tabs stay tabs.
pub(crate) fn printable_lines(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\t' | '\n') { c } else { visible(c) }).collect()
}

fn visible(c: char) -> char {
    match c {
        c if (c as u32) < 0x20 => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

#[cfg(test)]
mod fixture;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_reads_as_a_phrase() {
        assert_eq!(phrase(Summary::default()), "no findings");
        let summary = Summary { errors: 2, warnings: 1, suppressed: 3, ..Summary::default() };
        assert_eq!(phrase(summary), "2 errors, 1 warning (3 suppressed)");
        let summary = Summary { approved: 1, suppressed: 2, ..Summary::default() };
        assert_eq!(phrase(summary), "no findings (1 approved, 2 suppressed)");
    }

    #[test]
    fn each_format_is_found_by_its_name() {
        for format in Format::ALL {
            assert_eq!(Format::of_name(format.name()), Some(format));
        }
        assert_eq!(Format::of_name("xml"), None);
    }

    #[test]
    fn control_characters_cannot_reach_a_terminal() {
        assert_eq!(printable("a\u{1b}[31m\u{202e}b\tc"), "a␛[31m\u{fffd}b c");
    }
}
