//! What the rules of prose share.

use crate::document::spec::{SectionKind, Spec};
use crate::source::{FileId, Route, Sources};

/// The number of bytes of a Markdown text that say something: without headings and blanks at the ends of lines.
pub(crate) fn content_bytes(text: &str) -> usize {
    text.lines().map(str::trim).filter(|line| !line.starts_with('#')).map(str::len).sum()
}

/// Where a finding about a spec as a whole stands: its title, or the file.
pub(super) fn title_of(spec: &Spec) -> Route {
    spec.title.as_ref().map_or(Route::file(spec.file), |title| title.route)
}

/// The heading of the first of these sections that the spec has.
pub(super) fn heading(spec: &Spec, kinds: &[SectionKind]) -> Option<Route> {
    spec.sections.iter().find(|(kind, _)| kinds.contains(kind)).map(|(_, route)| *route)
}

/// Whether the file holds nothing but blanks; then only `spec-empty` speaks.
pub(crate) fn is_blank(sources: &Sources, spec: &Spec) -> bool {
    sources.file(spec.file).text.trim().is_empty()
}

/// Whether a file of prose could be read at all; where it could not, the rules of documents speak.
pub(super) fn is_read(sources: &Sources, file: FileId) -> bool {
    sources.file(file).problems.is_empty()
}

/// The lines of a Markdown text that are prose, from 1 with their byte offset: without fenced code, and without the
/// sections that `skip` names by their heading.
pub(super) fn prose_lines<'t>(
    text: &'t str,
    skip: impl Fn(&str) -> bool + 't,
) -> impl Iterator<Item = (usize, &'t str)> + 't {
    let (mut fence, mut skipped, mut offset) = (None::<(char, usize)>, None::<usize>, 0);
    text.split_inclusive('\n').filter_map(move |raw| {
        let start = offset;
        offset += raw.len();
        let line = raw.trim_end_matches(['\n', '\r']);
        if let Some((mark, length)) = fence_of(line) {
            match fence {
                None => fence = Some((mark, length)),
                Some((open, least)) if open == mark && length >= least => fence = None,
                Some(_) => {}
            }
            return None;
        }
        if fence.is_some() {
            return None;
        }
        let level = line.chars().take_while(|c| *c == '#').count();
        if level > 0 && line[level..].starts_with(' ') {
            if skipped.is_some_and(|outer| level <= outer) {
                skipped = None;
            }
            if skipped.is_none() && skip(line[level..].trim()) {
                skipped = Some(level);
            }
        }
        skipped.is_none().then_some((start, line))
    })
}

/// The character and length of a code fence, where the line is one (CommonMark 0.31, section 4.5).
fn fence_of(line: &str) -> Option<(char, usize)> {
    let text = line.trim_start();
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = text.chars().take_while(|c| *c == mark).count();
    (length >= 3).then_some((mark, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_what_stands_below_headings() {
        assert_eq!(content_bytes("# Title\n\n  four \n"), 4);
        assert_eq!(content_bytes(""), 0);
    }

    #[test]
    fn prose_leaves_out_code_and_skipped_sections() {
        let text = "# A\none\n~~~\ncode\n```\n~~~\n## Open Questions\ntwo\n### Deep\nthree\n## B\nfour\n";
        let lines: Vec<&str> = prose_lines(text, |heading| heading == "Open Questions").map(|(_, line)| line).collect();
        assert_eq!(lines, ["# A", "one", "## B", "four"]);
        let (start, line) = prose_lines(text, |_| false).nth(1).unwrap();
        assert_eq!(&text[start..start + line.len()], "one");
    }
}
