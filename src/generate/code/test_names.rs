//! Names of the files with the tests of collections.

use crate::template::Engine;

use super::service::ResourceCode;

/// What those files are rendered from, which is the name of none of them.
const TEMPLATE: &str = "resource";

/// The names of those files, in the order of the resources: the table's, with `_resource` behind it where a file that may
/// come with a service has that name. `template` is where the template of a file of a name would be.
///
/// Whether that file comes with this service makes no difference: files keep their names when a contract grows.
pub(crate) fn test_names(resources: &[ResourceCode], template: impl Fn(&str) -> String) -> Vec<String> {
    let tables: Vec<&str> = resources.iter().map(|resource| resource.table.as_str()).collect();
    apart(&tables, |name| name != TEMPLATE && Engine::source_of(&format!("{}.j2", template(name))).is_some())
}

fn apart(tables: &[&str], taken: impl Fn(&str) -> bool) -> Vec<String> {
    let mut names: Vec<String> = tables.iter().map(|table| (*table).to_owned()).collect();
    for at in 0..names.len() {
        if !taken(&names[at]) {
            continue;
        }
        let mut name = names[at].clone();
        while taken(&name) || names.contains(&name) {
            name.push_str("_resource");
        }
        names[at] = name;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_are_taken_change() {
        let tables = ["events", "books", "events_resource", "saga"];
        let names = apart(&tables, |name| ["events", "saga"].contains(&name));
        assert_eq!(names, ["events_resource_resource", "books", "events_resource", "saga_resource"]);
    }
}
