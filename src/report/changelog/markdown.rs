//! A changelog as GitHub-flavoured Markdown.

use std::io;

use super::{Detail, details, mark, phrase, place, title};
use crate::check::{Changelog, Class, Entry};
use crate::report::Style;
use crate::report::markdown::{MOST_FINDINGS, code, prose};

/// Writes a changelog as Markdown, for release notes, step summaries and comments.
///
/// # Errors
/// When `out` refuses.
pub fn write(changelog: &Changelog, out: &mut dyn io::Write, style: Style) -> io::Result<()> {
    writeln!(out, "## {}", prose(&title(changelog)))?;
    if !changelog.groups.is_empty() {
        writeln!(out, "\n**{}**", phrase(&changelog.counts))?;
    }
    for remark in &changelog.remarks {
        writeln!(out, "\n> {}", prose(remark))?;
    }
    let mut left = MOST_FINDINGS;
    for group in &changelog.groups {
        if left == 0 {
            break;
        }
        writeln!(out, "\n### {}", prose(&group.title))?;
        for section in &group.sections {
            let shown = &section.entries[..section.entries.len().min(left)];
            left -= shown.len();
            if shown.is_empty() {
                continue;
            }
            writeln!(out, "\n#### {} {}\n", mark(section.class, style.unicode).trim(), section.class.title())?;
            for one in shown {
                entry(one, section.class, out)?;
            }
        }
    }
    let total: usize = changelog.groups.iter().flat_map(|group| &group.sections).map(|one| one.entries.len()).sum();
    match total.checked_sub(MOST_FINDINGS) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(out, "\n… and {more} more."),
    }
}

fn entry(entry: &Entry, class: Class, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "- {} ({}, `{}`)", prose(&entry.finding.message), code(&place(entry)), entry.finding.rule)?;
    if class == Class::Compatible {
        return Ok(());
    }
    for detail in details(entry) {
        let line = match detail {
            Detail::Names(label, names, more) => {
                let names = names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ");
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("{label}: {names}{more}")
            }
            Detail::Fact(fact) => prose(fact),
            Detail::Before(place) => format!("Before: {}", code(&place)),
            Detail::WayOut(help) => format!("**Way out:** {}", prose(help)),
        };
        writeln!(out, "  - {line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use crate::report::Style;

    #[test]
    fn headings_for_services_and_classes() {
        let mut out = Vec::new();
        super::write(&fixture::changelog(), &mut out, Style::default()).unwrap();
        let expected = "\
## Changes from `old.yaml` to `new.yaml`

**1 breaking, 1 compatible**

> One &lt;remark>

### Orders & &lt;b>more&lt;/b>

#### ❌ Breaking

- new required field `imageFormat` in the request of `POST /avatar` (`services/user-service/contracts/api-spec.yaml:42`, \
`breaking-change`)
  - Reaches: `POST /avatar (request)`, `POST /image (request, response)`
  - Directly affected: `order-service`
  - Affected through another service: `notification-service`
  - Not affected: `auth-service`
  - requests without it were accepted before
  - Before: `services/user-service/contracts/api-spec.yaml:40`
  - **Way out:** make the field optional, or add `v2` beside `v1`

#### ✅ Compatible

- 50% of `a\\|b` &lt;is> left, see: c (`specs/a,b:c.md:1`, `spec-placeholder`)
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
