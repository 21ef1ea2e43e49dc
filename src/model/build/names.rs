//! Which service a name means. People write a service's folder name, the name in its spec, or a title of it.

use std::collections::BTreeMap;

use crate::document::Documents;
use crate::document::words::plain;

/// The services of a platform by every name they go under.
#[derive(Debug, Default)]
pub(crate) struct Names {
    exact: BTreeMap<String, String>,
    plain: BTreeMap<String, String>,
}

impl Names {
    /// Collects the names of folders, which come first, and those in specs.
    pub fn new(documents: &Documents) -> Names {
        let mut names = Names::default();
        for service in &documents.services {
            names.exact.insert(service.name.clone(), service.name.clone());
            names.plain.insert(plain(&service.name), service.name.clone());
        }
        for service in &documents.services {
            if let Some(written) = service.spec().and_then(|spec| spec.name.as_ref()) {
                names.exact.entry(written.value.clone()).or_insert_with(|| service.name.clone());
                names.plain.entry(plain(&written.value)).or_insert_with(|| service.name.clone());
            }
        }
        names
    }

    /// The service's folder name.
    pub fn find(&self, written: &str) -> Option<&str> {
        let found = self.exact.get(written).or_else(|| self.plain.get(&plain(written)));
        found.map(String::as_str)
    }

    /// The service's folder name, or the name as written where there is no such service.
    pub fn canonical(&self, written: &str) -> String {
        self.find(written).unwrap_or(written).to_owned()
    }
}
