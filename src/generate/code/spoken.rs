//! What code says outside of its texts and comments: names that stand in a string literal are not used by it.

use std::iter::Peekable;
use std::str::Chars;

use crate::model::Language;

/// Code without comments and without what its string literals say. Expressions in literals that hold some (`f"{x}"` of
/// Python, `` `${x}` `` of TypeScript) stay.
pub(crate) fn spoken(language: Language, code: &str) -> String {
    let mut scan = Scan { language, rest: code.chars().peekable(), said: String::with_capacity(code.len()) };
    scan.code(false);
    scan.said
}

struct Scan<'c> {
    language: Language,
    rest: Peekable<Chars<'c>>,
    said: String,
}

impl Scan<'_> {
    /// Code up to the end, or up to the brace that ends an expression of a literal.
    fn code(&mut self, expression: bool) {
        let mut open = 0_usize;
        while let Some(letter) = self.rest.next() {
            match letter {
                '"' | '\'' | '`' => self.literal(letter),
                '#' if self.language == Language::Python => self.comment(),
                '/' if self.language != Language::Python && self.rest.peek() == Some(&'/') => self.comment(),
                '}' if expression && open == 0 => return,
                letter => {
                    open = match letter {
                        '{' => open + 1,
                        '}' => open.saturating_sub(1),
                        _ => open,
                    };
                    self.said.push(letter);
                }
            }
        }
    }

    fn comment(&mut self) {
        while self.rest.next_if(|letter| *letter != '\n').is_some() {}
    }

    /// A literal behind its first quote.
    fn literal(&mut self, quote: char) {
        let raw = quote == '`';
        let formatted = self.language == Language::Python && self.said.ends_with('f');
        let template = self.language == Language::Typescript && raw;
        self.said.push(quote);
        while let Some(letter) = self.rest.next() {
            match letter {
                '\\' if !(raw && self.language == Language::Go) => drop(self.rest.next()),
                '\n' if !raw => break,
                '{' if formatted && self.rest.next_if_eq(&'{').is_none() => self.expression(),
                '$' if template && self.rest.next_if_eq(&'{').is_some() => self.expression(),
                letter if letter == quote => break,
                _ => {}
            }
        }
        self.said.push(quote);
    }

    fn expression(&mut self) {
        self.said.push(' ');
        self.code(true);
        self.said.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_comments_are_not_said() {
        let cases = [
            (Language::Python, "a = {\"b.c\": 'd\"e'}  # it's f", "a = {\"\": ''}  "),
            (Language::Python, "f\"/{{x}}/{order['id']}\" + g", "f\" order[''] \" + g"),
            (Language::Typescript, "f(\"a\\\"b\", `c ${d({ e: \"h\" })} i`); // k's", "f(\"\", ` d({ e: \"\" }) `); "),
            (Language::Go, "a(`b\\`, \"c.d\") // it's e\nf('g')", "a(``, \"\") \nf('')"),
            (Language::Go, "a(\"b", "a(\"\""),
        ];
        for (language, code, expected) in cases {
            assert_eq!(spoken(language, code), expected);
        }
    }
}
