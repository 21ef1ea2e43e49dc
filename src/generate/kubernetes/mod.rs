//! Kubernetes manifests: for each service a Deployment, a Service and a ServiceAccount of its own, as the Pod Security
//! Standard "restricted" wants pods to be.

mod quantity;
mod workload;

use super::{GenerateError, Request, Target};
use crate::output::{Ownership, Parts, Plan, PlannedFile};
use crate::template::names;

/// The target.
pub(super) static TARGET: Target =
    Target { name: "kubernetes", summary: "Deployment, Service and ServiceAccount of each service", plan };

/// Folders below `infrastructure/kubernetes/` and the templates of what they hold.
const MANIFESTS: [(&str, &str); 3] = [
    ("deployments", "kubernetes/deployment.yaml.j2"),
    ("services", "kubernetes/service.yaml.j2"),
    ("service-accounts", "kubernetes/service-account.yaml.j2"),
];

fn plan(request: &Request<'_>, plan: &mut Plan) -> Result<(), GenerateError> {
    let files = &mut plan.files;
    let labels = workload::labels(request.platform);
    let slug = names::slug(names::platform_title(&request.platform.name));
    for service in request.services() {
        let workload = workload::of(request.platform, service, &labels, &slug)?;
        for (folder, template) in MANIFESTS {
            files.push(PlannedFile {
                path: format!("infrastructure/kubernetes/{folder}/{}.yaml", workload.name),
                ownership: Ownership::Generated,
                content: request.engine.render(template, &workload)?,
                template: template.to_owned(),
                target: TARGET.name,
                service: Some(service.name.clone()),
                executable: false,
                made_from: None,
                parts: Parts::new(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn content(files: &[PlannedFile], path: &str) -> String {
        let found = files.iter().find(|file| file.path == format!("infrastructure/kubernetes/{path}"));
        found.map(|file| file.content.clone()).unwrap_or_else(|| panic!("no {path}"))
    }

    #[test]
    fn a_caller_finds_the_callee_where_its_service_listens() {
        let files = fixture::plan(&fixture::platform(), &TARGET, &|_| None).unwrap();
        let caller = content(&files, "deployments/checkout-service.yaml");
        assert!(
            caller.contains("- name: STOCK_SERVICE_URL\n              value: http://stock-service:8001\n"),
            "{caller}"
        );
        assert!(caller.contains("image: book-shop/checkout-service:1.2.0\n"), "{caller}");
        assert!(content(&files, "services/stock-service.yaml").contains("port: 8001\n"));
    }

    #[test]
    fn a_limit_is_never_below_its_request() {
        let mut platform = fixture::platform();
        platform.services[0].deployment.cpu = ("2".to_owned(), "500m".to_owned());
        let text = content(&fixture::plan(&platform, &TARGET, &|_| None).unwrap(), "deployments/checkout-service.yaml");
        assert_eq!(text.matches("cpu: \"2\"\n").count(), 2, "{text}");
    }

    #[test]
    fn what_is_no_quantity_is_refused_by_name() {
        let mut platform = fixture::platform();
        platform.services[0].deployment.memory.1 = "plenty".to_owned();
        let error = fixture::plan(&platform, &TARGET, &|_| None).unwrap_err().to_string();
        assert!(error.starts_with("checkout-service: `plenty` is no quantity of memory"), "{error}");
    }

    #[test]
    fn odd_names_become_names_that_kubernetes_accepts() {
        let mut platform = fixture::platform();
        platform.services[1].name = "2nd Stock_Service".into();
        platform.services[0].upstream[0].service = "2nd Stock_Service".into();
        if let Some(api) = &mut platform.services[1].api {
            api.version = "2.0.0+build 5".to_owned();
        }
        let files = fixture::plan(&platform, &TARGET, &|_| None).unwrap();
        let stock = content(&files, "deployments/s-2nd-stock-service.yaml");
        assert!(stock.contains("image: book-shop/s-2nd-stock-service:2.0.0-build-5\n"), "{stock}");
        let caller = content(&files, "deployments/checkout-service.yaml");
        assert!(caller.contains("value: http://s-2nd-stock-service:8001\n"), "{caller}");
    }
}
