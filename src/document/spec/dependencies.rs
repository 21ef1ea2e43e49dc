//! Service Dependencies: whom the service calls, and who is said to call it.

use super::details;
use super::sections::{Entry, Role, Section, each_entry};
use super::tables::{API, Columns, FAILURE_MODE, FIELDS, KIND, PURPOSE, RETRIES, SERVICE, TIMEOUT, WHAT_THEY_USE};
use super::types::{DownstreamRow, SectionKind, Spec, UpstreamDetails, UpstreamRow};
use super::uses;
use crate::document::Located;
use crate::document::markdown::Table;
use crate::document::text::Slice;
use crate::document::words::{is_none, is_struck_out, label, listed, name, plain, says_none, strip_word};
use crate::source::{FileId, Route};

/// Which of the two lists a row belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Upstream,
    Downstream,
}

/// Reads "Service Dependencies", "Upstream Services" or "Downstream Services".
pub(super) fn read(spec: &mut Spec, section: &Section<'_>) {
    let own = match section.kind {
        Some(SectionKind::Upstream) => Some(Side::Upstream),
        Some(SectionKind::Downstream) => Some(Side::Downstream),
        _ => None,
    };
    let mut side = own;
    let mut last: Option<Side> = None;
    let mut foreign = false;
    for entry in each_entry(&section.blocks) {
        match entry {
            Entry::Heading(heading) => {
                side = side_of(heading.as_str()).or(own);
                foreign = side_of(heading.as_str()).is_none() && is_foreign(heading.as_str());
            }
            _ if foreign => {}
            Entry::Table(table) => {
                let found = side_of_table(table).or(side).unwrap_or(Side::Upstream);
                note_section(spec, found, own, table.header.first().map(|cell| cell.whole()));
                read_table(spec, table, found);
                last = None;
            }
            Entry::Line(line, role) => {
                if let Some((head, rest)) = label(line).filter(|(head, _)| side_of(head.as_str()).is_some()) {
                    side = side_of(head.as_str());
                    note_section(spec, side.unwrap_or(Side::Upstream), own, Some(head));
                    let names = if says_none(rest.as_str()) { Vec::new() } else { listed(rest) };
                    names.into_iter().for_each(|part| add_bullet(spec, side.unwrap_or(Side::Upstream), part));
                    last = None;
                } else if let (Role::Item(item), Some(found)) = (role, side.or(default_side(section))) {
                    let deeper = item.level > 0 && last.is_some();
                    if !(deeper && read_detail(spec, last, item.text.whole())) {
                        let before = spec.upstream.len() + spec.downstream.len();
                        add_bullet(spec, found, item.text.whole());
                        last = (spec.upstream.len() + spec.downstream.len() > before).then_some(found);
                    }
                }
            }
        }
    }
}

/// Bullets below "Service Dependencies" itself are calls.
fn default_side(section: &Section<'_>) -> Option<Side> {
    (section.kind == Some(SectionKind::Dependencies)).then_some(Side::Upstream)
}

fn side_of(words: &str) -> Option<Side> {
    let words = plain(words);
    let starts = |known: &[&str]| known.iter().any(|known| words.starts_with(known));
    if starts(&["upstream", "depends on", "calls"]) {
        return Some(Side::Upstream);
    }
    starts(&["downstream", "used by", "called by", "consumers"]).then_some(Side::Downstream)
}

/// Whether a heading starts what is no service of the platform.
fn is_foreign(words: &str) -> bool {
    const FOREIGN: [&str; 9] = [
        "external",
        "infrastructure",
        "third",
        "libraries",
        "library",
        "technical",
        "database",
        "databases",
        "packages",
    ];
    plain(words).split(' ').any(|word| FOREIGN.contains(&word))
}

/// Whether a name, or what stands behind it, begins with a remark that says so: `Stripe (external)`, `(external API): payments`.
fn is_external(cell: Slice<'_>) -> bool {
    let remark = cell.as_str().split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    remark.is_some_and(|(remark, _)| says_external(remark))
}

/// Whether a remark or cell says that something is no service of the platform: `external`, `External API`, `third party`.
fn says_external(text: &str) -> bool {
    const WHAT: [&str; 10] =
        ["", "service", "api", "rest api", "http api", "system", "provider", "saas", "product", "dependency"];
    let words = plain(text);
    let who = ["external", "third party", "3rd party", "outside"].iter().find_map(|who| words.strip_prefix(who));
    words == "saas" || who.is_some_and(|rest| WHAT.contains(&rest.trim_start()))
}

fn side_of_table(table: &Table) -> Option<Side> {
    let head: Vec<String> = table.header.iter().map(|cell| plain(cell.as_str())).collect();
    let has = |word: &str| head.iter().any(|cell| cell.contains(word));
    if has("upstream") || has("failure") || has("fallback") {
        return Some(Side::Upstream);
    }
    (has("downstream") || has("they use") || has("consumer") || has("caller")).then_some(Side::Downstream)
}

/// A table or label below "Service Dependencies" stands for the section that has no heading.
fn note_section(spec: &mut Spec, side: Side, own: Option<Side>, place: Option<Slice<'_>>) {
    let kind = if side == Side::Upstream { SectionKind::Upstream } else { SectionKind::Downstream };
    let known = spec.sections.iter().any(|(known, _)| *known == kind);
    if let Some(place) = place.filter(|_| own != Some(side) && !known) {
        spec.sections.push((kind, Route::span(spec.file, place.span())));
    }
}

fn read_table(spec: &mut Spec, table: &Table, side: Side) {
    let columns = Columns { table, file: spec.file };
    let service = columns.find(SERVICE).or(Some(0));
    let api = columns.find_other(API, &[service]);
    let purpose = columns.find_other(PURPOSE, &[service, api]);
    let failure_mode = columns.find(FAILURE_MODE);
    let (timeout, retries) = (columns.find(TIMEOUT), columns.find(RETRIES));
    let fields = columns.find_other(FIELDS, &[service]);
    let used = columns.find_other(WHAT_THEY_USE, &[service]);
    if side == Side::Upstream {
        spec.upstream.reserve(table.rows.len());
    }
    let kind = columns.find_other(KIND, &[service]);
    for row in &table.rows {
        let is_one = |cell: &Slice<'_>| !says_none(cell.as_str()) && !is_struck_out(cell.as_str());
        let Some(cell) = columns.slice(row, service).filter(is_one) else { continue };
        let marks = [columns.slice(row, kind), columns.slice(row, api)];
        if is_external(cell) || marks.iter().flatten().any(|cell| says_external(cell.as_str())) {
            continue;
        }
        let service = name(cell).located(spec.file);
        let route = Route::span(spec.file, row.span);
        if side == Side::Downstream {
            spec.downstream.push(DownstreamRow { service, uses: columns.value(row, used), route });
            continue;
        }
        let operations = columns.slice(row, api).map(|cell| operations(cell, spec.file)).unwrap_or_default();
        let sentence = columns.slice(row, purpose).filter(|_| operations.is_empty());
        let details = UpstreamDetails {
            operations,
            mentioned: sentence.map(|cell| details::mentioned(cell, spec.file)).unwrap_or_default(),
            failure_mode: columns.value(row, failure_mode).map(Box::new),
            timeout: columns.value(row, timeout).map(Box::new),
            retries: columns.value(row, retries).map(Box::new),
            uses: columns.slice(row, fields).map(|cell| uses::read(cell, spec.file)).unwrap_or_default(),
        };
        let purpose = columns.value(row, purpose).map(Box::new);
        spec.upstream.push(UpstreamRow { service, purpose, route, details: details.kept() });
    }
}

/// The name at the start of a bullet, and what is said of it: `auth-service: token validation (failure: return 401)`,
/// `auth-service - token validation; timeout 500ms`, `auth-service`.
fn named(line: Slice<'_>) -> (Slice<'_>, Slice<'_>) {
    // A colon further on belongs to a detail.
    let is_name = |key: &Slice<'_>| {
        let key = key.as_str();
        let sentence = [" - ", " – ", " — ", ", ", ";", ". "].iter().any(|mark| key.contains(mark));
        !sentence && key.matches('(').count() == key.matches(')').count()
    };
    if let Some(parts) = label(line).filter(|(key, _)| is_name(key)) {
        return parts;
    }
    let text = line.as_str();
    let end = [";", ". ", "\n"].iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len());
    let service = name(if line.lead() > end { line } else { line.part(0, end) });
    let rest = service.rest_of(line);
    let parts = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ',' | ':' | ';' | '.');
    let start = rest.as_str().len() - rest.as_str().trim_start_matches(parts).len();
    (service, rest.from(start).trim())
}

fn add_bullet(spec: &mut Spec, side: Side, line: Slice<'_>) {
    let (service, rest) = named(line);
    if is_struck_out(line.as_str()) {
        return;
    }
    if is_external(service) || (rest.as_str().starts_with('(') && is_external(rest)) {
        return;
    }
    let service = name(service);
    let words: Vec<&str> = service.as_str().split_whitespace().collect();
    let titled = words.len() < 5
        && words.last().is_some_and(|word| ["service", "api", "gateway"].contains(&plain(word).as_str()));
    if says_none(service.as_str()) || (words.len() > 1 && !titled) {
        return;
    }
    let (service, route) = (service.located(spec.file), Route::span(spec.file, line.span()));
    if side == Side::Downstream {
        let uses = (!rest.is_empty()).then(|| rest.located(spec.file));
        spec.downstream.push(DownstreamRow { service, uses, route });
        return;
    }
    let (purpose, found) = details::cut(rest);
    let said = (!is_none(purpose.as_str())).then(|| Box::new(purpose.located(spec.file)));
    let mut row = UpstreamRow { service, purpose: said, route, details: None };
    let mut details = UpstreamDetails::default();
    found.into_iter().for_each(|(key, value)| set_detail(&mut row, &mut details, key, value, spec.file));
    if details.operations.is_empty() {
        details.mentioned = details::mentioned(purpose, spec.file);
    }
    spec.upstream.push(UpstreamRow { details: details.kept(), ..row });
}

/// A nested bullet `Failure mode: …` below a service's bullet; nothing stands in it but details.
fn read_detail(spec: &mut Spec, last: Option<Side>, line: Slice<'_>) -> bool {
    let file = spec.file;
    let (Some(Side::Upstream), Some(row)) = (last, spec.upstream.last_mut()) else { return false };
    let (before, found) = details::cut(line);
    let is_detail = before.is_empty() && !found.is_empty();
    if !is_detail {
        return false;
    }
    let mut details = row.details.take().map(|details| *details).unwrap_or_default();
    found.into_iter().for_each(|(key, value)| set_detail(row, &mut details, key, value, file));
    if !details.operations.is_empty() {
        details.mentioned.clear();
    }
    row.details = details.kept();
    true
}

fn set_detail(row: &mut UpstreamRow, details: &mut UpstreamDetails, key: Slice<'_>, value: Slice<'_>, file: FileId) {
    let key = plain(key.as_str());
    let is = |wordings: &[&str]| wordings.contains(&key.as_str());
    let said = Some(value).filter(|value| !is_none(value.as_str()));
    let found = said.map(|value| Box::new(value.located(file)));
    if is(FAILURE_MODE) {
        details.failure_mode = found;
    } else if is(TIMEOUT) {
        details.timeout = found;
    } else if is(RETRIES) {
        details.retries = found;
    } else if is(API) {
        details.operations = said.map(|value| operations(value, file)).unwrap_or_default();
    } else if is(FIELDS) {
        details.uses = said.map(|value| uses::read(value, file)).unwrap_or_default();
    } else if is(PURPOSE) {
        row.purpose = found;
    }
}

/// The operations in a cell: `METHOD /path`, `/path`, or an operation's id; prose and event names are none.
pub(super) fn operations(cell: Slice<'_>, file: FileId) -> Vec<Located<String>> {
    listed(cell).into_iter().filter_map(operation).map(|part| part.located(file)).collect()
}

fn operation(part: Slice<'_>) -> Option<Slice<'_>> {
    let text = part.as_str();
    let word_end = |from: usize| text[from..].find([' ', '\n', ')', '`']).map_or(text.len(), |length| from + length);
    if let Some(slash) = text.find('/').filter(|at| *at == 0 || text[..*at].ends_with([' ', '(', '`'])) {
        let before = text[..slash].trim_end();
        let method = before.rsplit([' ', '(', '`']).next().unwrap_or_default();
        let start = if is_method(method) { before.len() - method.len() } else { slash };
        return Some(part.part(start, word_end(slash)));
    }
    let id = strip_word(part, "operation");
    let plain_id = id.as_str().chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    (plain_id && !id.is_empty()).then_some(id)
}

fn is_method(word: &str) -> bool {
    const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    METHODS.iter().any(|method| method.eq_ignore_ascii_case(word))
}
