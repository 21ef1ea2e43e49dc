//! Durations, counts and resource quantities as people write them.

use crate::model::{ErrorHandling, EventSourcing};

/// The number of events between two snapshots where the spec does not say.
const SNAPSHOT_EVERY: u32 = 100;

/// `500ms`, `2s`, `1.5 seconds`, `1 min`, in milliseconds; a bare number counts milliseconds.
pub(crate) fn milliseconds(text: &str) -> Option<u64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let number_end = end_of(text, start, |c| c.is_ascii_digit() || c == '.');
    let number: f64 = text[start..number_end].trim_end_matches('.').parse().ok()?;
    let rest = text[number_end..].trim_start_matches([' ', '\u{a0}', '-']);
    let unit = &rest[..end_of(rest, 0, char::is_alphabetic)];
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => 1.0,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000.0,
        "d" | "day" | "days" => 86_400_000.0,
        _ => return None,
    };
    let value = number * factor;
    (value <= 1.0e15).then_some(value.round() as u64)
}

/// How long an answer is kept, in seconds: as [`milliseconds`] reads it, at least one and at most a year; a bare number
/// counts seconds.
pub(crate) fn kept_seconds(text: &str) -> Option<u64> {
    const YEAR: u64 = 31_536_000;
    let bare = text.trim().parse::<u64>().ok();
    let seconds = bare.or_else(|| milliseconds(text).map(|time| time.div_ceil(1_000)))?;
    (1..=YEAR).contains(&seconds).then_some(seconds)
}

/// `3`, `3 times`, `three times`, `once`, `none`: the number of retries.
pub(crate) fn retries(text: &str) -> Option<u32> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let counted = words.windows(2).find_map(|pair| {
        let counts = matches!(pair[1], "times" | "time" | "x" | "retries" | "retry" | "attempts" | "tries" | "more");
        number(pair[0]).filter(|_| counts)
    });
    let with_x = || words.iter().find_map(|word| word.strip_suffix('x').and_then(|digits| digits.parse().ok()));
    let none = || matches!(words.as_slice(), ["none" | "no" | "never", ..]).then_some(0);
    counted.or_else(with_x).or_else(|| words.iter().find_map(|word| number(word))).or_else(none)
}

fn number(word: &str) -> Option<u32> {
    const WORDS: [(&str, u32); 8] =
        [("once", 1), ("one", 1), ("twice", 2), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("ten", 10)];
    word.parse().ok().or_else(|| WORDS.iter().find(|(known, _)| *known == word).map(|(_, number)| *number))
}

/// `Retry 3 times with backoff, then DLQ`.
pub(crate) fn error_handling(text: &str) -> ErrorHandling {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let dead_letter = words.iter().any(|word| matches!(*word, "dlq" | "dlx" | "deadletter"))
        || words.windows(2).any(|pair| pair == ["dead", "letter"] || pair == ["parking", "lot"]);
    let tries = ["retr", "times", "tries", "attempts"].iter().any(|word| lower.contains(word));
    ErrorHandling { text: text.to_owned(), retries: retries(text).filter(|_| tries), dead_letter }
}

/// `event sourced, snapshot every 50`.
pub(crate) fn event_sourcing(text: &str) -> EventSourcing {
    let lower = text.to_lowercase();
    let stated = lower.find("snapshot").and_then(|at| whole_number(&lower[at..]));
    let stated = stated.and_then(|count| u32::try_from(count).ok()).filter(|count| *count > 0);
    EventSourcing { snapshot_every: stated.unwrap_or(SNAPSHOT_EVERY) }
}

/// The first whole number.
pub(crate) fn whole_number(text: &str) -> Option<u64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    text[start..end_of(text, start, |c| c.is_ascii_digit())].parse().ok()
}

/// `no synchronous call chain deeper than 2`, `at most two hops`: how many calls may follow one another. The text must speak
/// of calls and of how long their chains are, and say one number.
pub(crate) fn call_depth(text: &str) -> Option<u32> {
    const CALLS: [&str; 8] = ["call", "calls", "request", "requests", "sync", "synchronous", "hop", "hops"];
    const DEPTH: [&str; 7] = ["chain", "chains", "depth", "deep", "deeper", "hop", "hops"];
    const OTHER: [&str; 10] =
        ["s", "ms", "second", "seconds", "minute", "minutes", "times", "retries", "percent", "years"];
    /// Whoever writes more means something else.
    const MOST: u32 = 20;
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    let counts = |at: usize| words.get(at + 1).is_none_or(|unit| !OTHER.contains(unit));
    let mut numbers = words.iter().enumerate().filter(|(at, _)| counts(*at)).filter_map(|(_, word)| number(word));
    match (numbers.next(), numbers.next()) {
        (Some(depth), None) if has(&CALLS) && has(&DEPTH) => Some(depth).filter(|depth| (1..=MOST).contains(depth)),
        _ => None,
    }
}

/// The Kubernetes quantities in a text (`200m / 1000m`, `512 MB`), in order.
pub(crate) fn quantities(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|start| at + start) {
        let number_end = end_of(text, start, |c| c.is_ascii_digit() || c == '.');
        let spaces = text[number_end..].len() - text[number_end..].trim_start_matches(' ').len();
        let unit_start = number_end + spaces;
        let unit_end = end_of(text, unit_start, char::is_alphabetic);
        let number = text[start..number_end].trim_end_matches('.');
        if let Some(unit) = unit(&text[unit_start..unit_end]) {
            found.push(format!("{number}{unit}"));
        }
        at = unit_end.max(number_end);
    }
    found
}

/// The suffix of a Kubernetes quantity for a unit; a word that is no unit ends the number.
fn unit(word: &str) -> Option<&'static str> {
    const UNITS: [&str; 8] = ["m", "Ki", "Mi", "Gi", "Ti", "k", "M", "G"];
    let exact = UNITS.iter().find(|unit| **unit == word).copied();
    exact.or_else(|| match word.to_ascii_lowercase().as_str() {
        "" | "core" | "cores" | "cpu" | "cpus" | "vcpu" | "vcpus" | "request" | "limit" => Some(""),
        "mb" => Some("M"),
        "gb" => Some("G"),
        "mib" => Some("Mi"),
        "gib" => Some("Gi"),
        _ => None,
    })
}

/// The index behind the characters from `start` on that belong.
fn end_of(text: &str, start: usize, belongs: impl Fn(char) -> bool) -> usize {
    text[start..].find(|c: char| !belongs(c)).map_or(text.len(), |length| start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_are_taken_after_a_stated_number_of_events() {
        let cases = [("events", 100), ("event sourced, snapshot every 50", 50), ("50 events, snapshots each 7", 7)];
        for (text, expected) in cases {
            assert_eq!(event_sourcing(text), EventSourcing { snapshot_every: expected }, "{text}");
        }
        assert_eq!(event_sourcing("snapshot every 0").snapshot_every, 100);
    }

    #[test]
    fn chains_of_calls_have_a_depth_where_a_sentence_says_one() {
        let cases = [
            ("No synchronous call chain deeper than 2", Some(2)),
            ("Synchronous chains are at most 2 calls long", Some(2)),
            ("Synchronous call depth: two", Some(2)),
            ("Chain of synchronous calls: 4", Some(4)),
            ("At most 3 hops", Some(3)),
            ("Chains of calls stay short", None),
            ("Calls in a chain end after 2 seconds", None),
            ("ADR 7: call chains have at most 3 calls", None),
            ("The supply chain is audited 2 times", None),
        ];
        for (text, expected) in cases {
            assert_eq!(call_depth(text), expected, "{text}");
        }
    }

    #[test]
    fn durations_in_every_unit() {
        let cases =
            [("500ms", 500), ("2s", 2_000), ("2 seconds", 2_000), ("1 min", 60_000), ("1.5 s", 1_500), ("250", 250)];
        for (text, expected) in cases {
            assert_eq!(milliseconds(text), Some(expected), "{text}");
        }
        assert_eq!(milliseconds("soon"), None);
        assert_eq!(milliseconds("3 apples"), None);
    }

    #[test]
    fn answers_are_kept_for_seconds() {
        let cases = [("60 s", 60), ("60", 60), ("5 minutes", 300), ("1 h", 3_600), ("500 ms", 1)];
        for (text, expected) in cases {
            assert_eq!(kept_seconds(text), Some(expected), "{text}");
        }
        for text in ["a while", "0", "0 s", "20 years", "400 d"] {
            assert_eq!(kept_seconds(text), None, "{text}");
        }
    }

    #[test]
    fn retries_as_words_and_digits() {
        let cases = [("3", 3), ("3 times", 3), ("three times", 3), ("once", 1), ("none", 0), ("3x", 3), ("up to 2", 2)];
        for (text, expected) in cases {
            assert_eq!(retries(text), Some(expected), "{text}");
        }
        assert_eq!(retries("with backoff"), None);
    }

    #[test]
    fn error_handling_is_understood() {
        let both = error_handling("Retry 3 times with backoff, then DLQ");
        assert_eq!((both.retries, both.dead_letter), (Some(3), true));
        let other = error_handling("3 retries, afterwards dead-letter queue");
        assert_eq!((other.retries, other.dead_letter), (Some(3), true));
        let short = error_handling("retry 3x, then DLQ");
        assert_eq!((short.retries, short.dead_letter), (Some(3), true));
        let none = error_handling("Log and drop after 10 s");
        assert_eq!((none.retries, none.dead_letter), (None, false));
        let waits = error_handling("Wait 1 s, then retry 5 times");
        assert_eq!(waits.retries, Some(5));
    }

    #[test]
    fn quantities_of_kubernetes() {
        assert_eq!(quantities("200m / 1000m"), ["200m", "1000m"]);
        assert_eq!(quantities("256Mi / 512Mi"), ["256Mi", "512Mi"]);
        assert_eq!(quantities("512 MB"), ["512M"]);
        assert_eq!(quantities("0.5 cores"), ["0.5"]);
    }
}
