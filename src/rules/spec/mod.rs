//! Rules of specs, plans and task lists.

mod prose;
mod prose_in_contract;

pub(crate) use prose::is_blank;

rules! {
    cached_operation_unknown,
    exclusion_owner_unknown,
    exclusion_without_owner,
    open_question_left,
    placeholder_left,
    plan_empty,
    scenario_incomplete,
    scenario_operation_unknown,
    scenarios_missing,
    section_missing,
    service_boundary_missing,
    service_name_duplicate,
    service_name_mismatch,
    service_name_missing,
    service_type_unknown,
    spec_empty,
    spec_folder_unnumbered,
    spec_missing,
    spec_number_duplicate,
    task_dependency_unknown,
    task_number_duplicate,
    tasks_empty,
}
