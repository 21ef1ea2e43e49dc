//! Every rule has a page in `docs/rules/`, and the page's examples are its tests: what stands under Example is found at
//! exactly the lines that the block announces (`finds=3,7`), what stands under Use instead is not found at all.
//!
//! The blocks of a section make a platform: ```` ```yaml file=services/orders/contracts/api-spec.yaml finds=12 ````. A path
//! that stands there already starts the next platform. Blocks without `file=` are only for the reader.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use agentspec::diagnostic::Finding;
use agentspec::document::read;
use agentspec::model::Platform;
use agentspec::rules::{self, Context, Rule, Selection};
use agentspec::source::{MemoryStore, load};

const HEADINGS: [&str; 5] =
    ["## What it does", "## Why it matters", "## Example", "## Use instead", "## Configuration"];

/// A file of an example, and the lines at which the rule must find something.
#[derive(Clone, Debug, Default)]
struct File {
    text: String,
    finds: BTreeSet<u32>,
}

type Files = BTreeMap<String, File>;

#[test]
fn examples_are_found_and_remedies_are_silent() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        let example = section(rule, "## Example");
        if example.iter().all(|files| files.values().all(|file| file.finds.is_empty())) {
            wrong.push(format!("{}: nothing is to be found under Example", rule.id));
        }
        for (heading, platforms) in [("Example", example), ("Use instead", section(rule, "## Use instead"))] {
            if platforms.is_empty() {
                wrong.push(format!("{}: no block with `file=` under {heading}", rule.id));
            }
            wrong.extend(platforms.iter().filter_map(|files| difference(rule, heading, files)));
        }
    }
    assert!(wrong.is_empty(), "{} pages are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn pages_have_their_headings_in_order() {
    for rule in rules::all() {
        let headings: Vec<&str> = prose(rule).filter(|line| line.starts_with('#')).collect();
        let title = format!("# {}", rule.id);
        let expected: Vec<&str> = std::iter::once(title.as_str()).chain(HEADINGS).collect();
        assert_eq!(headings, expected, "docs/rules/{}.md", rule.id);
        assert!(!rule.docs.contains('\t'), "docs/rules/{}.md has a tab", rule.id);
    }
}

#[test]
fn ids_are_unique_and_every_page_belongs_to_a_rule() {
    let ids: BTreeSet<&str> = rules::all().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), rules::all().count(), "an id stands twice");
    for rule in rules::all() {
        let kebab = rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        assert!(kebab, "{} is not in kebab-case", rule.id);
        assert!(!rule.summary.ends_with('.') && !rule.subjects.is_empty(), "{}", rule.id);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let id = name.strip_suffix(".md").unwrap_or(&name);
        assert!(ids.contains(id) || id == "README" || id == "index", "docs/rules/{name} belongs to no rule");
    }
}

/// The lines of a page outside of fenced blocks.
fn prose(rule: &Rule) -> impl Iterator<Item = &'static str> {
    let mut fenced = false;
    rule.docs.lines().filter(move |line| {
        let fence = line.starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// The platforms that a section's blocks make.
fn section(rule: &Rule, heading: &str) -> Vec<Files> {
    let mut platforms = vec![Files::new()];
    let mut inside = false;
    let mut lines = rule.docs.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            if line.starts_with("## ") {
                inside = line == heading;
            }
            continue;
        };
        let text: String = lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
        let value = |name: &str| info.split_whitespace().find_map(|word| word.strip_prefix(name));
        let Some(path) = value("file=").filter(|_| inside) else { continue };
        let lines = value("finds=").map(|lines| lines.split(',').map(|line| line.parse().unwrap()).collect());
        if platforms.last().unwrap().contains_key(path) {
            platforms.push(Files::new());
        }
        let file = File { text, finds: lines.unwrap_or_default() };
        platforms.last_mut().unwrap().insert(path.to_owned(), file);
    }
    platforms.retain(|files| !files.is_empty());
    platforms
}

/// Runs the rule alone over a platform, and says where it finds something else than was announced.
fn difference(rule: &Rule, heading: &str, files: &Files) -> Option<String> {
    let store = MemoryStore::new(files.iter().map(|(path, file)| (path.clone(), file.text.clone())));
    let sources = load(&store, &read::wanted).unwrap();
    let listing: Vec<String> = files.keys().cloned().collect();
    let documents = read::read(&sources, &listing);
    let platform = Platform::default();
    let context = Context { sources: &sources, documents: &documents, platform: &platform };
    let selection = Selection { only: vec![rule.id.to_owned()], ..Selection::default() };
    let mut found: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    let mut told = String::new();
    for diagnostic in rules::run(context, &selection) {
        let finding = Finding::resolve(&diagnostic, &sources, None);
        told += &format!("\n    {}:{} {}", finding.position.file, finding.position.line, finding.message);
        if finding.help.is_none() {
            told += " (without help)";
        }
        found.entry(finding.position.file).or_default().insert(finding.position.line);
    }
    let expected: BTreeMap<String, BTreeSet<u32>> = files
        .iter()
        .filter(|(_, file)| !file.finds.is_empty())
        .map(|(path, file)| (path.clone(), file.finds.clone()))
        .collect();
    (found != expected || told.contains("(without help)"))
        .then(|| format!("{}, {heading}: expected {expected:?}, found {found:?}{told}", rule.id))
}
