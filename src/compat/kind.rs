//! What kinds of things change.

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A service's whole HTTP contract.
    Api,
    /// An operation.
    Operation,
    /// A parameter.
    Parameter,
    /// Whether a parameter must be sent.
    ParameterRequired,
    /// How a parameter is serialised (`style`, `explode`).
    ParameterStyle,
    /// A request body.
    RequestBody,
    /// Whether a request body must be sent.
    RequestBodyRequired,
    /// A media type of a request or response.
    MediaType,
    /// A response code.
    Response,
    /// A request that the service sends to those who subscribed.
    Webhook,
    /// A request that the service sends to an address it was given.
    Callback,
    /// The path of the server, before all paths.
    BasePath,
    /// A response header.
    Header,
    /// Whether a response header is always sent.
    HeaderRequired,
    /// How a response header is serialised (`explode`).
    HeaderStyle,
    /// A link of a response.
    Link,
    /// The URL of a server.
    Server,
    /// The id of an operation.
    OperationId,
    /// The tags of an operation.
    Tag,
    /// An extension (`x-…`) that says nothing of messages.
    Extension,
    /// That something is to go away.
    Deprecation,
    /// The day on which something goes away.
    Sunset,
    /// How settled an operation is (`x-stability`).
    Stability,
    /// How a part of a body is serialised.
    Encoding,
    /// What an element or attribute is called in XML, and whether it is one.
    Xml,
    /// The value that stands for one that is not sent.
    Default,
    /// The same of a parameter.
    ParameterDefault,
    /// The values that `x-extensible-enum` lists.
    KnownValues,
    /// What tells the alternatives of a schema apart.
    Discriminator,
    /// Whether a property is only read or only written.
    Access,
    /// One of the branches of `oneOf` or `anyOf`.
    Alternative,
    /// The version that `info` states.
    ContractVersion,
    /// The security requirements of an operation.
    Security,
    /// An event.
    Event,
    /// A version of an event.
    EventVersion,
    /// The name of an event.
    EventName,
    /// The topic of an event.
    EventTopic,
    /// Whether an event has a schema.
    EventSchema,
    /// A property of an object.
    Property,
    /// Whether a property must be there.
    PropertyRequired,
    /// The allowed types of a value.
    Type,
    /// The values that `enum` or `const` allow.
    Values,
    /// A bound, a length, a count, a pattern or a format.
    Constraint,
    /// Whether undeclared properties are allowed, and which.
    AdditionalProperties,
    /// A named schema of a document that has no operations.
    SharedSchema,
    /// Whether there is a schema at all.
    Schema,
    /// The branches of `oneOf`, `anyOf`, `allOf`, or another keyword with schemas.
    Composition,
}
