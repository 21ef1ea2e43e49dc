//! User Scenarios: headings with a priority, and Given/When/Then below them, in any of the forms of [`steps`](super::steps).

use super::sections::{Entry, Section, entries};
use super::steps::{self, Rows};
use super::tables::{Columns, SCENARIO};
use super::types::{Scenario, Spec};
use crate::document::markdown::{Block, Table};
use crate::document::text::{Slice, Text};
use crate::document::words::{bare_heading, is_bold_line, plain};
use crate::source::{FileId, Route};

/// Words in front of a number that say no more than that a scenario follows.
const KINDS: [&str; 8] = [
    "scenario",
    "scenario outline",
    "scenario template",
    "acceptance scenario",
    "user story",
    "user scenario",
    "story",
    "use case",
];

/// Headings that stand among scenarios and are none.
const OTHER_HEADINGS: [&str; 12] = [
    "edge cases",
    "notes",
    "assumptions",
    "background",
    "actors",
    "personas",
    "overview",
    "out of scope",
    "requirements",
    "functional requirements",
    "none",
    "error cases",
];

/// Headings below a scenario that say no more than that its steps follow.
const STEP_HEADINGS: [&str; 10] = [
    "steps",
    "flow",
    "main flow",
    "scenario",
    "scenarios",
    "acceptance scenarios",
    "acceptance scenario",
    "acceptance criteria",
    "given when then",
    "gherkin",
];

/// Levels of what begins a scenario and is no heading: what stands deeper belongs to what stands above it.
const BOLD_LINE: u8 = 7;
const ROW: u8 = 8;
const IN_CODE: u8 = 9;
const UNTITLED: u8 = 10;

/// Steps of backgrounds are repeated up to this number: a section is not to become larger than its file by far.
const MOST_REPEATED: usize = 1_000;

/// Reads the section "User Scenarios". `source` is the file's text: code blocks are read from it.
pub(super) fn read(spec: &mut Spec, section: &Section<'_>, source: &str) {
    let code = |block: &&Block| match block {
        Block::Code(span) => steps::gherkin(source, *span),
        _ => None,
    };
    let codes: Vec<Option<Text>> = section.blocks.iter().map(code).collect();
    let mut reader =
        Reader { file: spec.file, heading: section.heading, drafts: Vec::new(), open: Vec::new(), repeated: 0 };
    let mut within = true;
    for (block, code) in section.blocks.iter().zip(&codes) {
        if let Block::Heading(heading) = block {
            let words = plain(bare_heading(heading.text.whole()).as_str());
            within = !OTHER_HEADINGS.contains(&words.as_str());
            if within && !(STEP_HEADINGS.contains(&words.as_str()) && reader.is_below(heading.level)) {
                reader.begin(heading.level, heading.text.whole());
            }
        } else if let Some(code) = code.as_ref().filter(|_| within) {
            reader.code(code);
        } else if let Some((item, steps)) = item_of(block).filter(|_| within) {
            reader.item(item, steps);
        } else if within {
            for entry in entries(&[block]) {
                match entry {
                    Entry::Line(line, _) => reader.line(line),
                    Entry::Table(table) => reader.table(table),
                    Entry::Heading(_) => {}
                }
            }
        }
    }
    spec.scenarios.extend(reader.finish());
}

/// A list item that is a scenario by itself, with its steps.
fn item_of(block: &Block) -> Option<(Slice<'_>, Vec<steps::Draft<'_>>)> {
    match block {
        Block::Item(item) => Some((item.text.whole(), steps::in_item(&item.text)?)),
        _ => None,
    }
}

/// A scenario while it is read.
struct Draft<'m> {
    level: u8,
    /// The draft that it stands below.
    parent: Option<usize>,
    /// Whether its heading says that it is a scenario.
    marked: bool,
    priority: String,
    title: String,
    steps: Vec<steps::Draft<'m>>,
    /// Where its steps began with a list item that says all of it: that item.
    item: Option<Slice<'m>>,
    route: Route,
}

struct Reader<'m> {
    file: FileId,
    /// The section's.
    heading: Option<Slice<'m>>,
    drafts: Vec<Draft<'m>>,
    /// The drafts that the next one may stand below, outermost first.
    open: Vec<usize>,
    /// How many steps of backgrounds were repeated so far.
    repeated: usize,
}

impl<'m> Reader<'m> {
    /// Whether something of the level stands below a scenario.
    fn is_below(&self, level: u8) -> bool {
        self.open.first().is_some_and(|first| self.drafts[*first].level < level)
    }

    fn begin(&mut self, level: u8, heading: Slice<'_>) {
        let (priority, title) = split_heading(heading);
        let marked = !priority.is_empty() || level >= ROW || kind_of(bare_heading(heading).as_str()).is_some();
        let route = Route::span(self.file, heading.span());
        self.push(level, marked, (priority, title.as_str().replace('\n', " ")), route);
    }

    fn push(&mut self, level: u8, marked: bool, (mut priority, mut title): (String, String), route: Route) {
        self.open.retain(|outer| self.drafts[*outer].level < level);
        let parent = self.open.last().copied();
        if let Some(parent) = parent.map(|parent| &self.drafts[parent]) {
            let inherit = |own: &mut String, outer: &String| {
                if own.is_empty() {
                    own.clone_from(outer);
                }
            };
            inherit(&mut priority, &parent.priority);
            inherit(&mut title, &parent.title);
        }
        self.open.push(self.drafts.len());
        self.drafts.push(Draft { level, parent, marked, priority, title, steps: Vec::new(), item: None, route });
    }

    /// Adds steps to the scenario above them; right below the section's heading, to one without a title.
    fn add(&mut self, parts: Vec<steps::Draft<'m>>) {
        if self.drafts.is_empty() {
            let route = self.heading.map_or(Route::file(self.file), |heading| Route::span(self.file, heading.span()));
            self.push(UNTITLED, true, (String::new(), String::new()), route);
        }
        if let Some(draft) = self.drafts.last_mut() {
            draft.steps.extend(parts);
        }
    }

    /// A list item that is a scenario by itself. Of several each is one, and what stands above them only groups them.
    fn item(&mut self, item: Slice<'m>, steps: Vec<steps::Draft<'m>>) {
        let starts = |steps: &[steps::Draft<'_>]| steps.first().map(|(keyword, _)| keyword.clone());
        let first = starts(&steps);
        let last = self.drafts.last_mut().filter(|draft| !draft.steps.is_empty());
        let follows = last.is_some_and(|last| {
            last.item.is_some() && (first.as_deref() == Some("given") || starts(&last.steps) == first)
        });
        if !follows {
            let is_first = self.drafts.last().is_none_or(|draft| draft.steps.is_empty());
            self.add(steps);
            if let Some(draft) = self.drafts.last_mut().filter(|_| is_first) {
                draft.item = Some(item);
            }
            return;
        }
        if let Some(above) = self.drafts.last_mut().filter(|draft| draft.level != ROW)
            && let Some(before) = above.item.take()
        {
            let earlier = std::mem::take(&mut above.steps);
            if above.level == UNTITLED {
                self.drafts.pop();
                self.open.clear();
            }
            self.begin_item(before, earlier);
        }
        self.begin_item(item, steps);
    }

    fn begin_item(&mut self, item: Slice<'m>, steps: Vec<steps::Draft<'m>>) {
        self.begin(ROW, steps::named(&steps).unwrap_or(item));
        if let Some(draft) = self.drafts.last_mut() {
            (draft.steps, draft.item, draft.route) = (steps, Some(item), Route::span(self.file, item.span()));
        }
    }

    fn line(&mut self, line: Slice<'m>) {
        let parts = steps::in_line(line);
        if !parts.is_empty() {
            return self.add(parts);
        }
        let prioritised = is_bold_line(line) && !split_heading(line).0.is_empty();
        if prioritised || says_scenario(line) {
            return self.begin(BOLD_LINE, line);
        }
        // A line without a keyword goes on with the step before it.
        if let Some((_, words)) = self.drafts.last_mut().and_then(|draft| draft.steps.last_mut()) {
            words.push(line);
        }
    }

    fn table(&mut self, table: &'m Table) {
        let columns = Columns { table, file: self.file };
        let found = match steps::rows_of(columns) {
            Some(Rows::Scenarios(found)) => found,
            Some(Rows::Steps) => return self.add(steps::in_rows(columns)),
            None => return,
        };
        let (title, priority) = (columns.find(SCENARIO), columns.find(&["priority", "prio", "p"]));
        let free = self.drafts.last().is_some_and(|draft| draft.steps.is_empty());
        if table.rows.len() == 1 && title.is_none() && free {
            return self.add(steps::in_row(columns, &table.rows[0], &found));
        }
        for row in &table.rows {
            let parts = steps::in_row(columns, row, &found);
            let when = parts.iter().find(|(keyword, _)| keyword == "when").or(parts.first());
            let Some(named) = columns.slice(row, title).or_else(|| when.map(|(_, words)| words[0])) else { continue };
            self.begin(ROW, named);
            let stated = columns.slice(row, priority).map(|cell| cell.as_str().to_ascii_uppercase());
            if let (Some(draft), Some(stated)) = (self.drafts.last_mut(), stated) {
                draft.priority =
                    if priority_of(&stated).is_some() { stated } else { std::mem::take(&mut draft.priority) };
                draft.route = Route::span(self.file, row.span);
            }
            self.add(parts);
        }
    }

    /// A block of Gherkin. The steps of its background come before those of each scenario.
    fn code(&mut self, code: &'m Text) {
        let mut background: Option<Vec<steps::Draft<'m>>> = None;
        let mut in_background = false;
        let mut in_text = false;
        for line in code.lines() {
            let text = line.as_str();
            in_text ^= text.starts_with("\"\"\"");
            if in_text || text.starts_with(['|', '#', '@', '"']) {
                continue;
            }
            let parts = steps::in_line(line);
            if plain(text).starts_with("background") && text.ends_with(':') {
                in_background = true;
            } else if says_scenario(line) || text.starts_with("Example:") {
                in_background = false;
                self.begin(IN_CODE, if text.starts_with('E') { line.from("Example:".len()).trim() } else { line });
                let steps =
                    background.iter().flatten().take(MOST_REPEATED - self.repeated).cloned().collect::<Vec<_>>();
                self.repeated += steps.len();
                self.add(steps);
            } else if in_background {
                background.get_or_insert_default().extend(parts);
            } else if !parts.is_empty() {
                self.add(parts);
            }
        }
    }

    /// The scenarios. What only groups others is none; what stands below one, does not say that it is one, and has no
    /// steps, is a remark.
    fn finish(self) -> Vec<Scenario> {
        let counts = |draft: &Draft<'_>| !draft.steps.is_empty() || draft.marked;
        let mut groups = vec![false; self.drafts.len()];
        for draft in self.drafts.iter().filter(|draft| counts(draft)) {
            let mut above = draft.parent;
            while let Some(parent) = above.filter(|parent| !groups[*parent]) {
                groups[parent] = true;
                above = self.drafts[parent].parent;
            }
        }
        let file = self.file;
        let kept =
            self.drafts.into_iter().zip(groups).filter(|(draft, groups)| {
                !draft.steps.is_empty() || !groups && (draft.marked || draft.parent.is_none())
            });
        kept.map(|(draft, _)| scenario(draft, file)).collect()
    }
}

fn scenario(draft: Draft<'_>, file: FileId) -> Scenario {
    let step = |(keyword, lines): steps::Draft<'_>| {
        let (first, more) = lines.split_first()?;
        let mut words = first.located(file);
        more.iter().for_each(|line| line.append_to(&mut words));
        Some((keyword, words))
    };
    Scenario {
        priority: draft.priority,
        title: draft.title,
        steps: steps::cut_sentences(draft.steps).into_iter().filter_map(step).collect(),
        route: draft.route,
    }
}

/// Whether a line begins with `Scenario:` or `Scenario 2:`, or with these in other words.
fn says_scenario(line: Slice<'_>) -> bool {
    let text = line.as_str();
    let lower = text.to_ascii_lowercase();
    let starts = ["scenario", "acceptance scenario"].iter().any(|word| lower.starts_with(word));
    starts && (line.lead() > 0 || text.starts_with(char::is_uppercase)) && kind_of(text).is_some()
}

/// Priority and title of `P1: title`, `Scenario 2 - title`, `User Story 1 - title (Priority: P2)`, `[P1] title`.
fn split_heading(heading: Slice<'_>) -> (String, Slice<'_>) {
    let separator = |c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '.' | ')' | '(' | '[' | ']');
    let mut rest = bare_heading(heading).trim_matches(separator_start);
    let mut priority = String::new();
    for _ in 0..2 {
        let bracket = rest.as_str().strip_prefix(['[', '(']).is_some_and(|inner| priority_of(inner).is_some());
        rest = if bracket { rest.from(1) } else { rest };
        let text = rest.as_str();
        if let Some(found) = priority_of(text) {
            priority = text[..found].to_ascii_uppercase();
            rest = rest.from(found).trim_matches(|c| separator(c) && !matches!(c, ')' | ']' | '.'));
            rest = trim_start(rest, separator);
        } else if let Some(length) = kind_of(text) {
            rest = trim_start(rest.from(length), separator);
        }
    }
    if let Some((title, found)) = trailing_priority(rest) {
        return (if priority.is_empty() { found } else { priority }, title);
    }
    (priority, rest.trim_matches(|c| c == ':' || c.is_whitespace()))
}

fn separator_start(c: char) -> bool {
    c.is_whitespace() || c == ':'
}

fn trim_start(slice: Slice<'_>, drop: impl Fn(char) -> bool + Copy) -> Slice<'_> {
    let text = slice.as_str();
    slice.from(text.len() - text.trim_start_matches(drop).len())
}

/// The length of `P1` or `[P1` at the start.
fn priority_of(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(['p', 'P'])?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let ends = rest[digits..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    (digits > 0 && digits < 4 && ends).then_some(1 + digits)
}

/// The length of `Scenario 2` at the start.
fn kind_of(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let kind = KINDS.iter().filter(|kind| lower.starts_with(**kind)).max_by_key(|kind| kind.len())?;
    let rest = &lower[kind.len()..];
    let number = rest.trim_start().bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let spaces = rest.len() - rest.trim_start().len();
    let follows = rest[spaces + number..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    let labelled = number > 0 || rest.trim_start().starts_with([':', '-', '–', '—']);
    (labelled && follows).then_some(kind.len() + spaces + number)
}

/// Title and priority of `title (Priority: P2)` and `title (P2)`.
fn trailing_priority(slice: Slice<'_>) -> Option<(Slice<'_>, String)> {
    let text = slice.as_str();
    let open = text.strip_suffix([')', ']']).and_then(|inner| inner.rfind(['(', '[']))?;
    let remark = text[open + 1..text.len() - 1].trim();
    let lower = remark.to_ascii_lowercase();
    let priority = lower.strip_prefix("priority").map_or(lower.as_str(), |rest| rest.trim_start_matches([':', ' ']));
    (priority_of(priority)? == priority.len()).then(|| (slice.part(0, open).trim(), priority.to_ascii_uppercase()))
}
