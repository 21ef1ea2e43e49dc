//! `constitution.md`: principles, technology stack and standards.

use super::Located;
use super::markdown::{Block, Markdown, Table};
use super::spec::sections::{Entry, Role, entries};
use super::spec::{KeyValue, key_value, key_values};
use super::text::Slice;
use super::words::{is_none, label, name, plain, says_none, without_number};
use crate::source::{FileId, Route, Sources};

/// A constitution as it was written.
#[derive(Debug)]
pub struct Constitution {
    /// The file.
    pub file: FileId,
    /// The first heading.
    pub title: Option<Located<String>>,
    /// Second-level headings, as written.
    pub sections: Vec<Located<String>>,
    /// Every bullet of every section, in order.
    pub bullets: Vec<Bullet>,
    /// Bullets of a "Waivers" section.
    pub waivers: Vec<Waiver>,
}

/// What part of the constitution a bullet stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// "Core Principles".
    Principles,
    /// "Technology Stack".
    Technology,
    /// "Standards".
    Standards,
    /// Any other section; its bullets count as principles.
    Other,
}

/// One bullet.
#[derive(Clone, Debug)]
pub struct Bullet {
    /// Where it stands.
    pub part: Part,
    /// Key and value, or a sentence.
    pub entry: KeyValue,
}

/// "Waivers": a rule that does not hold for a service until a date.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The rule's id.
    pub rule: Option<Located<String>>,
    /// The service, or nothing for all.
    pub service: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The last day it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// The bullet or row.
    pub route: Route,
}

/// The section that a heading starts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Area {
    Part(Part),
    Waivers,
}

impl Constitution {
    /// Reads the constitution in `file`.
    pub fn read(sources: &Sources, file: FileId) -> Constitution {
        let markdown = Markdown::parse(&sources.file(file).text);
        let mut constitution =
            Constitution { file, title: None, sections: Vec::new(), bullets: Vec::new(), waivers: Vec::new() };
        let mut area = Area::Part(Part::Other);
        let mut area_level = u8::MAX;
        let mut blocks: Vec<&Block> = Vec::new();
        for block in &markdown.blocks {
            let Block::Heading(heading) = block else {
                blocks.push(block);
                continue;
            };
            let text = without_number(heading.text.whole());
            let named = area_of(text.as_str());
            if constitution.title.is_none()
                && (heading.level == 1 || named.is_none())
                && constitution.sections.is_empty()
            {
                constitution.title = Some(text.located(file));
                continue;
            }
            if heading.level <= area_level || named.is_some() {
                constitution.close(area, &mut blocks);
                (area, area_level) = (named.unwrap_or(Area::Part(Part::Other)), heading.level);
                constitution.sections.push(text.located(file));
            } else {
                blocks.push(block);
            }
        }
        constitution.close(area, &mut blocks);
        constitution
    }

    /// Reads what was gathered below a heading.
    fn close(&mut self, area: Area, blocks: &mut Vec<&Block>) {
        let entries = entries(blocks);
        blocks.clear();
        match area {
            Area::Waivers => self.read_waivers(&entries),
            Area::Part(part) => self.read_bullets(part, &entries),
        }
    }

    fn read_bullets(&mut self, part: Part, entries: &[Entry<'_>]) {
        let file = self.file;
        let stated = |entry: &Entry<'_>| match (entry, part) {
            (Entry::Line(line, Role::Paragraph), Part::Principles | Part::Other) => {
                line.lead() > 0 && label(*line).is_some_and(|(_, value)| !value.is_empty())
            }
            (Entry::Line(line, Role::Paragraph), _) => label(*line).is_some_and(|(_, value)| !value.is_empty()),
            _ => true,
        };
        let mut run: Vec<Entry<'_>> = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            match entry {
                Entry::Heading(heading) => {
                    self.bullets.extend(key_values(&run, file).into_iter().map(|entry| Bullet { part, entry }));
                    run.clear();
                    // A principle that is a heading with prose below it, without bullets of its own.
                    let below = entries[at + 1..].iter().take_while(|next| !matches!(next, Entry::Heading(_)));
                    let bullets = below.filter(|next| matches!(next, Entry::Line(_, Role::Item(_)))).count();
                    if part == Part::Principles && bullets == 0 {
                        let entry = key_value(without_number(*heading), file);
                        self.bullets.push(Bullet { part, entry });
                    }
                }
                entry if stated(entry) => run.push(*entry),
                _ => {}
            }
        }
        self.bullets.extend(key_values(&run, file).into_iter().map(|entry| Bullet { part, entry }));
    }

    fn read_waivers(&mut self, entries: &[Entry<'_>]) {
        for entry in entries {
            match entry {
                Entry::Line(line, Role::Item(item)) => {
                    if !says_none(line.as_str()) {
                        self.waivers.push(waiver_of(item.text.whole(), self.file));
                    }
                }
                Entry::Table(table) => self.waivers.extend(waiver_rows(table, self.file)),
                _ => {}
            }
        }
    }
}

/// Whether a sentence speaks of people and of nothing that is built: it demands nothing of services.
pub(crate) fn is_about_people(sentence: &str) -> bool {
    const PEOPLE: [&str; 18] = [
        "engineer",
        "engineers",
        "developer",
        "developers",
        "employee",
        "employees",
        "person",
        "people",
        "team",
        "teams",
        "staff",
        "everyone",
        "everybody",
        "colleague",
        "colleagues",
        "manager",
        "managers",
        "member",
    ];
    const BUILT: [&str; 40] = [
        "service",
        "services",
        "microservice",
        "microservices",
        "api",
        "apis",
        "endpoint",
        "endpoints",
        "contract",
        "contracts",
        "event",
        "events",
        "message",
        "messages",
        "operation",
        "operations",
        "request",
        "requests",
        "call",
        "calls",
        "component",
        "components",
        "gateway",
        "gateways",
        "schema",
        "schemas",
        "database",
        "databases",
        "saga",
        "sagas",
        "container",
        "containers",
        "deployment",
        "deployments",
        "token",
        "tokens",
        "jwt",
        "openapi",
        "spec",
        "runbook",
    ];
    let words = plain(sentence);
    let has = |known: &[&str]| words.split(' ').any(|word| known.contains(&word));
    has(&PEOPLE) && !has(&BUILT)
}

fn area_of(heading: &str) -> Option<Area> {
    let words = plain(heading);
    let has = |known: &[&str]| known.iter().any(|known| words.split(' ').any(|word| word == *known));
    if has(&["waiver", "waivers", "exemption", "exemptions"]) || words == "exceptions" {
        Some(Area::Waivers)
    } else if has(&["principle", "principles"]) {
        Some(Area::Part(Part::Principles))
    } else if has(&["technology", "technologies", "stack"]) {
        Some(Area::Part(Part::Technology))
    } else if has(&["standard", "standards", "conventions"]) {
        Some(Area::Part(Part::Standards))
    } else {
        None
    }
}

/// `rule-id (service): reason, until 2027-01-31`.
fn waiver_of(line: Slice<'_>, file: FileId) -> Waiver {
    let (head, reason) = label(line).unwrap_or((line, line.from(line.as_str().len())));
    let rule = name(head);
    let behind = rule.rest_of(head);
    let remark = behind.as_str().trim().trim_start_matches(['(', '-', '–', '—', ' ', '`']);
    let service = remark.split([')', '`']).next().unwrap_or_default();
    let service = service.trim().trim_start_matches("for ").to_owned();
    let all = matches!(plain(&service).as_str(), "" | "all" | "all services" | "platform");
    let text = reason.as_str();
    let date = date_in(line.as_str());
    let without_date = date.and_then(|date| text.split_once(date)).map_or(text, |(before, _)| before);
    let words = without_date.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ':' | '.'));
    let words = ["until", "till", "expires", "ends"].iter().find_map(|word| words.strip_suffix(word)).unwrap_or(words);
    let words = words.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | '.' | '-' | '–'));
    Waiver {
        rule: (!rule.is_empty()).then(|| rule.located(file)),
        service: (!all).then_some(service),
        reason: (!words.is_empty()).then(|| words.replace('\n', " ")),
        until: date.map(str::to_owned),
        route: Route::span(file, line.span()),
    }
}

/// A table with the columns Rule, Service, Reason, Until.
fn waiver_rows(table: &Table, file: FileId) -> Vec<Waiver> {
    let head: Vec<String> = table.header.iter().map(|cell| plain(cell.as_str())).collect();
    let column = |known: &[&str]| head.iter().position(|cell| known.contains(&cell.as_str()));
    let (rule, service) =
        (column(&["rule", "rule id", "id", "waived rule"]), column(&["service", "services", "scope"]));
    let reason = column(&["reason", "why", "justification", "because"]);
    let until = column(&["until", "end", "end date", "expires", "expiry", "valid until", "ends"]);
    let rows = table.rows.iter().map(|row| {
        let cell = |at: Option<usize>| {
            at.and_then(|at| row.cells.get(at)).map(|cell| cell.whole()).filter(|cell| !is_none(cell.as_str()))
        };
        let all = |cell: &Slice<'_>| matches!(plain(cell.as_str()).as_str(), "all" | "all services" | "platform");
        Waiver {
            rule: cell(rule).map(|cell| cell.located(file)),
            service: cell(service).filter(|cell| !all(cell)).map(|cell| cell.as_str().to_owned()),
            reason: cell(reason).map(|cell| cell.as_str().replace('\n', " ")),
            until: cell(until).map(|cell| date_in(cell.as_str()).unwrap_or(cell.as_str()).to_owned()),
            route: Route::span(file, row.span),
        }
    });
    rows.filter(|waiver| waiver.rule.is_some() || waiver.reason.is_some()).collect()
}

/// The first `YYYY-MM-DD` in a text.
fn date_in(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let shape = |window: &[u8]| {
        window
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
    };
    let at = bytes.windows(10).position(shape)?;
    text.get(at..at + 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryStore, load};

    fn read(text: &str) -> Constitution {
        let sources = load(&MemoryStore::new([("constitution.md", text)]), &|_| true).unwrap();
        Constitution::read(&sources, sources.id_of("constitution.md").unwrap())
    }

    fn bullets(constitution: &Constitution) -> Vec<(Part, &str, &str)> {
        let bullets = constitution.bullets.iter();
        bullets.map(|bullet| (bullet.part, bullet.entry.key.as_str(), bullet.entry.value.as_str())).collect()
    }

    #[test]
    fn bullets_lines_and_rows_are_keys_and_values() {
        let constitution = read(
            "# The Shop\n\nIntro: text.\n\n## Core Principles\n- Events first\n- **Contracts:** before code\n\n## 2. Tech stack\n\
             **Language:** Go\n\n| Part | Choice |\n|---|---|\n| Database | SQLite |\n\n## Standards\n* Event naming : `a.b.c`\n",
        );
        assert_eq!(constitution.title.as_ref().unwrap().value, "The Shop");
        let expected = [
            (Part::Principles, "", "Events first"),
            (Part::Principles, "Contracts", "before code"),
            (Part::Technology, "Language", "Go"),
            (Part::Technology, "Database", "SQLite"),
            (Part::Standards, "Event naming", "a.b.c"),
        ];
        assert_eq!(bullets(&constitution), expected);
        let sections: Vec<_> = constitution.sections.iter().map(Located::as_str).collect();
        assert_eq!(sections, ["Core Principles", "Tech stack", "Standards"]);
    }

    #[test]
    fn a_principle_may_be_a_heading_with_prose() {
        let constitution =
            read("# C\n## Core Principles\n### I. Library first\nWords.\n### Tests\n- each rule has one\n");
        let values: Vec<_> = constitution.bullets.iter().map(|bullet| bullet.entry.value.as_str()).collect();
        assert_eq!(values, ["I. Library first", "each rule has one"]);
    }

    #[test]
    fn waivers_are_bullets_or_rows() {
        let constitution = read(
            "# C\n## Waivers\n- `no-health` (legacy-service): it goes away, until 2027-01-31\n- no-version: internal only\n- None\n\n\
             | Rule | Service | Reason | Until |\n|---|---|---|---|\n| x-rule | all | because | 2026-12-31 |\n",
        );
        let shown: Vec<_> = constitution
            .waivers
            .iter()
            .map(|w| {
                let rule = w.rule.as_ref().map_or("", |rule| rule.as_str());
                (rule, w.service.as_deref(), w.reason.as_deref(), w.until.as_deref())
            })
            .collect();
        let expected = [
            ("no-health", Some("legacy-service"), Some("it goes away"), Some("2027-01-31")),
            ("no-version", None, Some("internal only"), None),
            ("x-rule", None, Some("because"), Some("2026-12-31")),
        ];
        assert_eq!(shown, expected);
    }
}
