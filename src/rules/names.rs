//! Names of services as people write them.

use super::Context;

/// Every service that has a folder, sorted.
pub(crate) fn services<'a>(context: Context<'a>) -> impl Iterator<Item = &'a str> + Clone {
    context.documents.services.iter().map(|service| service.name.as_str())
}

/// The folder name of the service that a text means: its folder's name, the name in its spec, or either in other
/// words ("Auth Service"), as the model resolves them too.
pub(crate) fn folder_of<'a>(context: Context<'a>, text: &str) -> Option<&'a str> {
    let name = service_in(text).unwrap_or_else(|| bare(text));
    context.documents.service_named(name)
}

/// Whether a text means a service that has a folder.
pub(crate) fn is_service(context: Context<'_>, text: &str) -> bool {
    folder_of(context, text).is_some()
}

/// The service that a cell, bullet or list item names: without backticks, emphasis, link brackets and what follows in
/// round brackets. Nothing for words such as "None" or "All services" and for text of several words.
pub(crate) fn service_in(text: &str) -> Option<&str> {
    let text = text.split('(').next().unwrap_or(text);
    let name = text.trim_matches(|c: char| c.is_whitespace() || "`*_[]\"'.,".contains(c));
    let none = ["none", "n/a", "na", "-", "–", "—", "all", "any", "tbd", "external", "events only", "nobody"];
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    (!name.is_empty() && plain && !none.contains(&name.to_lowercase().as_str())).then_some(name)
}

/// The text without backticks and blanks around it.
pub(crate) fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '`' || c == '"')
}

/// The help for a name that no service has. `before` is the number of findings that the rule has already.
pub(crate) fn unknown_service_help(context: Context<'_>, before: usize, name: &str) -> String {
    super::closest::did_you_mean(before, name, services(context), || {
        format!("Add `services/{name}/` with a spec, or correct the name")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_service_out_of_what_people_write() {
        assert_eq!(service_in("`auth-service`"), Some("auth-service"));
        assert_eq!(service_in("**auth-service** (login)"), Some("auth-service"));
        assert_eq!(service_in("None"), None);
        assert_eq!(service_in("all of the services"), None);
        assert_eq!(service_in("—"), None);
    }
}
