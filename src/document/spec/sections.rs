//! The canonical sections of a spec and the wordings under which people write them.

use super::types::SectionKind;
use crate::document::markdown::{Block, Heading, Item, Markdown, Table};
use crate::document::text::{Slice, Text};
use crate::document::words::{bare_heading, is_bold_line, plain, without_remark};

/// Each canonical section with its accepted wordings, in plain words.
const WORDINGS: &[(SectionKind, &[&str])] = &[
    (
        SectionKind::Overview,
        &["service overview", "overview", "summary", "about", "about this service", "introduction"],
    ),
    (SectionKind::Name, &["service name", "name", "name of the service"]),
    (SectionKind::Type, &["service type", "type", "type of service", "kind"]),
    (
        SectionKind::Boundary,
        &[
            "service boundary",
            "service boundaries",
            "boundary",
            "boundaries",
            "scope",
            "responsibilities",
            "responsibility",
        ],
    ),
    (
        SectionKind::Scenarios,
        &[
            "user scenarios",
            "user scenarios and testing",
            "scenarios",
            "user stories",
            "user stories and scenarios",
            "use cases",
            "stories",
            "user journeys",
        ],
    ),
    (
        SectionKind::Dependencies,
        &["service dependencies", "dependencies", "dependency", "integrations", "integration points"],
    ),
    (
        SectionKind::Upstream,
        &[
            "upstream",
            "upstreams",
            "upstream services",
            "upstream service",
            "upstream dependencies",
            "depends on",
            "calls",
            "services called",
            "dependencies upstream",
            "synchronous dependencies",
        ],
    ),
    (
        SectionKind::Downstream,
        &[
            "downstream",
            "downstreams",
            "downstream services",
            "downstream service",
            "downstream dependencies",
            "dependents",
            "dependencies downstream",
            "downstream consumers",
            "used by",
            "called by",
        ],
    ),
    (
        SectionKind::EventsPublished,
        &[
            "events published",
            "published events",
            "publishes",
            "event publications",
            "produced events",
            "events produced",
            "outgoing events",
            "events emitted",
            "emitted events",
            "events out",
        ],
    ),
    (
        SectionKind::EventsConsumed,
        &[
            "events consumed",
            "consumed events",
            "consumes",
            "event subscriptions",
            "subscribed events",
            "events subscribed",
            "incoming events",
            "subscribes to",
            "events handled",
            "events in",
        ],
    ),
    (
        SectionKind::DataOwnership,
        &[
            "data ownership",
            "data",
            "data model",
            "owned data",
            "data owned",
            "entities",
            "key entities",
            "persistence",
        ],
    ),
    (
        SectionKind::Qualities,
        &[
            "non functional requirements",
            "nonfunctional requirements",
            "nfr",
            "nfrs",
            "quality attributes",
            "qualities",
            "service levels",
            "slo",
            "slos",
            "non functional",
        ],
    ),
    (
        SectionKind::Caching,
        &[
            "caching",
            "cache",
            "caches",
            "cached answers",
            "cached operations",
            "answer caching",
            "response caching",
            "http caching",
        ],
    ),
    (SectionKind::Sagas, &["sagas", "saga", "distributed transactions", "workflows", "saga participation"]),
    (
        SectionKind::Deployment,
        &[
            "deployment and infrastructure",
            "deployment",
            "infrastructure",
            "infrastructure and deployment",
            "deployment infrastructure",
            "deployment configuration",
        ],
    ),
    (SectionKind::Testing, &["testing strategy", "testing", "tests", "test strategy", "test plan"]),
    (SectionKind::Runbook, &["operational runbook", "runbook", "operations", "runbooks", "operational guide"]),
    (
        SectionKind::OpenQuestions,
        &["open questions", "questions", "open issues", "unresolved questions", "open points"],
    ),
    (
        SectionKind::Acceptance,
        &["acceptance criteria", "acceptance", "success criteria", "definition of done", "acceptance tests"],
    ),
];

/// The section that a heading's words name.
pub(crate) fn section_of(heading: Slice<'_>) -> Option<SectionKind> {
    let heading = bare_heading(heading);
    let find =
        |words: String| WORDINGS.iter().find(|(_, known)| known.contains(&words.as_str())).map(|(kind, _)| *kind);
    find(plain(heading.as_str())).or_else(|| find(plain(without_remark(heading).as_str())))
}

/// A section: its heading and what stands in it, headings of its own included, other sections left out.
#[derive(Debug)]
pub(crate) struct Section<'m> {
    /// What it is; nothing for what stands before or between canonical sections.
    pub kind: Option<SectionKind>,
    /// Its heading.
    pub heading: Option<Slice<'m>>,
    /// Its blocks.
    pub blocks: Vec<&'m Block>,
}

/// Cuts a document into its sections: first what stands before any section, under the title. A section goes on where one
/// inside of it ends; a heading that names none and stands in none starts a section of no kind.
pub(crate) fn sections(markdown: &Markdown) -> Vec<Section<'_>> {
    let mut sections = vec![Section { kind: None, heading: None, blocks: Vec::new() }];
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut titled = false;
    for block in &markdown.blocks {
        if let Some((level, text)) = heading_of(block) {
            open.retain(|(outer, _)| *outer < level);
            if let Some(kind) = section_of(text.whole()) {
                open.push((level, sections.len()));
                sections.push(Section { kind: Some(kind), heading: Some(text.whole()), blocks: Vec::new() });
                continue;
            }
            let title = sections.len() == 1 && !titled;
            titled = true;
            if open.is_empty() && !title {
                open.push((level, sections.len()));
                sections.push(Section { kind: None, heading: Some(text.whole()), blocks: Vec::new() });
                continue;
            }
        }
        let at = open.last().map_or(0, |(_, section)| *section);
        sections[at].blocks.push(block);
    }
    sections
}

/// The level and text of a heading, or of a bold line that names a section in two words or more.
fn heading_of(block: &Block) -> Option<(u8, &Text)> {
    match block {
        Block::Heading(Heading { level, text, .. }) => Some((*level, text)),
        Block::Paragraph(text) if is_bold_line(text.whole()) && !text.as_str().contains('\n') => {
            let words = plain(text.as_str());
            let certain = words.contains(' ') || words == "upstream" || words == "downstream";
            (certain && section_of(text.whole()).is_some()).then_some((7, text))
        }
        _ => None,
    }
}

/// What a line is part of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role<'m> {
    /// The first line of a list item.
    Item(&'m Item),
    /// A further line of one.
    ItemMore,
    /// A line of a paragraph.
    Paragraph,
}

impl Role<'_> {
    /// The nesting of an item's first line.
    pub fn level(self) -> Option<u8> {
        match self {
            Role::Item(item) => Some(item.level),
            Role::ItemMore | Role::Paragraph => None,
        }
    }
}

/// What the readers of sections go over.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry<'m> {
    /// A heading inside of the section.
    Heading(Slice<'m>),
    /// A line of prose.
    Line(Slice<'m>, Role<'m>),
    /// A table.
    Table(&'m Table),
}

/// The lines, tables and inner headings of blocks, in order.
pub(crate) fn entries<'m>(blocks: &[&'m Block]) -> Vec<Entry<'m>> {
    each_entry(blocks).collect()
}

/// The same for readers that go over them once.
pub(crate) fn each_entry<'m>(blocks: &[&'m Block]) -> impl Iterator<Item = Entry<'m>> {
    blocks.iter().flat_map(|block| {
        let (whole, text, item): (_, _, Option<&'m Item>) = match *block {
            Block::Heading(heading) => (Some(Entry::Heading(heading.text.whole())), None, None),
            Block::Table(table) => (Some(Entry::Table(table)), None, None),
            Block::Paragraph(text) => (None, Some(text), None),
            Block::Item(item) => (None, Some(&item.text), Some(item)),
            Block::Code(_) | Block::Html(_) => (None, None, None),
        };
        let role = move |index| match item {
            Some(item) if index == 0 => Role::Item(item),
            Some(_) => Role::ItemMore,
            None => Role::Paragraph,
        };
        let lines = text.into_iter().flat_map(Text::lines).enumerate();
        whole.into_iter().chain(lines.map(move |(index, line)| Entry::Line(line, role(index))))
    })
}

/// The sentences of a section: each list item with its further lines, and each line of a paragraph. `None` alone is none.
pub(crate) fn sentences<'m>(entries: &[Entry<'m>]) -> Vec<Slice<'m>> {
    let mut sentences: Vec<Slice<'m>> = Vec::new();
    for entry in entries {
        match *entry {
            Entry::Line(line, Role::ItemMore) if !sentences.is_empty() => {
                if let Some(last) = sentences.last_mut() {
                    *last = last.up_to(line);
                }
            }
            Entry::Line(line, _) => sentences.push(line),
            Entry::Heading(_) | Entry::Table(_) => {}
        }
    }
    sentences
}
