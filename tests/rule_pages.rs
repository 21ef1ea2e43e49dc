//! The examples of the rule pages are the rules' tests: what stands under "Example" must fire exactly where it is
//! annotated, and what stands under "Use instead" must be silent.
//!
//! A fenced block with `file=PATH` in its info string is a file of a small platform, over which only the page's rule
//! runs. `finds=3,5` names the lines at which findings must stand, exactly those; without it there must be none in the
//! file. `missing` leaves the file out: the finding must stand at the path where it would belong. `hex` reads the block
//! as bytes in hexadecimal. `base` puts the file into the base with which the others are compared, and `today=` says on which
//! day. Blocks without `file=` are prose.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use agentspec::check::{self, Base, History, Scope};
use agentspec::diagnostic::{Finding, baseline};
use agentspec::document::date::Date;
use agentspec::rules::{self, Check, Context, Rule, Selection};
use agentspec::source::{self, MemoryStore, Store};
use agentspec::workspace::Workspace;
use agentspec::{document, model};

/// One file of an example.
struct Block {
    path: String,
    finds: Vec<u32>,
    missing: bool,
    base: bool,
    today: Option<Date>,
    bytes: Vec<u8>,
}

/// The file blocks between a heading of the second level and the next one.
fn blocks(page: &str, heading: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut inside = false;
    let mut open: Option<(String, String, String)> = None;
    for line in page.lines() {
        match &mut open {
            Some((fence, info, text)) => {
                if line.trim_end() == fence {
                    found.extend(block(info, text));
                    open = None;
                } else {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            None if line.starts_with("```") => {
                let fence: String = line.chars().take_while(|c| *c == '`').collect();
                let info = if inside { line[fence.len()..].to_owned() } else { String::new() };
                open = Some((fence, info, String::new()));
            }
            None if line.starts_with("## ") => inside = line[3..].trim() == heading,
            None => {}
        }
    }
    found
}

fn block(info: &str, text: &str) -> Option<Block> {
    let words: Vec<&str> = info.split_whitespace().collect();
    let value = |key: &str| words.iter().find_map(|word| word.strip_prefix(key));
    let path = value("file=")?.to_owned();
    let finds = value("finds=").unwrap_or_default();
    let finds = finds.split(',').filter(|line| !line.is_empty()).map(|line| line.parse().unwrap()).collect();
    let bytes = if words.contains(&"hex") {
        let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap();
        digits.chunks(2).map(byte).collect()
    } else {
        text.as_bytes().to_vec()
    };
    let today = value("today=").map(|day| day.parse().unwrap());
    Some(Block { path, finds, missing: words.contains(&"missing"), base: words.contains(&"base"), today, bytes })
}

/// The findings of one rule over the files.
fn findings(rule: &Rule, blocks: &[Block]) -> Vec<Finding> {
    let store = |base: bool| {
        let files = blocks.iter().filter(|block| !block.missing && block.base == base);
        MemoryStore::new(files.map(|block| (block.path.clone(), block.bytes.clone())))
    };
    let today = blocks.iter().find_map(|block| block.today);
    if blocks.iter().any(|block| block.base) {
        return findings_since(rule, &store(true), &store(false), today);
    }
    let store = store(false);
    if matches!(rule.check, Check::Afterwards) {
        return findings_afterwards(rule, &store);
    }
    let listing = store.list().unwrap();
    let sources = source::load_listed(&store, &listing, &document::read::wanted);
    let documents = document::read::read(&sources, &listing);
    let platform = model::build(&sources, &documents);
    let context = Context { sources: &sources, documents: &documents, platform: &platform };
    let selection = Selection { only: vec![rule.id.to_owned()], today, ..Selection::default() };
    rules::run(context, &selection).iter().map(|found| Finding::resolve(found, &sources, None)).collect()
}

/// The findings of a rule on what holds findings back: those of a whole check.
fn findings_afterwards(rule: &Rule, store: &MemoryStore) -> Vec<Finding> {
    let baseline = store.read(baseline::PATH).ok().map(|bytes| String::from_utf8(bytes).unwrap());
    let baseline = baseline.map(|text| baseline::Baseline::read(baseline::PATH, &text).unwrap());
    let outcome = check::validate(&Workspace::load(store).unwrap(), &[], &Scope { baseline, ..Scope::default() });
    outcome.findings.into_iter().filter(|finding| finding.rule == rule.id).collect()
}

/// The findings of a rule when the files are compared with those of a base.
fn findings_since(rule: &Rule, base: &MemoryStore, store: &MemoryStore, today: Option<Date>) -> Vec<Finding> {
    let load = |store: &MemoryStore| Workspace::load(store).unwrap().lower_schemas();
    let (old, history) = (load(base), History::default());
    let base = Base { workspace: &old, rev: "the base", history: &history, today };
    let outcome = check::breaking_changes(base, &load(store), &Scope::default());
    outcome.findings.into_iter().filter(|finding| finding.rule == rule.id).collect()
}

/// What differs between the annotated lines and the findings.
fn differences(rule: &Rule, heading: &str, blocks: &[Block]) -> String {
    let mut expected: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for block in blocks.iter().filter(|block| !block.base) {
        let mut finds = block.finds.clone();
        finds.sort_unstable();
        expected.insert(&block.path, finds);
    }
    let findings = findings(rule, blocks);
    let mut found: BTreeMap<&str, Vec<u32>> = blocks.iter().map(|block| (block.path.as_str(), Vec::new())).collect();
    for finding in &findings {
        found.entry(&finding.position.file).or_default().push(finding.position.line);
    }
    found.values_mut().for_each(|lines| lines.sort_unstable());
    if expected == found {
        return String::new();
    }
    let mut text = format!("\n{} ({heading})\n  expected {expected:?}\n  found    {found:?}\n", rule.id);
    for finding in &findings {
        let place = format!("{}:{}", finding.position.file, finding.position.line);
        writeln!(text, "    {place}: {}", finding.message).unwrap();
    }
    text
}

#[test]
fn examples_fire_where_annotated_and_alternatives_are_silent() {
    let only = std::env::var("RULE").ok();
    let mut wrong = String::new();
    for rule in rules::all().filter(|rule| only.as_ref().is_none_or(|id| id == rule.id)) {
        let example = blocks(rule.docs, "Example");
        let instead = blocks(rule.docs, "Use instead");
        wrong.push_str(&differences(rule, "Example", &example));
        wrong.push_str(&differences(rule, "Use instead", &instead));
        if instead.is_empty() || instead.iter().any(|block| !block.finds.is_empty()) {
            writeln!(wrong, "\n{}: \"Use instead\" must hold a file, and find nothing", rule.id).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// These cannot be written as a text of moderate size; the unit tests of `src/rules/document` fire them.
const WITHOUT_EXAMPLE: [&str; 3] = ["file-too-large", "file-unreadable", "nested-too-deep"];

#[test]
fn every_rule_fires_in_its_example() {
    let silent: Vec<&str> = rules::all()
        .filter(|rule| !WITHOUT_EXAMPLE.contains(&rule.id))
        .filter(|rule| blocks(rule.docs, "Example").iter().all(|block| block.finds.is_empty()))
        .map(|rule| rule.id)
        .collect();
    assert!(silent.is_empty(), "no finding is annotated on the pages of {silent:?}");
}
