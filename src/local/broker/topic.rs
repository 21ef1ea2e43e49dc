//! Keys of topic exchanges (AMQP 0-9-1, section 3.1.3.3): words between full stops, where `*` in a pattern is any word and
//! `#` any number of them.

/// Whether a key fits a pattern.
pub(super) fn matches(pattern: &str, key: &str) -> bool {
    let words: Vec<&str> = if key.is_empty() { Vec::new() } else { key.split('.').collect() };
    // Which numbers of words of the key fit what was read of the pattern.
    let mut fits = vec![false; words.len() + 1];
    fits[0] = true;
    for part in pattern.split('.').filter(|part| !part.is_empty()) {
        let mut next = vec![false; fits.len()];
        for count in 0..fits.len() {
            next[count] = match part {
                "#" => fits[count] || (count > 0 && next[count - 1]),
                "*" => count > 0 && fits[count - 1],
                _ => count > 0 && fits[count - 1] && words[count - 1] == part,
            };
        }
        fits = next;
    }
    fits[words.len()]
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn words_and_any_number_of_them() {
        for (pattern, key) in [
            ("a.b", "a.b"),
            ("a.*", "a.b"),
            ("#", "a.b.c"),
            ("#", ""),
            ("a.#", "a"),
            ("a.#.c", "a.b.b.c"),
            ("#.c", "c"),
        ] {
            assert!(matches(pattern, key), "{pattern} {key}");
        }
        for (pattern, key) in [("a.b", "a"), ("a.*", "a"), ("a.*", "a.b.c"), ("a.#.c", "a.b"), ("", "a"), ("*", "")] {
            assert!(!matches(pattern, key), "{pattern} {key}");
        }
    }
}
