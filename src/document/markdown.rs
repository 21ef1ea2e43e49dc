//! Markdown (CommonMark with tables and task lists) as a flat list of blocks whose texts are plain: emphasis, code marks,
//! links and escapes are gone, and every part of a text still knows its bytes in the file.
//!
//! Two things that people write and CommonMark does not see are read as well: a numbered heading that is underlined
//! (`1. Name` above `-----` is a list item and a rule to CommonMark), and front matter between `---` lines, which is skipped.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::text::{Text, TextBuilder};
use crate::source::Span;

/// A document as blocks in their order.
#[derive(Clone, Debug, Default)]
pub struct Markdown {
    /// The blocks.
    pub blocks: Vec<Block>,
}

/// One block.
#[derive(Clone, Debug)]
pub enum Block {
    /// A heading.
    Heading(Heading),
    /// A paragraph, also one inside of a list item or a quotation; its text keeps the line breaks.
    Paragraph(Text),
    /// The first paragraph of a list item; its text keeps the line breaks.
    Item(Item),
    /// A table.
    Table(Box<Table>),
    /// A code block, fenced or indented; not read.
    Code(Span),
    /// An HTML comment, without its marks, or other HTML as it stands.
    Html(Span),
}

/// A heading of level 1 to 6.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Its level.
    pub level: u8,
    /// Its text.
    pub text: Text,
    /// All of it, marks included.
    pub span: Span,
}

/// A list item.
#[derive(Clone, Debug)]
pub struct Item {
    /// Nesting, from 0.
    pub level: u8,
    /// Whether the list is numbered.
    pub ordered: bool,
    /// The tick of its box, where it has one.
    pub checked: Option<bool>,
    /// Its first paragraph.
    pub text: Text,
    /// The item with everything in it.
    pub span: Span,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The cells of its head.
    pub header: Vec<Text>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// All of it.
    pub span: Span,
}

/// A row of a table.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its cells up to the last that is not empty, at most as many as the head has.
    pub cells: Vec<Text>,
    /// The whole row, without its line end.
    pub span: Span,
}

impl Markdown {
    /// Reads `text`. Any text is Markdown, so nothing can go wrong.
    pub fn parse(text: &str) -> Markdown {
        let start = front_matter(text);
        let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
        let mut reader = Reader { source: text, ..Reader::default() };
        for (event, range) in Parser::new_ext(&text[start..], options).into_offset_iter() {
            reader.event(event, Span::new(range.start + start, range.end + start));
        }
        reader.flush();
        reader.blocks.shrink_to_fit();
        Markdown { blocks: reader.blocks }
    }
}

/// The length of a byte order mark and of front matter at the start of a text.
fn front_matter(text: &str) -> usize {
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = text[bom..].split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == "---") else { return bom };
    let mut length = bom + first.len();
    for line in lines {
        length += line.len();
        if line.trim_end() == "---" {
            return length;
        }
        if line.trim().is_empty() || line.starts_with('#') {
            break;
        }
    }
    bom
}

/// What the text that is being read belongs to.
#[derive(Clone, Copy, Debug)]
enum Open {
    Heading(u8, Span),
    Item { level: u8, ordered: bool, checked: Option<bool>, span: Span },
    Paragraph,
    Cell,
}

#[derive(Default)]
struct Reader<'s> {
    source: &'s str,
    blocks: Vec<Block>,
    open: Option<Open>,
    text: TextBuilder,
    /// Whether each open list is numbered.
    lists: Vec<bool>,
    /// Start of each open emphasis in the text.
    marks: Vec<usize>,
    table: Table,
    row: Row,
    in_head: bool,
    in_code: bool,
    html: Option<Span>,
    /// How many quotations are open.
    quotes: usize,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => self.start(&tag, span),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if !self.in_code => self.push(&text, span),
            Event::Code(text) => self.code(&text, span),
            Event::SoftBreak | Event::HardBreak => self.push_break(span),
            Event::InlineHtml(html) => self.inline_html(&html, span),
            Event::Html(_) => {
                let whole = self.html.get_or_insert(span);
                whole.end = span.end;
            }
            Event::TaskListMarker(ticked) => {
                if let Some(Open::Item { checked, .. }) = &mut self.open {
                    *checked = Some(ticked);
                }
            }
            Event::Rule => self.rule(span),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, span: Span) {
        match tag {
            Tag::Heading { level, .. } => self.begin(Open::Heading(level_of(*level), trimmed(self.source, span))),
            Tag::Paragraph if matches!(self.open, Some(Open::Item { .. })) && self.text.is_empty() => {}
            Tag::Paragraph => self.begin(Open::Paragraph),
            Tag::List(first) => {
                self.flush();
                self.lists.push(first.is_some());
            }
            Tag::Item => {
                let level = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
                let ordered = self.lists.last().copied().unwrap_or(false);
                self.begin(Open::Item { level, ordered, checked: None, span: trimmed(self.source, span) });
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.in_code = true;
                self.blocks.push(Block::Code(span));
            }
            Tag::HtmlBlock => self.flush(),
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::Table(_) => {
                self.flush();
                self.table = Table { span: trimmed(self.source, span), ..Table::default() };
            }
            Tag::TableHead => self.in_head = true,
            Tag::TableRow => self.row = Row { cells: Vec::new(), span: trimmed(self.source, span) },
            Tag::TableCell => {
                self.open = Some(Open::Cell);
                self.text.clear(span.start);
                self.marks.clear();
            }
            Tag::Emphasis | Tag::Strong => self.marks.push(self.text.len()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item => self.flush(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::HtmlBlock => {
                if let Some(span) = self.html.take() {
                    self.blocks.push(Block::Html(trimmed(self.source, span)));
                }
            }
            TagEnd::TableHead => self.in_head = false,
            TagEnd::TableCell => {
                self.open = None;
                let cell = self.text.finish();
                let cells = if self.in_head { &mut self.table.header } else { &mut self.row.cells };
                cells.push(cell);
            }
            TagEnd::TableRow => {
                // The parser fills a short row up to the width of the head, which may be thousands of cells.
                let written = self.row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
                self.row.cells.truncate(written);
                self.row.cells.shrink_to_fit();
                self.table.rows.push(std::mem::take(&mut self.row));
            }
            TagEnd::Table => self.blocks.push(Block::Table(Box::new(std::mem::take(&mut self.table)))),
            TagEnd::Emphasis | TagEnd::Strong => {
                if let Some(start) = self.marks.pop() {
                    self.text.mark(start);
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, open: Open) {
        self.flush();
        self.open = Some(open);
        self.text.clear(0);
        self.marks.clear();
    }

    /// Ends the block that is being read.
    fn flush(&mut self) {
        let Some(open) = self.open.take() else { return };
        let text = self.text.finish();
        match open {
            // What is quoted stands in the section around it, and starts none.
            Open::Heading(..) if self.quotes > 0 => self.blocks.push(Block::Paragraph(text)),
            Open::Heading(level, span) => self.blocks.push(Block::Heading(Heading { level, text, span })),
            Open::Item { level, ordered, checked, span } => {
                if let Some(heading) = underlined_item(ordered, level, &text, span) {
                    return self.blocks.push(Block::Heading(heading));
                }
                self.blocks.push(Block::Item(Item { level, ordered, checked, text, span }));
            }
            Open::Paragraph if !text.is_empty() => self.blocks.push(Block::Paragraph(text)),
            Open::Paragraph | Open::Cell => {}
        }
    }

    fn push(&mut self, text: &str, span: Span) {
        if self.open.is_some() {
            self.text.push(text, span, self.source);
        }
    }

    fn push_break(&mut self, span: Span) {
        let space = if matches!(self.open, Some(Open::Heading(..) | Open::Cell)) { " " } else { "\n" };
        self.push(space, span);
    }

    /// Inline code: its text without the backticks, marked.
    fn code(&mut self, text: &str, span: Span) {
        if self.open.is_none() {
            return;
        }
        let start = self.text.len();
        let written = self.source.get(span.range()).unwrap_or_default();
        let ticks = written.bytes().take_while(|byte| *byte == b'`').count();
        let inner = written.get(ticks..written.len().saturating_sub(ticks)).unwrap_or_default();
        if inner.contains('\n') {
            // A line end within, with the indentation around it, is one space, also where it is two bytes.
            let words: Vec<&str> = text.split_whitespace().collect();
            self.text.push(&words.join(" "), span, self.source);
        } else if let Some(within) = inner.find(text) {
            let at = span.start as usize + ticks + within;
            self.text.push(text, Span::new(at, at + text.len()), self.source);
        } else {
            self.text.push(text, span, self.source);
        }
        self.text.mark(start);
    }

    fn inline_html(&mut self, html: &str, span: Span) {
        if html.starts_with("<!--") {
            self.blocks.push(Block::Html(span));
        } else if html.trim_start_matches('<').to_ascii_lowercase().starts_with("br") {
            self.push("\n", span);
        }
    }

    /// A rule right below a numbered item of one line underlines it.
    fn rule(&mut self, span: Span) {
        self.flush();
        let Some(Block::Item(item)) = self.blocks.last() else { return };
        let between = self.source.get(item.span.end as usize..span.start as usize).unwrap_or_default();
        let next_line = between.matches('\n').count() == 1 && between.trim().is_empty();
        if !(item.ordered && item.level == 0 && next_line) || item.text.as_str().contains('\n') {
            return;
        }
        if let Some(Block::Item(item)) = self.blocks.pop() {
            self.blocks.push(Block::Heading(Heading { level: 2, text: item.text, span: item.span }));
        }
    }
}

/// `1. Name` above `====`, which CommonMark takes for one paragraph of two lines in an item.
fn underlined_item(ordered: bool, level: u8, text: &Text, span: Span) -> Option<Heading> {
    let (name, line) = text.as_str().split_once('\n')?;
    let underline = line.len() >= 3 && line.bytes().all(|byte| byte == b'=');
    (ordered && level == 0 && underline).then(|| Heading { level: 1, text: text.truncated(name.len()), span })
}

fn level_of(level: HeadingLevel) -> u8 {
    level as u8
}

/// The span without white space at its end.
fn trimmed(source: &str, span: Span) -> Span {
    let text = source.get(span.range()).unwrap_or_default();
    Span::new(span.start as usize, span.start as usize + text.trim_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let lines = |text: &Text| text.lines().map(|line| line.as_str().to_owned()).collect::<Vec<_>>().join("/");
        let show = |block: &Block| match block {
            Block::Heading(heading) => format!("h{} {}", heading.level, heading.text.as_str()),
            Block::Paragraph(text) => format!("p {}", lines(text)),
            Block::Item(item) => {
                let mark = if item.ordered { "#" } else { "-" };
                let tick = item.checked.map_or("", |ticked| if ticked { "[x]" } else { "[ ]" });
                format!("{}{mark}{tick} {}", item.level, lines(&item.text))
            }
            Block::Table(table) => {
                let row = |cells: &[Text]| cells.iter().map(Text::as_str).collect::<Vec<_>>().join("|");
                let rows = table.rows.iter().map(|cells| row(&cells.cells));
                format!("t {} / {}", row(&table.header), rows.collect::<Vec<_>>().join(" / "))
            }
            Block::Code(_) => "code".to_owned(),
            Block::Html(span) => format!("html {}", &text[span.range()]),
        };
        Markdown::parse(text).blocks.iter().map(show).collect()
    }

    #[test]
    fn blocks_in_their_order() {
        let text = "# A *b* `c` ##\n\np **one**\np two\n\n- x\n  - [x] y\n\n    more\n\n1. z\n\n<!-- note -->\n\n```\n# no\n```\n\n> q\n";
        let expected =
            ["h1 A b c", "p p one/p two", "0- x", "1-[x] y", "p more", "0# z", "html <!-- note -->", "code", "p q"];
        assert_eq!(shown(text), expected);
    }

    #[test]
    fn headings_of_quotations_are_none() {
        let text = "# A\n\n> ## B\n>\n> C\n> ---\n> > # D\n>\n> # E\n\n## F\n";
        assert_eq!(shown(text), ["h1 A", "p B", "p C", "p D", "p E", "h2 F"]);
    }

    #[test]
    fn headings_with_a_line_below() {
        assert_eq!(
            shown("Title\n=====\n\n1. One\n------\n\n2. Two\n------\ntext\n"),
            ["h1 Title", "h2 One", "h2 Two", "p text"]
        );
        assert_eq!(shown("1. Title\n========\n"), ["h1 Title"]);
        assert_eq!(shown("1. item\n\n-----\n"), ["0# item"]);
    }

    #[test]
    fn tables_have_cells_without_marks() {
        let text = "| A | `B` |\n|:--|--:|\n| x \\| y | **z** |\n| only |\n";
        assert_eq!(shown(text), ["t A|B / x | y|z / only"]);
        let Block::Table(table) = &Markdown::parse(text).blocks[0] else { panic!() };
        assert_eq!(&text[table.rows[0].cells[1].whole().span().range()], "z");
        assert_eq!(&text[table.rows[0].span.range()], "| x \\| y | **z** |");
    }

    #[test]
    fn front_matter_and_a_byte_order_mark_are_skipped() {
        assert_eq!(shown("---\ntitle: x\n---\n# A\n"), ["h1 A"]);
        assert_eq!(shown("\u{feff}# A\n"), ["h1 A"]);
        assert_eq!(shown("---\n\n# A\n\n---\n"), ["h1 A"]);
    }

    #[test]
    fn spans_lead_back_to_the_bytes() {
        let text = "- **Key:** a &amp; `b` [c](d)\r\n";
        let blocks = Markdown::parse(text).blocks;
        let Block::Item(item) = &blocks[0] else { panic!() };
        let whole = item.text.whole();
        assert_eq!(whole.as_str(), "Key: a & b c");
        let slice = |start, end| &text[whole.part(start, end).span().range()];
        assert_eq!(
            (slice(0, 3), slice(5, 6), slice(7, 8), slice(9, 10), slice(11, 12)),
            ("Key", "a", "&amp;", "b", "c")
        );
        assert_eq!(whole.lead(), 4);
    }
}
