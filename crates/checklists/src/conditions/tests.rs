use serde_json::{Value, json};

use super::*;
use crate::Checklist;

const NOW: (Moment, [u8; 32]) =
    (Moment { millis: 1_624_500_000_000, offset_minutes: 480 }, [7; 32]);

fn item(code: &str, kind: &str, more: Value) -> Value {
    let mut item = json!({
        "code": code, "text": { "zh": "问", "en": "ask" }, "kind": kind, "severity": "minor",
        "evidence": [], "merge": "ask_lead", "repeat": null, "required": true, "reference": "test",
    });
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    item
}

fn list(items: Value, computed: Value) -> Result<Checklist, ChecklistError> {
    let list = json!({ "code": "T", "version": "1", "title": { "zh": "表", "en": "list" }, "pack": "p",
        "computed": computed, "items": items });
    Checklist::parse(list.to_string().as_bytes())
}

fn canteen() -> Checklist {
    let choices = json!([
        { "code": "yes", "text": { "zh": "有", "en": "yes" }, "verdict": null },
        { "code": "no", "text": { "zh": "无", "en": "no" }, "verdict": null },
    ]);
    let items = json!([
        item("A-1", "choice", json!({ "choices": choices })),
        item("A-2", "pass_fail", json!({ "logic": { "relevant": "${A-1} = 'yes'" } })),
        item(
            "A-3",
            "text",
            json!({ "required": false, "logic": { "required": "${A-2} = 'fail'" } })
        ),
        item(
            "A-4",
            "measured",
            json!({ "unit": "%", "logic": { "constraint": {
            "holds": ". >= 0 and . <= 100", "text": { "zh": "0 到 100", "en": "0 to 100" } } } })
        ),
        item("R-1", "measured", json!({ "unit": "°C", "repeat": "room" })),
        item(
            "R-2",
            "text",
            json!({ "repeat": "room", "logic": { "relevant": "${R-1} > ${warm}" } })
        ),
        item(
            "R-3",
            "measured",
            json!({ "unit": "°C", "required": false,
            "logic": { "calculation": "count-non-empty(${R-1})" } })
        ),
        item(
            "T-1",
            "tally",
            json!({ "counts": [
            { "code": "seen", "text": { "zh": "见", "en": "seen" }, "role": "observed" },
            { "code": "done", "text": { "zh": "做", "en": "done" }, "role": "checked" },
        ] })
        ),
        item("T-2", "text", json!({ "logic": { "relevant": "${T-1} - ${T-1.done} > 2" } })),
    ]);
    list(items, json!([{ "name": "warm", "value": "if(${A-1} = 'yes', -18, -12)" }])).unwrap()
}

fn standings(list: &Checklist, said: &[(&str, Option<&str>, Value)]) -> Standings {
    let said: Vec<Said<'_>> =
        said.iter().map(|(item, place, answer)| Said { item, place: *place, answer }).collect();
    Conditions::of(list).unwrap().unwrap().stand(list, &said, &[(Repeat::Room, "R9")], NOW)
}

#[test]
fn an_item_is_asked_and_required_as_the_answers_before_it_say() {
    let list = canteen();
    let none = standings(&list, &[]);
    assert!(none.of("A-1", None).required);
    assert!(!none.of("A-2", None).asked && !none.of("A-2", None).required);
    assert!(!none.of("A-3", None).required);
    let fail = json!({ "result": "fail" });
    let said = |has: &str| [("A-1", None, json!({ "choice": has })), ("A-2", None, fail.clone())];
    let yes = standings(&list, &said("yes"));
    assert!(yes.of("A-2", None).required && yes.of("A-3", None).required);
    // What is not asked any more reads as unanswered, though its answer is still there.
    let no = standings(&list, &said("no"));
    assert!(!no.of("A-2", None).asked && !no.of("A-3", None).required);
}

#[test]
fn an_answer_fits_or_not_and_none_at_all_fits() {
    let list = canteen();
    let fits = |value: Value| standings(&list, &[("A-4", None, value)]).of("A-4", None).fits;
    assert!(fits(json!({ "value": "100", "unit": "%" })));
    assert!(!fits(json!({ "value": "100.5", "unit": "%" })));
    assert!(fits(json!({ "result": "na", "reason": "no scale" })));
    assert!(standings(&list, &[]).of("A-4", None).fits);
}

#[test]
fn each_place_of_a_repeat_stands_for_itself_and_all_of_them_are_counted_together() {
    let list = canteen();
    let read = |value: &str| json!({ "value": value, "unit": "°C" });
    let said = [
        ("A-1", None, json!({ "choice": "yes" })),
        ("R-1", Some("R1"), read("-20")),
        ("R-1", Some("R2"), read("-15.5")),
    ];
    let stand = standings(&list, &said);
    let at = |place| stand.of("R-2", Some((Repeat::Room, place)));
    assert!(!at("R1").asked && at("R2").asked && at("R2").required);
    assert!(!at("R9").asked, "a place that is named and has no answer");
    assert_eq!(stand.places(Repeat::Room).collect::<Vec<_>>(), ["R1", "R2", "R9"]);
    assert_eq!(stand.of("R-3", None).computed.as_deref(), Some("2"));
    assert!(!stand.of("R-3", None).required);
    // Nobody knows yet whether it will be asked.
    assert!(!stand.of("R-2", None).required && stand.of("R-1", None).required);
}

#[test]
fn counts_are_read_by_the_name_of_their_item() {
    let list = canteen();
    let asked = |done: u32| {
        let counts = json!({ "counts": { "seen": 10, "done": done } });
        standings(&list, &[("T-1", None, counts)]).of("T-2", None).asked
    };
    assert!(asked(7) && !asked(8));
}

#[test]
fn a_list_in_which_nothing_depends_on_anything_has_no_conditions_and_the_same_bytes() {
    let list = list(json!([item("A-1", "text", json!({}))]), json!([])).unwrap();
    assert!(Conditions::of(&list).unwrap().is_none());
    let text = serde_json::to_string(&list).unwrap();
    assert!(!text.contains("logic") && !text.contains("computed"), "{text}");
}

#[test]
fn what_is_wrong_is_named_with_its_field() {
    let fault = |item: Value| list(json!([item]), json!([])).unwrap_err().to_string();
    let text = |logic: Value| item("A-1", "text", json!({ "required": false, "logic": logic }));
    for (item, parts) in [
        (text(json!({ "relevant": "${B-1} = 1" })), ["items[0] (A-1).logic.relevant", "B-1"]),
        (text(json!({ "relevant": "1 +" })), ["logic.relevant", "character"]),
        (text(json!({ "calculation": "${A-1} + 1" })), ["logic.calculation", "needs itself"]),
        (
            item("A-1", "photo", json!({ "required": false, "logic": { "calculation": "1" } })),
            ["logic.calculation", "not computed"],
        ),
        (
            item("A-1", "text", json!({ "logic": { "required": "true()" } })),
            ["logic.required", "required anyway"],
        ),
        (
            item("1-A", "text", json!({ "logic": { "relevant": "true()" } })),
            ["items[0] (1-A)", "no name"],
        ),
    ] {
        let said = fault(item);
        assert!(parts.iter().all(|part| said.contains(part)), "{said}: {parts:?}");
    }
}
