//! Statements that answer documents as the contract shows them.

use crate::generate::code::behaviour::View;
use crate::generate::code::go::fit::fit;
use crate::generate::code::go::layout::composite;
use crate::generate::code::go::types::Kind;
use crate::generate::code::service::{OperationCode, ResourceCode, Type};

use super::{Handlers, Method};

impl Handlers<'_, '_> {
    /// Whether an answer is the document itself.
    pub(super) fn is_plain(&self, code: &OperationCode<'_>, resource: &ResourceCode, view: &View) -> bool {
        view.envelope.is_none() && self.is_document(&code.returns, resource)
    }

    /// Whether a type is that of the documents.
    pub(super) fn is_document(&self, kind: &Type, resource: &ResourceCode) -> bool {
        self.types.value(kind).core == self.types.value(&resource.model).core
    }

    /// Returns a document as the answer shows it, or nothing where it has no content.
    pub(super) fn answer(
        &self,
        method: &mut Method<'_, '_>,
        resource: &ResourceCode,
        view: Option<&View>,
        document: &str,
    ) {
        let code = method.code;
        let Some(view) = view else {
            method.finish();
            return;
        };
        let Some(envelope) = &view.envelope else {
            if self.is_document(&code.returns, resource) {
                method.push(format!("return {document}, nil"));
            } else {
                let core = self.types.value(&code.returns).core;
                method.push(format!("return values.Convert[{}]({document})", pointer(&core)));
            }
            return;
        };
        let (Some(outer), Some(field)) = (self.types.object(&code.returns), self.field(&code.returns, envelope)) else {
            let core = self.types.value(&code.returns).core;
            let wrapped = format!("map[string]any{{\"{envelope}\": {document}}}");
            method.push(format!("return values.Convert[{}]({wrapped})", pointer(&core)));
            return;
        };
        let own = Kind::plain(&self.types.value(&resource.model).core);
        let shown = match own.core == field.kind.core {
            true => fit(self.types, &format!("*{document}"), &own, &field.kind),
            false => None,
        };
        let shown = shown.unwrap_or_else(|| method.convert(document, &field.kind, "shown"));
        let open = format!("&contract.{}", self.types.name(outer));
        method.push(format!("return {}, nil", composite(&open, &[(field.name, shown)])));
    }
}

/// The type of a result.
fn pointer(core: &str) -> String {
    if Kind::plain(core).has_nil() { core.to_owned() } else { format!("*{core}") }
}
