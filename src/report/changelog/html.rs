//! A changelog as one page that needs nothing beside it: no script, no font, no picture.

use serde::Serialize;

use super::{Detail, details, phrase, place, title};
use crate::check::{Changelog, Class, Entry, Section};
use crate::report::printable;
use crate::template::{Engine, TemplateError};

/// The template of the page; what it shows is escaped by its ending.
pub const TEMPLATE: &str = "diff/changelog.html.j2";

/// Changes on one page: what a person may read, and a browser shows without pain.
const MOST_ENTRIES: usize = 300;

/// Text, cut at its backticks.
type Pieces = Vec<Piece>;

#[derive(Serialize)]
struct Piece {
    text: String,
    code: bool,
}

#[derive(Serialize)]
struct Page {
    title: Pieces,
    title_text: String,
    phrase: String,
    counts: Vec<Count>,
    remarks: Vec<Pieces>,
    groups: Vec<GroupView>,
    /// How many changes the page leaves out.
    more: usize,
    tool_version: &'static str,
}

#[derive(Serialize)]
struct Count {
    class: &'static str,
    title: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct GroupView {
    title: String,
    sections: Vec<SectionView>,
}

#[derive(Serialize)]
struct SectionView {
    class: &'static str,
    title: &'static str,
    entries: Vec<EntryView>,
}

#[derive(Serialize)]
struct EntryView {
    message: Pieces,
    rule: String,
    place: String,
    line: u32,
    excerpt: String,
    before: Vec<BeforeView>,
    names: Vec<NamesView>,
    facts: Vec<Pieces>,
    way_out: Pieces,
}

#[derive(Serialize)]
struct BeforeView {
    line: u32,
    excerpt: String,
}

#[derive(Serialize)]
struct NamesView {
    label: &'static str,
    names: Vec<String>,
    more: usize,
}

/// The page. The engine's template may be a user's own.
///
/// # Errors
/// When the template does not render.
pub fn write(changelog: &Changelog, engine: &Engine) -> Result<String, TemplateError> {
    engine.render(TEMPLATE, &page(changelog))
}

fn page(changelog: &Changelog) -> Page {
    let counts = Class::ALL.into_iter().map(|class| Count {
        class: name(class),
        title: class.title(),
        count: changelog.counts.of(class),
    });
    let mut left = MOST_ENTRIES;
    let mut section = |section: &Section| {
        let shown = &section.entries[..section.entries.len().min(left)];
        left -= shown.len();
        let entries: Vec<EntryView> = shown.iter().map(|one| entry(one, section.class)).collect();
        let view = SectionView { class: name(section.class), title: section.class.title(), entries };
        (!view.entries.is_empty()).then_some(view)
    };
    let mut groups = Vec::new();
    for group in &changelog.groups {
        let sections: Vec<SectionView> = group.sections.iter().filter_map(&mut section).collect();
        if !sections.is_empty() {
            groups.push(GroupView { title: printable(&group.title), sections });
        }
    }
    let total: usize = changelog.groups.iter().flat_map(|group| &group.sections).map(|one| one.entries.len()).sum();
    Page {
        title: pieces(&title(changelog)),
        title_text: printable(&title(changelog)).replace('`', ""),
        phrase: phrase(&changelog.counts),
        counts: counts.filter(|one| one.count > 0).collect(),
        remarks: changelog.remarks.iter().map(|remark| pieces(remark)).collect(),
        groups,
        more: total.saturating_sub(MOST_ENTRIES),
        tool_version: env!("CARGO_PKG_VERSION"),
    }
}

/// The class as the page's style sheet names it.
fn name(class: Class) -> &'static str {
    match class {
        Class::Unread => "unread",
        Class::Breaking => "breaking",
        Class::MayBreak => "may-break",
        Class::Unknown => "unknown",
        Class::Compatible => "compatible",
    }
}

fn entry(entry: &Entry, class: Class) -> EntryView {
    let finding = &entry.finding;
    let mut view = EntryView {
        message: pieces(&finding.message),
        rule: finding.rule.clone(),
        place: printable(&place(entry)),
        line: finding.position.line,
        excerpt: printable(finding.excerpt.trim()),
        before: Vec::new(),
        names: Vec::new(),
        facts: Vec::new(),
        way_out: Vec::new(),
    };
    view.before.extend(
        finding
            .related
            .iter()
            .filter(|related| related.base)
            .map(|related| BeforeView { line: related.position.line, excerpt: printable(related.excerpt.trim()) }),
    );
    if view.before.iter().all(|before| before.excerpt == view.excerpt) {
        // Two equal lines, such as the key of what changed below it, tell nothing.
        (view.before, view.excerpt) = (Vec::new(), String::new());
    }
    // Of what breaks nobody the headline tells enough.
    let told = if class == Class::Compatible { Vec::new() } else { details(entry) };
    for detail in told {
        match detail {
            Detail::Names(label, names, more) => {
                view.names.push(NamesView { label, names: names.iter().map(|name| printable(name)).collect(), more });
            }
            Detail::Fact(fact) => view.facts.push(pieces(fact)),
            Detail::WayOut(help) => view.way_out = pieces(help),
            Detail::Before(_) => {}
        }
    }
    view
}

fn pieces(text: &str) -> Pieces {
    let cut = printable(text);
    let parts = cut.split('`').enumerate().map(|(at, part)| Piece { text: part.to_owned(), code: at % 2 == 1 });
    parts.filter(|piece| !piece.text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::fixture;
    use super::*;

    fn render(changelog: &Changelog) -> String {
        write(changelog, &Engine::new(BTreeMap::new()).unwrap()).unwrap()
    }

    #[test]
    fn everything_is_escaped() {
        let mut changelog = fixture::changelog();
        let entry = &mut changelog.groups[0].sections[0].entries[0];
        let hostile = "<script>alert(\"1\")</script>' onload=\u{1b}";
        entry.finding.excerpt = hostile.to_owned();
        entry.finding.related[0].excerpt = format!("{hostile} before");
        entry.finding.position.file = hostile.to_owned();
        entry.finding.message = format!("a `{hostile}` {hostile}");
        entry.finding.help = Some(hostile.to_owned());
        entry.finding.consumers = vec![hostile.to_owned()];
        entry.reached[0].subject = hostile.to_owned();
        entry.facts = vec![hostile.to_owned()];
        changelog.old = hostile.to_owned();
        let page = render(&changelog);
        assert!(!page.contains("<script") && !page.contains("<b>more") && !page.contains('\u{1b}'), "{page}");
        assert!(page.contains("&lt;script&gt;alert(&quot;1&quot;)") && page.contains("Orders &amp; &lt;b&gt;more"));
        assert!(page.matches("&lt;script&gt;").count() >= 10, "{page}");
    }

    #[test]
    fn the_page_stands_alone_and_has_headings_in_order() {
        let page = render(&fixture::changelog());
        assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"), "{page}");
        for outside in ["http://", "https://", "src=", "<link", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        let levels: Vec<&str> = page.match_indices("<h").map(|(at, _)| &page[at + 2..at + 3]).collect();
        let levels: Vec<&str> = levels.into_iter().filter(|level| level.parse::<u8>().is_ok()).collect();
        assert_eq!(levels, ["1", "2", "3", "3"]);
        assert!(page.contains("<code>imageFormat</code>"), "{page}");
    }

    #[test]
    fn a_page_stays_readable_however_much_changed() {
        let mut changelog = fixture::changelog();
        changelog.groups[0].sections[0].entries[0].more_reached = 7;
        let many = || fixture::changelog().groups.remove(0).sections.remove(0).entries.remove(0);
        changelog.groups[0].sections[0].entries.extend((0..1500).map(|_| many()));
        let page = render(&changelog);
        assert!(page.contains("<li>and 7 more</li>") && page.contains("And 1202 more"), "{}", page.len());
        assert_eq!(page.matches("<li class=\"entry").count(), MOST_ENTRIES);
    }

    #[test]
    fn without_changes_it_says_so() {
        let page = render(&Changelog { groups: Vec::new(), ..fixture::changelog() });
        assert!(page.contains("No changes from <code>old.yaml</code>") && !page.contains("<h2"), "{page}");
    }
}
