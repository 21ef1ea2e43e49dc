//! The tasks that a service's spec and contracts ask for and that nobody but a person can do.

use super::list::{Task, key};
use crate::generate::code::{self, CallsDone};
use crate::model::{ConsumedEvent, EventDefinition, Operation, Platform, Saga, Service, Upstream};
use crate::template::names::{Scope, dns_label, slug};

const FOUNDATION: usize = 0;
const DATA: usize = 1;
const API: usize = 2;
const EVENTS: usize = 3;
const RESILIENCE: usize = 4;
const SAGAS: usize = 5;
const VERIFICATION: usize = 6;
const DEPLOYMENT: usize = 7;

const TESTED: &str = "[Test] → Implementation";
const SETUP: &str = "setup service";
const IMAGE: &str = "deploy image";

/// The tasks of a service, in the order of their phases; no key twice.
pub(super) fn tasks(platform: &Platform, service: &Service) -> Vec<Task> {
    let mut tasks = foundation(service);
    tasks.extend(data(service));
    tasks.extend(api(platform, service));
    let done = code::EventsDone::new(platform, service);
    let publishes = service.publishes.iter().filter(|event| !done.publishes(&event.name));
    tasks.extend(publishes.map(|event| publish(service, event)));
    let consumes = service.consumes.iter().filter(|event| !done.handles(&event.name));
    tasks.extend(consumes.map(|event| consume(service, event)));
    let coordinated = code::CoordinationDone::new(platform, service);
    tasks.extend(service.upstream.iter().filter_map(|row| call(service, row, coordinated.calls(row))));
    let sagas = service.sagas.iter().filter(|one| !coordinated.runs(&one.name));
    tasks.extend(sagas.map(|one| saga(service, one)));
    tasks.extend(verification(service));
    tasks.extend(scenarios(platform, service));
    tasks.extend(deployment(service));
    let mut scope = Scope::new();
    for task in &mut tasks {
        task.key = scope.unique(&task.key, "-");
    }
    tasks
}

fn task(phase: usize, kind: &str, name: &str, title: String) -> Task {
    Task {
        phase,
        key: key(kind, name),
        title: title.trim().to_owned(),
        file: String::new(),
        dependencies: vec![SETUP.to_owned()],
        kind: TESTED,
        acceptance: String::new(),
    }
}

/// The folder of the code that is written by hand.
fn source(service: &Service) -> String {
    format!("`{}`", code::sources(service))
}

fn foundation(service: &Service) -> Vec<Task> {
    let setup = Task {
        file: format!("`{}/`", service.folder),
        dependencies: Vec::new(),
        kind: "Configuration",
        acceptance: "The service starts, its own tests pass, and `GET /health` answers 200".to_owned(),
        ..task(FOUNDATION, "setup", "service", "Set the service up".to_owned())
    };
    let spec = service.spec.iter();
    let questions = spec.flat_map(|spec| spec.open_questions.iter().map(|question| (&spec.origin.file, question)));
    let questions = questions.map(|(file, question)| Task {
        file: format!("`{file}`"),
        dependencies: Vec::new(),
        kind: "Decision",
        acceptance: "The answer stands in the specification and the question is gone from it".to_owned(),
        ..task(FOUNDATION, "question", &slug(question), format!("Answer: {question}"))
    });
    std::iter::once(setup).chain(questions).collect()
}

fn data(service: &Service) -> Vec<Task> {
    let entities = service.ownership.entities.iter().map(|entity| {
        let described =
            if entity.description.is_empty() { String::new() } else { format!(" ({})", entity.description) };
        Task {
            file: source(service),
            acceptance: format!("What was stored of {}{described} is there after a restart", entity.name),
            ..task(DATA, "entity", &entity.name, format!("Store {}", entity.name))
        }
    });
    entities.collect()
}

fn api(platform: &Platform, service: &Service) -> Vec<Task> {
    code::by_hand(platform, service).into_iter().map(|(operation, file)| handle(operation, &file)).collect()
}

fn handle(operation: &Operation, file: &str) -> Task {
    let statuses: Vec<&str> = operation.responses.iter().map(|response| response.status.as_str()).collect();
    let answers = if statuses.is_empty() { "answers".to_owned() } else { format!("answers {}", statuses.join(", ")) };
    let method = operation.method.key().to_uppercase();
    let told = operation.summary.as_ref().map(|summary| format!(" ({})", summary.trim_end_matches('.')));
    Task {
        file: format!("`{file}`"),
        acceptance: format!(
            "`{method} {}`{} {answers} as its contract says, and no longer 501",
            operation.path,
            told.unwrap_or_default()
        ),
        ..task(API, "operation", &operation.id, format!("Handle {}", operation.id))
    }
}

fn publish(service: &Service, event: &EventDefinition) -> Task {
    let topic = event.topic.as_ref().map(|topic| format!(" on `{topic}`")).unwrap_or_default();
    let when = event.trigger.as_ref().map(|trigger| format!("{}: ", trigger.trim_end_matches('.'))).unwrap_or_default();
    let name = match &event.version {
        Some(version) => format!("{} {version}", event.name),
        None => event.name.clone(),
    };
    Task {
        file: source(service),
        acceptance: format!(
            "{when}one event that its schema accepts is published{topic}, and none when the change fails"
        ),
        ..task(EVENTS, "publish", &event.name, format!("Publish {name}"))
    }
}

fn consume(service: &Service, event: &ConsumedEvent) -> Task {
    let action = event.action.as_deref().unwrap_or("The event is handled");
    let twice = event.idempotency.as_ref().map(|how| format!(" ({how})")).unwrap_or_default();
    let failure = match &event.error_handling {
        Some(handling) => format!("; when handling fails: {}", handling.text),
        None => "; what happens when handling fails is decided and tested".to_owned(),
    };
    Task {
        file: source(service),
        acceptance: format!("{action}; a second delivery changes nothing{twice}{failure}"),
        ..task(EVENTS, "consume", &event.name, format!("Consume {}", event.name))
    }
}

fn call(service: &Service, row: &Upstream, done: CallsDone) -> Option<Task> {
    if done == CallsDone::All {
        return None;
    }
    let limit = row.timeout_ms.map(|limit| format!("gives up after {limit} ms"));
    let retries = row.retries.map(|count| match count {
        0 => "never tries again".to_owned(),
        1 => "tries once more".to_owned(),
        many => format!("tries {many} times more"),
    });
    let failure = match &row.failure_mode {
        Some(mode) => format!("when {} does not answer: {mode}", row.service),
        None => format!("what happens when {} does not answer is decided and tested", row.service),
    };
    let parts: Vec<String> = [limit, retries, Some(failure.clone())].into_iter().flatten().collect();
    let purpose = if row.purpose.is_empty() { String::new() } else { format!(" ({})", row.purpose) };
    let acceptance = match done {
        CallsDone::Client => format!("The client is called where the specification needs it{purpose}; {failure}"),
        _ => format!("The client{purpose} {}", parts.join("; ")),
    };
    Some(Task {
        file: source(service),
        acceptance,
        ..task(RESILIENCE, "upstream", &row.service, format!("Call {}", row.service))
    })
}

fn saga(service: &Service, saga: &Saga) -> Task {
    let undone: Vec<String> = saga
        .steps
        .iter()
        .map(|step| format!("{} → {}", step.name, step.compensation.as_deref().unwrap_or("nothing")))
        .collect();
    let limit = saga.timeout_ms.map(|limit| format!(" within {} s", limit as f64 / 1000.0)).unwrap_or_default();
    Task {
        file: source(service),
        acceptance: format!(
            "It ends{limit}, also after a restart; a step that fails undoes those before it, last first ({})",
            undone.join("; ")
        ),
        ..task(SAGAS, "saga", &saga.name, format!("Run the saga {}", saga.name))
    }
}

fn verification(service: &Service) -> Vec<Task> {
    let criteria = service.spec.iter().flat_map(|spec| &spec.acceptance).map(|criterion| Task {
        file: format!("`{}/tests/`", service.folder),
        kind: "Test",
        acceptance: "An automated test fails without it and passes with it".to_owned(),
        ..task(VERIFICATION, "acceptance", &slug(criterion), format!("Prove: {}", criterion.trim_end_matches('.')))
    });
    criteria.collect()
}

/// What the scenarios say and no test that comes with the service proves.
fn scenarios(platform: &Platform, service: &Service) -> Vec<Task> {
    let open = code::scenarios(platform, service).into_iter().filter(|scenario| !scenario.left.is_empty());
    let task = |scenario: code::ScenarioOutcome<'_>| {
        let left: Vec<String> = scenario.left.iter().map(|one| format!("\"{}\" ({})", one.said, one.why)).collect();
        Task {
            file: format!("`{}/tests/`", service.folder),
            kind: "Test",
            acceptance: format!("A test proves what none that is generated does: {}", left.join("; ")),
            ..task(VERIFICATION, "scenario", &slug(&scenario.title), format!("Test the scenario {}", scenario.title))
        }
    };
    open.map(task).collect()
}

fn deployment(service: &Service) -> Vec<Task> {
    let name = dns_label(&service.name);
    vec![
        Task {
            file: format!("`{}/Dockerfile`", service.folder),
            kind: "Configuration",
            acceptance: "The image builds, and its container answers `GET /health` without running as root".to_owned(),
            ..task(DEPLOYMENT, "deploy", "image", "Build the image".to_owned())
        },
        Task {
            file: format!("`infrastructure/kubernetes/deployments/{name}.yaml`"),
            dependencies: vec![IMAGE.to_owned()],
            kind: "Configuration",
            acceptance: format!("The Secret `{name}` exists in the cluster, and every pod becomes ready"),
            ..task(DEPLOYMENT, "deploy", "kubernetes", "Roll out to Kubernetes".to_owned())
        },
    ]
}
