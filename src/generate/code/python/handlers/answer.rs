//! Expressions that show documents as an answer needs them.

use crate::generate::code::behaviour::View;
use crate::generate::code::python::layout::{Code, string};
use crate::generate::code::python::models::annotation;
use crate::generate::code::service::Type;
use crate::generate::code::service::{OperationCode, ResourceCode};

use super::{Methods, ProjectionView};

impl Methods<'_, '_> {
    /// The expression that shows a document; empty where nothing is answered.
    pub(super) fn shown(
        &mut self,
        code: &OperationCode<'_>,
        resource: &ResourceCode,
        view: Option<&View>,
        document: &str,
    ) -> String {
        let Some(view) = view else { return String::new() };
        let inner = match &view.envelope {
            None => code.returns.clone(),
            Some(name) => self.property_type(code, name),
        };
        let shown = self.projected(resource, view, &inner, document);
        match &view.envelope {
            Some(name) => format!("{{{}: {shown}}}", string(name)),
            None => shown,
        }
    }

    /// The type of a property of an answer.
    pub(super) fn property_type(&self, code: &OperationCode<'_>, name: &str) -> Type {
        let Type::Named(model) = &code.returns else { return Type::Any };
        let definition = self.service.definitions.iter().find(|definition| definition.name == *model);
        let field = definition.and_then(|definition| definition.fields().iter().find(|field| field.name == name));
        let kind = field.map(|field| match &field.kind {
            Type::List(item) => &**item,
            kind => kind,
        });
        kind.filter(|kind| matches!(kind, Type::Named(_))).cloned().unwrap_or(Type::Any)
    }

    /// The document as it is, or the call of a function that picks what is shown.
    pub(super) fn projected(&mut self, resource: &ResourceCode, view: &View, to: &Type, document: &str) -> String {
        let Some(properties) = &view.properties else { return document.to_owned() };
        let variable = &resource.variable;
        let mut entries = Vec::new();
        let mut optional = Vec::new();
        for (name, always) in properties {
            let name = string(name);
            match always {
                true => entries
                    .push(Code::Labelled(format!("{name}: "), Box::new(Code::text(format!("{variable}[{name}]"))))),
                false => optional.push(name),
            }
        }
        let to = annotation(to, "models.");
        let statement = Code::group("{", entries, "}").lay_out(4, &format!("shown: {to} = "), "");
        let mut projection = ProjectionView {
            name: format!("show_{variable}"),
            variable: variable.clone(),
            from: annotation(&resource.model, "models."),
            to,
            statement,
            optional,
        };
        let base = projection.name.clone();
        let mut number = 2;
        while let Some(other) = self.projections.iter().find(|other| other.name == projection.name) {
            if *other == projection {
                return format!("{}({document})", projection.name);
            }
            projection.name = format!("{base}_{number}");
            number += 1;
        }
        self.projections.push(projection.clone());
        format!("{}({document})", projection.name)
    }
}
