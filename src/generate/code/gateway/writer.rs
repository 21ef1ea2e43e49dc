//! Writes the files of a gateway from templates, in whatever language.

use serde_json::Value as View;

use crate::generate::{GenerateError, Request};
use crate::output::{Ownership, Parts, PlannedFile};

use super::Gateway;

/// What the first line of a file says that other services have, too, and what it says in a gateway.
const OTHERS_HEAD: &str = "from the contract. Own code belongs into the handlers.";
const OTHERS_TEST_HEAD: &str = "from the contract. Own tests";
const HEAD: &str = "from the specification and the contracts behind it.";

/// Appends the files of one gateway to a plan.
pub(crate) struct Writer<'a, 'f> {
    /// What is generated.
    pub(crate) request: &'a Request<'a>,
    /// The gateway.
    pub(crate) gateway: &'a Gateway<'a>,
    /// The folder of the language's templates.
    pub(crate) templates: &'static str,
    /// What they are rendered over.
    pub(crate) view: View,
    /// The files of the plan.
    pub(crate) files: &'f mut Vec<PlannedFile>,
}

impl Writer<'_, '_> {
    /// Writes what a template makes of the gateway.
    pub(crate) fn file(&mut self, path: &str, template: &str) -> Result<(), GenerateError> {
        let template = format!("{}/{template}.j2", self.templates);
        let content = self.request.engine.render(&template, &self.view)?;
        let content = content.replacen(OTHERS_HEAD, HEAD, 1);
        self.write(path, template, content.replacen(OTHERS_TEST_HEAD, &format!("{HEAD} Own tests"), 1));
        Ok(())
    }

    /// Writes the document of all that the gateway offers.
    pub(crate) fn document(&mut self, path: &str, template: &str) {
        let template = format!("{}/gateway/{template}", self.templates);
        self.write(path, template, self.gateway.openapi_text());
    }

    fn write(&mut self, path: &str, template: String, content: String) {
        self.files.push(PlannedFile {
            path: format!("{}/{path}", self.gateway.service.folder),
            ownership: Ownership::Generated,
            content,
            template,
            target: "code",
            service: Some(self.gateway.service.name.clone()),
            executable: false,
            made_from: None,
            parts: Parts::new(),
        });
    }
}
