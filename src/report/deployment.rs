//! Whether a service can be released, and the order of all that changed, for people.

use std::io::{self, Write};

use super::{Style, mark, printable};
use crate::check::Deployment;
use crate::compat::Obstacle;
use crate::diagnostic::AccountState;

/// Writes the answer.
///
/// # Errors
/// When `out` refuses.
pub fn write_deployment(answer: &Deployment, out: &mut dyn Write, style: Style) -> io::Result<()> {
    let mark = |state| mark(state, style.unicode);
    let can = if answer.deployable { "can" } else { "cannot" };
    let state = if answer.deployable { AccountState::Holds } else { AccountState::Fails };
    let what = answer.service.as_deref().unwrap_or("what changed");
    let how = if answer.service.is_some() { "" } else { " one after the other" };
    writeln!(out, "{} {} {can} be released to {}{how}", mark(state), printable(what), printable(&answer.to))?;
    for path in &answer.unreadable {
        writeln!(out, "   {} cannot be read, so nothing is known of it: mend it first", printable(path))?;
    }
    if answer.service.is_some() {
        answer.obstacles.iter().try_for_each(|obstacle| line(obstacle, out))?;
    }
    if !answer.doubts.is_empty() {
        writeln!(out, "\n{} Look at these before", mark(AccountState::Warns))?;
        answer.doubts.iter().try_for_each(|obstacle| line(obstacle, out))?;
    }
    if answer.order.steps.is_empty() {
        return writeln!(out, "\nNo service differs from {}", printable(&answer.to));
    }
    order(answer, out)?;
    for cycle in &answer.order.cycles {
        writeln!(out, "\n{} {} wait for each other. Break it up:", mark(AccountState::Fails), list(&cycle.services))?;
        writeln!(out, "   expand:   release {} with the new form beside the old one", list(&cycle.expand))?;
        writeln!(out, "   migrate:  release {} with the use of the new form", list(&cycle.migrate))?;
        if !cycle.contract.is_empty() {
            writeln!(out, "   contract: release {} without the old form", list(&cycle.contract))?;
        }
    }
    if !answer.order.stuck.is_empty() {
        writeln!(out, "\n{} No order mends these: the other service must change first", mark(AccountState::Fails))?;
        answer.order.stuck.iter().try_for_each(|obstacle| line(obstacle, out))?;
    }
    Ok(())
}

fn order(answer: &Deployment, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nOrder of release")?;
    for (at, step) in answer.order.steps.iter().enumerate() {
        for one in &step.services {
            let waits = answer.order.cycles.iter().any(|cycle| cycle.services.contains(&one.service));
            let how = match (waits, one.is_stuck) {
                (_, true) => " (not as it is, see below)".to_owned(),
                (true, false) => " (in phases, see below)".to_owned(),
                (false, false) if one.after.is_empty() => String::new(),
                (false, false) => format!(", after {}", list(&one.after)),
            };
            writeln!(out, "{:>3}. {}{how}", at + 1, printable(&one.service))?;
            one.because.iter().try_for_each(|why| writeln!(out, "       {}", printable(why)))?;
        }
    }
    Ok(())
}

fn line(obstacle: &Obstacle, out: &mut dyn Write) -> io::Result<()> {
    let rule = obstacle.rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
    let place = obstacle.origin.as_ref().map(|origin| format!(" ({}:{})", origin.file, origin.line));
    let text = format!("{}: {}{rule}{}", obstacle.service, obstacle.text, place.unwrap_or_default());
    writeln!(out, "   {}", printable(&text))
}

fn list(names: &[String]) -> String {
    printable(&names.join(", "))
}
