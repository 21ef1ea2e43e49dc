//! Documents for people and agents: what the platform is (`project_context.md`), and a page per service that is short
//! enough to be read first (`quick-ref.md`).

mod context;
mod quick_ref;

use super::{GenerateError, Request, Target};
use crate::output::{Ownership, Parts, Plan, PlannedFile};

/// The target.
pub(super) static TARGET: Target =
    Target { name: "docs", summary: "project context of the platform, quick reference of each service", plan };

const CONTEXT: &str = "docs/project_context.md.j2";
const QUICK_REF: &str = "docs/quick-ref.md.j2";

fn plan(request: &Request<'_>, plan: &mut Plan) -> Result<(), GenerateError> {
    let files = &mut plan.files;
    if request.service.is_none() {
        files.push(PlannedFile {
            path: "project_context.md".to_owned(),
            ownership: Ownership::Merged,
            content: request.engine.render(CONTEXT, &context::of(request.platform))?,
            template: CONTEXT.to_owned(),
            target: TARGET.name,
            service: None,
            executable: false,
            made_from: None,
            parts: Parts::new(),
        });
    }
    if !request.config.auto_generate_quick_ref {
        return Ok(());
    }
    for service in request.services() {
        let Some(spec) = &service.spec else { continue };
        let view = quick_ref::of(request.platform, service);
        files.push(PlannedFile {
            path: format!("{}/specs/{}/quick-ref.md", service.folder, spec.folder),
            // A person who has written a better one keeps it.
            ownership: Ownership::Scaffold,
            content: quick_ref::fit(view, request.config.token_target, |view| request.engine.render(QUICK_REF, view))?,
            template: QUICK_REF.to_owned(),
            target: TARGET.name,
            service: Some(service.name.clone()),
            executable: false,
            made_from: None,
            parts: Parts::new(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::fixture;
    use super::*;
    use crate::document::config::Config;
    use crate::template::Engine;

    fn content<'f>(files: &'f [PlannedFile], path: &str) -> &'f str {
        let found = files.iter().find(|file| file.path == path);
        found.map(|file| file.content.as_str()).unwrap_or_else(|| panic!("no {path}"))
    }

    #[test]
    fn the_context_has_our_region_and_sections_for_the_user() {
        let files = fixture::plan(&fixture::platform(), &TARGET, &|_| None).unwrap();
        let text = content(&files, "project_context.md");
        let end = text.find("<!-- agentspec:end platform -->\n").unwrap();
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is not in\n{text}"));
        assert!(text.starts_with("# Project Context: Book Shop\n"));
        assert!(
            at("<!-- agentspec:begin platform -->\n") < at("| stock-service | API Service | 4 |")
                && at("| stock-") < end
        );
        for section in ["## Failed Commands & Alternatives\n", "## Lessons Learned\n", "## Current Issues\n"] {
            assert!(at(section) > end, "{section}");
        }
    }

    #[test]
    fn a_quick_reference_keeps_to_its_budget() {
        let mut platform = fixture::platform();
        let sizes = [60, 100, 200, 2_000].map(|target| {
            let engine = Engine::new(BTreeMap::new()).unwrap();
            let config = Config { token_target: target, ..Config::default() };
            let request =
                Request { platform: &platform, config: &config, engine: &engine, service: None, existing: &|_| None };
            let mut planned = Plan::default();
            plan(&request, &mut planned).unwrap();
            let text = content(&planned.files, "services/stock-service/specs/001-stock-service/quick-ref.md");
            assert!(quick_ref::tokens(text) <= target as usize, "{target}:\n{text}");
            text.len()
        });
        assert!(sizes.is_sorted() && sizes[0] < sizes[3], "{sizes:?}");
        platform.services[1].spec = None;
        let files = fixture::plan(&platform, &TARGET, &|_| None).unwrap();
        assert!(files.iter().all(|file| !file.path.starts_with("services/stock-service/")));
    }

    #[test]
    fn a_quick_reference_names_what_a_caller_needs() {
        let files = fixture::plan(&fixture::platform(), &TARGET, &|_| None).unwrap();
        let text = content(&files, "services/stock-service/specs/001-stock-service/quick-ref.md");
        for expected in [
            "# stock-service Quick Reference\n",
            "- POST /api/v1/books/{bookId}/reserve\n",
            "- DATABASE_URL",
            "- Called by: checkout-service\n",
            "- Publishes: stock.book.reserved\n",
            "- Database: stock_db",
        ] {
            assert!(text.contains(expected), "{expected} is not in\n{text}");
        }
    }
}
