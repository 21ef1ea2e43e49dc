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

    /// How many operations it is about.
    pub fn operations(&self) -> usize {
        let failed = self.failures.keys().chain(self.forced.keys()).filter(|name| name.contains(" /"));
        self.passed.len() + failed.count() + self.excluded.len()
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
    for failure in case.split(". Test Case ID: ").skip(1) {
        // Each check is a line with its name, and one with the status behind it; the last of the requests failed.
        let lines = || failure.lines().map(str::trim);
        let mut checks = lines().filter_map(|line| line.strip_prefix("- "));
        if !checks.next()?.starts_with(UNDECLARED) || checks.any(|check| check.starts_with("ST")) {
            return None;
        }
        let status = lines().find_map(|line| line.strip_prefix("Received: "))?;
        let called = match name.contains(" /") {
            true => name.to_owned(),
            false => forced.called(lines().rfind(|line| line.starts_with("curl "))?)?,
        };
        let rule = forced.rule(&called, status.parse().ok()?)?;
        found.insert(if called == name {
            format!("{status} ({rule})")
        } else {
            format!("{called}: {status} ({rule})")
        });
    }
    (!found.is_empty()).then(|| found.into_iter().collect::<Vec<_>>().join(", "))
}

/// The value of an attribute of an element.
fn attribute(element: &str, name: &str) -> Option<String> {
    let tag = &element[..element.find('>').unwrap_or(element.len())];
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#10;", " "), ("&amp;", "&")];
    Some(plain.iter().fold(value.to_owned(), |text, (from, to)| text.replace(from, to)))
}
