//! A changelog for the tests of its forms, whose texts hold what forms must escape.

use crate::check::{Changelog, Class, Counts, Entry, Group, Reached, Section};
use crate::compat::Direction::{Request, Response};
use crate::report::fixture;

pub(super) fn changelog() -> Changelog {
    let reached =
        |subject: &str, directions: &[_]| Reached { subject: subject.to_owned(), directions: directions.to_vec() };
    let bad = fixture::breaking();
    let bad = Entry {
        facts: bad.notes.clone(),
        finding: bad,
        more_reached: 0,
        reached: vec![reached("POST /avatar", &[Request]), reached("POST /image", &[Request, Response])],
        count: 1,
    };
    let good = Entry { finding: fixture::awkward(), reached: Vec::new(), more_reached: 0, facts: Vec::new(), count: 1 };
    let section = |class, entry| Section { class, entries: vec![entry] };
    Changelog {
        old: "old.yaml".to_owned(),
        new: "new.yaml".to_owned(),
        groups: vec![Group {
            title: "Orders & <b>more</b>".to_owned(),
            sections: vec![section(Class::Breaking, bad), section(Class::Compatible, good)],
        }],
        counts: Counts { breaking: 1, compatible: 1, ..Counts::default() },
        remarks: vec!["One <remark>".to_owned()],
        ..Changelog::default()
    }
}
