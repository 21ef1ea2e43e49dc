//! One side of a comparison: a file, a folder, either at a revision, or a saved model.

use std::path::Path;

use super::place::{self, Found, Place, SideError};
use crate::document::loose::{self, Loose, Names, Nature};
use crate::document::{self, Documents};
use crate::model::{self, Platform};
use crate::source::{self, Content, FileId, Sources, Store};
use crate::workspace::Workspace;

/// A side as it was read.
pub struct Side {
    /// What it is called in reports: the argument as it was given.
    pub label: String,
    /// The way from the top of the repository to the side's root, for reports that name files of the repository.
    pub prefix: String,
    pub(super) form: Form,
}

/// What a side is.
pub(super) enum Form {
    Platform(Box<Workspace>),
    /// Contracts without a platform: files of a folder, or one file.
    Loose(Box<LooseSide>),
    Saved(Box<Platform>),
    /// The path did not exist at that revision.
    Missing,
}

pub(super) struct LooseSide {
    pub sources: Sources,
    pub listing: Vec<String>,
    pub found: Loose,
    /// Whether the side is one file.
    pub is_file: bool,
}

impl Side {
    /// Reads both sides of a comparison as they are named on the command line, seen from the folder `here`.
    ///
    /// # Errors
    /// When a side does not exist, cannot be read, or holds no contract; and when neither existed.
    pub fn pair(old: &str, new: &str, here: &Path) -> Result<(Side, Side), SideError> {
        let (before, after) = (place::find(old, here)?, place::find(new, here)?);
        both((old.to_owned(), before), (new.to_owned(), after))
    }

    /// Reads a path at a revision, and as it stands now. `shown` are the labels.
    ///
    /// # Errors
    /// As [`Side::pair`].
    pub fn since(rev: &str, path: &Path, shown: (String, String)) -> Result<(Side, Side), SideError> {
        place::check(&shown.1, path)?;
        let (before, after) = place::since(rev, path)?;
        both((shown.0, before), (shown.1, after))
    }

    /// Whether nothing stood there.
    pub fn is_missing(&self) -> bool {
        matches!(self.form, Form::Missing)
    }

    /// Whether there is nothing here to compare.
    pub fn is_empty(&self) -> bool {
        match &self.form {
            Form::Missing => true,
            Form::Loose(side) => side.found.is_empty(),
            Form::Platform(workspace) => workspace.platform.services.is_empty() && workspace.platform.events.is_empty(),
            Form::Saved(platform) => platform.services.is_empty() && platform.events.is_empty(),
        }
    }

    /// The OpenAPI documents by path, each with the service that it is of where that has a name of its own.
    pub(super) fn apis(&self) -> Vec<(String, Option<String>)> {
        let of = |platform: &Platform| {
            let apis = platform.services.iter().filter_map(|service| Some((service, service.api.as_ref()?)));
            apis.map(|(service, api)| (api.origin.file.to_string(), Some(service.name.clone()))).collect()
        };
        match &self.form {
            Form::Missing => Vec::new(),
            Form::Loose(side) => {
                side.found.apis.iter().map(|id| (side.sources.file(*id).path.to_string(), None)).collect()
            }
            Form::Platform(workspace) => of(&workspace.platform),
            Form::Saved(platform) => of(platform),
        }
    }

    /// How many contracts there are; those of events are counted by file.
    pub(super) fn count(&self) -> usize {
        let events = match &self.form {
            Form::Missing => 0,
            Form::Loose(side) => side.found.events.len(),
            Form::Platform(workspace) => workspace.documents.event_files().count(),
            Form::Saved(platform) => platform.events.len(),
        };
        self.apis().len() + events
    }

    /// Whether it is known here who uses what.
    pub(super) fn is_platform(&self) -> bool {
        matches!(self.form, Form::Platform(_) | Form::Saved(_))
    }

    fn read(label: String, (place, prefix): Found) -> Result<Side, SideError> {
        let form = match place {
            Place::Missing => Form::Missing,
            Place::Folder(store) => folder(&*store)?,
            Place::File(store, name) => file(&*store, &name, &label)?,
        };
        Ok(Side { label, prefix, form })
    }

    /// The side as a workspace with its schemas. `names` are those that contracts alone on their side go by.
    pub(super) fn workspace(self, names: Names<'_>) -> Workspace {
        match self.form {
            Form::Platform(workspace) => workspace.lower_schemas(),
            Form::Loose(side) => {
                let mut documents = side.found.documents(&side.sources, names);
                // The contracts are read once, together with their schemas.
                let apis: Vec<_> = documents.services.iter_mut().map(|service| service.api.take()).collect();
                let platform = model::build(&side.sources, &documents);
                documents.services.iter_mut().zip(apis).for_each(|(service, api)| service.api = api);
                Workspace { sources: side.sources, documents, platform, listing: side.listing }.lower_schemas()
            }
            Form::Saved(platform) => without_files(*platform),
            Form::Missing => without_files(Platform::default()),
        }
    }
}

fn without_files(platform: Platform) -> Workspace {
    Workspace { sources: Sources::default(), documents: Documents::default(), platform, listing: Vec::new() }
}

fn both(old: (String, Found), new: (String, Found)) -> Result<(Side, Side), SideError> {
    let (old, new) = rayon::join(|| Side::read(old.0, old.1), || Side::read(new.0, new.1));
    let (old, new) = (old?, new?);
    if old.is_missing() && new.is_missing() {
        return Err(SideError::Neither { old: old.label, new: new.label });
    }
    Ok((old, new))
}

/// A folder: a platform where it has a platform's places, otherwise the contracts in it.
fn folder(store: &dyn Store) -> Result<Form, SideError> {
    let listing = store.list()?;
    // A folder `shared` alone makes no platform.
    let is_mark = |path: &String| document::read::wanted(path) && !path.starts_with("shared/");
    if listing.iter().any(is_mark) {
        return Ok(Form::Platform(Box::new(Workspace::load(store)?)));
    }
    let sources = source::load_listed(store, &listing, &loose::wanted);
    let found = Loose::find(&sources, &|path| listing.binary_search_by(|known| known.as_str().cmp(path)).is_ok());
    Ok(Form::Loose(Box::new(LooseSide { sources, listing, found, is_file: false })))
}

fn file(store: &dyn Store, name: &str, label: &str) -> Result<Form, SideError> {
    let listing = vec![name.to_owned()];
    let sources = source::load_listed(store, &listing, &|path| path == name);
    let no_contract = |nature: &str| SideError::NoContract { label: label.to_owned(), nature: nature.to_owned() };
    let Some(id) = sources.id_of(name) else { return Err(SideError::NoSuchPath(label.to_owned())) };
    if matches!(sources.file(id).content, Content::Nothing | Content::Markdown) {
        return Err(unreadable(&sources, id, label).unwrap_or_else(|| no_contract("neither YAML nor JSON by its name")));
    }
    match Nature::of(&sources, id, false) {
        Nature::Model => {
            let saved = sources.root(id).map(model::read_saved).transpose();
            let saved = saved.map_err(|reason| SideError::Saved { label: label.to_owned(), reason })?;
            Ok(Form::Saved(Box::new(saved.unwrap_or_default())))
        }
        Nature::Api | Nature::Event => {
            let found = Loose::find_file(&sources, id);
            Ok(Form::Loose(Box::new(LooseSide { sources, listing, found, is_file: true })))
        }
        Nature::Foreign(what) => Err(no_contract(&format!("{what}, which is not read"))),
        Nature::Other => Err(no_contract("neither an OpenAPI document nor an event contract")),
    }
}

/// The first problem of a file that has no tree.
fn unreadable(sources: &Sources, id: FileId, label: &str) -> Option<SideError> {
    let file = sources.file(id);
    let problem = file.problems.first()?;
    let start = file.position(problem.span.start);
    let place = format!("{}:{}:{}", file.path, start.line, start.column);
    Some(SideError::Unreadable { label: label.to_owned(), place, problem: problem.message.clone() })
}
