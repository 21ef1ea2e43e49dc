//! Workflow commands of GitHub Actions: `::error file=…,line=…,title=…::message`.

use std::io;

use super::{Report, phrase, printable};
use crate::diagnostic::{Finding, Severity};

pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in report.findings {
        let place = &finding.position;
        writeln!(
            out,
            "::{} file={},line={},endLine={},col={},endColumn={},title={}::{}",
            command(finding.severity),
            property(&format!("{}{}", report.prefix, place.file)),
            place.line,
            place.end_line,
            place.column,
            place.end_column.max(place.column),
            property(&finding.rule),
            data(&message(finding).lines().map(printable).collect::<Vec<_>>().join("\n")),
        )?;
    }
    writeln!(out, "{}", phrase(report.summary))
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    if !finding.consumers.is_empty() {
        text += &format!("\nConsumers affected: {}", finding.consumers.join(", "));
    }
    for note in &finding.notes {
        text += &format!("\n{note}");
    }
    if let Some(help) = &finding.help {
        text += &format!("\nHelp: {help}");
    }
    text
}

/// Escapes the text behind `::`; line breaks become visible to the runner as `%0A`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, in which `:` and `,` separate.
fn property(text: &str) -> String {
    data(&printable(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, Style, fixture};

    #[test]
    fn commands_are_escaped() {
        let text = fixture::render(Format::Github, &[fixture::breaking(), fixture::awkward()], Style::default());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "::error file=shop/services/user-service/contracts/api-spec.yaml,line=42,endLine=42,col=9,endColumn=17,\
             title=breaking-change::new required field `imageFormat` in the request of `POST /avatar`%0AConsumers \
             affected: order-service%0Arequests without it were accepted before%0AHelp: make the field optional, or \
             add `v2` beside `v1`"
        );
        assert_eq!(
            lines[1],
            "::notice file=shop/specs/a%2Cb%3Ac.md,line=1,endLine=1,col=1,endColumn=1,title=spec-placeholder::50%25 of \
             `a|b` <is>%0Aleft, see: c"
        );
        assert_eq!(lines[2], "1 error, 1 info (3 suppressed)");
    }
}
