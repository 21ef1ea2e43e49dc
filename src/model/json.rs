//! JSON values of a contract, kept as texts. A list of numbers of one digit takes two bytes for each in a file and seventy as
//! values, so they are values only while they are looked at.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Number, Value};

use super::Text;

/// Lists and objects within each other are read this far; a file is read no further either.
const DEPTH: usize = 512;

/// One value: JSON without a space between its tokens.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Json(Text);

impl Json {
    /// A text that was written by this module.
    pub(super) fn written(text: String) -> Json {
        Json(text.into())
    }

    /// The value.
    pub fn value(&self) -> Value {
        read(&self.0)
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        Json(value.to_string().into())
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A list of values: one on each line, since no value has an end of line in its text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Values {
    lines: Text,
    len: usize,
}

impl Values {
    /// The list of texts that were written by this module.
    pub(crate) fn of<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Values {
        Values::write(texts, |text, lines| lines.push_str(text.as_ref()))
    }

    /// The list of what `write` appends for each item.
    pub(super) fn write<T>(items: impl IntoIterator<Item = T>, write: impl Fn(T, &mut String)) -> Values {
        let (mut lines, mut len) = (String::new(), 0);
        for item in items {
            if len > 0 {
                lines.push('\n');
            }
            write(item, &mut lines);
            len += 1;
        }
        Values { lines: lines.into(), len }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Their texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.lines.split('\n').take(self.len)
    }

    /// The values, each made when it is asked for.
    pub fn iter(&self) -> impl Iterator<Item = Value> {
        self.texts().map(read)
    }

    /// How many bytes their texts have.
    pub fn size(&self) -> usize {
        self.lines.len()
    }

    /// The text that begins at a byte.
    pub(crate) fn text_at(&self, from: usize) -> &str {
        let rest = self.lines.get(from..).unwrap_or_default();
        rest.split('\n').next().unwrap_or_default()
    }

    /// The same without those that are not wanted.
    pub(crate) fn retain(&mut self, is_wanted: impl Fn(&str) -> bool) {
        if !self.texts().all(&is_wanted) {
            *self = Values::of(self.texts().filter(|text| is_wanted(text)));
        }
    }

    /// The same in the order of the texts, and each once.
    pub(crate) fn sorted(&self) -> Values {
        let mut texts: Vec<&str> = self.texts().collect();
        texts.sort_unstable();
        texts.dedup();
        Values::of(texts)
    }
}

impl From<&[Value]> for Values {
    fn from(values: &[Value]) -> Self {
        Values::of(values.iter().map(Value::to_string))
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.texts()).finish()
    }
}

/// The value of a text that was written here.
pub(crate) fn read(text: &str) -> Value {
    Reader { text, at: 0 }.value(DEPTH)
}

/// The text of a value in one form for all that are equal: `1` for `1.0`, and the properties of objects sorted.
pub(crate) fn canonical(text: &str) -> Cow<'_, str> {
    let is_plain = text.starts_with('"') || !text.bytes().any(|byte| matches!(byte, b'{' | b'.' | b'e' | b'E'));
    if is_plain {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    Reader { text, at: 0 }.canonical(DEPTH, &mut out);
    Cow::Owned(out)
}

/// Goes along a text token by token.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The string, number or word that begins here.
    fn token(&mut self) -> &'t str {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let len = if rest.first() == Some(&b'"') {
            let mut end = 1;
            loop {
                match rest.get(end) {
                    None => break end,
                    Some(b'"') => break end + 1,
                    Some(b'\\') => end += 2,
                    Some(_) => end += 1,
                }
            }
        } else {
            rest.iter().position(|byte| matches!(byte, b',' | b']' | b'}' | b':' | b'[' | b'{')).unwrap_or(rest.len())
        };
        let token = self.text.get(self.at..self.at + len).unwrap_or_default();
        self.at += len;
        token
    }

    /// Goes over the parts of a list or object, whose opening bracket is here.
    fn parts(&mut self, mut part: impl FnMut(&mut Self)) {
        self.at += 1;
        while let Some(byte) = self.byte() {
            match byte {
                b']' | b'}' => {
                    self.at += 1;
                    return;
                }
                b',' => self.at += 1,
                _ => part(self),
            }
        }
    }

    fn value(&mut self, depth: usize) -> Value {
        let Some(depth) = depth.checked_sub(1) else {
            self.at = self.text.len();
            return Value::Null;
        };
        match self.byte() {
            Some(b'[') => {
                let mut items = Vec::new();
                self.parts(|reader| items.push(reader.value(depth)));
                items.shrink_to_fit();
                Value::Array(items)
            }
            Some(b'{') => {
                let mut fields = Map::new();
                self.parts(|reader| {
                    let name = string(reader.token());
                    reader.at += 1;
                    let field = reader.value(depth);
                    fields.insert(name, field);
                });
                Value::Object(fields)
            }
            _ => scalar(self.token()),
        }
    }

    fn canonical(&mut self, depth: usize, out: &mut String) {
        let Some(depth) = depth.checked_sub(1) else {
            self.at = self.text.len();
            return out.push_str("null");
        };
        match self.byte() {
            Some(b'[') => {
                out.push('[');
                let before = out.len();
                self.parts(|reader| {
                    if out.len() > before {
                        out.push(',');
                    }
                    reader.canonical(depth, out);
                });
                out.push(']');
            }
            Some(b'{') => {
                let mut fields: Vec<(&str, String)> = Vec::new();
                self.parts(|reader| {
                    let name = reader.token();
                    reader.at += 1;
                    let mut field = String::new();
                    reader.canonical(depth, &mut field);
                    fields.push((name, field));
                });
                // Of a name that stands there twice the last value counts.
                fields.reverse();
                fields.sort_by_key(|(name, _)| *name);
                fields.dedup_by_key(|(name, _)| *name);
                out.push('{');
                for (at, (name, field)) in fields.into_iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { "," });
                    out.extend([name, ":", &field]);
                }
                out.push('}');
            }
            _ => out.push_str(&number(self.token())),
        }
    }
}

/// A whole number without a fraction; anything else as it is.
fn number(token: &str) -> Cow<'_, str> {
    let is_plain = token.starts_with('"') || !token.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
    let float = if is_plain { None } else { token.parse::<f64>().ok() };
    match float {
        // As far as a fraction could be written.
        Some(float) if float.fract() == 0.0 && float.abs() < 9e15 => Cow::Owned((float as i64).to_string()),
        _ => Cow::Borrowed(token),
    }
}

fn scalar(token: &str) -> Value {
    match token {
        "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        token if token.starts_with('"') => Value::String(string(token)),
        token => {
            let whole = token.parse::<i64>().map(Number::from).or_else(|_| token.parse::<u64>().map(Number::from));
            let number = whole.ok().or_else(|| Number::from_f64(token.parse().ok()?));
            number.map_or(Value::Null, Value::Number)
        }
    }
}

fn string(token: &str) -> String {
    match token.get(1..token.len().saturating_sub(1)) {
        Some(plain) if !plain.contains('\\') => plain.to_owned(),
        _ => serde_json::from_str(token).unwrap_or_default(),
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Walk { reader: &RefCell::new(Reader { text: &self.0, at: 0 }), depth: DEPTH }.serialize(serializer)
    }
}

/// The next value of a text, which is serialized while it is read, so that a long list is never held as values. Serializers
/// ask for each part once, and in order.
struct Walk<'r, 't> {
    reader: &'r RefCell<Reader<'t>>,
    depth: usize,
}

impl Serialize for Walk<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reader = self.reader;
        let is_list = reader.borrow().byte() == Some(b'[');
        let Some(depth) = self.depth.checked_sub(1).filter(|_| is_list) else {
            let value = reader.borrow_mut().value(self.depth);
            return value.serialize(serializer);
        };
        reader.borrow_mut().at += 1;
        let mut list = serializer.serialize_seq(None)?;
        loop {
            let byte = reader.borrow().byte();
            match byte {
                Some(b',') => reader.borrow_mut().at += 1,
                Some(b']') | None => break,
                Some(_) => list.serialize_element(&Walk { reader, depth })?,
            }
        }
        reader.borrow_mut().at += 1;
        list.end()
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Json::from(&Value::deserialize(deserializer)?))
    }
}

impl JsonSchema for Json {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Value::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Value::json_schema(generator)
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len))?;
        for value in self.iter() {
            list.serialize_element(&value)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of values")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
                let mut texts = Vec::new();
                while let Some(value) = list.next_element::<Value>()? {
                    texts.push(value.to_string());
                }
                Ok(Values::of(texts))
            }
        }

        deserializer.deserialize_seq(List)
    }
}

impl JsonSchema for Values {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Vec::<Value>::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<Value>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_what_they_were() {
        let values = [
            json!(null),
            json!([]),
            json!({}),
            json!([[], {}, [1, -2, 0.1, 1e300, u64::MAX, i64::MIN, true, false, null]]),
            json!({"a": {"b": ["\n\"\\,]}:", "ä", ""]}, "": 1.0}),
            json!("a\nb"),
        ];
        for value in &values {
            let json = Json::from(value);
            assert_eq!(json.value(), *value);
            assert_eq!(serde_json::to_string_pretty(&json).unwrap(), serde_json::to_string_pretty(value).unwrap());
        }
        let list = Values::from(&values[..]);
        assert_eq!((list.len(), list.iter().collect::<Vec<_>>()), (values.len(), values.to_vec()));
        assert_eq!(serde_json::from_str::<Values>(&serde_json::to_string(&list).unwrap()).unwrap(), list);
        assert_eq!(Values::of([""; 0]).iter().count(), 0);
    }

    #[test]
    fn what_is_equal_has_one_canonical_text() {
        let same = |one: &str, other: &str| assert_eq!(canonical(one), other);
        same("1.0", "1");
        same("1e3", "1000");
        same("0.1", "0.1");
        same("\"1.0\"", "\"1.0\"");
        same("{\"b\":[1.0,{}],\"a\":\"1.0\"}", "{\"a\":\"1.0\",\"b\":[1,{}]}");
        same("{\"a\":1,\"a\":2}", "{\"a\":2}");
    }

    #[test]
    fn what_is_too_deep_is_nothing() {
        let deep = "[".repeat(2000) + &"]".repeat(2000);
        assert!(read(&deep).is_array());
        assert_eq!(serde_json::to_value(Json::written(deep.clone())).unwrap(), read(&deep));
        assert!(canonical(&deep.replace("[[]]", "[{}]")).starts_with("[["));
    }
}
