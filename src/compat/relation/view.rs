//! How values are seen: which of their properties count, and how they are written. In JSON a number and a text differ; where
//! everything is written as text, the number 5 is the text `5`, and who reads it decides what it is.

use std::collections::BTreeMap;

use super::Relation;
use super::conjunction::Side;
use crate::model::{JsonType, Types};

/// Which properties count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    /// What a consumer sends: `readOnly` properties are left out.
    Sent,
    /// What a consumer receives: `writeOnly` properties are left out.
    Received,
    /// All properties. Like the two above, a property that an open object does not declare counts as not sent.
    Whole,
    /// All properties, and an open object may have any other.
    Strict,
}

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Writing {
    /// As JSON, or in another notation that tells numbers from texts.
    Json,
    /// As a form: each property is a field, but for those that the form names (OpenAPI 3.1.1, section 4.8.15).
    Form(FormId),
    /// As a field of a form: a single value is a text, a list one field for each item, and an object is JSON.
    Field,
    /// As text all the way down.
    Text,
    /// The same in XML, where `xml` says what elements and attributes are called (OpenAPI 3.1.1, section 4.8.26).
    Xml,
    /// The same of a parameter or header (OpenAPI 3.1.1, section 4.8.12).
    Parameter,
}

/// Stands for the fields of a form that are written in a way of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormId(u32);

/// The fields of a form that are not written like others.
pub(crate) type Fields = BTreeMap<String, Writing>;

/// How values are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct View {
    /// Which properties count.
    pub flow: Flow,
    /// How values are written.
    pub writing: Writing,
}

/// Types of single values.
const SINGLE: u8 = 31;
/// Types of which each value is a text as well.
const AS_TEXT: u8 = JsonType::Boolean as u8 | JsonType::Integer as u8 | JsonType::Fraction as u8;

impl View {
    /// JSON with all properties.
    pub const WHOLE: View = View { flow: Flow::Whole, writing: Writing::Json };
    /// JSON with all properties, where an open object may have any other.
    pub const STRICT: View = View { flow: Flow::Strict, writing: Writing::Json };

    /// The same properties in JSON.
    pub(crate) fn json(self) -> View {
        View { writing: Writing::Json, ..self }
    }

    /// The same writing, where an open object may have properties that it does not declare.
    pub(crate) fn strict(self) -> View {
        View { flow: Flow::Strict, ..self }
    }

    /// Whether single values are texts.
    pub(crate) fn is_text(self) -> bool {
        self.writing != Writing::Json
    }

    /// How the items of a list are seen.
    pub(crate) fn item(self) -> View {
        match self.writing {
            Writing::Form(_) => View { writing: Writing::Field, ..self },
            _ => self,
        }
    }

    /// How properties are seen that have no name of their own: those that are not declared, or by pattern.
    pub(crate) fn any_property(self) -> View {
        let writing = match self.writing {
            Writing::Form(_) => Writing::Field,
            Writing::Field => Writing::Json,
            other => other,
        };
        View { writing, ..self }
    }

    /// The types whose values may be read as one of these.
    pub(super) fn read_as(self, types: Types) -> Types {
        let text = JsonType::String as u8;
        match self.is_text() {
            true if types.0 & AS_TEXT != 0 && types.has(JsonType::String) => Types(types.0 | AS_TEXT | text),
            true if types.has(JsonType::String) => Types(types.0 | AS_TEXT),
            true if types.0 & AS_TEXT != 0 => Types(types.0 | text),
            _ => types,
        }
    }

    /// Whether values of these types may be texts that are read as others.
    pub(super) fn has_texts(self, types: Types) -> bool {
        self.is_text() && types.0 & SINGLE != 0
    }
}

/// The types of single values among these, and the others.
pub(super) fn divided(types: Types) -> (Types, Types) {
    (Types(types.0 & SINGLE), Types(types.0 & !SINGLE))
}

impl Side<'_> {
    /// How a property is seen.
    pub(super) fn property(&self, view: View, name: &str) -> View {
        let own = match view.writing {
            Writing::Form(FormId(form)) => self.forms.get(form as usize).and_then(|fields| fields.get(name)).copied(),
            _ => None,
        };
        own.map_or_else(|| view.any_property(), |writing| View { writing, ..view })
    }
}

impl Relation<'_> {
    /// How a form is written whose other fields are written as [`Writing::Field`].
    pub(crate) fn form(&mut self, fields: Fields) -> Writing {
        let known = self.old.forms.iter().position(|known| *known == fields);
        let at = known.unwrap_or_else(|| {
            self.old.forms.push(fields.clone());
            self.new.forms.push(fields);
            self.old.forms.len() - 1
        });
        Writing::Form(FormId(u32::try_from(at).unwrap_or(u32::MAX)))
    }

    /// How a property is seen.
    pub(crate) fn property(&self, view: View, name: &str) -> View {
        self.old.property(view, name)
    }

    /// The view that makes a difference in these documents.
    pub(crate) fn effective(&self, view: View) -> View {
        let flow = match view.flow {
            Flow::Sent if !self.has_read_only => Flow::Whole,
            Flow::Received if !self.has_write_only => Flow::Whole,
            other => other,
        };
        let writing = match view.writing {
            Writing::Xml if !self.has_xml => Writing::Text,
            other => other,
        };
        View { flow, writing }
    }

    /// The same for containment, which does not ask what texts stand in.
    pub(super) fn contained_in(&self, view: View) -> View {
        let view = self.effective(view);
        match view.writing {
            Writing::Xml | Writing::Parameter => View { writing: Writing::Text, ..view },
            _ => view,
        }
    }

    /// Whether properties may be left out in a view.
    pub(super) fn leaves_out(&self, view: View) -> bool {
        match view.flow {
            Flow::Sent => self.has_read_only,
            Flow::Received => self.has_write_only,
            Flow::Whole | Flow::Strict => false,
        }
    }
}
