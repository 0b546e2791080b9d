//! What holds for any text and any expression.

use proptest::prelude::*;
use spotcheck_checklists::expression::{Function, compile, parse};

use crate::fixture::{filled, node, outline};

/// Texts that look like expressions, right or wrong.
fn scraps() -> impl Strategy<Value = String> {
    let names: Vec<String> = Function::ALL.iter().map(|f| format!("{}(", f.name())).collect();
    let signs = [
        "(",
        ")",
        "[",
        "]",
        ",",
        "+",
        "-",
        "*",
        " div ",
        " mod ",
        "=",
        "!=",
        "<",
        "<=",
        "|",
        "/",
        "..",
        ".",
        " and ",
        " or ",
        "'a'",
        "\"b\"",
        "1",
        "2.5",
        "${age}",
        "${load}",
        "${stop}",
        "stop",
        "load",
        "name",
        "current()",
        "'",
        "$",
        "//",
        "::",
        "@",
        "\u{4e00}",
        "’",
        "'%Y'",
        "'2021-06-24'",
        "''",
        "-1",
    ];
    let all: Vec<String> = names.into_iter().chain(signs.map(str::to_owned)).collect();
    prop::collection::vec(prop::sample::select(all), 1..24).prop_map(|parts| parts.concat())
}

/// Right expressions, as text.
fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "1",
        "0",
        "2.5",
        "'a b'",
        "\"it's\"",
        "''",
        "'2021-06-24'",
        "${age}",
        "${name}",
        "${load}",
        "${blank}",
        ".",
        "..",
        "../name",
        "/data/stop[2]/load",
        "/data/stop/label",
        "(/)",
        "true()",
        "today()",
        "'-3'",
        "current()/../age",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(5, 40, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        let operator = prop::sample::select(vec![
            "or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod",
        ]);
        let function = prop::sample::select(vec![
            "concat",
            "contains",
            "pow",
            "substr",
            "selected",
            "max",
            "join",
            "coalesce",
            "round",
            "format-date",
            "atan2",
            "starts-with",
            "checklist",
            "substring-after",
        ]);
        prop_oneof![
            (two.clone(), operator).prop_map(|((a, b), o)| format!("{a} {o} {b}")),
            (two.clone(), function).prop_map(|((a, b), f)| format!("{f}({a}, {b})")),
            inner.clone().prop_map(|a| format!("-{a}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("not({a})")),
            inner.clone().prop_map(|a| format!("/data/stop[{a}]/load")),
            (two, inner).prop_map(|((a, b), c)| format!("if({a}, {b}, {c})")),
        ]
    })
}

/// Any function with as many arguments as it takes, of any kind.
fn calls() -> impl Strategy<Value = String> {
    let arg = prop::sample::select(vec![
        "1",
        "0",
        "-1",
        "2.5",
        "1e9",
        "99999999999",
        "1 div 0",
        "-1 div 0",
        "0 div 0",
        "'a b'",
        "''",
        "'2021-06-24'",
        "'22.5 114; 1 2'",
        "${age}",
        "${load}",
        "${stop}",
        "${lot}",
        "${kg}",
        ".",
        "..",
        "/data/stop",
        "/data/nothing",
        "true()",
        "today()",
        "'检查'",
        "'hex'",
        "'('",
        "'%'",
        "'limits'",
        "'SHA-512'",
        "'%Y-%3%'",
    ]);
    let args = prop::collection::vec(arg, 0..8);
    (prop::sample::select(Function::ALL.to_vec()), args).prop_map(|(function, mut args)| {
        let (least, most) = function.arity();
        while args.len() < least {
            args.push("${kg}");
        }
        args.truncate(most);
        format!("{}({})", function.name(), args.join(", "))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text_is_read_or_refused_at_a_place_within_it(text in "\\PC*|[ -~\n]*") {
        if let Err(error) = parse(&text) {
            prop_assert!(text.get(error.span.start..error.span.end).is_some());
            prop_assert!(error.line >= 1 && error.column >= 1);
        }
    }

    #[test]
    fn scraps_of_expressions_never_panic(text in scraps()) {
        let filled = filled();
        match compile(&text, &*outline()) {
            Ok(program) => {
                let _ = program.evaluate(&filled, node(&filled, "age"));
                let _ = program.evaluate_bool(&filled, node(&filled, "load[2]"));
            }
            Err(error) => prop_assert!(text.get(error.span.start..error.span.end).is_some()),
        }
    }

    #[test]
    fn every_function_takes_any_arguments_without_a_panic(text in calls()) {
        if let Ok(program) = compile(&text, &*outline()) {
            let filled = filled();
            for place in ["age", "blank", "load[2]", "kg[3]"] {
                let at = node(&filled, place);
                let _ = program.evaluate_bool(&filled, at);
                let text = program.evaluate_text(&filled, at).unwrap_or_default();
                prop_assert!(!text.contains("NaN"), "what is no number is no text: {}", text);
            }
        }
    }

    #[test]
    fn printing_is_stable_and_changes_no_value(text in expressions()) {
        let parsed = parse(&text).unwrap();
        let printed = parsed.to_string();
        let again = parse(&printed).unwrap();
        prop_assert_eq!(&again.to_string(), &printed);
        let filled = filled();
        let at = node(&filled, "age");
        let value = |text: &str| {
            let program = compile(text, &*outline()).map_err(|error| error.code)?;
            program.evaluate_text(&filled, at).map_err(|error| error.code)
        };
        prop_assert_eq!(value(&printed), value(&text), "{}", printed);
    }

    #[test]
    fn a_comparison_and_its_opposite_agree_for_single_values(a in -50..50_i32, b in -50..50_i32) {
        let filled = filled();
        let ask = |text: String| {
            let program = compile(&text, &*outline()).unwrap();
            program.evaluate_bool(&filled, node(&filled, "age")).unwrap()
        };
        prop_assert_eq!(ask(format!("{a} < {b}")), a < b);
        prop_assert_eq!(ask(format!("not({a} >= {b})")), a < b);
        prop_assert_eq!(ask(format!("'{a}' = {b}")), a == b);
    }

    #[test]
    fn whole_numbers_are_computed_exactly(a in -9999..9999_i64, b in 1..9999_i64) {
        let filled = filled();
        let ask = |text: String| {
            let program = compile(&text, &*outline()).unwrap();
            program.evaluate_text(&filled, node(&filled, "age")).unwrap()
        };
        prop_assert_eq!(ask(format!("{a} + {b}")), (a + b).to_string());
        prop_assert_eq!(ask(format!("{a} * {b}")), (a * b).to_string());
        prop_assert_eq!(ask(format!("{a} mod {b}")), (a % b).to_string());
        prop_assert_eq!(ask(format!("int({a} div {b})")), (a / b).to_string());
    }

    #[test]
    fn a_date_is_the_inverse_of_its_days(days in -700_000..2_900_000_i32) {
        let filled = filled();
        let text = format!("abs(decimal-date-time(date({days})) - {days}) < 1");
        let program = compile(&text, &*outline()).unwrap();
        prop_assert!(program.evaluate_bool(&filled, node(&filled, "age")).unwrap());
    }
}
