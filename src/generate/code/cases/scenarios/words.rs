//! The words of a scenario: what its steps say, brought to a form in which they can be compared.

use crate::generate::code::names;
use crate::generate::code::resource::Resource;
use crate::model::{Api, Method, Operation, OperationIndex, Scenario, StepKind};

/// What parts a step into things that are said one by one.
const JOINTS: [&str; 4] = [", so that ", ", and ", " and ", ", "];

/// Lower case without marks, `e-mail` as `email`, single spaces, and a space at both ends.
pub(super) fn plain(text: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || "-_./".contains(c) { c } else { ' ' };
    let text: String = text.replace("e-mail", "email").replace("E-mail", "email").chars().map(kept).collect();
    let words = text.split_whitespace().map(|word| word.trim_matches(['.', '-', '/']).to_lowercase());
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

/// Whether a plain text has any of these words or phrases.
pub(super) fn says(text: &str, any: &[&str]) -> bool {
    any.iter().any(|phrase| text.contains(&format!(" {phrase} ")))
}

/// The things that a step says one by one.
pub(super) fn clauses(step: &str) -> Vec<String> {
    let mut found = vec![step.trim().trim_end_matches('.').to_owned()];
    for joint in JOINTS {
        found = found.iter().flat_map(|part| part.split(joint)).map(str::to_owned).collect();
    }
    found.retain(|part| !part.trim().is_empty());
    found
}

/// The status that a text names.
pub(super) fn status(text: &str) -> Option<u16> {
    let numbers = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() == 3);
    numbers.filter_map(|word| word.parse().ok()).find(|number| (200..600).contains(number))
}

/// A step with its keyword, as a line of a test's body.
pub(super) fn told(kind: StepKind, text: &str) -> String {
    let keyword = match kind {
        StepKind::Given => "Given",
        StepKind::When => "When",
        StepKind::Then => "Then",
        StepKind::And => "And",
        StepKind::Or => "Or",
    };
    format!("{keyword} {}", text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The steps of a scenario by what they are for.
#[derive(Debug, Default)]
pub(super) struct Steps<'a> {
    /// What is there before.
    pub(super) given: Vec<(StepKind, &'a str)>,
    /// What happens.
    pub(super) when: Vec<(StepKind, &'a str)>,
    /// What is so afterwards.
    pub(super) then: Vec<(StepKind, &'a str)>,
    /// What may be so instead.
    pub(super) or: Vec<(StepKind, &'a str)>,
}

impl<'a> Steps<'a> {
    /// An "And" belongs to what stands before it.
    pub(super) fn of(scenario: &'a Scenario) -> Steps<'a> {
        let mut steps = Steps::default();
        let mut place = StepKind::Given;
        for step in &scenario.steps {
            place = if step.kind == StepKind::And { place } else { step.kind };
            let list = match place {
                StepKind::When => &mut steps.when,
                StepKind::Then => &mut steps.then,
                StepKind::Or => &mut steps.or,
                StepKind::Given | StepKind::And => &mut steps.given,
            };
            list.push((step.kind, &step.text));
        }
        steps
    }

    /// The words of some steps.
    pub(super) fn words(steps: &[(StepKind, &str)]) -> String {
        plain(&steps.iter().map(|(_, text)| *text).collect::<Vec<_>>().join(" . "))
    }
}

/// The operations that a text names: by method and path, or by an id that is no plain word. The second list has what looks
/// like one and is none.
pub(super) fn operations<'a>(text: &str, api: &'a Api) -> (Vec<&'a Operation>, Vec<String>) {
    let index = OperationIndex::new(api);
    let signs = ['`', ',', ';', '.', '(', ')', '"', '\''];
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(signs)).collect();
    let (mut found, mut unknown): (Vec<&Operation>, Vec<String>) = (Vec::new(), Vec::new());
    for name in Method::operations_in(text) {
        let named = index.find(&name);
        if named.is_empty() {
            unknown.push(name);
        }
        found.extend(named);
    }
    let is_name = |word: &str| word.chars().skip(1).any(|c| c.is_uppercase() || c == '_');
    let by_id = api.operations.iter().filter(|one| one.named && is_name(&one.id) && words.contains(&one.id.as_str()));
    found.extend(by_id);
    let mut once: Vec<&Operation> = Vec::new();
    for operation in found {
        if !once.iter().any(|known| std::ptr::eq(*known, operation)) {
            once.push(operation);
        }
    }
    (once, unknown)
}

/// Words that stand for a document: the name of its collection, and what the summaries of its operations call it
/// ("Read a profile").
pub(super) fn nouns(api: &Api, resource: &Resource) -> Vec<String> {
    let mut found = vec![resource.singular.rsplit('_').next().unwrap_or_default().to_owned()];
    let own = |operation: &&Operation| operation.path.trim_end_matches('/').starts_with(&resource.path);
    for operation in api.operations.iter().filter(own) {
        let summary = plain(operation.summary.as_deref().unwrap_or_default());
        let words: Vec<&str> = summary.split_whitespace().collect();
        // A verb, perhaps an article, and the noun at the end: anything longer may speak of something else.
        let (Some(last), 2..=3) = (words.last(), words.len()) else { continue };
        if words.len() == 2 || ["a", "an", "the"].contains(&words[1]) {
            found.push(names::singular(last));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Whether a plain text speaks of one of these things, or of "it".
pub(super) fn about(text: &str, nouns: &[String]) -> bool {
    names_one(text, nouns) || says(text, &["it", "its"])
}

/// Whether a plain text names one of these things.
pub(super) fn names_one(text: &str, nouns: &[String]) -> bool {
    nouns.iter().any(|noun| says(text, &[noun, &format!("{noun}s"), &format!("{noun}'s")]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_taken_apart() {
        assert_eq!(plain("The e-mail, `a.b.c`."), " the email a.b.c ");
        let step = "the book is stored and the answer is 201, so that it can be lent.";
        assert_eq!(clauses(step), ["the book is stored", "the answer is 201", "it can be lent"]);
        assert_eq!(status("the answer is 404 if there is none of 12345"), Some(404));
        assert_eq!(status("a password of at least 120 letters"), None);
    }
}
