//! Finds a platform's documents by their paths and reads them.

use std::collections::BTreeMap;

use super::approvals::Approvals;
use super::config::Config;
use super::constitution::Constitution;
use super::events::EventFile;
use super::names::ServiceNames;
use super::openapi::OpenApi;
use super::pact::PactFile;
use super::plan::{Plan, Tasks};
use super::spec::Spec;
use super::{Documents, ServiceDocuments, SpecFolder};
use crate::source::{FileId, Format, Sources};

/// The name of the configuration file.
pub const CONFIG_FILE: &str = ".speckit.config.json";
/// Files of a spec folder that are read.
const SPEC_FILES: [&str; 5] = ["spec.md", "plan.md", "tasks.md", "quick-ref.md", "ai-doc.md"];
/// Names under which a service's OpenAPI document stands in `contracts/`; the first that is there counts.
const API_NAMES: [&str; 3] = ["api-spec", "openapi", "api"];
const API_EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// What a path is to a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place<'p> {
    Constitution,
    Config,
    Approvals,
    /// Service, folder, file in lower case among [`SPEC_FILES`].
    Spec(&'p str, &'p str, usize),
    /// Service, and the rank of the name.
    Api(&'p str, usize),
    ServiceEvents(&'p str),
    SharedEvents,
    /// A Pact file; the service in whose folder it stands.
    Pact(Option<&'p str>),
    /// A file that others may refer to.
    Referenced,
    /// Any other file of a service.
    OfService(&'p str),
    Other,
}

fn place_of(path: &str) -> Place<'_> {
    let parts: Vec<&str> = path.split('/').collect();
    let tree = || matches!(Format::of_path(path), Some(Format::Json | Format::Yaml));
    let is_json = || Format::of_path(path) == Some(Format::Json);
    match parts.as_slice() {
        [name] if name.eq_ignore_ascii_case("constitution.md") => Place::Constitution,
        [CONFIG_FILE] => Place::Config,
        [".agentspec", "approvals.json"] => Place::Approvals,
        ["services", service, "specs", folder, name] => {
            let known = SPEC_FILES.iter().position(|known| name.eq_ignore_ascii_case(known));
            known.map_or(Place::OfService(service), |known| Place::Spec(service, folder, known))
        }
        ["services", service, "contracts", name] => match api_rank(name) {
            Some(rank) => Place::Api(service, rank),
            None if tree() => Place::Referenced,
            None => Place::OfService(service),
        },
        ["services", service, "contracts", "events", _] if tree() => Place::ServiceEvents(service),
        ["shared", "contracts", "events", _] if tree() => Place::SharedEvents,
        ["pacts", _] if is_json() => Place::Pact(None),
        ["services", service, "pacts", _] if is_json() => Place::Pact(Some(service)),
        ["services", _, "contracts", ..] | ["shared", ..] if tree() => Place::Referenced,
        ["services", service, _, ..] => Place::OfService(service),
        _ => Place::Other,
    }
}

fn api_rank(name: &str) -> Option<usize> {
    let (stem, extension) = name.rsplit_once('.')?;
    let stem = API_NAMES.iter().position(|known| stem.eq_ignore_ascii_case(known))?;
    let extension = API_EXTENSIONS.iter().position(|known| extension.eq_ignore_ascii_case(known))?;
    Some(stem * API_EXTENSIONS.len() + extension)
}

/// Whether the file at `path` is loaded before references are followed.
pub fn wanted(path: &str) -> bool {
    !matches!(place_of(path), Place::OfService(_) | Place::Other)
}

/// Whether a document of the platform belongs at `path`; what only others refer to is none.
pub fn is_document(path: &str) -> bool {
    wanted(path) && place_of(path) != Place::Referenced
}

/// Whether `path` is that of a folder in which documents stand.
pub fn is_folder(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    is_only_folder(path) || matches!(parts.as_slice(), ["services", _] | ["services", _, "specs", _])
}

/// Whether it is also the path of nothing else: a plain file there is a mistake, and not a README, say.
pub fn is_only_folder(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(
        parts.as_slice(),
        ["services" | "shared" | "pacts"]
            | ["shared", "contracts"]
            | ["shared", "contracts", "events"]
            | ["services", _, "contracts" | "specs" | "pacts"]
            | ["services", _, "contracts", "events"]
    )
}

/// Whether a service's OpenAPI document may stand at `path`. Of several only the first in the order of names is read as it.
pub fn is_contract(path: &str) -> bool {
    matches!(place_of(path), Place::Api(..))
}

/// What was found for one service.
#[derive(Default)]
struct Found {
    api: Option<(usize, FileId)>,
    events: Vec<FileId>,
    folders: BTreeMap<String, [Option<FileId>; 5]>,
    has_source: bool,
}

/// Reads every document. `listing` holds the paths of all files of the platform, also of those that are not loaded: it
/// tells which services there are and which of them have sources. Paths that were loaded need not stand in it.
pub fn read(sources: &Sources, listing: &[String]) -> Documents {
    let mut documents = Documents::default();
    let mut services: BTreeMap<String, Found> = BTreeMap::new();
    for path in listing {
        if let Some((service, inner)) = path.strip_prefix("services/").and_then(|path| path.split_once('/')) {
            let found = services.entry(service.to_owned()).or_default();
            found.has_source |= inner.starts_with("src/");
        }
    }
    for (file, source) in sources.iter() {
        match place_of(&source.path) {
            Place::Constitution if documents.constitution.is_none() => {
                documents.constitution = Some(Constitution::read(sources, file));
            }
            Place::Approvals => documents.approvals = Some(Approvals::read(sources, file)),
            Place::Config => documents.config = Config::read(sources, file),
            Place::Spec(service, folder, at) => {
                let found = services.entry(service.to_owned()).or_default();
                let files = found.folders.entry(folder.to_owned()).or_default();
                files[at] = files[at].or(Some(file));
            }
            Place::Api(service, rank) => {
                let found = services.entry(service.to_owned()).or_default();
                found.api = Some(found.api.map_or((rank, file), |known| known.min((rank, file))));
            }
            Place::ServiceEvents(service) => services.entry(service.to_owned()).or_default().events.push(file),
            Place::Pact(service) => {
                documents.pacts.push(PactFile::read(sources, file, service.map(str::to_owned)));
            }
            Place::SharedEvents => documents.shared_events.push(EventFile::read(sources, file, None)),
            _ => {}
        }
    }
    documents.services = services.into_iter().map(|(name, found)| service(sources, name, found)).collect();
    documents.names = ServiceNames::new(&documents.services);
    documents
}

fn service(sources: &Sources, name: String, found: Found) -> ServiceDocuments {
    let mut specs: Vec<SpecFolder> =
        found.folders.into_iter().map(|(name, files)| spec_folder(sources, name, files)).collect();
    specs.sort_by_key(|folder| (folder_number(&folder.name), folder.name.clone()));
    let events = found.events.into_iter().map(|file| EventFile::read(sources, file, Some(name.clone())));
    ServiceDocuments {
        event_files: events.collect(),
        specs,
        api: found.api.and_then(|(_, file)| OpenApi::read(sources, file)),
        has_source: found.has_source,
        name,
    }
}

fn spec_folder(sources: &Sources, name: String, files: [Option<FileId>; 5]) -> SpecFolder {
    let [spec, plan, tasks, quick_ref, ai_doc] = files;
    SpecFolder {
        name,
        spec: spec.map(|file| Spec::read(sources, file)),
        plan: plan.map(|file| Plan::read(sources, file)),
        tasks: tasks.map(|file| Tasks::read(sources, file)),
        quick_ref,
        ai_doc,
    }
}

/// The number that a spec folder's name begins with; folders without one come first.
fn folder_number(name: &str) -> u64 {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    name[..digits].parse().unwrap_or(0)
}
