//! Bounds that leave no value.

use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::{Object, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};

pub(super) static RULE: Rule = Rule {
    id: "bounds-contradict",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Bounds that leave no value",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/bounds-contradict.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let upper: Vec<&str> = PAIRS.iter().map(|(_, high, _)| *high).collect();
    for schema in api.schemas_with(&upper) {
        for (low, high, is_exclusive) in PAIRS {
            let (Some(least), Some(most)) = (schema.at(low), schema.at(high)) else { continue };
            let (Some(from), Some(to)) = (least.node().as_f64(), most.node().as_f64()) else { continue };
            // In 3.0 the exclusive bounds are switches for the inclusive ones.
            let switched = *low == "minimum" && (schema.flag("exclusiveMinimum") || schema.flag("exclusiveMaximum"));
            if from > to || (from == to && (*is_exclusive || switched)) {
                let text = |bound: Object<'_>| bound.node().scalar().unwrap_or_default().to_owned();
                let message = format!("`{low}` is {}, and `{high}` is {}: no value fits", text(least), text(most));
                let finding = RULE.finding(most.route(), message).help("Correct one of the two bounds");
                found.push(finding.related(least.route(), "the lower bound"));
            }
        }
    }
}

/// Lower bound, upper bound, and whether equal bounds leave no value.
const PAIRS: &[(&str, &str, bool)] = &[
    ("minimum", "maximum", false),
    ("exclusiveMinimum", "maximum", true),
    ("minimum", "exclusiveMaximum", true),
    ("exclusiveMinimum", "exclusiveMaximum", true),
    ("minLength", "maxLength", false),
    ("minItems", "maxItems", false),
    ("minProperties", "maxProperties", false),
    ("minContains", "maxContains", false),
];
