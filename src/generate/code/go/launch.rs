//! How a Go service is installed, started and tested.

use crate::generate::code::launch::{Launch, Step};
use crate::model::Service;

use super::module;

pub(crate) fn launch(service: &Service) -> Launch {
    let module = module(service);
    let command = format!("./cmd/{module}");
    let program = if cfg!(windows) { format!("bin/{module}.exe") } else { format!("bin/{module}") };
    Launch {
        entry: format!("cmd/{module}/main.go"),
        installed: None,
        install: vec![Step::new("go", &["mod", "download"])],
        build: vec![Step::new("go", &["build", "-o", &program, &command])],
        start: Step::new(&program, &[]),
        test: vec![Step::new("go", &["test", "-count=1", "./..."])],
    }
}
