//! Section 4.F: retention, publication, ledgers, the timeline of credentials.

use super::ask;
use serde_json::{Value, json};

#[test]
fn section_4f_ledger_retention() {
    let until = |question: Value| {
        let answer = ask("retention", &question);
        (answer["expiry"].clone(), answer["keep_until"].clone())
    };
    let made = json!({"kind": "food_purchase", "made": "2021-03-01", "shelf_life": {"months": 12}});
    assert_eq!(until(made), (json!("2022-03-01"), json!("2022-09-01")));
    let expiry = json!({"kind": "food_purchase", "expiry": "2021-08-31"});
    assert_eq!(until(expiry).1, "2022-02-28");
    let none = json!({"kind": "food_purchase", "purchased": "2021-06-24"});
    assert_eq!(until(none), (Value::Null, json!("2023-06-24")));
    let produce = json!({"kind": "produce", "purchased": "2021-06-24"});
    assert_eq!(until(produce).1, "2021-12-24");
}

#[test]
fn section_2_3_other_records_have_other_periods() {
    let until = |question: Value| ask("retention", &question)["keep_until"].clone();
    assert_eq!(until(json!({"kind": "vaccine", "expiry": "2021-06-24"})), "2026-06-24");
    assert_eq!(until(json!({"kind": "entrusted_storage", "ended": "2020-02-29"})), "2022-02-28");
    let kept = |to: &str| {
        let question = json!({"kind": "produce", "purchased": "2021-06-24", "kept_to": to, "on": "2021-12-24"});
        let answer = ask("retention", &question);
        (answer["verdict"].clone(), answer["may_be_discarded"].clone())
    };
    assert_eq!(kept("2021-12-24"), (json!("pass"), json!(false)));
    assert_eq!(kept("2021-12-23"), (json!("fail"), json!(false)));
}

fn due(result: &str, days: u32) -> Value {
    ask("publication", &json!({"result": result, "working_days": days}))["due"].clone()
}

#[test]
fn section_4f_publication() {
    let answer = ask("publication", &json!({"result": "2021-06-24", "on": "2021-07-22"}));
    assert_eq!((&answer["due"], &answer["working_days"]), (&json!("2021-07-22"), &json!(20)));
    assert_eq!(
        (&answer["verdict"], &answer["calendar_complete"]),
        (&json!("in_progress"), &json!(true))
    );
    let late = ask("publication", &json!({"result": "2021-06-24", "published": "2021-07-23"}));
    assert_eq!(late["verdict"], "fail");
}

#[test]
fn section_2_5_holidays_and_the_weekends_worked_for_them() {
    // National day 2021: off 1-7 October, Saturday the 9th is worked.
    assert_eq!(due("2021-09-30", 1), "2021-10-08");
    assert_eq!(due("2021-09-30", 2), "2021-10-09");
    // Labour day 2022: Sunday 24 April is worked, 30 April to 4 May are off.
    assert_eq!(
        (due("2022-04-22", 1), due("2022-04-29", 1)),
        (json!("2022-04-24"), json!("2022-05-05"))
    );
    let beyond = ask("publication", &json!({"result": "2022-12-30", "published": "2023-02-20"}));
    assert_eq!(beyond["years_without_calendar"], json!([2023]));
    assert_eq!(beyond["verdict"], "conditional_fail", "the table of 2023 is not here");
}

fn leaving(at: &str, sampled: &str, facts: Value) -> Value {
    ask(
        "credential",
        &json!({
            "at": at, "place": "CN-SZ", "scope": "leave_city", "sampled_at": sampled, "facts": facts,
        }),
    )
}

#[test]
fn section_4f_leaving_shenzhen_with_a_test_of_60_hours() {
    let away = || json!({"destination": "other_province", "linked": false});
    let near = || json!({"destination": "same_province", "linked": false});
    let outcome = |at, sampled, facts| leaving(at, sampled, facts)["outcome"].clone();
    assert_eq!(
        outcome("2021-06-07T11:59:00+08:00", "2021-06-04T23:59:00+08:00", away()),
        "no_rule"
    );
    assert_eq!(outcome("2021-06-07T12:00:00+08:00", "2021-06-05T00:00:00+08:00", away()), "allow");
    assert_eq!(outcome("2021-06-15T12:00:00+08:00", "2021-06-13T00:00:00+08:00", away()), "allow");
    assert_eq!(outcome("2021-06-20T00:00:00+08:00", "2021-06-17T12:00:00+08:00", away()), "deny");
    assert_eq!(outcome("2021-06-20T00:00:00+08:00", "2021-06-17T12:00:00+08:00", near()), "allow");
    assert_eq!(
        outcome("2023-02-17T12:00:00+08:00", "2023-02-15T00:00:00+08:00", away()),
        "no_rule"
    );
    // From Guangzhou or Foshan 48 hours held from the first day.
    let linked = json!({"destination": "same_province", "linked": true});
    assert_eq!(outcome("2021-06-15T12:00:00+08:00", "2021-06-13T00:00:00+08:00", linked), "deny");
}

#[test]
fn section_4f_the_anchor_decides() {
    let by = |anchor: &str| {
        let answer = ask(
            "credential",
            &json!({
                "at": "2021-06-24T12:00:00+08:00", "place": "CN-SZ", "scope": "leave_city",
                "facts": {"destination": "other_province"}, "anchor": anchor,
                "sampled_at": "2021-06-22T10:00:00+08:00", "reported_at": "2021-06-22T20:00:00+08:00",
            }),
        );
        (answer["valid"].clone(), answer["age_hours"].clone(), answer["valid_hours"].clone())
    };
    assert_eq!(by("sampled_at"), (json!(false), json!(50), json!(48)));
    assert_eq!(by("reported_at"), (json!(true), json!(40), json!(48)));
}

#[test]
fn section_2_2_timeline_and_codes() {
    let transit = |at: &str, code: &str| {
        ask("credential", &json!({"at": at, "place": "CN-SZ", "scope": "transit", "code": code}))
    };
    // From 2022-12-03 the code alone; from 2023-02-16 nothing.
    assert_eq!(transit("2022-12-03T00:00:00+08:00", "green")["outcome"], "allow");
    assert_eq!(transit("2022-12-03T00:00:00+08:00", "yellow")["outcome"], "refer");
    assert_eq!(
        transit("2022-12-02T23:59:00+08:00", "green")["outcome"],
        "deny",
        "no test was shown"
    );
    let gone = transit("2023-02-16T00:00:00+08:00", "red");
    assert_eq!((&gone["outcome"], &gone["code_outcome"]), (&json!("no_rule"), &Value::Null));
    let proof = ask(
        "credential",
        &json!({
            "at": "2022-06-24T08:00:00+08:00", "place": "CN-SZ", "scope": "public_place", "same_day_proof": true,
        }),
    );
    assert_eq!(
        (&proof["outcome"], &proof["rule"]),
        (&json!("allow"), &json!("credential.sz-public-48h"))
    );
    let guangzhou = |at: &str| {
        let question = json!({"at": at, "place": "CN-GZ", "scope": "leave_city"});
        ask("credential", &question)["valid_hours"].clone()
    };
    assert_eq!(guangzhou("2021-05-31T21:59:00+08:00"), Value::Null);
    assert_eq!(guangzhou("2021-05-31T22:00:00+08:00"), json!(72));
    assert_eq!(guangzhou("2021-06-07T12:00:00+08:00"), json!(48));
}

#[test]
fn section_2_2_health_certificate_for_one_year() {
    let on = |on: &str| {
        let document = json!({"type": "health_certificate", "issued": "2020-06-24", "on": on});
        ask("credential", &json!({ "document": document }))["outcome"].clone()
    };
    assert_eq!(
        (on("2021-06-24"), on("2021-06-25"), on("2020-06-23")),
        (json!("allow"), json!("deny"), json!("deny"))
    );
}

fn entry(without: &[&str]) -> Value {
    let mut entry = json!({
        "name": "冻虾", "spec": "1 kg", "quantity": 20, "batch": "L1", "shelf_life": "12 months",
        "purchase_date": "2021-06-20", "supplier_name": "甲", "supplier_address": "乙", "supplier_contact": "丙",
    });
    for field in without {
        entry.as_object_mut().unwrap().remove(*field);
    }
    entry
}

fn ledger(vendor: &str, record: &str, entry: Value) -> Value {
    ask("ledger", &json!({"vendor_type": vendor, "record": record, "entries": [entry]}))
}

#[test]
fn led_03_nine_fields_and_six_for_produce() {
    let full = ledger("enterprise", "purchase", entry(&[]));
    assert_eq!((&full["required_fields"], &full["verdict"]), (&json!(9), &json!("pass")));
    let gap = ledger("enterprise", "purchase", entry(&["spec", "supplier_contact"]));
    assert_eq!(gap["entries"][0], json!({"filled": 7, "missing": ["spec", "supplier_contact"]}));
    assert_eq!(gap["verdict"], "fail");
    let produce = ledger("produce", "purchase", entry(&["spec", "batch", "shelf_life"]));
    assert_eq!((&produce["required_fields"], &produce["verdict"]), (&json!(6), &json!("pass")));
}

#[test]
fn section_2_3_batch_or_date_fills_one_slot_and_a_stroke_fills_none() {
    let mut dated = entry(&["batch"]);
    dated["production_date"] = json!("2021-03-01");
    assert_eq!(ledger("enterprise", "purchase", dated)["verdict"], "pass");
    let neither = ledger("enterprise", "purchase", entry(&["batch"]));
    assert_eq!(neither["entries"][0]["missing"], json!(["batch_or_production_date"]));
    let mut stroke = entry(&[]);
    stroke["supplier_name"] = json!(" / ");
    assert_eq!(ledger("stall", "purchase", stroke)["verdict"], "fail");
}

#[test]
fn led_06_sales_bind_wholesalers_and_advise_the_others() {
    let sale = |vendor| ledger(vendor, "sales", json!({"name": "x"}))["verdict"].clone();
    assert_eq!((sale("wholesaler"), sale("importer")), (json!("fail"), json!("fail")));
    assert_eq!(
        (sale("stall"), sale("enterprise")),
        (json!("conditional_pass"), json!("conditional_pass"))
    );
    let importer = ledger("importer", "purchase", entry(&[]));
    assert_eq!(importer["entries"][0]["missing"], json!(["exporter", "delivery_date"]));
}

#[test]
fn section_1_8_no_value_of_a_ledger_is_answered_back() {
    let answer = ledger("enterprise", "purchase", entry(&[])).to_string();
    assert!(!answer.contains("冻虾") && !answer.contains('丙'));
}
