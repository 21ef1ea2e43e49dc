//! Callbacks, which may refer to each other for ever.

use super::super::origin::At;
use super::Reader;
use crate::model::{Callback, List, Operation};

/// Callbacks within callbacks are read this far.
pub(super) const DEEPEST: usize = 32;
/// So many path items of callbacks within callbacks are read of a document.
pub(super) const MOST_INNER: usize = 1000;

impl<'s> Reader<'_, 's> {
    pub(super) fn callbacks(&mut self, at: &At<'s>) -> List<Callback> {
        let depth = self.within.len();
        let Some(callbacks) = at.get("callbacks").filter(|_| depth < DEEPEST) else { return List::default() };
        self.once(
            &callbacks,
            |known| &mut known.callbacks[depth],
            |reader| {
                let one = |(name, callback): (&str, At<'s>)| {
                    let callback = callback.follow(reader.sources);
                    let requests = |reader: &mut Self| reader.requests(&callback);
                    let operations = reader.once(&callback, |known| &mut known.requests[depth], requests);
                    Callback { name: name.to_owned(), operations }
                };
                callbacks.fields().map(one).collect()
            },
        )
    }

    /// The operations of one callback.
    fn requests(&mut self, callback: &At<'s>) -> List<Operation> {
        let mut found = Vec::new();
        for (expression, item) in callback.fields().filter(|(key, _)| !key.starts_with("x-")) {
            // One that leads back to itself says nothing new.
            let item = item.follow(self.sources);
            let key = item.node_key();
            if self.within.contains(&key) {
                continue;
            }
            if !self.within.is_empty() {
                let Some(left) = self.inner.checked_sub(1) else { break };
                self.inner = left;
            }
            self.within.push(key);
            found.extend(self.item(expression, item));
            self.within.pop();
        }
        found.into()
    }
}
