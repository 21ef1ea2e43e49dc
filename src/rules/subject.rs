//! Which run a file belongs to, so that `validate --spec` does not speak of a broken contract.

use super::registry::Subject;

/// The subject of a path; contracts for all that is not one of the known documents.
pub(super) fn subject_of(path: &str) -> Subject {
    match path.rsplit('/').next().unwrap_or_default() {
        "constitution.md" => Subject::Constitution,
        ".speckit.config.json" => Subject::Config,
        "plan.md" => Subject::Plan,
        "tasks.md" => Subject::Tasks,
        name if name.ends_with(".md") => Subject::Spec,
        _ => Subject::Contracts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_documents_by_their_name() {
        assert_eq!(subject_of("services/a/specs/001-a/plan.md"), Subject::Plan);
        assert_eq!(subject_of("services/a/specs/001-a/quick-ref.md"), Subject::Spec);
        assert_eq!(subject_of("services/a/contracts/api-spec.yaml"), Subject::Contracts);
        assert_eq!(subject_of(".speckit.config.json"), Subject::Config);
    }
}
