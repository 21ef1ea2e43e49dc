use agentspec::source::*;
use std::sync::Arc;
use std::time::Instant;
fn main() {
    let json = std::env::args().nth(1).as_deref() == Some("json");
    let toks: Vec<&str> = if json {
        vec![
            "[", "{", "]", "}", ",", ":", "\"", "\\", "1", "\"a\":", "\"a\"", "\n", " ", "-", "e", "\\u0041", "true",
            "[]", "{}",
        ]
    } else {
        vec![
            "[", "{", "]", "}", ",", ":", " ", "\n", "- ", "? ", ": ", "a", "&a ", "*a ", "!a ", "\"", "'", "|\n",
            ">\n", "#", "\t", "  ", "%", "---\n", "...\n", "a: ", "\r\n", "!", "<<: ", "\\", "1", "\u{feff}", "é", "-",
            "?", "\n\n", "!!str ", "{a: ", "[a, ", "'a'", "\"a\"",
        ]
    };
    let size = 60_000usize;
    let n = toks.len();
    let mut worst = vec![];
    let t0 = Instant::now();
    let mut run = |unit: String| {
        for pre in ["", "a: ", "[", "a:\n  ", "\"", "{"] {
            let text: Arc<str> = Arc::from(format!("{pre}{}", unit.repeat(size / unit.len() + 1)));
            let t = Instant::now();
            let p = if json { parse_json(&text) } else { parse_yaml(&text) };
            let d = t.elapsed();
            if d.as_millis() > 30 {
                worst.push((d, pre.to_string(), unit.clone(), p.problems.first().map(|p| p.kind)));
            }
        }
    };
    for a in 0..n {
        run(toks[a].into());
        for b in 0..n {
            run(format!("{}{}", toks[a], toks[b]));
            for c in 0..n {
                run(format!("{}{}{}", toks[a], toks[b], toks[c]));
            }
        }
    }
    worst.sort();
    worst.reverse();
    println!("{} slow, total {:?}", worst.len(), t0.elapsed());
    for w in worst.iter().take(25) {
        println!("{w:?}");
    }
}
