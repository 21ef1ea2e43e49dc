//! GitHub-flavoured Markdown: the account, a table of the findings, and the details of each.

use std::io;

use super::{Report, Style, mark, phrase, printable};
use crate::diagnostic::{Finding, Severity};

/// A step summary may hold 1 MiB; beyond this many findings the rest is only counted.
pub(super) const MOST_FINDINGS: usize = 500;

pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write, style: Style) -> io::Result<()> {
    writeln!(out, "## {}\n\n**{}**", prose(report.title), phrase(report.summary))?;
    if !report.account.is_empty() {
        writeln!(out)?;
    }
    for line in report.account {
        writeln!(out, "- {} {}", mark(line.state, style.unicode).trim(), prose(&line.text))?;
    }
    let shown = &report.findings[..report.findings.len().min(MOST_FINDINGS)];
    if !shown.is_empty() {
        writeln!(out, "\n| Severity | Place | Finding | Rule |\n|---|---|---|---|")?;
    }
    for finding in shown {
        let place = format!("{}:{}", finding.position.file, finding.position.line);
        let severity = severity(finding.severity, style.unicode);
        writeln!(out, "| {severity} | {} | {} | `{}` |", code(&place), prose(&finding.message), finding.rule)?;
    }
    if shown.len() < report.findings.len() {
        writeln!(out, "\n… and {} more.", report.findings.len() - shown.len())?;
    }
    for finding in shown {
        details(finding, out)?;
    }
    match report.next {
        Some(next) => writeln!(out, "\n{}", prose(next)),
        None => Ok(()),
    }
}

fn severity(severity: Severity, unicode: bool) -> String {
    let sign = match severity {
        Severity::Error => "❌ ",
        Severity::Warning => "⚠️ ",
        Severity::Info => "ℹ️ ",
    };
    format!("{}{}", if unicode { sign } else { "" }, severity.name())
}

fn details(finding: &Finding, out: &mut dyn io::Write) -> io::Result<()> {
    let list = |label: &str, names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| code(name)).collect();
        (!names.is_empty()).then(|| format!("- {label}: {}", names.join(", ")))
    };
    let mut lines: Vec<String> = Vec::new();
    lines.extend(list("Directly affected", &finding.consumers));
    lines.extend(list("Affected through another service", &finding.transitive));
    lines.extend(list("Not affected", &finding.unaffected));
    lines.extend(finding.notes.iter().map(|note| format!("- {}", prose(note))));
    for related in &finding.related {
        let place = format!("{}:{}", related.position.file, related.position.line);
        let side = if related.base { ", before" } else { "" };
        lines.push(format!("- {} ({}{side})", prose(&related.message), code(&place)));
    }
    lines.extend(finding.help.iter().map(|help| format!("- **Help:** {}", prose(help))));
    if lines.is_empty() {
        return Ok(());
    }
    let place = html(&format!("{}:{}", finding.position.file, finding.position.line));
    writeln!(out, "\n<details><summary><code>{place}</code> {}</summary>\n", html(&finding.message))?;
    if !finding.excerpt.trim().is_empty() {
        let fence = fence(&finding.excerpt);
        writeln!(out, "{fence}text\n{}\n{fence}\n", printable(&finding.excerpt))?;
    }
    writeln!(out, "{}\n\n</details>", lines.join("\n"))
}

/// A fence that the text does not close.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// Text of one line whose code spans stay and whose other signs mean nothing, safe in a table's cell too.
pub(super) fn prose(text: &str) -> String {
    let mut safe = String::new();
    for (at, part) in printable(text).split('`').enumerate() {
        if at > 0 {
            safe.push('`');
        }
        let in_code = at % 2 == 1;
        for sign in part.chars() {
            match sign {
                '|' => safe.push_str("\\|"),
                '<' if !in_code => safe.push_str("&lt;"),
                '*' | '_' | '[' | ']' | '\\' | '~' | '@' | '#' if !in_code => safe.extend(['\\', sign]),
                sign => safe.push(sign),
            }
        }
    }
    safe
}

pub(super) fn code(text: &str) -> String {
    format!("`{}`", printable(text).replace('`', "'").replace('|', "\\|"))
}

fn html(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, Style, fixture};

    #[test]
    fn a_table_and_the_details() {
        let text = fixture::render(Format::Markdown, &[fixture::breaking(), fixture::awkward()], Style::default());
        let expected = "\
## Contracts of user-service

**1 error, 1 info (3 suppressed)**

- ✅ All event schemas defined
- ⚠️ order-service is not implemented yet
- ❌ 1 breaking change

| Severity | Place | Finding | Rule |
|---|---|---|---|
| ❌ error | `services/user-service/contracts/api-spec.yaml:42` | new required field `imageFormat` in the request of \
`POST /avatar` | `breaking-change` |
| ℹ️ info | `specs/a,b:c.md:1` | 50% of `a\\|b` &lt;is> left, see: c | `spec-placeholder` |

<details><summary><code>services/user-service/contracts/api-spec.yaml:42</code> new required field `imageFormat` in \
the request of `POST /avatar`</summary>

```text
        required: [imageFormat]
```

- Directly affected: `order-service`
- Affected through another service: `notification-service`
- Not affected: `auth-service`
- requests without it were accepted before
- nothing was required here (`services/user-service/contracts/api-spec.yaml:40`, before)
- **Help:** make the field optional, or add `v2` beside `v1`

</details>

Make the field optional, then run `agentspec validate-contracts` again.
";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_fence_is_longer_than_what_it_holds() {
        assert_eq!(super::fence("a ``` b"), "````");
        assert_eq!(super::fence("a"), "```");
    }
}
