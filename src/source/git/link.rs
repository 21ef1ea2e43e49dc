//! Links between the files of a commit, followed by their names alone.

use std::collections::{BTreeMap, BTreeSet};

use super::super::file::Format;
use super::super::store::Obstacle;

/// So many links in a row are followed; systems stop at about as many.
const MOST: usize = 40;

/// The file that the link at `path` leads to. `targets` are the texts of links. Nothing where that cannot be told: the way
/// goes through the link of a folder.
pub(super) fn end(
    path: &str,
    targets: &BTreeMap<String, String>,
    is_file: &dyn Fn(&str) -> bool,
    is_link: &dyn Fn(&str) -> bool,
) -> Option<Result<String, Obstacle>> {
    let mut at = path.to_owned();
    for _ in 0..MOST {
        let Some(target) = targets.get(&at) else {
            return match is_file(&at) {
                true => Some(Ok(at)),
                false if above(&at).any(is_link) || is_link(&at) => None,
                false => Some(Err(Obstacle::DeadLink)),
            };
        };
        match step(&at, target) {
            Some(next) => at = next,
            None => return Some(Err(Obstacle::LinkOut)),
        }
    }
    Some(Err(Obstacle::DeadLink))
}

/// Where a link's text leads from its place; nothing where that is outside.
fn step(from: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The folders above a path, the nearest first.
fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/'), |(above, _)| above.rsplit_once('/')).map(|(above, _)| above)
}

/// The folders above the paths of files that have the name of a document.
pub(super) fn folders<'p>(files: impl Iterator<Item = &'p String>) -> BTreeSet<String> {
    files.flat_map(|path| above(path)).filter(|path| Format::of_path(path).is_some()).map(str::to_owned).collect()
}
