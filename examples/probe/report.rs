//! What schemathesis says of one service, language and seed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::forced::Forced;

/// What schemathesis calls a status that an operation does not declare.
const UNDECLARED: &str = "ST103";

/// Operations by what became of them.
pub struct Report {
    service: String,
    language: String,
    seed: u64,
    /// `METHOD path` of those that passed.
    pub passed: Vec<String>,
    /// Those that failed, each with the names of the checks.
    pub failures: BTreeMap<String, String>,
    /// Those that failed by nothing but responses that the contract forces and does not declare, each with these and the
    /// rule that says so.
    pub forced: BTreeMap<String, String>,
    /// Those that answer 501 until a person writes them.
    pub excluded: Vec<String>,
}

impl Report {
    /// Nothing is known yet.
    pub fn new(service: &str, language: &str, seed: u64, excluded: Vec<String>) -> Report {
        let (service, language) = (service.to_owned(), language.to_owned());
        let (failures, forced) = (BTreeMap::new(), BTreeMap::new());
        Report { service, language, seed, passed: Vec::new(), failures, forced, excluded }
    }

    /// Adds a report in JUnit's format, in which a test case is an operation, or all sequences of operations.
    pub fn add(&mut self, junit: &str, forced: &Forced<'_>) {
        for case in junit.split("<testcase ").skip(1) {
            let name = attribute(case, "name").unwrap_or_default();
            let failed = case.split_once("<failure").or_else(|| case.split_once("<error"));
            match failed {
                Some((_, rest)) => match excuse(case, &name, forced) {
                    Some(excuse) => drop(self.forced.insert(name, excuse)),
                    None => drop(self.failures.insert(name, attribute(rest, "message").unwrap_or_default())),
                },
                None if name.contains(" /") => self.passed.push(name),
                None => {}
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { service, language, seed, passed, failures, forced, excluded } = self;
        write!(to, "{service}  {language}  seed {seed}: {} passed, {} failed", passed.len(), failures.len())?;
        if !forced.is_empty() {
            write!(to, ", {} forced by the contract", forced.len())?;
        }
        if !excluded.is_empty() {
            write!(to, ", {} excluded (501: {})", excluded.len(), excluded.join(", "))?;
        }
        for (name, checks) in failures {
            write!(to, "\n    {name}: {checks}")?;
        }
        for (name, excuse) in forced {
            write!(to, "\n    forced: {name}: {excuse}")?;
        }
        Ok(())
    }
}

/// The statuses that an operation failed by and the rules that ask for them; nothing where anything else failed, too.
fn excuse(case: &str, name: &str, forced: &Forced<'_>) -> Option<String> {
    if case.contains("<error") {
        return None;
    }
    let mut found = BTreeSet::new();
    // Each failure is a line with its name, and then one with the status.
    let mut failed = false;
    for line in case.lines().map(str::trim) {
        if let Some(check) = line.strip_prefix("- ST") {
            if failed || !format!("ST{check}").starts_with(UNDECLARED) {
                return None;
            }
            failed = true;
        } else if let Some(status) = line.strip_prefix("Received: ").filter(|_| failed) {
            failed = false;
            found.insert(format!("{status} ({})", forced.rule(name, status.parse().ok()?)?));
        }
    }
    (!failed && !found.is_empty()).then(|| found.into_iter().collect::<Vec<_>>().join(", "))
}

/// The value of an attribute of an element.
fn attribute(element: &str, name: &str) -> Option<String> {
    let tag = &element[..element.find('>').unwrap_or(element.len())];
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#10;", " "), ("&amp;", "&")];
    Some(plain.iter().fold(value.to_owned(), |text, (from, to)| text.replace(from, to)))
}
