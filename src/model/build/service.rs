//! One service from its documents.

use super::origin::{origin, text, texts};
use super::quantity::{error_handling, event_sourcing, kept_seconds, milliseconds, quantities, retries, whole_number};
use super::standards::own_language;
use super::{api, events};
use crate::document::spec::{self, Spec as SpecDocument};
use crate::document::words::plain;
use crate::document::{Documents, ServiceDocuments};
use crate::model::{
    CachedOperation, ConsumedEvent, Deployment, Downstream, Entity, Exclusion, Ownership, Quality, Saga, SagaStep,
    SagaStyle, Scenario, Service, ServiceKind, Spec, Step, StepKind, Technology, Upstream,
};
use crate::source::Sources;

/// What every service is read with.
#[derive(Clone, Copy)]
pub(super) struct Platform<'p> {
    pub sources: &'p Sources,
    pub documents: &'p Documents,
    pub shared: &'p events::Shared<'p>,
    pub technology: &'p Technology,
}

/// Builds the model of a service; its schemas are left out.
pub(super) fn build(platform: Platform<'_>, documents: &ServiceDocuments, known: &mut api::Known) -> Service {
    let sources = platform.sources;
    let spec = documents.spec();
    let stated = spec.and_then(|spec| spec.language.as_ref()).map(|language| language.as_str());
    let (language, framework) = own_language(stated, platform.technology);
    let mut service = Service {
        name: documents.name.clone(),
        folder: format!("services/{}", documents.name),
        language,
        framework,
        implemented: documents.has_source,
        api: documents.api.as_ref().map(|document| api::read(sources, document, known, &mut |_| None)),
        publishes: events::published(platform, documents),
        ..Service::default()
    };
    if let Some(spec) = spec {
        let folder = documents.specs.iter().rev().find(|folder| folder.spec.is_some());
        service.owner = text(&spec.owner);
        service.spec = Some(spec_of(sources, spec, folder.map(|folder| folder.name.clone()).unwrap_or_default()));
        service.upstream = spec.upstream.iter().map(|row| upstream(sources, row)).collect();
        service.downstream = spec.downstream.iter().map(|row| downstream(sources, row)).collect();
        service.consumes = spec.consumed.iter().map(|event| consumed(sources, event)).collect();
        service.ownership = ownership(sources, spec);
        service.sagas = spec.sagas.iter().map(|saga| saga_of(sources, saga)).collect();
        service.caching = spec.caching.iter().map(|row| cached(sources, row)).collect();
        service.deployment = deployment(&spec.deployment);
    }
    service.kind = kind(spec, &service);
    service
}

/// The kind that the spec names; without one, a service that only listens is an event processor.
fn kind(spec: Option<&SpecDocument>, service: &Service) -> ServiceKind {
    let Some(written) = spec.and_then(|spec| spec.kind.as_ref()) else {
        let listens = service.api.is_none() && !service.consumes.is_empty();
        return if listens { ServiceKind::EventProcessor } else { ServiceKind::Api };
    };
    let words = plain(&written.value);
    let words: Vec<&str> = words.split(' ').collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    if has(&["bff"]) || (has(&["backend"]) && has(&["frontend"])) {
        ServiceKind::Bff
    } else if has(&["processor", "consumer", "listener"]) || (has(&["event"]) && has(&["driven"]) && !has(&["api"])) {
        ServiceKind::EventProcessor
    } else if has(&["gateway"]) {
        ServiceKind::Gateway
    } else if has(&["worker", "job", "batch", "scheduler", "cron"]) {
        ServiceKind::Worker
    } else {
        ServiceKind::Api
    }
}

fn spec_of(sources: &Sources, spec: &SpecDocument, folder: String) -> Spec {
    Spec {
        folder,
        title: text(&spec.title).unwrap_or_default(),
        responsibilities: texts(&spec.responsible_for),
        exclusions: spec
            .not_responsible_for
            .iter()
            .map(|exclusion| Exclusion { what: exclusion.what.clone(), owner: exclusion.owner.clone() })
            .collect(),
        scenarios: spec.scenarios.iter().map(|scenario| scenario_of(sources, scenario)).collect(),
        qualities: spec
            .qualities
            .iter()
            .map(|quality| Quality { name: quality.key.clone(), target: quality.value.clone() })
            .collect(),
        acceptance: texts(&spec.acceptance),
        open_questions: texts(&spec.open_questions),
        origin: origin(sources, crate::source::Route::file(spec.file)),
    }
}

fn scenario_of(sources: &Sources, scenario: &spec::Scenario) -> Scenario {
    let step = |(keyword, words): &(String, crate::document::Located<String>)| Step {
        kind: match keyword.as_str() {
            "given" => StepKind::Given,
            "when" => StepKind::When,
            "then" => StepKind::Then,
            "or" => StepKind::Or,
            _ => StepKind::And,
        },
        text: words.value.clone(),
    };
    Scenario {
        priority: scenario.priority.clone(),
        title: scenario.title.clone(),
        steps: scenario.steps.iter().map(step).collect(),
        origin: origin(sources, scenario.route),
    }
}

fn upstream(sources: &Sources, row: &spec::UpstreamRow) -> Upstream {
    Upstream {
        service: row.service.as_str().into(),
        purpose: row.purpose.as_ref().map(|purpose| purpose.as_str().into()).unwrap_or_default(),
        failure_mode: row.failure_mode.as_ref().map(|mode| mode.as_str().into()),
        operations: texts(&row.operations).into(),
        fields: row.uses.iter().map(|item| item.text.value.clone()).collect(),
        timeout_ms: row.timeout.as_ref().and_then(|timeout| milliseconds(&timeout.value)),
        retries: row.retries.as_ref().and_then(|count| retries(&count.value)),
        origin: origin(sources, row.route),
    }
}

fn downstream(sources: &Sources, row: &spec::DownstreamRow) -> Downstream {
    Downstream {
        service: row.service.value.clone(),
        uses: text(&row.uses).unwrap_or_default(),
        origin: origin(sources, row.route),
    }
}

fn consumed(sources: &Sources, event: &spec::ConsumedEvent) -> ConsumedEvent {
    ConsumedEvent {
        name: event.name.value.clone(),
        from: text(&event.from),
        topic: text(&event.topic),
        action: text(&event.action),
        idempotency: text(&event.idempotency),
        error_handling: event.error_handling.as_ref().map(|handling| error_handling(&handling.value)),
        fields: texts(&event.uses),
        origin: origin(sources, event.name.route),
    }
}

fn ownership(sources: &Sources, spec: &SpecDocument) -> Ownership {
    let entity = |entity: &spec::OwnedEntity| Entity {
        name: entity.name.value.clone(),
        description: entity.description.clone().unwrap_or_default(),
        event_sourcing: entity.event_sourced.as_ref().map(|says| event_sourcing(&says.value)),
        origin: origin(sources, entity.name.route),
    };
    Ownership { databases: texts(&spec.databases), entities: spec.entities.iter().map(entity).collect() }
}

fn saga_of(sources: &Sources, saga: &spec::Saga) -> Saga {
    let style = saga.style.as_ref().map(|style| style.value.to_lowercase()).unwrap_or_default();
    let step = |step: &spec::SagaStep| SagaStep {
        name: step.name.value.clone(),
        service: text(&step.service).unwrap_or_default(),
        operation: text(&step.operation).unwrap_or_default(),
        compensation: text(&step.compensation),
        origin: origin(sources, step.route),
    };
    Saga {
        name: saga.name.value.clone(),
        style: if style.contains("choreo") { SagaStyle::Choreographed } else { SagaStyle::Orchestrated },
        timeout_ms: saga.timeout.as_ref().and_then(|timeout| milliseconds(&timeout.value)),
        steps: saga.steps.iter().map(step).collect(),
        origin: origin(sources, saga.name.route),
    }
}

fn cached(sources: &Sources, row: &spec::CachedOperation) -> CachedOperation {
    let words = row.clients.as_ref().map(|clients| plain(&clients.value)).unwrap_or_default();
    CachedOperation {
        operation: row.operation.value.clone(),
        seconds: row.kept_for.as_ref().and_then(|time| kept_seconds(&time.value)),
        clients: ["yes", "true", "x", "too", "may", "also", "allowed"].contains(&words.split(' ').next().unwrap_or("")),
        origin: origin(sources, row.route),
    }
}

fn deployment(entries: &[spec::KeyValue]) -> Deployment {
    let mut deployment = Deployment::default();
    for entry in entries.iter().filter(|entry| !entry.key.is_empty()) {
        let key = plain(&entry.key);
        let words: Vec<&str> = key.split(' ').collect();
        let has = |word: &str| words.contains(&word);
        if key == "port" || key == "http port" || key == "service port" {
            let port = whole_number(&entry.value).and_then(|port| u16::try_from(port).ok());
            deployment.port = port.filter(|port| *port > 0).unwrap_or(deployment.port);
        } else if has("replicas") || key == "instances" {
            let replicas = whole_number(&entry.value).and_then(|count| u32::try_from(count).ok());
            deployment.replicas = replicas.filter(|count| *count <= 10_000).unwrap_or(deployment.replicas);
        } else if has("cpu") {
            set_range(&mut deployment.cpu, &entry.value, has("request"), has("limit"));
        } else if has("memory") || has("ram") {
            set_range(&mut deployment.memory, &entry.value, has("request"), has("limit"));
        }
        deployment.stated.push((entry.key.to_lowercase(), entry.value.clone()));
    }
    deployment
}

/// Request and limit from two quantities, or both from one, or the one that the key names.
fn set_range(range: &mut (String, String), value: &str, request: bool, limit: bool) {
    match quantities(value).as_slice() {
        [] => {}
        [one] if limit && !request => range.1 = one.clone(),
        [one] if request && !limit => range.0 = one.clone(),
        [one] => *range = (one.clone(), one.clone()),
        [low, high, ..] => *range = (low.clone(), high.clone()),
    }
}
