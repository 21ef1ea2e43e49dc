//! Contracts without a platform around them: a file, or a folder that has none of a platform's places. What a file is, its
//! content tells.

use std::collections::BTreeMap;

use super::events::EventFile;
use super::openapi::OpenApi;
use super::{Documents, Located, ServiceDocuments};
use crate::source::{FileId, Format, Route, Sources};

/// What a file is by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// An OpenAPI document of version 3.
    Api,
    /// One or more event contracts, or the schema of one event.
    Event,
    /// A platform's model as `agentspec model` prints it.
    Model,
    /// A document of another kind that describes services; the name of its format.
    Foreign(&'static str),
    /// Something else.
    Other,
}

impl Nature {
    /// What the file is. An event needs a schema; a name only where `named` asks for one, because a schema alone may be
    /// anything.
    pub fn of(sources: &Sources, file: FileId, named: bool) -> Nature {
        let Some(root) = sources.root(file) else { return Nature::Other };
        if let Some(version) = root.get("openapi") {
            let is_3 = version.scalar().is_some_and(|text| text.starts_with('3'));
            return if is_3 { Nature::Api } else { Nature::Foreign("an OpenAPI document of a version other than 3") };
        }
        if root.get("swagger").is_some() {
            return Nature::Foreign("a Swagger 2.0 document");
        }
        if root.get("asyncapi").is_some() {
            return Nature::Foreign("an AsyncAPI document");
        }
        if ["version", "technology", "services", "schemas"].iter().all(|key| root.get(key).is_some()) {
            return Nature::Model;
        }
        let events = EventFile::read(sources, file, None).events;
        let is_event = events.iter().any(|event| event.schema.is_some() && (event.name.is_some() || !named));
        if is_event { Nature::Event } else { Nature::Other }
    }
}

/// The contracts among files.
#[derive(Clone, Debug, Default)]
pub struct Loose {
    /// OpenAPI documents, by path.
    pub apis: Vec<FileId>,
    /// Event contracts, by path.
    pub events: Vec<FileId>,
}

/// How contracts are called that stand alone on their side of a comparison, whatever their files are called.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    /// The service of the only OpenAPI document.
    pub api: Option<&'a str>,
    /// The only event, where its contract gives it no name.
    pub event: Option<&'a str>,
}

/// Whether a file may hold a contract, by its path.
pub fn wanted(path: &str) -> bool {
    matches!(Format::of_path(path), Some(Format::Json | Format::Yaml))
}

impl Loose {
    /// The contracts among the files that are `listed`, of which others may be read for their `$ref`s. A schema without the
    /// name of an event is one in a folder `events` only.
    pub fn find(sources: &Sources, listed: &dyn Fn(&str) -> bool) -> Loose {
        let mut found = Loose::default();
        for (file, source) in sources.iter().filter(|(_, source)| listed(&source.path)) {
            let in_events = source.path.rsplit('/').nth(1).is_some_and(|folder| folder.eq_ignore_ascii_case("events"));
            match Nature::of(sources, file, !in_events) {
                Nature::Api => found.apis.push(file),
                Nature::Event => found.events.push(file),
                _ => {}
            }
        }
        found
    }

    /// The contracts in one file, which may be a schema alone.
    pub fn find_file(sources: &Sources, file: FileId) -> Loose {
        match Nature::of(sources, file, false) {
            Nature::Api => Loose { apis: vec![file], events: Vec::new() },
            Nature::Event => Loose { apis: Vec::new(), events: vec![file] },
            _ => Loose::default(),
        }
    }

    /// Whether there is no contract.
    pub fn is_empty(&self) -> bool {
        self.apis.is_empty() && self.events.is_empty()
    }

    /// The typed documents. A service is called like its file without the extension, so that a file that changes from YAML
    /// to JSON is the same service.
    pub fn documents(&self, sources: &Sources, names: Names<'_>) -> Documents {
        let path = |file: &FileId| &*sources.file(*file).path;
        let mut named: BTreeMap<&str, usize> = BTreeMap::new();
        for file in &self.apis {
            *named.entry(stem(path(file))).or_default() += 1;
        }
        let name_of = |file: &FileId| match names.api {
            Some(name) if self.apis.len() == 1 => name,
            _ if named.get(stem(path(file))) == Some(&1) => stem(path(file)),
            _ => path(file),
        };
        let service = |file: &FileId| ServiceDocuments {
            name: name_of(file).to_owned(),
            api: OpenApi::read(sources, *file),
            ..ServiceDocuments::default()
        };
        let mut services: Vec<ServiceDocuments> = self.apis.iter().map(service).collect();
        services.sort_by(|a, b| a.name.cmp(&b.name));
        let mut documents = Documents::of(services);
        documents.shared_events = self.events.iter().map(|file| self.event_file(sources, *file, names)).collect();
        documents
    }

    fn event_file(&self, sources: &Sources, file: FileId, names: Names<'_>) -> EventFile {
        let mut read = EventFile::read(sources, file, None);
        if let [only] = read.events.as_mut_slice() {
            let own = stem(&sources.file(file).path);
            let fallback = names.event.filter(|_| self.events.len() == 1).unwrap_or(own);
            only.name.get_or_insert_with(|| Located::new(fallback.to_owned(), Route::node(only.node)));
        }
        read
    }

    /// The name of the event where there is exactly one, and it has one.
    pub fn only_event(&self, sources: &Sources) -> Option<String> {
        let [file] = self.events.as_slice() else { return None };
        let read = EventFile::read(sources, *file, None);
        let [only] = read.events.as_slice() else { return None };
        only.name.as_ref().map(|name| name.value.clone())
    }
}

/// The path without its extension.
pub fn stem(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryStore, load};

    fn sources(files: &[(&str, &str)]) -> Sources {
        load(&MemoryStore::new(files.iter().copied()), &wanted).unwrap()
    }

    #[test]
    fn a_file_is_what_its_content_says() {
        for (text, nature) in [
            ("openapi: 3.0.3", Nature::Api),
            ("swagger: '2.0'", Nature::Foreign("a Swagger 2.0 document")),
            ("asyncapi: 3.0.0", Nature::Foreign("an AsyncAPI document")),
            ("{version: 1, technology: {}, services: [], schemas: []}", Nature::Model),
            ("{eventType: a.b.c, schema: {type: object}}", Nature::Event),
            ("{properties: {a: {}}}", Nature::Event),
            ("{name: a-package, version: 1.0.0}", Nature::Other),
            ("[1, 2]", Nature::Other),
            ("{", Nature::Other),
        ] {
            let sources = sources(&[("x.yaml", text)]);
            assert_eq!(Nature::of(&sources, sources.id_of("x.yaml").unwrap(), false), nature, "{text}");
        }
    }

    #[test]
    fn a_schema_alone_is_an_event_only_among_events() {
        let bare = "{properties: {a: {}}}";
        let sources = sources(&[("config.yaml", bare), ("events/placed.yaml", bare), ("api/b.yaml", "openapi: 3.1.0")]);
        let found = Loose::find(&sources, &|_| true);
        assert_eq!((found.apis.len(), found.events.len()), (1, 1));
        let documents = found.documents(&sources, Names::default());
        assert_eq!(documents.services[0].name, "api/b");
        assert_eq!(documents.shared_events[0].events[0].name.as_ref().unwrap().value, "events/placed");
    }

    #[test]
    fn what_stands_alone_has_the_given_name() {
        let sources = sources(&[("new.yaml", "openapi: 3.1.0"), ("e.json", r#"{"properties": {}}"#)]);
        let found = Loose::find(&sources, &|path| path != "e.json");
        let documents = found.documents(&sources, Names { api: Some("contract"), event: None });
        assert_eq!((documents.services[0].name.as_str(), documents.shared_events.len()), ("contract", 0));
    }

    #[test]
    fn files_that_differ_in_the_extension_alone_keep_it() {
        let sources = sources(&[("a.yaml", "openapi: 3.1.0"), ("a.json", r#"{"openapi": "3.1.0"}"#)]);
        let documents = Loose::find(&sources, &|_| true).documents(&sources, Names::default());
        let names: Vec<&str> = documents.services.iter().map(|service| service.name.as_str()).collect();
        assert_eq!(names, ["a.json", "a.yaml"]);
    }
}
