//! How the code of a service is installed, started and tested on the machine of a developer.

/// A command in the folder of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The program: a name that is looked for in `PATH`, or a path from the service's folder (`.venv/bin/python`).
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Variables that it needs besides those of the service.
    pub variables: Vec<(String, String)>,
}

impl Step {
    /// A program with arguments.
    pub(crate) fn new(program: &str, arguments: &[&str]) -> Step {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Step { program: program.to_owned(), arguments, variables: Vec::new() }
    }

    /// The command as one types it.
    pub fn shown(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        let quoted = words.map(|word| if word.contains(['[', ' ', '*']) { format!("'{word}'") } else { word.clone() });
        quoted.collect::<Vec<_>>().join(" ")
    }
}

/// The commands of one service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Launch {
    /// A file of the generated code, from the service's folder: without it there is nothing to start.
    pub entry: String,
    /// What installing leaves, from the service's folder; nothing where the toolchain fetches packages by itself.
    pub installed: Option<String>,
    /// Installs the packages; these commands, and no others, use the network.
    pub install: Vec<Step>,
    /// Makes what is started.
    pub build: Vec<Step>,
    /// Starts the service, which then stays.
    pub start: Step,
    /// Runs the tests that came with it.
    pub test: Vec<Step>,
}
