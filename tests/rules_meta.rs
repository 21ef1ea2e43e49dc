//! What holds for all rules together: ids, pages, and the index of the pages.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use agentspec::rules::{self, Family};

const HEADINGS: [&str; 5] = ["What it does", "Why it matters", "Example", "Use instead", "Configuration"];

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules")
}

#[test]
fn ids_are_unique_and_kebab_case() {
    let mut seen = BTreeSet::new();
    for rule in rules::all() {
        assert!(seen.insert(rule.id), "the id {} stands twice", rule.id);
        let plain = rule.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        assert!(plain && !rule.id.starts_with('-') && !rule.id.ends_with('-'), "{} is not kebab-case", rule.id);
        assert!(
            !rule.summary.is_empty() && !rule.summary.ends_with('.'),
            "the summary of {} ends with a full stop",
            rule.id
        );
        assert!(!rule.subjects.is_empty(), "{} is part of no run", rule.id);
    }
    assert!(seen.len() >= 60, "there are only {} rules", seen.len());
}

#[test]
fn rules_stand_in_the_order_of_families_and_ids() {
    let listed: Vec<(Family, &str)> = rules::all().map(|rule| (rule.family, rule.id)).collect();
    let mut sorted = listed.clone();
    sorted.sort();
    assert_eq!(listed, sorted);
}

#[test]
fn pages_have_the_fixed_headings() {
    for rule in rules::all() {
        assert!(rule.docs.starts_with(&format!("# {}\n", rule.id)), "the page of {} has another title", rule.id);
        let mut fence = false;
        let mut found = Vec::new();
        for line in rule.docs.lines() {
            fence ^= line.starts_with("```");
            if let Some(heading) = line.strip_prefix("## ").filter(|_| !fence) {
                found.push(heading);
            }
        }
        assert_eq!(found, HEADINGS, "headings on the page of {}", rule.id);
        let configuration = rule.docs.rsplit("## Configuration").next().unwrap();
        assert!(configuration.contains(rule.id), "the page of {} does not show its configuration", rule.id);
    }
}

#[test]
fn every_page_has_a_rule() {
    let known: BTreeSet<String> = rules::all().map(|rule| format!("{}.md", rule.id)).collect();
    let found: BTreeSet<String> = fs::read_dir(pages())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    assert_eq!(found, known);
}

/// The index, family by family.
fn index() -> String {
    let mut text =
        String::from("# Rules\n\nEvery rule of `agentspec validate` and `agentspec validate-contracts`, by family. ");
    text.push_str(
        "`agentspec explain RULE` shows a page on the command line. The examples of the pages run as tests.\n",
    );
    for family in Family::ALL {
        let of_family: Vec<_> = rules::all().filter(|rule| rule.family == family).collect();
        if of_family.is_empty() {
            continue;
        }
        write!(text, "\n## {}\n\n| Rule | Severity | What it finds |\n|---|---|---|\n", family.name()).unwrap();
        for rule in of_family {
            let severity = rule.severity.name();
            writeln!(text, "| [`{0}`]({0}.md) | {severity} | {1} |", rule.id, rule.summary).unwrap();
        }
    }
    text
}

/// `UPDATE=1 cargo test --test rules_meta` writes the index anew.
#[test]
fn the_index_is_current() {
    let path = pages().join("README.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, index()).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == index(), "docs/rules/README.md is not current: run UPDATE=1 cargo test --test rules_meta");
}
