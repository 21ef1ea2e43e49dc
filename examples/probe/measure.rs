//! One service in one language: generated, started, tested.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use agentspec::model::{Framework, Language, ParameterLocation, SecuritySchemeKind, Service};
use anyhow::{Context, Result};
use base64::Engine as _;

use crate::fleet::{self, Toolchains};
use crate::postgresql::Postgresql;
use crate::report::Report;
use crate::service::{self, SECRET};
use crate::subject::{Subject, label};

const USER: &str = "probe";

/// What services are measured with.
pub struct Probe<'a> {
    pub toolchains: &'a Toolchains,
    pub databases: &'a Postgresql,
    pub subject: &'a Subject,
    /// Test cases for each operation.
    pub cases: u32,
    /// Where code and reports are written.
    pub folder: &'a Path,
}

/// A service that runs, with what its callers send.
struct Target<'a> {
    service: &'a Service,
    folder: PathBuf,
    url: String,
    excluded: Vec<String>,
}

impl Probe<'_> {
    /// Measures a service in a language, with each seed on an empty database.
    pub fn service(&self, service: &Service, language: Language, seeds: &[u64]) -> Result<Vec<Report>> {
        let word = format!("{language:?}").to_lowercase();
        let root = self.folder.join(&word);
        let framework = match language {
            Language::Typescript => Framework::Express,
            Language::Go => Framework::NetHttp,
            _ => Framework::Fastapi,
        };
        let folder = service::write_of(self.subject.root.to_str().unwrap(), &root, &service.name, |platform| {
            platform.services.iter_mut().for_each(|one| (one.language, one.framework) = (language, framework));
        });
        self.toolchains.build(language, &folder);
        let forced = self.subject.forced(service);
        let mut reports = Vec::new();
        for seed in seeds {
            let database = format!("{}_{word}_{seed}", service.name.replace('-', "_"));
            let mut process = fleet::Service::new(&root, &service.name, language);
            process.set("DATABASE_URL", &self.databases.create(&database));
            process.set("API_KEY", SECRET);
            process.set("BASIC_USERNAME", USER);
            process.set("BASIC_PASSWORD", SECRET);
            process.set("LOG_LEVEL", "ERROR");
            let running = self.toolchains.start(&process);
            let base = service.api.as_ref().map_or("", |api| api.base_path.as_str());
            let url = format!("{}{base}", running.url());
            let target = Target { service, folder: folder.clone(), url, excluded: self.subject.unwritten(service) };
            let mut report = Report::new(&service.name, &word, *seed, target.excluded.clone());
            for (at, filters) in self.runs(&target).iter().enumerate() {
                let file = root.join(format!("{}-{seed}-{at}.xml", service.name));
                report.add(&self.run(&target, *seed, filters, &file)?, &forced);
            }
            reports.push(report);
            drop(running);
            self.databases.remove(&database);
        }
        Ok(reports)
    }

    /// The filters of each run: what ends a session has a token of its own, as it is worthless afterwards.
    fn runs(&self, target: &Target<'_>) -> Vec<Vec<String>> {
        let operations = target.service.api.iter().flat_map(|api| &api.operations);
        let ends = |path: &str| {
            ["logout", "signout", "sign-out"].iter().any(|word| path.trim_end_matches('/').ends_with(word))
        };
        let ending: Vec<String> =
            operations.filter(|one| ends(&one.path) && !one.security.is_empty()).map(label).collect();
        let exclude =
            |names: &[String]| names.iter().flat_map(|name| ["--exclude-name".to_owned(), name.clone()]).collect();
        let left_out = [target.excluded.as_slice(), &ending].concat();
        let mut runs = vec![exclude(&left_out)];
        let ending = ending.into_iter().filter(|name| !target.excluded.contains(name));
        runs.extend(ending.map(|name| vec!["--include-name".to_owned(), name]));
        runs
    }

    /// Runs schemathesis once, and gives its report.
    fn run(&self, target: &Target<'_>, seed: u64, filters: &[String], file: &Path) -> Result<String> {
        let mut command = Command::new(self.toolchains.interpreter.with_file_name("schemathesis"));
        let api = target.service.api.as_ref().context("no contract")?;
        let contract = self.subject.root.join(&*api.origin.file);
        command.current_dir(&target.folder).arg("run").arg(contract).args(["--url", &target.url]);
        command.args(["--checks", "all", "--seed", &seed.to_string(), "-n", &self.cases.to_string()]);
        command.args(["--continue-on-failure", "--workers", "1", "--generation-database", "none"]);
        // PostgreSQL keeps no U+0000 in texts.
        command.args(["--generation-allow-x00", "false", "--report", "junit"]);
        command.arg("--report-junit-path").arg(file).args(filters).env("NO_COLOR", "1");
        for header in self.headers(target.service) {
            command.args(["-H", &header]);
        }
        drop(fs::remove_file(file));
        let output = command.output()?;
        fs::write(file.with_extension("txt"), [output.stdout.as_slice(), &output.stderr].concat())?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if filters.len() / 2 == api.operations.len() {
            return Ok(String::new());
        }
        fs::read_to_string(file).with_context(|| format!("schemathesis reports nothing:\n{said}"))
    }

    /// What callers of a service send: one header for each kind of credentials that its contract asks for.
    fn headers(&self, service: &Service) -> Vec<String> {
        let Some(api) = &service.api else { return Vec::new() };
        let asked = api.operations.iter().flat_map(|operation| operation.security.iter().flatten());
        let mut found = Vec::new();
        for requirement in asked {
            let kind = api.security_schemes.iter().find(|scheme| scheme.name == requirement.scheme);
            let header = match kind.map(|scheme| &scheme.kind) {
                Some(SecuritySchemeKind::ApiKey { location: ParameterLocation::Header, parameter }) => {
                    format!("{parameter}: {SECRET}")
                }
                Some(SecuritySchemeKind::ApiKey { location: ParameterLocation::Cookie, parameter }) => {
                    format!("Cookie: {parameter}={SECRET}")
                }
                Some(SecuritySchemeKind::ApiKey { .. }) => continue,
                Some(SecuritySchemeKind::Http { scheme, .. }) if scheme == "basic" => {
                    let pair = format!("{USER}:{SECRET}");
                    format!("Authorization: Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
                }
                _ if found.iter().any(|header: &String| header.starts_with("Authorization: Bearer ")) => continue,
                _ => format!("Authorization: Bearer {}", self.token(service)),
            };
            if !found.contains(&header) {
                found.push(header);
            }
        }
        found
    }

    /// A token with every scope that the contract asks for.
    fn token(&self, service: &Service) -> String {
        let operations = service.api.iter().flat_map(|api| &api.operations);
        let requirements = operations.flat_map(|operation| operation.security.iter().flatten());
        let mut scopes: Vec<&str> = requirements.flat_map(|one| one.scopes.iter().map(String::as_str)).collect();
        scopes.sort_unstable();
        scopes.dedup();
        service::token_with(&self.toolchains.interpreter, &scopes.join(" "))
    }
}
