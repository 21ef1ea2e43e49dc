//! A platform that is large in one way, written from what is repeated.

use std::fs;
use std::path::Path;

/// What a shape is made of. In all texts `'` stands for a quotation mark, `~` for a number that counts, `~+` for the next one,
/// `@` for what tells the two states of the platform apart, `^` for a key of a quarter of the size, and `%` for as much as
/// leaves room for thirty parts.
#[derive(Clone, Debug)]
pub struct Shape {
    /// What tells it from the others.
    pub name: String,
    /// Where its files stand, below a platform.
    pub place: Place,
    /// What stands before, what is repeated, what stands between, what is repeated behind it, and what stands behind. Both
    /// that are repeated get the same share of the size; the second may be empty.
    pub parts: [String; 5],
    /// What `@` becomes in the old state and in the new.
    pub tokens: [&'static str; 2],
}

/// Which files a shape has.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// One file at this path.
    File(&'static str),
    /// The same contract in forty services.
    Services,
    /// Forty contracts that take as many parts of one shared file; the second repeated part is the shared file's.
    Shared,
}

/// The contract of a service, as JSON.
pub const JSON: Place = Place::File("services/s/contracts/api-spec.json");
/// The same as YAML.
pub const YAML: Place = Place::File("services/s/contracts/api-spec.yaml");
/// The contract of an event.
pub const EVENT: Place = Place::File("services/s/contracts/events/a.json");
/// The spec of a service.
pub const SPEC: Place = Place::File("services/s/specs/001-s/spec.md");

/// The old state and the new one.
pub const STATES: [&str; 2] = ["old", "new"];

/// As many files as the places of many have services.
const MANY: usize = 40;

impl Shape {
    /// Writes a state of about `size` bytes below a folder, and tells how many bytes it has.
    pub fn write(&self, state: usize, size: usize, root: &Path) -> usize {
        let mut written = 0;
        for (path, text) in self.files(state, size) {
            let path = root.join(path);
            let _ = fs::create_dir_all(path.parent().unwrap_or(root));
            fs::write(path, &text).expect("a folder of the test's own takes files");
            written += text.len();
        }
        written
    }

    fn files(&self, state: usize, size: usize) -> Vec<(String, String)> {
        let contract = |n| format!("services/s{n}/contracts/api-spec.json");
        let [before, one, between, part, behind] = &self.parts;
        match self.place {
            Place::File(path) => vec![(path.to_owned(), self.text([before, one, between, part, behind], state, size))],
            Place::Services => {
                let text = self.text([before, one, between, part, behind], state, size / MANY);
                (0..MANY).map(|n| (contract(n), text.clone())).collect()
            }
            Place::Shared => {
                let text = self.text([before, one, between, "", ""], state, size / 2 / MANY);
                let shared = self.text(["{'R':{'headers':{'a':{}", "", "", part, behind], state, size / 2);
                let services = (0..MANY).map(|n| (contract(n), text.clone()));
                services.chain([("shared/r.json".to_owned(), shared)]).collect()
            }
        }
    }

    fn text(&self, [before, one, between, part, behind]: [&str; 5], state: usize, size: usize) -> String {
        let (long, padding) = ("k".repeat(size / 4), "k".repeat(size / 30));
        let plain = |text: &str| {
            let text = text.replace('\'', "\"").replace('@', self.tokens[state]);
            text.replace('^', &long).replace('%', &padding)
        };
        let [before, between, behind] = [before, between, behind].map(plain);
        let rest = size.saturating_sub(before.len() + between.len() + behind.len());
        let share = rest / if part.is_empty() { 1 } else { 2 };
        [before, repeated(&plain(one), share), between, repeated(&plain(part), share), behind].concat()
    }
}

/// A text as often as it fits, numbered.
fn repeated(text: &str, size: usize) -> String {
    let mut made = String::new();
    for n in 0_usize.. {
        let one = text.replace("~+", &(n + 1).to_string()).replace('~', &n.to_string());
        if one.is_empty() || made.len() + one.len() > size {
            break;
        }
        made.push_str(&one);
    }
    made
}
