//! What consumers say, put into words.

use crate::diagnostic::{Ground, GroundKind};
use crate::model::{Usage, UsageGround, Used, UsedPart, UsedPlace};

/// Something that a consumer says of what it uses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statement<'a> {
    /// What it says.
    pub usage: &'a Usage,
    /// Whether only the base says it.
    pub base: bool,
}

impl<'a> Statement<'a> {
    /// Whether it says anything about parts of what is used.
    pub fn is_detailed(self) -> bool {
        self.usage.exact || !self.usage.parts.is_empty()
    }

    /// Whether it tells all that is used of these kinds.
    pub fn tells(self, kinds: &[UsedPlace]) -> bool {
        self.usage.exact || self.usage.parts.iter().any(|part| kinds.contains(&part.place))
    }

    /// Its parts that hold.
    pub fn parts(self, holds: impl Fn(&UsedPart) -> bool) -> impl Iterator<Item = &'a UsedPart> {
        self.usage.parts.iter().filter(move |part| holds(part))
    }

    /// The statement as a whole.
    pub fn ground(self) -> Ground {
        let pact = self.usage.ground == UsageGround::Pact;
        let text = match (&self.usage.used, self.usage.ground) {
            (Used::Service, _) => format!("declares {}, no operation", code(&self.usage.provider)),
            (Used::Operation(id), _) if pact => format!("calls {}", code(id)),
            (Used::Operation(id), _) => format!("names {}", code(id)),
            (Used::Event(name), UsageGround::Claim) => format!("is listed as a consumer of {}", code(name)),
            (Used::Event(name), _) => format!("consumes {}", code(name)),
        };
        self.with(text, None)
    }

    /// One part of it.
    pub fn part_ground(self, part: &UsedPart) -> Ground {
        let of = match &self.usage.used {
            Used::Service => format!("operations of {}", code(&self.usage.provider)),
            Used::Operation(name) | Used::Event(name) => code(name),
        };
        let text = part.text();
        let text = match part.place {
            UsedPlace::Status => format!("expects {text} of {of}"),
            UsedPlace::Path | UsedPlace::Query | UsedPlace::Header | UsedPlace::Cookie => {
                format!("sends {text} to {of}")
            }
            UsedPlace::Request => format!("sends {text} of {of}"),
            UsedPlace::Response | UsedPlace::ResponseHeader | UsedPlace::Payload => format!("reads {text} of {of}"),
        };
        self.with(text, Some(part))
    }

    /// What it uses instead of what changed: of the same operation or event.
    pub fn other_parts(self, kinds: &[UsedPlace]) -> Ground {
        const SHOWN: usize = 5;
        let of = match &self.usage.used {
            Used::Service => code(&self.usage.provider),
            Used::Operation(name) | Used::Event(name) => code(name),
        };
        let mut parts: Vec<&UsedPart> = self.parts(|part| kinds.contains(&part.place)).collect();
        let fields = [UsedPlace::Request, UsedPlace::Response, UsedPlace::Payload];
        if parts.iter().any(|part| fields.contains(&part.place)) {
            parts.retain(|part| fields.contains(&part.place));
        }
        let mut names: Vec<String> = Vec::new();
        for part in &parts {
            let name = if part.name.is_empty() { "the whole".to_owned() } else { code(&part.name) };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let more = names.len().saturating_sub(SHOWN);
        names.truncate(SHOWN);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        let text = match names.as_slice() {
            [] => format!("uses {of} and no such part of it"),
            names => format!("uses only {} of {of}", names.join(", ")),
        };
        self.with(text, parts.first().copied())
    }

    fn with(self, text: String, part: Option<&UsedPart>) -> Ground {
        let origin = part.map_or(&self.usage.origin, |part| &part.origin);
        Ground {
            consumer: self.usage.consumer.clone(),
            kind: kind(self.usage.ground),
            file: origin.file.to_string(),
            line: origin.line,
            base: self.base,
            text,
        }
    }
}

/// The name in code.
fn code(name: &str) -> String {
    format!("`{name}`")
}

fn kind(ground: UsageGround) -> GroundKind {
    match ground {
        UsageGround::Pact => GroundKind::Pact,
        UsageGround::Fields => GroundKind::Uses,
        UsageGround::Operation => GroundKind::Operation,
        UsageGround::Event => GroundKind::Event,
        UsageGround::Claim => GroundKind::Claim,
        UsageGround::Service => GroundKind::Service,
    }
}
