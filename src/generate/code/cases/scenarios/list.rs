//! Lists: a page of all documents, or those that have what is asked for.

use serde_json::Value;

use crate::generate::code::behaviour::{Behaviour, List, PagePart};
use crate::generate::code::names;
use crate::generate::code::service::{OperationCode, ResourceCode};

use super::setup::{Stored, shows};
use super::words::{self, Steps, says};
use super::{Caller, Left, Line, Request, Script, Shown, Teller, Term, left};

/// One filter: how documents are made that it finds, and that it does not find.
enum Filter<'t> {
    /// By a value that is sent: the parameter, the property, what is asked for, and another value.
    Sent(String, String, Value, Value),
    /// By a state, which an operation leads to.
    State(String, String, &'t OperationCode<'t>),
}

impl<'s, 'a> Teller<'s, 'a, '_> {
    /// The test of a list.
    pub(super) fn list(&self, code: &'s OperationCode<'a>, list: &List) -> Result<(Script, Vec<Left>), Left> {
        let said = self.steps.when.first().map_or("", |(_, text)| *text);
        let resource = self.resource(code, said)?;
        let nouns = words::nouns(self.samples.service.api, &resource.resource);
        self.world(&nouns, &[])?;
        let key = &resource.resource.key;
        let items: Option<Vec<String>> = match &list.answer {
            None => Some(Vec::new()),
            Some(parts) => parts.iter().find(|(_, part)| *part == PagePart::Items).map(|(name, _)| vec![name.clone()]),
        };
        let items = items.filter(|_| shows(&list.view, key)).ok_or_else(|| left(said, "its items show no key"))?;
        let create = self.that(resource, |behaviour| matches!(behaviour, Behaviour::Create { .. }));
        let create = create.ok_or_else(|| left(said, "no document can be stored by what the contract tells"))?;
        let when = Steps::words(&self.steps.when);
        let paged = says(&when, &["page", "limit"]) || says(&Steps::words(&self.steps.given), &["page"]);
        let filters = self.filters(resource, create, list, &when);
        let mut script = Script::default();
        self.told(&mut script, &self.steps.given);
        let (query, expected, total) = if filters.is_empty() {
            let stored = self.several(&mut script, create, resource, said)?;
            let (query, from) = page(list, paged);
            (query, stored[from..].to_vec(), stored.len())
        } else {
            let stored = self.filtered(&mut script, create, resource, &filters, said)?;
            let queries = filters.iter().map(|filter| match filter {
                Filter::Sent(parameter, _, value, _) => {
                    format!("{parameter}={}", super::super::escape(value.as_str().unwrap_or_default()))
                }
                Filter::State(parameter, state, _) => format!("{parameter}={}", super::super::escape(state)),
            });
            let query = queries.collect::<Vec<_>>().join("&");
            (query, stored.clone(), stored.len())
        };
        self.told(&mut script, &self.steps.when);
        let url = if query.is_empty() { self.url(code) } else { format!("{}?{query}", self.url(code)) };
        let answer = self.request(&mut script, code, url, None, self.caller());
        if words::status(&Steps::words(&self.steps.then)).is_none() {
            script.push(Line::Status(answer.clone(), code.success));
        }
        let shown = |way: Vec<String>| Shown { answer: answer.clone(), status: code.success, way };
        let values: Vec<Term> = expected.iter().map(|one| Term::Variable(one.key.clone())).collect();
        let exactly = Line::Values(shown(items.clone()), key.clone(), values);
        let check = |script: &mut Script, clause: &str, _: &mut Vec<Left>| {
            let text = words::plain(clause);
            if says(&text, &["newest", "latest"]) {
                return Err("lists are answered oldest first".to_owned());
            }
            if let Some(status) = words::status(clause) {
                return if status == code.success {
                    Ok(())
                } else {
                    Err(format!("it is answered with {}", code.success))
                };
            }
            let all = ["exactly", "those", "that page", "oldest first", "the page", "one page", "all of them", "only"];
            let counted = says(&text, &["number", "total", "count", "how many"]);
            if says(&text, &all) && !counted {
                if !script.lines.contains(&exactly) {
                    script.push(exactly.clone());
                }
                return Ok(());
            }
            let part = list.answer.iter().flatten().find(|(_, part)| *part == PagePart::Total);
            match part.filter(|_| counted) {
                Some((name, _)) => {
                    script.push(Line::Equal(shown(vec![name.clone()]), Term::Constant(total.into())));
                    Ok(())
                }
                None => Err(super::checks::NO_CHECK.to_owned()),
            }
        };
        let open = self.checked(&mut script, (&answer, code.success), check)?;
        Ok((script, open))
    }

    /// The filters that a text names by their parameters.
    fn filters(&self, resource: &ResourceCode, create: &OperationCode<'_>, list: &List, when: &str) -> Vec<Filter<'s>> {
        let Some(Some(body)) = self.body(create, 1) else { return Vec::new() };
        let named = list.filters.iter().filter(|(parameter, _)| {
            let spaced = names::words(parameter).replace('_', " ");
            says(when, &[&parameter.to_lowercase(), &spaced])
        });
        let filter = |(parameter, property): &(String, String)| {
            let sent = body.get(property).filter(|value| value.is_string());
            if let Some(value) = sent {
                let other = self.other(create, &body, property, value, 2)?;
                return Some(Filter::Sent(parameter.clone(), property.clone(), value.clone(), other));
            }
            let moves = self.transitions(resource);
            // A state that nothing leaves: it does not change while the test looks.
            let stays =
                |state: &String| moves.iter().all(|(_, one)| one.property == *property && !one.from.contains(state));
            let initial = self.samples.initial(create, property)?;
            let last = moves.iter().find(|(_, one)| stays(&one.to) && one.from.contains(&initial))?;
            Some(Filter::State(parameter.clone(), last.1.to.clone(), last.0))
        };
        named.filter_map(filter).collect()
    }

    /// Three documents.
    fn several(
        &self,
        script: &mut Script,
        create: &OperationCode<'_>,
        resource: &ResourceCode,
        said: &str,
    ) -> Result<Vec<Stored>, Left> {
        let one = |number: usize, script: &mut Script| {
            let body = self.body(create, number)?;
            self.store(script, create, &resource.resource, body)
        };
        let found: Vec<Stored> = (1..=3).filter_map(|number| one(number, script)).collect();
        if found.len() == 3 {
            Ok(found)
        } else {
            Err(left(said, "no three documents are known that the contract admits"))
        }
    }

    /// Two documents that all filters find, and between them one that only this filter leaves out, for each; gives the two.
    fn filtered(
        &self,
        script: &mut Script,
        create: &OperationCode<'_>,
        resource: &ResourceCode,
        filters: &[Filter<'_>],
        said: &str,
    ) -> Result<Vec<Stored>, Left> {
        let unknown = || left(said, "no documents are known that the contract admits and its filters tell apart");
        let mut found = Vec::new();
        for number in 0..filters.len() + 2 {
            let mut body = self.body(create, number + 1).flatten().ok_or_else(unknown)?;
            // The first and the last are found; `number - 1` is the filter that leaves the others out.
            let out = number.checked_sub(1).filter(|at| *at < filters.len());
            for (at, filter) in filters.iter().enumerate() {
                if let Filter::Sent(_, property, value, other) = filter {
                    body[property] = if out == Some(at) { other.clone() } else { value.clone() };
                }
            }
            let stored = self.store(script, create, &resource.resource, Some(body)).ok_or_else(unknown)?;
            for (at, filter) in filters.iter().enumerate() {
                let Filter::State(_, _, step) = filter else { continue };
                if out != Some(at) {
                    self.moved(script, step, resource, &stored).ok_or_else(unknown)?;
                }
            }
            if out.is_none() {
                found.push(stored);
            }
        }
        Ok(found)
    }

    /// Moves a document by an operation.
    pub(super) fn moved(
        &self,
        script: &mut Script,
        step: &OperationCode<'_>,
        resource: &ResourceCode,
        stored: &Stored,
    ) -> Option<()> {
        let body = self.body(step, 1)?;
        let answer = script.name("moved");
        script.push(Line::Send(Request {
            answer: answer.clone(),
            method: step.operation.method.key().to_uppercase(),
            url: self.item(step, &resource.resource, &stored.key),
            body: body.map(Term::Constant),
            media_type: None,
            caller: Caller::Tester,
        }));
        script.push(Line::Status(answer, step.success));
        Some(())
    }
}

/// The query of the page that is asked for, and the first of three documents that it has.
fn page(list: &List, paged: bool) -> (String, usize) {
    match (&list.limit, &list.offset, &list.page) {
        (Some(limit), Some(offset), _) if paged => (format!("{limit}=2&{offset}=1"), 1),
        (Some(limit), None, Some(page)) if paged => (format!("{limit}=2&{page}=2"), 2),
        _ => (String::new(), 0),
    }
}
