//! The example platforms that are embedded in the binary.

use std::path::Path;

use anyhow::{Context, bail};
use include_dir::{Dir, include_dir};

use crate::output;

static ECOMMERCE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/examples/ecommerce");

/// Every example: its name, one line about it, and its files.
pub(super) static EXAMPLES: &[(&str, &str, &Dir<'static>)] =
    &[("ecommerce", "four services of a shop: authentication, users, orders, notifications", &ECOMMERCE)];

/// The files of an example by path, sorted.
pub(super) fn files(name: &str) -> anyhow::Result<Vec<(String, &'static [u8])>> {
    let Some((_, _, root)) = EXAMPLES.iter().find(|(known, _, _)| *known == name) else {
        let names: Vec<&str> = EXAMPLES.iter().map(|(name, _, _)| *name).collect();
        bail!("there is no example `{name}`; there are: {}", names.join(", "));
    };
    let mut found = Vec::new();
    let mut folders = vec![*root];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        let path = |file: &include_dir::File<'_>| file.path().to_string_lossy().replace('\\', "/");
        found.extend(folder.files().map(|file| (path(file), file.contents())));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}

/// Writes files into a folder that is new, empty, or may be written over.
pub(super) fn write<B: AsRef<[u8]>>(folder: &Path, files: &[(String, B)], force: bool) -> anyhow::Result<()> {
    if !force {
        if folder.exists() && !folder.is_dir() {
            bail!("{} is a file; name a folder", folder.display());
        }
        let is_taken = folder.read_dir().is_ok_and(|mut entries| entries.next().is_some());
        if is_taken {
            bail!("{} is not empty; name another folder, or write over its files with --force", folder.display());
        }
    }
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for (path, bytes) in files {
        output::write(folder, path, bytes.as_ref())?;
    }
    Ok(())
}
