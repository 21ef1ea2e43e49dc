//! Expressions that show documents as an answer needs them.

use crate::generate::code::behaviour::View;
use crate::generate::code::service::{OperationCode, ResourceCode, Type};
use crate::generate::code::typescript::layout::{Code, access, annotation};

use super::{CopyView, Methods, ProjectionView};

impl Methods<'_, '_> {
    /// The expression that shows a document; nothing where nothing is answered.
    pub(super) fn shown(
        &mut self,
        code: &OperationCode<'_>,
        resource: &ResourceCode,
        view: Option<&View>,
        document: &str,
    ) -> Option<Code> {
        let view = view?;
        let inner = match &view.envelope {
            None => code.returns.clone(),
            Some(name) => self.property_type(code, name),
        };
        let shown = Code::text(self.projected(resource, view, &inner, document));
        Some(match &view.envelope {
            Some(name) => Code::Object(vec![Code::entry(name, shown)]),
            None => shown,
        })
    }

    /// The type of a property of an answer, or of the items of one that is an array.
    pub(super) fn property_type(&self, code: &OperationCode<'_>, name: &str) -> Type {
        self.member_type(&code.returns, name)
    }

    /// The same of a property of an object.
    pub(super) fn member_type(&self, object: &Type, name: &str) -> Type {
        let Type::Named(model) = object else { return Type::Any };
        let definition = self.service.definitions.iter().find(|definition| definition.name == *model);
        let field = definition.and_then(|definition| definition.fields().iter().find(|field| field.name == name));
        match field.map(|field| &field.kind) {
            Some(Type::List(item)) if matches!(**item, Type::Named(_)) => (**item).clone(),
            Some(kind @ Type::Named(_)) => kind.clone(),
            _ => Type::Any,
        }
    }

    /// The document as it is, or the call of a function that picks what is shown.
    pub(super) fn projected(&mut self, resource: &ResourceCode, view: &View, to: &Type, document: &str) -> String {
        let name = self.projection(resource, view, to);
        name.map_or(document.to_owned(), |name| format!("{name}({document})"))
    }

    /// The function that picks what is shown; nothing where that is everything.
    pub(super) fn projection(&mut self, resource: &ResourceCode, view: &View, to: &Type) -> Option<String> {
        let properties = view.properties.as_ref()?;
        let variable = &resource.variable;
        let mut entries = Vec::new();
        let mut optional = Vec::new();
        for (name, always) in properties {
            let from = format!("{variable}{}", access(name));
            match always {
                true => entries.push(Code::entry(name, Code::text(from))),
                false => optional.push(CopyView { from, to: format!("shown{}", access(name)) }),
            }
        }
        let to = if *to == Type::Any { "Record<string, unknown>".to_owned() } else { annotation(to, "models.") };
        let before = if optional.is_empty() { "return ".to_owned() } else { format!("const shown: {to} = ") };
        let base = format!("show_{variable}");
        let mut projection = ProjectionView {
            name: super::Case::Camel.apply(&base),
            variable: variable.clone(),
            from: annotation(&resource.model, "models."),
            to,
            statement: Code::Object(entries).lay_out(2, &before, ";"),
            optional,
        };
        let base = projection.name.clone();
        let mut number = 2;
        while let Some(other) = self.projections.iter().find(|other| other.name == projection.name) {
            if *other == projection {
                return Some(projection.name);
            }
            projection.name = format!("{base}{number}");
            number += 1;
        }
        self.projections.push(projection.clone());
        Some(projection.name)
    }
}
