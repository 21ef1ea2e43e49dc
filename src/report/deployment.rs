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
    let told = if answer.service.is_some() { &answer.obstacles } else { &answer.order.stuck };
    told.iter().try_for_each(|obstacle| line(obstacle, out))?;
    if !answer.doubts.is_empty() {
        writeln!(out, "\n{} Look at these before", mark(AccountState::Warns))?;
        answer.doubts.iter().try_for_each(|obstacle| line(obstacle, out))?;
    }
    if answer.order.steps.is_empty() {
        return writeln!(out, "\nNo service differs from {}", printable(&answer.to));
    }
    writeln!(out, "\nOrder of release")?;
    for (at, step) in answer.order.steps.iter().enumerate() {
        for one in &step.services {
            let after = if one.after.is_empty() { String::new() } else { format!(", after {}", one.after.join(", ")) };
            writeln!(out, "{:>3}. {}{}", at + 1, printable(&one.service), printable(&after))?;
            one.because.iter().try_for_each(|why| writeln!(out, "       {}", printable(why)))?;
        }
    }
    for cycle in &answer.order.cycles {
        writeln!(out, "\n{} {} wait for each other. Break it up:", mark(AccountState::Fails), list(&cycle.services))?;
        writeln!(out, "   expand:   {} offer the new form beside the old one", list(&cycle.expand))?;
        writeln!(out, "   migrate:  {} use the new form", list(&cycle.migrate))?;
        if !cycle.contract.is_empty() {
            writeln!(out, "   contract: {} take the old form away", list(&cycle.contract))?;
        }
    }
    if answer.service.is_some() && !answer.order.stuck.is_empty() {
        writeln!(out, "\n{} No order mends these: the other service must change first", mark(AccountState::Fails))?;
        answer.order.stuck.iter().try_for_each(|obstacle| line(obstacle, out))?;
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
