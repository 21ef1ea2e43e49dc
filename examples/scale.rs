use agentspec::source::*;
use std::sync::Arc;
use std::time::Instant;
fn main() {
    for (pre, unit) in [
        ("\"", "|\na: <<: "),
        ("a: ", "|\n!a <<: "),
        ("", "|\n*a  "),
        ("", "[a, "),
        ("a: ", "x\n  \n"),
        ("", "a: |\n  x\n\n"),
        ("", "? a\n"),
        ("", "- a\n-"),
        ("", "&a "),
        ("[", "'a', "),
        ("", "%\n"),
        ("", "%YAML 1.2\n"),
        ("", "!"),
        ("", ">\n\n"),
        ("\"", "\\\n "),
    ] {
        for size in [60_000usize, 600_000, 6_000_000] {
            let text: Arc<str> = Arc::from(format!("{pre}{}", unit.repeat(size / unit.len())));
            let t = Instant::now();
            let p = parse_yaml(&text);
            println!("{pre:?} {unit:?} {size} {:?} {:?}", t.elapsed(), p.problems.first().map(|p| p.kind));
        }
    }
}
