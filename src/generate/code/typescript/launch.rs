//! How an Express service is installed, started and tested.

use crate::generate::code::launch::{Launch, Step};

/// The variable that names another Node.js than that of the path.
const NODE: &str = "AGENTSPEC_NODE";

/// TypeScript and SQLite within Node.js are called experiments, at each start.
const QUIET: &str = "--disable-warning=ExperimentalWarning";

pub(crate) fn launch() -> Launch {
    let given = std::env::var(NODE).ok().filter(|path| !path.is_empty());
    let node = given.as_deref().unwrap_or("node");
    Launch {
        entry: "src/main.ts".to_owned(),
        installed: Some("node_modules/express".to_owned()),
        install: vec![Step::new("npm", &["ci", "--no-audit", "--no-fund"])],
        build: Vec::new(),
        start: Step::new(node, &[QUIET, "src/main.ts"]),
        test: vec![Step::new(node, &[QUIET, "--test", "tests/*.test.ts"])],
    }
}
