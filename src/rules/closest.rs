//! The name that was probably meant.

/// The candidate that is closest to `name` by edits (Damerau–Levenshtein), where it is close enough to be meant: at most
/// a third of the characters differ in those parts that the two do not share, or one name starts with the other. Ties
/// go to the first in order.
pub(crate) fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = parts(name);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let known = parts(candidate);
        let distance = strsim::damerau_levenshtein(&wanted.concat(), &known.concat());
        let near = is_near(&wanted, &known) || starts(&wanted, &known) || starts(&known, &wanted);
        if candidate != name && near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
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

/// "Did you mean `x`?", where a candidate is close enough, otherwise `otherwise`.
pub(crate) fn did_you_mean<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    match closest(name, candidates) {
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
        assert_eq!(did_you_mean("x", ["long-name"], || "Add it".to_owned()), "Add it");
    }
}
