//! Merging a task list with the tasks that the model asks for now. Between [`BEGIN`] and [`END`] the list is ours, save
//! for ticks, notes and blocks that a person added; everything else is left as it is.
//!
//! A block begins at a heading of the first three levels. A block with a marker, `<!-- task: KEY DIGEST -->`, is the task
//! of that key. The digest tells whether title and bullets are still what was written: if not, the block is the person's
//! and only its number changes. A task that nothing asks for any more is kept under "Withdrawn", and comes back with its
//! tick. Every other block stays behind the task or phase that it stood behind.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{Block, Found, Known, WITHDRAWN, WITHDRAWN_NOTE, field_lines, marker_of, read, title};
use super::list::{PHASES, Task, digest};

/// The line before our part.
pub(super) const BEGIN: &str = "<!-- agentspec:begin tasks -->";
/// The line behind our part.
pub(super) const END: &str = "<!-- agentspec:end tasks -->";

/// The list with the tasks of now. Where `existing` has no part of ours, it is put at the end.
pub(super) fn merge(existing: &str, fresh: &[Task]) -> String {
    let lines: Vec<&str> = existing.lines().collect();
    let begin = lines.iter().position(|line| line.trim() == BEGIN);
    let Some(begin) = begin else {
        let before = existing.trim_end();
        let gap = if before.is_empty() { "" } else { "\n\n" };
        return format!("{before}{gap}{BEGIN}\n{}{END}\n", write(Found::default(), fresh));
    };
    let end = lines[begin..].iter().position(|line| line.trim() == END).map_or(lines.len(), |at| begin + at);
    let ours = write(read(&lines[begin + 1..end]), fresh);
    let mut out = String::new();
    for line in &lines[..begin] {
        out.push_str(line);
        out.push('\n');
    }
    out.push_str(&format!("{BEGIN}\n{ours}{END}\n"));
    for line in lines.iter().skip(end + 1) {
        out.push_str(line);
        out.push('\n');
    }
    out
}

fn is_edited(known: &Known<'_>) -> bool {
    let fields = field_lines(&known.lines);
    let Some(fields) = fields.into_iter().collect::<Option<Vec<&str>>>() else { return true };
    let lines: Vec<&str> = std::iter::once(title(known.lines[0]).0).chain(fields).collect();
    digest(&lines) != known.digest
}

/// Writes our part.
fn write(mut found: Found<'_>, fresh: &[Task]) -> String {
    let order = std::mem::take(&mut found.order);
    let mut orphans = orphans(&mut found, fresh, &order);
    let phases = shown(&found, &orphans, fresh);
    let numbers = number(&found.taken, &phases, fresh);
    let number_of = |key: &str| numbers.get(key).cloned();
    let mut out: Vec<String> = found.preamble.iter().map(|block| block.join("\n")).collect();
    for (at, index) in phases.iter().enumerate() {
        let notes = found.phases.remove(PHASES[*index]).unwrap_or_default();
        out.push(with_notes(format!("## Phase {}: {}", at + 1, PHASES[*index]), &notes.notes));
        out.extend(notes.behind.iter().map(|block| block.join("\n")));
        for task in fresh.iter().filter(|task| task.phase == *index) {
            let known = found.tasks.remove(task.key.as_str());
            out.push(task_block(task, known.as_ref(), &number_of));
            out.extend(known.iter().flat_map(|known| &known.behind).map(|block| block.join("\n")));
        }
        let orphans = orphans.remove(PHASES[*index]).unwrap_or_default();
        out.extend(orphans.iter().map(|block| block.join("\n")));
    }
    out.extend(withdrawn(found, &order));
    if out.is_empty() { String::new() } else { format!("\n{}\n\n", out.join("\n\n")) }
}

/// The phases that have a task, or something of a person.
fn shown(found: &Found<'_>, orphans: &BTreeMap<&str, Vec<Block<'_>>>, fresh: &[Task]) -> Vec<usize> {
    let kept = |phase: &str| {
        let notes = found.phases.get(phase);
        notes.is_some_and(|notes| !notes.notes.is_empty() || !notes.behind.is_empty()) || orphans.contains_key(phase)
    };
    let has_task = |index: usize| fresh.iter().any(|task| task.phase == index);
    (0..PHASES.len()).filter(|index| has_task(*index) || kept(PHASES[*index])).collect()
}

/// Numbers by key: those of a phase from 1, without those that are taken.
fn number<'t>(taken: &BTreeSet<&str>, phases: &[usize], fresh: &'t [Task]) -> BTreeMap<&'t str, String> {
    let mut numbers = BTreeMap::new();
    for (at, index) in phases.iter().enumerate() {
        let numbered = (1..).map(|number: usize| format!("{}.{number}", at + 1));
        let free = numbered.filter(|number| !taken.contains(number.as_str()));
        let keys = fresh.iter().filter(|task| task.phase == *index).map(|task| task.key.as_str());
        numbers.extend(keys.zip(free));
    }
    numbers
}

/// Blocks of a person behind tasks that are withdrawn now, by the phase they stand in.
fn orphans<'a>(found: &mut Found<'a>, fresh: &[Task], order: &[&'a str]) -> BTreeMap<&'a str, Vec<Block<'a>>> {
    let asked: BTreeSet<&str> = fresh.iter().map(|task| task.key.as_str()).collect();
    let mut orphans: BTreeMap<&str, Vec<Block<'_>>> = BTreeMap::new();
    for key in order.iter().filter(|key| !asked.contains(**key)) {
        if let Some(known) = found.tasks.get_mut(key)
            && PHASES.contains(&known.phase)
            && !known.behind.is_empty()
        {
            orphans.entry(known.phase).or_default().append(&mut known.behind);
        }
    }
    orphans
}

fn with_notes(heading: String, notes: &[&str]) -> String {
    if notes.is_empty() { heading } else { format!("{heading}\n\n{}", notes.join("\n")) }
}

fn task_block(task: &Task, known: Option<&Known<'_>>, number_of: &dyn Fn(&str) -> Option<String>) -> String {
    let number = number_of(&task.key).unwrap_or_default();
    let words = crate::template::one_line(&task.title);
    let fields = task.fields(number_of);
    let lines: Vec<&str> = std::iter::once(words.as_str()).chain(fields.iter().map(String::as_str)).collect();
    let heading = format!("### Task {number}: {words}");
    let mark = format!("<!-- task: {} {} -->", task.key, digest(&lines));
    let Some(known) = known else {
        return format!("{heading}\n{mark}\n- [ ] Done\n{}", fields.join("\n"));
    };
    if is_edited(known) {
        let (words, old) = title(known.lines[0]);
        let numbered = old.is_some() || known.lines[0].starts_with("### Withdrawn:");
        let heading = if numbered { format!("### Task {number}: {words}") } else { known.lines[0].to_owned() };
        return rewrite(known, &heading, &format!("<!-- task: {} {} -->", task.key, known.digest), None);
    }
    rewrite(known, &heading, &mark, Some(&fields))
}

/// The block with another heading and marker, and other bullets where they are given; every other line as it was.
fn rewrite(known: &Known<'_>, heading: &str, mark: &str, fields: Option<&[String; 4]>) -> String {
    let old = field_lines(&known.lines);
    let mut fresh: Vec<(&str, &str)> = Vec::new();
    if let Some(fields) = fields {
        fresh.extend(old.iter().zip(fields).filter_map(|(old, new)| Some(((*old)?, new.as_str()))));
    }
    let mut marked = false;
    let mut lines = vec![heading.to_owned()];
    for line in &known.lines[1..] {
        if !marked && marker_of(line).is_some() {
            marked = true;
            lines.push(mark.to_owned());
        } else if let Some(at) = fresh.iter().position(|(old, _)| old == line) {
            lines.push(fresh.remove(at).1.to_owned());
        } else {
            lines.push((*line).to_owned());
        }
    }
    lines.join("\n")
}

/// What is left: tasks that nothing asks for, in the order they stood in.
fn withdrawn<'a>(mut found: Found<'a>, order: &[&'a str]) -> Vec<String> {
    let notes = found.phases.remove(WITHDRAWN).unwrap_or_default();
    if found.tasks.is_empty() && notes.notes.is_empty() && notes.behind.is_empty() {
        return Vec::new();
    }
    let mut out = vec![with_notes(format!("## {WITHDRAWN}\n\n{WITHDRAWN_NOTE}"), &notes.notes)];
    out.extend(notes.behind.iter().map(|block| block.join("\n")));
    for key in order {
        let Some(known) = found.tasks.remove(key) else { continue };
        let heading = format!("### Withdrawn: {}", title(known.lines[0]).0);
        out.push(rewrite(&known, &heading, &format!("<!-- withdrawn: {key} {} -->", known.digest), None));
        out.extend(known.behind.iter().map(|block| block.join("\n")));
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::list::key;
    use super::*;

    fn task(phase: usize, name: &str, acceptance: &str) -> Task {
        Task {
            phase,
            key: key("operation", name),
            title: format!("Handle {name}"),
            file: "`src/`".to_owned(),
            dependencies: vec![key("operation", "first")],
            kind: "Implementation",
            acceptance: acceptance.to_owned(),
        }
    }

    fn three() -> Vec<Task> {
        vec![task(0, "first", "a"), task(2, "second", "b"), task(2, "third", "c")]
    }

    #[test]
    fn a_task_is_written_as_heading_box_and_bullets() {
        let text = merge("# Mine\n", &three());
        let expected =
            "# Mine\n\n<!-- agentspec:begin tasks -->\n\n## Phase 1: Foundation\n\n### Task 1.1: Handle first\n";
        assert!(text.starts_with(expected), "{text}");
        assert!(
            text.contains("\n- [ ] Done\n- File: `src/`\n- Dependencies: Task 1.1\n- Type: Implementation\n"),
            "{text}"
        );
        assert!(text.ends_with("- Acceptance: c\n\n<!-- agentspec:end tasks -->\n"), "{text}");
    }

    #[test]
    fn ticks_notes_and_own_tasks_stay_where_they_are() {
        let text = merge("", &three());
        let mine = text
            .replacen("### Task 2.2: ", "### Task 2.2: Mine\n\n- [x] Done\n\n### Task 2.2: ", 1)
            .replacen("- Acceptance: b\n", "- Acceptance: b\n\nSee the wiki.\n```\n## no heading\n```\n", 1)
            .replacen(
                "- [ ] Done\n- File: `src/`\n- Dependencies: Task 1.1",
                "- [x] Done\n- File: `src/`\n- Dependencies: Task 1.1",
                2,
            )
            + "\n## Later\n";
        let mut changed = three();
        changed[1].acceptance = "b, but better".to_owned();
        let merged = merge(&mine, &changed);
        let expected = mine.replacen("Acceptance: b\n", "Acceptance: b, but better\n", 1).replacen(
            "### Task 2.2: Handle third",
            "### Task 2.3: Handle third",
            1,
        );
        let strip = |text: &str| text.lines().filter(|line| marker_of(line).is_none()).collect::<Vec<_>>().join("\n");
        assert_eq!(strip(&merged), strip(&expected));
        assert_eq!(merge(&merged, &changed), merged);
    }

    #[test]
    fn an_edited_task_is_left_to_its_editor() {
        let text = merge("", &three()).replace("- Acceptance: b\n", "- Acceptance: mine\n");
        let mut changed = three();
        changed[1].acceptance = "new".to_owned();
        changed.insert(1, task(1, "between", "x"));
        let merged = merge(&text, &changed);
        assert!(merged.contains("- Acceptance: mine\n") && !merged.contains("new"), "{merged}");
        assert!(merged.contains("### Task 3.1: Handle second\n"), "{merged}");
    }

    #[test]
    fn a_withdrawn_task_is_kept_and_comes_back_with_its_tick() {
        let all = three();
        let ticked = merge("", &all).replace("- [ ] Done", "- [x] Done");
        let fewer = merge(&ticked, &all[..2]);
        let expected = "## Withdrawn\n\nNeither the specification nor the contracts ask for these any more. Delete what is no \
                        longer of use.\n\n### Withdrawn: Handle third\n<!-- withdrawn: operation third ";
        assert!(fewer.contains(expected), "{fewer}");
        assert_eq!(merge(&fewer, &all[..2]), fewer);
        assert_eq!(merge(&fewer, &all), ticked);
    }

    #[test]
    fn text_around_our_part_is_left_alone() {
        let text = format!("a\n\n\n{BEGIN}\n{END}\n\n\nz\n");
        let merged = merge(&text, &three());
        assert!(merged.starts_with(&format!("a\n\n\n{BEGIN}\n")) && merged.ends_with(&format!("{END}\n\n\nz\n")));
    }

    #[test]
    fn a_great_many_fences_take_no_great_time() {
        let text = format!("{BEGIN}\n{}", "```a\n~~~b\n".repeat(200_000));
        assert!(merge(&text, &three()).len() > text.len());
    }

    #[derive(Clone, Debug)]
    enum Edit {
        Tick(usize),
        Insert(usize, &'static str),
        Note(usize),
        Delete(usize),
        Duplicate(usize, usize),
    }

    fn edits() -> impl Strategy<Value = Vec<Edit>> {
        let lines = prop::sample::select(vec![
            "### Task 2.1: own",
            "## Own",
            "```",
            "~~~",
            "- [x] Done",
            "## Phase 2: API",
            "",
            "# Top",
            "- File: x",
            "text",
            "## Withdrawn",
            "### Withdrawn: y",
            "<!-- task: operation second 00000000 -->",
            END,
            BEGIN,
            "#### deep",
        ]);
        let edit = prop_oneof![
            4 => any::<usize>().prop_map(Edit::Tick),
            3 => (any::<usize>(), lines).prop_map(|(at, line)| Edit::Insert(at, line)),
            3 => any::<usize>().prop_map(Edit::Note),
            1 => any::<usize>().prop_map(Edit::Delete),
            1 => (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Edit::Duplicate(from, to)),
        ];
        prop::collection::vec(edit, 0..8)
    }

    /// Applies edits; gives the notes that were written.
    fn apply(text: &str, edits: &[Edit], round: usize) -> (String, Vec<String>) {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut notes = Vec::new();
        for (number, edit) in edits.iter().enumerate() {
            if lines.is_empty() {
                lines.push(String::new());
            }
            match edit {
                Edit::Tick(at) => {
                    let boxes: Vec<usize> = (0..lines.len()).filter(|line| lines[*line] == "- [ ] Done").collect();
                    if !boxes.is_empty() {
                        lines[boxes[at % boxes.len()]] = "- [x] Done".to_owned();
                    }
                }
                Edit::Insert(at, line) => lines.insert(at % (lines.len() + 1), (*line).to_owned()),
                Edit::Note(at) => {
                    notes.push(format!("note {round}-{number}"));
                    lines.insert(at % (lines.len() + 1), format!("note {round}-{number}"));
                }
                Edit::Delete(at) => drop(lines.remove(at % lines.len())),
                Edit::Duplicate(from, to) => {
                    let line = lines[from % lines.len()].clone();
                    lines.insert(to % (lines.len() + 1), line);
                }
            }
        }
        (lines.join("\n") + "\n", notes)
    }

    fn lists() -> impl Strategy<Value = Vec<Task>> {
        let names = prop::sample::subsequence(vec!["first", "second", "third", "fourth", "fifth", "sixth"], 0..=6);
        (names, 0_usize..3).prop_map(|(names, variant)| {
            let acceptance = ["a", "b", "c"][variant];
            names.iter().map(|name| task(name.len() % 4, name, acceptance)).collect()
        })
    }

    proptest! {
        #[test]
        fn nothing_of_a_person_is_lost_and_a_second_run_changes_nothing(
            lists in prop::collection::vec(lists(), 3), rounds in prop::collection::vec(edits(), 2)
        ) {
            let mut text = merge("# Title\n", &lists[0]);
            let mut notes = Vec::new();
            for (round, edits) in rounds.iter().enumerate() {
                let (edited, new) = apply(&text, edits, round);
                let deleted = edits.iter().any(|edit| matches!(edit, Edit::Delete(_)));
                notes.extend(new);
                let merged = merge(&edited, &lists[round + 1]);
                prop_assert_eq!(&merge(&merged, &lists[round + 1]), &merged, "{}", edited);
                for note in &notes {
                    let count = |text: &str| text.lines().filter(|line| *line == note).count();
                    prop_assert!(count(&merged) == count(&edited), "{} in\n{}\nof\n{}", note, merged, edited);
                }
                let ticks = |text: &str| text.lines().filter(|line| *line == "- [x] Done").count();
                prop_assert!(ticks(&merged) == ticks(&edited), "{}\nof\n{}", merged, edited);
                if deleted {
                    notes.clear();
                }
                text = merged;
            }
        }
    }
}
