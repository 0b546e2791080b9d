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
fn what_is_computed_is_the_number_that_is_meant() {
    let unit = |code: &str, logic: Value| {
        item(code, "measured", json!({ "unit": "m", "required": false, "logic": logic }))
    };
    let items = json!([
        unit("A-1", json!({})),
        unit("A-2", json!({})),
        unit("A-3", json!({ "calculation": "${A-1} - ${A-2}" })),
    ]);
    let list = list(items, json!([])).unwrap();
    let read = |value: &str| json!({ "value": value, "unit": "m" });
    let less = |a: &str, b: &str| {
        let said = [("A-1", None, read(a)), ("A-2", None, read(b))];
        standings(&list, &said).of("A-3", None).computed.unwrap()
    };
    assert_eq!(less("8.3", "0.2"), "8.1");
    assert_eq!(less("0.3", "0.1"), "0.2");
    assert_eq!(less("-18.5", "0"), "-18.5");
    assert_eq!(less("1", "1"), "0");
}

#[test]
fn an_answer_that_is_no_longer_asked_breaks_nothing() {
    let items = json!([
        item("A-1", "text", json!({})),
        item(
            "A-2",
            "measured",
            json!({ "unit": "%", "logic": {
            "relevant": "${A-1} = 'on'",
            "constraint": { "holds": ". >= 0", "text": { "zh": "不小于 0", "en": "0 or more" } } } })
        ),
    ]);
    let list = list(items, json!([])).unwrap();
    let at = |word: &str, value: &str| {
        let read = json!({ "value": value, "unit": "%" });
        let said = [("A-1", None, json!({ "text": word })), ("A-2", None, read)];
        standings(&list, &said).of("A-2", None)
    };
    assert!(at("on", "5").fits && !at("on", "-5").fits);
    assert!(at("off", "5").fits && at("off", "-5").fits && !at("off", "5").asked);
}

#[test]
fn a_list_that_would_fill_the_memory_ends() {
    // Each doubles the one before, and the last condition reads all that came of it.
    let mut computed = vec![json!({ "name": "d0", "value": "${A-1}" })];
    for n in 1..40 {
        let value = format!("concat(${{d{0}}}, ${{d{0}}})", n - 1);
        computed.push(json!({ "name": format!("d{n}"), "value": value }));
    }
    let relevant = "string-length(${d39}) > 1000000000";
    let items = json!([
        item("A-1", "text", json!({})),
        item("A-2", "text", json!({ "logic": { "relevant": relevant } })),
    ]);
    let list = list(items, json!(computed)).unwrap();
    let stand = standings(&list, &[("A-1", None, json!({ "text": "飞".repeat(1000) }))]);
    assert!(!stand.of("A-2", None).asked, "what was too long is empty");
}

#[test]
fn chance_is_the_item_s_own_whatever_else_is_answered() {
    let text = |code: &str, calculation: &str| {
        item(code, "text", json!({ "required": false, "logic": { "calculation": calculation } }))
    };
    let items = json!([
        item("A-1", "text", json!({})),
        text("A-2", "if(${A-1} = 'x', random(), '')"),
        text("A-3", "random()"),
    ]);
    let list = list(items, json!([])).unwrap();
    let drawn = |word: &str| {
        standings(&list, &[("A-1", None, json!({ "text": word }))]).of("A-3", None).computed
    };
    assert_eq!(drawn("x"), drawn("y"));
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

/// Districts of two cities, one of which is called as its city is.
fn cities() -> Checklist {
    let choice = |code: &str, columns: Value| {
        json!({ "code": code, "text": { "zh": code, "en": code }, "verdict": null,
            "columns": columns })
    };
    let plain =
        |code: &str| json!({ "code": code, "text": { "zh": code, "en": code }, "verdict": null });
    let districts = json!([
        choice("nanshan", json!({ "city": "sz" })),
        choice("futian", json!({ "city": "sz", "old": "yes" })),
        choice("tianhe", json!({ "city": "gz" })),
        choice("other", json!({})),
    ]);
    let filter = "city = ${C-1} or name = 'other'";
    let items = json!([
        item("C-1", "choice", json!({ "choices": [plain("sz"), plain("gz")] })),
        item(
            "C-2",
            "choice",
            json!({ "choices": districts, "logic": {
            "offers": filter, "default": "if(${C-1} = 'gz', 'tianhe', 'futian')" } })
        ),
        item("C-3", "measured", json!({ "unit": "°C", "logic": { "default": "8.3 - 0.2" } })),
        item("C-4", "text", json!({ "logic": { "default": "concat('in ', ${C-2})" } })),
        item("C-5", "people", json!({ "unit": "persons", "logic": { "default": "'many'" } })),
    ]);
    list(items, json!([])).unwrap()
}

#[test]
fn choices_are_offered_as_their_columns_and_the_answers_say() {
    let list = cities();
    let offered = |said: &[(&str, Option<&str>, Value)]| {
        let standing = standings(&list, said).of("C-2", None);
        (standing.offered.unwrap().into_iter().collect::<Vec<_>>(), standing.is_offered)
    };
    let chose = |item: &'static str, code: &str| (item, None, json!({ "choice": code }));
    assert_eq!(offered(&[]), (vec!["other".to_owned()], true));
    let both = [chose("C-1", "sz"), chose("C-2", "futian")];
    assert_eq!(offered(&both).0, ["futian", "nanshan", "other"]);
    assert!(offered(&both).1);
    // The city was corrected: what was chosen stays, and is said to be none of the choices any more.
    assert!(!offered(&[chose("C-1", "gz"), chose("C-2", "futian")]).1);
    assert_eq!(standings(&list, &[]).of("C-1", None).offered, None);
}

#[test]
fn what_is_proposed_is_an_answer_of_its_kind_and_none_until_it_is_taken() {
    let list = cities();
    let chose = |item: &'static str, code: &str| (item, None, json!({ "choice": code }));
    let proposed = |said: &[(&str, Option<&str>, Value)], item: &str| {
        standings(&list, said).of(item, None).proposed
    };
    let gz = [chose("C-1", "gz")];
    assert_eq!(proposed(&gz, "C-2"), Some(json!({ "choice": "tianhe" })));
    // A proposal is no answer: nothing reads it, and what is required is still missing.
    assert_eq!(proposed(&gz, "C-4"), Some(json!({ "text": "in " })));
    assert!(standings(&list, &gz).of("C-2", None).required);
    // Nothing that is not offered is proposed.
    assert_eq!(proposed(&[], "C-2"), None);
    assert_eq!(proposed(&[], "C-3"), Some(json!({ "value": "8.1", "unit": "°C" })));
    assert_eq!(proposed(&[], "C-5"), None, "no number of people");
    let answered = [chose("C-1", "gz"), chose("C-2", "other")];
    assert_eq!(proposed(&answered, "C-2"), None);
    assert_eq!(proposed(&answered, "C-4"), Some(json!({ "text": "in other" })));
}

#[test]
fn a_column_without_a_reader_and_a_proposal_without_a_place_are_refused() {
    let fault = |item: Value| list(json!([item]), json!([])).unwrap_err().to_string();
    let choices = |columns: Value| json!([{ "code": "a", "text": { "zh": "甲", "en": "a" }, "verdict": null, "columns": columns }]);
    let choice = |columns: Value, logic: Value| {
        item("A-1", "choice", json!({ "choices": choices(columns), "logic": logic }))
    };
    let filter = json!({ "offers": "x = 1" });
    for (item, parts) in [
        (choice(json!({ "x": "1" }), json!({})), ["choices[0].columns.x", "no filter"]),
        (choice(json!({ "name": "1" }), filter.clone()), ["columns.name", "no name of a column"]),
        (choice(json!({ "x": " " }), filter.clone()), ["columns.x", "empty"]),
        (choice(json!({}), json!({ "offers": "x = " })), ["logic.offers", "character"]),
        (item("A-1", "text", json!({ "logic": filter })), ["logic.offers", "only choices"]),
        (
            item("A-1", "photo", json!({ "logic": { "default": "1" } })),
            ["logic.default", "proposed"],
        ),
        (item("A-1", "text", json!({ "score": 3 })), ["scoring", "points"]),
    ] {
        let said = fault(item);
        assert!(parts.iter().all(|part| said.contains(part)), "{said}: {parts:?}");
    }
}
