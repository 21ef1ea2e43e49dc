//! The e-commerce example as a model.

use std::path::{Path, PathBuf};

use agentspec::document::Documents;
use agentspec::document::read::{read, wanted};
use agentspec::model::{self, Platform};
use agentspec::source::{Sources, Store, WorktreeStore, load};

/// The folder of the example.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ecommerce")
}

/// Everything that stands in a platform's folder.
pub fn read_platform(folder: &Path) -> (Sources, Documents, Platform) {
    let store = WorktreeStore::open(folder).unwrap();
    let listing = store.list().unwrap();
    let sources = load(&store, &wanted).unwrap();
    let documents = read(&sources, &listing);
    let mut platform = model::build(&sources, &documents);
    model::lower_schemas(&sources, &documents, &mut platform);
    (sources, documents, platform)
}
