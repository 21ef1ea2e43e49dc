//! Findings for the tests of the formats.

use super::{Format, Report, RuleInfo, Style, write};
use crate::diagnostic::{AccountLine, Finding, Position, RelatedPlace, Severity, Summary};

pub(super) fn position(file: &str, line: u32, column: u32, end_column: u32) -> Position {
    Position { file: file.to_owned(), line, column, end_line: line, end_column, pointer: None }
}

/// A breaking change with everything that a finding can carry.
pub(super) fn breaking() -> Finding {
    let mut place = position("services/user-service/contracts/api-spec.yaml", 42, 9, 17);
    place.pointer = Some("/paths/~1avatar/post/requestBody".into());
    Finding {
        rule: "breaking-change".to_owned(),
        severity: Severity::Error,
        message: "new required field `imageFormat` in the request of `POST /avatar`".to_owned(),
        position: place,
        excerpt: "        required: [imageFormat]".to_owned(),
        help: Some("make the field optional, or add `v2` beside `v1`".to_owned()),
        notes: vec!["requests without it were accepted before".to_owned()],
        related: vec![RelatedPlace {
            position: position("services/user-service/contracts/api-spec.yaml", 40, 7, 11),
            base: true,
            message: "nothing was required here".to_owned(),
            excerpt: "      type: object".to_owned(),
        }],
        consumers: vec!["order-service".to_owned()],
        transitive: vec!["notification-service".to_owned()],
        unaffected: vec!["auth-service".to_owned()],
        changed: None,
        approved: None,
        grounds: Vec::new(),
        witness: None,
        fingerprint: "0123456789abcdef".to_owned(),
    }
}

/// A plain finding whose texts hold what formats must escape.
pub(super) fn awkward() -> Finding {
    Finding {
        rule: "spec-placeholder".to_owned(),
        severity: Severity::Info,
        message: "50% of `a|b` <is>\nleft, see: c".to_owned(),
        position: position("specs/a,b:c.md", 1, 1, 1),
        excerpt: String::new(),
        help: None,
        notes: Vec::new(),
        related: Vec::new(),
        consumers: Vec::new(),
        transitive: Vec::new(),
        unaffected: Vec::new(),
        changed: None,
        approved: None,
        grounds: Vec::new(),
        witness: None,
        fingerprint: "fedcba9876543210".to_owned(),
    }
}

pub(super) fn render(format: Format, findings: &[Finding], style: Style) -> String {
    let account = [
        AccountLine::holds("All event schemas defined"),
        AccountLine::warns("order-service is not implemented yet"),
        AccountLine::fails("1 breaking change"),
    ];
    let mut summary = Summary::of(findings);
    summary.suppressed = 3;
    let rules = |id: &str| {
        (id == "breaking-change").then_some(RuleInfo {
            summary: "A contract breaks its consumers",
            docs: "# breaking-change\n\nWhat it does.",
            family: "api",
            severity: Severity::Error,
        })
    };
    let report = Report {
        title: "Contracts of user-service",
        findings,
        summary,
        account: &account,
        next: Some("Make the field optional, then run `agentspec validate-contracts` again."),
        rules: &rules,
        tool_version: "0.1.0",
        prefix: if format == Format::Github { "shop/" } else { "" },
    };
    let mut out = Vec::new();
    write(format, &report, &mut out, style).unwrap();
    String::from_utf8(out).unwrap()
}
