//! Kubernetes manifests of the example hold together and are what Kubernetes accepts.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use agentspec::document::config::Config;
use agentspec::generate::{self, Request};
use agentspec::source::{NodeRef, Tree, parse_yaml};
use agentspec::template::Engine;

#[path = "support/example.rs"]
mod example;
#[path = "support/kubernetes.rs"]
mod kubernetes;

/// Manifests by path below `infrastructure/kubernetes/`.
fn manifests() -> BTreeMap<String, String> {
    let (_, _, platform) = example::read_platform(&example::folder());
    let engine = Engine::new(BTreeMap::new()).unwrap();
    let config = Config::default();
    let request = Request { platform: &platform, config: &config, engine: &engine, service: None, existing: &|_| None };
    let plan = generate::plan(&request, &[generate::find("kubernetes").unwrap()]).unwrap();
    let below = |path: &str| path.strip_prefix("infrastructure/kubernetes/").unwrap().to_owned();
    plan.files.into_iter().map(|file| (below(&file.path), file.content)).collect()
}

fn tree(text: &str) -> Tree {
    let parsed = parse_yaml(&Arc::from(text));
    assert!(parsed.problems.is_empty(), "{:?}\n{text}", parsed.problems);
    parsed.tree.unwrap()
}

fn at<'t>(tree: &'t Tree, pointer: &str) -> NodeRef<'t> {
    tree.root().pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"))
}

fn labels(node: NodeRef<'_>) -> BTreeMap<String, String> {
    node.fields().map(|(key, value)| (key.to_owned(), value.as_str().unwrap().to_owned())).collect()
}

const POD: &str = "/spec/template/spec";

#[test]
fn every_service_has_its_manifests() {
    let paths: Vec<String> = manifests().into_keys().collect();
    let services = ["auth-service", "notification-service", "order-service", "user-service"];
    let folders = ["deployments", "service-accounts", "services"];
    let expected: Vec<String> =
        folders.iter().flat_map(|folder| services.map(|service| format!("{folder}/{service}.yaml"))).collect();
    assert_eq!(paths, expected);
}

#[test]
fn selectors_select_and_ports_meet() {
    let manifests = manifests();
    let mut addresses = BTreeSet::new();
    let mut called = BTreeSet::new();
    for (path, text) in manifests.iter().filter(|(path, _)| path.starts_with("deployments/")) {
        let deployment = tree(text);
        let service = tree(&manifests[&path.replace("deployments", "services")]);
        let account = tree(&manifests[&path.replace("deployments", "service-accounts")]);
        let pod = labels(at(&deployment, "/spec/template/metadata/labels"));
        for selector in [
            at(&deployment, "/spec/selector/matchLabels"),
            at(&deployment, &format!("{POD}/topologySpreadConstraints/0/labelSelector/matchLabels")),
            at(&service, "/spec/selector"),
        ] {
            let selector = labels(selector);
            assert!(!selector.is_empty() && selector.iter().all(|(key, value)| pod.get(key) == Some(value)), "{path}");
        }
        let container = at(&deployment, &format!("{POD}/containers/0"));
        let port = container.pointer("/ports/0").unwrap();
        assert_eq!(at(&service, "/spec/ports/0/targetPort").as_str(), port.str_at("name"));
        let environment: BTreeMap<&str, NodeRef<'_>> = container
            .get("env")
            .unwrap()
            .items()
            .map(|variable| (variable.str_at("name").unwrap(), variable))
            .collect();
        assert_eq!(environment.len(), container.get("env").unwrap().items().len(), "{path}: a variable twice");
        let number = port.get("containerPort").unwrap().as_i64().unwrap();
        assert_eq!(environment["PORT"].str_at("value"), Some(number.to_string().as_str()), "{path}");
        let name = at(&service, "/metadata/name").as_str().unwrap();
        addresses.insert(format!("http://{name}:{}", at(&service, "/spec/ports/0/port").as_i64().unwrap()));
        called.extend(
            environment
                .values()
                .filter_map(|variable| variable.str_at("value"))
                .filter(|value| value.starts_with("http"))
                .map(str::to_owned),
        );
        assert_eq!(
            at(&deployment, &format!("{POD}/serviceAccountName")).as_str(),
            at(&account, "/metadata/name").as_str()
        );
        let volumes: Vec<_> =
            at(&deployment, &format!("{POD}/volumes")).items().map(|one| one.str_at("name")).collect();
        let mounts: Vec<_> = container.get("volumeMounts").unwrap().items().map(|one| one.str_at("name")).collect();
        assert_eq!(volumes, mounts);
    }
    assert!(!called.is_empty() && called.is_subset(&addresses), "{called:?} are not all among {addresses:?}");
}

#[test]
fn pods_are_restricted_and_images_pinned() {
    for (path, text) in manifests().iter().filter(|(path, _)| path.starts_with("deployments/")) {
        let deployment = tree(text);
        let container = format!("{POD}/containers/0");
        for (pointer, expected) in [
            (format!("{POD}/automountServiceAccountToken"), "false"),
            (format!("{POD}/securityContext/runAsNonRoot"), "true"),
            (format!("{POD}/securityContext/seccompProfile/type"), "RuntimeDefault"),
            (format!("{container}/securityContext/allowPrivilegeEscalation"), "false"),
            (format!("{container}/securityContext/readOnlyRootFilesystem"), "true"),
            (format!("{container}/securityContext/capabilities/drop/0"), "ALL"),
            (format!("{container}/livenessProbe/httpGet/path"), "/health"),
            (format!("{container}/readinessProbe/httpGet/path"), "/ready"),
        ] {
            let node = at(&deployment, &pointer);
            assert_eq!(node.scalar().unwrap(), expected, "{path}: {pointer}");
        }
        assert!(at(&deployment, &format!("{POD}/securityContext/runAsUser")).as_i64().unwrap() >= 10_000);
        for kind in ["requests", "limits"] {
            let names: Vec<&str> =
                at(&deployment, &format!("{container}/resources/{kind}")).fields().map(|(name, _)| name).collect();
            assert_eq!(names, ["cpu", "memory", "ephemeral-storage"]);
        }
        let image = at(&deployment, &format!("{container}/image")).as_str().unwrap();
        let tag = image.rsplit_once(':').unwrap().1;
        assert!(
            image.starts_with("e-commerce-platform/") && tag.starts_with(|first: char| first.is_ascii_digit()),
            "{image}"
        );
    }
}

#[test]
fn kubernetes_accepts_them() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = manifests()
        .iter()
        .map(|(path, text)| {
            let file = folder.path().join(path.replace('/', "-"));
            fs::write(&file, text).unwrap();
            file
        })
        .collect();
    let Some(outcome) = kubernetes::validate("kubernetes_accepts_them", &files) else { return };
    outcome.unwrap_or_else(|said| panic!("{said}"));
    let broken = folder.path().join("broken.yaml");
    fs::write(&broken, fs::read_to_string(&files[0]).unwrap().replace("replicas:", "replicaz:")).unwrap();
    assert!(kubernetes::validate("kubernetes_accepts_them", &[broken]).unwrap().is_err(), "the validator sees nothing");
}
