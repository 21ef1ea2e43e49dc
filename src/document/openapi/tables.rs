//! What an object of each type holds: a meta-schema of OpenAPI 3.0.4 and 3.1.1 (sections 4.7 and 4.8) as data.

use super::Version;
use super::fields;
use super::schema_fields;

/// The object types of OpenAPI (3.1.1, section 4.8); a flow of OAuth 2.0 is one type for each set of required URLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum ObjectType {
    /// OpenAPI Object, the document.
    Document,
    /// Info Object.
    Info,
    /// Contact Object.
    Contact,
    /// License Object.
    License,
    /// Server Object.
    Server,
    /// Server Variable Object.
    ServerVariable,
    /// Components Object.
    Components,
    /// Paths Object.
    Paths,
    /// Path Item Object.
    PathItem,
    /// Operation Object.
    Operation,
    /// External Documentation Object.
    ExternalDocs,
    /// Parameter Object.
    Parameter,
    /// Request Body Object.
    RequestBody,
    /// Media Type Object.
    MediaType,
    /// Encoding Object.
    Encoding,
    /// Responses Object.
    Responses,
    /// Response Object.
    Response,
    /// Callback Object.
    Callback,
    /// Example Object.
    Example,
    /// Link Object.
    Link,
    /// Header Object.
    Header,
    /// Tag Object.
    Tag,
    /// Schema Object.
    Schema,
    /// Discriminator Object.
    Discriminator,
    /// XML Object.
    Xml,
    /// Security Scheme Object.
    SecurityScheme,
    /// OAuth Flows Object.
    OauthFlows,
    /// OAuth Flow Object of the implicit flow.
    ImplicitFlow,
    /// OAuth Flow Object of the password and the client credentials flow.
    TokenFlow,
    /// OAuth Flow Object of the authorization code flow.
    CodeFlow,
    /// Security Requirement Object.
    SecurityRequirement,
}

impl ObjectType {
    /// The number of types.
    pub(super) const COUNT: usize = ObjectType::SecurityRequirement as usize + 1;

    /// The name in messages, with its article.
    pub fn name(self) -> &'static str {
        match self {
            ObjectType::Document => "the document",
            ObjectType::Info => "`info`",
            ObjectType::Contact => "a contact",
            ObjectType::License => "a license",
            ObjectType::Server => "a server",
            ObjectType::ServerVariable => "a server variable",
            ObjectType::Components => "`components`",
            ObjectType::Paths => "`paths`",
            ObjectType::PathItem => "a path item",
            ObjectType::Operation => "an operation",
            ObjectType::ExternalDocs => "external documentation",
            ObjectType::Parameter => "a parameter",
            ObjectType::RequestBody => "a request body",
            ObjectType::MediaType => "a media type",
            ObjectType::Encoding => "an encoding",
            ObjectType::Responses => "`responses`",
            ObjectType::Response => "a response",
            ObjectType::Callback => "a callback",
            ObjectType::Example => "an example",
            ObjectType::Link => "a link",
            ObjectType::Header => "a header",
            ObjectType::Tag => "a tag",
            ObjectType::Schema => "a schema",
            ObjectType::Discriminator => "a discriminator",
            ObjectType::Xml => "an `xml` object",
            ObjectType::SecurityScheme => "a security scheme",
            ObjectType::OauthFlows => "`flows`",
            ObjectType::ImplicitFlow => "an implicit flow",
            ObjectType::TokenFlow => "a token flow",
            ObjectType::CodeFlow => "an authorization code flow",
            ObjectType::SecurityRequirement => "a security requirement",
        }
    }

    /// Whether a `$ref` may stand in place of the object (3.1.1, section 4.8.23, and the Path Item Object's own field).
    pub fn may_be_reference(self) -> bool {
        matches!(
            self,
            ObjectType::Schema
                | ObjectType::Response
                | ObjectType::Parameter
                | ObjectType::Example
                | ObjectType::RequestBody
                | ObjectType::Header
                | ObjectType::SecurityScheme
                | ObjectType::Link
                | ObjectType::Callback
                | ObjectType::PathItem
        )
    }

    /// The fields of the type in that version.
    pub(super) fn table(self, version: Version) -> &'static Table {
        match self {
            ObjectType::Schema if version == Version::V30 => &schema_fields::SCHEMA_30,
            ObjectType::Schema => &schema_fields::SCHEMA_31,
            ObjectType::Document => &fields::DOCUMENT,
            ObjectType::Info => &fields::INFO,
            ObjectType::Contact => &fields::CONTACT,
            ObjectType::License => &fields::LICENSE,
            ObjectType::Server => &fields::SERVER,
            ObjectType::ServerVariable => &fields::SERVER_VARIABLE,
            ObjectType::Components => &fields::COMPONENTS,
            ObjectType::Paths => &fields::PATHS,
            ObjectType::PathItem => &fields::PATH_ITEM,
            ObjectType::Operation => &fields::OPERATION,
            ObjectType::ExternalDocs => &fields::EXTERNAL_DOCS,
            ObjectType::Parameter => &fields::PARAMETER,
            ObjectType::RequestBody => &fields::REQUEST_BODY,
            ObjectType::MediaType => &fields::MEDIA_TYPE,
            ObjectType::Encoding => &fields::ENCODING,
            ObjectType::Responses => &fields::RESPONSES,
            ObjectType::Response => &fields::RESPONSE,
            ObjectType::Callback => &fields::CALLBACK,
            ObjectType::Example => &fields::EXAMPLE,
            ObjectType::Link => &fields::LINK,
            ObjectType::Header => &fields::HEADER,
            ObjectType::Tag => &fields::TAG,
            ObjectType::Discriminator => &fields::DISCRIMINATOR,
            ObjectType::Xml => &fields::XML,
            ObjectType::SecurityScheme => &fields::SECURITY_SCHEME,
            ObjectType::OauthFlows => &fields::OAUTH_FLOWS,
            ObjectType::ImplicitFlow => &fields::IMPLICIT_FLOW,
            ObjectType::TokenFlow => &fields::TOKEN_FLOW,
            ObjectType::CodeFlow => &fields::CODE_FLOW,
            ObjectType::SecurityRequirement => &fields::SECURITY_REQUIREMENT,
        }
    }
}

/// What a value must be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Anything; not walked.
    Any,
    Text,
    Bool,
    Number,
    /// A number above zero.
    Positive,
    /// An integer, not negative.
    Count,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of words, or one of them (`type` in 3.1).
    Words(&'static [&'static str]),
    /// A list of anything.
    AnyList,
    /// A list of anything with at least one item.
    SomeList,
    /// A list of texts.
    Texts,
    /// A list of different texts with at least one item.
    SomeTexts,
    /// A list of different texts.
    TextSet,
    TextMap,
    TextSetMap,
    /// A map of anything.
    AnyMap,
    Object(ObjectType),
    /// A boolean, or an object (`additionalProperties` in 3.0).
    BoolOr(ObjectType),
    List(ObjectType),
    /// A list with at least one item.
    SomeOf(ObjectType),
    Map(ObjectType),
    /// A map whose keys are component names.
    Components(ObjectType),
}

/// One field of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub required: Required,
    /// The only version that has it, where it is not in both.
    pub only: Option<Version>,
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Required {
    No,
    Yes,
    /// In 3.0; 3.1 leaves it out.
    In30,
}

/// What an object holds besides its fields; `x-…` is allowed everywhere but in a security requirement.
#[derive(Clone, Copy, Debug)]
pub(super) enum Others {
    Refused,
    /// Anything (JSON Schema ignores keywords that it does not know).
    Allowed,
    /// Entries of this shape.
    Each(Shape),
    /// Entries of this shape whose keys start with a slash.
    Paths(Shape),
    /// Lists of texts, without extensions.
    Scopes,
}

/// An object type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    /// The fields, the frequent ones first: they are looked for in this order.
    pub fields: &'static [Field],
    pub others: Others,
}

impl Table {
    /// The field of that name, whatever the version.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// Whether the version demands this field.
    pub fn is_required(&self, version: Version) -> bool {
        self.required == Required::Yes || (self.required == Required::In30 && version == Version::V30)
    }

    /// Whether the version has this field.
    pub fn is_in(&self, version: Version) -> bool {
        self.only.is_none_or(|only| only == version)
    }
}

pub(super) const fn optional(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: Required::No, only: None }
}

pub(super) const fn required(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: Required::Yes, only: None }
}

pub(super) const fn required_in_30(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: Required::In30, only: None }
}

pub(super) const fn since31(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: Required::No, only: Some(Version::V31) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_table_has_a_field_twice() {
        let types = [ObjectType::Document, ObjectType::PathItem, ObjectType::Operation, ObjectType::Parameter];
        let tables = types.map(|kind| kind.table(Version::V31));
        for table in tables.into_iter().chain([Version::V30, Version::V31].map(|v| ObjectType::Schema.table(v))) {
            for (at, field) in table.fields.iter().enumerate() {
                assert!(table.fields[..at].iter().all(|other| other.name != field.name), "{}", field.name);
            }
        }
    }
}
