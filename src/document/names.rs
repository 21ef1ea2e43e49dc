//! Which service a name means. People write a service's folder name, the name in its spec, or a title of it.

use std::collections::BTreeMap;

use super::ServiceDocuments;
use super::words::plain;

/// The services of a platform by every name they go under.
#[derive(Debug, Default)]
pub(super) struct ServiceNames {
    exact: BTreeMap<String, String>,
    plain: BTreeMap<String, String>,
}

impl ServiceNames {
    /// Collects the names of folders, which come first, and those in specs. Of two services of one name the first counts.
    pub fn new(services: &[ServiceDocuments]) -> ServiceNames {
        let mut names = ServiceNames::default();
        for service in services {
            names.exact.insert(service.name.clone(), service.name.clone());
            names.plain.entry(plain(&service.name)).or_insert_with(|| service.name.clone());
        }
        for service in services {
            if let Some(written) = service.spec().and_then(|spec| spec.name.as_ref()) {
                names.exact.entry(written.value.clone()).or_insert_with(|| service.name.clone());
                names.plain.entry(plain(&written.value)).or_insert_with(|| service.name.clone());
            }
        }
        names
    }

    /// The service's folder name.
    pub fn find(&self, written: &str) -> Option<&str> {
        let by_words =
            || Some(plain(written)).filter(|words| !words.is_empty()).and_then(|words| self.plain.get(&words));
        self.exact.get(written).or_else(by_words).map(String::as_str)
    }
}
