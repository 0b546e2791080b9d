//! What must hold for any question.

use super::ask;
use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck_rules::calc::calc_names;

/// Hundredths as decimal text.
fn text(hundredths: i32) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

/// Readings at ascending minutes; some without a value.
fn log() -> impl Strategy<Value = Value> {
    let reading = (1_i64..90, proptest::option::weighted(0.9, -3000..4000_i32));
    proptest::collection::vec(reading, 1..40).prop_map(|steps| {
        let mut minute = 0;
        let reading = |(step, value): (i64, Option<i32>)| {
            minute += step;
            json!({"minute": minute, "c": value.map_or("--.-".to_owned(), text)})
        };
        steps.into_iter().map(reading).collect()
    })
}

fn rank(verdict: &Value) -> i32 {
    let order = ["pass", "conditional_pass", "conditional_fail", "fail"];
    let at = order.iter().position(|word| verdict == word).unwrap();
    i32::try_from(at).unwrap()
}

fn guard(operator: &str, limit: i32, width: i32, value: i32) -> i32 {
    rank(
        &ask(
            "verdict",
            &json!({
                "on": "2021-06-24", "limit": {"operator": operator, "value": text(limit)},
                "uncertainty": text(width), "value": text(value), "unit": "°C",
            }),
        )["verdict"],
    )
}

proptest! {
    #[test]
    fn excursion_minutes_and_unknown_ones_never_exceed_the_elapsed(
        readings in log(), limit in -3000..4000_i32, width in 0..2000_i32, interval in 1..60_i64,
    ) {
        let band = json!({"operator": "outside", "min": text(limit), "max": text(limit + width)});
        for out in [json!({"operator": ">", "value": text(limit)}), band] {
            let answer = ask("excursion", &json!({
                "readings": readings, "interval_min": interval, "out_of_range": out,
            }));
            let minutes = |field: &str| answer[field].as_f64().unwrap();
            let covered = minutes("elapsed_minutes") - minutes("unknown_minutes");
            for method in ["hold_minutes", "linear_minutes"] {
                prop_assert!((0.0..=covered + 0.001).contains(&minutes(method)), "{answer}");
            }
            prop_assert!(minutes("in_range_minutes") >= 0.0);
        }
    }

    #[test]
    fn a_stricter_limit_never_shortens_an_excursion(
        readings in log(), limit in -3000..4000_i32, stricter in 0..500_i32,
    ) {
        let minutes = |limit: i32, field: &str| ask("excursion", &json!({
            "readings": readings, "out_of_range": {"operator": ">", "value": text(limit)},
        }))[field].as_f64().unwrap();
        for field in ["hold_minutes", "linear_minutes"] {
            prop_assert!(minutes(limit - stricter, field) >= minutes(limit, field) - 0.001);
        }
    }

    #[test]
    fn mkt_lies_between_the_mean_and_the_warmest(values in proptest::collection::vec(0..4000_i32, 1..60)) {
        let texts: Vec<_> = values.iter().map(|value| text(*value)).collect();
        let answer = ask("mkt", &json!({"temperatures_c": texts, "kind": "crt"}));
        let (mkt, mean) = (answer["mkt_c"].as_f64().unwrap(), answer["mean_c"].as_f64().unwrap());
        let warmest = f64::from(*values.iter().max().unwrap()) / 100.0;
        prop_assert!(mkt >= mean - 0.0001 && mkt <= warmest + 0.0001, "{mean} {mkt} {warmest}");
    }

    #[test]
    fn mkt_is_the_same_in_both_units(values in proptest::collection::vec(0..400_i32, 1..30)) {
        // Multiples of 5/9 °C are whole in °F and are read back within the last decimal.
        let celsius: Value = values.iter().zip(0..)
            .map(|(v, n)| json!({"minute": n * 10, "c": text(v * 10)})).collect();
        let fahrenheit: Value = values.iter().zip(0..)
            .map(|(v, n)| json!({"minute": n * 10, "f": text(v * 18 + 3200)})).collect();
        let mkt = |readings: Value| ask("mkt", &json!({"readings": readings, "kind": "crt"}))["mkt_c"].clone();
        prop_assert_eq!(mkt(celsius), mkt(fahrenheit));
    }

    #[test]
    fn a_worse_reading_never_has_a_better_verdict(
        limit in -3000..4000_i32, width in 0..300_i32, value in -4000..5000_i32, worse in 0..900_i32,
    ) {
        for (operator, sign) in [("<=", 1), ("<", 1), (">=", -1), (">", -1)] {
            let (one, other) = (guard(operator, limit, width, value), guard(operator, limit, width, value + sign * worse));
            prop_assert!(other >= one, "{operator}");
        }
    }

    #[test]
    fn a_guard_never_turns_a_failure_into_a_pass(
        limit in -3000..4000_i32, width in 0..300_i32, value in -4000..5000_i32,
    ) {
        for operator in ["<=", "<", ">=", ">", "=="] {
            let (plain, guarded) = (guard(operator, limit, 0, value), guard(operator, limit, width, value));
            prop_assert!((plain >= 2) == (guarded >= 2), "{operator}: {plain} {guarded}");
        }
    }

    #[test]
    fn cooling_slower_never_turns_a_failure_into_a_pass(first in 1..300_i64, second in 1..500_i64, slower in 0..200_i64) {
        let verdict = |first: i64, second: i64| ask("cooling", &json!({
            "scheme": "us_two_stage",
            "readings": [{"minute": 0, "c": "57"}, {"minute": first, "c": "21"}, {"minute": first + second, "c": "5"}],
        }))["verdict"].clone();
        if verdict(first, second) == "fail" {
            prop_assert_eq!(verdict(first + slower, second), "fail");
            prop_assert_eq!(verdict(first, second + slower), "fail");
        }
    }

    #[test]
    fn a_larger_lot_never_has_a_smaller_sample(lot in 1..600_000_u32, more in 0..600_000_u32) {
        for level in ["S-1", "S-2", "S-3", "S-4", "I", "II", "III"] {
            let size = |lot: u32| ask("sample", &json!({"lot_size": lot, "level": level}))["sample_size"].as_u64();
            prop_assert!(size(lot + more) >= size(lot), "{level}");
        }
    }

    #[test]
    fn discovery_is_the_smallest_sample_that_suffices(lot in 1..3000_u32, share in 1..100_u32) {
        let defectives = (lot * share / 100).max(1);
        let question = json!({"method": "discovery", "lot_size": lot, "defectives": defectives});
        let size = u32::try_from(ask("sample", &question)["sample_size"].as_u64().unwrap()).unwrap();
        // The same chance by another way: one draw after the other.
        let miss = |n: u32| (0..n).fold(1.0, |chance, k| {
            chance * f64::from((lot - k).saturating_sub(defectives)) / f64::from(lot - k)
        });
        prop_assert!(miss(size) <= 0.05 + 1e-9);
        prop_assert!(size == 1 || miss(size - 1) > 0.05 - 1e-9);
    }

    #[test]
    fn a_draw_does_not_depend_on_the_order_of_the_list(ids in proptest::collection::btree_set("[a-z]{1,6}", 1..40)) {
        let listed: Vec<_> = ids.iter().cloned().collect();
        let reversed: Vec<_> = listed.iter().rev().cloned().collect();
        let draw = |ids: &[String]| ask("draw", &json!({"seed": "s", "ids": ids, "n": ids.len() / 2}))["drawn"].clone();
        prop_assert_eq!(draw(&listed), draw(&reversed));
    }

    #[test]
    fn no_question_panics(name in proptest::sample::select(calc_names()), question in "\\PC{0,80}") {
        let _ = spotcheck_rules::calc(name, &question);
    }
}
