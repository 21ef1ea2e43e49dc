//! Compatibility modes of events: which containment must hold between versions of a payload, and against which versions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::plain;

/// How the payload of an event may change. The words are those of schema registries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Compatibility {
    /// Consumers of the new schema read messages of the old one: consumers are released first.
    Backward,
    /// Consumers of the old schema read messages of the new one: publishers are released first.
    #[default]
    Forward,
    /// Both, in any order.
    Full,
    /// [`Compatibility::Backward`], against every version there ever was.
    BackwardTransitive,
    /// [`Compatibility::Forward`], against every version there ever was.
    ForwardTransitive,
    /// [`Compatibility::Full`], against every version there ever was.
    FullTransitive,
}

impl Compatibility {
    /// Every mode by name.
    pub const NAMES: [&'static str; 6] =
        ["backward", "forward", "full", "backward-transitive", "forward-transitive", "full-transitive"];

    /// The mode that is written so; case, `_`, spaces and a remark behind it do not matter.
    pub fn parse(written: &str) -> Option<Compatibility> {
        match plain(written.split(['(', ',', ';']).next().unwrap_or_default()).as_str() {
            "backward" => Some(Compatibility::Backward),
            "forward" => Some(Compatibility::Forward),
            "full" => Some(Compatibility::Full),
            "backward transitive" => Some(Compatibility::BackwardTransitive),
            "forward transitive" => Some(Compatibility::ForwardTransitive),
            "full transitive" => Some(Compatibility::FullTransitive),
            _ => None,
        }
    }

    /// Whether consumers of the new schema must read what was published with the old one.
    pub fn is_backward(self) -> bool {
        !matches!(self, Compatibility::Forward | Compatibility::ForwardTransitive)
    }

    /// Whether consumers of the old schema must read what is published with the new one.
    pub fn is_forward(self) -> bool {
        !matches!(self, Compatibility::Backward | Compatibility::BackwardTransitive)
    }

    /// Whether every version of the history counts, and not the last one alone.
    pub fn is_transitive(self) -> bool {
        use Compatibility::{BackwardTransitive, ForwardTransitive, FullTransitive};
        matches!(self, BackwardTransitive | ForwardTransitive | FullTransitive)
    }
}

/// Whether the key of a constitution's bullet, in plain words, states how payloads of events may change.
pub(crate) fn states_event_compatibility(key: &str) -> bool {
    let words: Vec<&str> = key.split(' ').collect();
    words.contains(&"compatibility") && (words.contains(&"event") || words.contains(&"events"))
}

/// What `info.version` of a contract must do when the contract changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VersionPolicy {
    /// Nothing.
    Off,
    /// Be raised as far as a breaking change asks; less than an addition asks is worth an info.
    #[default]
    Breaking,
    /// Be raised as far as semantic versioning asks, for additions too.
    Semver,
}

impl VersionPolicy {
    /// Every policy by name.
    pub const NAMES: [&'static str; 3] = ["off", "breaking", "semver"];

    /// The policy of that name.
    pub fn parse(name: &str) -> Option<VersionPolicy> {
        match name {
            "off" => Some(VersionPolicy::Off),
            "breaking" => Some(VersionPolicy::Breaking),
            "semver" => Some(VersionPolicy::Semver),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_is_read_as_people_write_it() {
        for name in Compatibility::NAMES {
            let mode = Compatibility::parse(name).unwrap();
            assert_eq!(serde_json::to_value(mode).unwrap(), name);
            assert_eq!(Compatibility::parse(&name.to_uppercase().replace('-', "_")), Some(mode));
            assert!(mode.is_forward() || mode.is_backward());
        }
        assert_eq!(Compatibility::parse("sideways"), None);
        assert_eq!(Compatibility::parse(""), None);
    }

    #[test]
    fn policies_have_their_names() {
        for name in VersionPolicy::NAMES {
            assert_eq!(serde_json::to_value(VersionPolicy::parse(name)).unwrap(), name);
        }
    }
}
