//! What is measured: a platform, or one that is made around a contract.

use std::fs;
use std::path::{Path, PathBuf};

use agentspec::model::{Operation, Platform, Service};
use agentspec::source::WorktreeStore;
use agentspec::workspace::Workspace;
use anyhow::{Context, Result, bail};

use crate::forced::Forced;

const CONSTITUTION: &str = "# Probe\n\n## Technology Stack\n\n- Language: Python (FastAPI)\n\
                            - Database: PostgreSQL per service\n- Authentication: JWT tokens\n";
const SPEC: &str = "# Probe\n\n## Service Overview\n\n### Service Name\n\nprobe-service\n";

/// A platform whose services are measured.
pub struct Subject {
    /// Where it stands.
    pub root: PathBuf,
    workspace: Workspace,
    _made: Option<tempfile::TempDir>,
}

impl Subject {
    /// Reads a platform, or makes one of a contract.
    pub fn open(path: &Path) -> Result<Subject> {
        let made = if path.is_dir() { None } else { Some(around(path)?) };
        let root = made.as_ref().map_or(path, |made| made.path()).to_owned();
        let workspace = Workspace::load(&WorktreeStore::open(&root)?)?.lower_schemas();
        let subject = Subject { root, workspace, _made: made };
        if subject.services().next().is_none() {
            bail!("{}: no OpenAPI document is found", path.display());
        }
        Ok(subject)
    }

    /// The services that have a contract.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.platform().services.iter().filter(|service| service.api.is_some())
    }

    /// The platform.
    pub fn platform(&self) -> &Platform {
        &self.workspace.platform
    }

    /// `METHOD path` of each operation of a service that answers 501 until a person writes it.
    pub fn unwritten(&self, service: &Service) -> Vec<String> {
        let Some(api) = &service.api else { return Vec::new() };
        let open = agentspec::generate::unimplemented(&self.platform().schemas, api);
        open.into_iter().map(label).collect()
    }

    /// The responses that a service's contract forces and does not declare.
    pub fn forced<'a>(&self, service: &'a Service) -> Forced<'a> {
        Forced::of(&self.workspace, service)
    }
}

/// An operation as schemathesis names it.
pub fn label(operation: &Operation) -> String {
    format!("{} {}", operation.method.key().to_uppercase(), operation.path)
}

/// A platform of one service with a contract.
fn around(contract: &Path) -> Result<tempfile::TempDir> {
    let root = tempfile::tempdir()?;
    let kind = contract.extension().and_then(|kind| kind.to_str()).unwrap_or("yaml");
    let write = |path: String, bytes: &[u8]| -> Result<()> {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap())?;
        Ok(fs::write(path, bytes)?)
    };
    let text = fs::read(contract).with_context(|| contract.display().to_string())?;
    write("constitution.md".to_owned(), CONSTITUTION.as_bytes())?;
    write("services/probe-service/specs/001-probe/spec.md".to_owned(), SPEC.as_bytes())?;
    write(format!("services/probe-service/contracts/api-spec.{kind}"), &text)?;
    Ok(root)
}
