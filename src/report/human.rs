//! For people at a terminal: each finding with its line, what explains it, whom it hits and what helps; then the account.

use std::io;

use annotate_snippets::renderer::{AnsiColor, DecorStyle, Style as Paint};
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::{Report, Style, mark, phrase, printable, printable_lines};
use crate::diagnostic::{AccountState, Finding, Position, Severity};

/// Below this width trimming source lines does more harm than good.
const NARROWEST: usize = 40;

pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write, style: Style) -> io::Result<()> {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let decor = if style.unicode { DecorStyle::Unicode } else { DecorStyle::Ascii };
    let renderer = renderer.decor_style(decor).term_width(style.width.max(NARROWEST));
    for finding in report.findings {
        writeln!(out, "{}\n", renderer.render(&groups(finding, style)))?;
    }
    for line in report.account {
        let text = format!("{} {}", mark(line.state, style.unicode), printable(&line.text));
        writeln!(out, "{}", paint(&text, account_paint(line.state), style))?;
    }
    if !report.account.is_empty() {
        writeln!(out)?;
    }
    writeln!(out, "{}", paint(&phrase(report.summary), summary_paint(report), style))?;
    match report.next {
        Some(next) => writeln!(out, "{}", printable(next)),
        None => Ok(()),
    }
}

fn groups(finding: &Finding, style: Style) -> Vec<Group<'_>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(printable(&finding.message)).id(finding.rule.as_str());
    let mut main = title.element(place(&finding.position, &finding.excerpt));
    if let Some(tree) = consumers(finding, style.unicode) {
        main = main.element(Level::NOTE.with_name("consumers").message(tree));
    }
    for note in &finding.notes {
        main = main.element(Level::NOTE.message(untrusted(note)));
    }
    if let Some(help) = finding.help.as_deref().filter(|_| finding.related.is_empty()) {
        main = main.element(Level::HELP.message(untrusted(help)));
    }
    let mut groups = vec![main];
    for related in &finding.related {
        let side = if related.base { " (before)" } else { "" };
        let title = Level::NOTE.secondary_title(printable(&related.message) + side);
        groups.push(title.element(place(&related.position, &related.excerpt)));
    }
    if let Some(help) = finding.help.as_deref().filter(|_| !finding.related.is_empty()) {
        groups.push(Group::with_title(Level::HELP.secondary_title(printable(help))));
    }
    groups
}

/// Text of several lines whose other control characters are made visible.
fn untrusted(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}

/// The excerpt with the place underlined; only path and line where the finding is about the whole file, or where the
/// excerpt was cut before the place.
fn place<'a>(position: &Position, excerpt: &str) -> Element<'a> {
    // As many characters as before, so that columns stay.
    let (file, excerpt) = (printable(&position.file), printable_lines(excerpt));
    let whole_file = (position.line, position.column, position.end_column) == (1, 1, 1);
    match annotation(position, &excerpt).filter(|_| !whole_file) {
        Some(annotation) => {
            Snippet::source(excerpt).path(file).line_start(position.line as usize).annotation(annotation).into()
        }
        None => Origin::path(file).line(position.line as usize).char_column(position.column as usize).into(),
    }
}

fn annotation<'a>(position: &Position, excerpt: &str) -> Option<Annotation<'a>> {
    let offset = |column: u32| {
        let before = column.saturating_sub(1) as usize;
        let ends = excerpt.char_indices().map(|(at, _)| at).chain([excerpt.len()]);
        ends.take(before + 1).enumerate().last().map(|(reached, at)| (reached == before, at))
    };
    let (within, start) = offset(position.column)?;
    let (_, end) =
        if position.end_line == position.line { offset(position.end_column)? } else { (true, excerpt.len()) };
    (within && !excerpt.trim().is_empty()).then(|| AnnotationKind::Primary.span(start..end.max(start)))
}

fn consumers(finding: &Finding, unicode: bool) -> Option<String> {
    let ground = |names: &[String], how: &str| {
        let row = |name: &String| format!("{}: {how}{}", printable(name), reason(finding, name));
        names.iter().map(row).collect::<Vec<_>>()
    };
    let mut rows = ground(&finding.consumers, "directly affected");
    rows.extend(ground(&finding.transitive, "affected through another service"));
    rows.extend(ground(&finding.unaffected, "not affected"));
    let affected = finding.consumers.len() + finding.transitive.len();
    let last = rows.len().checked_sub(1)?;
    let mut tree = format!("{affected} of {} affected", rows.len());
    for (at, row) in rows.iter().enumerate() {
        let branch = match (unicode, at == last) {
            (true, false) => "├─",
            (true, true) => "└─",
            (false, false) => "|-",
            (false, true) => "`-",
        };
        tree += &format!("\n{branch} {row}");
    }
    Some(tree)
}

/// The first ground of a consumer with its place, and how many more there are.
fn reason(finding: &Finding, consumer: &str) -> String {
    let mut grounds = finding.grounds.iter().filter(|ground| ground.consumer == consumer);
    let Some(first) = grounds.next() else { return String::new() };
    let more = match grounds.count() {
        0 => String::new(),
        more => format!(", {more} more"),
    };
    let side = if first.base { ", before" } else { "" };
    printable(&format!(", {} ({}:{}{side}{more})", first.text, first.file, first.line))
}

fn account_paint(state: AccountState) -> Paint {
    match state {
        AccountState::Holds => AnsiColor::Green.on_default(),
        AccountState::Warns => AnsiColor::Yellow.on_default(),
        AccountState::Fails => AnsiColor::Red.on_default(),
    }
}

fn summary_paint(report: &Report<'_>) -> Paint {
    let color = match (report.summary.errors, report.summary.warnings) {
        (0, 0) => AnsiColor::Green,
        (0, _) => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    };
    color.on_default().bold()
}

fn paint(text: &str, paint: Paint, style: Style) -> String {
    if style.color { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, Style, fixture};

    const PLAIN: Style = Style { color: false, width: 120, unicode: false };

    #[test]
    fn a_breaking_change_reads_from_top_to_bottom() {
        let text = fixture::render(Format::Human, &[fixture::breaking()], PLAIN);
        let expected = "\
error[breaking-change]: new required field `imageFormat` in the request of `POST /avatar`
  --> services/user-service/contracts/api-spec.yaml:42:9
   |
42 |         required: [imageFormat]
   |         ^^^^^^^^
   |
   = consumers: 2 of 3 affected
                |- order-service: directly affected
                |- notification-service: affected through another service
                `- auth-service: not affected
   = note: requests without it were accepted before
note: nothing was required here (before)
  --> services/user-service/contracts/api-spec.yaml:40:7
   |
40 |       type: object
   |       ^^^^
help: make the field optional, or add `v2` beside `v1`

[ok]   All event schemas defined
[warn] order-service is not implemented yet
[fail] 1 breaking change

1 error (3 suppressed)
Make the field optional, then run `agentspec validate-contracts` again.
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_finding_about_a_whole_file_shows_no_line() {
        let text = fixture::render(Format::Human, &[fixture::awkward()], PLAIN);
        let head = "info[spec-placeholder]: 50% of `a|b` <is> left, see: c\n--> specs/a,b:c.md:1:1\n";
        assert!(text.starts_with(head), "{text}");
        assert!(!text.contains('^'), "{text}");
    }

    #[test]
    fn colour_is_written_only_when_asked_for() {
        let findings = [fixture::breaking()];
        assert!(!fixture::render(Format::Human, &findings, Style::default()).contains('\u{1b}'));
        let styled = fixture::render(Format::Human, &findings, Style { color: true, ..Style::default() });
        assert!(styled.contains("\u{1b}[1m") && styled.contains("✅"), "{styled}");
    }

    #[test]
    fn hostile_text_cannot_steer_the_terminal_nor_break_the_report() {
        let mut finding = fixture::breaking();
        finding.message = "a\u{1b}[2Jb".to_owned();
        finding.excerpt = "\u{1b}[2J\t漢字 required".to_owned();
        finding.notes = vec!["\u{1b}]0;x\u{7}".to_owned()];
        finding.help = Some("\u{9b}2J".to_owned());
        finding.position.file = "a\u{1b}[31m\u{202e}b\u{9b}".into();
        finding.position.column = 9;
        finding.position.end_column = 4_000_000;
        finding.related[0].position.column = 4_000_000;
        let text = fixture::render(Format::Human, &[finding], Style::default());
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{9b}']), "{text}");
    }
}
