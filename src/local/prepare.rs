//! What is needed to start services: their commands, free ports, addresses of each other, and secrets.

use std::collections::BTreeMap;
use std::env;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use crate::generate::{self, Launch, Source};
use crate::model::{Platform, Service};
use crate::output::{self, OutputError};
use crate::template::names::{Case, identifier};

use super::{Broker, token};

/// Where a run keeps what it needs, below the platform's root.
const STATE: &str = ".agentspec/dev";

/// Why services cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// There is no code to start.
    #[error("{service}: there is no generated code at {entry}\nhelp: run `agentspec generate code` first")]
    NotGenerated {
        /// The service.
        service: String,
        /// The file that is missing.
        entry: String,
    },
    /// The packages are not there.
    #[error("{service}: its packages are not installed\nhelp: {help}")]
    NotInstalled {
        /// The service.
        service: String,
        /// What to do.
        help: String,
    },
    /// No port is free.
    #[error("port {port} cannot be had: {reason}")]
    Port {
        /// The port.
        port: u16,
        /// Why.
        reason: String,
    },
    /// The root cannot be read.
    #[error("{path}: {reason}")]
    Root {
        /// The folder.
        path: String,
        /// Why.
        reason: String,
    },
    /// Databases have no place.
    #[error(transparent)]
    State(#[from] OutputError),
    /// The system has no source of random bytes.
    #[error("no secret can be made: {0}")]
    Random(#[from] getrandom::Error),
}

/// What lets a developer in.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// A bearer token with every scope that an operation asks for.
    pub token: String,
    /// The value for `API_KEY` and `BASIC_PASSWORD`.
    pub key: String,
}

/// One service that is to be started or tested.
#[derive(Clone, Debug)]
pub struct Job {
    /// The service.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Its commands.
    pub launch: Launch,
    /// Its environment.
    pub variables: Vec<(String, String)>,
    /// Where it will listen on this machine.
    pub port: u16,
    /// Names of the services that it is started after, as it is not ready without them.
    pub after: Vec<String>,
}

impl Job {
    /// Where it listens.
    pub fn url(&self) -> String {
        local(self.port)
    }

    /// Whether the packages are there, as far as can be seen.
    ///
    /// # Errors
    /// [`Problem::NotInstalled`] with the commands that help.
    pub fn check_installed(&self) -> Result<(), Problem> {
        let missing = self.launch.installed.as_ref().filter(|path| !self.folder.join(path).exists());
        if missing.is_none() {
            return Ok(());
        }
        let commands: Vec<String> = self.launch.install.iter().map(generate::Step::shown).collect();
        let help = format!("add --install, or run in {}: {}", self.folder.display(), commands.join(" && "));
        Err(Problem::NotInstalled { service: self.name.clone(), help })
    }
}

/// Every service of the platform (or the named ones, where there are names) that code is generated for, with a free port
/// each: `first` and those behind it, or any. Secrets and a broker that the environment names are taken from it; where it names no broker, events go
/// to the one that is given, or stay inside each service.
///
/// # Errors
/// When code is missing, a port is taken, or no folder for databases can be made.
pub fn prepare(
    root: &Path,
    platform: &Platform,
    only: &[&str],
    first: Option<u16>,
    broker: Option<&Broker>,
) -> Result<(Vec<Job>, Secrets), Problem> {
    let named = |service: &&Service| only.is_empty() || only.contains(&service.name.as_str());
    let chosen = platform.services.iter().filter(named);
    let chosen: Vec<(&Service, Launch)> =
        chosen.filter_map(|service| Some((service, generate::launch(platform, service)?))).collect();
    for (service, launch) in &chosen {
        if !root.join(&service.folder).join(&launch.entry).exists() {
            let entry = format!("{}/{}", service.folder, launch.entry);
            return Err(Problem::NotGenerated { service: service.name.clone(), entry });
        }
    }
    // Commands run in the folders of services, so that nothing may be relative to where this run began.
    let root = &root
        .canonicalize()
        .map_err(|error| Problem::Root { path: root.display().to_string(), reason: error.to_string() })?;
    hide_state(root)?;
    let databases =
        chosen.iter().map(|(service, _)| database(root, service)).collect::<Result<Vec<String>, OutputError>>()?;
    let key = token::secret()?;
    let jwt = env::var("JWT_SECRET").ok().filter(|secret| !secret.is_empty());
    let jwt = jwt.map_or_else(token::secret, Ok)?;
    let secrets = Secrets { token: token::token(&jwt, &token::secret()?, &scopes(platform)), key };
    let own = || broker.map_or_else(|| "memory:".to_owned(), Broker::url);
    let messages = env::var("BROKER_URL").unwrap_or_else(|_| own());
    let ports = ports(chosen.len(), first)?;
    let addresses: BTreeMap<&str, u16> =
        chosen.iter().zip(&ports).map(|((service, _), port)| (service.name.as_str(), *port)).collect();
    let job = |(((service, launch), port), database): (((&Service, Launch), &u16), String)| {
        let mut variables = vec![("HOST".to_owned(), "127.0.0.1".to_owned())];
        let asked = generate::asked_about_tokens(platform, service);
        for variable in generate::variables(platform, service) {
            let value = match &variable.source {
                Source::Port => Some(port.to_string()),
                Source::Address(other) => running(&addresses, other, &variable.name).or_else(|| {
                    // Where nobody may be there to ask, the token of this run would be refused by every operation.
                    platform.service(other).filter(|other| asked != Some(&other.name)).map(by_default)
                }),
                Source::Secret("database-url") => Some(database.clone()),
                Source::Secret("cache-url") => env::var("CACHE_URL").ok().or(Some("memory:".to_owned())),
                Source::Secret("broker-url") => Some(messages.clone()),
                Source::Secret("jwt-secret") => Some(jwt.clone()),
                Source::Secret("basic-username") => Some("developer".to_owned()),
                Source::Secret(_) => Some(secrets.key.clone()),
            };
            variables.extend(value.map(|value| (variable.name, value)));
        }
        let behind = generate::behind(platform, service);
        let after = behind.into_iter().filter(|name| addresses.contains_key(name)).map(str::to_owned).collect();
        Job { name: service.name.clone(), folder: root.join(&service.folder), launch, variables, port: *port, after }
    };
    Ok((chosen.into_iter().zip(&ports).zip(databases).map(job).collect(), secrets))
}

/// Keeps git from seeing the folder of databases, unless a person says what it sees there.
fn hide_state(root: &Path) -> Result<(), OutputError> {
    let path = format!("{STATE}/.gitignore");
    if output::place(root, &path)?.exists() { Ok(()) } else { output::write(root, &path, b"*\n") }
}

/// A database of its own for each service, kept from run to run.
fn database(root: &Path, service: &Service) -> Result<String, OutputError> {
    let place = output::place(root, &format!("{STATE}/{}.db", identifier_of(service)))?;
    Ok(format!("sqlite:///{}", place.display()))
}

fn identifier_of(service: &Service) -> String {
    identifier(crate::model::Language::Other, Case::Snake, &service.name)
}

/// The address of another service: of the one that runs beside it, or the one that the environment names.
fn running(known: &BTreeMap<&str, u16>, other: &str, name: &str) -> Option<String> {
    known.get(other).map(|port| local(*port)).or_else(|| env::var(name).ok())
}

/// Where a service listens if nobody says otherwise.
fn by_default(service: &Service) -> String {
    local(service.deployment.port)
}

fn local(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Every scope that an operation of the platform asks for.
fn scopes(platform: &Platform) -> String {
    let operations =
        platform.services.iter().filter_map(|service| service.api.as_ref()).flat_map(|api| &api.operations);
    let requirements = operations.flat_map(|operation| operation.security.iter().flatten());
    let scopes: std::collections::BTreeSet<&str> =
        requirements.flat_map(|requirement| requirement.scopes.iter().map(String::as_str)).collect();
    scopes.into_iter().collect::<Vec<_>>().join(" ")
}

/// Ports that nobody listens on: all are held until the last is found, so that none is given twice.
fn ports(count: usize, first: Option<u16>) -> Result<Vec<u16>, Problem> {
    let mut held = Vec::new();
    for at in 0..count {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        let port = first.map_or(0, |first| first.saturating_add(at));
        let listener = TcpListener::bind(("127.0.0.1", port))
            .map_err(|error| Problem::Port { port, reason: error.to_string() })?;
        held.push(listener);
    }
    held.iter()
        .map(|listener| listener.local_addr().map(|address| address.port()))
        .collect::<Result<_, _>>()
        .map_err(|error| Problem::Port { port: 0, reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_free_and_differ() {
        let found = ports(8, None).unwrap();
        let unique: std::collections::BTreeSet<_> = found.iter().collect();
        assert_eq!(unique.len(), 8);
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(ports(1, Some(port)).unwrap_err().to_string().contains(&port.to_string()));
    }
}
