//! A task, and how it is written.

use crate::template::one_line;

/// Titles of the phases in their order. A task names its phase by the index.
pub(super) const PHASES: [&str; 8] =
    ["Foundation", "Data", "API", "Events", "Resilience", "Sagas", "Verification", "Deployment"];

/// Names of the bullets that a task has, in their order.
pub(super) const FIELDS: [&str; 4] = ["File", "Dependencies", "Type", "Acceptance"];

/// One task that the model asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Task {
    /// The index in [`PHASES`].
    pub(super) phase: usize,
    /// What the task is about, in words that stay the same when other things change: `operation cancelOrder`.
    pub(super) key: String,
    /// The title.
    pub(super) title: String,
    /// Where the work is done.
    pub(super) file: String,
    /// Keys of tasks that come first.
    pub(super) dependencies: Vec<String>,
    /// The kind of work.
    pub(super) kind: &'static str,
    /// How one sees that it is done.
    pub(super) acceptance: String,
}

impl Task {
    /// The bullets; `number` gives the number of a task by its key.
    pub(super) fn fields(&self, number: &dyn Fn(&str) -> Option<String>) -> [String; 4] {
        let first: Vec<String> =
            self.dependencies.iter().filter_map(|key| Some(format!("Task {}", number(key)?))).collect();
        let first = if first.is_empty() { "None".to_owned() } else { first.join(", ") };
        let values = [self.file.as_str(), &first, self.kind, &self.acceptance];
        std::array::from_fn(|at| format!("- {}: {}", FIELDS[at], one_line(values[at])))
    }
}

/// A key that can stand in a comment: no white space at its ends or twice, no `--`, no `>`.
pub(super) fn key(kind: &str, name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let mut key = format!("{kind} ");
    for character in words.join("-").chars() {
        let safe = if character == '>' || character.is_control() { '-' } else { character };
        if !(safe == '-' && key.ends_with(['-', ' '])) {
            key.push(safe);
        }
    }
    if key.chars().count() > 120 {
        let digest = digest(&[&key]);
        key = key.chars().take(110).collect::<String>() + &digest;
    }
    key.trim_end_matches(['-', ' ']).to_owned()
}

/// Eight hex digits that tell whether a person changed these lines.
pub(super) fn digest(lines: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for line in lines {
        hasher.update(line.trim().as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().to_hex()[..8].to_owned()
}
