//! Byte offsets to lines and columns.

use super::span::Span;

/// A position for people: both count from 1; the column counts Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// Bytes between two places whose characters are counted beforehand. A line may be as long as the file.
const BLOCK: usize = 4096;

/// The offset at which each line of a text starts.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// For each multiple of [`BLOCK`] the number of characters that begin before it.
    characters: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`; a line ends behind its `\n`.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)));
        starts.shrink_to_fit();
        let mut characters = vec![0];
        for block in text.as_bytes().chunks_exact(BLOCK) {
            let before = characters.last().copied().unwrap_or_default();
            characters.push(before + count(block));
        }
        LineIndex { starts, characters }
    }

    /// The line (from 1) of a byte offset, without the cost of counting columns.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset).max(1) as u32
    }

    /// Line and column of a byte offset of the same `text`.
    pub fn position(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let start = self.starts[line - 1] as usize;
        let end = (offset as usize).clamp(start, text.len());
        let column = match text.is_char_boundary(end) {
            true => self.characters_before(text, end) - self.characters_before(text, start),
            false => (end - start) as u32,
        };
        LineColumn { line: line as u32, column: column + 1 }
    }

    /// The number of characters that begin before a byte offset.
    fn characters_before(&self, text: &str, offset: usize) -> u32 {
        let block = (offset / BLOCK).min(self.characters.len() - 1);
        self.characters[block] + count(&text.as_bytes()[block * BLOCK..offset])
    }

    /// The bytes of a line (from 1), without its line end; empty beyond the last line.
    pub fn line_span(&self, text: &str, line: u32) -> Span {
        let index = line.max(1) as usize - 1;
        let Some(&start) = self.starts.get(index) else { return Span::new(text.len(), text.len()) };
        let end = self.starts.get(index + 1).map_or(text.len(), |&next| next as usize - 1);
        let line = &text.as_bytes()[start as usize..end];
        let end = if line.last() == Some(&b'\r') { end - 1 } else { end };
        Span::new(start as usize, end)
    }

    /// The number of lines.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never true: even an empty text has one line.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }
}

/// The number of characters that begin in a part of a UTF-8 text: bytes that continue one begin with the bits 10.
fn count(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_long_line_count_characters() {
        let text = format!("ä\n{}", "é€x".repeat(5_000));
        let index = LineIndex::new(&text);
        for (at, (offset, _)) in text.char_indices().enumerate().skip(2) {
            assert_eq!(index.position(&text, offset as u32), LineColumn { line: 2, column: at as u32 - 1 });
        }
        assert_eq!(index.position(&text, u32::MAX).column, 15_001);
    }

    #[test]
    fn positions_count_characters_from_one() {
        let text = "a\nüb\r\n\nc";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 0), LineColumn { line: 1, column: 1 });
        assert_eq!(index.position(text, 4), LineColumn { line: 2, column: 2 });
        assert_eq!(index.position(text, 8), LineColumn { line: 4, column: 1 });
        assert_eq!(index.position(text, 99), LineColumn { line: 4, column: 2 });
        assert_eq!(&text[index.line_span(text, 2).range()], "üb");
    }
}
