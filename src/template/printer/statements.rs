//! Statements, printed with what counts them.

use minijinja::machinery::ast::{
    Block, CallBlock, EmitRaw, Expr, FilterBlock, ForLoop, FromImport, IfCond, Import, Include, Macro, Set, SetBlock,
    Spanned, Stmt, WithBlock,
};

use super::super::made::name;
use super::expressions::Level;
use super::{Printer, Refusal};

impl<'t> Printer<'t> {
    pub(super) fn statement(&mut self, statement: &Stmt<'t>) -> Result<(), Refusal> {
        match statement {
            Stmt::Template(it) => self.body(&it.children),
            Stmt::EmitRaw(it) => self.raw(it),
            Stmt::EmitExpr(it) => self.emitted(&it.expr, it.span()),
            Stmt::ForLoop(it) => self.for_loop(it),
            Stmt::IfCond(it) => self.condition(it),
            Stmt::WithBlock(it) => self.with(it),
            Stmt::Set(it) => self.set(it),
            Stmt::SetBlock(it) => self.set_block(it),
            Stmt::AutoEscape(it) => {
                self.tag(it.span(), "autoescape ");
                self.expression(&it.enabled, Level::If)?;
                self.around(it.span(), &it.body, "{% endautoescape %}")
            }
            Stmt::FilterBlock(it) => self.filter_block(it),
            Stmt::Block(it) => self.block(it),
            Stmt::Import(it) => self.import(it),
            Stmt::FromImport(it) => self.names_of_import(it),
            Stmt::Extends(it) => {
                self.tag(it.span(), "extends ");
                self.template_name(&it.name)?;
                self.close(it.span())
            }
            Stmt::Include(it) => self.include(it),
            Stmt::Macro(it) => self.macro_definition(it),
            Stmt::CallBlock(it) => self.call_block(it),
            Stmt::Do(it) => {
                // The engine would leave what it gives on its stack.
                self.tag(it.span(), "if ");
                self.made_call(&it.call)?;
                self.filtered(name::DROP);
                self.around(it.span(), &[], "{% endif %}")
            }
        }
    }

    fn raw(&mut self, it: &Spanned<EmitRaw<'t>>) -> Result<(), Refusal> {
        self.push("{{ ");
        self.line(it.span());
        self.literal(it.raw);
        self.filtered(name::RAW);
        self.push(" }}");
        Ok(())
    }

    fn for_loop(&mut self, it: &Spanned<ForLoop<'t>>) -> Result<(), Refusal> {
        self.tag(it.span(), "for ");
        self.target(&it.target)?;
        self.push(" in ");
        self.expression(&it.iter, if it.filter_expr.is_some() { Level::Filtered } else { Level::Or })?;
        if let Some(condition) = &it.filter_expr {
            self.filtered(name::SIFTED);
            self.push(" if ");
            self.expression(condition, Level::If)?;
        }
        self.push(if it.recursive { " recursive" } else { "" });
        self.close(it.span())?;
        self.body(&it.body)?;
        self.otherwise(&it.else_body)?;
        self.push("{% endfor %}");
        if it.filter_expr.is_some() {
            self.mark(name::DONE);
        }
        Ok(())
    }

    /// An `if` that stands behind `else` alone may be an `elif`, of which there may be hundreds.
    fn condition(&mut self, it: &Spanned<IfCond<'t>>) -> Result<(), Refusal> {
        let (mut word, mut it) = ("if ", it);
        loop {
            self.tag(it.span(), word);
            self.expression(&it.expr, Level::Or)?;
            self.around(it.span(), &it.true_body, "")?;
            match it.false_body.as_slice() {
                [Stmt::IfCond(next)] => (word, it) = ("elif ", next),
                body => {
                    self.otherwise(body)?;
                    self.push("{% endif %}");
                    return Ok(());
                }
            }
        }
    }

    fn otherwise(&mut self, body: &[Stmt<'t>]) -> Result<(), Refusal> {
        self.push(if body.is_empty() { "" } else { "{% else %}" });
        self.body(body)
    }

    fn with(&mut self, it: &Spanned<WithBlock<'t>>) -> Result<(), Refusal> {
        self.tag(it.span(), "with");
        for (index, (target, value)) in it.assignments.iter().enumerate() {
            self.push(if index == 0 { " " } else { ", " });
            self.nested_target(target)?;
            self.push(" = ");
            self.expression(value, Level::If)?;
        }
        self.around(it.span(), &it.body, "{% endwith %}")
    }

    fn set(&mut self, it: &Spanned<Set<'t>>) -> Result<(), Refusal> {
        self.tag(it.span(), "set ");
        let into_field = self.target(&it.target)?;
        self.push(" = ");
        self.expression(&it.expr, if into_field { Level::Filtered } else { Level::If })?;
        if into_field {
            self.filtered(name::FIELD);
        }
        self.close(it.span())
    }

    fn set_block(&mut self, it: &Spanned<SetBlock<'t>>) -> Result<(), Refusal> {
        self.tag(it.span(), "set ");
        self.target(&it.target)?;
        self.filtered(name::SHUT);
        if let Some(filter) = &it.filter {
            self.push("|");
            self.chain(filter)?;
        }
        self.close(it.span())?;
        self.captured(&it.body)?;
        self.push("{% endset %}");
        Ok(())
    }

    fn filter_block(&mut self, it: &Spanned<FilterBlock<'t>>) -> Result<(), Refusal> {
        self.tag(it.span(), "filter ");
        self.push(name::SHUT);
        self.push("|");
        self.chain(&it.filter)?;
        self.filtered(name::EMIT);
        self.close(it.span())?;
        self.captured(&it.body)?;
        self.push("{% endfilter %}");
        Ok(())
    }

    fn block(&mut self, it: &Spanned<Block<'t>>) -> Result<(), Refusal> {
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

    fn import(&mut self, it: &Spanned<Import<'t>>) -> Result<(), Refusal> {
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

    fn names_of_import(&mut self, it: &Spanned<FromImport<'t>>) -> Result<(), Refusal> {
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

    fn include(&mut self, it: &Spanned<Include<'t>>) -> Result<(), Refusal> {
        self.tag(it.span(), "include ");
        self.template_name(&it.name)?;
        self.push(if it.ignore_missing { " ignore missing" } else { "" });
        self.close(it.span())
    }

    fn macro_definition(&mut self, it: &Spanned<Macro<'t>>) -> Result<(), Refusal> {
        self.scope();
        self.name(it.name, it.span())?;
        self.tag(it.span(), "macro ");
        self.push(it.name);
        let end = self.parameters(it)?;
        self.push(if end.is_empty() { "()" } else { end });
        self.close(it.span())?;
        self.captured(&it.body)?;
        self.mark(name::CLOSE);
        self.push("{% endmacro %}");
        Ok(())
    }

    fn call_block(&mut self, it: &Spanned<CallBlock<'t>>) -> Result<(), Refusal> {
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
}
