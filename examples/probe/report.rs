//! What schemathesis says of one service, language and seed.

use std::collections::BTreeMap;
use std::fmt;

/// Operations by what became of them.
pub struct Report {
    service: String,
    language: String,
    seed: u64,
    /// `METHOD path` of those that passed.
    pub passed: Vec<String>,
    /// The others, each with the names of the checks that failed.
    pub failures: BTreeMap<String, String>,
    /// Those that answer 501 until a person writes them.
    pub excluded: Vec<String>,
}

impl Report {
    /// Nothing is known yet.
    pub fn new(service: &str, language: &str, seed: u64, excluded: Vec<String>) -> Report {
        let (service, language) = (service.to_owned(), language.to_owned());
        Report { service, language, seed, passed: Vec::new(), failures: BTreeMap::new(), excluded }
    }

    /// Adds a report in JUnit's format, in which a test case is an operation, or all sequences of operations.
    pub fn add(&mut self, junit: &str) {
        for case in junit.split("<testcase ").skip(1) {
            let name = attribute(case, "name").unwrap_or_default();
            let failed = case.split_once("<failure").or_else(|| case.split_once("<error"));
            match failed {
                Some((_, rest)) => {
                    let checks = attribute(rest, "message").unwrap_or_default();
                    self.failures.insert(name, checks);
                }
                None if name.contains(" /") => self.passed.push(name),
                None => {}
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { service, language, seed, passed, failures, excluded } = self;
        write!(to, "{service}  {language}  seed {seed}: {} passed, {} failed", passed.len(), failures.len())?;
        if !excluded.is_empty() {
            write!(to, ", {} excluded (501: {})", excluded.len(), excluded.join(", "))?;
        }
        for (name, checks) in failures {
            write!(to, "\n    {name}: {checks}")?;
        }
        Ok(())
    }
}

/// The value of an attribute of an element.
fn attribute(element: &str, name: &str) -> Option<String> {
    let tag = &element[..element.find('>').unwrap_or(element.len())];
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#10;", " "), ("&amp;", "&")];
    Some(plain.iter().fold(value.to_owned(), |text, (from, to)| text.replace(from, to)))
}
