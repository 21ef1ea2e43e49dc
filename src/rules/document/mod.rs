//! Rules of the files themselves: encoding, syntax, limits, and the configuration.

use crate::rules::Subject;

mod problem;

rules! {
    alias_bomb,
    approval_ended,
    approval_incomplete,
    approval_stale,
    baseline_stale,
    complex_key,
    config_unknown_key,
    config_unknown_rule,
    config_wrong_type,
    duplicate_key,
    file_too_large,
    file_unreadable,
    json_syntax,
    merge_conflict_left,
    merge_key,
    multiple_yaml_documents,
    nested_too_deep,
    not_utf8,
    suppression_stale,
    suppression_unknown_rule,
    suppression_without_reason,
    yaml_syntax,
}

/// A file that cannot be read matters to every run that would read it; the run leaves out the files of other subjects.
const ANY: &[Subject] =
    &[Subject::Constitution, Subject::Spec, Subject::Plan, Subject::Tasks, Subject::Contracts, Subject::Config];
