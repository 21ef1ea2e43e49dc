//! Templates of a platform that make much out of little, each in one way.

use super::run;

/// Name and text. The small ones keep or write all they may; the large ones have as many parts as are read.
fn all() -> Vec<(&'static str, String)> {
    let each = |body: &str| format!("{{% for i in range(100000) %}}{body}{{% endfor %}}");
    let collect = |item: &str| {
        let set = format!("{{% set ns.l = ns.l + [{item}] %}}");
        format!("{{% set ns = namespace(l=[]) %}}{{% for i in range(9000) %}}{set}{{% endfor %}}")
    };
    let called = |body: &str| format!("{{% macro m(x) %}}{body}{{% endmacro %}}{{{{ m('ab') }}}}");
    vec![
        ("doubled text", called("{{ m(x ~ x) }}")),
        ("doubled list", called("{{ m([x] + [x]) }}")),
        ("texts on the stack", called("{% set y = (x ~ 'a') * 9000 %}{{ m(x ~ 'a') }}")),
        ("lists on the stack", called("{% set y = [x] * 100000 %}{{ m(x ~ 'a') }}")),
        ("loops on the stack", called("{% for y in range(100000) if true %}{% endfor %}{{ m(x) }}")),
        ("capture", format!("{{% set x %}}{}{{% endset %}}", each("a text of thirty bytes, or so"))),
        ("captures in captures", called("{% set y %}{{ 'a' * 900000 }}{{ m(x) }}{% endset %}")),
        ("output", each("a text of thirty bytes, or so, and as many more behind it")),
        ("page", format!("{{% autoescape true %}}{}{{% endautoescape %}}", each("{{ '<' * 900 }}"))),
        ("texts", collect("('a' ~ i) * 200")),
        ("lists", collect("[[i], [i, i]]")),
        ("maps", collect("{'a': i, 'b': [i]}")),
        ("parts", collect("('ab ' * 300)|split")),
        ("groups", collect("[{'a': 1}, {'a': 2}]|groupby('a')")),
        ("namespaces", each("{% set ns = namespace(a=i) %}")),
        ("macros", each("{% macro m() %}{{ i }}{% endmacro %}")),
        ("sorted", format!("{}{}", collect("i"), each("{% set x = ns.l|sort|unique|list %}"))),
        ("as JSON", "{{ ['<' * 900000]|tojson|length }}".to_owned()),
        ("tags", "{{ 'a' }}b".repeat(4_990)),
        ("items", format!("{{% set x = [{}] %}}", "{1:'a'},".repeat(9_900))),
        ("text", "a text of a template\n".repeat(12_000)),
    ]
}

/// The lines of those over the bound.
pub fn over() -> Vec<String> {
    all().iter().filter_map(|(name, text)| run::template_over(name, text)).collect()
}
