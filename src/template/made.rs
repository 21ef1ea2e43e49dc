//! The filters that a printed template goes through, each of which tells the [`Budget`] what was made or written.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use minijinja::machinery::ast::BinOpKind;
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, context, filters};

use super::budget::{Budget, check_items, check_text, error, has_items};

/// Names of the filters. No template can name them.
pub(super) mod name {
    /// What all begin with.
    pub const PREFIX: &str = "b_";
    /// A text of the template is written.
    pub const RAW: &str = "b_raw";
    /// A value is written.
    pub const EMIT: &str = "b_emit";
    /// A template or block begins.
    pub const UNIT: &str = "b_unit";
    /// And ends.
    pub const LEAVE: &str = "b_leave";
    /// A text begins that is captured.
    pub const OPEN: &str = "b_open";
    /// The same, in a condition.
    pub const BEGIN: &str = "b_begin";
    /// It ends, and its value comes from the engine.
    pub const CLOSE: &str = "b_close";
    /// It ended, and this is it.
    pub const SHUT: &str = "b_shut";
    /// It ends, and the engine keeps it.
    pub const HELD: &str = "b_held";
    /// A value was made.
    pub const MADE: &str = "b_made";
    /// A value is kept in a namespace.
    pub const FIELD: &str = "b_field";
    /// A value is compared.
    pub const SEEN: &str = "b_seen";
    /// A list is gone through by a loop with a condition.
    pub const SIFTED: &str = "b_sifted";
    /// Such a loop ends.
    pub const DONE: &str = "b_done";
    /// A macro begins, whose scope is kept.
    pub const MACRO: &str = "b_macro";
    /// A value is not used.
    pub const DROP: &str = "b_drop";
    /// A list is given as arguments.
    pub const SPREAD: &str = "b_spread";
    /// A value names templates.
    pub const NAME: &str = "b_name";
    /// A text is gone through; other values are not.
    pub const READ: &str = "b_read";
    /// An item of a text or list.
    pub const ITEM: &str = "b_item";
}

/// Operators by their filter, and as they are written.
const OPERATORS: [(&str, &str); 8] = [
    ("b_add", "a + b"),
    ("b_sub", "a - b"),
    ("b_mul", "a * b"),
    ("b_div", "a / b"),
    ("b_quotient", "a // b"),
    ("b_rem", "a % b"),
    ("b_pow", "a ** b"),
    ("b_join", "a ~ b"),
];

/// Arguments that a list may stand for.
const MOST_SPREAD: usize = 1_000;
/// Bytes of the names of templates.
const LONGEST_NAME: usize = 4_096;
/// What a namespace takes with its fields, and a scope that a macro keeps without its names.
const NAMESPACE: usize = 2_000;
const SCOPE: usize = 500;
const SCOPE_NAME: usize = 45;

/// The filter that does the work of an operator; comparisons and logic have none.
pub(super) fn operator(op: BinOpKind) -> Option<&'static str> {
    Some(match op {
        BinOpKind::Add => "b_add",
        BinOpKind::Sub => "b_sub",
        BinOpKind::Mul => "b_mul",
        BinOpKind::Div => "b_div",
        BinOpKind::FloorDiv => "b_quotient",
        BinOpKind::Rem => "b_rem",
        BinOpKind::Pow => "b_pow",
        BinOpKind::Concat => "b_join",
        _ => return None,
    })
}

/// The table of the rendering.
pub(super) fn budget<'s>(state: &'s mut State<'_, '_>) -> &'s mut Budget {
    state.get_or_insert_extension_with(Budget::default)
}

/// Adds the filters.
pub(super) fn add(environment: &mut Environment<'static>) {
    let nothing = || Value::from("");
    environment.add_filter(name::RAW, raw);
    environment.add_filter(name::EMIT, emit);
    environment.add_filter(name::MADE, |state: &mut State, value: Value| made(state, value, false));
    environment.add_filter(name::SIFTED, sifted);
    environment.add_filter(name::SPREAD, spread);
    environment.add_filter(name::SEEN, |state: &mut State, value: Value| {
        budget(state).visit(&value, 0)?;
        Ok::<_, Error>(value)
    });
    environment.add_filter(name::UNIT, move |state: &mut State, _: Value| {
        budget(state).open_unit();
        nothing()
    });
    environment.add_filter(name::OPEN, move |state: &mut State, _: Value| {
        budget(state).open();
        nothing()
    });
    environment.add_filter(name::BEGIN, |state: &mut State, _: Value| {
        budget(state).open();
        true
    });
    for name in [name::LEAVE, name::CLOSE] {
        environment.add_filter(name, move |state: &mut State, _: Value| {
            budget(state).close(false);
            nothing()
        });
    }
    environment.add_filter(name::HELD, move |state: &mut State, _: Value| {
        budget(state).close(true);
        nothing()
    });
    environment.add_filter(name::SHUT, |state: &mut State, value: Value| {
        budget(state).close(false);
        made(state, value, false)
    });
    environment.add_filter(name::DONE, move |state: &mut State, _: Value| {
        budget(state).end_loop();
        nothing()
    });
    environment.add_filter(name::MACRO, move |state: &mut State, names: usize| {
        budget(state).charge(SCOPE + names * SCOPE_NAME)?;
        Ok::<_, Error>(nothing())
    });
    environment.add_filter(name::FIELD, |state: &mut State, value: Value| {
        budget(state).check_field(&value)?;
        Ok::<_, Error>(value)
    });
    environment.add_filter(name::NAME, |state: &mut State, value: Value| {
        if budget(state).visit(&value, 0)?.bytes > LONGEST_NAME {
            return Err(error(format!("names templates with more than {LONGEST_NAME} bytes")));
        }
        Ok(value)
    });
    environment.add_filter(name::READ, |state: &mut State, value: Value| {
        budget(state).work(value.as_str().map_or(0, str::len) / 16)?;
        Ok::<_, Error>(value)
    });
    environment.add_filter(name::ITEM, |state: &mut State, value: Value, key: Value| {
        budget(state).work(value.as_str().map_or(0, str::len) / 16)?;
        budget(state).visit(&key, 0)?;
        value.get_item(&key)
    });
    environment.add_filter(name::DROP, |_: Value| false);
    for (name, written) in OPERATORS {
        environment.add_filter(name, move |state: &mut State, a: Value, b: Value| operate(state, written, &a, &b));
    }
}

/// A text of the template, as it is written.
fn raw(state: &mut State, text: Value) -> Result<Value, Error> {
    budget(state).write(text.as_str().map_or(0, str::len))?;
    let escapes = !matches!(state.auto_escape(), AutoEscape::None);
    Ok(if escapes { Value::from_safe_string(text.to_string()) } else { text })
}

/// A value as it is written.
fn emit(state: &mut State, value: Value) -> Result<Value, Error> {
    if value.is_undefined() {
        // The engine complains.
        return Ok(value);
    }
    let escapes = !matches!(state.auto_escape(), AutoEscape::None) && !value.is_safe();
    let is_text = value.as_str().is_some();
    let is_made = escapes || value.as_object().is_some();
    if is_made {
        check_text(budget(state).visit(&value, 0)?.bytes)?;
    }
    let value = match (escapes, is_text) {
        (true, _) => filters::escape(state, &value)?,
        (false, false) if is_made => Value::from(value.to_string()),
        _ => value,
    };
    // A number has few digits.
    budget(state).write(value.as_str().map_or(16, str::len))?;
    Ok(value)
}

/// Enters what was made; what is lazy is made first. `deep` enters also what is in it.
pub(super) fn made(state: &mut State, value: Value, deep: bool) -> Result<Value, Error> {
    let value = match value.kind() {
        ValueKind::Seq | ValueKind::Iterable if !is_plain(&value) => collected(state, &value)?,
        ValueKind::Map if !is_plain(&value) => map(state, value)?,
        _ => value,
    };
    let budget = budget(state);
    if deep && has_items(&value) {
        value.try_iter()?.try_for_each(|item| budget.keep(&item))?;
    }
    budget.keep(&value)?;
    Ok(value)
}

/// Whether a value is a list, tuple or map that holds its items itself.
fn is_plain(value: &Value) -> bool {
    value.is_tuple()
        || value.downcast_object_ref::<Vec<Value>>().is_some()
        || value.downcast_object_ref::<IndexMap<Value, Value>>().is_some()
}

fn collected(state: &mut State, value: &Value) -> Result<Value, Error> {
    if let Some(items) = value.len() {
        check_items(items)?;
    }
    let mut items = Vec::with_capacity(value.len().unwrap_or_default());
    for item in value.try_iter()? {
        items.push(item);
        check_items(items.len())?;
    }
    budget(state).work(items.len() / 2)?;
    Ok(Value::from(items))
}

fn map(state: &mut State, value: Value) -> Result<Value, Error> {
    let Some(object) = value.as_object() else { return Ok(value) };
    let type_name = object.type_name();
    let is_namespace = type_name.ends_with("::Namespace");
    if !is_namespace && !type_name.ends_with("::MergeDict") {
        return Ok(value);
    }
    let pairs: Vec<_> = object.try_iter_pairs().into_iter().flatten().collect();
    let budget = budget(state);
    budget.work(pairs.len())?;
    if !is_namespace {
        return Ok(Value::from_object(pairs.into_iter().collect::<IndexMap<Value, Value>>()));
    }
    pairs.iter().try_for_each(|(_, field)| budget.check_field(field))?;
    budget.charge(NAMESPACE + pairs.len() * 100)?;
    Ok(value)
}

fn sifted(state: &mut State, value: Value) -> Result<Value, Error> {
    let value = if has_items(&value) && !is_plain(&value) { collected(state, &value)? } else { value };
    budget(state).begin_loop(value.len().unwrap_or_default())?;
    Ok(value)
}

fn spread(state: &mut State, value: Value) -> Result<Value, Error> {
    let value = if has_items(&value) && !is_plain(&value) { collected(state, &value)? } else { value };
    let items = value.len().unwrap_or_default();
    if items > MOST_SPREAD {
        return Err(error(format!("gives a list of {items} items as arguments, more than {MOST_SPREAD}")));
    }
    budget(state).charge(items * 24)?;
    Ok(value)
}

/// What an operator makes, checked before it is made.
fn operate(state: &mut State, written: &str, a: &Value, b: &Value) -> Result<Value, Error> {
    if let Some(number) = calculated(written, a, b) {
        return Ok(number);
    }
    let texts = a.as_str().zip(b.as_str());
    match (written, texts) {
        ("a ~ b", _) | ("a + b", Some(_)) => return joined(state, a, b),
        ("a + b", None) if has_items(a) && has_items(b) && !a.is_tuple() && !b.is_tuple() => {
            return added(state, a, b);
        }
        ("a + b", None) if has_items(a) && has_items(b) => check_items(length(a).saturating_add(length(b)))?,
        ("a * b", _) => repeatable(state, a, b)?,
        _ => {}
    }
    let value = by_engine(state, written, a, b)?;
    made(state, value, false)
}

fn length(value: &Value) -> usize {
    value.len().unwrap_or_default()
}

/// The plain cases of numbers.
fn calculated(written: &str, a: &Value, b: &Value) -> Option<Value> {
    if !a.is_number() || !b.is_number() {
        return None;
    }
    if a.is_integer() && b.is_integer() {
        let (a, b) = (a.as_i64()?, b.as_i64()?);
        return Some(Value::from(match written {
            "a + b" => a.checked_add(b)?,
            "a - b" => a.checked_sub(b)?,
            "a * b" => a.checked_mul(b)?,
            "a // b" if b > 0 => a.div_euclid(b),
            "a % b" if b > 0 => a.rem_euclid(b),
            _ => return None,
        }));
    }
    None
}

fn joined(state: &mut State, a: &Value, b: &Value) -> Result<Value, Error> {
    if a.is_undefined() || b.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let budget = budget(state);
    let shown = |value: &Value, budget: &mut Budget| match value.as_str() {
        Some(text) => Ok::<_, Error>(text.len()),
        None => Ok(budget.visit(value, 0)?.bytes),
    };
    let bytes = shown(a, budget)?.saturating_add(shown(b, budget)?);
    check_text(bytes)?;
    budget.work(bytes / 64)?;
    let text = match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => [a, b].concat(),
        _ => format!("{a}{b}"),
    };
    let value = Value::from(text);
    budget.keep(&value)?;
    Ok(value)
}

fn added(state: &mut State, a: &Value, b: &Value) -> Result<Value, Error> {
    check_items(length(a).saturating_add(length(b)))?;
    let mut items = Vec::with_capacity(length(a) + length(b));
    for item in a.try_iter()?.chain(b.try_iter()?) {
        items.push(item);
        check_items(items.len())?;
    }
    let budget = budget(state);
    budget.work(items.len() / 2)?;
    let value = Value::from(items);
    budget.keep_sum(&value, a, b)?;
    Ok(value)
}

/// Whether what is repeated is not too much.
fn repeatable(state: &mut State, a: &Value, b: &Value) -> Result<(), Error> {
    let (value, times) = if a.is_number() { (b, a) } else { (a, b) };
    let times = times.as_usize().unwrap_or_default();
    if let Some(text) = value.as_str() {
        let bytes = text.len().saturating_mul(times);
        check_text(bytes)?;
        return budget(state).work(bytes / 64);
    }
    if has_items(value) { check_items(length(value).saturating_mul(times)) } else { Ok(()) }
}

/// What the engine makes of an operator.
fn by_engine(state: &State, written: &str, a: &Value, b: &Value) -> Result<Value, Error> {
    let told = |failed: Error| {
        let detail = failed.detail().map(str::to_owned);
        detail.map_or_else(|| Error::from(failed.kind()), |detail| Error::new(failed.kind(), detail))
    };
    let expression = state.env().compile_expression(written).map_err(told)?;
    let operands = BTreeMap::from([("a", a.clone()), ("b", b.clone())]);
    expression.eval(context! { ..Value::from(operands) }).map_err(told)
}
