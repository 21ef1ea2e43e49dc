//! Every keyword of a schema with every large value, in three places: once, behind an alias that many schemas hold, and in a
//! component that many refer to.

use super::shape::{JSON, Shape, YAML};
use super::shapes::shape;

const KEYWORDS: [&str; 36] = [
    "type",
    "enum",
    "const",
    "default",
    "example",
    "examples",
    "required",
    "properties",
    "patternProperties",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "items",
    "prefixItems",
    "contains",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "$defs",
    "discriminator",
    "xml",
    "title",
    "description",
    "format",
    "pattern",
    "minimum",
    "maxLength",
    "contentMediaType",
    "externalDocs",
    "x-extensible-enum",
    "x-own",
    "unknown",
];

/// Name, what stands before, what is repeated, what stands behind.
const VALUES: [(&str, [&str; 3]); 14] = [
    ("digits", ["[0", ",@", "]"]),
    ("texts", ["['a'", ",'@~'", "]"]),
    ("nested", ["[0", ",[[{'':@}]]", "]"]),
    ("lists", ["[[]", ",['@~',@]", "]"]),
    ("schemas", ["[{}", ",{'const':'@~'}", "]"]),
    ("bare schemas", ["[{'const':'@'}", ",{}", "]"]),
    ("refusals", ["[{'const':'@'}", ",false", "]"]),
    ("references", ["[{}", ",{'$ref':'#/components/schemas/B@'}", "]"]),
    ("map", ["{'a':{}", ",'@~':{}", "}"]),
    ("map of digits", ["{'a':1", ",'@~':@", "}"]),
    ("map of lists", ["{'a':[]", ",'a~':['b@']", "}"]),
    ("map of types", ["{'a':{}", ",'@~':{'type':'string'}", "}"]),
    ("object", ["{'properties':{'a':{}", ",'@~':{'minLength':@}", "}}"]),
    ("text", ["'", "@", "'"]),
];

/// All keywords with all values in all places.
pub fn all() -> Vec<Shape> {
    let pairs = KEYWORDS.iter().flat_map(|&keyword| VALUES.iter().map(move |&(name, value)| (keyword, name, value)));
    pairs.flat_map(|(keyword, name, value)| places(keyword, name, value)).collect()
}

const SCHEMA: &str = "'schemas':{'B1':{'type':'string'},'B2':{'type':'integer'}";
const BODY: &str = "'requestBody':{'content':{'a/json':{'schema':{'$ref':'#/components/schemas/A'}}}}";
const ANSWER: &str = "'responses':{'200':{'content':{'a/json':{'schema':{'$ref':'#/components/schemas/A'}}}}}";

fn places(keyword: &str, name: &str, [before, one, behind]: [&str; 3]) -> [Shape; 3] {
    let contract = format!("'openapi':'3.1.0','paths':{{'/a':{{'post':{{{BODY},{ANSWER}}}}}}}");
    let components = format!("{contract},'components':{{{SCHEMA}");
    let once = format!("{{{components},'A':{{'{keyword}':{before}");
    let aliased = format!("{behind},{components},'A':{{'properties':{{'a':{{}}");
    let shared = format!("{{{components},'A':{{'properties':{{'a':{{}}");
    let referred = format!("}}}},'C':{{'{keyword}':{before}");
    let tokens = ["1", "2"];
    let end = format!("{behind}}}}}}}}}");
    [
        shape(&format!("{keyword} of {name}"), JSON, [&once, one, &end, "", ""], tokens),
        shape(
            &format!("{keyword} of {name}, aliased"),
            YAML,
            [&format!("{{'x':&a {before}"), one, &aliased, &format!(",'p~':{{'{keyword}':*a ,'y':'%'}}"), "}}}}}"],
            tokens,
        ),
        shape(
            &format!("{keyword} of {name}, referred to"),
            JSON,
            [&shared, ",'p~':{'$ref':'#/components/schemas/C'}", &referred, one, &end],
            tokens,
        ),
    ]
}
