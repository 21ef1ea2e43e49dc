//! Words that names are held against: letters with their plain form, and what languages keep for themselves.

/// Letters of Latin-1 Supplement and Latin Extended-A with their base letter.
pub(super) const LATIN: &[(&str, &str)] = &[
    ("àáâãäåāăą", "a"),
    ("ÀÁÂÃÄÅĀĂĄ", "A"),
    ("çćĉċč", "c"),
    ("ÇĆĈĊČ", "C"),
    ("ðďđ", "d"),
    ("ÐĎĐ", "D"),
    ("èéêëēĕėęě", "e"),
    ("ÈÉÊËĒĔĖĘĚ", "E"),
    ("ĝğġģ", "g"),
    ("ĜĞĠĢ", "G"),
    ("ĥħ", "h"),
    ("ĤĦ", "H"),
    ("ìíîïĩīĭįı", "i"),
    ("ÌÍÎÏĨĪĬĮİ", "I"),
    ("ĵ", "j"),
    ("Ĵ", "J"),
    ("ķĸ", "k"),
    ("Ķ", "K"),
    ("ĺļľŀł", "l"),
    ("ĹĻĽĿŁ", "L"),
    ("ñńņňŉŋ", "n"),
    ("ÑŃŅŇŊ", "N"),
    ("òóôõöøōŏő", "o"),
    ("ÒÓÔÕÖØŌŎŐ", "O"),
    ("ŕŗř", "r"),
    ("ŔŖŘ", "R"),
    ("śŝşš", "s"),
    ("ŚŜŞŠ", "S"),
    ("ţťŧ", "t"),
    ("ŢŤŦ", "T"),
    ("ùúûüũūŭůűų", "u"),
    ("ÙÚÛÜŨŪŬŮŰŲ", "U"),
    ("ŵ", "w"),
    ("Ŵ", "W"),
    ("ýÿŷ", "y"),
    ("ÝŸŶ", "Y"),
    ("źżž", "z"),
    ("ŹŻŽ", "Z"),
    ("ß", "ss"),
    ("æ", "ae"),
    ("Æ", "AE"),
    ("œ", "oe"),
    ("Œ", "OE"),
    ("þ", "th"),
    ("Þ", "TH"),
];

/// Keywords and soft keywords (The Python Language Reference, section 2.3), and built-ins that generated code calls.
#[rustfmt::skip]
pub(super) const PYTHON: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "match", "case", "type", "self", "cls",
    "bool", "bytes", "dict", "float", "id", "int", "isinstance", "len", "list", "max", "min", "object", "print",
    "range", "set", "str", "sum", "super", "tuple",
];

/// Reserved words (ECMA-262, section 12.7.2, and those of TypeScript), and globals that generated code needs.
#[rustfmt::skip]
pub(super) const TYPESCRIPT: &[&str] = &[
    "abstract", "any", "arguments", "as", "async", "await", "bigint", "boolean", "break", "case", "catch", "class",
    "const", "constructor", "continue", "debugger", "declare", "default", "delete", "do", "else", "enum", "eval",
    "export", "extends", "false", "finally", "for", "from", "function", "get", "if", "implements", "import", "in",
    "instanceof", "interface", "is", "keyof", "let", "module", "namespace", "never", "new", "null", "number",
    "object", "of", "package", "private", "protected", "public", "readonly", "require", "return", "set", "static",
    "string", "super", "switch", "symbol", "this", "throw", "true", "try", "type", "typeof", "undefined", "unique",
    "unknown", "var", "void", "while", "with", "yield", "Array", "Boolean", "Date", "Error", "Map", "Number",
    "Object", "Promise", "Record", "Set", "String", "Symbol",
];

/// Keywords and predeclared identifiers (The Go Programming Language Specification, "Keywords" and "Predeclared
/// identifiers").
#[rustfmt::skip]
pub(super) const GO: &[&str] = &[
    "any", "append", "bool", "break", "byte", "cap", "case", "chan", "clear", "close", "comparable", "complex",
    "complex128", "complex64", "const", "continue", "copy", "default", "defer", "delete", "else", "error",
    "fallthrough", "false", "float32", "float64", "for", "func", "go", "goto", "if", "imag", "import", "int", "int16",
    "int32", "int64", "int8", "interface", "iota", "len", "make", "map", "max", "min", "new", "nil", "package",
    "panic", "print", "println", "range", "real", "recover", "return", "rune", "select", "string", "struct", "switch",
    "true", "type", "uint", "uint16", "uint32", "uint64", "uint8", "uintptr", "var",
];
