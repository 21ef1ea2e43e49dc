//! A changelog at a terminal.

use std::io;

use annotate_snippets::renderer::{AnsiColor, Style as Paint};

use super::{Detail, details, mark, phrase, place, title};
use crate::check::{Changelog, Class, Entry};
use crate::report::{Style, printable};

/// Names in one line; the rest is counted.
const SHOWN: usize = 10;

/// Writes a changelog for people at a terminal.
///
/// # Errors
/// When `out` refuses.
pub fn write(changelog: &Changelog, out: &mut dyn io::Write, style: Style) -> io::Result<()> {
    let bold = Paint::new().bold();
    writeln!(out, "{}", paint(&printable(&title(changelog)), bold, style))?;
    for remark in &changelog.remarks {
        writeln!(out, "{} {}", mark(Class::MayBreak, style.unicode), printable(remark))?;
    }
    for group in &changelog.groups {
        writeln!(out, "\n{}", paint(&printable(&group.title), bold, style))?;
        for section in &group.sections {
            let head = format!("{} {}", mark(section.class, style.unicode), section.class.title());
            writeln!(out, "\n  {}", paint(&head, color(section.class).bold(), style))?;
            for one in &section.entries {
                entry(one, section.class, out, style)?;
            }
        }
    }
    match changelog.groups.is_empty() {
        true => Ok(()),
        false => writeln!(out, "\n{}", paint(&phrase(&changelog.counts), worst(changelog).bold(), style)),
    }
}

fn entry(entry: &Entry, class: Class, out: &mut dyn io::Write, style: Style) -> io::Result<()> {
    let at = format!("{} [{}]", place(entry), entry.finding.rule);
    let at = paint(&printable(&at), Paint::new().dimmed(), style);
    let message = printable(&entry.finding.message);
    if class == Class::Compatible {
        return writeln!(out, "  - {message}  {at}");
    }
    writeln!(out, "  - {}\n    {at}", paint(&message, color(class), style))?;
    for detail in details(entry) {
        let line = match detail {
            Detail::Names(label, names, more) => format!("{label}: {}", listed(&names, more)),
            Detail::Fact(fact) => fact.to_owned(),
            Detail::Before(place) => format!("Before: {place}"),
            Detail::WayOut(help) => format!("Way out: {help}"),
        };
        writeln!(out, "      {}", printable(&line))?;
    }
    Ok(())
}

/// The first names, and how many more there are.
fn listed(names: &[String], more: usize) -> String {
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) + more {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn color(class: Class) -> Paint {
    match class {
        Class::Unread | Class::Breaking => AnsiColor::Red.on_default(),
        Class::MayBreak | Class::Unknown => AnsiColor::Yellow.on_default(),
        Class::Compatible => AnsiColor::Green.on_default(),
    }
}

/// The colour of the worst class that there is.
fn worst(changelog: &Changelog) -> Paint {
    let found = Class::ALL.into_iter().find(|class| changelog.counts.of(*class) > 0);
    color(found.unwrap_or(Class::Compatible))
}

fn paint(text: &str, paint: Paint, style: Style) -> String {
    if style.color { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use crate::report::Style;

    fn render(style: Style) -> String {
        let mut out = Vec::new();
        super::write(&fixture::changelog(), &mut out, style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn changes_read_by_service_from_bad_to_harmless() {
        let expected = "\
Changes from `old.yaml` to `new.yaml`
[warn] One <remark>

Orders & <b>more</b>

  [fail] Breaking
  - new required field `imageFormat` in the request of `POST /avatar`
    services/user-service/contracts/api-spec.yaml:42 [breaking-change]
      Reaches: POST /avatar (request), POST /image (request, response)
      Directly affected: order-service
      Affected through another service: notification-service
      Not affected: auth-service
      requests without it were accepted before
      Before: services/user-service/contracts/api-spec.yaml:40
      Way out: make the field optional, or add `v2` beside `v1`

  [ok] Compatible
  - 50% of `a|b` <is> left, see: c  specs/a,b:c.md:1 [spec-placeholder]

1 breaking, 1 compatible
";
        assert_eq!(render(Style { unicode: false, ..Style::default() }), expected);
    }

    #[test]
    fn colour_is_written_only_when_asked_for() {
        assert!(!render(Style::default()).contains('\u{1b}'));
        assert!(render(Style { color: true, ..Style::default() }).contains("\u{1b}[1m"));
    }
}
