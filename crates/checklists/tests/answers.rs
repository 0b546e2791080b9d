//! The shape of answers, and what they mean on a day.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use serde_json::{Value, json};
use spotcheck_checklists::{Checklist, Item, check_answer, judge_answer, shipped, worst_rank};
use spotcheck_rules::{Judgement, Pack, Severity, Verdict, parse_date};

fn item(code: &str) -> Item {
    let find = |list: &Checklist| list.find_item(code).cloned();
    shipped().iter().find_map(|list| find(&Checklist::parse(list.bytes).unwrap())).unwrap()
}

fn judged_on(day: &str, code: &str, answer: &Value) -> Option<Judgement> {
    let pack = Pack::parse(spotcheck_rules::shipped()[0].bytes).unwrap();
    judge_answer(&item(code), answer, &pack, parse_date(day).unwrap()).unwrap()
}

fn judged(code: &str, answer: Value) -> Option<(Verdict, Option<Severity>)> {
    let judgement = judged_on("2021-06-24", code, &answer)?;
    Some((judgement.verdict, judgement.severity))
}

fn error(code: &str, answer: Value) -> String {
    check_answer(&item(code), &answer).unwrap_err().to_string()
}

const PASS: Option<(Verdict, Option<Severity>)> = Some((Verdict::Pass, None));
const UNSEEN: Option<(Verdict, Option<Severity>)> = Some((Verdict::NotObserved, None));
const CRITICAL: Option<(Verdict, Option<Severity>)> =
    Some((Verdict::Fail, Some(Severity::Critical)));
const MAJOR: Option<(Verdict, Option<Severity>)> = Some((Verdict::Fail, Some(Severity::Major)));
const MINOR: Option<(Verdict, Option<Severity>)> = Some((Verdict::Fail, Some(Severity::Minor)));

#[test]
fn pass_fail_is_its_own_verdict_and_na_needs_a_reason() {
    assert_eq!(judged("ENT-01", json!({"result": "pass"})), PASS);
    assert_eq!(judged("ENT-01", json!({"result": "fail"})), CRITICAL);
    assert_eq!(judged("ENT-01", json!({"result": "na", "reason": "closed today"})), UNSEEN);
    assert_eq!(error("ENT-01", json!({"result": "na"})), "reason: it is missing; enter it");
    assert!(error("ENT-01", json!({"result": "ok"})).contains("use one of pass, fail, na"));
    // Every kind may not apply: a store without a chilled room still answers CCS-04.
    assert_eq!(judged("CCS-04", json!({"result": "na", "reason": "no chilled room"})), UNSEEN);
}

#[test]
fn measured_values_are_text_and_compared_in_full() {
    let frozen = |value: &str| judged("CCS-03", json!({"value": value, "unit": "°C"}));
    assert_eq!((frozen("-18.0"), frozen("-17.95"), frozen("-14.9")), (PASS, MAJOR, CRITICAL));
    assert!(error("CCS-03", json!({"value": -18.5, "unit": "°C"})).starts_with("value: it is not"));
    assert!(error("CCS-03", json!({"value": "\u{2212}18", "unit": "°C"})).contains("use '-'"));
    assert!(error("CCS-03", json!({"value": "1"})).starts_with("unit: it is missing"));
}

#[test]
fn a_label_judges_before_the_general_limit() {
    let product = |answer| judged("CCS-05", answer);
    assert_eq!(product(json!({"value": "-17", "unit": "°C"})), None);
    assert_eq!(product(json!({"value": "-17", "unit": "°C", "label": "-18"})), CRITICAL);
    assert_eq!(judged("CCS-04", json!({"value": "5", "unit": "°C", "label": "4"})), MAJOR);
    assert!(error("CCS-03", json!({"value": "1", "unit": "°C", "label": "4"})).contains("no such"));
}

#[test]
fn f_01_slow_screening_at_a_market_entrance() {
    let gate = |count: u64, growth: u64, bypassed: u64| {
        let counts = json!({"queue_growth": growth, "bypassed": bypassed});
        judged("ENT-07", json!({"count": count, "seconds": 300, "counts": counts}))
    };
    assert_eq!((gate(50, 0, 0), gate(49, 0, 0)), (PASS, MINOR));
    assert_eq!((gate(60, 9, 0), gate(60, 0, 1)), (MAJOR, MAJOR));
    let zero = json!({"count": 1, "seconds": 0, "counts": {"queue_growth": 0, "bypassed": 0}});
    assert_eq!(error("ENT-07", zero), "seconds: it is 0; enter at least 1");
}

#[test]
fn f_03_bus_without_checks_at_mid_route_stops() {
    let stop = |observed: u64, checked: u64| {
        judged("BUS-02", json!({"counts": {"observed": observed, "checked": checked}}))
    };
    assert_eq!((stop(12, 12), stop(12, 11), stop(0, 0)), (PASS, CRITICAL, UNSEEN));
}

#[test]
fn credential_checks_store_counts_only() {
    let counts = json!({"observed": 20, "checked": 20, "refused": 1, "alternative": 2});
    assert_eq!(judged("ENT-10", json!({"counts": counts})), PASS);
    assert!(error("ENT-10", json!({"counts": counts, "name": "x"})).starts_with("name: this item"));
    let missing = json!({"counts": {"observed": 20, "checked": 20, "refused": 1}});
    assert!(error("ENT-10", missing).starts_with("counts.alternative: it is missing"));
    for wrong in [json!(20.0), json!(-1), json!("20"), json!(9_007_199_254_740_993_u64)] {
        let counts = json!({"observed": wrong, "checked": 1, "refused": 0, "alternative": 0});
        assert!(error("ENT-10", json!({"counts": counts})).starts_with("counts.observed: "));
    }
    // §4.F: once the rule has ended there is nothing to judge by.
    assert_eq!(judged_on("2023-02-17", "ENT-10", &json!({"counts": counts})), None);
}

#[test]
fn steps_and_documents_leave_nothing_unsaid() {
    let split = |present: Value, missing: Value| json!({"present": present, "missing": missing});
    let code = "CCS-16";
    assert_eq!(judged(code, split(json!(["trace_code", "release_certificate"]), json!([]))), PASS);
    let one = split(json!(["trace_code"]), json!(["release_certificate"]));
    assert_eq!(judged(code, one), CRITICAL);
    let unsaid = error(code, split(json!(["trace_code"]), json!([])));
    assert!(unsaid.contains("release_certificate is in neither present nor missing"), "{unsaid}");
    assert!(error(code, split(json!(["x"]), json!([]))).starts_with("present[0]: \"x\" is not in"));
    let steps = json!({"done": ["in_date"], "missing": ["checked_today"]});
    assert_eq!(judged("GEN-04", steps), MAJOR);
}

#[test]
fn dates_people_and_chlorine() {
    let date = |code, day: &str| judged(code, json!({"date": day}));
    assert_eq!((date("BUS-05", "2021-06-24"), date("BUS-05", "2021-06-23")), (PASS, MAJOR));
    assert_eq!((date("CCS-09", "2022-01-01"), date("CCS-09", "2021-06-23")), (PASS, MAJOR));
    assert!(error("CCS-09", json!({"date": "24.6.2021"})).contains("YYYY-MM-DD"));
    assert_eq!(judged("GEN-01", json!({"count": 1})), CRITICAL);
    let chlorine = |value: &str, minutes: u64| {
        let counts = json!({"contact_min": minutes});
        judged("BUS-07", json!({"value": value, "unit": "mg/L", "counts": counts}))
    };
    assert_eq!(
        (chlorine("500", 30), chlorine("449", 30), chlorine("500", 29)),
        (PASS, MAJOR, MAJOR)
    );
}

#[test]
fn logs_are_judged_by_what_is_missing() {
    let hash = "0".repeat(64);
    let log = |missing: Value| {
        let mut answer =
            json!({"log": hash, "count": 99, "min": "-19", "max": "-18", "unit": "°C"});
        if !missing.is_null() {
            answer["missing"] = missing;
        }
        judged("CCS-06", answer)
    };
    assert_eq!((log(json!(1)), log(json!(2)), log(Value::Null)), (PASS, MAJOR, None));
    let short = json!({"log": "00", "count": 1, "min": "1", "max": "1", "unit": "°C"});
    assert!(error("CCS-06", short).starts_with("log: it is not a SHA-256"));
}

#[test]
fn a_refused_signature_is_lawful_with_reason_and_witness() {
    assert_eq!(judged("GEN-06", json!({"signed": true, "by_role": "unit_manager"})), PASS);
    let refused = json!({"signed": false, "refused_reason": "disputes it", "witness": "guard"});
    assert_eq!(judged("GEN-06", refused), PASS);
    let unseen = json!({"signed": false, "refused_reason": "disputes it"});
    assert_eq!(error("GEN-06", unseen), "witness: it is missing; enter it");
    assert!(error("GEN-06", json!({"signed": "yes"})).contains("neither true nor false"));
}

#[test]
fn the_worst_answer_is_found_whatever_the_order() {
    let rank =
        |code: &str, answer: Value| worst_rank(judged_on("2021-06-24", code, &answer).as_ref());
    let frozen = |value: &str| rank("CCS-03", json!({"value": value, "unit": "°C"}));
    assert!(frozen("-14") > frozen("-16") && frozen("-16") > frozen("-17"));
    assert!(frozen("-18") > frozen("-20"), "nearer to the limit");
    let tally =
        |checked: u64| rank("BUS-02", json!({"counts": {"observed": 20, "checked": checked}}));
    assert!(tally(10) > tally(19) && tally(19) > tally(20));
    let pass_fail = |result: &str| {
        let answer = json!({"result": result, "reason": "as seen"});
        rank("ENT-01", answer)
    };
    assert!(pass_fail("fail") > pass_fail("na") && pass_fail("na") > pass_fail("pass"));
    assert_eq!(pass_fail("pass"), pass_fail("pass"));
}
