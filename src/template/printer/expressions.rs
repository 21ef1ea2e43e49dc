//! Expressions, with as few brackets as they need: the parser counts brackets as depth.

use std::fmt::Write;

use minijinja::machinery::ast::{BinOpKind, Call, CallArg, CompareOpKind, Expr, Spanned, UnaryOpKind};
use minijinja::value::Value;

use super::super::made::{self, name};
use super::{Printer, Refusal};

/// How tightly an expression holds together, from the loosest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    If,
    Or,
    And,
    Not,
    Compare,
    /// What a filter may stand behind.
    Filtered,
    /// As before; what a call gives is written at once and needs no counting.
    Emitted,
    /// What a dot or bracket may stand behind.
    Postfix,
}

impl<'t> Printer<'t> {
    /// A text in quotation marks.
    pub(super) fn literal(&mut self, text: &str) {
        self.out.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                letter => self.out.push(letter),
            }
        }
        self.out.push('"');
    }

    /// What is assigned to; whether a field of something is among it.
    pub(super) fn target(&mut self, target: &Expr<'t>) -> Result<bool, Refusal> {
        match target {
            Expr::Var(it) => {
                self.name(it.id, it.span())?;
                self.push(it.id);
                Ok(false)
            }
            Expr::GetAttr(it) => {
                self.target(&it.expr)?;
                self.name(it.name, it.span())?;
                self.push(".");
                self.push(it.name);
                Ok(true)
            }
            Expr::List(it) => {
                let mut any = false;
                for (index, item) in it.items.iter().enumerate() {
                    self.push(if index == 0 { "" } else { ", " });
                    any |= self.nested_target(item)?;
                }
                self.push(if it.items.len() == 1 { "," } else { "" });
                Ok(any)
            }
            other => Err((other.span().start_line.into(), format!("cannot assign to a {}", other.description()))),
        }
    }

    /// One of several targets, or one where a list needs brackets.
    pub(super) fn nested_target(&mut self, target: &Expr<'t>) -> Result<bool, Refusal> {
        let is_list = matches!(target, Expr::List(_));
        self.push(if is_list { "(" } else { "" });
        let any = self.target(target)?;
        self.push(if is_list { ")" } else { "" });
        Ok(any)
    }

    /// The name of a template, or several to choose from.
    pub(super) fn template_name(&mut self, expression: &Expr<'t>) -> Result<(), Refusal> {
        self.expression(expression, Level::Filtered)?;
        self.filter(name::NAME);
        Ok(())
    }

    fn filter(&mut self, name: &str) {
        self.push("|");
        self.push(name);
    }

    /// An expression where one of `level` or tighter is wanted.
    pub(super) fn expression(&mut self, expression: &Expr<'t>, level: Level) -> Result<(), Refusal> {
        let own = own_level(expression);
        if own >= level || (own == Level::Filtered && level == Level::Emitted) {
            return self.bare(expression, level);
        }
        self.line(expression.span());
        self.push("(");
        self.bare(expression, Level::If)?;
        self.push(")");
        Ok(())
    }

    fn bare(&mut self, expression: &Expr<'t>, level: Level) -> Result<(), Refusal> {
        match expression {
            Expr::Filter(_) => {}
            Expr::BinOp(it) if made::operator(it.op).is_some() => {}
            other => self.line(other.span()),
        }
        match expression {
            Expr::Var(it) => self.push(it.id),
            Expr::Const(it) => self.constant(&it.value),
            Expr::Slice(it) => {
                self.push("(");
                self.expression(&it.expr, Level::Filtered)?;
                self.filter(name::READ);
                self.push(")[");
                for (index, part) in [&it.start, &it.stop, &it.step].into_iter().enumerate() {
                    self.push(if index == 0 { "" } else { ":" });
                    if let Some(part) = part {
                        self.expression(part, Level::If)?;
                    }
                }
                self.push("]");
                self.filter(name::MADE);
            }
            Expr::UnaryOp(it) => match it.op {
                UnaryOpKind::Not => {
                    self.push("not ");
                    self.expression(&it.expr, Level::Not)?;
                }
                UnaryOpKind::Neg => {
                    self.push("-");
                    let is_minus = matches!(&it.expr, Expr::UnaryOp(inner) if matches!(inner.op, UnaryOpKind::Neg));
                    self.expression(&it.expr, if is_minus { Level::Filtered } else { Level::Postfix })?;
                }
            },
            Expr::BinOp(it) => match (it.op, made::operator(it.op)) {
                (_, Some(filter)) => {
                    self.expression(&it.left, Level::Filtered)?;
                    self.filter(filter);
                    self.push("(");
                    self.expression(&it.right, Level::If)?;
                    self.push(")");
                }
                (BinOpKind::ScAnd, None) => self.pair(&it.left, " and ", &it.right, Level::And)?,
                (BinOpKind::ScOr, None) => self.pair(&it.left, " or ", &it.right, Level::Or)?,
                (op, None) => {
                    self.compared(&it.left)?;
                    self.push(comparison(op));
                    self.compared(&it.right)?;
                }
            },
            Expr::Compare(it) => {
                self.compared(&it.expr)?;
                for one in &it.ops {
                    self.push(chained(one.op));
                    self.compared(&one.expr)?;
                }
            }
            Expr::IfExpr(it) => {
                self.expression(&it.true_expr, Level::Or)?;
                self.push(" if ");
                self.expression(&it.test_expr, Level::Or)?;
                if let Some(otherwise) = &it.false_expr {
                    self.push(" else ");
                    self.expression(otherwise, Level::If)?;
                }
            }
            Expr::Filter(_) => self.chain(expression)?,
            Expr::Test(it) => {
                self.expression(&it.expr, Level::Filtered)?;
                self.push(" is ");
                self.push(it.name);
                // A word behind it would be taken for an argument.
                self.arguments(&it.args)?;
            }
            Expr::GetAttr(it) => {
                self.expression(&it.expr, Level::Postfix)?;
                self.push(".");
                self.push(it.name);
            }
            Expr::GetItem(it) if !is_direct(&it.subscript_expr) => {
                self.expression(&it.expr, Level::Filtered)?;
                self.filter(name::ITEM);
                self.push("(");
                self.expression(&it.subscript_expr, Level::If)?;
                self.push(")");
            }
            Expr::GetItem(it) => {
                self.expression(&it.expr, Level::Postfix)?;
                self.push("[");
                self.expression(&it.subscript_expr, Level::If)?;
                self.push("]");
            }
            Expr::Call(it) if level == Level::Emitted && !captures(it) => self.call(it)?,
            Expr::Call(it) => self.made_call(it)?,
            Expr::List(it) => {
                let is_constant = it.as_const().is_some();
                self.items("[", &it.items, "]", is_constant)?;
            }
            Expr::Tuple(it) => {
                let is_constant = it.as_const().is_some();
                let end = if it.items.len() == 1 { ",)" } else { ")" };
                self.items("(", &it.items, end, is_constant)?;
            }
            Expr::Map(it) => {
                self.push("{");
                for (index, (key, value)) in it.keys.iter().zip(&it.values).enumerate() {
                    self.push(if index == 0 { "" } else { ", " });
                    // A key is gone through for its hash.
                    self.compared_key(key)?;
                    self.push(": ");
                    self.expression(value, Level::If)?;
                }
                self.push("}");
                if it.as_const().is_none() {
                    self.waiting += 2 * it.keys.len();
                    self.filter(name::MADE);
                }
            }
        }
        Ok(())
    }

    fn pair(&mut self, left: &Expr<'t>, word: &str, right: &Expr<'t>, level: Level) -> Result<(), Refusal> {
        self.expression(left, level)?;
        self.push(word);
        self.expression(right, if level == Level::Or { Level::And } else { Level::Not })
    }

    /// What a comparison goes through.
    fn compared(&mut self, expression: &Expr<'t>) -> Result<(), Refusal> {
        self.expression(expression, Level::Filtered)?;
        if !matches!(expression, Expr::Const(_)) {
            self.filter(name::SEEN);
        }
        Ok(())
    }

    fn compared_key(&mut self, key: &Expr<'t>) -> Result<(), Refusal> {
        if matches!(key, Expr::Const(_)) { self.expression(key, Level::If) } else { self.compared(key) }
    }

    fn items(&mut self, begin: &str, items: &[Expr<'t>], end: &str, is_constant: bool) -> Result<(), Refusal> {
        self.push(begin);
        for (index, item) in items.iter().enumerate() {
            self.push(if index == 0 { "" } else { ", " });
            self.expression(item, Level::If)?;
        }
        self.push(end);
        if !is_constant {
            self.waiting += items.len();
            self.filter(name::MADE);
        }
        Ok(())
    }

    /// A chain of filters, behind what it is for or behind nothing.
    pub(super) fn chain(&mut self, filter: &Expr<'t>) -> Result<(), Refusal> {
        let Expr::Filter(it) = filter else { return self.expression(filter, Level::Filtered) };
        if let Some(inner) = &it.expr {
            self.expression(inner, Level::Filtered)?;
            self.push("|");
        }
        self.line(it.span());
        if it.name.trim_start().starts_with(name::PREFIX) {
            return Err((it.span().start_line.into(), format!("unknown filter: filter {} is unknown", it.name)));
        }
        self.push(it.name);
        if !it.args.is_empty() {
            self.arguments(&it.args)?;
        }
        Ok(())
    }

    fn arguments(&mut self, arguments: &[CallArg<'t>]) -> Result<(), Refusal> {
        self.push("(");
        for (index, argument) in arguments.iter().enumerate() {
            self.push(if index == 0 { "" } else { ", " });
            match argument {
                CallArg::Pos(it) => self.expression(it, Level::If)?,
                CallArg::Kwarg(key, it) => {
                    self.push(key);
                    self.push("=");
                    self.expression(it, Level::If)?;
                }
                CallArg::PosSplat(it) => {
                    self.push("*");
                    self.expression(it, Level::Filtered)?;
                    self.filter(name::SPREAD);
                }
                CallArg::KwargSplat(it) => {
                    self.push("**");
                    self.expression(it, Level::Filtered)?;
                    self.filter(name::SPREAD);
                }
            }
        }
        self.push(")");
        Ok(())
    }

    /// A call as it stands.
    pub(super) fn call(&mut self, call: &Spanned<Call<'t>>) -> Result<(), Refusal> {
        self.calls += 1;
        self.waiting += call.args.len();
        self.expression(&call.expr, Level::Postfix)?;
        let keeps = matches!(&call.expr, Expr::GetAttr(it) if it.name == "changed");
        if !keeps {
            return self.arguments(&call.args);
        }
        // What a loop is asked about it keeps.
        self.push("(");
        for (index, argument) in call.args.iter().enumerate() {
            self.push(if index == 0 { "" } else { ", " });
            match argument {
                CallArg::Pos(it) => self.expression(it, Level::Filtered)?,
                _ => {
                    let what = "`loop.changed` takes plain arguments".to_owned();
                    return Err((call.span().start_line.into(), what));
                }
            }
            self.filter(name::SEEN);
            self.filter(name::FIELD);
        }
        self.push(")");
        Ok(())
    }

    /// A call whose result is counted. Some capture what they write: there the counters are told before.
    pub(super) fn made_call(&mut self, call: &Spanned<Call<'t>>) -> Result<(), Refusal> {
        if !captures(call) {
            self.call(call)?;
            self.filter(name::MADE);
            return Ok(());
        }
        self.push("(");
        self.call(call)?;
        let _ = write!(self.out, " if none|{} else none)|{}", name::BEGIN, name::SHUT);
        Ok(())
    }

    fn constant(&mut self, value: &Value) {
        if let Some(text) = value.as_str() {
            return self.literal(text);
        }
        if value.is_none() {
            return self.push("none");
        }
        let _ = write!(self.out, "{value}");
    }
}

/// Whether a call captures what it writes, where it is not written itself.
fn captures(call: &Call<'_>) -> bool {
    match &call.expr {
        Expr::Var(var) => matches!(var.id, "super" | "loop"),
        Expr::GetAttr(attribute) => matches!(&attribute.expr, Expr::Var(var) if var.id == "self"),
        _ => false,
    }
}

/// Whether an item is found without going through a text: by a key, or near its beginning.
fn is_direct(key: &Expr<'_>) -> bool {
    matches!(key, Expr::Const(it) if it.value.as_str().is_some() || it.value.as_usize().is_some_and(|at| at < 1_000))
}

/// How tightly what is printed for an expression holds together.
fn own_level(expression: &Expr<'_>) -> Level {
    match expression {
        Expr::IfExpr(_) => Level::If,
        Expr::BinOp(it) => match it.op {
            BinOpKind::ScOr => Level::Or,
            BinOpKind::ScAnd => Level::And,
            op if made::operator(op).is_some() => Level::Filtered,
            _ => Level::Compare,
        },
        Expr::Compare(_) => Level::Compare,
        Expr::UnaryOp(it) => match it.op {
            UnaryOpKind::Not => Level::Not,
            UnaryOpKind::Neg => Level::Filtered,
        },
        Expr::Filter(_) | Expr::Test(_) | Expr::Slice(_) => Level::Filtered,
        Expr::Call(_) => Level::Filtered,
        Expr::GetItem(it) if !is_direct(&it.subscript_expr) => Level::Filtered,
        Expr::List(it) if it.as_const().is_none() => Level::Filtered,
        Expr::Tuple(it) if it.as_const().is_none() => Level::Filtered,
        Expr::Map(it) if it.as_const().is_none() => Level::Filtered,
        _ => Level::Postfix,
    }
}

fn comparison(op: BinOpKind) -> &'static str {
    match op {
        BinOpKind::Eq => " == ",
        BinOpKind::Ne => " != ",
        BinOpKind::Lt => " < ",
        BinOpKind::Lte => " <= ",
        BinOpKind::Gt => " > ",
        BinOpKind::Gte => " >= ",
        _ => " in ",
    }
}

fn chained(op: CompareOpKind) -> &'static str {
    match op {
        CompareOpKind::Eq => " == ",
        CompareOpKind::Ne => " != ",
        CompareOpKind::Lt => " < ",
        CompareOpKind::Lte => " <= ",
        CompareOpKind::Gt => " > ",
        CompareOpKind::Gte => " >= ",
        CompareOpKind::In => " in ",
        CompareOpKind::NotIn => " not in ",
    }
}
