//! Why one consumer counts as hit.

use crate::diagnostic::Ground;

/// So many grounds of one consumer are kept, the surest first.
const MOST: usize = 20;

/// The grounds of one consumer: the surest first, each once, and no more than are told. Thousands of consumers have one each,
/// so a list takes the room of its grounds alone.
#[derive(Default)]
pub(super) struct Grounds(Vec<Ground>);

impl Grounds {
    pub(super) fn insert(&mut self, ground: Ground) {
        let Err(at) = self.0.binary_search(&ground) else { return };
        if at < MOST {
            self.0.truncate(MOST - 1);
            self.0.reserve_exact(1);
            self.0.insert(at, ground);
        }
    }
}

impl Extend<Ground> for Grounds {
    fn extend<I: IntoIterator<Item = Ground>>(&mut self, grounds: I) {
        grounds.into_iter().for_each(|ground| self.insert(ground));
    }
}

impl IntoIterator for Grounds {
    type Item = Ground;
    type IntoIter = std::vec::IntoIter<Ground>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::GroundKind;

    #[test]
    fn the_surest_are_kept_each_once() {
        let ground = |kind, line| Ground {
            consumer: "a".into(),
            kind,
            file: "a.md".into(),
            line,
            base: false,
            text: "calls `b`".into(),
        };
        let mut grounds = Grounds::default();
        grounds.extend((0..30).rev().map(|line| ground(GroundKind::Uses, line % 25)));
        grounds.insert(ground(GroundKind::Pact, 99));
        let kept: Vec<(GroundKind, u32)> = grounds.into_iter().map(|one| (one.kind, one.line)).collect();
        let expected = (0..19).map(|line| (GroundKind::Uses, line));
        assert_eq!(kept, [(GroundKind::Pact, 99)].into_iter().chain(expected).collect::<Vec<_>>());
    }
}
