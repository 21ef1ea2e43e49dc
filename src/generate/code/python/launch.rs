//! How a FastAPI service is installed, started and tested.

use crate::generate::code::launch::{Launch, Step};
use crate::model::Service;

use super::package;

/// The variable that names an interpreter which has the packages already.
const INTERPRETER: &str = "AGENTSPEC_PYTHON";

/// Installs the service with what its tests need, each package in the version that the project has it in.
const INSTALL: [&str; 8] =
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint=constraints.txt", "-e", ".[dev]"];

pub(crate) fn launch(service: &Service) -> Launch {
    let given = std::env::var(INTERPRETER).ok().filter(|path| !path.is_empty());
    let own = if cfg!(windows) { ".venv/Scripts/python.exe" } else { ".venv/bin/python" };
    let python = given.as_deref().unwrap_or(own);
    let package = package(service);
    let mut start = Step::new(python, &["-m", &package]);
    start.variables.push(("PYTHONPATH".to_owned(), "src".to_owned()));
    Launch {
        entry: format!("src/{package}/__main__.py"),
        installed: given.is_none().then(|| own.to_owned()),
        install: match given {
            Some(_) => Vec::new(),
            None => vec![Step::new("python3", &["-m", "venv", ".venv"]), Step::new(own, &INSTALL)],
        },
        build: Vec::new(),
        start,
        test: vec![Step::new(python, &["-m", "pytest", "-q"])],
    }
}
