//! Prints the tree of a user's template as a template again, in which whatever makes something goes through a filter that
//! counts it ([`super::made`], [`super::limits`]): raw text and what is written, the ends of what is captured, operators,
//! lists and maps, calls. Each construct stays on its line, so that errors name the line that the user wrote.

mod expressions;

use minijinja::machinery::ast::{CallArg, Expr, Macro, Spanned, Stmt};
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

    /// A tag that writes nothing and tells the counters where something begins or ends.
    fn mark(&mut self, filter: &str) {
        self.push("{{ none|");
        self.push(filter);
        self.push(" }}");
    }

    /// Tells that a scope is kept by the macro that follows.
    fn scope(&mut self) {
        self.push("{{ ");
        self.push(&self.scope.to_string());
        self.push("|");
        self.push(name::MACRO);
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

    fn statement(&mut self, statement: &Stmt<'t>) -> Result<(), Refusal> {
        match statement {
            Stmt::Template(it) => self.body(&it.children),
            Stmt::EmitRaw(it) => {
                self.push("{{ ");
                self.line(it.span());
                self.literal(it.raw);
                self.push("|");
                self.push(name::RAW);
                self.push(" }}");
                Ok(())
            }
            Stmt::EmitExpr(it) => self.emitted(&it.expr, it.span()),
            Stmt::ForLoop(it) => {
                self.tag(it.span(), "for ");
                self.target(&it.target)?;
                self.push(" in ");
                self.expression(&it.iter, if it.filter_expr.is_some() { Level::Filtered } else { Level::Or })?;
                if let Some(condition) = &it.filter_expr {
                    self.push("|");
                    self.push(name::SIFTED);
                    self.push(" if ");
                    self.expression(condition, Level::If)?;
                }
                self.push(if it.recursive { " recursive" } else { "" });
                self.close(it.span())?;
                self.body(&it.body)?;
                if !it.else_body.is_empty() {
                    self.push("{% else %}");
                    self.body(&it.else_body)?;
                }
                self.push("{% endfor %}");
                if it.filter_expr.is_some() {
                    self.mark(name::DONE);
                }
                Ok(())
            }
            Stmt::IfCond(it) => {
                self.tag(it.span(), "if ");
                self.expression(&it.expr, Level::Or)?;
                self.close(it.span())?;
                self.body(&it.true_body)?;
                self.otherwise(&it.false_body)?;
                self.push("{% endif %}");
                Ok(())
            }
            Stmt::WithBlock(it) => {
                self.tag(it.span(), "with");
                for (index, (target, value)) in it.assignments.iter().enumerate() {
                    self.push(if index == 0 { " " } else { ", " });
                    self.nested_target(target)?;
                    self.push(" = ");
                    self.expression(value, Level::If)?;
                }
                self.close(it.span())?;
                self.body(&it.body)?;
                self.push("{% endwith %}");
                Ok(())
            }
            Stmt::Set(it) => {
                self.tag(it.span(), "set ");
                let into_field = self.target(&it.target)?;
                self.push(" = ");
                self.expression(&it.expr, if into_field { Level::Filtered } else { Level::If })?;
                if into_field {
                    self.push("|");
                    self.push(name::FIELD);
                }
                self.close(it.span())
            }
            Stmt::SetBlock(it) => {
                self.tag(it.span(), "set ");
                self.target(&it.target)?;
                self.push("|");
                self.push(name::SHUT);
                if let Some(filter) = &it.filter {
                    self.push("|");
                    self.chain(filter)?;
                }
                self.close(it.span())?;
                self.captured(&it.body)?;
                self.push("{% endset %}");
                Ok(())
            }
            Stmt::AutoEscape(it) => {
                self.tag(it.span(), "autoescape ");
                self.expression(&it.enabled, Level::If)?;
                self.close(it.span())?;
                self.body(&it.body)?;
                self.push("{% endautoescape %}");
                Ok(())
            }
            Stmt::FilterBlock(it) => {
                self.tag(it.span(), "filter ");
                self.push(name::SHUT);
                self.push("|");
                self.chain(&it.filter)?;
                self.push("|");
                self.push(name::EMIT);
                self.close(it.span())?;
                self.captured(&it.body)?;
                self.push("{% endfilter %}");
                Ok(())
            }
            Stmt::Block(it) => {
                self.tag(it.span(), "block ");
                self.push(it.name);
                self.push(if it.required { " required" } else { "" });
                self.close(it.span())?;
                if !it.required {
                    self.unit(&it.body)?;
                }
                self.push("{% endblock %}");
                Ok(())
            }
            Stmt::Import(it) => {
                // The text of a module is kept as long as the module.
                self.mark(name::OPEN);
                self.tag(it.span(), "import ");
                self.template_name(&it.expr)?;
                self.push(" as ");
                if !matches!(it.name, Expr::Var(_)) {
                    return Err((it.span().start_line.into(), "`import … as` needs a name".to_owned()));
                }
                self.target(&it.name)?;
                self.close(it.span())?;
                self.mark(name::HELD);
                Ok(())
            }
            Stmt::FromImport(it) => {
                self.tag(it.span(), "from ");
                self.template_name(&it.expr)?;
                self.push(" import ");
                for (index, (one, alias)) in it.names.iter().enumerate() {
                    self.push(if index == 0 { "" } else { ", " });
                    self.target(one)?;
                    if let Some(alias) = alias {
                        self.push(" as ");
                        self.target(alias)?;
                    }
                }
                self.close(it.span())
            }
            Stmt::Extends(it) => {
                self.tag(it.span(), "extends ");
                self.template_name(&it.name)?;
                self.close(it.span())
            }
            Stmt::Include(it) => {
                self.tag(it.span(), "include ");
                self.template_name(&it.name)?;
                self.push(if it.ignore_missing { " ignore missing" } else { "" });
                self.close(it.span())
            }
            Stmt::Macro(it) => {
                self.scope();
                self.name(it.name, it.span())?;
                self.tag(it.span(), "macro ");
                self.push(it.name);
                self.macro_body(it)?;
                self.push("{% endmacro %}");
                Ok(())
            }
            Stmt::CallBlock(it) => {
                self.scope();
                self.push("{% filter ");
                self.push(name::EMIT);
                self.push(" %}");
                self.tag(it.call.span(), "call");
                let end = self.parameters(&it.macro_decl)?;
                self.push(end);
                self.push(" ");
                self.call(&it.call)?;
                self.close(it.call.span())?;
                self.captured(&it.macro_decl.body)?;
                self.mark(name::CLOSE);
                self.push("{% endcall %}{% endfilter %}");
                Ok(())
            }
            Stmt::Do(it) => {
                // The engine would leave what it gives on its stack.
                self.tag(it.span(), "if ");
                self.made_call(&it.call)?;
                self.push("|");
                self.push(name::DROP);
                self.close(it.span())?;
                self.push("{% endif %}");
                Ok(())
            }
        }
    }

    /// What stands behind `else`; one that holds nothing but an `if` may be an `elif`, of which there may be hundreds.
    fn otherwise(&mut self, body: &[Stmt<'t>]) -> Result<(), Refusal> {
        let mut body = body;
        while let [Stmt::IfCond(it)] = body {
            self.tag(it.span(), "elif ");
            self.expression(&it.expr, Level::Or)?;
            self.close(it.span())?;
            self.body(&it.true_body)?;
            body = &it.false_body;
        }
        if body.is_empty() {
            return Ok(());
        }
        self.push("{% else %}");
        self.body(body)
    }

    /// The parameters of a macro or call block, and its body.
    fn macro_body(&mut self, it: &Spanned<Macro<'t>>) -> Result<(), Refusal> {
        let end = self.parameters(it)?;
        self.push(if end.is_empty() { "()" } else { end });
        self.close(it.span())?;
        self.captured(&it.body)?;
        self.mark(name::CLOSE);
        Ok(())
    }

    /// The parameters without their end, which is nothing where there are none.
    fn parameters(&mut self, it: &Macro<'t>) -> Result<&'static str, Refusal> {
        let without = it.args.len().saturating_sub(it.defaults.len());
        for (index, parameter) in it.args.iter().enumerate() {
            self.push(if index == 0 { "(" } else { ", " });
            self.target(parameter)?;
            if let Some(value) = index.checked_sub(without).and_then(|at| it.defaults.get(at)) {
                self.push("=");
                self.expression(value, Level::If)?;
            }
        }
        Ok(if it.args.is_empty() { "" } else { ")" })
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
                self.push("|");
                self.push(name::EMIT);
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
