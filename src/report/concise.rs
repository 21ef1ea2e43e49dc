//! A line for each finding: `file:line:column: severity[rule] message`.

use std::io;

use super::{Report, phrase, printable};

pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in report.findings {
        let place = &finding.position;
        let (file, message) = (printable(&place.file), printable(&finding.message));
        let severity = finding.severity.name();
        writeln!(out, "{file}:{}:{}: {severity}[{}] {message}", place.line, place.column, finding.rule)?;
    }
    writeln!(out, "{}", phrase(report.summary))
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, Style, fixture};

    #[test]
    fn a_finding_is_a_line() {
        let text = fixture::render(Format::Concise, &[fixture::breaking(), fixture::awkward()], Style::default());
        assert_eq!(
            text,
            "services/user-service/contracts/api-spec.yaml:42:9: error[breaking-change] new required field \
             `imageFormat` in the request of `POST /avatar`\n\
             specs/a,b:c.md:1:1: info[spec-placeholder] 50% of `a|b` <is> left, see: c\n\
             1 error, 1 info (3 suppressed)\n"
        );
    }
}
