//! A text that a regular expression matches, for expressions of the plain kind that contracts use for codes and
//! numbers: literals, classes, groups, alternatives (the first one is taken), repetitions (the fewest).

/// A text that matches, or nothing for what is not understood.
pub(crate) fn sample(pattern: &str) -> Option<String> {
    let mut reader = Reader { rest: pattern.chars().collect(), at: 0 };
    let text = reader.alternatives(32)?;
    (reader.at == reader.rest.len()).then_some(text)
}

struct Reader {
    rest: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let found = self.peek()?;
        self.at += 1;
        Some(found)
    }

    /// Up to the end or an unmatched `)`; of `a|b` the first.
    fn alternatives(&mut self, depth: u8) -> Option<String> {
        let first = self.sequence(depth)?;
        while self.peek() == Some('|') {
            self.at += 1;
            self.sequence(depth)?;
        }
        Some(first)
    }

    fn sequence(&mut self, depth: u8) -> Option<String> {
        let mut text = String::new();
        while let Some(next) = self.peek().filter(|c| !"|)".contains(*c)) {
            self.at += 1;
            let one = match next {
                '^' | '$' => continue,
                '(' => self.group(depth.checked_sub(1)?)?,
                '[' => self.class()?.to_string(),
                '.' => "a".to_owned(),
                '\\' => escape(self.next()?)?.to_string(),
                '*' | '+' | '?' => return None,
                literal => literal.to_string(),
            };
            let count = self.repetitions()?;
            text.extend(std::iter::repeat_n(one.as_str(), count));
            if text.len() > 4096 {
                return None;
            }
        }
        Some(text)
    }

    fn group(&mut self, depth: u8) -> Option<String> {
        if self.peek() == Some('?') {
            self.at += 1;
            if self.next()? != ':' {
                return None;
            }
        }
        let text = self.alternatives(depth)?;
        (self.next()? == ')').then_some(text)
    }

    /// A character of a class, its first one.
    fn class(&mut self) -> Option<char> {
        if self.peek() == Some('^') {
            return None;
        }
        let first = match self.next()? {
            '\\' => escape(self.next()?)?,
            ']' => return None,
            plain => plain,
        };
        loop {
            match self.next()? {
                ']' => return Some(first),
                '\\' => drop(self.next()?),
                _ => {}
            }
        }
    }

    /// The fewest repetitions that the quantifier here allows, but one where `*` or `?` allow none.
    fn repetitions(&mut self) -> Option<usize> {
        let count = match self.peek() {
            Some('*' | '?' | '+') => {
                self.at += 1;
                1
            }
            Some('{') => {
                self.at += 1;
                let mut digits = String::new();
                while let Some(digit) = self.peek().filter(char::is_ascii_digit) {
                    self.at += 1;
                    digits.push(digit);
                }
                while self.next()? != '}' {}
                digits.parse().ok().filter(|count| *count <= 1024)?
            }
            _ => return Some(1),
        };
        if self.peek() == Some('?') {
            self.at += 1;
        }
        Some(count)
    }
}

/// A character that an escape stands for.
fn escape(letter: char) -> Option<char> {
    Some(match letter {
        'd' => '1',
        'w' => 'a',
        's' => ' ',
        'S' | 'D' => 'a',
        other if !other.is_ascii_alphanumeric() => other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_match_their_pattern() {
        let patterns = [
            r"^[A-Z]{2}$",
            r"^\+[1-9][0-9]{6,14}$",
            r"^(red|green)-\d+$",
            r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
            r"^SKU-[0-9]{4}(\.[A-Z])?$",
        ];
        for pattern in patterns {
            let text = sample(pattern).unwrap();
            assert!(regex::Regex::new(pattern).unwrap().is_match(&text), "{pattern} gave {text}");
        }
    }

    #[test]
    fn what_is_not_understood_gives_nothing() {
        for pattern in ["(?=a)b", "[^a]", r"\p{L}", "(", "[", "a{", "*", r"\"] {
            assert_eq!(sample(pattern), None, "{pattern}");
        }
    }
}
