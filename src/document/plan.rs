//! `plan.md` and `tasks.md`.

use super::Located;
use super::markdown::{Block, Heading, Item, Markdown};
use super::text::Slice;
use super::words::{bare_heading, label, plain};
use crate::source::{FileId, Route, Sources};

/// A technical plan: its title and sections.
#[derive(Debug)]
pub struct Plan {
    /// The file.
    pub file: FileId,
    /// The first heading.
    pub title: Option<Located<String>>,
    /// Second-level headings.
    pub sections: Vec<Located<String>>,
}

/// A task list.
#[derive(Debug)]
pub struct Tasks {
    /// The file.
    pub file: FileId,
    /// The first heading.
    pub title: Option<Located<String>>,
    /// Tasks in order, of both forms: `### Task 1.1: title` with bullets, and `- [ ] T001 title`.
    pub tasks: Vec<Task>,
}

/// One task.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its number (`1.1`, `T001`), where it has one.
    pub number: Option<String>,
    /// Its title.
    pub title: String,
    /// Whether it is ticked, by a box in front of it or a box "Done" below its heading; nothing where there is no box.
    pub done: Option<bool>,
    /// Its `key: value` bullets (File, Dependencies, Type, Acceptance), keys in lower case.
    pub fields: Vec<(String, Located<String>)>,
    /// The heading or bullet.
    pub route: Route,
}

impl Plan {
    /// Reads the plan in `file`.
    pub fn read(sources: &Sources, file: FileId) -> Plan {
        let markdown = Markdown::parse(&sources.file(file).text);
        let sections = headings(&markdown).filter(|heading| heading.level == 2);
        let sections = sections.map(|heading| bare_heading(heading.text.whole()).located(file)).collect();
        Plan { file, title: title(&markdown, file), sections }
    }
}

impl Tasks {
    /// Reads the task list in `file`.
    pub fn read(sources: &Sources, file: FileId) -> Tasks {
        let markdown = Markdown::parse(&sources.file(file).text);
        let mut tasks = Tasks { file, title: title(&markdown, file), tasks: Vec::new() };
        // Whether bullets belong to a task that is a heading.
        let mut headed = false;
        for block in &markdown.blocks {
            match block {
                Block::Heading(heading) => {
                    headed = false;
                    if let Some(task) = task_of_heading(heading, file) {
                        tasks.tasks.push(task);
                        headed = true;
                    }
                }
                Block::Item(item) => tasks.read_item(item, headed),
                Block::Paragraph(text) if headed => {
                    let fields = text.lines().filter_map(label);
                    fields.for_each(|(key, value)| tasks.add_field(key, value));
                }
                _ => {}
            }
        }
        tasks
    }

    fn read_item(&mut self, item: &Item, headed: bool) {
        let line = item.text.whole();
        let (number, title) = split_number(line);
        let listed = item.checked.is_some() && (!headed || number.is_some());
        if listed && (item.level == 0 || number.is_some()) {
            self.tasks.push(Task {
                number: number.map(str::to_owned),
                title: title.as_str().replace('\n', " "),
                done: item.checked,
                fields: Vec::new(),
                route: Route::span(self.file, line.span()),
            });
        } else if let Some(done) = item.checked.filter(|_| headed && line.as_str().trim().eq_ignore_ascii_case("done"))
        {
            if let Some(task) = self.tasks.last_mut() {
                task.done = task.done.or(Some(done));
            }
        } else if let Some((key, value)) = label(line).filter(|_| headed || item.level > 0) {
            self.add_field(key, value);
        }
    }

    fn add_field(&mut self, key: Slice<'_>, value: Slice<'_>) {
        let file = self.file;
        let Some(task) = self.tasks.last_mut() else { return };
        let key = key.as_str().to_lowercase();
        if key == "status" && task.done.is_none() {
            task.done = Some(matches!(plain(value.as_str()).as_str(), "done" | "complete" | "completed" | "finished"));
        }
        task.fields.push((key, value.located(file)));
    }
}

fn headings(markdown: &Markdown) -> impl Iterator<Item = &Heading> {
    markdown.blocks.iter().filter_map(|block| match block {
        Block::Heading(heading) => Some(heading),
        _ => None,
    })
}

/// The first heading of level 1, or else the first one.
fn title(markdown: &Markdown, file: FileId) -> Option<Located<String>> {
    let top = headings(markdown).find(|heading| heading.level == 1).or_else(|| headings(markdown).next())?;
    let text = bare_heading(top.text.whole());
    (!text.is_empty()).then(|| text.located(file))
}

/// `### Task 1.1: title`, with a tick `[x]` in front or not.
fn task_of_heading(heading: &Heading, file: FileId) -> Option<Task> {
    let whole = heading.text.whole();
    let (done, rest) = split_tick(whole);
    let word = rest.as_str().get(..4).filter(|word| word.eq_ignore_ascii_case("task"));
    let (number, title) = match word {
        Some(_) => split_number(rest.from(4).trim()),
        None => split_number(rest),
    };
    let counts = |number: &str| word.is_some() || number.starts_with(['T', 't']);
    let number = number.filter(|number| counts(number))?;
    Some(Task {
        number: Some(number.to_owned()),
        title: title.as_str().replace('\n', " "),
        done,
        fields: Vec::new(),
        route: Route::span(file, whole.span()),
    })
}

fn split_tick(slice: Slice<'_>) -> (Option<bool>, Slice<'_>) {
    let text = slice.as_str();
    match text.get(..3) {
        Some("[x]" | "[X]") => (Some(true), slice.from(3).trim()),
        Some("[ ]") => (Some(false), slice.from(3).trim()),
        _ => (None, slice),
    }
}

/// Number and title of `1.1: title`, `T001 [P] title`, `T001: title`.
fn split_number(slice: Slice<'_>) -> (Option<&str>, Slice<'_>) {
    let text = slice.as_str();
    let end = text.find(|c: char| c.is_whitespace() || c == ':').unwrap_or(text.len());
    let number = text[..end].trim_end_matches(['.', ')']);
    let digits = number.trim_start_matches(['T', 't']);
    let counts = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-')
        && number.len() - digits.len() <= 1;
    if !counts {
        return (None, slice);
    }
    let separator = |c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—');
    let rest = text[end..].trim_start_matches(separator);
    let rest = rest.strip_prefix("[P]").map_or(rest, |rest| rest.trim_start_matches(separator));
    (Some(number), slice.from(text.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryStore, load};

    fn tasks(text: &str) -> Tasks {
        let sources = load(&MemoryStore::new([("tasks.md", text)]), &|_| true).unwrap();
        Tasks::read(&sources, sources.id_of("tasks.md").unwrap())
    }

    #[test]
    fn tasks_are_headings_with_fields() {
        let tasks = tasks(
            "# Tasks\n## Phase 1\n### Task 1.1: Project Setup\n- File: a.toml, b.txt\n- **Acceptance:** it runs\n- [ ] not a task\n\
             ### [x] Task 1.2: Models\n**Status:** open\n",
        );
        assert_eq!(tasks.title.as_ref().unwrap().value, "Tasks");
        let first = &tasks.tasks[0];
        assert_eq!((first.number.as_deref(), first.title.as_str(), first.done), (Some("1.1"), "Project Setup", None));
        let fields: Vec<_> = first.fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(fields, [("file", "a.toml, b.txt"), ("acceptance", "it runs")]);
        assert_eq!((tasks.tasks.len(), tasks.tasks[1].done), (2, Some(true)));
    }

    #[test]
    fn tasks_are_ticked_bullets_with_numbers() {
        let tasks =
            tasks("## Phase 1\n- [x] T001 [P] Set up\n  - File: a.toml\n- [ ] T002: Build\n- [ ] no number\n- prose\n");
        let shown: Vec<_> =
            tasks.tasks.iter().map(|task| (task.number.as_deref(), task.title.as_str(), task.done)).collect();
        let expected = [
            (Some("T001"), "Set up", Some(true)),
            (Some("T002"), "Build", Some(false)),
            (None, "no number", Some(false)),
        ];
        assert_eq!(shown, expected);
        assert_eq!(tasks.tasks[0].fields[0].1.as_str(), "a.toml");
    }
}
