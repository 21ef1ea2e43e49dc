//! Prints the tree of a user's template as a template again, in which whatever makes something goes through a filter that
//! counts it ([`super::made`], [`super::limits`]): raw text and what is written, the ends of what is captured, operators,
//! lists and maps, calls. Each construct stays on its line, so that errors name the line that the user wrote.

mod expressions;
mod statements;

use minijinja::machinery::ast::{CallArg, Expr, Stmt};
use minijinja::machinery::{Span, parse};
use minijinja::syntax::SyntaxConfig;

use super::made::name;
use expressions::Level;

/// Names that a template may set: each takes memory in every frame.
const MOST_NAMES: usize = 250;
/// Lists and maps of more items must not stand in a tag that calls something: they would wait on the stack.
const MOST_WAITING: usize = 1_000;

/// What is wrong, with its line.
pub(super) type Refusal = (usize, String);

/// The template with everything counted.
///
/// # Errors
/// When it is no template, or has what cannot be bounded.
pub(super) fn counted(text: &str, syntax: SyntaxConfig) -> Result<String, Refusal> {
    let at_line = |error: minijinja::Error| {
        let what = error.detail().map_or_else(|| error.kind().to_string(), |it| format!("{}: {it}", error.kind()));
        (error.line().unwrap_or(1), what)
    };
    let tree = parse(text, "template", syntax).map_err(at_line)?;
    // How much a scope takes is known when all names are.
    let names = printed(&tree, 0)?.names.len();
    Ok(printed(&tree, names)?.out)
}

fn printed<'t>(tree: &Stmt<'t>, scope: usize) -> Result<Printer<'t>, Refusal> {
    let mut printer = Printer { out: String::new(), line: 1, names: Vec::new(), scope, waiting: 0, calls: 0 };
    printer.unit(std::slice::from_ref(tree))?;
    Ok(printer)
}

/// The text that is printed so far.
struct Printer<'t> {
    out: String,
    /// The line on which it ends.
    line: usize,
    /// What is set, sorted.
    names: Vec<&'t str>,
    /// How many there are in the whole template.
    scope: usize,
    /// Items of lists and maps in the tag at hand.
    waiting: usize,
    /// Calls in the tag at hand.
    calls: usize,
}

impl<'t> Printer<'t> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Goes on to the line of a construct; within a tag only.
    fn line(&mut self, span: Span) {
        while self.line < usize::from(span.start_line) {
            self.out.push('\n');
            self.line += 1;
        }
    }

    /// Sends what is printed last through a filter.
    fn filtered(&mut self, filter: &str) {
        self.push("|");
        self.push(filter);
    }

    /// A tag that writes nothing and tells the counters where something begins or ends.
    fn mark(&mut self, filter: &str) {
        self.push("{{ none");
        self.filtered(filter);
        self.push(" }}");
    }

    /// Tells that a scope is kept by the macro that follows.
    fn scope(&mut self) {
        self.push("{{ ");
        self.push(&self.scope.to_string());
        self.filtered(name::MACRO);
        self.push(" }}");
    }

    /// What is evaluated with a stack of its own: the template, a block.
    fn unit(&mut self, body: &[Stmt<'t>]) -> Result<(), Refusal> {
        self.mark(name::UNIT);
        self.body(body)?;
        self.mark(name::LEAVE);
        Ok(())
    }

    fn body(&mut self, body: &[Stmt<'t>]) -> Result<(), Refusal> {
        body.iter().try_for_each(|statement| self.statement(statement))
    }

    /// A body that is written into a text of its own.
    fn captured(&mut self, body: &[Stmt<'t>]) -> Result<(), Refusal> {
        self.mark(name::OPEN);
        self.body(body)
    }

    /// Begins a tag.
    fn tag(&mut self, span: Span, words: &str) {
        (self.waiting, self.calls) = (0, 0);
        self.push("{% ");
        self.line(span);
        self.push(words);
    }

    /// Ends a tag, with the body behind it and the tag that ends this.
    fn around(&mut self, span: Span, body: &[Stmt<'t>], end: &str) -> Result<(), Refusal> {
        self.close(span)?;
        self.body(body)?;
        self.push(end);
        Ok(())
    }

    /// Ends a tag.
    fn close(&mut self, span: Span) -> Result<(), Refusal> {
        self.push(" %}");
        self.in_proportion(span)
    }

    fn in_proportion(&self, span: Span) -> Result<(), Refusal> {
        if self.calls == 0 || self.waiting <= MOST_WAITING {
            return Ok(());
        }
        let what = format!(
            "a tag that calls something has lists of {} items, more than {MOST_WAITING}; name the list with `set` first",
            self.waiting
        );
        Err((span.start_line.into(), what))
    }

    /// Notes a name that is set.
    fn name(&mut self, name: &'t str, span: Span) -> Result<(), Refusal> {
        if let Err(at) = self.names.binary_search(&name) {
            self.names.insert(at, name);
        }
        if self.names.len() <= MOST_NAMES {
            return Ok(());
        }
        Err((span.start_line.into(), format!("sets more than {MOST_NAMES} names; keep the values in a map")))
    }

    /// What is written. Some calls write by themselves.
    fn emitted(&mut self, expression: &Expr<'t>, span: Span) -> Result<(), Refusal> {
        (self.waiting, self.calls) = (0, 0);
        self.push("{{ ");
        self.line(span);
        match expression {
            Expr::Call(call) if writes_by_itself(&call.expr, &call.args) => {
                self.line(call.span());
                self.call(call)?;
            }
            expression => {
                self.expression(expression, Level::Emitted)?;
                self.filtered(name::EMIT);
            }
        }
        self.push(" }}");
        self.in_proportion(span)
    }
}

/// Whether a call that is written goes straight to the output: `super()`, `loop(…)`, `self.name()`.
fn writes_by_itself(called: &Expr<'_>, arguments: &[CallArg<'_>]) -> bool {
    match called {
        Expr::Var(var) => (var.id == "super" && arguments.is_empty()) || (var.id == "loop" && arguments.len() == 1),
        Expr::GetAttr(attribute) => matches!(&attribute.expr, Expr::Var(var) if var.id == "self"),
        _ => false,
    }
}
