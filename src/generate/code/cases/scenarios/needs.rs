//! What the tests of a service's scenarios need of their support, so that nothing is written that none of them uses.

use super::{Caller, Line, Request, ScenarioCase, ScenarioPlan};

/// The tests of a service, with what they need.
#[derive(Debug)]
pub(crate) struct ScenarioTests<'p> {
    /// All tests, in the order of the spec.
    pub(crate) cases: Vec<&'p ScenarioCase>,
    /// The events that they expect to be published: indices in `Events::wires`.
    pub(crate) published: Vec<usize>,
    /// Whether events arrive.
    pub(crate) delivers: bool,
    /// Whether they wait for a state.
    pub(crate) waits: bool,
    /// Whether they compare the items of lists.
    pub(crate) lists: bool,
    /// Whether they send tokens that they were given.
    pub(crate) bears: bool,
}

impl<'p> ScenarioTests<'p> {
    /// The tests of these plans; nothing where there are none.
    pub(crate) fn of(plans: &'p [ScenarioPlan]) -> Option<ScenarioTests<'p>> {
        let cases: Vec<&ScenarioCase> = plans.iter().flat_map(|plan| &plan.cases).collect();
        let lines = || cases.iter().flat_map(|case| &case.lines);
        let has = |wanted: fn(&Line) -> bool| lines().any(wanted);
        let mut published: Vec<usize> = lines()
            .filter_map(|line| match line {
                Line::Published(wire, _) => Some(*wire),
                _ => None,
            })
            .collect();
        published.sort_unstable();
        published.dedup();
        let bears =
            |line: &Line| matches!(line, Line::Send(Request { caller: Caller::Bearer(_) | Caller::Forger(_), .. }));
        let tests = ScenarioTests {
            published,
            delivers: has(|line| matches!(line, Line::Deliver(..))),
            waits: has(|line| matches!(line, Line::Becomes(..))),
            lists: has(|line| matches!(line, Line::Values(..))),
            bears: has(bears),
            cases,
        };
        (!tests.cases.is_empty()).then_some(tests)
    }

    /// Whether they see the bus.
    pub(crate) fn sees_bus(&self) -> bool {
        self.delivers || !self.published.is_empty()
    }
}
