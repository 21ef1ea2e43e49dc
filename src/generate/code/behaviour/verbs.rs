//! Which state a verb leads to: `cancel` to `cancelled`, `ship` to `shipped`, `activate` to `active`.

use crate::generate::code::names::words;

/// Participles that no rule forms, and states that are named otherwise than their verb.
const IRREGULAR: &[(&str, &[&str])] = &[
    ("activate", &["active"]),
    ("begin", &["begun", "in_progress", "active"]),
    ("complete", &["done", "finished"]),
    ("deactivate", &["inactive"]),
    ("finish", &["done", "completed"]),
    ("freeze", &["frozen"]),
    ("hold", &["held", "on_hold"]),
    ("lend", &["lent"]),
    ("pause", &["on_hold"]),
    ("pay", &["paid"]),
    ("reactivate", &["active"]),
    ("reopen", &["open"]),
    ("resolve", &["closed", "done"]),
    ("resume", &["active", "running", "in_progress"]),
    ("send", &["sent"]),
    ("start", &["running", "in_progress", "active"]),
    ("stop", &["inactive"]),
    ("take", &["taken"]),
    ("unpublish", &["draft"]),
    ("withdraw", &["withdrawn"]),
];

/// The one of these states that a word of a path leads to: `cancel`, or `mark-as-paid`.
pub(super) fn state_of<'s>(segment: &str, states: &[&'s str]) -> Option<&'s str> {
    let segment = words(segment);
    let known = |wanted: &str| states.iter().copied().find(|state| words(state) == wanted);
    let verb = segment.split('_').next().unwrap_or_default();
    let last = segment.rsplit('_').next().unwrap_or_default();
    let irregular = IRREGULAR.iter().find(|(known, _)| *known == verb).map_or([].as_slice(), |(_, states)| states);
    let mut candidates = participles(verb);
    candidates.extend(irregular.iter().map(|state| (*state).to_owned()));
    candidates.extend([segment.clone(), last.to_owned()]);
    candidates.iter().find_map(|candidate| known(candidate))
}

/// Regular past participles of a verb, in British and American spelling.
fn participles(verb: &str) -> Vec<String> {
    let mut found = vec![format!("{verb}ed")];
    if verb.ends_with('e') {
        found.push(format!("{verb}d"));
    }
    if let Some(stem) = verb.strip_suffix('y') {
        found.push(format!("{stem}ied"));
    }
    if let Some(last) = verb.chars().last() {
        found.push(format!("{verb}{last}ed"));
    }
    found
}

/// The states that a text names as those which lead to `to`: "Moves a pending or confirmed order to cancelled" names
/// two. Nothing where no sentence says it, or one with a negation does.
pub(super) fn named_before<'s>(text: &str, to: &str, states: &[&'s str]) -> Vec<&'s str> {
    const NEGATIONS: &[&str] = &["not", "never", "no", "unless", "except", "cannot", "without"];
    for sentence in text.split(['.', ';', '\n']) {
        let told = format!("_{}_", words(sentence));
        let Some((before, _)) = told.split_once(&format!("_to_{}_", words(to))) else { continue };
        let before = format!("{before}_");
        if NEGATIONS.iter().any(|negation| told.contains(&format!("_{negation}_"))) {
            return Vec::new();
        }
        let named = states.iter().filter(|state| **state != to && before.contains(&format!("_{}_", words(state))));
        return named.copied().collect();
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_lead_to_states() {
        let states = ["pending", "cancelled", "shipped", "paid", "active", "InProgress", "open", "tried", "closed"];
        for (verb, state) in [
            ("cancel", Some("cancelled")),
            ("ship", Some("shipped")),
            ("pay", Some("paid")),
            ("mark-as-paid", Some("paid")),
            ("activate", Some("active")),
            ("start", Some("InProgress")),
            ("reopen", Some("open")),
            ("try", Some("tried")),
            ("close", Some("closed")),
            ("items", None),
        ] {
            assert_eq!(state_of(verb, &states), state, "{verb}");
        }
        assert_eq!(state_of("cancel", &["canceled"]), Some("canceled"));
    }

    #[test]
    fn a_sentence_names_the_states_before() {
        let states = ["pending", "confirmed", "on-hold", "cancelled"];
        let named = |text| named_before(text, "cancelled", &states);
        assert_eq!(named("Moves a pending or confirmed order to cancelled and tells it."), ["pending", "confirmed"]);
        assert_eq!(named("Brings an on-hold order to cancelled"), ["on-hold"]);
        assert!(named("A confirmed order is not moved to cancelled.").is_empty());
        assert!(named("Cancels a pending order.").is_empty());
    }
}
