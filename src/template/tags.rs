//! Looks over a template of the user's before anything recursive touches it: parser, printer and compiler go down a step of the
//! stack for each operator of an expression, and none of them counts all of these.

use minijinja::machinery::{Token, tokenize};
use minijinja::syntax::SyntaxConfig;

use super::printer::Refusal;

/// The largest template in bytes; the largest built-in one has 90 KB.
const MOST_BYTES: usize = 256 << 10;
/// Tags of one template; the built-in one with the most has 228.
const MOST_TAGS: usize = 5_000;
/// Words, signs and texts of one template: each is a node of a tree, and an instruction.
const MOST_TOKENS: usize = 60_000;
/// Operators in one tag.
const MOST_OPERATORS: usize = 250;
/// Brackets in each other.
const MOST_BRACKETS: usize = 60;
/// `elif` in one template: each is a step down, too. So is each module, which may hold the one before.
const MOST_ELIF: usize = 250;

/// Words that are operators.
const WORDS: [&str; 7] = ["and", "or", "not", "is", "in", "if", "else"];

/// The tag at hand.
#[derive(Default)]
struct Tag {
    operators: usize,
    brackets: usize,
    /// Whether the last token ends a value, so that a bracket behind it is a call or an index.
    ends_value: bool,
    words: usize,
}

/// Whether the template can be read.
///
/// # Errors
/// The line, from 1, and what is too much.
pub(super) fn check(text: &str, syntax: SyntaxConfig) -> Result<(), Refusal> {
    if text.len() > MOST_BYTES {
        let reason =
            format!("has {} bytes, and templates of more than {MOST_BYTES} are not read; split it", text.len());
        return Err((1, reason));
    }
    let (mut tag, mut line, mut tags, mut elifs, mut imports) = (Tag::default(), 1, 0, 0, 0);
    for (count, token) in tokenize(text, false, syntax).enumerate() {
        // What is no token the parser complains of.
        let Ok((token, span)) = token else { return Ok(()) };
        match token {
            Token::VariableStart | Token::BlockStart => {
                (tag, line) = (Tag::default(), usize::from(span.start_line));
                tags += 1;
            }
            Token::Ident(word) if tag.words == 0 => {
                elifs += usize::from(word == "elif");
                imports += usize::from(word == "import");
            }
            _ => {}
        }
        tag.take(&token);
        let (operators, brackets) = (tag.operators, tag.brackets);
        if operators > MOST_OPERATORS {
            let advice = "name its parts with `set`, or take a loop";
            return Err((line, format!("a tag has more than {MOST_OPERATORS} operators; {advice}")));
        }
        if brackets > MOST_BRACKETS {
            return Err((
                line,
                format!("has more than {MOST_BRACKETS} brackets in each other; name the parts with `set`"),
            ));
        }
        if count > MOST_TOKENS {
            return Err((line, format!("has more than {MOST_TOKENS} words and signs in its tags; split it")));
        }
        if tags > MOST_TAGS {
            return Err((line, format!("has more than {MOST_TAGS} tags; split it")));
        }
        if elifs > MOST_ELIF {
            return Err((line, format!("has more than {MOST_ELIF} `elif`; look the value up in a map")));
        }
        if imports > MOST_ELIF {
            return Err((line, format!("has more than {MOST_ELIF} `import`; put the macros together")));
        }
    }
    Ok(())
}

impl Tag {
    fn take(&mut self, token: &Token<'_>) {
        let follows_value = std::mem::replace(&mut self.ends_value, false);
        match token {
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => {
                self.brackets += 1;
                self.operators += usize::from(follows_value);
            }
            Token::ParenClose | Token::BracketClose | Token::BraceClose => {
                self.brackets = self.brackets.saturating_sub(1);
                self.ends_value = true;
            }
            Token::Ident(word) => {
                self.words += 1;
                let is_operator = WORDS.contains(word);
                self.operators += usize::from(is_operator);
                self.ends_value = !is_operator && self.words > 1;
            }
            Token::Str(_) | Token::String(_) | Token::Int(_) | Token::Int128(_) | Token::Float(_) => {
                self.ends_value = true;
            }
            Token::Comma | Token::Colon | Token::Assign | Token::TemplateData(_) => {}
            Token::VariableStart | Token::VariableEnd | Token::BlockStart | Token::BlockEnd => {}
            _ => self.operators += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<(), Refusal> {
        check(text, SyntaxConfig::default())
    }

    #[test]
    fn operators_are_counted_and_lists_are_not() {
        let rows = format!("{{{{ [{}] }}}}", "[1, 'a-b-c', {'x': 2}], ".repeat(2_000));
        assert_eq!(checked(&rows), Ok(()));
        for long in ["-1", "1+", "x|a", "x.a", "x[0]", "f()", "x and ", "{'a': {}} + ", "not ", "1 if 2 else "] {
            let text = format!("\n{{{{ {} }}}}", long.repeat(260));
            let (line, reason) = checked(&text).unwrap_err();
            assert!(line == 2 && reason.contains("more than 250 operators"), "{long}: {line:?} {reason}");
        }
        for deep in ["{% set ", "{% for ", "{% with ", "{{ "] {
            let (line, reason) = checked(&format!("\n{deep}{}", "(".repeat(100_000))).unwrap_err();
            assert!(line == 2 && reason.contains("brackets in each other"), "{deep}: {line:?} {reason}");
        }
        assert!(checked(&format!("{{{{ [{}] }}}}", "1,".repeat(30_000))).unwrap_err().1.contains("words and signs"));
        assert!(checked(&"{{ x }}".repeat(5_001)).unwrap_err().1.contains("tags; split it"));
        assert!(checked(&"{% elif x %}".repeat(251)).unwrap_err().1.contains("`elif`"));
        assert!(checked(&"{% import 'x' as x %}".repeat(251)).unwrap_err().1.contains("`import`"));
        assert!(checked(&" ".repeat(MOST_BYTES + 1)).unwrap_err().1.contains("split it"));
    }

    #[test]
    fn what_is_no_tag_hides_none() {
        let hidden = format!("{{% raw %}}endraw {{{{ \"{{% endraw %}}{{{{ {}1 }}}}", "-".repeat(300));
        assert!(checked(&hidden).unwrap_err().1.contains("more than 250 operators"));
        assert_eq!(checked(&format!("{{% raw %}}{{{{ {}1 }}}}{{% endraw %}}", "-".repeat(300))), Ok(()));
        assert_eq!(checked(&format!("{{# {{{{ {}1 }}}} #}}", "-".repeat(300))), Ok(()));
    }
}
