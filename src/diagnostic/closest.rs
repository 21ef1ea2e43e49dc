//! The name that was probably meant.

/// Longer names get no suggestion.
const LONGEST: usize = 120;
/// So many candidates are compared letter by letter; hostile files hold thousands that look alike.
const MOST: usize = 200;

/// The candidate that is closest to `name` by edits (Damerau–Levenshtein), where it is close enough to be meant: at most
/// a third of the characters differ in those parts that the two do not share, or one name starts with the other. Ties
/// go to the first in order.
pub(crate) fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if name.len() > LONGEST {
        return None;
    }
    let (wanted, letters) = (parts(name), letters(name));
    let possible =
        candidates.into_iter().filter(|candidate| *candidate != name && may_be_near(name, letters, candidate));
    let mut best: Option<(usize, &str)> = None;
    for candidate in possible.take(MOST) {
        let known = parts(candidate);
        let distance = strsim::damerau_levenshtein(&wanted.concat(), &known.concat());
        let near = is_near(&wanted, &known) || starts(&wanted, &known) || starts(&known, &wanted);
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A quick look that rules out most candidates: every letter that only one of two names has costs an edit.
fn may_be_near(name: &str, own: u64, candidate: &str) -> bool {
    if candidate.len() > LONGEST {
        return false;
    }
    let other = letters(candidate);
    let edits = (own & !other).count_ones().max((other & !own).count_ones()) as usize;
    let first = |text: &str| text.get(..3).map(str::to_ascii_lowercase);
    edits * 3 <= name.len().max(candidate.len()) || (first(name).is_some() && first(name) == first(candidate))
}

/// The letters and digits of a name as a set of bits. Names of path parameters are left out.
fn letters(name: &str) -> u64 {
    let mut inside = false;
    name.bytes().fold(0, |bits, byte| {
        inside = (inside || byte == b'{') && byte != b'}';
        let lower = byte.to_ascii_lowercase();
        if inside || !lower.is_ascii_alphanumeric() { bits } else { bits | 1 << (lower & 63) }
    })
}

/// Words and separators in lower case; path parameters are all the same.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut parameter = false;
    for c in name.trim().chars() {
        match c {
            '{' => (parameter, parts) = (true, with(parts, "{}")),
            '}' => parameter = false,
            _ if parameter => {}
            '-' | '.' | '/' | ' ' | '_' => parts = with(parts, &c.to_string()),
            _ => parts.last_mut().into_iter().for_each(|part| part.extend(c.to_lowercase())),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn with(mut parts: Vec<String>, part: &str) -> Vec<String> {
    parts.extend([part.to_owned(), String::new()]);
    parts
}

/// Whether few characters differ in what is left without the parts shared at both ends. "parcel-service" is not near to
/// "archive-service", though most of its letters are.
fn is_near(wanted: &[String], known: &[String]) -> bool {
    let shared = wanted.iter().zip(known).take_while(|(a, b)| a == b).count();
    let (wanted, known) = (&wanted[shared..], &known[shared..]);
    let ends = wanted.iter().rev().zip(known.iter().rev()).take_while(|(a, b)| a == b).count();
    let wanted = wanted[..wanted.len() - ends].concat();
    let known = known[..known.len() - ends].concat();
    let longer = wanted.chars().count().max(known.chars().count());
    strsim::damerau_levenshtein(&wanted, &known) * 3 <= longer
}

/// Whether a name of one word is the first word of another name: "auth" for "auth-service".
fn starts(short: &[String], long: &[String]) -> bool {
    matches!(short, [word] if word.len() >= 3 && long.len() > 1 && long.first() == Some(word))
}

/// After so many findings of a rule no more names are looked for.
pub(crate) const MOST_SUGGESTIONS: usize = 100;

/// "Did you mean `x`?", where a candidate is close enough, otherwise `otherwise`. `before` is the number of findings that
/// the rule has already: a hostile file may have thousands.
pub(crate) fn did_you_mean<'c>(
    before: usize,
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    let candidate = if before < MOST_SUGGESTIONS { closest(name, candidates) } else { None };
    match candidate {
        Some(candidate) => format!("Did you mean `{candidate}`?"),
        None => otherwise(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        let names = ["auth-service", "order-service", "user-service"];
        assert_eq!(closest("auht-service", names), Some("auth-service"));
        assert_eq!(closest("orders-service", names), Some("order-service"));
        assert_eq!(closest("auth", names), Some("auth-service"));
        assert_eq!(closest("payment-gateway", names), None);
        assert_eq!(closest("Auth-Service", names), Some("auth-service"));
        assert_eq!(closest("auth-servcie", names), Some("auth-service"));
        assert_eq!(closest("parcel-service", names), None, "what all names share does not make them near");
        assert_eq!(closest("GET /user/{id}", ["GET /users/{userId}"]), Some("GET /users/{userId}"));
        assert_eq!(closest("order.order.place", ["order.order.placed"]), Some("order.order.placed"));
        assert_eq!(closest("order.order.shipped", ["order.order.closed"]), None);
    }

    #[test]
    fn offers_the_other_help_without_a_candidate() {
        assert_eq!(did_you_mean(0, "x", ["long-name"], || "Add it".to_owned()), "Add it");
        assert_eq!(did_you_mean(0, "abc", ["abcd"], String::new), "Did you mean `abcd`?");
        assert_eq!(did_you_mean(MOST_SUGGESTIONS, "abc", ["abcd"], String::new), "", "enough were looked for");
    }
}
