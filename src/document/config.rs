//! `.speckit.config.json`: every key is known, typed, and changes something.

use serde_json::{Map, Value, json};

use super::{Compatibility, VersionPolicy};
use crate::source::{FileId, NodeKey, NodeRef, Route, Sources};

/// The configuration with its defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file; nothing where there is none.
    pub file: Option<FileId>,
    /// `cache.enabled`: whether results may be kept between runs.
    pub cache_enabled: bool,
    /// `cache.retention_days`.
    pub cache_retention_days: u32,
    /// `analysis.default_mode`: `incremental` or `full`.
    pub analysis_incremental: bool,
    /// `validation.strict`: warnings exit 1.
    pub strict: bool,
    /// `validation.auto_validate`: `generate` validates first and refuses on errors.
    pub auto_validate: bool,
    /// `documentation.auto_generate_quick_ref`: `generate` writes `quick-ref.md`.
    pub auto_generate_quick_ref: bool,
    /// `documentation.token_target`: the most tokens that a generated quick-ref has.
    pub token_target: u32,
    /// `compatibility.events`: the mode of events that state none.
    pub event_compatibility: Compatibility,
    /// `compatibility.versions`: what `info.version` must do when a contract changes.
    pub version_policy: VersionPolicy,
    /// `rules.<id>`: `off`, `info`, `warning` or `error`, in the order of the file.
    pub rules: Vec<(String, RuleLevel, Route)>,
    /// What is wrong with the file: unknown keys (with the closest known one) and values of the wrong type.
    pub problems: Vec<ConfigProblem>,
}

/// What the configuration makes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    /// Not run.
    Off,
    /// Reported as info.
    Info,
    /// Reported as warning.
    Warning,
    /// Reported as error.
    Error,
}

/// Something wrong in the configuration.
#[derive(Clone, Debug)]
pub enum ConfigProblem {
    /// A key that does not exist; the closest one that does.
    UnknownKey {
        /// The key with its path, `validation.strct`.
        key: String,
        /// The closest known key.
        closest: Option<String>,
        /// The key.
        route: Route,
    },
    /// A value of the wrong type or out of range.
    WrongType {
        /// The key with its path.
        key: String,
        /// What is expected, as words.
        expected: &'static str,
        /// The value.
        route: Route,
    },
}

impl Default for Config {
    fn default() -> Self {
        Config {
            file: None,
            cache_enabled: true,
            cache_retention_days: 30,
            analysis_incremental: true,
            strict: false,
            auto_validate: true,
            auto_generate_quick_ref: true,
            token_target: 200,
            event_compatibility: Compatibility::default(),
            version_policy: VersionPolicy::default(),
            rules: Vec::new(),
            problems: Vec::new(),
        }
    }
}

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub enum KeyType {
    /// `true` or `false`.
    Bool(fn(&mut Config, bool)),
    /// A whole number from the first to the second.
    Integer(u32, u32, fn(&mut Config, u32)),
    /// One of these words.
    Choice(&'static [&'static str], fn(&mut Config, &str)),
    /// A map from a rule's id to `off`, `info`, `warning` or `error`.
    Rules,
}

/// A key of the configuration.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its path, with dots.
    pub path: &'static str,
    /// What it takes, and how it is set.
    pub takes: KeyType,
    /// What holds without it, as JSON.
    pub default: &'static str,
    /// What is expected, as words.
    pub expected: &'static str,
    /// What it changes.
    pub effect: &'static str,
}

/// Every key.
pub static KEYS: &[Key] = &[
    Key {
        path: "cache.enabled",
        takes: KeyType::Bool(|config, value| config.cache_enabled = value),
        default: "true",
        expected: "true or false",
        effect: "whether results may be kept between runs",
    },
    Key {
        path: "cache.retention_days",
        takes: KeyType::Integer(1, 3650, |config, value| config.cache_retention_days = value),
        default: "30",
        expected: "a whole number from 1 to 3650",
        effect: "for how many days results are kept",
    },
    Key {
        path: "analysis.default_mode",
        takes: KeyType::Choice(&["incremental", "full"], |config, value| config.analysis_incremental = value != "full"),
        default: "\"incremental\"",
        expected: "incremental or full",
        effect: "whether a run may reuse results of files that did not change",
    },
    Key {
        path: "validation.strict",
        takes: KeyType::Bool(|config, value| config.strict = value),
        default: "false",
        expected: "true or false",
        effect: "whether warnings fail a run",
    },
    Key {
        path: "validation.auto_validate",
        takes: KeyType::Bool(|config, value| config.auto_validate = value),
        default: "true",
        expected: "true or false",
        effect: "whether generating validates first and refuses on errors",
    },
    Key {
        path: "documentation.auto_generate_quick_ref",
        takes: KeyType::Bool(|config, value| config.auto_generate_quick_ref = value),
        default: "true",
        expected: "true or false",
        effect: "whether generating writes quick-ref.md",
    },
    Key {
        path: "documentation.token_target",
        takes: KeyType::Integer(50, 100_000, |config, value| config.token_target = value),
        default: "200",
        expected: "a whole number from 50 to 100000",
        effect: "the most tokens that a generated quick-ref has",
    },
    Key {
        path: "compatibility.events",
        takes: KeyType::Choice(&Compatibility::NAMES, |config, value| {
            config.event_compatibility = Compatibility::parse(value).unwrap_or_default();
        }),
        default: "\"forward\"",
        expected: "backward, forward, full, or one of these with -transitive",
        effect: "how payloads of events may change, where neither the event nor the constitution says",
    },
    Key {
        path: "compatibility.versions",
        takes: KeyType::Choice(&VersionPolicy::NAMES, |config, value| {
            config.version_policy = VersionPolicy::parse(value).unwrap_or_default();
        }),
        default: "\"breaking\"",
        expected: "off, breaking or semver",
        effect: "what info.version must do when a contract changes",
    },
    Key {
        path: "rules",
        takes: KeyType::Rules,
        default: "{}",
        expected: "a map from rule ids to off, info, warning or error",
        effect: "the severity of single rules, or that they do not run",
    },
];

/// The JSON Schema (draft 2020-12) of the file, made from [`KEYS`].
pub fn json_schema() -> Value {
    let mut properties = Map::new();
    properties.insert("$schema".to_owned(), json!({ "type": "string", "description": "For editors; not read." }));
    for key in KEYS {
        let mut schema = key.takes.json_schema();
        schema.insert("description".to_owned(), Value::from(format!("Decides {}.", key.effect)));
        schema.insert("default".to_owned(), serde_json::from_str(key.default).unwrap_or_default());
        match key.path.split_once('.') {
            None => properties.insert(key.path.to_owned(), schema.into()),
            Some((section, name)) => {
                let section = properties.entry(section).or_insert_with(|| closed_object(Map::new()));
                section["properties"].as_object_mut().and_then(|inner| inner.insert(name.to_owned(), schema.into()))
            }
        };
    }
    let mut root = Map::new();
    root.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    root.insert("title".to_owned(), "Configuration".into());
    root.insert("description".to_owned(), "A platform's .speckit.config.json.".into());
    root.extend(closed_object(properties).as_object().cloned().unwrap_or_default());
    root.into()
}

fn closed_object(properties: Map<String, Value>) -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

impl KeyType {
    fn json_schema(self) -> Map<String, Value> {
        let schema = match self {
            KeyType::Bool(_) => json!({ "type": "boolean" }),
            KeyType::Integer(least, most, _) => json!({ "type": "integer", "minimum": least, "maximum": most }),
            KeyType::Choice(words, _) => json!({ "enum": words }),
            KeyType::Rules => json!({
                "type": "object",
                "additionalProperties": { "enum": ["off", "info", "warning", "error"] },
            }),
        };
        schema.as_object().cloned().unwrap_or_default()
    }
}

impl Config {
    /// Reads the configuration in `file`. A key that is unknown or has a wrong value is a problem and changes nothing.
    pub fn read(sources: &Sources, file: FileId) -> Config {
        let mut config = Config { file: Some(file), ..Config::default() };
        let Some(root) = sources.root(file) else { return config };
        if !root.is_mapping() {
            config.wrong(file, String::new(), "an object", root);
            return config;
        }
        for (name, value) in root.fields() {
            let prefix = format!("{name}.");
            if let Some(key) = KEYS.iter().find(|key| key.path == name) {
                config.set(file, key, value);
            } else if name == "$schema" {
                // Editors read it.
            } else if !KEYS.iter().any(|key| key.path.starts_with(&prefix)) {
                config.unknown(file, name.to_owned(), value);
            } else if value.is_mapping() {
                for (inner, value) in value.fields() {
                    let path = format!("{name}.{inner}");
                    match KEYS.iter().find(|key| key.path == path) {
                        Some(key) => config.set(file, key, value),
                        None => config.unknown(file, path, value),
                    }
                }
            } else {
                config.wrong(file, name.to_owned(), "an object", value);
            }
        }
        config
    }

    fn set(&mut self, file: FileId, key: &Key, value: NodeRef<'_>) {
        let done = match key.takes {
            KeyType::Bool(set) => value.as_bool().map(|value| set(self, value)),
            KeyType::Integer(least, most, set) => {
                let number = value.as_i64().and_then(|number| u32::try_from(number).ok());
                number.filter(|number| (least..=most).contains(number)).map(|number| set(self, number))
            }
            KeyType::Choice(words, set) => {
                value.as_str().filter(|word| words.contains(word)).map(|word| set(self, word))
            }
            KeyType::Rules => value.is_mapping().then(|| self.set_rules(file, value)),
        };
        if done.is_none() {
            self.wrong(file, key.path.to_owned(), key.expected, value);
        }
    }

    fn set_rules(&mut self, file: FileId, rules: NodeRef<'_>) {
        for (id, value) in rules.fields() {
            let level = value.scalar().and_then(RuleLevel::parse);
            match level {
                Some(level) => self.rules.push((id.to_owned(), level, key_route(file, value))),
                None => self.wrong(file, format!("rules.{id}"), "off, info, warning or error", value),
            }
        }
    }

    fn unknown(&mut self, file: FileId, key: String, value: NodeRef<'_>) {
        let closest = closest_key(&key).map(str::to_owned);
        self.problems.push(ConfigProblem::UnknownKey { key, closest, route: key_route(file, value) });
    }

    fn wrong(&mut self, file: FileId, key: String, expected: &'static str, value: NodeRef<'_>) {
        let route = Route::node(NodeKey { file, node: value.id() });
        self.problems.push(ConfigProblem::WrongType { key, expected, route });
    }
}

impl RuleLevel {
    /// The level of that name.
    pub fn parse(name: &str) -> Option<RuleLevel> {
        match name {
            "off" => Some(RuleLevel::Off),
            "info" => Some(RuleLevel::Info),
            "warning" | "warn" => Some(RuleLevel::Warning),
            "error" => Some(RuleLevel::Error),
            _ => None,
        }
    }
}

fn key_route(file: FileId, value: NodeRef<'_>) -> Route {
    Route::key_of(NodeKey { file, node: value.id() })
}

/// No known key is nearly as long; comparing takes room and time in proportion to the length.
const LONGEST_KEY: usize = 120;

/// The known key that differs least, where it differs little enough to be meant; sections count as keys.
fn closest_key(key: &str) -> Option<&'static str> {
    if key.len() > LONGEST_KEY {
        return None;
    }
    // A key of a section is not meant to be the section.
    let sections = KEYS.iter().filter(|_| !key.contains('.'));
    let sections = sections.filter_map(|known| known.path.split_once('.').map(|(section, _)| section));
    let known = KEYS.iter().map(|known| known.path).chain(sections);
    let scored = known.map(|known| (strsim::damerau_levenshtein(key, known), known));
    let (distance, best) = scored.min_by_key(|(distance, _)| *distance)?;
    let same_name = || {
        let name = |path: &'static str| path.rsplit('.').next().unwrap_or(path);
        let wanted = key.rsplit('.').next().unwrap_or(key);
        KEYS.iter().map(|known| known.path).find(|known| strsim::damerau_levenshtein(name(known), wanted) <= 2)
    };
    if distance <= 3.max(key.len() / 4) { Some(best) } else { same_name() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryStore, load};

    fn read(text: &str) -> Config {
        let sources = load(&MemoryStore::new([("c.json", text)]), &|_| true).unwrap();
        Config::read(&sources, sources.id_of("c.json").unwrap())
    }

    fn problems(config: &Config) -> Vec<(&str, Option<&str>)> {
        let problems = config.problems.iter();
        let shown = problems.map(|problem| match problem {
            ConfigProblem::UnknownKey { key, closest, .. } => (key.as_str(), closest.as_deref()),
            ConfigProblem::WrongType { key, expected, .. } => (key.as_str(), Some(*expected)),
        });
        shown.collect()
    }

    #[test]
    fn every_key_changes_something() {
        let config = read(
            r#"{"cache":{"enabled":false,"retention_days":7},"analysis":{"default_mode":"full"},
               "validation":{"strict":true,"auto_validate":false},
               "documentation":{"auto_generate_quick_ref":false,"token_target":300},
               "compatibility":{"events":"full","versions":"off"},"rules":{"x":"off","y":"error"}}"#,
        );
        assert!(config.problems.is_empty());
        let default = Config::default();
        assert_ne!(config.cache_enabled, default.cache_enabled);
        assert_ne!(config.cache_retention_days, default.cache_retention_days);
        assert_ne!(config.analysis_incremental, default.analysis_incremental);
        assert_ne!(config.strict, default.strict);
        assert_ne!(config.auto_validate, default.auto_validate);
        assert_ne!(config.auto_generate_quick_ref, default.auto_generate_quick_ref);
        assert_ne!(config.token_target, default.token_target);
        assert_ne!(config.event_compatibility, default.event_compatibility);
        assert_ne!(config.version_policy, default.version_policy);
        assert_eq!(config.rules.len(), 2);
    }

    #[test]
    fn the_stated_defaults_are_the_defaults() {
        let mut text = String::from("{");
        for section in ["cache", "analysis", "validation", "documentation", "compatibility"] {
            let keys =
                KEYS.iter().filter_map(|key| Some((key.path.strip_prefix(section)?.strip_prefix('.')?, key.default)));
            let keys: Vec<_> = keys.map(|(name, default)| format!("\"{name}\":{default}")).collect();
            text += &format!("\"{section}\":{{{}}},", keys.join(","));
        }
        text += "\"rules\":{}}";
        let config = Config { file: None, ..read(&text) };
        assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn what_is_wrong_is_said_and_changes_nothing() {
        let config = read(
            r#"{"validation":{"strct":true,"strict":"yes"},"cache":{"retention_days":-1},"analysis":{"default_mode":"fast"},
               "documentaton":{},"colour":1,"cache2":{"enabled":true},"compatibility":{"a":1},"rules":{"x":"loud"},"strict":true,"documentation":3}"#,
        );
        let expected = [
            ("validation.strct", Some("validation.strict")),
            ("validation.strict", Some("true or false")),
            ("cache.retention_days", Some("a whole number from 1 to 3650")),
            ("analysis.default_mode", Some("incremental or full")),
            ("documentaton", Some("documentation")),
            ("colour", None),
            ("cache2", Some("cache")),
            ("compatibility.a", None),
            ("rules.x", Some("off, info, warning or error")),
            ("strict", Some("validation.strict")),
            ("documentation", Some("an object")),
        ];
        assert_eq!(problems(&config), expected);
        assert!(!config.strict && config.cache_retention_days == 30);
        assert_eq!(problems(&read("[]")), [("", Some("an object"))]);
        assert!(read("").problems.is_empty());
    }
}
