//! Errors an author can act on: the place, the fault and the remedy, in both languages.

use spotcheck_checklists::expression::{ErrorCode, ExpressionError, Limits, compile, parse};

use crate::fixture::outline;

fn fault(text: &str) -> ExpressionError {
    compile(text, &*outline()).unwrap_err()
}

#[test]
fn a_fault_names_line_and_column_in_characters() {
    let error = fault("${age} > 5 and\n  检查(1)");
    assert_eq!((error.line, error.column), (2, 3));
    assert_eq!(error.code, ErrorCode::UnknownFunction);
    let error = fault("if(${age} > 5, 1)");
    assert_eq!((error.span.start, error.span.end, error.column), (0, 17, 1));
}

#[test]
fn a_mistyped_name_is_told_the_nearest_one() {
    let error = fault("selcted(${colours}, 'red')");
    assert!(error.remedy.en.contains("selected()"), "{error}");
    assert!(error.remedy.zh.contains("selected()"));
    assert!(fault("${colurs} = 1").remedy.en.contains("${colours}"));
    assert!(fault("${zzz} = 1").remedy.en.contains("spelling"));
}

#[test]
fn signs_from_other_keyboards_are_told_the_right_one() {
    for (text, sign) in [
        ("a（b", "("),
        ("1，2", ","),
        ("‘a’", "'"),
        ("1 == 1", "="),
        ("1 ≤ 2", "<="),
        ("1 && 2", "and"),
    ] {
        assert!(fault(text).remedy.en.contains(&format!("write {sign}")), "{text}");
    }
}

#[test]
fn every_fault_speaks_both_languages_and_points_into_its_text() {
    for line in include_str!("../data/expressions.tsv").lines() {
        let Some((text, expected)) = line.split_once('\t') else { continue };
        if !expected.starts_with('!') || expected.starts_with("!Type") {
            continue;
        }
        let error = fault(text);
        assert_eq!(error.message.find_empty(), None, "{text}");
        assert_eq!(error.remedy.find_empty(), None, "{text}");
        assert!(text.get(error.span.start..error.span.end).is_some(), "{text}: {:?}", error.span);
    }
}

#[test]
fn nesting_and_length_end_in_a_fault_and_not_in_a_crash() {
    for open in ["(", "not(", "-(", "a[", "(-", "concat(1,", "if(1,2,", "1 + (", "((a)["] {
        let deep = open.repeat(60_000 / open.len());
        assert_eq!(parse(&deep).unwrap_err().code, ErrorCode::Limit, "{open}");
    }
    assert_eq!(parse(&"(".repeat(100_000)).unwrap_err().code, ErrorCode::Limit);
    assert_eq!(parse(&"a".repeat(Limits::BYTES + 1)).unwrap_err().code, ErrorCode::Limit);
    let most = format!("{}1{}", "(".repeat(Limits::DEPTH - 1), ")".repeat(Limits::DEPTH - 1));
    assert!(parse(&most).is_ok());
}

#[test]
fn a_long_sum_and_a_long_path_are_not_deep() {
    let filled = crate::fixture::filled();
    let at = crate::fixture::node(&filled, "age");
    for (text, expected) in [
        (format!("0{}", " + 1".repeat(16_000)), "16000"),
        (format!("{}1", "-".repeat(65_000)), "1"),
        (format!("0{}", " or 0".repeat(13_000)), "false"),
        (format!(".{}", "/.".repeat(30_000)), "42"),
    ] {
        let program = compile(&text, &*outline()).unwrap();
        assert_eq!(program.evaluate_text(&filled, at).unwrap(), expected);
    }
}

/// A browser gives the core one mebibyte of stack; half of it must do.
#[test]
fn the_deepest_expressions_run_on_a_small_stack() {
    let deepest = || {
        let filled = crate::fixture::filled();
        let at = crate::fixture::node(&filled, "age");
        let inside = "/data/stop[1]";
        for (open, close) in [
            ("not(", ")"),
            ("concat('a', ", ")"),
            ("if(1, ", ", 2)"),
            ("coalesce('', ", ")"),
            ("-(", ")"),
            ("1 + (2 * ", ")"),
            ("/data/stop[", "]"),
            ("(/data/stop)[", "]/label"),
            ("max(1, count(/data/stop[", "]))"),
        ] {
            let depth = (1..Limits::DEPTH).rev().find(|depth| {
                parse(&format!("{}{inside}{}", open.repeat(*depth), close.repeat(*depth))).is_ok()
            });
            let depth = depth.unwrap();
            assert!(depth >= Limits::DEPTH / 4, "{open} {depth}");
            let text = format!("{}{inside}{}", open.repeat(depth), close.repeat(depth));
            let program = compile(&text, &*outline()).unwrap();
            let _ = program.evaluate(&filled, at);
            let _ = program.reads(&outline(), filled.declared(at).unwrap());
            assert!(!parse(&text).unwrap().to_string().is_empty());
        }
    };
    #[allow(clippy::disallowed_methods, reason = "a thread of the smallest stack there is")]
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    small.spawn(deepest).unwrap().join().unwrap();
}

#[test]
fn an_expression_that_takes_too_much_work_is_stopped() {
    let filled = crate::fixture::filled();
    let at = crate::fixture::node(&filled, "age");
    // Each level visits every stop of every stop.
    let nested =
        (0..14).fold("1".to_owned(), |inner, _| format!("/data/stop[count({inner}/..) < 9]"));
    let nested = nested.replace("count(1/..)", "count(/data/stop)");
    let program = compile(&nested, &*outline()).unwrap();
    assert_eq!(program.evaluate(&filled, at).unwrap_err().code, ErrorCode::Limit);
    let wide = format!("string-length({}'x'{})", "concat(".repeat(20), ")".repeat(20));
    assert!(compile(&wide, &*outline()).unwrap().evaluate(&filled, at).is_ok());
}
