//! Who is hit, by owner: for people, as Markdown, and as one versioned JSON document.

use std::io;

use super::{Style, printable};
use crate::compat::consumers::impact::{ImpactKind, ImpactReport, ImpactTarget, ImpactedConsumer, OwnerGroup};

/// So many grounds of one consumer are shown to people.
const SHOWN: usize = 5;

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImpactFormat {
    /// For people at a terminal.
    Human,
    /// GitHub-flavoured Markdown.
    Markdown,
    /// One versioned document; its schema is [`crate::compat::consumers::impact::schema`].
    Json,
}

/// Writes a report.
///
/// # Errors
/// When `out` refuses; a closed pipe is for the caller to forgive.
pub fn write(format: ImpactFormat, report: &ImpactReport, out: &mut dyn io::Write, style: Style) -> io::Result<()> {
    match format {
        ImpactFormat::Human => human(report, out, style),
        ImpactFormat::Markdown => markdown(report, out),
        ImpactFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, report)?;
            writeln!(out)
        }
    }
}

fn human(report: &ImpactReport, out: &mut dyn io::Write, style: Style) -> io::Result<()> {
    let bold = |text: &str| if style.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() };
    writeln!(out, "{}\n{}", bold(&printable(&title(&report.target))), summary(report))?;
    for group in &report.owners {
        writeln!(out, "\n{}", bold(&printable(owner(group))))?;
        for (list, how) in [(&group.direct, ""), (&group.beyond, " (beyond)")] {
            for consumer in list {
                writeln!(out, "  {}{how}", printable(&consumer.consumer))?;
                grounds(consumer, |text, place| writeln!(out, "    {text}  {place}"))?;
            }
        }
    }
    if !report.unaffected.is_empty() {
        writeln!(out, "\n{}", bold("Not affected"))?;
    }
    for consumer in &report.unaffected {
        writeln!(out, "  {}", printable(&consumer.consumer))?;
        grounds(consumer, |text, place| writeln!(out, "    {text}  {place}"))?;
    }
    Ok(())
}

fn markdown(report: &ImpactReport, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "## Impact of {}\n\n{}", prose(&title(&report.target)), summary(report))?;
    for group in &report.owners {
        writeln!(out, "\n### {}\n", prose(owner(group)))?;
        for (list, how) in [(&group.direct, ""), (&group.beyond, " (beyond)")] {
            for consumer in list {
                writeln!(out, "- {}{how}", prose(&format!("`{}`", consumer.consumer)))?;
                grounds(consumer, |text, place| writeln!(out, "  - {} (`{place}`)", prose(text)))?;
            }
        }
    }
    if !report.unaffected.is_empty() {
        writeln!(out, "\n### Not affected\n")?;
    }
    for consumer in &report.unaffected {
        writeln!(out, "- {}", prose(&format!("`{}`", consumer.consumer)))?;
        grounds(consumer, |text, place| writeln!(out, "  - {} (`{place}`)", prose(text)))?;
    }
    Ok(())
}

fn prose(text: &str) -> String {
    super::markdown::prose(text)
}

fn grounds(consumer: &ImpactedConsumer, mut line: impl FnMut(&str, &str) -> io::Result<()>) -> io::Result<()> {
    for ground in consumer.grounds.iter().take(SHOWN) {
        line(&printable(&ground.text), &printable(&format!("{}:{}", ground.file, ground.line)))?;
    }
    match consumer.grounds.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => line(&format!("and {more} more"), &consumer.grounds[SHOWN].file),
    }
}

fn owner(group: &OwnerGroup) -> &str {
    group.owner.as_deref().unwrap_or("No owner declared")
}

fn title(target: &ImpactTarget) -> String {
    let service = target.service.as_deref().map(|service| format!(" of {service}")).unwrap_or_default();
    let named = target.operation.as_ref().filter(|id| **id != target.name);
    let named = named.map(|id| format!(" ({id})")).unwrap_or_default();
    let fields = if target.fields.is_empty() { String::new() } else { format!(": {}", target.fields.join(", ")) };
    match target.kind {
        ImpactKind::Service => format!("`{}`", target.name),
        ImpactKind::Operation | ImpactKind::Event => format!("`{}`{named}{service}{fields}", target.name),
    }
}

fn summary(report: &ImpactReport) -> String {
    let (direct, beyond) = report.counts();
    let consumers = |count: usize| if count == 1 { "1 consumer".to_owned() } else { format!("{count} consumers") };
    match (direct, beyond) {
        (0, _) => "Nobody declares that it uses this".to_owned(),
        (direct, 0) => format!("{} directly", consumers(direct)),
        (direct, beyond) => format!("{} directly, {beyond} beyond", consumers(direct)),
    }
}
