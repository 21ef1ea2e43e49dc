//! Bounds on the values that filters make. The engine counts instructions and what is written, not what lies between.

use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, filters};

/// The filter that what `set` keeps goes through.
pub(super) const BOUNDED: &str = "bounded";

/// Bytes of one text.
const MOST_TEXT: usize = 1 << 20;
/// Items of one list.
const MOST_ITEMS: usize = 100_000;
/// The widest indent, field or count.
pub(super) const MOST_WIDTH: usize = 1_000;
/// Texts of more bytes than this count together.
const LARGE_TEXT: usize = 16 << 10;
/// So many bytes of large texts may be kept in one rendering.
const MOST_KEPT: usize = 16 << 20;

/// Lists and maps in each other, in what `set` keeps: letting go of them goes down the stack.
const MOST_DEPTH: usize = 64;
/// So many values are looked at to see how deep they are.
const MOST_LOOKED: usize = 5_000;

type Guard = fn(&[Value]) -> Result<(), Error>;

/// Puts the guards before the filters of the engine that can make much out of little, and those that make lists.
pub(super) fn add(environment: &mut Environment<'static>) {
    let guarded: [(&'static str, Value, Guard); 12] = [
        ("replace", Value::from_function(filters::replace), replace),
        ("indent", Value::from_function(filters::indent), indent),
        ("format", Value::from_function(filters::format), format),
        ("tojson", Value::from_function(filters::tojson), widths),
        ("batch", Value::from_function(filters::batch), widths),
        ("slice", Value::from_function(filters::slice), widths),
        ("list", Value::from_function(filters::list), |_| Ok(())),
        ("sort", Value::from_function(filters::sort), |_| Ok(())),
        ("unique", Value::from_function(filters::unique), |_| Ok(())),
        ("reverse", Value::from_function(filters::reverse), |_| Ok(())),
        ("map", Value::from_function(filters::map), |_| Ok(())),
        ("string", Value::from_function(filters::string), |_| Ok(())),
    ];
    for (name, original, guard) in guarded {
        environment.add_filter(name, move |state: &mut State, arguments: Rest<Value>, named: Kwargs| {
            let arguments = together(arguments, named);
            arguments.first().map_or(Ok(()), check_items)?;
            guard(&arguments)?;
            original.call(state, &arguments)
        });
    }
    let original = Value::from_function(filters::join);
    environment.add_filter("join", move |state: &mut State, arguments: Rest<Value>, named: Kwargs| {
        let mut arguments = together(arguments, named);
        join(&mut arguments)?;
        original.call(state, &arguments)
    });
    environment.add_filter(BOUNDED, bounded);
}

/// The arguments as a filter is called with them: those with a name last, in one value.
fn together(arguments: Rest<Value>, named: Kwargs) -> Vec<Value> {
    let named = named.args().next().is_some().then(|| Value::from(named.clone()));
    arguments.0.into_iter().chain(named).collect()
}

/// Lets through what is kept, unless it is too much.
fn bounded(state: &mut State, value: Value) -> Result<Value, Error> {
    check_items(&value)?;
    check_depth(&value)?;
    let Some(bytes) = value.as_str().map(str::len) else { return Ok(value) };
    check_text(bytes)?;
    if bytes > LARGE_TEXT {
        let kept = state.get_temp(BOUNDED).and_then(|kept| kept.as_usize()).unwrap_or_default() + bytes;
        if kept > MOST_KEPT {
            return Err(error(format!("keeps more than {} MiB of text with `set`", MOST_KEPT >> 20)));
        }
        state.set_temp(BOUNDED, Value::from(kept));
    }
    Ok(value)
}

fn error(what: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, what)
}

fn check_text(bytes: usize) -> Result<(), Error> {
    if bytes <= MOST_TEXT {
        return Ok(());
    }
    Err(error(format!("makes a text of more than {} MiB; write it in parts", MOST_TEXT >> 20)))
}

/// Whether a value that has items has not too many.
fn check_items(value: &Value) -> Result<(), Error> {
    let has_items = matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
    match value.len() {
        Some(items) if has_items && items > MOST_ITEMS => {
            Err(error(format!("makes a list of more than {MOST_ITEMS} items; go through it in a loop")))
        }
        _ => Ok(()),
    }
}

fn check_depth(value: &Value) -> Result<(), Error> {
    let mut open = vec![(value.clone(), 0)];
    for _ in 0..MOST_LOOKED {
        let Some((value, depth)) = open.pop() else { break };
        if depth > MOST_DEPTH {
            return Err(error(format!("keeps lists in lists, more than {MOST_DEPTH} deep, with `set`")));
        }
        let items = match value.kind() {
            ValueKind::Seq => value.try_iter()?.take(MOST_LOOKED).collect(),
            ValueKind::Map => value.try_iter()?.take(MOST_LOOKED).filter_map(|key| value.get_item(&key).ok()).collect(),
            _ => Vec::new(),
        };
        open.extend(items.into_iter().map(|item| (item, depth + 1)));
    }
    Ok(())
}

fn check_width(width: usize) -> Result<(), Error> {
    if width <= MOST_WIDTH {
        return Ok(());
    }
    Err(error(format!("asks for a width or count of {width}, and at most {MOST_WIDTH} are made")))
}

/// The numbers among the arguments, named or not.
fn widths(arguments: &[Value]) -> Result<(), Error> {
    let behind = arguments.get(1..).unwrap_or_default();
    let named = behind
        .iter()
        .filter_map(|value| Kwargs::try_from(value.clone()).ok())
        .flat_map(|named| ["width", "indent", "count"].map(|name| named.peek::<usize>(name).unwrap_or_default()));
    behind.iter().filter(|value| value.is_number()).filter_map(Value::as_usize).chain(named).try_for_each(check_width)
}

fn text(value: Option<&Value>) -> String {
    value.map(Value::to_string).unwrap_or_default()
}

fn replace(arguments: &[Value]) -> Result<(), Error> {
    let (value, from, to) = (text(arguments.first()), text(arguments.get(1)), text(arguments.get(2)));
    check_text(value.matches(from.as_str()).count().saturating_mul(to.len()).saturating_add(value.len()))
}

fn indent(arguments: &[Value]) -> Result<(), Error> {
    widths(arguments)?;
    let value = text(arguments.first());
    // What is indented has as many lines; those of the widest are the worst.
    let width = arguments.get(1..).unwrap_or_default().iter().find_map(Value::as_usize).unwrap_or(8);
    check_text(value.lines().count().saturating_mul(width).saturating_add(value.len()))
}

/// Widths stand in the pattern, or for `*` among the arguments; each part takes as much as the longest value.
fn format(arguments: &[Value]) -> Result<(), Error> {
    let pattern = text(arguments.first());
    let digits = pattern.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let widest = digits.map(|digits| digits.parse().unwrap_or(usize::MAX)).max().unwrap_or_default();
    check_width(widest)?;
    if pattern.contains('*') {
        widths(arguments)?;
    }
    let longest = arguments.iter().skip(1).map(|value| value.to_string().len()).max().unwrap_or_default();
    check_text(pattern.matches(['%', '{']).count().saturating_mul(longest + widest).saturating_add(pattern.len()))
}

/// The items are gone through once, to see what they make.
fn join(arguments: &mut [Value]) -> Result<(), Error> {
    let joiner = text(arguments.get(1).filter(|value| value.as_str().is_some())).len();
    let Some(value) = arguments.first_mut() else { return Ok(()) };
    if let Some(text) = value.as_str() {
        return check_text(text.len().saturating_mul(1 + joiner));
    }
    check_items(value)?;
    let (mut items, mut bytes) = (Vec::new(), 0_usize);
    // What has no items is for the filter to complain of.
    let Ok(found) = value.try_iter() else { return Ok(()) };
    for item in found {
        bytes += joiner + item.as_str().map_or_else(|| item.to_string().len(), str::len);
        check_text(bytes)?;
        items.push(item);
    }
    *value = Value::from(items);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::super::Engine;

    fn render(template: &str) -> Result<String, String> {
        let engine = Engine::new(BTreeMap::from([("a.j2".to_owned(), template.to_owned())])).unwrap();
        engine.render("a.j2", &json!({ "list": [1, "b"] })).map_err(|error| error.reason)
    }

    #[test]
    fn much_out_of_little_is_refused() {
        let doubled = |start: &str, step: &str| {
            let set = format!("{{% set ns.x = {step} %}}");
            format!("{{% set ns = namespace(x={start}) %}}{{% for i in range(60) %}}{set}{{% endfor %}}")
        };
        let large = "{% set a = 'x' * 1000000 %}".to_owned();
        for (template, reason) in [
            ("{{ 'a\nb'|indent(4000000000) }}".to_owned(), "a width or count of 4000000000"),
            ("{{ 'a\nb'|indent(width=4000000000) }}".to_owned(), "a width or count of 4000000000"),
            ("{{ '%4000000000d'|format(1) }}".to_owned(), "a width or count of 4000000000"),
            ("{{ '%*d'|format(4000000000, 1) }}".to_owned(), "a width or count of 4000000000"),
            ("{{ {'a': [1]}|yaml_block(indent=4000000000) }}".to_owned(), "an indent of 4000000000"),
            ("{{ {'a': [1]}|tojson(indent=4000000000) }}".to_owned(), "a width or count of 4000000000"),
            ("{{ [1]|slice(4000000000)|length }}".to_owned(), "a width or count of 4000000000"),
            ("{{ ([1] * 90000000)|list|length }}".to_owned(), "a list of more than 100000 items"),
            (format!("{large}{{{{ [a, a]|join }}}}"), "a text of more than 1 MiB"),
            (format!("{large}{{{{ a|replace('x', 'yy')|length }}}}"), "a text of more than 1 MiB"),
            (large.repeat(17), "more than 16 MiB of text"),
            (doubled("'a'", "ns.x ~ ns.x"), "a text of more than 1 MiB"),
            (doubled("['a']", "ns.x + ns.x"), "a list of more than 100000 items"),
            (doubled("'aa'", "ns.x|replace('a', 'aaaaaaaaaa')"), "a text of more than 1 MiB"),
            (doubled("[]", "[1, ns.x, 2]").repeat(2).replace("60", "70"), "more than 64 deep"),
            ("{% set b %}{{ 'x' * 2000000 }}{% endset %}".to_owned(), "a text of more than 1 MiB"),
        ] {
            let error = render(&template).unwrap_err();
            assert!(error.starts_with("line ") && error.contains(reason), "{template:.99}: {error}");
        }
    }

    #[test]
    fn what_templates_do_goes_through() {
        for (template, text) in [
            ("{{ 'a\nb'|indent(2) }} {{ 'a\nb'|indent(width=2, first=true) }}", "a\n  b   a\n  b\n"),
            ("{{ '%05.1f|%s|%-4s|'|format(1.25, 'x', 'y') }}", "001.2|x|y   |\n"),
            ("{{ list|join(', ') }} {{ 'ab'|join('-') }} {{ [[1], 2]|map('string')|join }}", "1, b a-b [1]2\n"),
            (
                "{{ 'aba'|replace('a', 'cc') }} {{ list|batch(1)|list }} {{ list|reverse|list }}",
                "ccbcc [[1], ['b']] ['b', 1]\n",
            ),
            ("{% set ns = namespace(n=0) %}{% for i in list %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}", "2\n"),
            (
                "{% set a, b = 1, 2 %}{% set c %}{{ a }}{{ b }}{% endset %}{% set d|upper %}x{% endset %}{{ c }}{{ d }}",
                "12X\n",
            ),
            (
                "{% set a = 1 if list else 2 %}{% set b = not a %}{{ a }} {{ b }} {{ {'a': 1}|tojson(indent=1) }}",
                "1 False {\n \"a\": 1\n}\n",
            ),
        ] {
            assert_eq!(render(template).as_deref(), Ok(text), "{template}");
        }
    }
}
