//! The event parser's errors in our words: what was expected, and what to write instead.

use granit_parser::{ErrorKind as E, ScanError};

use super::parse::{self, problem};
use super::problem::{Problem, ProblemKind};

/// The problem of a text that is not YAML.
pub(super) fn syntax(text: &str, error: &ScanError) -> Problem {
    let at = error.marker().byte_offset().unwrap_or(text.len());
    let span = parse::char_span(text, at);
    let message = match error.kind() {
        E::RecursionLimitExceeded => return parse::too_deep(span),
        E::TabNotAllowed | E::TabInBlockIndentation | E::TabInIndentation | E::TabAtBlockScalarStart => {
            "a tab indents this line; YAML takes spaces only"
        }
        E::MappingValueNotAllowed if starts_second_value(text, at) => {
            "a second ': ' on this line: put the whole value in quotes"
        }
        E::MappingValueNotAllowed => {
            "this line goes on from the one above, so it cannot hold a key: indent it as its neighbours, and look for a \
             ':' without a space above"
        }
        E::ExpectedBlockMappingKey => "expected a key at this indentation",
        E::ExpectedBlockSequenceEntry => "expected '- ' at this indentation",
        E::BlockSequenceEntryNotAllowed => "a list starts on a line of its own: move this '- ' to the next line",
        E::ExpectedFlowMappingSeparator => "expected ',' or '}' after a value",
        E::ExpectedFlowSequenceSeparator => "expected ',' or ']' after a value",
        E::UnexpectedEofImplicitFlowMapping => "expected a value before this ','",
        E::MisplacedFlowCollectionEnd => "nothing is open that this bracket could close",
        E::UnclosedFlowCollection { open: '{' } => "this '{' is never closed",
        E::UnclosedFlowCollection { open: '[' } => "this '[' is never closed",
        E::UnclosedQuotedScalar => "a string has no closing quote",
        E::InvalidQuotedScalarIndent => {
            "a quoted string goes on in this line, which is not indented: is the quote above closed?"
        }
        E::InvalidTrailingSingleQuotedScalar => {
            "text behind the closing quote: put the whole value in quotes, and write a ' within it twice"
        }
        E::InvalidTrailingDoubleQuotedScalar => {
            "text behind the closing quote: put the whole value in quotes, and write a \" within it as \\\""
        }
        E::UnknownQuotedScalarEscape => "unknown escape in a double-quoted string; a backslash is written \\\\",
        E::InvalidQuotedScalarHexEscape => "a \\u in this string lacks its four hexadecimal digits",
        E::InvalidBlockScalarHeader => "the text of a block starts on the line after '|' or '>'",
        E::SimpleKeyExpected | E::InvalidSimpleKey => "expected ':' after this key",
        E::InvalidIndentation => "this line's indentation fits no line above",
        E::UnknownAnchor => "no anchor of this name stands above; a value that starts with '*' needs quotes",
        E::MissingAnchorOrAliasName => "a value that starts with '*' or '&' needs quotes",
        E::UndeclaredTagHandle => "this tag's handle is not declared; a value that starts with '!' needs quotes",
        E::UnexpectedCharacter { character: '@' | '`' | '%' } => "a value must not start with this character: quote it",
        E::UnexpectedCharacter { character } if character.is_control() => "a control character: write it as an escape",
        kind => return problem(ProblemKind::YamlSyntax, span, kind.to_string()),
    };
    problem(ProblemKind::YamlSyntax, span, message)
}

/// Whether a key with its value stands before `at` on the same line.
fn starts_second_value(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.rsplit('\n').next().is_some_and(|line| line.contains(": "))
}
