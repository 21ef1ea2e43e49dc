//! Reading whole platforms: the messy one means what its notes say, and the example has exactly the edges it should have.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use agentspec::document::Documents;
use agentspec::document::read::{read, wanted};
use agentspec::model::{self, Database, DependencyKind, Framework, Language, Platform, ServiceKind};
use agentspec::source::{Sources, Store, WorktreeStore, load};

struct Loaded {
    sources: Sources,
    documents: Documents,
    platform: Platform,
}

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn platform(path: &str) -> Loaded {
    let store = WorktreeStore::open(folder(path)).unwrap();
    let listing = store.list().unwrap();
    let sources = load(&store, &wanted).unwrap();
    let documents = read(&sources, &listing);
    let platform = model::build(&sources, &documents);
    Loaded { sources, documents, platform }
}

/// `consumer -> provider: used, used`, with `~>` for events.
fn edges(platform: &Platform) -> Vec<String> {
    let edge = |edge: &model::Dependency| {
        let arrow = if edge.kind == DependencyKind::Synchronous { "->" } else { "~>" };
        format!("{} {arrow} {}: {}", edge.consumer, edge.provider, edge.uses.join(", "))
            .trim_end_matches([':', ' '])
            .to_owned()
    };
    platform.dependencies.iter().map(edge).collect()
}

#[test]
fn dump() {
    let Ok(path) = std::env::var("DUMP") else { return };
    let loaded = platform(&path);
    println!("{:#?}", loaded.documents.constitution);
    for service in &loaded.documents.services {
        println!("{:#?}", service.spec());
    }
    println!("{}", serde_json::to_string_pretty(&loaded.platform).unwrap());
}
