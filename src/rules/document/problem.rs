//! What all rules about reading problems share: the reader found them, a rule only gives them a name and a help.

use crate::diagnostic::Findings;
use crate::rules::{Context, Rule};
use crate::source::{FileId, ProblemKind, Route};

/// Every problem of one kind in one file, as findings of `rule`.
pub(super) fn report(
    context: Context<'_>,
    file: FileId,
    kind: ProblemKind,
    rule: &Rule,
    help: &str,
    out: &mut Findings,
) {
    let problems = context.sources.file(file).problems.iter();
    out.extend(problems.filter(|problem| problem.kind == kind).map(|problem| {
        let finding =
            rule.finding(Route::span(file, problem.span), problem.message.clone()).help(problem.help.unwrap_or(help));
        match &problem.related {
            Some((span, message)) => finding.related(Route::span(file, *span), message.clone()),
            None => finding,
        }
    }));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::document::Documents;
    use crate::model::Platform;
    use crate::rules::{Context, Selection, run};
    use crate::source::{Content, Problem, ProblemKind, SourceFile, Sources, Span};

    /// Each kind of problem is reported once, by the one rule that has its name.
    #[test]
    fn every_kind_has_a_rule() {
        let kinds = [
            (ProblemKind::Unreadable, "file-unreadable"),
            (ProblemKind::NotUtf8, "not-utf8"),
            (ProblemKind::YamlSyntax, "yaml-syntax"),
            (ProblemKind::JsonSyntax, "json-syntax"),
            (ProblemKind::DuplicateKey, "duplicate-key"),
            (ProblemKind::AliasBomb, "alias-bomb"),
            (ProblemKind::TooDeep, "nested-too-deep"),
            (ProblemKind::TooLarge, "file-too-large"),
            (ProblemKind::MultipleDocuments, "multiple-yaml-documents"),
            (ProblemKind::ComplexKey, "complex-key"),
        ];
        for (kind, rule) in kinds {
            let first = Some((Span::new(0, 1), "the first one".to_owned()));
            let (span, message) = (Span::new(2, 3), "It is broken".to_owned());
            let problem = Problem { kind, span, message, help: None, related: first };
            let path = "services/orders/contracts/api-spec.yaml".to_owned();
            let file = SourceFile::new(path, Arc::from("a\nb\n"), Content::Nothing, vec![problem]);
            let sources = Sources::new(vec![file]);
            let (documents, platform) = (Documents::default(), Platform::default());
            let context = Context { sources: &sources, documents: &documents, platform: &platform };
            let selection = Selection { only: vec![rule.to_owned()], ..Selection::default() };
            let found = run(context, &selection);
            assert_eq!(found.len(), 1, "{rule}");
            assert_eq!((found[0].message.as_str(), found[0].related.len()), ("It is broken", 1));
            assert!(found[0].help.is_some());
        }
    }
}
