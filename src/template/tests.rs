//! A platform's templates: what they make is bounded, and what people write in them works as in the engine.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Engine;

fn context() -> Value {
    json!({ "list": [1, "b"], "map": { "a": { "b": "<c>" } }, "n": 7, "f": 2.5, "s": "a text\nof two lines", "no": null })
}

fn engine(templates: &[(&str, &str)]) -> Engine {
    let overrides = templates.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Engine::new(overrides).unwrap()
}

fn render(template: &str) -> Result<String, String> {
    let engine =
        Engine::new(BTreeMap::from([("a.j2".to_owned(), template.to_owned())])).map_err(|error| error.reason)?;
    engine.render("a.j2", &context()).map_err(|error| error.reason)
}

/// The same by the engine alone.
fn plain(template: &str) -> Result<String, String> {
    Engine::uncounted(template, &context()).map_err(|error| error.reason)
}

const TEXT: &str = "makes a text of more than 1 MiB";
const LIST: &str = "makes a list of more than 100000 items";
const MADE: &str = "makes more than 8 MiB";
const VISITED: &str = "goes through a value of more than 1000000 items";
const STEPS: &str = "goes through more than 50000000 items";
const LINK: &str = "keeps a namespace, loop or module in a namespace";
const DEEP: &str = "recursion limit exceeded";
const WIDTH: &str = "a width or count of 4000000000";

#[test]
fn whatever_a_template_makes_is_bounded() {
    let macro_of = |body: &str, call: &str| format!("{{% macro m(x) %}}{body}{{% endmacro %}}{{{{ {call} }}}}");
    let repeated = |body: &str| format!("{{% for i in range(100000) %}}{body}{{% endfor %}}");
    let kilobyte = "z".repeat(1000);
    let large = "{% set a = 'x' * 1000000 %}";
    let keep = |value: &str, times: usize| {
        let set = format!("{{% set ns.l = ns.l + [{value}] %}}");
        format!("{large}{{% set ns = namespace(l=[]) %}}{{% for i in range({times}) %}}{set}{{% endfor %}}")
    };
    for (template, reason) in [
        // Operators.
        (macro_of("{{ m(x ~ x) }}", "m('ab')"), TEXT),
        (macro_of("{{ m(x + x) }}", "m('ab')"), TEXT),
        (macro_of("{{ m(x + x) }}", "m([1])"), LIST),
        ("{{ ((1,) * 100000000)|length }}".to_owned(), LIST),
        ("{{ ('x' * 100000000)|length }}".to_owned(), TEXT),
        ("{{ (100000000 * ['x'])|length }}".to_owned(), LIST),
        ("{{ [[0] * 100000] * 100000 }}".to_owned(), VISITED),
        // What stays on the stack.
        (macro_of("{% set y = ('a' ~ x) * 200000 %}{{ m(x + 1) }}", "m(1)"), MADE),
        (macro_of("{{ [[x] * 100000, m(x + 1)]|length }}", "m(1)"), MADE),
        (macro_of("{% for y in range(100000) if true %}{% endfor %}{{ m(1) }}", "m(1)"), MADE),
        (macro_of("{{ m(x) }}", "m(1)"), DEEP),
        ("{% for x in [1] recursive %}{% set y = loop([1]) ~ 'a' %}{% endfor %}".to_owned(), DEEP),
        (macro_of("", "m(*([1] * 100000))"), "a list of 100000 items as arguments"),
        // Captures.
        (macro_of(&repeated(&kilobyte), "m(1)"), TEXT),
        (format!("{{% set x %}}{}{{% endset %}}", repeated(&kilobyte)), TEXT),
        (format!("{large}{{% set x %}}{}{{% endset %}}", repeated("{{ a }}")), TEXT),
        (format!("{{% filter upper %}}{}{{% endfilter %}}", repeated(&kilobyte)), TEXT),
        (
            format!(
                "{{% macro m() %}}{{{{ caller() }}}}{{% endmacro %}}{{% call m() %}}{}{{% endcall %}}",
                repeated(&kilobyte)
            ),
            TEXT,
        ),
        (format!("{{% set x %}}{}{{% endset %}}", repeated("{% include 'kubernetes/header.j2' %}")), TEXT),
        (repeated(&kilobyte), MADE),
        // What is kept.
        (keep("a ~ i", 100), MADE),
        (keep("('a' ~ i) * 1000", 10_000), MADE),
        (keep("['ab ' * 30000]|map('split')|list", 100), MADE),
        (keep("([1] * 20000)|batch(1)", 100), MADE),
        (keep("([{'a': 1}] * 20000)|groupby('a')", 100), MADE),
        (repeated("{% macro m() %}{{ i }}{% endmacro %}"), MADE),
        ("{% set ns = namespace(x=1) %}{% set ns.x = ns %}{{ ns }}".to_owned(), LINK),
        ("{% set ns = namespace(x=1) %}{% set ns.x = [{'a': ns}] %}{{ ns }}".to_owned(), LINK),
        (format!("{{% set ns = namespace() %}}{}", repeated("{% set ns = namespace(p=ns) %}")), LINK),
        (keep("loop", 3), LINK),
        (keep("a", 3).replace("[a]", "[ns.l, 1]").replace("range(3)", "range(99)"), "more than 64 deep"),
        // Filters.
        ("{{ 'a\nb'|indent(4000000000) }}".to_owned(), WIDTH),
        ("{{ 'a\nb'|indent(width=4000000000) }}".to_owned(), WIDTH),
        ("{{ '%4000000000d'|format(1) }}".to_owned(), WIDTH),
        ("{{ '%*d'|format(4000000000, 1) }}".to_owned(), WIDTH),
        ("{{ {'a': [1]}|yaml_block(indent=4000000000) }}".to_owned(), "an indent of 4000000000"),
        ("{{ {'a': [1]}|tojson(indent=4000000000) }}".to_owned(), WIDTH),
        ("{{ [1]|slice(4000000000)|length }}".to_owned(), WIDTH),
        (format!("{large}{{{{ [a, a]|join }}}}"), TEXT),
        (format!("{large}{{{{ a|join('ab') }}}}"), TEXT),
        (format!("{large}{{{{ a|replace('x', 'yy')|length }}}}"), TEXT),
        (format!("{large}{{{{ a|replace('', 'yy')|length }}}}"), TEXT),
        (format!("{large}{{{{ (a|replace('x', ' '))|split(' ')|length }}}}"), LIST),
        (format!("{large}{{{{ [a, a]|sum(start='') }}}}"), TEXT),
        (format!("{large}{{{{ [a, a]|string|length }}}}"), TEXT),
        (format!("{large}{{{{ [a, a]|tojson|length }}}}"), TEXT),
        (format!("{large}{{{{ debug([a, a]) }}}}"), TEXT),
        // Time without instructions.
        (format!("{large}{}", repeated("{% if a|upper %}{% endif %}")), STEPS),
        (format!("{large}{}", repeated("{% if a == a ~ '' %}{% endif %}")), STEPS),
        (format!("{large}{}", repeated("{% if a[999990:] %}{% endif %}")), STEPS),
        (format!("{large}{}", repeated("{% if a|length > 1 %}{% endif %}")), STEPS),
        (format!("{large}{}", repeated("{% if a is startingwith(a) %}{% endif %}")), STEPS),
        ("{% set a = [0] * 1000 %}{% set b = [a] * 1001 %}{{ b == b }}".to_owned(), VISITED),
        ("{% set a = [0] * 1000 %}{% set b = [a] * 1001 %}{{ {b: 1} }}".to_owned(), VISITED),
        ("{% set a = [0] * 1000 %}{% set b = [a] * 1001 %}{{ [b, b]|sort }}".to_owned(), VISITED),
        ("{% set a = [0] * 1000 %}{% set b = [a] * 1001 %}{{ [b, b]|unique|length }}".to_owned(), VISITED),
        ("{% set a = ['x' * 1000] * 100000 %}{% include a %}".to_owned(), VISITED),
    ] {
        let error = render(&template).expect_err(&template[..template.len().min(99)]);
        assert!(error.starts_with("line ") || error.starts_with("in kubernetes"), "{template:.99}: {error}");
        assert!(error.contains(reason), "{template:.99}: {error}");
    }
}

#[test]
fn what_cannot_be_bounded_is_no_template() {
    let sets: String = (0..251).map(|n| format!("{{% set a{n} = 1 %}}")).collect();
    for (template, reason) in [
        (sets, "sets more than 250 names"),
        (format!("{{{{ [{} m(1)]|length }}}}", "n, ".repeat(1_001)), "has lists of 1003 items, more than 1000"),
        ("{{ 1|b_close }}".to_owned(), "filter b_close is unknown"),
        ("{% import 'x' as 1 %}".to_owned(), "needs a name"),
        (format!("{{{{ {}1{} }}}}", "[".repeat(80), "]".repeat(80)), "brackets in each other"),
        (format!("{{% set {}", "(".repeat(100_000)), "brackets in each other"),
    ] {
        let error = render(&format!("\n{template}")).unwrap_err();
        assert!(error.starts_with("line 2: ") && error.contains(reason), "{template:.99}: {error}");
    }
    let error = render("{{ ['b_leave']|map('b_leave')|list }}").unwrap_err();
    assert!(error.contains("filter b_leave is unknown"), "{error}");
}

#[test]
fn idioms_of_a_few_thousand_steps_work() {
    let start = "{% set ns = namespace(items=[], text='') %}{% for i in range(3000) %}";
    for (step, text) in [
        ("{% set ns.items = ns.items + [{'a': i, 'b': 'a text of some length, as they are'}] %}", "3000 0\n"),
        (
            "{% set ns.text = ns.text ~ 'line ' ~ i ~ ' of a text that a loop collects, a line at a time\n' %}",
            "0 175890\n",
        ),
        ("{% if i % 100 not in ns.items %}{% set ns.items = ns.items + [i % 100] %}{% endif %}", "100 0\n"),
        ("{% set x %}<{{ i }}>{% endset %}{% set ns.text = x %}{% set y = (x|upper) * 500 %}", "0 6\n"),
    ] {
        let template = format!("{start}{step}{{% endfor %}}{{{{ ns.items|length }}}} {{{{ ns.text|length }}}}");
        assert_eq!(render(&template).as_deref(), Ok(text), "{step}");
    }
}

#[test]
fn templates_give_what_the_engine_gives() {
    for template in [
        "raw \"quoted\" \\ {{ n }}\ttext\r\n{# no #}{% raw %}{{ raw }}{% endraw %}é",
        "{{ 1 + 2 * 3 - 4 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 2 ** 3 ** 2 }} {{ -n }} {{ 1.5 + n }} {{ - -n }}",
        "{{ 9223372036854775807 + 1 }} {{ 9223372036854775807 * 3 }} {{ f * 2 }} {{ 7 % -2 }} {{ 1e300 }} {{ 0.1 }}",
        "{{ n + 1 - 2 + 3 - 4 ~ 'a' ~ n * 2 ~ list }} {{ 'a' ~ none ~ true }} {{ 'ab' * 3 }} {{ 2 * [1] + [list] }}",
        "{{ (1, 2) + (3,) }} {{ (1,) * 3 }} {{ () }} {{ (n,) }} {{ [] }} {{ {} }} {{ {'a': n, 1: [n], n: 2} }}",
        "{{ 1 < n <= 7 != 8 }} {{ n in [1, 7] }} {{ n not in list }} {{ not n == 7 }} {{ 'b' in list and n or no }}",
        "{{ (n == 7) == true }} {{ 1 if n else 2 }} {{ (1 if no else 2) + 3 }} {{ 'x' if n is odd else 'y' }} {{ 1 if no }}",
        "{{ n is defined }} {{ missing is defined }} {{ n is not none }} {{ n is divisibleby 7 }} {{ (n is odd) and n is eq(7) }}",
        "{{ list|join(', ')|upper }} {{ missing|default('d')|length }} {{ -n|abs }} {{ (-n)|abs }} {{ map|tojson }} {{ map|json }}",
        "{{ s[2:6] }} {{ s[::-1] }} {{ list[0] }} {{ list[-1] }} {{ list[n - 7] }} {{ (1, 2, 3)[1:] }} {{ [1, 2, 3][::2][1] }}",
        "{{ map.a.b }} {{ map['a']['b'] }} {{ map['a'].b|length }} {{ s.0 }} {{ {'x': [1, {'y': 2}]}.x[1].y }} {{ s[n] }}",
        "{% for i in list %}{{ loop.index }}{{ loop.cycle('a', 'b') }}{% if loop.changed(i) %}!{% endif %}{% else %}none{% endfor %}",
        "{% for i in [1, 2, 3, 4] if i is even %}{{ loop.index }}:{{ i }}/{{ loop.length }} {% else %}none{% endfor %}",
        "{% for k, v in map|items %}{{ k }}={{ v.b }}{% endfor %}{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
        "{% for x in [[1, [2]], [3]] recursive %}<{% if x is sequence %}{{ loop(x) }}{% else %}{{ x }}{% endif %}>{% endfor %}",
        "{% for x in [[1], 2] recursive %}{% if x is sequence %}{{ loop(x)|upper ~ '!' }}{% else %}a{{ x }}{% endif %}{% endfor %}",
        "{% for a in [1, 2] %}{% set outer = loop %}{% for b in [1, 2] %}{{ outer.index }}{{ b }} {% endfor %}{% endfor %}",
        "{% if no %}1{% elif n == 7 %}2{% else %}3{% endif %}{% if no %}1{% else %}{% if n %}2{% endif %}{% endif %}",
        "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (c, d), e = (1, 2), 3 %}{{ d }}{% set x = 1, %}{{ x }}{% set y = (1 if n) %}{{ y }}",
        "{% set x %}<{{ n }}>{% endset %}{{ x }}{% set x|upper|replace('A', 'b') %}a{{ s }}{% endset %}{{ x }}",
        "{% set ns = namespace(a=1) %}{% set ns.a = ns.a + 1 %}{% set ns.b %}c{% endset %}{{ ns.a }}{{ ns.b }}{{ ns }}",
        "{% with a = 1, (b, c) = (2, 3) %}{{ a }}{{ b }}{{ c }}{% endwith %}{% filter upper|indent(2) %}a\n{{ s }}{% endfilter %}",
        "{% macro m(a, b=2, c='x' ~ n) %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, c=3) }}{{ m(*[1, 2], **{'c': 4}) }}",
        "{% macro m(a) %}<{{ caller(a, 2) }}>{% endmacro %}{% call(x, y=1) m(5) %}{{ x }}-{{ y }}{% endcall %}{{ m.name }}",
        "{% macro f(n) %}{% if n > 1 %}{{ n * (f(n - 1)|int) }}{% else %}1{% endif %}{% endmacro %}{{ f(10) }}{% do f(3) %}",
        "{% block a %}A{{ n }}{% endblock %}{{ self.a() }}{{ self.a()|lower ~ '.' }}{% block b scoped %}{% endblock b %}",
        "{{ range(3)|list }}{{ range(5, 1, -2)|join }}{{ dict(a=n) }}{{ dict(map, x=1)|length }}{{ [3, 1]|sort|first }}",
        "{{ [{'a': 1}, {'a': 2}]|map(attribute='a')|sum }}{{ [1, 2, 3]|select('odd')|list }}{{ list|map('string')|join }}",
        "{% for g in [{'a': 1}, {'a': 2}, {'a': 1}]|groupby('a') %}{{ g.grouper }}:{{ g.list|length }} {{ g[0] }}{% endfor %}",
        "{{ [1, 2, 3]|batch(2) }}{{ [1, 2, 3]|slice(2) }}{{ 'a b'|split }}{{ map|dictsort }}{{ [1]|zip([2])|list }}{{ [1]|chain([2])|list }}",
        "{% autoescape true %}{{ map.a.b }}<b>{{ map.a.b|safe }}{{ map }}{% set x %}<i>{{ map.a.b }}{% endset %}{{ x }}{% endautoescape %}",
        "{% autoescape true %}{% macro m(x) %}<u>{{ x }}{% endmacro %}{{ m('<') ~ '<' }}{{ m('<') }}{{ '<' ~ 'a' }}{{ 'a'|replace('a', '<') }}{% endautoescape %}",
        "a\n  {% if n %}  \n b {%- if n +%} c\n{%- endif -%} \n d {%- endif %}\n\n{{- n -}}\n e",
        "{{ s|yaml }}{{ map|yaml_block(indent=2) }}{{ 'a b'|snake }}{{ s|line }}{{ s|indent(4) }}{{ 'x|y'|md }}{{ '%s-%d'|format('a', 3) }}",
        "{% include ['missing', 'kubernetes/header.j2'] ignore missing %}{% include 'missing' ignore missing %}",
        // Errors.
        "a\n{{ missing }}",
        "a\n\n{{ missing.b }}",
        "{% set x = 1 %}\n{{ x\n+ missing }}",
        "\n{{ 1 + 'a' }}",
        "\n{{ 'a' ~ missing }}",
        "\n\n{{ missing|upper }}",
        "\n{{ n|upper(1, 2) }}",
        "\n{{ n() }}",
        "\n{{ unknown(1) }}",
        "\n{{ s.foo() }}",
        "\n{{ n / 0 }}",
        "\n{% for x in n %}{% endfor %}",
        "\n{{ n|nofilter }}",
        "\n\n{% if n is notest %}{% endif %}",
        "\n{% include 'missing' %}",
        "\n{% if %}",
        "\n{{ 'a }}",
        "{% macro m(a) %}\n\n{{ missing }}{% endmacro %}\n{{ m(1) }}",
    ] {
        let (own, by_engine) = (render(template), plain(template));
        if by_engine.is_ok() {
            assert_eq!(own, by_engine, "{template}");
            continue;
        }
        let (own, by_engine) = (own.unwrap_err(), by_engine.unwrap_err());
        let line = |text: &str| text.split(": ").next().unwrap_or_default().to_owned();
        assert_eq!(line(&own), line(&by_engine), "{template}: {own} / {by_engine}");
    }
}

#[test]
fn templates_take_in_each_other() {
    let base = "{% block a %}base{% endblock %}-{% block b %}{% endblock %}";
    let engine = engine(&[
        ("a.j2", "{% extends 'base.j2' %}{% block a %}{{ super() }}+{{ super()|upper }}{% endblock %}"),
        ("base.j2", base),
        ("macros.j2", "{% macro m(x) %}<{{ x }}>{% endmacro %}{% set y = 2 %}text"),
        (
            "import.j2",
            "{% import 'macros.j2' as m %}{{ m.m(1) }}{{ m.y }}{% from 'macros.j2' import m as f, y %}{{ f(y) }}{{ m }}",
        ),
        ("self.j2", "\n{% include 'self.j2' %}"),
        ("cycle.j2", "\n{% extends 'cycle.j2' %}"),
        ("required.j2", "{% block a required %} {% endblock %}"),
        ("kubernetes/header.j2", "# own {{ \"x\" * 3 }}"),
    ]);
    let render = |name: &str| engine.render(name, &context()).map_err(|error| error.reason);
    assert_eq!(render("a.j2").as_deref(), Ok("base+BASE-\n"));
    assert_eq!(render("import.j2").as_deref(), Ok("<1>2<2>text\n"));
    assert!(render("self.j2").unwrap_err().contains(DEEP));
    assert!(render("cycle.j2").unwrap_err().contains("cycle in template inheritance"));
    assert!(render("required.j2").unwrap_err().contains("Required block"));
    // A built-in template takes in one of the platform's.
    let error = render("kubernetes/service-account.yaml.j2").unwrap_err();
    assert!(error.contains("names something that does not exist"), "{error}");
}

#[test]
fn many_renderings_write_no_more_together() {
    let engine = engine(&[("a.j2", "{{ 'x' * 1000000 }}"), ("b.j2", "{{ 'x' * 30000 }}")]);
    let mut written = (0..99).map(|_| engine.render("a.j2", &context()).map_err(|error| error.reason));
    let failed = written.position(|one| one.is_err_and(|error| error.contains("write more than 4 MiB together")));
    assert_eq!(failed, Some(4));
    assert!((0..999).all(|_| engine.render("b.j2", &context()).is_ok()));
}

#[test]
fn a_large_platform_has_room() {
    let context = json!({ "list": vec!["a text of a model, as it may be"; 50_000] });
    let engine =
        engine(&[("a.j2", "{% for text in list %}{{ text }} {{ text ~ loop.index }} {{ text }}\n{% endfor %}")]);
    assert!(engine.render("a.j2", &context).unwrap().len() > 5_000_000);
}

proptest! {
    #[test]
    fn numbers_and_texts_are_printed_as_they_were_read(number in any::<f64>(), whole in any::<u64>(), text in ".*") {
        let number = if number.is_finite() { number.abs() } else { 1.0 };
        let text = text.replace('\\', "\\\\").replace('\'', "\\'");
        let template = format!("{{{{ {number:?} }}}} {{{{ {whole} }}}} {{{{ '{text}' }}}} {{{{ {whole} - 1 }}}}");
        prop_assert_eq!(render(&template), plain(&template));
    }

    #[test]
    fn any_text_is_a_template_or_none(text in "[-+{}%#()a1|.,'\"\\\\\n ~*\\[\\]:=]{0,60}") {
        let (own, by_engine) = (render(&text), plain(&text));
        if by_engine.is_ok() {
            prop_assert_eq!(own, by_engine);
        } else {
            prop_assert!(own.is_err());
        }
    }
}
