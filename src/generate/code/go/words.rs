//! Names of Go: initialisms, exported and unexported names, files.

use crate::generate::code::names::Case;
use crate::model::Language;
use crate::template::names::identifier;

/// Words that Go writes in capitals (Go Code Review Comments, "Initialisms").
const INITIALISMS: &[&str] = &[
    "Acl", "Api", "Ascii", "Cpu", "Css", "Dns", "Eof", "Guid", "Html", "Http", "Https", "Id", "Ip", "Json", "Ram",
    "Rpc", "Sla", "Smtp", "Sql", "Ssh", "Tcp", "Tls", "Ttl", "Udp", "Ui", "Uid", "Uri", "Url", "Utf8", "Uuid", "Vm",
    "Xml",
];

/// Endings of file names that keep a file for tests, an operating system or a processor (`go help buildconstraint`).
const ENDINGS: &[&str] = &[
    "test",
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "js",
    "linux",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "unix",
    "wasip1",
    "windows",
    "386",
    "amd64",
    "arm",
    "arm64",
    "loong64",
    "mips",
    "mips64",
    "mips64le",
    "mipsle",
    "ppc64",
    "ppc64le",
    "riscv64",
    "s390x",
    "wasm",
];

/// A name in Pascal case as other packages see it: `UserId` is `UserID`.
pub(crate) fn exported(name: &str) -> String {
    let pascal = identifier(Language::Go, Case::Pascal, name);
    words(&pascal).iter().map(|word| capitals(word)).collect()
}

/// A name as only its package sees it: `UserId` is `userID`, `Url` is `url`.
pub(crate) fn unexported(name: &str) -> String {
    let pascal = identifier(Language::Go, Case::Pascal, name);
    let words = words(&pascal);
    let (first, rest) =
        words.split_first().map_or((String::new(), [].as_slice()), |(first, rest)| (first.clone(), rest));
    let rest: String = rest.iter().map(|word| capitals(word)).collect();
    identifier_or(format!("{}{rest}", first.to_lowercase()))
}

fn identifier_or(name: String) -> String {
    if crate::template::names::is_reserved(Language::Go, &name) { format!("{name}_") } else { name }
}

fn capitals(word: &str) -> String {
    match word {
        "Ids" => "IDs".to_owned(),
        "Urls" => "URLs".to_owned(),
        word if INITIALISMS.contains(&word) => word.to_uppercase(),
        word => word.to_owned(),
    }
}

/// The words of a name in Pascal case.
fn words(pascal: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for letter in pascal.chars() {
        match found.last_mut() {
            Some(last) if !letter.is_ascii_uppercase() => last.push(letter),
            _ => found.push(letter.to_string()),
        }
    }
    found
}

/// The file of a module of handlers, without its ending: one that Go does not keep for something else.
pub(crate) fn file(module: &str) -> String {
    let last = module.rsplit('_').next().unwrap_or(module);
    let name = if ENDINGS.contains(&last) { format!("{module}_group") } else { module.to_owned() };
    if name.starts_with('_') { format!("n{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initialisms_are_in_capitals() {
        assert_eq!(exported("userId"), "UserID");
        assert_eq!(exported("api_url_ids"), "APIURLIDs");
        assert_eq!(unexported("IdCard"), "idCard");
        assert_eq!(unexported("url"), "url");
        assert_eq!(unexported("delete"), "delete_");
        assert_eq!(exported("identity"), "Identity");
    }

    #[test]
    fn files_are_compiled() {
        assert_eq!(file("orders"), "orders");
        assert_eq!(file("user_test"), "user_test_group");
        assert_eq!(file("windows"), "windows_group");
        assert_eq!(file("_2fa"), "n_2fa");
    }
}
