//! JSON Pointers (RFC 6901) that share what they have in common: below a key of kilobytes there may be thousands of places.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What stands below this many bytes is a text of its own.
const LONGEST: usize = 200;

/// A JSON Pointer. Its text is cut where it grows long; the cuts depend on the text alone, so equal pointers have equal parts.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pointer {
    above: Option<Arc<Above>>,
    rest: Box<str>,
}

/// The beginning of pointers, up to the end of a token.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Above {
    above: Option<Arc<Above>>,
    text: Box<str>,
    /// Of the whole.
    len: usize,
}

impl Pointer {
    /// The pointer to what stands under a key or index in what this one points to.
    pub fn child(&self, key: &str) -> Pointer {
        let token = escaped(key);
        if self.rest.len() + 1 + token.len() > LONGEST {
            let above = Above::new(self.above.clone(), &self.rest, &token);
            return Pointer { above: Some(Arc::new(above)), rest: Box::default() };
        }
        let mut rest = String::with_capacity(self.rest.len() + 1 + token.len());
        rest.push_str(&self.rest);
        rest.push('/');
        rest.push_str(&token);
        Pointer { above: self.above.clone(), rest: rest.into() }
    }

    /// A pointer of tokens that are escaped already. `known` is asked for each beginning that is cut off, by the index of
    /// its last token, and may give the same one again.
    pub(super) fn of_tokens<'t>(
        tokens: impl IntoIterator<Item = impl AsRef<str> + 't>,
        mut known: impl FnMut(usize, &mut dyn FnMut() -> Arc<Above>) -> Arc<Above>,
    ) -> Pointer {
        let (mut above, mut rest) = (None, String::new());
        for (at, token) in tokens.into_iter().enumerate() {
            let token = token.as_ref();
            if rest.len() + 1 + token.len() > LONGEST {
                let cut = known(at, &mut || Arc::new(Above::new(above.clone(), &rest, token)));
                above = Some(cut);
                rest.clear();
            } else {
                rest.push('/');
                rest.push_str(token);
            }
        }
        Pointer { above, rest: rest.into() }
    }

    /// Its text.
    pub fn text(&self) -> Cow<'_, str> {
        if self.above.is_none() { Cow::Borrowed(&self.rest) } else { Cow::Owned(self.to_string()) }
    }

    /// The length of its text in bytes.
    pub fn len(&self) -> usize {
        self.above.as_ref().map_or(0, |above| above.len) + self.rest.len()
    }

    /// Whether it points to the whole file.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its last key or index; nothing for the whole file.
    pub fn last(&self) -> Option<Cow<'_, str>> {
        let part = match &self.above {
            Some(above) if self.rest.is_empty() => &above.text,
            _ => &self.rest,
        };
        let (_, token) = part.rsplit_once('/')?;
        let is_escaped = token.contains('~');
        Some(if is_escaped { Cow::Owned(token.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(token) })
    }

    /// Its parts, the topmost first.
    fn parts(&self) -> impl Iterator<Item = &str> {
        let above = std::iter::successors(self.above.as_deref(), |above| above.above.as_deref());
        let mut parts: Vec<&str> = above.map(|above| &*above.text).collect();
        parts.reverse();
        parts.into_iter().chain([&*self.rest])
    }
}

impl Above {
    fn new(above: Option<Arc<Above>>, rest: &str, token: &str) -> Above {
        let text = [rest, "/", token].concat();
        let len = above.as_ref().map_or(0, |above| above.len) + text.len();
        Above { above, text: text.into(), len }
    }
}

/// A key as a token.
pub(super) fn escaped(key: &str) -> Cow<'_, str> {
    let is_plain = !key.contains(['~', '/']);
    if is_plain { Cow::Borrowed(key) } else { Cow::Owned(key.replace('~', "~0").replace('/', "~1")) }
}

impl From<&str> for Pointer {
    fn from(text: &str) -> Self {
        let tokens = text.strip_prefix('/').into_iter().flat_map(|rest| rest.split('/'));
        Pointer::of_tokens(tokens, |_, make| make())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().try_for_each(|part| f.write_str(part))
    }
}

impl fmt::Debug for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl PartialEq<str> for Pointer {
    fn eq(&self, other: &str) -> bool {
        self.len() == other.len() && self.text() == other
    }
}

impl Hash for Pointer {
    /// Long beginnings count by their length alone: few differ in nothing else.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rest.hash(state);
        self.len().hash(state);
    }
}

impl Ord for Pointer {
    fn cmp(&self, other: &Self) -> Ordering {
        let same = match (&self.above, &other.above) {
            (None, None) => true,
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            _ => false,
        };
        if same {
            return self.rest.cmp(&other.rest);
        }
        self.parts().flat_map(str::bytes).cmp(other.parts().flat_map(str::bytes))
    }
}

impl PartialOrd for Pointer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Pointer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Pointer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Pointer::from(&*Cow::<str>::deserialize(deserializer)?))
    }
}

impl JsonSchema for Pointer {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Pointer".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_its_text_however_it_was_made() {
        let long = "k".repeat(LONGEST);
        let root = Pointer::default();
        assert!(root.is_empty() && root.last().is_none());
        let below = root.child("a/b").child(&long).child("p~").child("0");
        let text = format!("/a~1b/{long}/p~0/0");
        assert_eq!((below.to_string(), below.len()), (text.clone(), text.len()));
        assert_eq!(below, Pointer::from(text.as_str()));
        assert_eq!(below.last().as_deref(), Some("0"));
        assert_eq!(root.child("a/b").child(&long).last().as_deref(), Some(long.as_str()));
        assert_eq!(Pointer::from("/").last().as_deref(), Some(""));
        let json = serde_json::to_string(&below).unwrap();
        assert_eq!(serde_json::from_str::<Pointer>(&json).unwrap(), below);
    }

    #[test]
    fn what_stands_below_a_long_key_shares_it() {
        let parent = Pointer::default().child(&"k".repeat(1000));
        let (one, other) = (parent.child("a"), parent.child("b"));
        assert!(Arc::ptr_eq(one.above.as_ref().unwrap(), other.above.as_ref().unwrap()));
        let (before, behind) = (Pointer::from("/j"), Pointer::from(&*format!("/{}", "l".repeat(1000))));
        let sorted = [&before, &parent, &one, &other, &behind];
        assert!(sorted.is_sorted());
    }
}
