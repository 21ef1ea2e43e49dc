//! The shapes that have names of their own: what is long, what is repeated, and what many places share.

use super::shape::{EVENT, JSON, Place, SPEC, Shape, YAML};

type Parts = [&'static str; 5];

/// All of them.
pub fn named() -> Vec<Shape> {
    let tokens = ["1", "2"];
    let of = |place: Place, tokens, list: &[(&str, Parts)]| -> Vec<Shape> {
        list.iter().map(|&(name, parts)| shape(name, place, parts, tokens)).collect()
    };
    let once = |place, list: &[(&str, [&'static str; 3])]| -> Vec<Shape> {
        let parts = |[before, one, behind]: [&'static str; 3]| [before, one, behind, "", ""];
        list.iter().map(|&(name, of)| shape(name, place, parts(of), tokens)).collect()
    };
    [
        once(JSON, &LARGE),
        once(YAML, &LARGE_YAML),
        once(EVENT, &EVENTS),
        once(Place::File("services/s/pacts/pact.json"), &PACTS),
        once(Place::File(".speckit.config.json"), &CONFIGURATIONS),
        once(Place::File("constitution.md"), &CONSTITUTIONS),
        once(SPEC, &SPECS),
        once(Place::Services, &SERVICES),
        of(JSON, ["string", "object"], &TYPED),
        of(EVENT, ["string", "object"], &TYPED_EVENTS),
        of(JSON, tokens, &SHARED),
        of(JSON, tokens, &LONG),
        of(YAML, tokens, &ALIASED),
        of(Place::Shared, tokens, &FILES),
    ]
    .concat()
}

/// A shape from texts.
pub fn shape(name: &str, place: Place, parts: [&str; 5], tokens: [&'static str; 2]) -> Shape {
    Shape { name: name.to_owned(), place, parts: parts.map(str::to_owned), tokens }
}

const LARGE: [(&str, [&str; 3]); 24] = [
    (
        "resources",
        [
            "{'openapi':'3.1.0','components':{'schemas':{'A':{}",
            ",'A~':{'$id':'a~','$anchor':'b','items':{'$ref':'#b'},'not':{'$ref':'a~+'}}",
            "}}}",
        ],
    ),
    (
        "resources of a resource",
        [
            "{'openapi':'3.1.0','components':{'schemas':{'A':{'$id':'https://%','$defs':{'A':{}",
            ",'A~':{'$id':'a~','$ref':'a~+'}",
            "}}}}}",
        ],
    ),
    (
        "patterns",
        [
            "{'openapi':'3.1.0','components':{'schemas':{'A':{}",
            ",'A~':{'type':'string','pattern':'^[\\\\p{L}\\\\w]{1,2~}$','example':'@'}",
            "}}}",
        ],
    ),
    ("sequence", ["{'openapi':'3.1.0','x':[1", ",1", "]}"]),
    ("paths", ["{'openapi':'3.1.0','paths':{'/':{}", ",'/p@~':{}", "}}"]),
    (
        "path variables",
        [
            "{'openapi':'3.1.0','info':{'title':'a','version':'1'},'paths':{'/",
            "{a}",
            "':{'get':{'responses':{'200':{'description':'a'}}}}}}",
        ],
    ),
    ("operations", ["{'openapi':'3.1.0','paths':{'/':{}", ",'/p@~':{'get':{}}", "}}"]),
    (
        "references",
        ["{'openapi':'3.1.0','components':{'schemas':{'A':{}", ",'A~':{'$ref':'#/components/schemas/A~+'}", "}}}"],
    ),
    (
        "parameters",
        ["{'openapi':'3.1.0','paths':{'/a':{'get':{'parameters':[{}", ",{'name':'@~','in':'query'}", "]}}}}"],
    ),
    (
        "same parameters",
        ["{'openapi':'3.1.0','paths':{'/a':{'get':{'parameters':[{}", ",{'name':'a','in':'query'}", "]}}}}"],
    ),
    ("responses", ["{'openapi':'3.1.0','paths':{'/a':{'get':{'responses':{'200':{}", ",'@~':{}", "}}}}}"]),
    (
        "headers",
        ["{'openapi':'3.1.0','paths':{'/a':{'get':{'responses':{'200':{'headers':{'a':{}", ",'@~':{}", "}}}}}}}"],
    ),
    ("links", ["{'openapi':'3.1.0','paths':{'/a':{'get':{'responses':{'200':{'links':{'a':{}", ",'@~':{}", "}}}}}}}"]),
    (
        "media types",
        ["{'openapi':'3.1.0','paths':{'/a':{'get':{'requestBody':{'content':{'a':{}", ",'x/@~':{}", "}}}}}}"],
    ),
    ("tags", ["{'openapi':'3.1.0','paths':{'/a':{'get':{'tags':['a'", ",'@~'", "]}}}}"]),
    ("security", ["{'openapi':'3.1.0','paths':{'/a':{'get':{'security':[{'z':[]}", ",{'@~':[]}", "]}}}}"]),
    ("webhooks", ["{'openapi':'3.1.0','webhooks':{'a':{}", ",'@~':{'post':{}}", "}}"]),
    ("servers", ["{'openapi':'3.1.0','paths':{'/a':{'get':{}}},'servers':[{}", ",{'url':'/@~'}", "]}"]),
    ("extensions", ["{'openapi':'3.1.0','paths':{'/a':{'get':{'x-a':1", ",'x-@~':1", "}}}}"]),
    ("examples", [EXAMPLES, ",'@~':{'value':@}", "}}}}}}}}"]),
    ("encodings", [ENCODINGS, ",'@~':{}", "}}}}}}}"]),
    ("suppressed names", ["{'openapi':'3.1.0','x-agentspec-ignore':{'a':'b'", ",'r@~':'b'", "}}"]),
    ("suppressed objects", ["{'openapi':'3.1.0','x-^':{'x-a':[1", ",{'x-agentspec-ignore':{'r@~':'b'}}", "]}}"]),
    ("held objects", ["{'openapi':'3.1.0','x-^':[1", ",{'x-agentspec-ignore':{'merge-key':'b'}}", "]}"]),
];

const EXAMPLES: &str =
    "{'openapi':'3.1.0','paths':{'/a':{'post':{'requestBody':{'content':{'a/json':{'examples':{'a':{}";
const ENCODINGS: &str =
    "{'openapi':'3.1.0','paths':{'/a':{'post':{'requestBody':{'content':{'a/form':{'encoding':{'a':{}";

const LARGE_YAML: [(&str, [&str; 3]); 8] = [
    ("flow map", ["openapi: 3.1.0\nx: {a", ",a", "}\n"]),
    ("flow sequence", ["openapi: 3.1.0\nx: [1", ",1", "]\n"]),
    ("block operations", ["openapi: 3.1.0\npaths:\n", "  /@~:\n    get: {}\n", ""]),
    ("ignored names", ["# agentspec-ignore a", ",r@~", ": b\nopenapi: 3.1.0\n"]),
    ("ignored nothing", ["# agentspec-ignore a", ",", ": b\nopenapi: 3.1.0\n"]),
    ("ignored lines", ["openapi: 3.1.0\n", "# agentspec-ignore merge-key: a\n", "paths: {}\n"]),
    ("ignored in a line", ["openapi: 3.1.0", " # agentspec-ignore a@~", "\n"]),
    ("block schemas", ["openapi: 3.1.0\ncomponents:\n  schemas:\n", "    A~:\n      enum: [@]\n", ""]),
];

const EVENTS: [(&str, [&str; 3]); 2] = [
    ("event fields", ["{'eventType':'a.b.c','payload':{'a':'string'", ",'@~':'string'", "}}"]),
    ("event publishers", ["{'eventType':'a.b.c','consumers':['a'", ",'@~'", "]}"]),
];

const PACTS: [(&str, [&str; 3]); 2] = [
    (
        "interactions",
        [
            "{'consumer':{'name':'c'},'provider':{'name':'s'},'interactions':[{}",
            ",{'request':{'method':'GET','path':'/a'}}",
            "]}",
        ],
    ),
    (
        "matching rules",
        [
            "{'consumer':{'name':'c'},'provider':{'name':'s'},'interactions':[{'request':{'method':'GET','path':'/a'},\
             'response':{'status':200,'body':{'a':1},'matchingRules':{'$.body.b':{}",
            ",'$.body.a~.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*':{}",
            "}}}]}",
        ],
    ),
];

const CONFIGURATIONS: [(&str, [&str; 3]); 3] = [
    ("unknown keys", ["{'a':1", ",'@~':1", "}"]),
    ("unknown rules", ["{'rules':{'a':'off'", ",'@~':'off'", "}}"]),
    ("declared services", ["{'services':{'a':{}", ",'@~':{}", "}}"]),
];

const CONSTITUTIONS: [(&str, [&str; 3]); 3] = [
    ("principles", ["# Constitution\n\n## Core Principles\n\n", "### a@~\n\nMUST\n", ""]),
    ("statements", ["# Constitution\n\n## Core Principles\n\n### I. A\n\n", "- a MUST b@~\n", ""]),
    ("headings", ["", "# a@~\n", ""]),
];

const SPECS: [(&str, [&str; 3]); 18] = [
    ("rows", ["## Upstream Services\n\n| Service | Purpose |\n|---|---|\n", "| a | b |\n", ""]),
    ("numbered rows", ["## Upstream Services\n\n| Service | Purpose |\n|---|---|\n", "| a~ | b |\n", ""]),
    ("bullets", ["## Upstream Services\n\n", "- a\n", ""]),
    ("names in a line", ["## Service Dependencies\n\nUpstream: a", ",a", "\n"]),
    ("operations in a cell", ["## Upstream Services\n\n| Service | API |\n|---|---|\n| a | b", ",b", " |\n"]),
    (
        "nested bullets",
        ["## Upstream Services\n\n", "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - a\n", ""],
    ),
    ("spec headings", ["# T\n\n", "# a\n", ""]),
    ("events", ["## Events Published\n\n", "### e~\n", ""]),
    ("scenarios", ["## User Scenarios\n\n", "### P1: a\n", ""]),
    ("steps", ["## User Scenarios\n\n### P1: a\n", "- Given a\n", ""]),
    ("placeholders", ["# T\n\n", "TODO\n", ""]),
    ("entities", ["## Data Ownership\n\n| Entity | Fields |\n|---|---|\n", "| E~ | b |\n", ""]),
    ("saga steps", ["## Saga\n\n### Saga: a\n\n", "1. b: c\n", ""]),
    ("brackets", ["- ", "[", ""]),
    ("code marks", ["- ", "`a` ", ""]),
    ("emphasis", ["- ", "*a **b ", ""]),
    ("quotations", ["", ">", "a"]),
    ("comments", ["", "<!--a-->\n", ""]),
];

const SERVICES: [(&str, [&str; 3]); 1] =
    [("many services", ["{'openapi':'3.1.0','paths':{'/':{}", ",'/@~':{'get':{}}", "}}"])];

const TYPED: [(&str, Parts); 2] = [
    (
        "parameter types",
        [
            "{'openapi':'3.1.0','paths':{'/a':{'get':{'parameters':[{}",
            ",{'name':'p~','in':'query','schema':{'type':'@'}}",
            "]}}}}",
            "",
            "",
        ],
    ),
    (
        "chain",
        [
            "{'openapi':'3.1.0','paths':{'/a':{'post':{'requestBody':{'content':{'a/json':{'schema':\
             {'$ref':'#/components/schemas/A0'}}}}}}},'components':{'schemas':{'A':{}",
            ",'A~':{'properties':{'n':{'$ref':'#/components/schemas/A~+'},'v':{'type':'@'}}}",
            "}}}",
            "",
            "",
        ],
    ),
];

const TYPED_EVENTS: [(&str, Parts); 1] = [(
    "event types",
    ["{'eventType':'a.b.c','schema':{'type':'object','properties':{'a':{}", ",'p~':{'type':'@'}", "}}}", "", ""],
)];

const ONE: &str = "{'openapi':'3.1.0','paths':{'/a':{'get':{'responses':{'default':{}";
const RESPONSE: &str = ",'~':{'$ref':'#/components/responses/R'}";
const PATHS: &str = "{'openapi':'3.1.0','paths':{'/':{}";
const ITEM: &str = ",'/p~':{'$ref':'#/components/pathItems/R'}";

/// Half of the file refers, the other half is referred to.
const SHARED: [(&str, Parts); 15] = [
    ("shared headers", [ONE, RESPONSE, "}}}},'components':{'responses':{'R':{'headers':{'a':{}", ",'@~':{}", "}}}}}"]),
    ("shared links", [ONE, RESPONSE, "}}}},'components':{'responses':{'R':{'links':{'a':{}", ",'@~':{}", "}}}}}"]),
    (
        "shared content",
        [ONE, RESPONSE, "}}}},'components':{'responses':{'R':{'content':{'a':{}", ",'x/@~':{}", "}}}}}"],
    ),
    ("shared description", [ONE, RESPONSE, "}}}},'components':{'responses':{'R':{'description':'", "@", "'}}}}"]),
    (
        "shared header content",
        [
            "{'openapi':'3.1.0','paths':{'/a':{'get':{'responses':{'200':{'headers':{'a':{}",
            ",'h~':{'$ref':'#/components/headers/R'}",
            "}}}}}},'components':{'headers':{'R':{'content':{'a':{}",
            ",'x/@~':{}",
            "}}}}}",
        ],
    ),
    (
        "shared parameter content",
        [
            PATHS,
            ",'/p~':{'get':{'parameters':[{'$ref':'#/components/parameters/R'}]}}",
            "},'components':{'parameters':{'R':{'name':'a','in':'query','content':{'a':{}",
            ",'x/@~':{}",
            "}}}}}",
        ],
    ),
    (
        "shared bodies",
        [
            PATHS,
            ",'/p~':{'post':{'requestBody':{'$ref':'#/components/requestBodies/R'}}}",
            "},'components':{'requestBodies':{'R':{'content':{'a':{}",
            ",'x/@~':{}",
            "}}}}}",
        ],
    ),
    (
        "shared callbacks",
        [
            PATHS,
            ",'/p~':{'post':{'callbacks':{'c':{'$ref':'#/components/callbacks/R'}}}}",
            "},'components':{'callbacks':{'R':{'a':{}",
            ",'@~':{'post':{}}",
            "}}}}",
        ],
    ),
    (
        "item parameters",
        [
            PATHS,
            ITEM,
            "},'components':{'pathItems':{'R':{'get':{'parameters':[{}",
            ",{'name':'@~','in':'query'}",
            "]}}}}}",
        ],
    ),
    (
        "item responses",
        [PATHS, ITEM, "},'components':{'pathItems':{'R':{'get':{'responses':{'a':{}", ",'@~':{}", "}}}}}}"],
    ),
    ("item tags", [PATHS, ITEM, "},'components':{'pathItems':{'R':{'get':{'tags':['a'", ",'@~'", "]}}}}}"]),
    (
        "item callbacks",
        [
            PATHS,
            ITEM,
            "},'components':{'pathItems':{'R':{'get':{'callbacks':{'a':{}",
            ",'@~':{'x':{'post':{}}}",
            "}}}}}}",
        ],
    ),
    ("item texts", [PATHS, ITEM, "},'components':{'pathItems':{'R':{'get':{'operationId':'", "@", "'}}}}}"]),
    ("shared security", [PATHS, ",'/p~':{'get':{}}", "},'security':[{'a':[]}", ",{'@~':[]}", "]}"]),
    ("shared scopes", [PATHS, ",'/p~':{'get':{}}", "},'security':[{'a':['a'", ",'@~'", "]}]}"]),
];

/// A key of a quarter of the size, and many parts below it.
const LONG: [(&str, Parts); 5] = [
    (
        "long path",
        ["{'openapi':'3.1.0','paths':{'/^':{'get':{'parameters':[{}", ",{'name':'@~','in':'query'}", "]}}}}", "", ""],
    ),
    (
        "long path responses",
        ["{'openapi':'3.1.0','paths':{'/^':{'get':{'responses':{'a':{}", ",'@~':{}", "}}}}}", "", ""],
    ),
    (
        "long path callbacks",
        ["{'openapi':'3.1.0','paths':{'/^':{'get':{'callbacks':{'a':{}", ",'@~':{'x':{'post':{}}}", "}}}}}", "", ""],
    ),
    (
        "long status",
        [
            "{'openapi':'3.1.0','paths':{'/a':{'get':{'responses':{'2^':{'headers':{'a':{}",
            ",'@~':{}",
            "}}}}}}}",
            "",
            "",
        ],
    ),
    (
        "long property",
        [
            "{'openapi':'3.1.0','paths':{'/a':{'get':{'responses':{'200':{'content':{'a/json':{'schema':\
             {'$ref':'#/components/schemas/A'}}}}}}}},'components':{'schemas':{'A':{'properties':{'^':{'properties':{'a':{}",
            ",'@~':{'type':'string'}",
            "}}}}}}}",
            "",
            "",
        ],
    ),
];

const ALIASED: [(&str, Parts); 3] = [
    (
        "alias of operations",
        ["openapi: 3.1.0\nx: &a '", "@", "'\npaths: {/: {}", ",/p~: {get: {operationId: *a, x: %}}", "}\n"],
    ),
    (
        "alias of parameters",
        [
            "openapi: 3.1.0\nx: &a [{}",
            ",{name: '@~', in: query}",
            "]\npaths: {/: {}",
            ",/p~: {get: {parameters: *a, x: %}}",
            "}\n",
        ],
    ),
    (
        "alias of responses",
        ["openapi: 3.1.0\nx: &a {a: {}", ",'@~': {}", "}\npaths: {/: {}", ",/p~: {get: {responses: *a, x: %}}", "}\n"],
    ),
];

const FILES: [(&str, Parts); 1] = [(
    "shared file",
    [
        "{'openapi':'3.1.0','paths':{'/a':{'get':{'responses':{'200':{}",
        ",'~':{'$ref':'../../../shared/r.json#/R'}",
        "}}}}}",
        ",'@~':{}",
        "}}}",
    ],
)];
