//! Everything that one run has read: the first four stages of the pipeline in one call.

use crate::document::openapi::OpenApi;
use crate::document::{self, Documents, ServiceDocuments};
use crate::model::{self, Platform};
use crate::source::{self, Listing, Sources, Store, StoreError};

/// A platform as it was read from a store.
#[derive(Debug)]
pub struct Workspace {
    /// The files.
    pub sources: Sources,
    /// The typed documents.
    pub documents: Documents,
    /// The model. Its schemas are there only after [`Workspace::lower_schemas`].
    pub platform: Platform,
    /// Every path of the store, sorted.
    pub listing: Vec<String>,
}

impl Workspace {
    /// Reads what belongs to a platform: discover, read, parse, build.
    ///
    /// # Errors
    /// When the store cannot be listed. What is wrong with files is for the rules to say.
    pub fn load(store: &dyn Store) -> Result<Workspace, StoreError> {
        let Listing { files: mut listing, obstacles } = store.listing()?;
        let mut blocked: Vec<String> =
            listing.iter().filter(|path| document::read::is_only_folder(path)).cloned().collect();
        blocked.extend(obstacles.iter().filter(|path| document::read::is_folder(path)).cloned());
        // What stands in the place of a document is read like it, so that it is reported.
        listing.extend(obstacles.into_iter().filter(|path| document::read::is_document(path)));
        listing.sort_unstable();
        Ok(Workspace::beside(store, listing, &blocked))
    }

    /// The same with those paths of the store alone.
    pub fn listed(store: &dyn Store, listing: Vec<String>) -> Workspace {
        Workspace::beside(store, listing, &[])
    }

    /// The same with what stands in the place of folders.
    fn beside(store: &dyn Store, listing: Vec<String>, blocked: &[String]) -> Workspace {
        let sources = source::load_beside(store, &listing, blocked, &document::read::wanted);
        let documents = document::read::read(&sources, &listing);
        let platform = model::build(&sources, &documents);
        Workspace { sources, documents, platform, listing }
    }

    /// Reads one OpenAPI document as the contract of a service called `name`, without a platform around it. The files that
    /// it refers to are read from the same store. It is there to be compared: nothing is said about its structure.
    ///
    /// # Errors
    /// When the store cannot be listed. What is wrong with the file is in its problems.
    pub fn contract(store: &dyn Store, path: &str, name: &str) -> Result<Workspace, StoreError> {
        let listing = vec![path.to_owned()];
        let sources = source::load_listed(store, &listing, &|listed| listed == path);
        let service = |api| ServiceDocuments { name: name.to_owned(), api, ..ServiceDocuments::default() };
        // The contract is read once, together with its schemas.
        let platform = model::build(&sources, &Documents::of(vec![service(None)]));
        let api = sources.id_of(path).and_then(|file| OpenApi::unwalked(&sources, file));
        let documents = Documents::of(vec![service(api)]);
        Ok(Workspace { sources, documents, platform, listing }.lower_schemas())
    }

    /// The same with the schemas of all contracts in the model: what generators and comparisons need, and rules do not.
    pub fn lower_schemas(mut self) -> Workspace {
        model::lower_schemas(&self.sources, &self.documents, &mut self.platform);
        self
    }

    /// Whether there is nothing of a platform here: no constitution, no configuration, no service, no event contract. Pact
    /// files alone are found in many repositories.
    pub fn is_empty(&self) -> bool {
        self.sources.iter().all(|(_, file)| file.path.starts_with("pacts/"))
    }
}
