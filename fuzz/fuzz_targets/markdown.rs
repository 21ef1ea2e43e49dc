//! Any text is Markdown: its blocks have spans within the text, and every document of prose can be read from it.
#![no_main]

use agentspec::document::markdown::{Block, Markdown};
use agentspec::document::read;
use agentspec::source::{MemoryStore, Span, load};
use libfuzzer_sys::fuzz_target;

const PATHS: [&str; 4] = [
    "constitution.md",
    "services/a/specs/001-a/spec.md",
    "services/a/specs/001-a/plan.md",
    "services/a/specs/001-a/tasks.md",
];

fuzz_target!(|text: &str| {
    for block in Markdown::parse(text).blocks {
        let check = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?}");
        match block {
            Block::Heading(heading) => check(heading.span),
            Block::Item(item) => check(item.span),
            Block::Table(table) => table.rows.iter().for_each(|row| check(row.span)),
            Block::Code(span) | Block::Html(span) => check(span),
            Block::Paragraph(text) => text.lines().for_each(|line| check(line.span())),
        }
    }
    let store = MemoryStore::new(PATHS.map(|path| (path, text)));
    if let Ok(sources) = load(&store, &|_| true) {
        let _ = read::read(&sources, &PATHS.map(str::to_owned));
    }
});
