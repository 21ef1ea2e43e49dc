//! Compiled patterns that are kept for the next text, within a budget.

use rustc_hash::FxHashMap;

use super::pattern::{LARGEST, Pattern, PatternError};

/// The patterns that are kept may have so many bytes, as [`Pattern::compile`] counts them; then all are let go.
const MOST_HELD: usize = 4 << 20;
/// All that are compiled in the life of one cache may have so many. A pattern that comes later is not understood: compiling
/// takes about a second for that many.
const MOST_COMPILED: usize = 128 << 20;

/// Patterns by their text. Those that are no pattern, or one that is not checked here, are known as such.
#[derive(Default)]
pub struct Patterns<'a> {
    known: FxHashMap<&'a str, Option<Pattern>>,
    held: usize,
    compiled: usize,
}

impl<'a> Patterns<'a> {
    /// The compiled form of a pattern; nothing where it cannot be compiled.
    pub fn get(&mut self, ecma: &'a str) -> Option<&Pattern> {
        if !self.known.contains_key(ecma) {
            let compiled = (self.compiled < MOST_COMPILED).then(|| Pattern::compile(ecma));
            let (pattern, held, work) = match compiled {
                Some(Ok((pattern, bytes))) => (Some(pattern), bytes, bytes),
                Some(Err(PatternError::Unsupported)) => (None, 0, LARGEST),
                Some(Err(PatternError::Invalid(_))) | None => (None, 0, 0),
            };
            if self.held + held > MOST_HELD {
                self.known.clear();
                self.held = 0;
            }
            self.held += held;
            self.compiled += work;
            self.known.insert(ecma, pattern);
        }
        self.known.get(ecma)?.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_kept_within_the_budget_and_understood_all_the_same() {
        let texts: Vec<String> = (3..15).map(|most| format!("^[\\p{{L}}]{{1,{most}}}$")).collect();
        let mut patterns = Patterns::default();
        for text in texts.iter().chain(&texts) {
            assert_eq!(patterns.get(text).and_then(|known| known.is_match("grö")), Some(true), "{text}");
            assert!(patterns.held <= MOST_HELD, "{}", patterns.held);
        }
        assert!(patterns.get("^[\\p{L}\\w]{1,2000}$").is_none(), "too large");
        assert!(patterns.get("(").is_none());
        patterns.compiled = MOST_COMPILED;
        assert!(patterns.get("^a$").is_none() && patterns.get(&texts[11]).is_some());
    }
}
