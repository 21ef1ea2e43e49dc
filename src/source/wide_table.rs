//! Markdown tables that are mostly missing cells. GitHub Flavored Markdown, section 4.10, fills each row up to the width of the
//! head, so that a few thousand bytes become millions of cells.

use super::parse::problem;
use super::problem::{Problem, ProblemKind};
use super::span::Span;

/// So many missing cells no table has that a person writes; they take some ten megabytes.
const MAX_MISSING: usize = 100_000;

/// The problem of a text whose tables miss too many cells.
pub(super) fn too_wide(text: &str) -> Option<Problem> {
    let (mut columns, mut head, mut missing) = (0, 0, 0);
    for (at, line) in text.lines().enumerate() {
        let bare = line.trim_matches(|c: char| c.is_whitespace() || c == '>');
        if bare.is_empty() {
            columns = 0;
            continue;
        }
        let cells = memchr::memchr_iter(b'|', bare.trim_matches('|').as_bytes()).count() + 1;
        if cells > columns && is_delimiter(bare) {
            (columns, head) = (cells, at);
        }
        missing += columns.saturating_sub(cells);
        if missing > MAX_MISSING {
            let message = format!(
                "the table at line {head} has {columns} columns that its rows leave empty, which is not read: leave out \
                 what is empty"
            );
            return Some(problem(ProblemKind::TooLarge, Span::default(), message));
        }
    }
    None
}

/// Whether a line is what stands between the head of a table and its rows.
fn is_delimiter(line: &str) -> bool {
    line.contains('|') && line.contains('-') && line.chars().all(|c| "|:- \t".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: usize, rows: usize, row: &str) -> String {
        format!("# T\n\n|{}\n|{}\n{}", "a|".repeat(columns), "-|".repeat(columns), row.repeat(rows))
    }

    #[test]
    fn what_rows_leave_empty_is_counted() {
        let problem = too_wide(&table(3000, 3000, "|s|\n")).unwrap();
        assert_eq!(problem.kind, ProblemKind::TooLarge);
        assert!(problem.message.starts_with("the table at line 3 has 3000 columns"), "{}", problem.message);
        assert!(too_wide(&table(3000, 3000, "> |s|\n")).is_some());
        for fine in
            [table(12, 5000, "|s|\n"), table(3000, 30, "|s|\n"), table(300, 100, &format!("{}\n", "|s".repeat(300)))]
        {
            assert_eq!(too_wide(&fine), None);
        }
        // What stands behind a table is not part of it.
        assert_eq!(too_wide(&format!("{}\n{}", table(3000, 1, "|s|\n"), "words\n".repeat(5000))), None);
    }
}
