//! Three-way merges of texts, line by line.

/// Texts with more lines are not merged: a difference of that size has no lines worth saving one by one.
const MOST_LINES: usize = 10_000;

/// What both sides made of `base`, or nothing where they changed the same lines. `ours` is what is planned, `theirs` what
/// a person made of the file.
pub(super) fn merge(base: &str, ours: &str, theirs: &str) -> Option<String> {
    if ours == theirs || theirs == base {
        return Some(ours.to_owned());
    }
    if ours == base {
        return Some(theirs.to_owned());
    }
    if [base, ours, theirs].iter().any(|text| text.lines().count() > MOST_LINES) {
        return None;
    }
    // A missing line end at the end of the file would make its last line differ.
    let whole =
        |text: &str| if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    diffy::merge(&whole(base), &whole(ours), &whole(theirs)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn changes_of_different_lines_are_both_kept() {
        let base = "a\nb\nc\nd\ne\n";
        assert_eq!(merge(base, "a\nB\nc\nd\ne\n", "a\nb\nc\nd\nE\n").as_deref(), Some("a\nB\nc\nd\nE\n"));
        assert_eq!(merge(base, "a\nB\nc\nd\ne\n", "a\nX\nc\nd\ne\n"), None);
        assert_eq!(merge(base, "a\nB\nc\nd\ne\n", "a\nb\nc\nd\nE").as_deref(), Some("a\nB\nc\nd\nE\n"));
    }

    fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec("[a-d]{0,2}\n", 0..12).prop_map(|lines| lines.concat())
    }

    proptest! {
        #[test]
        fn any_texts_merge_or_conflict(base in text(), ours in text(), theirs in text()) {
            if let Some(merged) = merge(&base, &ours, &theirs) {
                // A merge is stable: merging it again with the same new side changes nothing.
                prop_assert_eq!(merge(&base, &merged, &merged), Some(merged.clone()));
                let lines = |text: &str, line: &str| text.lines().filter(|other| *other == line).count();
                for line in theirs.lines().filter(|line| lines(&base, line) == 0) {
                    prop_assert!(lines(&merged, line) > 0, "lost {:?}", line);
                }
            }
        }

        #[test]
        fn any_bytes_do_not_panic(base in ".*", ours in "(.|\n)*", theirs in "(.|\n)*") {
            merge(&base, &ours, &theirs);
        }
    }
}
