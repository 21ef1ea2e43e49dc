//! How a Go service is started and tested. The toolchain fetches packages by itself.

use crate::generate::code::launch::{Launch, Step};
use crate::model::Service;

use super::module;

pub(crate) fn launch(service: &Service) -> Launch {
    let module = module(service);
    Launch {
        entry: format!("cmd/{module}/main.go"),
        installed: None,
        install: vec![Step::new("go", &["mod", "download"])],
        build: Vec::new(),
        start: Step::new("go", &["run", &format!("./cmd/{module}")]),
        test: vec![Step::new("go", &["test", "./..."])],
    }
}
