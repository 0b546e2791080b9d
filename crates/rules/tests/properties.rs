//! What must hold for any reading.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use proptest::prelude::*;
use spotcheck_rules::{Pack, Quantity, Verdict, judge, judge_ratio, parse_date, shipped};

fn verdict(key: &str, value: &str, unit: &str) -> Verdict {
    let pack = Pack::parse(shipped()[0].bytes).unwrap();
    judge(&pack, key, parse_date("2021-06-24").unwrap(), value, unit).unwrap().verdict
}

/// Hundredths as decimal text.
fn text(hundredths: i32) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

proptest! {
    #[test]
    fn a_warmer_freezer_never_turns_a_failure_into_a_pass(a in -6000..6000, warmer in 0..6000) {
        if verdict("cold.frozen_room", &text(a), "°C") == Verdict::Fail {
            prop_assert_eq!(verdict("cold.frozen_room", &text(a + warmer), "°C"), Verdict::Fail);
        }
    }

    #[test]
    fn the_verdict_agrees_with_integers(a in -6000..6000) {
        let passes = verdict("cold.frozen_room", &text(a), "°C") == Verdict::Pass;
        prop_assert_eq!(passes, a <= -1800);
    }

    #[test]
    fn only_all_of_them_are_100_percent(passed in any::<u64>(), unseen in any::<u64>()) {
        let observed = passed.saturating_add(unseen);
        prop_assume!(observed > 0);
        let pack = Pack::parse(shipped()[0].bytes).unwrap();
        let on = parse_date("2021-06-24").unwrap();
        let judged = judge_ratio(&pack, "bus.measured_ratio", on, passed, observed).unwrap();
        prop_assert_eq!(judged.verdict == Verdict::Pass, passed == observed);
    }

    #[test]
    fn parsing_never_panics_and_keeps_the_text(typed in "-?[0-9]{1,12}(\\.[0-9]{1,12})?|\\PC*") {
        if let Ok(quantity) = Quantity::parse(&typed) {
            prop_assert_eq!(Quantity::parse(&quantity.to_string()), Ok(quantity));
        }
    }
}
