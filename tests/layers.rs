//! The layers of `docs/architecture.md`: a module imports only from those before it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

/// Each layer with the layers it may import, in the order of the pipeline.
const ORDER: [&str; 16] = [
    "source",
    "diagnostic",
    "document",
    "model",
    "workspace",
    "template",
    "output",
    "rules",
    "compat",
    "generate",
    "catalog",
    "planning",
    "local",
    "check",
    "report",
    "cli",
];

/// These do not import each other.
const SIDE_BY_SIDE: [&str; 4] = ["rules", "compat", "generate", "catalog"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    found.sort();
    let layer = |path: &PathBuf| {
        let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
        first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    found.into_iter().map(|path| (layer(&path), path)).collect()
}

#[test]
fn imports_follow_the_stream() {
    let position = |layer: &str| ORDER.iter().position(|known| *known == layer);
    let mut wrong = Vec::new();
    for (layer, path) in sources().iter().filter(|(layer, _)| layer != "lib" && layer != "main") {
        let own = position(layer).unwrap_or_else(|| panic!("{layer} is no layer of docs/architecture.md"));
        let text = fs::read_to_string(path).unwrap();
        // Tests at the end of a file may use what they like.
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        for piece in code.split("crate::").skip(1) {
            let other: String = piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(used) = position(&other) else { continue };
            let beside = SIDE_BY_SIDE.contains(&layer.as_str()) && SIDE_BY_SIDE.contains(&other.as_str());
            if used > own || (beside && other != *layer) {
                wrong.push(format!("{} uses crate::{other}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the stream:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_a_hub() {
    let long: Vec<String> = sources()
        .iter()
        .map(|(_, path)| (path, fs::read_to_string(path).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > 800)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "files over 800 lines want a seam:\n{}", long.join("\n"));
}
