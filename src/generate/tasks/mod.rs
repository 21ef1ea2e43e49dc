//! Task lists: `tasks.md` beside each spec, derived from the model and merged with what a person ticked, noted and added.

mod derive;
mod found;
mod list;
mod merge;

use serde::Serialize;

use super::{GenerateError, Request, Target};
use crate::output::{Ownership, Parts, Plan, PlannedFile};
use crate::template::one_line;

/// The target.
pub(super) static TARGET: Target =
    Target { name: "tasks", summary: "task list of each service, merged with ticks and tasks of your own", plan };

const TEMPLATE: &str = "tasks/tasks.md.j2";

/// What the frame of a new list shows.
#[derive(Serialize)]
struct Frame<'a> {
    service: &'a str,
    title: String,
    begin: &'static str,
    end: &'static str,
}

fn plan(request: &Request<'_>, plan: &mut Plan) -> Result<(), GenerateError> {
    let files = &mut plan.files;
    for service in request.services() {
        let Some(spec) = &service.spec else { continue };
        let path = format!("{}/specs/{}/tasks.md", service.folder, spec.folder);
        let fresh = derive::tasks(request.platform, service);
        let title = if spec.title.trim().is_empty() { &service.name } else { &spec.title };
        let made_from = (request.existing)(&path).filter(|text| !text.trim().is_empty());
        let content = match &made_from {
            Some(text) => merge::merge(text, &fresh),
            None => {
                let (begin, end) = (merge::BEGIN, merge::END);
                let frame = Frame { service: &service.name, title: one_line(title), begin, end };
                merge::merge(&request.engine.render(TEMPLATE, &frame)?, &fresh)
            }
        };
        files.push(PlannedFile {
            path,
            ownership: Ownership::Merged,
            content,
            template: TEMPLATE.to_owned(),
            target: TARGET.name,
            service: Some(service.name.clone()),
            executable: false,
            made_from,
            parts: Parts::new(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn a_list_is_derived_from_the_model() {
        let files = fixture::plan(&fixture::platform(), &TARGET, &|_| None).unwrap();
        let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "services/checkout-service/specs/001-checkout-service/tasks.md",
                "services/stock-service/specs/001-stock-service/tasks.md"
            ]
        );
        let text = &files[0].content;
        for expected in [
            "# Implementation Tasks: Spec of checkout-service\n",
            "## Phase 1: Foundation\n",
            "<!-- task: operation startCheckout ",
            "<!-- task: consume stock.book.reserved ",
            "<!-- task: upstream stock-service ",
            "<!-- task: saga buy-book ",
            "### Task 1.2: Answer: Who pays for returns?\n",
            "- Dependencies: Task 1.1\n",
        ] {
            assert!(text.contains(expected), "{expected} is not in\n{text}");
        }
        let stock = &files[1].content;
        assert!(stock.contains("Handle reserveBook\n"), "{stock}");
        assert!(stock.contains("<!-- task: entity Book ") && stock.contains("<!-- task: publish stock.book.reserved "));
    }

    #[test]
    fn ticks_survive_the_next_run_and_nothing_else_changes() {
        let platform = fixture::platform();
        let first = fixture::plan(&platform, &TARGET, &|_| None).unwrap();
        let ticked = first[0].content.replacen("- [ ] Done", "- [x] Done", 1);
        let second =
            fixture::plan(&platform, &TARGET, &|path| (path == first[0].path).then(|| ticked.clone())).unwrap();
        assert_eq!(second[0].content, ticked);
        assert_eq!(second[1].content, first[1].content);
    }
}
