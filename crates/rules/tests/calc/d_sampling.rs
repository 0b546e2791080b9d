//! Section 4.D: ISO 2859-1, discovery sampling, the draw.

use super::ask;
use serde_json::{Value, json};

fn level(lot_size: u32, level: &str) -> (String, u64) {
    let answer = ask("sample", &json!({"lot_size": lot_size, "level": level}));
    (answer["code_letter"].as_str().unwrap().to_owned(), answer["sample_size"].as_u64().unwrap())
}

fn plan(lot_size: u32, aql: &str, inspection: &str) -> Value {
    ask("sample", &json!({"lot_size": lot_size, "aql": aql, "inspection": inspection}))
}

#[test]
fn section_4d_level_ii_letters_and_sizes() {
    for (lot, letter, size) in [
        (8, "A", 2),
        (10, "B", 3),
        (11, "B", 3),
        (50, "D", 8),
        (51, "E", 13),
        (130, "F", 20),
        (500, "H", 50),
        (1200, "J", 80),
    ] {
        assert_eq!(level(lot, "II"), (letter.to_owned(), size), "N={lot}");
    }
}

#[test]
fn section_4d_levels_at_2000() {
    let expected = [
        ("S-1", "C", 5),
        ("S-2", "D", 8),
        ("S-3", "E", 13),
        ("S-4", "G", 32),
        ("I", "H", 50),
        ("III", "L", 200),
    ];
    for (name, letter, size) in expected {
        assert_eq!(level(2000, name), (letter.to_owned(), size), "{name}");
    }
}

#[test]
fn section_4d_k_125() {
    let columns = ["0.65", "1.0", "1.5", "2.5", "4.0", "6.5", "10"];
    for (inspection, accepts) in
        [("normal", [2, 3, 5, 7, 10, 14, 21]), ("tightened", [1, 2, 3, 5, 8, 12, 18])]
    {
        for (aql, accept) in columns.iter().zip(accepts) {
            let answer = plan(2000, aql, inspection);
            let got = (
                &answer["plan_letter"],
                &answer["sample_size"],
                &answer["accept"],
                &answer["reject"],
            );
            assert_eq!(
                got,
                (&json!("K"), &json!(125), &json!(accept), &json!(accept + 1)),
                "{inspection} {aql}"
            );
        }
    }
}

#[test]
fn section_4d_arrows() {
    let up = plan(130, "1.0", "normal");
    assert_eq!(
        (&up["arrow"], &up["sample_size"], &up["accept"]),
        (&json!("up"), &json!(13), &json!(0))
    );
    let down = plan(130, "1.5", "normal");
    assert_eq!(
        (&down["arrow"], &down["sample_size"], &down["accept"]),
        (&json!("down"), &json!(32), &json!(1))
    );
}

/// Rows of the table that source M6 prints for tightened inspection: rejection numbers.
#[test]
fn section_2_5_tightened_rows_of_the_printed_table() {
    for (lot, aql, size, accept) in [
        (40, "2.5", 8, 0),
        (20, "4.0", 5, 0),
        (200, "0.65", 32, 0),
        (9000, "4.0", 200, 12),
        (9000, "10", 125, 18),
        (200, "1.0", 80, 1),
    ] {
        let answer = plan(lot, aql, "tightened");
        assert_eq!(
            (&answer["sample_size"], &answer["accept"]),
            (&json!(size), &json!(accept)),
            "N={lot} {aql}"
        );
    }
}

#[test]
fn section_4d_as_many_as_there_are_is_all_of_them() {
    let answer = plan(10, "0.10", "normal");
    assert_eq!((&answer["full_inspection"], &answer["sample_size"]), (&json!(true), &json!(10)));
    assert_eq!(ask("sample", &json!({"lot_size": 2}))["full_inspection"], json!(true));
}

#[test]
fn section_4d_binomial_check() {
    let question = json!({"lot_size": 2000, "aql": "1.0", "percent_defective": ["1", "5"]});
    let answer = ask("sample", &question);
    let chances = [&answer["acceptance_probability"][0], &answer["acceptance_probability"][1]];
    assert_eq!(chances.map(|chance| chance["p_accept"].clone()), [json!(0.9626), json!(0.1238)]);
}

#[test]
fn section_4d_discovery() {
    let size = |lot: u32, defectives: u32| {
        let question = json!({"method": "discovery", "lot_size": lot, "defectives": defectives});
        ask("sample", &question)["sample_size"].clone()
    };
    assert_eq!(
        (size(2000, 20), size(2000, 40), size(2000, 100)),
        (json!(277), json!(143), json!(58))
    );
    assert_eq!(size(50, 3), json!(31));
    // One in twenty: 19 see it with exactly 95 %, which a binary float would miss.
    assert_eq!(size(20, 1), json!(19));
    // Ten thousand million vehicles would still be quick; this is the largest lot.
    assert!(size(u32::MAX, 40_000).as_u64().unwrap() > 0);
}

#[test]
fn section_4d_draw() {
    let ids: Vec<_> = (1..=2000).map(|n| format!("V{n:04}")).collect();
    let question = json!({"seed": "2021-06-24/demo", "ids": ids, "n": 125});
    let answer = ask("draw", &question);
    let drawn = answer["drawn"].as_array().unwrap();
    assert_eq!(drawn[..5], ["V0773", "V0148", "V0406", "V0991", "V0399"].map(|id| json!(id)));
    assert_eq!(drawn.len(), 125);
    let hash = "8324655f40a4f468740e8c02665be8b5a2e96a5bbd50129e6d544b42c9c30f8c";
    assert_eq!(answer["list_sha256"], hash);
}

#[test]
fn section_2_5_recusal_comes_before_the_draw() {
    let draw = |excluded: Value| {
        let question = json!({"seed": "s", "ids": ["a", "b", "c"], "n": 2, "excluded": excluded});
        ask("draw", &question)["drawn"].as_array().unwrap().clone()
    };
    let first = draw(json!([]))[0].clone();
    assert!(!draw(json!([first])).contains(&first));
}
