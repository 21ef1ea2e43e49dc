//! Words that stand for text which is still to be written.

use std::sync::LazyLock;

use regex::{Match, Regex};

use super::prose::prose_lines;
use super::prose_in_contract::texts_of;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{FileId, NodeKey, NodeRef, Route, SourceFile, Span, Tree};

/// Words that stand for text which is still to be written.
pub(crate) static RULE: Rule = Rule {
    id: "placeholder-left",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A placeholder such as TODO or TBD is left in a document or contract",
    subjects: &[Subject::Spec, Subject::Plan, Subject::Constitution, Subject::Contracts],
    docs: include_str!("../../../docs/rules/placeholder-left.md"),
    check: Check::File(check),
};

/// The documents that are read by people and must be finished.
const DOCUMENTS: [&str; 4] = ["spec.md", "plan.md", "quick-ref.md", "ai-doc.md"];
/// Elements that Markdown may hold and that look like `<placeholder>`.
const HTML: [&str; 12] =
    ["<br>", "<b>", "<i>", "<em>", "<sub>", "<sup>", "<kbd>", "<code>", "<details>", "<summary>", "<strong>", "<p>"];

/// The alternatives: words, a bracketed ellipsis, bracketed capitals, and a name in angle brackets.
static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b(?:TODO|TBD|TBC|FIXME|XXX)\b|(?i:\[?needs clarification\b)",
        r"|\[\s*(?:\.\.\.|…)[^\]]*\]",
        r"|\[[A-Z][A-Z0-9]*(?:[ _-][A-Z0-9]+)+\]",
        r"|<(?:placeholder|todo|name|value|description|[a-z0-9]+(?:[ _-][a-z0-9]+)+)>",
    ))
    .ok()
});

/// In contracts only words: brackets there are mostly what is sent, such as `Bearer <access-token>`.
static WORDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?:TODO|TBD|TBC|FIXME)\b|(?i:\[?needs clarification\b)").ok());

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    let source = context.sources.file(file);
    let name = source.path.rsplit('/').next().unwrap_or_default();
    let in_specs = source.path.starts_with("services/") && DOCUMENTS.contains(&name);
    if let Some(root) = source.tree().filter(|_| is_contract(&source.path)).map(Tree::root) {
        return in_contract(file, source, root, out);
    }
    let Some(placeholder) = PLACEHOLDER.as_ref() else { return };
    if !in_specs && &*source.path != "constitution.md" {
        return;
    }
    let skip = |heading: &str| heading.to_lowercase().contains("open question");
    for (start, line) in prose_lines(&source.text, skip) {
        if let Some(found) = first_in(placeholder, line) {
            let span = Span::new(start + found.start(), start + found.end());
            let finding = RULE.finding(Route::span(file, span), message(found.as_str()));
            out.push(finding.help("Write what belongs here, or move the question to \"Open Questions\""));
        }
    }
}

/// The first placeholder of a line that is neither code nor an element.
fn first_in<'l>(placeholder: &Regex, line: &'l str) -> Option<Match<'l>> {
    let mut ticks = Ticks { line, at: 0, open: false };
    placeholder.find_iter(line).find(|found| !ticks.quote(found.start()) && !is_html(found.as_str()))
}

fn message(found: &str) -> String {
    format!("The placeholder `{}` is left", found.trim_matches(['[', ']']).trim())
}

/// Whether a file belongs to the contracts of a service or to those that services share.
fn is_contract(path: &str) -> bool {
    let mut parts = path.split('/');
    match (parts.next(), parts.next()) {
        (Some("services"), Some(_)) => parts.next() == Some("contracts"),
        (Some("shared"), Some("contracts")) => true,
        _ => false,
    }
}

/// The first placeholder of each text of a contract.
fn in_contract(file: FileId, source: &SourceFile, root: NodeRef<'_>, out: &mut Findings) {
    let Some(words) = WORDS.as_ref() else { return };
    for node in texts_of(root) {
        let text = node.scalar().unwrap_or_default();
        let Some((start, found)) =
            prose_lines(text, |_| false).find_map(|(start, line)| Some((start, first_in(words, line)?)))
        else {
            continue;
        };
        // The same words in the file: escapes and indentation move them, and a fold may even divide them.
        let before = text[..start + found.start()].matches(found.as_str()).count();
        let written = source.text.get(node.span().range()).unwrap_or_default();
        let route = match written.match_indices(found.as_str()).nth(before) {
            Some((at, words)) => {
                let start = node.span().range().start + at;
                Route::span(file, Span::new(start, start + words.len()))
            }
            None => Route::node(NodeKey { file, node: node.id() }),
        };
        out.push(RULE.finding(route, message(found.as_str())).help("Write what belongs here, or remove it"));
    }
}

/// Inline code of one line, read from left to right once.
struct Ticks<'l> {
    line: &'l str,
    at: usize,
    open: bool,
}

impl Ticks<'_> {
    /// Whether the byte stands within inline code; the bytes asked for must ascend.
    fn quote(&mut self, at: usize) -> bool {
        let between = self.line.get(self.at..at).unwrap_or_default();
        self.open ^= between.matches('`').count() % 2 == 1;
        self.at = at;
        self.open
    }
}

fn is_html(text: &str) -> bool {
    HTML.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_placeholders_from_ordinary_words() {
        let regex = PLACEHOLDER.as_ref().unwrap();
        for text in ["TODO: write", "(TBD)", "[NEEDS CLARIFICATION: how?]", "[...]", "[... rest of spec ...]",
            "[SERVICE NAME]", "<service-name>", "<placeholder>"]
        {
            assert!(regex.is_match(text), "{text}");
        }
        for text in ["a todo list app", "items[]", "[x] done", "[Test] first", "a < b and c > d", "<https://a.example>",
            "[US1]", "[link](x)"]
        {
            assert!(!regex.is_match(text), "{text}");
        }
    }
}
