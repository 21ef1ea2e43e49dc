//! What the files of a service say that are planned so far: parts of the run time, and helpers of tests, are written only
//! where something uses them.

use crate::model::Service;
use crate::output::PlannedFile;

/// Whether any file of the service has a line with all of these texts.
pub(super) fn mentions(files: &[PlannedFile], service: &Service, texts: &[&str]) -> bool {
    let own = |file: &&PlannedFile| file.service.as_ref() == Some(&service.name);
    let says = |line: &str| texts.iter().all(|text| line.contains(text));
    files.iter().filter(own).any(|file| file.content.lines().any(says))
}
