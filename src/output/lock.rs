//! The lock: which files were written, from what, with which content. One file a service, one line a file, so that
//! version control merges it line by line. `docs/formats/lock.md` describes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::disk::{hash, normalise};
use super::error::OutputError;
use super::plan::{Ownership, Parts, PlannedFile};
use super::root::{Root, check_name, check_planned, metadata};
use crate::source::read_regular;

const FOLDER: &str = ".agentspec/lock";
const BASES: &str = ".agentspec/base";
const HEAD: &str = "# agentspec lock, version ";
const VERSION: &str = "1";
const EXPLANATION: &str = "# Written by `agentspec generate`; commit it together with the files that it names.";

/// What the lock knows of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub path: String,
    pub ownership: Ownership,
    pub target: String,
    pub template: String,
    /// Hash of the content that was planned when it was last written.
    pub hash: String,
    /// What of a scaffold was planned for which operation or event.
    pub parts: Parts,
}

impl Entry {
    pub fn of(file: &PlannedFile) -> Entry {
        Entry {
            path: file.path.clone(),
            ownership: file.ownership,
            target: file.target.to_owned(),
            template: file.template.clone(),
            hash: hash(file.content.as_bytes()),
            parts: file.parts.clone(),
        }
    }

    fn parse(line: &str) -> Option<Entry> {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[path, ownership, target, template, hash, ref parts @ ..] = fields.as_slice() else { return None };
        let parts = match parts {
            [] => Parts::new(),
            [parts] => serde_json::from_str(parts).ok()?,
            _ => return None,
        };
        let ownership = OWNERSHIPS.iter().find(|(_, name)| *name == ownership)?.0;
        (check_planned(path).is_ok() && is_hash(hash)).then(|| Entry {
            path: path.to_owned(),
            ownership,
            target: target.to_owned(),
            template: template.to_owned(),
            hash: hash.to_owned(),
            parts,
        })
    }

    fn line(&self) -> String {
        let ownership = OWNERSHIPS.iter().find(|(kind, _)| *kind == self.ownership).map_or("", |(_, name)| name);
        let mut line = format!("{}\t{ownership}\t{}\t{}\t{}", self.path, self.target, self.template, self.hash);
        if !self.parts.is_empty() {
            // JSON has no tabs and line ends of its own.
            line += &format!("\t{}", serde_json::json!(self.parts));
        }
        line + "\n"
    }
}

const OWNERSHIPS: [(Ownership, &str); 3] =
    [(Ownership::Generated, "generated"), (Ownership::Scaffold, "scaffold"), (Ownership::Merged, "merged")];

/// The locks of all services; the empty name is the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Locks {
    services: BTreeMap<String, BTreeMap<String, Entry>>,
    /// The path of each entry to its service.
    owners: BTreeMap<String, String>,
}

impl Locks {
    pub fn load(root: &Root) -> Result<Locks, OutputError> {
        let mut locks = Locks::default();
        for service in services(root)? {
            let path = lock_path(&service);
            if let Some(text) = read(root, &path)? {
                locks.add(&service, &path, &text)?;
            }
        }
        Ok(locks)
    }

    /// Lines that are no entries (markers of a merge conflict, say) are passed over; a path that stands twice is not
    /// known, since nobody can say which of its lines is true.
    fn add(&mut self, service: &str, path: &str, text: &str) -> Result<(), OutputError> {
        let mut twice = BTreeSet::new();
        for line in text.lines() {
            if let Some(head) = line.strip_prefix(HEAD) {
                let version = head.split('.').next().unwrap_or_default();
                if version != VERSION {
                    return Err(OutputError::LockVersion { path: path.to_owned(), version: version.to_owned() });
                }
            }
            if let Some(entry) = Entry::parse(line) {
                match self.owners.contains_key(&entry.path) && self.entry(&entry.path) != Some(&entry) {
                    true => _ = twice.insert(entry.path),
                    false => self.set(service, entry),
                }
            }
        }
        twice.iter().for_each(|path| self.drop(path));
        Ok(())
    }

    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.services.get(self.owners.get(path)?)?.get(path)
    }

    /// Every entry with its service, sorted by service and path.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.services.iter().flat_map(|(service, entries)| entries.values().map(move |entry| (service.as_str(), entry)))
    }

    pub fn set(&mut self, service: &str, entry: Entry) {
        self.drop(&entry.path);
        self.owners.insert(entry.path.clone(), service.to_owned());
        self.services.entry(service.to_owned()).or_default().insert(entry.path.clone(), entry);
    }

    pub fn drop(&mut self, path: &str) {
        if let Some(entries) = self.owners.remove(path).and_then(|service| self.services.get_mut(&service)) {
            entries.remove(path);
        }
    }

    /// The text of each lock by its path; nothing for a lock that names no file.
    pub fn files(&self) -> BTreeMap<String, Option<String>> {
        let text = |entries: &BTreeMap<String, Entry>| {
            let lines: String = entries.values().map(Entry::line).collect();
            (!entries.is_empty()).then(|| format!("{HEAD}{VERSION}.\n{EXPLANATION}\n{lines}"))
        };
        self.services.iter().map(|(service, entries)| (lock_path(service), text(entries))).collect()
    }
}

/// The services for which there is a lock, sorted.
///
/// # Errors
/// When the root or the folder of the locks is none that may be read.
pub fn written(root: &Path) -> Result<Vec<String>, OutputError> {
    Ok(services(&Root::open(root)?)?.into_iter().filter(|service| !service.is_empty()).collect())
}

fn lock_path(service: &str) -> String {
    if service.is_empty() { format!("{FOLDER}/platform.lock") } else { format!("{FOLDER}/services/{service}.lock") }
}

/// The names for which there is a lock; the platform always.
fn services(root: &Root) -> Result<BTreeSet<String>, OutputError> {
    let folder = format!("{FOLDER}/services");
    let names = list(root, &folder)?;
    let services = names.iter().filter_map(|name| name.strip_suffix(".lock")).map(str::to_owned);
    Ok(services.chain([String::new()]).collect())
}

/// The names in a folder of ours, sorted; none where there is no folder.
fn list(root: &Root, folder: &str) -> Result<Vec<String>, OutputError> {
    let refused = |reason: String| OutputError::Path { path: folder.to_owned(), reason };
    // The name behind the folder only serves to check the folder itself for links.
    let place = root.locate(&format!("{folder}/x")).map_err(refused)?;
    let Some(entries) = place.parent().and_then(|folder| fs::read_dir(folder).ok()) else { return Ok(Vec::new()) };
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| check_name(name).is_ok());
    names.sort();
    Ok(names)
}

/// A file of ours as text; nothing where there is none.
pub(super) fn read(root: &Root, path: &str) -> Result<Option<String>, OutputError> {
    let refused = |reason: String| OutputError::Path { path: path.to_owned(), reason };
    let place = root.locate(path).map_err(refused)?;
    let unread = |reason: String| OutputError::Io { path: path.to_owned(), action: "read", reason };
    match metadata(&place).map_err(unread)? {
        None => Ok(None),
        Some(found) if found.is_file() => match read_regular(&place, path) {
            Ok(bytes) => Ok(Some(normalise(String::from_utf8_lossy(&bytes).into_owned()))),
            Err(error) => Err(unread(error.to_string())),
        },
        // A link could lead anywhere, and reading a pipe could last for ever.
        Some(_) => Err(unread("it is a link, or something else that is no file; remove it".to_owned())),
    }
}

/// Where the content of that hash is kept for merges.
pub(super) fn base_path(hash: &str) -> String {
    format!("{BASES}/{}/{}", &hash[..2], &hash[2..])
}

/// The content of that hash, where it is kept and whole.
pub(super) fn base(root: &Root, wanted: &str) -> Option<String> {
    let text = read(root, &base_path(wanted)).ok()??;
    (hash(text.as_bytes()) == wanted).then_some(text)
}

/// The hashes of the contents that are kept.
pub(super) fn bases(root: &Root) -> Result<Vec<String>, OutputError> {
    let mut found = Vec::new();
    for start in list(root, BASES)? {
        let rest = list(root, &format!("{BASES}/{start}"))?;
        found.extend(rest.iter().map(|rest| format!("{start}{rest}")).filter(|hash| start.len() == 2 && is_hash(hash)));
    }
    Ok(found)
}

fn is_hash(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, content: &str) -> Entry {
        Entry {
            path: path.to_owned(),
            ownership: Ownership::Generated,
            target: "code".to_owned(),
            template: "code/a.jinja".to_owned(),
            hash: hash(content.as_bytes()),
            parts: Parts::new(),
        }
    }

    fn parsed(text: &str) -> Result<Locks, OutputError> {
        let mut locks = Locks::default();
        locks.add("a", "a.lock", text).map(|()| locks)
    }

    #[test]
    fn what_is_written_is_read() {
        let mut locks = Locks::default();
        locks.set("a", entry("z y/x", "1"));
        let parts = Parts::from([("op\t\n\"é".to_owned(), ["def a(".to_owned(), "def b(".to_owned()].into())]);
        locks.set("a", Entry { ownership: Ownership::Scaffold, parts, ..entry("b", "2") });
        locks.set("a", entry("services/# \u{2028}ü 'o\"k/<<<<<<< x", "3"));
        let text = locks.files().remove(".agentspec/lock/services/a.lock").unwrap().unwrap();
        assert_eq!(text.lines().count(), 5);
        assert_eq!(parsed(&text).unwrap(), locks);
    }

    #[test]
    fn a_merge_conflict_leaves_what_both_sides_agree_on() {
        let (a, b, c) = (entry("a", "1").line(), entry("b", "2").line(), entry("b", "3").line());
        let text =
            format!("{HEAD}1.\n{a}<<<<<<< x\n{b}=======\n{c}>>>>>>> y\n../evil\tgenerated\tt\tt\t{}\n", hash(b""));
        let locks = parsed(&text).unwrap();
        assert_eq!(locks.entries().map(|(_, entry)| entry.path.as_str()).collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn a_newer_lock_is_not_touched() {
        assert!(matches!(parsed(&format!("{HEAD}2.\n")), Err(OutputError::LockVersion { .. })));
    }
}
