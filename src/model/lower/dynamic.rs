//! Names that several schemas have (`$dynamicAnchor`): JSON Schema 2020-12, core, section 8.2.3.2.

use rustc_hash::FxHashMap;

use crate::source::Sources;

/// How many schemas of all files have a `$dynamicAnchor` of each name.
pub(super) struct DynamicNames(FxHashMap<String, usize>);

impl DynamicNames {
    /// Looks through files that have the keyword at all, which few have.
    pub(super) fn of(sources: &Sources) -> DynamicNames {
        let mut names = FxHashMap::default();
        for (_, file) in sources.iter() {
            let has_any = memchr::memmem::find(file.text.as_bytes(), b"$dynamicAnchor").is_some();
            let Some(tree) = file.tree().filter(|_| has_any) else { continue };
            for name in tree.ids().filter_map(|id| tree.node(id).str_at("$dynamicAnchor")) {
                *names.entry(name.to_owned()).or_default() += 1;
            }
        }
        DynamicNames(names)
    }

    /// Whether it depends on the way to a `$dynamicRef` which schema it names.
    pub(super) fn is_ambiguous(&self, reference: &str) -> bool {
        let name = reference.split_once('#').map_or("", |(_, name)| name);
        self.0.get(name).is_some_and(|count| *count > 1)
    }
}
