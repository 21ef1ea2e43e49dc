//! Matching rules: `matchingRules` of version 2 (one flat map, `$.body.items[*].sku`) and of versions 3 and 4 (a map for
//! each part: `body`, `query`, `header`).

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::document::{FieldPath, Located, Step};
use crate::source::{FileId, NodeKey, NodeRef, Route};

/// So many rules of one body are looked at.
const MOST_RULES: usize = 1000;

/// The matching rules of one body.
#[derive(Default)]
pub(super) struct Matchers {
    paths: Vec<Located<FieldPath>>,
    /// Objects whose keys are of no account, by the hash of their steps: the first steps of a rule's path, and how many.
    maps: FxHashMap<u64, (usize, usize)>,
}

impl Matchers {
    /// The rules for the body of `holder`, which is a request, an answer or a message.
    pub(super) fn of_body(file: FileId, holder: NodeRef<'_>) -> Matchers {
        let mut matchers = Matchers::default();
        let Some(rules) = holder.get("matchingRules") else { return matchers };
        for part in ["body", "content", "contents"] {
            let inner = rules.get(part).into_iter().flat_map(NodeRef::fields);
            inner.take(MOST_RULES).for_each(|(path, rule)| matchers.add(file, path, rule));
        }
        for (path, rule) in rules.fields().take(MOST_RULES) {
            // `$.body` or `$['body']`, then the path in the body.
            let inner = path.strip_prefix("$.body").or_else(|| path.strip_prefix("$['body']"));
            if let Some(inner) = inner.filter(|inner| inner.is_empty() || inner.starts_with(['.', '['])) {
                matchers.add(file, &format!("${inner}"), rule);
            }
        }
        matchers
    }

    fn add(&mut self, file: FileId, path: &str, rule: NodeRef<'_>) {
        let Some(path) = FieldPath::parse(path) else { return };
        let own = self.paths.len();
        // `items[*].*` is how version 2 says "by type, all the way down"; any other `*` stands for the keys of a map.
        let mut above = FxHasher::default();
        for (at, step) in path.steps.iter().enumerate() {
            let in_list = at.checked_sub(1).is_some_and(|before| path.steps[before] == Step::Items);
            if *step == Step::Any && !(in_list && at + 1 == path.steps.len()) {
                self.maps.entry(above.finish()).or_insert((own, at));
            }
            step.hash(&mut above);
        }
        if any_key(rule) {
            self.maps.entry(above.finish()).or_insert((own, path.steps.len()));
        }
        let route = Route::key_of(NodeKey { file, node: rule.id() });
        self.paths.push(Located::new(path, route));
    }

    /// Whether the object at `path` is a map: a rule holds for all of its values.
    pub(super) fn is_map(&self, path: &FieldPath) -> bool {
        let mut hasher = FxHasher::default();
        path.steps.iter().for_each(|step| step.hash(&mut hasher));
        let known = self.maps.get(&hasher.finish());
        known.is_some_and(|(rule, steps)| self.paths[*rule].value.steps[..*steps] == path.steps)
    }

    /// The paths that have a rule.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Located<FieldPath>> {
        self.paths.iter()
    }
}

/// Whether a rule leaves the keys open: `values`, `eachKey`, `eachValue`.
fn any_key(rule: NodeRef<'_>) -> bool {
    let is_open = |matcher: NodeRef<'_>| {
        let kind = matcher.str_at("match").unwrap_or_default();
        ["values", "eachkey", "eachvalue"].contains(&kind.replace(['-', '_'], "").to_ascii_lowercase().as_str())
    };
    is_open(rule) || rule.get("matchers").is_some_and(|list| list.items().any(is_open))
}

/// The names that the rules for a part other than the body have: parameters of a query, headers.
pub(super) fn names(file: FileId, holder: NodeRef<'_>, part: &str) -> Vec<Located<String>> {
    let Some(rules) = holder.get("matchingRules") else { return Vec::new() };
    let route = |rule: NodeRef<'_>| Route::key_of(NodeKey { file, node: rule.id() });
    let mut found: Vec<Located<String>> = Vec::new();
    for (name, rule) in rules.get(part).into_iter().flat_map(NodeRef::fields).take(MOST_RULES) {
        let name = match FieldPath::parse(name).filter(|_| name.starts_with('$')) {
            Some(path) => path.steps.into_iter().find_map(named),
            None => Some(name.to_owned()),
        };
        found.extend(name.map(|name| Located::new(name, route(rule))));
    }
    for (path, rule) in rules.fields().take(MOST_RULES).filter(|(path, _)| path.starts_with('$')) {
        let mut steps = FieldPath::parse(path).unwrap_or_default().steps.into_iter().filter_map(named);
        let of_part = steps.next().is_some_and(|first| first == part || part == "header" && first == "headers");
        found.extend(steps.next().filter(|_| of_part).map(|name| Located::new(name, route(rule))));
    }
    found
}

fn named(step: Step) -> Option<String> {
    match step {
        Step::Name(name) => Some(name),
        Step::Items | Step::Any => None,
    }
}
