//! Plain text that was read from marked-up text, with the way back to the file's bytes.

use super::Located;
use crate::source::{FileId, Place, Route, Span};

/// A piece of the text and the bytes it came from.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it starts in the text.
    at: u32,
    /// Its bytes in the file.
    source: Span,
    /// Whether these bytes are the text, byte for byte.
    verbatim: bool,
}

/// A text without its marks. Line breaks are `\n`. A document may have tens of thousands, and most are one piece of the file
/// without emphasis: these hold no lists.
#[derive(Clone, Debug, Default)]
pub struct Text {
    text: Box<str>,
    /// Where it starts in the file.
    start: u32,
    /// What a text has that is not one piece of the file, byte for byte.
    made: Option<Box<Made>>,
}

/// What a text was made of.
#[derive(Clone, Debug, Default)]
struct Made {
    pieces: Vec<Piece>,
    /// Ranges that were emphasised or code, in the order in which they end.
    marks: Vec<(u32, u32)>,
}

impl Made {
    /// The same without room to grow.
    fn shrunk(mut self) -> Made {
        self.pieces.shrink_to_fit();
        self.marks.shrink_to_fit();
        self
    }
}

/// A text that is being put together.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextBuilder {
    text: String,
    made: Made,
    /// The place of an empty text.
    empty: u32,
}

impl TextBuilder {
    /// Adds text that stands at `span` of `source`.
    pub fn push(&mut self, text: &str, span: Span, source: &str) {
        let verbatim = source.get(span.range()) == Some(text);
        self.made.pieces.push(Piece { at: self.text.len() as u32, source: span, verbatim });
        self.text.push_str(text);
    }

    /// Marks everything from byte `start` on as emphasised.
    pub fn mark(&mut self, start: usize) {
        if start < self.text.len() {
            self.made.marks.push((start as u32, self.text.len() as u32));
        }
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The finished text, without white space at its end. The builder is empty then.
    pub fn finish(&mut self) -> Text {
        let text: Box<str> = self.text.trim_end().into();
        let is_plain = match self.made.pieces.as_slice() {
            [] => true,
            [piece] => piece.verbatim && self.made.marks.is_empty(),
            _ => false,
        };
        let start = self.made.pieces.first().map_or(self.empty, |piece| piece.source.start);
        let made = (!is_plain).then(|| Box::new(std::mem::take(&mut self.made).shrunk()));
        self.clear(0);
        Text { text, start, made }
    }

    /// Empties it, for a text that stands at byte `empty` if nothing is added.
    pub fn clear(&mut self, empty: u32) {
        self.text.clear();
        self.made.pieces.clear();
        self.made.marks.clear();
        self.empty = empty;
    }
}

impl Text {
    /// The same up to byte `length`.
    pub(crate) fn truncated(&self, length: usize) -> Text {
        let text = self.text.get(..length).unwrap_or(&self.text);
        Text { text: text.into(), ..self.clone() }
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// All of it, trimmed.
    pub fn whole(&self) -> Slice<'_> {
        Slice { text: self, start: 0, end: self.text.len() }.trim()
    }

    /// Its lines, trimmed; empty ones are left out.
    pub fn lines(&self) -> impl Iterator<Item = Slice<'_>> {
        self.whole().split(|c| c == '\n').filter(|line| !line.is_empty())
    }

    fn marked(&self) -> &[(u32, u32)] {
        self.made.as_ref().map_or(&[], |made| &made.marks)
    }

    /// The offset in the file of byte `at` of the text.
    fn source_start(&self, at: usize) -> u32 {
        let Some(made) = &self.made else { return self.start + at.min(self.text.len()) as u32 };
        let index = made.pieces.partition_point(|piece| piece.at as usize <= at);
        match index.checked_sub(1).map(|index| made.pieces[index]) {
            Some(piece) if piece.verbatim => (piece.source.start + (at as u32 - piece.at)).min(piece.source.end),
            Some(piece) => piece.source.start,
            None => self.start,
        }
    }

    /// The offset in the file just behind what ends at byte `end` of the text.
    fn source_end(&self, end: usize) -> u32 {
        let Some(made) = &self.made else { return self.source_start(end) };
        let index = made.pieces.partition_point(|piece| (piece.at as usize) < end);
        match index.checked_sub(1).map(|index| made.pieces[index]) {
            Some(piece) if piece.verbatim => (piece.source.start + (end as u32 - piece.at)).min(piece.source.end),
            Some(piece) => piece.source.end,
            None => self.start,
        }
    }
}

/// Part of a [`Text`].
#[derive(Clone, Copy, Debug)]
pub struct Slice<'t> {
    text: &'t Text,
    start: usize,
    end: usize,
}

impl<'t> Slice<'t> {
    /// The words.
    pub fn as_str(self) -> &'t str {
        self.text.text.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The bytes in the file.
    pub fn span(self) -> Span {
        let start = self.text.source_start(self.start);
        if self.is_empty() {
            return Span { start, end: start };
        }
        Span { start, end: self.text.source_end(self.end).max(start) }
    }

    /// The words as a value with its place; line breaks are spaces.
    pub fn located(self, file: FileId) -> Located<String> {
        Located::new(self.as_str().replace('\n', " "), Route::span(file, self.span()))
    }

    /// Adds the words to a value that ends on a line before.
    pub(crate) fn append_to(self, value: &mut Located<String>) {
        value.value.push(' ');
        value.value.push_str(self.as_str());
        if let Place::Span(span) = &mut value.route.place {
            span.end = self.span().end.max(span.end);
        }
    }

    /// The part from byte `start` to byte `end`, which must be character boundaries.
    pub fn part(self, start: usize, end: usize) -> Slice<'t> {
        let end = (self.start + end).min(self.end);
        Slice { text: self.text, start: (self.start + start).min(end), end }
    }

    /// From the start of this one to the end of `other`, a later part of the same text.
    pub fn up_to(self, other: Slice<'t>) -> Slice<'t> {
        Slice { end: other.end.max(self.end), ..self }
    }

    /// What follows it in `outer`, of which it is a part.
    pub fn rest_of(self, outer: Slice<'t>) -> Slice<'t> {
        Slice { start: self.end.min(outer.end), ..outer }
    }

    /// The part from byte `start` on.
    pub fn from(self, start: usize) -> Slice<'t> {
        self.part(start, self.end - self.start)
    }

    /// Without white space at both ends.
    pub fn trim(self) -> Slice<'t> {
        self.trim_matches(char::is_whitespace)
    }

    /// Without such characters at both ends.
    pub fn trim_matches(self, drop: impl Fn(char) -> bool + Copy) -> Slice<'t> {
        let words = self.as_str();
        let start = words.len() - words.trim_start_matches(drop).len();
        self.part(start, start.max(words.trim_end_matches(drop).len()))
    }

    /// The parts between the characters that separate, trimmed.
    pub fn split(self, separates: impl Fn(char) -> bool + Copy + 't) -> impl Iterator<Item = Slice<'t>> + 't {
        let words = self.as_str();
        words.split(separates).map(move |part| {
            let start = part.as_ptr() as usize - words.as_ptr() as usize;
            self.part(start, start + part.len()).trim()
        })
    }

    /// The length in bytes of what is emphasised or code at its very start; 0 for nothing.
    pub fn lead(self) -> usize {
        let marks = &self.text.marked()[self.marks_from()..];
        let near = marks.iter().take_while(|(start, end)| *end as usize <= self.end || (*start as usize) < self.end);
        let own = near.filter(|(start, _)| *start as usize == self.start);
        own.map(|(_, end)| (*end as usize).min(self.end) - self.start).max().unwrap_or(0)
    }

    /// What is emphasised or code within it, in order, as ranges of its own bytes.
    pub fn marks(self) -> Vec<(usize, usize)> {
        let near = self.text.marked()[self.marks_from()..].iter().take_while(|(_, end)| *end as usize <= self.end);
        let within = near.filter(|(start, _)| *start as usize >= self.start);
        let mut marks: Vec<_> =
            within.map(|&(start, end)| (start as usize - self.start, end as usize - self.start)).collect();
        marks.sort_unstable();
        marks
    }

    /// The first mark that ends behind the start; marks are in the order of their ends.
    fn marks_from(self) -> usize {
        self.text.marked().partition_point(|(_, end)| *end as usize <= self.start)
    }

    /// The first code or emphasis in it, or else all of it.
    pub fn first_mark(self) -> Slice<'t> {
        self.marks().first().map_or(self, |&(start, end)| self.part(start, end)).trim()
    }
}
