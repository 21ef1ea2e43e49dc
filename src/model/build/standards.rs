//! What the constitution chooses and demands.

use std::collections::BTreeMap;

use crate::document::compatibility::{Compatibility, states_event_compatibility};
use crate::document::constitution::{Constitution, Part, is_about_people};
use crate::document::words::{DATABASE_PRODUCTS, is_none, plain};
use crate::model::{Broker, Database, Framework, Language, Standards, Technology};

use super::quantity::{call_depth, whole_number};

/// Technology and standards of a constitution; `standards` hold where it demands nothing.
pub(super) fn read(constitution: &Constitution, mut standards: Standards) -> (Technology, Standards) {
    let mut technology = Technology::default();
    let mut languages = Languages::default();
    for bullet in &constitution.bullets {
        let entry = &bullet.entry;
        let key = plain(&entry.key);
        if entry.key.is_empty() {
            read_sentence(&mut standards, &entry.value);
            continue;
        }
        let stated = match bullet.part {
            Part::Technology => &mut technology.stated,
            Part::Standards => &mut standards.stated,
            Part::Principles | Part::Other => &mut BTreeMap::new(),
        };
        stated.insert(entry.key.to_lowercase(), entry.value.clone());
        if bullet.part == Part::Principles {
            read_sentence(&mut standards, &format!("{}: {}", entry.key, entry.value));
        }
        if matches!(bullet.part, Part::Technology | Part::Other) {
            read_technology(&mut technology, &mut languages, &key, &entry.value);
        }
        read_standard(&mut standards, &key, &entry.value);
    }
    if technology.authentication.is_some() {
        standards.authentication_required = true;
    }
    (technology.language, technology.framework) = languages.chosen();
    (technology, standards)
}

/// The language and framework that were named, in one bullet or in two.
#[derive(Default)]
struct Languages {
    language: Option<Language>,
    framework: Option<Framework>,
}

impl Languages {
    fn chosen(self) -> (Language, Framework) {
        match (self.language, self.framework) {
            (None, None) => (Language::default(), Framework::default()),
            (Some(language), framework) => (language, framework.unwrap_or_else(|| framework_for(language))),
            (None, Some(framework)) => (language_for(framework), framework),
        }
    }
}

/// What a bullet of the technology stack chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The language.
    Language,
    /// The web framework.
    Framework,
    /// The product of the API gateway.
    Gateway,
    /// How callers authenticate.
    Authentication,
    /// The database.
    Database,
    /// The message broker.
    Broker,
}

impl Choice {
    /// The choice that a key names.
    pub fn of(key: &str) -> Option<Choice> {
        let key = plain(key);
        let has = |known: &[&str]| key.split(' ').any(|word| known.contains(&word));
        if has(&["language", "languages"]) {
            Some(Choice::Language)
        } else if has(&["framework", "frameworks"]) {
            Some(Choice::Framework)
        } else if has(&["gateway"]) {
            Some(Choice::Gateway)
        } else if has(&["authentication", "auth", "authn"]) {
            Some(Choice::Authentication)
        } else if has(&["database", "databases", "db", "persistence"]) {
            Some(Choice::Database)
        } else if has(&["bus", "broker", "messaging", "queue", "events", "streaming"]) {
            Some(Choice::Broker)
        } else {
            None
        }
    }
}

fn read_technology(technology: &mut Technology, languages: &mut Languages, key: &str, value: &str) {
    if is_none(value) {
        return;
    }
    match Choice::of(key) {
        Some(Choice::Language) => {
            let (language, framework) = language_of(value);
            languages.language = languages.language.or(language);
            languages.framework = languages.framework.or(framework);
        }
        Some(Choice::Framework) => {
            let (language, framework) = language_of(value);
            languages.language = languages.language.or(language);
            languages.framework = framework.or(languages.framework);
        }
        Some(Choice::Gateway) => technology.gateway = Some(value.to_owned()),
        Some(Choice::Authentication) => technology.authentication = Some(value.to_owned()),
        Some(Choice::Database) => technology.database = database_of(value),
        Some(Choice::Broker) => technology.broker = broker_of(value),
        None => {}
    }
}

/// The product that a constitution names as database and that no code is generated for, as it says it.
pub fn other_database(technology: &Technology) -> Option<&str> {
    let stated = technology.stated.iter().filter(|(key, _)| Choice::of(key) == Some(Choice::Database));
    let product = |value: &&String| plain(value).split(' ').any(|word| DATABASE_PRODUCTS.contains(&word));
    let other = stated.map(|(_, value)| value).find(product);
    other.filter(|_| technology.database == Database::Other).map(String::as_str)
}

/// Language and framework of `Python (FastAPI)`, `TypeScript (Express)`, `Go`, `FastAPI`.
pub(super) fn language_of(value: &str) -> (Option<Language>, Option<Framework>) {
    let words = plain(value);
    let words: Vec<&str> = words.split(' ').collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    let framework = if has(&["fastapi"]) {
        Some(Framework::Fastapi)
    } else if has(&["express", "expressjs"]) {
        Some(Framework::Express)
    } else if words.windows(2).any(|pair| pair == ["net", "http"]) {
        Some(Framework::NetHttp)
    } else if has(&["flask", "django", "starlette", "nestjs", "nest", "fastify", "koa", "gin", "echo", "chi", "fiber"])
    {
        Some(Framework::Other)
    } else {
        None
    };
    let language = if has(&["python", "python3"]) {
        Some(Language::Python)
    } else if has(&["typescript", "node", "nodejs", "ts"]) && !has(&["javascript"]) {
        Some(Language::Typescript)
    } else if has(&["go", "golang"]) {
        Some(Language::Go)
    } else {
        framework.filter(|framework| *framework != Framework::Other).map(language_for)
    };
    let named = value.split(['(', ',']).next().unwrap_or_default().trim();
    let other = language.is_none() && framework.is_none() && !named.is_empty();
    (if other { Some(Language::Other) } else { language }, framework)
}

/// The framework that code in a language is generated for.
pub(super) fn framework_for(language: Language) -> Framework {
    match language {
        Language::Python => Framework::Fastapi,
        Language::Typescript => Framework::Express,
        Language::Go => Framework::NetHttp,
        Language::Other => Framework::Other,
    }
}

fn language_for(framework: Framework) -> Language {
    match framework {
        Framework::Fastapi => Language::Python,
        Framework::Express => Language::Typescript,
        Framework::NetHttp => Language::Go,
        Framework::Other => Language::Other,
    }
}

fn database_of(value: &str) -> Database {
    let words = value.to_lowercase();
    if words.contains("postgres") {
        Database::Postgresql
    } else if words.contains("sqlite") {
        Database::Sqlite
    } else {
        Database::Other
    }
}

fn broker_of(value: &str) -> Broker {
    let words = value.to_lowercase();
    if words.contains("rabbit") {
        Broker::Rabbitmq
    } else if words.contains("kafka") {
        Broker::Kafka
    } else {
        Broker::Other
    }
}

fn read_standard(standards: &mut Standards, key: &str, value: &str) {
    let words: Vec<&str> = key.split(' ').collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    if has(&["versioning", "version", "prefix", "path", "paths", "url", "urls"]) && !has(&["health", "event", "events"])
    {
        standards.path_prefix = standards.path_prefix.take().or_else(|| path_in(value).filter(|path| path.len() > 1));
    }
    if has(&["event", "events"]) && has(&["naming", "name", "names", "format"]) {
        standards.event_segments = standards.event_segments.or_else(|| segments_in(value));
    }
    if states_event_compatibility(key) {
        standards.event_compatibility = Compatibility::parse(value).unwrap_or(standards.event_compatibility);
    }
    if has(&["error", "errors"]) {
        standards.problem_details |= names_problem_details(value);
    }
    if has(&["health", "healthcheck", "liveness"]) {
        let path = path_in(value).map(|path| path.trim_end_matches('/').to_owned());
        standards.health_path = path.filter(|path| !path.is_empty()).or(standards.health_path.take());
    }
    if has(&["authentication", "authn"]) {
        standards.authentication_required |= !is_none(value);
    }
    standards.max_call_depth = depth_of_calls(key, value).unwrap_or(standards.max_call_depth);
}

/// How many synchronous calls may follow one another, where a bullet of the constitution says that of services; a sentence has no
/// key.
pub fn depth_of_calls(key: &str, value: &str) -> Option<u32> {
    if is_about_people(&format!("{key} {value}")) {
        return None;
    }
    let is_depth = plain(key).split(' ').any(|word| matches!(word, "depth" | "chain" | "hops"));
    let stated = || whole_number(value).filter(|_| is_depth).and_then(|number| u32::try_from(number).ok());
    call_depth(&format!("{key} {value}")).or_else(stated)
}

/// A principle that is a sentence and still says what a rule can check.
fn read_sentence(standards: &mut Standards, sentence: &str) {
    if is_about_people(sentence) {
        return;
    }
    let words = plain(sentence);
    if standards.health_path.is_none()
        && ["health check", "health endpoint", "healthcheck"].iter().any(|w| words.contains(w))
    {
        let path =
            path_in(sentence).map(|path| path.trim_end_matches('/').to_owned()).filter(|path| path.contains("health"));
        standards.health_path = Some(path.unwrap_or_else(|| "/health".to_owned()));
    }
    standards.problem_details |= words.contains("error") && names_problem_details(sentence);
    standards.max_call_depth = depth_of_calls("", sentence).unwrap_or(standards.max_call_depth);
}

fn names_problem_details(value: &str) -> bool {
    let words = value.to_lowercase();
    ["7807", "9457", "problem detail", "problem+json", "problem json"].iter().any(|name| words.contains(name))
        || plain(value).split(' ').any(|word| word == "problem")
}

/// The first path in a text, with a slash at its end.
fn path_in(value: &str) -> Option<String> {
    let words = value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '`' | '(' | ')' | '"' | '\''));
    let path = words.into_iter().find(|word| word.starts_with('/'))?;
    Some(format!("{}/", path.trim_end_matches(['/', '.', '*', '…'])))
}

/// The number of segments of the first dotted word.
fn segments_in(value: &str) -> Option<u32> {
    let words = value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '`' | '(' | ')' | '"'));
    let dotted = words.map(|word| word.trim_matches('.')).find(|word| word.contains('.'))?;
    u32::try_from(dotted.split('.').count()).ok()
}

/// A choice of a service: its language and framework, or those of the platform.
pub(super) fn own_language(stated: Option<&str>, technology: &Technology) -> (Language, Framework) {
    let Some((language, framework)) = stated.map(language_of) else {
        return (technology.language, technology.framework);
    };
    match (language, framework) {
        (Some(language), Some(framework)) => (language, framework),
        (Some(language), None) if language == technology.language => (language, technology.framework),
        (Some(language), None) => (language, framework_for(language)),
        (None, Some(framework)) => (technology.language, framework),
        (None, None) => (technology.language, technology.framework),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryStore, load};

    fn of(text: &str) -> (Technology, Standards) {
        let sources = load(&MemoryStore::new([("constitution.md", text)]), &|_| true).unwrap();
        read(&Constitution::read(&sources, sources.id_of("constitution.md").unwrap()), Standards::default())
    }

    fn technology(line: &str) -> Technology {
        of(&format!("# C\n## Technology Stack\n{line}\n")).0
    }

    fn standards(line: &str) -> Standards {
        of(&format!("# C\n## Standards\n{line}\n")).1
    }

    #[test]
    fn languages_and_frameworks() {
        let cases = [
            ("- Language: Python (FastAPI)", Language::Python, Framework::Fastapi),
            ("- Language: TypeScript (Express)", Language::Typescript, Framework::Express),
            ("- **Language:** Go", Language::Go, Framework::NetHttp),
            ("- Language: Python 3.12\n- Framework: Flask", Language::Python, Framework::Other),
            ("- Framework: Express", Language::Typescript, Framework::Express),
            ("- Backend language: Node.js", Language::Typescript, Framework::Express),
            ("- Language: Java (Spring)", Language::Other, Framework::Other),
            ("- Database: SQLite", Language::Python, Framework::Fastapi),
        ];
        for (line, language, framework) in cases {
            let found = technology(line);
            assert_eq!((found.language, found.framework), (language, framework), "{line}");
        }
    }

    #[test]
    fn products() {
        assert_eq!(technology("- Database: MongoDB").database, Database::Other);
        assert_eq!(technology("- Message Broker: Apache Kafka").broker, Broker::Kafka);
        assert_eq!(technology("- API Gateway: Kong").gateway.as_deref(), Some("Kong"));
        assert!(of("# C\n## Tech Stack\n- Authentication: JWT tokens\n").1.authentication_required);
        assert!(!of("# C\n## Tech Stack\n- Authentication: none\n").1.authentication_required);
    }

    #[test]
    fn a_database_of_another_product_is_told() {
        let other = |line: &str| other_database(&technology(line)).map(str::to_owned);
        assert_eq!(other("- Database: MySQL per service").as_deref(), Some("MySQL per service"));
        for line in [
            "- Database: PostgreSQL per service",
            "- Database: one per service",
            "- Cache: Redis",
            "- Database: PostgreSQL, Redis",
        ] {
            assert_eq!(other(line), None, "{line}");
        }
    }

    #[test]
    fn standards_are_understood() {
        assert_eq!(standards("- REST API versioning: /api/v1/").path_prefix.as_deref(), Some("/api/v1/"));
        assert_eq!(standards("- API versioning: in the path, `/v1`").path_prefix.as_deref(), Some("/v1/"));
        assert_eq!(standards("- Versioning: semantic").path_prefix, None);
        assert_eq!(standards("- Event naming: domain.entity.action").event_segments, Some(3));
        assert_eq!(standards("- Event names: `domain.action`, in the past tense").event_segments, Some(2));
        for text in ["RFC 7807", "RFC 9457 Problem Details", "application/problem+json"] {
            assert!(standards(&format!("- Error format: {text}")).problem_details, "{text}");
        }
        assert!(!standards("- Error format: plain text").problem_details);
        assert_eq!(standards("- Health endpoint: `/healthz`").health_path.as_deref(), Some("/healthz"));
        for text in [
            "Synchronous call depth: 5",
            "Synchronous call depth: five",
            "Max call depth: 5",
            "Longest call chain: at most 5",
            "No synchronous call chain deeper than 5",
        ] {
            assert_eq!(standards(&format!("- {text}")).max_call_depth, 5, "{text}");
        }
        assert_eq!(standards("- Style: calm").max_call_depth, 3);
    }

    #[test]
    fn principles_demand_too() {
        let health = of("# C\n## Core Principles\n- All services must expose health checks\n").1;
        assert_eq!(health.health_path.as_deref(), Some("/health"));
        let named = of("# C\n## Core Principles\n- Every service has a health endpoint at /healthz\n").1;
        assert_eq!(named.health_path.as_deref(), Some("/healthz"));
        let later = of("# C\n## Core Principles\n- Health checks\n## Standards\n- Health endpoint: /live\n").1;
        assert_eq!(later.health_path.as_deref(), Some("/live"));
        assert!(of("# C\n## Core Principles\n- Errors are RFC 7807 documents\n").1.problem_details);
        assert!(!of("# C\n## Core Principles\n- We solve every problem\n").1.problem_details);
        let approvals = "# C\n## Standards\n- **Approval chain**: 2 managers\n";
        assert_eq!(of(approvals).1.max_call_depth, 3);
        let people = of("# C\n## Core Principles\n- Every engineer has a health check once a year\n").1;
        assert_eq!(people.health_path, None);
        let teams = of("# C\n## Core Principles\n- Teams give each service a health check\n").1;
        assert_eq!(teams.health_path.as_deref(), Some("/health"));
    }
}
