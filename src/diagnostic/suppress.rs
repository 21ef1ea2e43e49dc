//! Suppression in the files themselves, with a reason: comments in YAML and Markdown, a key in YAML and JSON objects.
//!
//! `docs/formats/suppression.md` describes the forms. A suppression that has no reason or names no rule holds nothing
//! back, and one that matches nothing is a finding: the reason for it is gone.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::closest::did_you_mean;
use super::notes::{self, Note, PathHash, Scope, path_and_above};
use super::{Diagnostic, Finding, Findings, Severity};
use crate::source::{FileId, Route, SourceFile, Sources};

/// The rule about a suppression that gives no reason.
pub const WITHOUT_REASON: &str = "suppression-without-reason";
/// The rule about a suppression of a rule that does not exist.
pub const UNKNOWN_RULE: &str = "suppression-unknown-rule";
/// The rule about a suppression that matches nothing.
pub const STALE: &str = "suppression-stale";

/// What is known of the rules while suppressions are applied.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// The id of every rule.
    pub known: &'a [&'a str],
    /// Whether a rule ran over a file (its path): only then can a suppression of it be stale.
    pub ran: &'a dyn Fn(&str, &str) -> bool,
}

/// What became of the findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Findings that nothing holds back, in their order.
    pub kept: Vec<Finding>,
    /// Findings that a suppression holds back, in their order.
    pub suppressed: Vec<Finding>,
    /// What is wrong with the suppressions themselves, by file and place.
    pub problems: Vec<Diagnostic>,
}

/// Holds back the findings that the files suppress.
pub fn apply(mut findings: Vec<Finding>, sources: &Sources, rules: Rules<'_>) -> Outcome {
    let known: FxHashSet<&str> = rules.known.iter().copied().collect();
    let mut problems = Problems::default();
    let mut active: BTreeMap<FileId, Active> = BTreeMap::new();
    for (id, file) in sources.iter() {
        notes::each(file, &mut |note| match known.get(note.rule) {
            Some(&rule) if note.has_reason => active.entry(id).or_default().add(Note { rule, ..note }),
            Some(_) => problems.without_reason(&note, id),
            None => problems.unknown(&note, id, rules.known),
        });
    }
    let held = findings.extract_if(.., |finding| {
        let of_file = sources.id_of(&finding.position.file).and_then(|id| Some((id, active.get_mut(&id)?)));
        of_file.is_some_and(|(id, active)| active.hold(sources.file(id), finding))
    });
    let suppressed = held.collect();
    for (id, active) in &active {
        let path = &sources.file(*id).path;
        let stale = active.notes.iter().filter(|(note, used)| !used && (rules.ran)(note.rule, path));
        stale.for_each(|(note, _)| problems.stale(note, *id));
    }
    Outcome { kept: findings, suppressed, problems: problems.into_vec() }
}

/// The suppressions of one file by what they cover, and whether each held something back.
#[derive(Default)]
struct Active<'r> {
    notes: Vec<(Note<'r>, bool)>,
    by_line: BTreeMap<(&'r str, u32), Vec<usize>>,
    by_object: BTreeMap<&'r str, BTreeMap<PathHash, Vec<usize>>>,
    at_top: BTreeMap<&'r str, Vec<usize>>,
}

impl<'r> Active<'r> {
    fn add(&mut self, note: Note<'r>) {
        let (at, rule) = (self.notes.len(), note.rule);
        match note.scope {
            Scope::Line { line, top } => {
                let of_line = self.by_line.entry((rule, line)).or_default();
                if of_line.last().is_some_and(|&last| self.notes[last].0 == note) {
                    return;
                }
                of_line.push(at);
                if top {
                    self.at_top.entry(rule).or_default().push(at);
                }
            }
            Scope::Object { path, .. } => {
                self.by_object.entry(rule).or_default().entry(path).or_default().push(at);
            }
        }
        self.notes.push((note, false));
    }

    /// Marks every suppression that covers the finding; whether there is one.
    fn hold(&mut self, file: &SourceFile, finding: &Finding) -> bool {
        let (place, rule) = (&finding.position, finding.rule.as_str());
        let mut covering = self.on_line(rule, place.line);
        if let Some(line) = key_line(file, finding).filter(|line| *line != place.line) {
            covering.extend(self.on_line(rule, line));
        }
        let whole_file = (place.line, place.column) == (1, 1) && (place.end_line, place.end_column) == (1, 1);
        if whole_file {
            covering.extend(self.at_top.get(rule).into_iter().flatten());
        }
        if let Some(objects) = self.by_object.get(rule) {
            match &place.pointer {
                Some(pointer) => {
                    let text = pointer.text();
                    covering.extend(path_and_above(&text).filter_map(|path| objects.get(&path)).flatten());
                }
                None => covering.extend(objects.values().flatten().filter(|&&at| self.spans(at, place.line))),
            }
        }
        covering.iter().for_each(|&at| self.notes[at].1 = true);
        !covering.is_empty()
    }

    fn on_line(&self, rule: &str, line: u32) -> Vec<usize> {
        self.by_line.get(&(rule, line)).cloned().unwrap_or_default()
    }

    /// Whether an object reaches over a line; the root reaches over all.
    fn spans(&self, at: usize, line: u32) -> bool {
        match self.notes[at].0.scope {
            Scope::Object { first_line, last_line, .. } => (first_line..=last_line).contains(&line),
            Scope::Line { .. } => false,
        }
    }
}

/// The line of the key under which a finding's node stands: in block style the value starts on a later one.
fn key_line(file: &SourceFile, finding: &Finding) -> Option<u32> {
    let pointer = finding.position.pointer.as_ref()?.text();
    let (parent, token) = pointer.rsplit_once('/')?;
    let token = token.replace("~1", "/").replace("~0", "~");
    let (key, _) = file.tree()?.root().pointer(parent)?.entry(&token)?;
    Some(file.position(key.span().start).line)
}

/// What is wrong with the suppressions themselves: as few are kept of each rule and file as of any rule.
#[derive(Default)]
struct Problems {
    findings: Findings,
}

impl Problems {
    fn add(&mut self, rule: &'static str, note: &Note<'_>, file: FileId, message: String, help: String) {
        let finding = Diagnostic::new(rule, Severity::Warning, Route::span(file, note.span), message);
        self.findings.push(finding.help(help));
    }

    fn unknown(&mut self, note: &Note<'_>, file: FileId, known: &[&str]) {
        let (message, help) = if note.rule.is_empty() {
            let help = "write `agentspec-ignore rule-id: reason`; `agentspec list` names the rules";
            ("suppression names no rule".to_owned(), help.to_owned())
        } else {
            let names = known.iter().copied();
            let help =
                did_you_mean(self.findings.len(), note.rule, names, || "`agentspec list` names the rules".to_owned());
            (format!("suppression of `{}`, which is no rule", note.rule), help)
        };
        self.add(UNKNOWN_RULE, note, file, message, help);
    }

    fn without_reason(&mut self, note: &Note<'_>, file: FileId) {
        let message = format!("suppression of `{}` gives no reason, so it holds nothing back", note.rule);
        let help = format!("say why after a colon: `{}: the reason`", note.rule);
        self.add(WITHOUT_REASON, note, file, message, help);
    }

    fn stale(&mut self, note: &Note<'_>, file: FileId) {
        let message = format!("suppression of `{}` matches no finding", note.rule);
        let help = "remove it; what it was written for is gone, or stands elsewhere";
        self.add(STALE, note, file, message, help.to_owned());
    }

    /// By file and place.
    fn into_vec(self) -> Vec<Diagnostic> {
        let mut problems = self.findings.into_vec();
        problems.sort_by_key(|problem| (problem.route, problem.rule));
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Position;
    use crate::source::{Content, Format, MemoryStore, read_file};

    const KNOWN: &[&str] = &["no-limit", "no-example"];

    fn finding(rule: &str, file: &str, line: u32, pointer: Option<&str>) -> Finding {
        Finding {
            rule: rule.to_owned(),
            severity: Severity::Error,
            message: "m".to_owned(),
            position: Position {
                file: file.to_owned(),
                line,
                column: 2,
                end_line: line,
                end_column: 3,
                pointer: pointer.map(Into::into),
            },
            excerpt: String::new(),
            help: None,
            notes: Vec::new(),
            related: Vec::new(),
            consumers: Vec::new(),
            transitive: Vec::new(),
            unaffected: Vec::new(),
            changed: None,
            approved: None,
            grounds: Vec::new(),
            witness: None,
            fingerprint: String::new(),
        }
    }

    fn text_file(path: &str, text: &str) -> SourceFile {
        let content = match Format::of_path(path) {
            Some(Format::Markdown) => Content::Markdown,
            _ => Content::Nothing,
        };
        SourceFile::new(path.to_owned(), text.into(), content, Vec::new())
    }

    fn run(file: SourceFile, findings: Vec<Finding>) -> (usize, Vec<String>) {
        let sources = Sources::new(vec![file]);
        let outcome = apply(findings, &sources, Rules { known: KNOWN, ran: &|_, _| true });
        let problems = outcome.problems.iter().map(|problem| {
            let line = sources.file(problem.route.file).position(sources.span(problem.route).start).line;
            format!("{}:{line}", problem.rule)
        });
        (outcome.suppressed.len(), problems.collect())
    }

    #[test]
    fn a_yaml_comment_covers_the_next_line_or_its_own() {
        let text = "# agentspec-ignore no-limit: small list\n# why\n\na: 1\nb: 2 # agentspec-ignore no-limit: fixed\n";
        let at = |line| finding("no-limit", "a.yaml", line, None);
        assert_eq!(run(text_file("a.yaml", text), vec![at(4), at(5)]), (2, vec![]));
        let (held, problems) = run(text_file("a.yaml", text), vec![at(3), finding("no-example", "a.yaml", 4, None)]);
        assert_eq!((held, problems), (0, vec!["suppression-stale:1".to_owned(), "suppression-stale:5".to_owned()]));
    }

    #[test]
    fn a_markdown_comment_covers_the_next_line_or_its_own_but_not_from_a_code_block() {
        let text = "# A\n\n<!-- agentspec-ignore no-limit: later -->\n\n## B\n\n| x <!-- agentspec-ignore no-example: y --> |\n\n\
                    ```\n<!-- agentspec-ignore nonsense -->\n```\n`<!-- agentspec-ignore nonsense -->`\n";
        let found = vec![finding("no-limit", "a.md", 5, None), finding("no-example", "a.md", 7, None)];
        assert_eq!(run(text_file("a.md", text), found), (2, vec![]));
    }

    #[test]
    fn a_heading_is_no_comment() {
        let text = "<!-- agentspec-ignore no-limit: later -->\n\n# A\n\ntext\n";
        assert_eq!(run(text_file("a.md", text), vec![finding("no-limit", "a.md", 3, None)]), (1, vec![]));
    }

    #[test]
    fn a_reason_and_a_known_rule_are_asked_for() {
        let text = "<!-- agentspec-ignore no-limit -->\n<!-- agentspec-ignore no-limits: x -->\n<!-- agentspec-ignore -->\nA\n";
        let (held, problems) = run(text_file("a.md", text), vec![finding("no-limit", "a.md", 4, None)]);
        assert_eq!(held, 0);
        assert_eq!(
            problems,
            ["suppression-without-reason:1", "suppression-unknown-rule:2", "suppression-unknown-rule:3"]
        );
        let sources = Sources::new(vec![text_file("a.md", text)]);
        let outcome = apply(Vec::new(), &sources, Rules { known: KNOWN, ran: &|_, _| true });
        assert!(outcome.problems[1].help.as_ref().unwrap().contains("`no-limit`"));
    }

    #[test]
    fn names_of_many_rules_are_a_few_findings() {
        let names: Vec<String> = (0..30_000).map(|n| format!("r{n}")).collect();
        let reason = "y".repeat(100_000);
        let text = format!("# agentspec-ignore {}: {reason}\na: 1\n", names.join(","));
        let sources = Sources::new(vec![read("a.yaml", &text)]);
        let problems = apply(Vec::new(), &sources, Rules { known: KNOWN, ran: &|_, _| true }).problems;
        assert_eq!(problems.len(), crate::diagnostic::KEPT + 1);
        assert!(problems.iter().any(|one| one.message == "29500 more findings of this rule in this file"));
        let stale = "# agentspec-ignore no-limit: y\n".repeat(2000) + "a: 1\n";
        assert_eq!(run(read("a.yaml", &stale), Vec::new()).1.len(), crate::diagnostic::KEPT + 1);
        assert_eq!(run(read("a.yaml", &stale), vec![finding("no-limit", "a.yaml", 2001, None)]), (1, vec![]));
    }

    #[test]
    fn a_comment_ends_where_the_next_one_of_its_line_begins() {
        let text = "a: 1 # agentspec-ignore no-limit: x # agentspec-ignore no-example: y\n";
        let found = ["no-limit", "no-example"].map(|rule| finding(rule, "a.yaml", 1, None));
        assert_eq!(run(read("a.yaml", text), found.to_vec()), (2, vec![]));
        let bare = "a: 1 # agentspec-ignore no-limit # agentspec-ignore no-example: y\n";
        assert_eq!(run(read("a.yaml", bare), found.to_vec()), (1, vec!["suppression-without-reason:1".to_owned()]));
    }

    #[test]
    fn what_did_not_run_is_not_stale() {
        let text = "# agentspec-ignore no-limit, no-example: both\na: 1\n";
        let sources = Sources::new(vec![text_file("a.yaml", text)]);
        let ran = |rule: &str, _: &str| rule == "no-example";
        let outcome = apply(Vec::new(), &sources, Rules { known: KNOWN, ran: &ran });
        let rules: Vec<&str> = outcome.problems.iter().map(|problem| problem.rule).collect();
        assert_eq!(rules, [STALE]);
        assert!(outcome.problems[0].message.contains("no-example"));
    }

    #[test]
    fn a_comment_at_the_top_covers_findings_about_the_whole_file() {
        let text = "<!-- agentspec-ignore no-limit: draft -->\n# A\n";
        let mut whole = finding("no-limit", "a.md", 1, None);
        (whole.position.column, whole.position.end_column) = (1, 1);
        assert_eq!(run(text_file("a.md", text), vec![whole]), (1, vec![]));
    }

    fn read(path: &str, text: &str) -> SourceFile {
        read_file(&MemoryStore::new([(path, text)]), path)
    }

    #[test]
    fn a_key_covers_its_object_and_what_is_below() {
        let text = r#"{"o": {"x-agentspec-ignore": {"no-limit": "why"}, "a": ["b"]}, "p": "q"}"#;
        let at = |pointer| finding("no-limit", "a.json", 1, Some(pointer));
        assert_eq!(run(read("a.json", text), vec![at("/o"), at("/o/a/0")]), (2, vec![]));
        assert_eq!(run(read("a.json", text), vec![at("/p"), at("/oo")]), (0, vec!["suppression-stale:1".to_owned()]));
        let root = r#"{"x-agentspec-ignore": {"no-limit": ""}, "a": {"x-agentspec-ignore": 1}}"#;
        let (_, problems) = run(read("a.json", root), Vec::new());
        assert_eq!(problems, ["suppression-without-reason:1", "suppression-unknown-rule:1"]);
    }

    #[test]
    fn a_key_below_lists_and_odd_names_is_found() {
        let text = "a/b:\n  - x\n  - {x-agentspec-ignore: {no-limit: why}, c: 1}\n";
        let at = |pointer| finding("no-limit", "a.yaml", 1, Some(pointer));
        assert_eq!(run(read("a.yaml", text), vec![at("/a~1b/1/c"), at("/a~1b/0")]), (1, vec![]));
    }

    #[test]
    fn a_comment_covers_the_node_whose_key_it_stands_before() {
        let text = "paths:\n  # agentspec-ignore no-limit: one page\n  /a:\n    get: {}\n";
        let found = vec![finding("no-limit", "a.yaml", 4, Some("/paths/~1a"))];
        assert_eq!(run(read("a.yaml", text), found), (1, vec![]));
    }

    #[test]
    fn text_of_a_scalar_is_no_comment() {
        let text = "a: |\n  # agentspec-ignore nonsense\n  text\n# agentspec-ignore no-limit: why\nb: 1\n\
                    c: \"x # agentspec-ignore nonsense\"\nd: >-\n  # agentspec-ignore nonsense\n";
        assert_eq!(run(read("a.yaml", text), vec![finding("no-limit", "a.yaml", 5, None)]), (1, vec![]));
    }

    proptest::proptest! {
        #[test]
        fn any_file_is_looked_through(
            parts in proptest::collection::vec("(agentspec-ignore|x-agentspec-ignore|no-limit|: |#|<!--|-->|\"|\n| |\\||\\{|\\}|é|.){0,4}", 0..12),
            yaml in proptest::bool::ANY,
        ) {
            let path = if yaml { "a.yaml" } else { "a.md" };
            let sources = Sources::new(vec![read(path, &parts.concat())]);
            apply(vec![finding("no-limit", path, 1, Some("/a"))], &sources, Rules { known: KNOWN, ran: &|_, _| true });
        }
    }
}
