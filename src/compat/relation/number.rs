//! Numbers, ranges and counts as JSON Schema bounds them.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// A number of a contract: exact where it is whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Num {
    float: f64,
    whole: Option<i128>,
}

impl PartialEq for Num {
    fn eq(&self, other: &Self) -> bool {
        self.order(*other) == Ordering::Equal
    }
}

impl Num {
    /// A number of a document.
    pub(crate) fn of(number: &Number) -> Num {
        let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
        let float = number.as_f64().unwrap_or_default();
        let exact = float.fract() == 0.0 && float.abs() < 9e15;
        Num { float, whole: whole.or(exact.then_some(float as i128)) }
    }

    /// A whole number.
    pub(crate) fn whole(number: i128) -> Num {
        Num { float: number as f64, whole: Some(number) }
    }

    /// Which is larger.
    pub(crate) fn order(self, other: Num) -> Ordering {
        match (self.whole, other.whole) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => self.float.total_cmp(&other.float),
        }
    }

    /// The number as a JSON value.
    pub(crate) fn value(self) -> Option<Value> {
        match self.whole {
            Some(whole) => i64::try_from(whole).ok().map(Value::from),
            None => Number::from_f64(self.float).map(Value::Number),
        }
    }

    /// The number moved by `step`.
    pub(crate) fn plus(self, step: f64) -> Num {
        match self.whole {
            Some(whole) if step.fract() == 0.0 => Num::whole(whole + step as i128),
            _ => Num { float: self.float + step, whole: None }.normal(),
        }
    }

    fn normal(self) -> Num {
        let exact = self.float.fract() == 0.0 && self.float.abs() < 9e15;
        Num { whole: exact.then_some(self.float as i128), ..self }
    }

    /// The smallest whole number that is not below, or the largest that is not above.
    fn rounded(self, up: bool) -> Num {
        match self.whole {
            Some(_) => self,
            None => Num { float: if up { self.float.ceil() } else { self.float.floor() }, whole: None }.normal(),
        }
    }

    /// Whether `self` is a whole number of times `factor`, compared as decimals.
    pub(crate) fn is_multiple_of(self, factor: Num) -> bool {
        let (mut a, mut b) = (self, factor);
        for _ in 0..18 {
            if let (Some(a), Some(b)) = (a.whole, b.whole) {
                return b != 0 && a % b == 0;
            }
            (a, b) = (a.tenfold(), b.tenfold());
        }
        false
    }

    fn tenfold(self) -> Num {
        match self.whole {
            Some(whole) => whole.checked_mul(10).map_or(self, Num::whole),
            None => {
                let float = self.float * 10.0;
                let near = (float - float.round()).abs() < 1e-9 * float.abs().max(1.0);
                Num { float: if near { float.round() } else { float }, whole: None }.normal()
            }
        }
    }
}

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limit {
    /// Where it is.
    pub(crate) at: Num,
    /// Whether the number itself is outside.
    pub(crate) exclusive: bool,
}

/// A range of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Range {
    /// The lower end.
    pub(crate) min: Option<Limit>,
    /// The upper end.
    pub(crate) max: Option<Limit>,
}

impl Range {
    /// Raises the lower end.
    pub(crate) fn at_least(&mut self, limit: Limit) {
        if self.min.is_none_or(|known| tighter(limit, known, Ordering::Greater)) {
            self.min = Some(limit);
        }
    }

    /// Lowers the upper end.
    pub(crate) fn at_most(&mut self, limit: Limit) {
        if self.max.is_none_or(|known| tighter(limit, known, Ordering::Less)) {
            self.max = Some(limit);
        }
    }

    /// The range of whole numbers in it, with inclusive ends.
    pub(crate) fn whole(self) -> Range {
        let end = |limit: Limit, up: bool| {
            let rounded = limit.at.rounded(up);
            let outside = limit.exclusive && limit.at.whole.is_some();
            let step = if up { 1.0 } else { -1.0 };
            Limit { at: if outside { rounded.plus(step) } else { rounded }, exclusive: false }
        };
        Range { min: self.min.map(|limit| end(limit, true)), max: self.max.map(|limit| end(limit, false)) }
    }

    /// Whether no number lies in it.
    pub(crate) fn is_empty(self) -> bool {
        let (Some(min), Some(max)) = (self.min, self.max) else { return false };
        match min.at.order(max.at) {
            Ordering::Greater => true,
            Ordering::Equal => min.exclusive || max.exclusive,
            Ordering::Less => false,
        }
    }

    /// Whether every number of it lies in `other`.
    pub(crate) fn is_within(self, other: Range) -> bool {
        let holds = |own: Option<Limit>, limit: Option<Limit>, way: Ordering| match (own, limit) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(limit)) => own == limit || tighter(own, limit, way),
        };
        holds(self.min, other.min, Ordering::Greater) && holds(self.max, other.max, Ordering::Less)
    }

    /// Whether a number lies in it.
    pub(crate) fn has(self, number: Num) -> bool {
        let inside = |limit: Option<Limit>, way: Ordering| {
            limit.is_none_or(|limit| match number.order(limit.at) {
                Ordering::Equal => !limit.exclusive,
                order => order == way,
            })
        };
        inside(self.min, Ordering::Greater) && inside(self.max, Ordering::Less)
    }

    /// The numbers of both.
    pub(crate) fn and(mut self, other: Range) -> Range {
        other.min.into_iter().for_each(|limit| self.at_least(limit));
        other.max.into_iter().for_each(|limit| self.at_most(limit));
        self
    }
}

fn tighter(one: Limit, known: Limit, way: Ordering) -> bool {
    match one.at.order(known.at) {
        Ordering::Equal => one.exclusive && !known.exclusive,
        order => order == way,
    }
}

/// How many of something there may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// At least.
    pub(crate) min: u64,
    /// At most; nothing for no limit.
    pub(crate) max: Option<u64>,
}

impl Count {
    pub(crate) fn at_least(&mut self, min: u64) {
        self.min = self.min.max(min);
    }

    pub(crate) fn at_most(&mut self, max: u64) {
        self.max = Some(self.max.map_or(max, |known| known.min(max)));
    }

    pub(crate) fn is_empty(self) -> bool {
        self.max.is_some_and(|max| max < self.min)
    }

    pub(crate) fn is_within(self, other: Count) -> bool {
        self.min >= other.min && other.max.is_none_or(|limit| self.max.is_some_and(|max| max <= limit))
    }

    pub(crate) fn has(self, count: u64) -> bool {
        count >= self.min && self.max.is_none_or(|max| count <= max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn num(text: &str) -> Num {
        Num::of(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn decimals_divide_as_written() {
        assert!(num("0.3").is_multiple_of(num("0.1")));
        assert!(num("10").is_multiple_of(num("2.5")));
        assert!(!num("1").is_multiple_of(num("0.3")));
        assert!(!num("1").is_multiple_of(num("0")));
    }

    #[test]
    fn whole_ranges_have_inclusive_ends() {
        let mut range = Range::default();
        range.at_least(Limit { at: num("5"), exclusive: true });
        range.at_most(Limit { at: num("7.5"), exclusive: false });
        let whole = range.whole();
        assert_eq!(whole.min, Some(Limit { at: num("6"), exclusive: false }));
        assert_eq!(whole.max, Some(Limit { at: num("7"), exclusive: false }));
        assert!(whole.is_within(range) && !range.is_within(whole));
    }
}
