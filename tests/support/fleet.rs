//! Services of any language as processes, each on a port that the others know.
// Not every test that starts services uses all of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::Command;

use agentspec::model::Language;

use crate::python::{self, Running};
use crate::{go, service, typescript};

/// The languages that services are generated in.
pub const LANGUAGES: [Language; 3] = [Language::Python, Language::Typescript, Language::Go];

/// A language as specifications name it.
pub fn named(language: Language) -> &'static str {
    match language {
        Language::Typescript => "TypeScript (Express)",
        Language::Go => "Go",
        _ => "Python (FastAPI)",
    }
}

/// What services of some languages run with. Tests run scripts in Python, so that it is always there.
pub struct Toolchains {
    /// Python with the packages of generated services.
    pub interpreter: PathBuf,
    node: Option<typescript::Toolchain>,
}

impl Toolchains {
    /// What the languages need, or nothing where one cannot be had: that is said under the test's name.
    pub fn of(test: &str, languages: &[Language]) -> Option<Toolchains> {
        let interpreter = python::interpreter(test)?;
        let node = match languages.contains(&Language::Typescript) {
            true => Some(typescript::toolchain(test)?),
            false => None,
        };
        if languages.contains(&Language::Go) {
            go::toolchain(test)?;
        }
        Some(Toolchains { interpreter, node })
    }

    /// Makes what is started, where a language wants that.
    pub fn build(&self, language: Language, folder: &Path) {
        match (language, &self.node) {
            (Language::Typescript, Some(node)) => node.link(folder),
            (Language::Go, _) => {
                let built = go::go(folder, &["build", "-o", "service", "./cmd/..."]);
                built.unwrap_or_else(|output| panic!("{output}"));
            }
            _ => {}
        }
    }

    /// Starts a service that is built, and waits until it is ready.
    pub fn start(&self, service: &Service) -> Running {
        let variables: Vec<(&str, &str)> =
            service.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let command = match (service.language, &self.node) {
            (Language::Typescript, Some(node)) => node.command(&service.folder),
            (Language::Go, _) => Command::new(service.folder.join("service")),
            _ => {
                let package = service.name.replace('-', "_");
                let package = if package.ends_with("service") { package } else { package + "_service" };
                python::module_of(&self.interpreter, &package)
            }
        };
        Running::spawn_at(service.port, command, &service.folder, &variables)
    }
}

/// A service that can be started, and again.
pub struct Service {
    /// Its name.
    pub name: String,
    /// What it is written in.
    pub language: Language,
    /// Its folder.
    pub folder: PathBuf,
    /// Where it listens.
    pub port: u16,
    /// Its environment.
    pub variables: Vec<(String, String)>,
}

impl Service {
    /// A service of a platform, with the key that tests sign tokens with.
    pub fn new(root: &Path, name: &str, language: Language) -> Service {
        Service {
            name: name.to_owned(),
            language,
            folder: root.join("services").join(name),
            port: python::free_port(),
            variables: vec![("JWT_SECRET".to_owned(), service::SECRET.to_owned())],
        }
    }

    /// Sets a variable of its environment.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The variable in which callers find its address.
    pub fn variable(&self) -> String {
        format!("{}_URL", self.name.replace('-', "_").to_uppercase())
    }
}
