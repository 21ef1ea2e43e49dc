//! Guards before the filters, tests and functions that a user's templates may call: what a call goes through is counted, what
//! makes much out of little is refused before it is made, and what was made is entered in the budget.

use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, filters, tests};

use super::budget::{Size, check_items, check_text, error, has_items};
use super::made::{self, budget, made};

/// The widest indent, field or count.
pub(super) const MOST_WIDTH: usize = 1_000;

/// Bytes that a filter needs for an item that it puts into a list or pair of its own.
const NEW_ITEM: usize = 100;

/// What a filter does with what it is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goes {
    /// Gives a value that there is, or a number.
    Past,
    /// Reads texts; a list is written as one first.
    OverText,
    /// Goes through the items of a list.
    OverItems,
    /// The same, and what it gives is made of new lists or texts.
    OverItemsAnew,
    /// Compares items with each other.
    OverPairs,
    /// Writes a value with all that is in it, indented by so much.
    Through(usize),
}

type Guard = fn(&mut State, &mut [Value]) -> Result<(), Error>;

/// The filters of the engine, each with what it does.
fn of_the_engine() -> Vec<(&'static str, Value, Goes)> {
    use Goes::{OverItems, OverItemsAnew, OverPairs, OverText, Past, Through};
    let escape = Value::from_function(filters::escape);
    let default = Value::from_function(filters::default);
    let length = Value::from_function(filters::length);
    vec![
        ("default", default.clone(), Past),
        ("d", default, Past),
        ("length", length.clone(), Past),
        ("count", length, Past),
        ("first", Value::from_function(filters::first), Past),
        ("attr", Value::from_function(filters::attr), Past),
        ("bool", Value::from_function(filters::bool), Past),
        ("int", Value::from_function(filters::int), Past),
        ("float", Value::from_function(filters::float), Past),
        ("safe", Value::from_function(filters::safe), OverText),
        ("escape", escape.clone(), OverText),
        ("e", escape, OverText),
        ("lower", Value::from_function(filters::lower), OverText),
        ("upper", Value::from_function(filters::upper), OverText),
        ("title", Value::from_function(filters::title), OverText),
        ("capitalize", Value::from_function(filters::capitalize), OverText),
        ("trim", Value::from_function(filters::trim), OverText),
        ("replace", Value::from_function(filters::replace), OverText),
        ("indent", Value::from_function(filters::indent), OverText),
        ("format", Value::from_function(filters::format), OverText),
        ("split", Value::from_function(filters::split), OverItemsAnew),
        ("lines", Value::from_function(filters::lines), OverItemsAnew),
        ("items", Value::from_function(filters::items), OverItemsAnew),
        ("zip", Value::from_function(filters::zip), OverItemsAnew),
        ("batch", Value::from_function(filters::batch), OverItemsAnew),
        ("slice", Value::from_function(filters::slice), OverItemsAnew),
        ("chain", Value::from_function(filters::chain), OverItems),
        ("list", Value::from_function(filters::list), OverItems),
        ("last", Value::from_function(filters::last), OverItems),
        ("reverse", Value::from_function(filters::reverse), OverItems),
        ("map", Value::from_function(filters::map), OverItems),
        ("select", Value::from_function(filters::select), OverItems),
        ("reject", Value::from_function(filters::reject), OverItems),
        ("selectattr", Value::from_function(filters::selectattr), OverItems),
        ("rejectattr", Value::from_function(filters::rejectattr), OverItems),
        ("sum", Value::from_function(filters::sum), OverPairs),
        ("min", Value::from_function(filters::min), OverPairs),
        ("max", Value::from_function(filters::max), OverPairs),
        ("sort", Value::from_function(filters::sort), OverPairs),
        ("unique", Value::from_function(filters::unique), OverPairs),
        ("groupby", Value::from_function(filters::groupby), OverPairs),
        ("dictsort", Value::from_function(filters::dictsort), OverPairs),
        ("string", Value::from_function(filters::string), Through(0)),
        ("join", Value::from_function(filters::join), Through(0)),
        ("pprint", Value::from_function(filters::pprint), Through(4)),
        ("tojson", Value::from_function(filters::tojson), Through(0)),
    ]
}

/// Guards the filters of the engine and `own` ones, the tests that compare, and the functions.
pub(super) fn add(environment: &mut Environment<'static>, own: Vec<(&'static str, Value)>) {
    for (name, original, goes) in of_the_engine() {
        guarded(environment, name, original, goes);
    }
    for (name, original) in own {
        let goes = match name {
            "yaml_block" | "json" => Goes::Through(2),
            "yaml" => Goes::Through(0),
            _ => Goes::OverText,
        };
        guarded(environment, name, original, goes);
    }
    for (names, original) in comparisons() {
        for &name in names {
            let original = original.clone();
            environment.add_test(name, move |state: &mut State, arguments: Rest<Value>| {
                for argument in arguments.iter() {
                    budget(state).visit(argument, 0)?;
                }
                Ok::<_, Error>(original.call(state, &arguments)?.is_true())
            });
        }
    }
    environment.add_function("debug", debug);
    made::add(environment);
}

fn comparisons() -> Vec<(&'static [&'static str], Value)> {
    vec![
        (&["eq", "equalto", "=="], Value::from_function(tests::is_eq)),
        (&["ne", "!="], Value::from_function(tests::is_ne)),
        (&["lt", "lessthan", "<"], Value::from_function(tests::is_lt)),
        (&["le", "<="], Value::from_function(tests::is_le)),
        (&["gt", "greaterthan", ">"], Value::from_function(tests::is_gt)),
        (&["ge", ">="], Value::from_function(tests::is_ge)),
        (&["in"], Value::from_function(tests::is_in)),
        (&["sameas"], Value::from_function(tests::is_sameas)),
        (&["startingwith"], Value::from_function(tests::is_startingwith)),
        (&["endingwith"], Value::from_function(tests::is_endingwith)),
        (&["lower"], Value::from_function(tests::is_lower)),
        (&["upper"], Value::from_function(tests::is_upper)),
    ]
}

fn guarded(environment: &mut Environment<'static>, name: &'static str, original: Value, goes: Goes) {
    let guard: Option<Guard> = match name {
        "replace" => Some(replace),
        "indent" => Some(indent),
        "format" => Some(format),
        "tojson" | "batch" | "slice" => Some(widths),
        "map" => Some(mapped),
        "join" => Some(join),
        "sum" => Some(sum),
        "split" | "lines" => Some(split),
        _ => None,
    };
    environment.add_filter(name, move |state: &mut State, arguments: Rest<Value>, named: Kwargs| {
        let mut arguments = together(arguments, named);
        count(state, name, &arguments, goes)?;
        if let Some(guard) = guard {
            guard(state, &mut arguments)?;
        }
        let value = original.call(state, &arguments)?;
        if name == "groupby" {
            // Its groups hold lists that nobody else can see.
            let items = arguments.first().and_then(Value::len).unwrap_or_default();
            budget(state).charge(items * 200 + value.len().unwrap_or_default() * 8 * NEW_ITEM)?;
        }
        if goes == Goes::Past { Ok(value) } else { made(state, value, goes == Goes::OverItemsAnew) }
    });
}

/// The arguments as a filter is called with them: those with a name last, in one value.
fn together(arguments: Rest<Value>, named: Kwargs) -> Vec<Value> {
    let named = named.args().next().is_some().then(|| Value::from(named.clone()));
    arguments.0.into_iter().chain(named).collect()
}

/// Counts what a filter goes through.
fn count(state: &mut State, name: &str, arguments: &[Value], goes: Goes) -> Result<(), Error> {
    let budget = budget(state);
    // What stands behind is gone through for each item.
    let behind: usize = arguments.iter().skip(1).map(|argument| argument.as_str().map_or(0, str::len)).sum();
    let items = arguments.first().and_then(Value::len).unwrap_or_default();
    let is_list = arguments.first().is_some_and(|value| value.as_object().is_some());
    if is_list && goes != Goes::Past {
        check_items(items)?;
        budget.work(items.saturating_mul(behind) / 16)?;
    }
    for argument in arguments {
        let is_text = argument.as_str().is_some();
        match goes {
            Goes::OverItems | Goes::OverItemsAnew if !is_text => {
                let items = argument.len().unwrap_or_default();
                budget.work(items / 2)?;
                budget.reserve(items * if goes == Goes::OverItems { 24 } else { NEW_ITEM })?;
            }
            Goes::Past if !is_text => {}
            Goes::OverPairs => {
                let size = budget.visit(argument, 0)?;
                budget.work((size.items + size.bytes / 16) * 15)?;
                budget.reserve(argument.len().unwrap_or_default() * NEW_ITEM)?;
            }
            Goes::Through(indent) => {
                let indent = if indent > 0 { indent } else { widest(std::slice::from_ref(argument)).min(MOST_WIDTH) };
                let size = budget.visit(argument, indent)?;
                check_text(size.bytes + if name == "tojson" { size.escapes } else { 0 })?;
            }
            _ => {
                let size = budget.visit(argument, 0)?;
                if !is_text {
                    check_text(size.bytes)?;
                }
            }
        }
    }
    if let (Goes::Through(0), Some(value)) = (goes, arguments.first()) {
        // An indent is asked for by what stands behind the value.
        let indent = widest(arguments.get(1..).unwrap_or_default()).min(MOST_WIDTH);
        if indent > 0 && value.as_object().is_some() {
            check_text(budget.visit(value, indent)?.bytes)?;
        }
    }
    Ok(())
}

fn check_width(width: usize) -> Result<(), Error> {
    if width <= MOST_WIDTH {
        return Ok(());
    }
    Err(error(format!("asks for a width or count of {width}, and at most {MOST_WIDTH} are made")))
}

/// The largest number among the arguments, named or not.
fn widest(arguments: &[Value]) -> usize {
    let named = arguments
        .iter()
        .filter_map(|value| Kwargs::try_from(value.clone()).ok())
        .flat_map(|named| ["width", "indent", "count"].map(|name| named.peek::<usize>(name).unwrap_or_default()));
    let numbers = arguments.iter().filter(|value| value.is_number()).filter_map(Value::as_usize);
    numbers.chain(named).max().unwrap_or_default()
}

fn widths(_: &mut State, arguments: &mut [Value]) -> Result<(), Error> {
    check_width(widest(arguments.get(1..).unwrap_or_default()))
}

fn text(value: Option<&Value>) -> String {
    value.map(Value::to_string).unwrap_or_default()
}

fn replace(_: &mut State, arguments: &mut [Value]) -> Result<(), Error> {
    let (value, from, to) = (text(arguments.first()), text(arguments.get(1)), text(arguments.get(2)));
    let (times, left) = (value.matches(from.as_str()).count(), value.len());
    check_text(times.saturating_mul(to.len()).saturating_add(left.saturating_sub(times * from.len())))
}

fn indent(state: &mut State, arguments: &mut [Value]) -> Result<(), Error> {
    widths(state, arguments)?;
    let value = text(arguments.first());
    let width = widest(arguments.get(1..).unwrap_or_default()).max(4);
    check_text(value.split('\n').count().saturating_mul(width).saturating_add(value.len()))
}

/// Widths stand in the pattern, or for `*` among the arguments; each part takes as much as the longest value.
fn format(state: &mut State, arguments: &mut [Value]) -> Result<(), Error> {
    let pattern = text(arguments.first());
    let digits = pattern.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let widest = digits.map(|digits| digits.parse().unwrap_or(usize::MAX)).max().unwrap_or_default();
    check_width(widest)?;
    if pattern.contains('*') {
        widths(state, arguments)?;
    }
    let longest = arguments.iter().skip(1).map(|value| value.to_string().len()).max().unwrap_or_default();
    check_text(pattern.matches(['%', '{']).count().saturating_mul(longest + widest).saturating_add(pattern.len()))
}

/// The parts of a text are as many as the separators in it, and one.
fn split(state: &mut State, arguments: &mut [Value]) -> Result<(), Error> {
    let value = text(arguments.first());
    let parts = match arguments.get(1).and_then(Value::as_str) {
        Some("") => value.chars().count() + 2,
        Some(separator) => value.matches(separator).count() + 1,
        None => value.split_whitespace().count().max(value.lines().count()),
    };
    check_items(parts)?;
    budget(state).reserve(parts * 24 + value.len())
}

/// The filter that a list is mapped with is one that a template can name.
fn mapped(_: &mut State, arguments: &mut [Value]) -> Result<(), Error> {
    let name = arguments.get(1).and_then(Value::as_str).unwrap_or_default();
    if !name.trim_start().starts_with(made::name::PREFIX) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::UnknownFilter, format!("filter {name} is unknown")))
}

/// What is joined, with what stands between.
fn join(state: &mut State, arguments: &mut [Value]) -> Result<(), Error> {
    let Some(value) = arguments.first() else { return Ok(()) };
    let behind = arguments.iter().skip(1);
    let joiner = behind.map(|value| value.as_str().map_or(0, str::len)).max().unwrap_or_default();
    let named = arguments.last().and_then(|last| Kwargs::try_from(last.clone()).ok());
    let named = named.map_or(0, |named| named.peek::<String>("d").map_or(0, |text| text.len()));
    let items = value.as_str().map_or_else(|| value.len().unwrap_or_default(), str::len);
    let Size { bytes, .. } = budget(state).visit(value, 0)?;
    check_text(bytes.saturating_add(items.saturating_mul(joiner + named)))
}

/// Texts and lists are summed one after the other, each time anew.
fn sum(state: &mut State, arguments: &mut [Value]) -> Result<(), Error> {
    let named = arguments.last().and_then(|last| Kwargs::try_from(last.clone()).ok());
    let start = named.and_then(|named| named.peek::<Value>("start").ok()).or_else(|| arguments.get(2).cloned());
    if start.is_none_or(|start| start.is_number()) {
        return Ok(());
    }
    let Some(value) = arguments.first() else { return Ok(()) };
    let size = budget(state).visit(value, 0)?;
    check_text(size.bytes)?;
    budget(state).work(value.len().unwrap_or_default().saturating_mul(size.bytes) / 64)
}

/// The arguments as they are, or the names that there are.
fn debug(state: &mut State, arguments: Rest<Value>) -> Result<Value, Error> {
    if arguments.is_empty() {
        let mut names: Vec<String> = state.known_variables().into_iter().map(|name| name.into_owned()).collect();
        names.sort();
        return Ok(Value::from(names.join(", ")));
    }
    let mut shown = String::new();
    for argument in arguments.iter() {
        check_text(budget(state).visit(argument, 4)?.bytes + shown.len())?;
        let whole = if argument.kind() == ValueKind::Map || has_items(argument) {
            filters::pprint(argument)
        } else {
            argument.to_string()
        };
        shown.push_str(&whole);
    }
    Ok(Value::from(shown))
}
