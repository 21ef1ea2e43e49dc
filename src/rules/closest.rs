//! The name that was probably meant.

/// The candidate that is closest to `name` by edits (Damerau–Levenshtein), where it is close enough to be meant: at most
/// a third of the longer name's characters differ, or one name holds the other. Ties go to the first in order.
pub(crate) fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = name.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let lower = candidate.to_lowercase();
        let distance = strsim::damerau_levenshtein(&wanted, &lower);
        let longer = wanted.chars().count().max(lower.chars().count());
        let holds = wanted.len() >= 4 && lower.len() >= 4 && (wanted.contains(&lower) || lower.contains(&wanted));
        let near = distance * 3 <= longer || holds;
        if candidate != name && near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
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
    }

    #[test]
    fn offers_the_other_help_without_a_candidate() {
        assert_eq!(did_you_mean("x", ["long-name"], || "Add it".to_owned()), "Add it");
    }
}
