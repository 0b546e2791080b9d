//! A stranger's form as a checklist: what is held, and the reason for all that is not.

use spotcheck_checklists::{Kind, Merge, Repeat};
use spotcheck_rules::{Severity, Verdict};
use spotcheck_xlsform::{Level, Source};

use crate::{form, located};

const STRANGERS: &str = "
| survey |
| | type | name | label::English (en) | hint::English (en) | required | relevant | constraint | calculation | default |
| | start | start | | | | | | | |
| | begin_group | cold | Cold rooms | | | | | | |
| | decimal | Room Temp | no name | | | | | | |
";

const FORM: &str = "
| survey |
| | type | name | label::English (en) | hint::English (en) | required | relevant | constraint | calculation | default |
| | start | start | | | | | | | |
| | begin_group | cold | Cold rooms | | | ${open} = 'yes' | | | |
| | decimal | room_temp | Temperature of ${open} | Wait | yes | | . < 30 | | |
| | end_group | | | | | | | | |
| | select_one yn | open | Open? | | yes | | | | |
| | select_multiple yn | all | All? | | | | | | |
| | calculate | twice | | | | | | ${room_temp} * 2 | |
| | note | hello | Hello | | | | | | |
| | geopoint | here | Where | | | | | | |
| | date | day | Day | | | | | | 2021-06-24 |
| | begin_repeat | people | People | | | | | | |
| | text | who | Who | | | | | | |
| | end_repeat | | | | | | | | |
| choices |
| | list_name | name | label::English (en) | colour |
| | yn | yes | Yes | green |
| | yn | No! | No | red |
| settings |
| | form_id | version | form_title | instance_name |
| | F-1 | 7 | A form | concat('a', ${open}) |
";

#[test]
fn what_a_checklist_can_hold_is_held() {
    let form = form(FORM);
    assert_eq!(form.languages, ["English (en)"]);
    assert_eq!(form.lists["yn"][1].others["colour"], "red");
    let converted = form.to_checklist("cn-shenzhen-2021");
    let list = converted.checklist.unwrap();
    assert_eq!((list.code.as_str(), list.version.as_str()), ("F-1", "7"));
    assert_eq!((list.title.en.as_str(), list.pack.as_str()), ("A form", "cn-shenzhen-2021"));
    let codes: Vec<_> = list.items.iter().map(|it| (it.code.as_str(), it.kind)).collect();
    assert_eq!(codes, [("ROOM-TEMP", Kind::Measured), ("OPEN", Kind::Choice), ("DAY", Kind::Date)]);
    let open = &list.items[1];
    assert!(open.required);
    assert_eq!(open.choices[1].code, "no_");
    assert_eq!(open.text.zh, "Open?");
    // Asked on the condition of its group, and required where it is asked.
    let room = &list.items[0];
    assert!(room.required);
    assert_eq!(room.logic.relevant.as_deref(), Some("${OPEN} = 'yes'"));
    assert_eq!(room.hint.as_ref().map(|it| &*it.en), Some("Wait"));
    let constraint = room.logic.constraint.as_ref().unwrap();
    assert_eq!(
        (constraint.holds.as_str(), constraint.text.zh.as_str()),
        (". < 30", "答案不符合要求")
    );
    let [twice] = &list.computed[..] else { panic!("{:?}", list.computed) };
    assert_eq!((twice.name.as_str(), twice.value.as_str()), ("twice", "${ROOM-TEMP} * 2"));
    assert_eq!(list.items[0].unit.as_deref(), Some("1"));
    assert_eq!((open.severity, open.merge), (Severity::Minor, Merge::AskLead));
}

#[test]
fn what_a_checklist_cannot_hold_is_named_with_its_place() {
    let converted = form(FORM).to_checklist("p");
    let lost: Vec<_> =
        converted.problems.into_iter().filter(|it| it.level == Level::NotHeld).collect();
    let expected = [
        "NoPlace survey:4:type",
        "NoPlace survey:5:label",
        "NoPlace survey:6:label",
        "NoPlace survey:9:type",
        "NoPlace survey:11:type",
        "NoPlace survey:12:type",
        "NoPlace survey:14:spotcheck::repeat",
        "NoPlace survey:14:label",
        "NoPlace survey:15:",
        "NoPlace settings:23:instance_name",
        "NoPlace choices::colour",
    ];
    assert_eq!(located(&lost), expected);
    for problem in &lost {
        for text in [&problem.said, &problem.remedy] {
            assert!(!text.zh.is_empty() && !text.en.is_empty(), "{problem:?}");
        }
    }
}

#[test]
fn our_columns_say_what_xlsform_cannot() {
    let form = form("
| survey |
| | type | name | label | required | spotcheck::kind | spotcheck::unit | spotcheck::limit | spotcheck::severity | spotcheck::evidence | spotcheck::merge | spotcheck::repeat | spotcheck::role | spotcheck::reference | spotcheck::score |
| | begin_repeat | gates | Gates | | | | | | | | gate | | | |
| | select_one pf | A-1 | Clean | yes | pass_fail | | | critical | photo, document | worst_wins | | | GB 1 | 5 |
| | begin_group | A-2 | Masks | no | tally | persons | masks.ratio | major | none | keep_both | | | GB 2 | |
| | integer | A-2_all | All | | | | | | | | | observed | | |
| | integer | A-2_with | With | | | | | | | | | checked | | |
| | end_group | | | | | | | | | | | | | |
| | end_repeat | | | | | | | | | | | | | |
| | select_one pf | A-3 | Result | | | | | | | | | | | |
| | select_multiple docs | A-4 | Papers | | document_set | | | | | | | | | |
| choices |
| | list_name | name | label | spotcheck::verdict |
| | pf | ok | OK | pass |
| | pf | bad | Bad | fail |
| | docs | licence | Licence | |
| settings |
| | form_id | spotcheck::pack |
| | X | uk |
");
    assert!(matches!(form.questions[1].kind.source(), Some(Source::List(list)) if list == "pf"));
    let converted = form.to_checklist("other");
    let lost: Vec<_> = converted.problems.iter().filter(|it| it.level == Level::NotHeld).collect();
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert_eq!(lost[0].place.column.as_deref(), Some("spotcheck::score"));
    let list = converted.checklist.unwrap();
    assert_eq!(list.pack, "uk");
    let [clean, masks, result, papers] = list.items.as_slice() else { panic!("{list:?}") };
    assert_eq!((clean.kind, clean.repeat), (Kind::PassFail, Some(Repeat::Gate)));
    assert_eq!(clean.evidence.len(), 2);
    assert_eq!((masks.counts[0].code.as_str(), masks.counts[1].code.as_str()), ("all", "with"));
    assert_eq!(masks.limit.as_deref(), Some("masks.ratio"));
    assert_eq!(result.choices[1].verdict, Some(Verdict::Fail));
    assert_eq!(papers.documents[0].code, "licence");
}

#[test]
fn a_wrong_word_in_our_columns_is_located() {
    let reading = crate::markdown(
        "
| survey |
| | type | name | label | spotcheck::severity | spotcheck::limit | spotcheck::kind |
| | text | a | A | grave | | |
| | text | b | B | | | measurd |
",
    );
    assert!(reading.form.is_none());
    let errors: Vec<_> = reading.errors().cloned().collect();
    assert_eq!(
        located(&errors),
        ["BadValue survey:4:spotcheck::severity", "BadValue survey:5:spotcheck::kind"]
    );
    assert!(errors[0].to_string().contains("minor, major, critical"), "{}", errors[0]);
    assert!(errors[1].to_string().ends_with("use measured"), "{}", errors[1]);
    let fit = form(
        "| survey |\n| | type | name | label | spotcheck::kind |\n| | text | a | A | tally |\n",
    );
    let converted = fit.to_checklist("p");
    assert!(converted.checklist.is_none());
    assert_eq!(located(&converted.problems)[0], "BadValue survey:3:spotcheck::kind");
    assert!(crate::markdown(STRANGERS).form.is_none(), "a name with a space");
}

#[test]
fn expressions_name_items_by_their_codes_and_choices_by_theirs() {
    let form = form("
| survey |
| | type | name | label | relevant | constraint | constraint_message | calculation | spotcheck::kind | spotcheck::repeat |
| | select_one yn | has it | Has it? | | | | | | |
| | select_one pf | tidy | Tidy? | | | | | pass_fail | |
| | begin_group | more | More | ${has_it} = 'No!' or selected(${tidy}, 'not_applicable') | | | | | |
| | text | why | Why? | string-length(${has_it}) > 1 | regex(., '[a-z]+') | letters only | | | |
| | end_group | | | | | | | | |
| | begin_repeat | rooms | Rooms | | | | | | room |
| | decimal | warm | Warm | | | | | | |
| | text | note | Note | ../warm > -12 and count(${rooms}) > 1 | | | | | |
| | calculate | rounded | | | | | round(${warm}, 0) | | |
| | end_repeat | | | | | | | | |
| | decimal | most | Warmest | | | | max(${warm}) | | |
| | text | far | Far | /data/more/why != '' | | | | | |
| | begin_group | deep | Deep | | | | | | |
| | text | up | Up | ../../has_it = 'Yes' | | | | | |
| | end_group | | | | | | | | |
| | select_one yn | own | Own? | | . != 'No!' and concat(., 'No!') != '' | | | | |
| | calculate | sum | | ${has_it} = 'Yes' | | | 1 + 1 | | |
| choices |
| | list_name | name | label |
| | yn | Yes | Yes |
| | yn | No! | No |
| | pf | pass | Pass |
| | pf | fail | Fail |
| | pf | not_applicable | Not applicable |
".replace("has it", "has_it").as_str());
    let converted = form.to_checklist("p");
    let list = converted.checklist.unwrap();
    let logic = |code: &str| list.find_item(code).unwrap().logic.clone();
    assert_eq!(
        logic("WHY").relevant.as_deref(),
        Some("(${HAS-IT} = 'no_' or selected(${TIDY}, 'na')) and string-length(${HAS-IT}) > 1")
    );
    let constraint = logic("WHY").constraint.unwrap();
    assert_eq!(
        (constraint.holds.as_str(), constraint.text.en.as_str()),
        ("regex(., '[a-z]+')", "letters only")
    );
    assert_eq!(logic("NOTE").relevant.as_deref(), Some("../WARM > -12 and count(${room}) > 1"));
    assert_eq!(logic("MOST").calculation.as_deref(), Some("max(${WARM})"));
    let [rounded, sum] = &list.computed[..] else { panic!("{:?}", list.computed) };
    assert_eq!((rounded.value.as_str(), rounded.repeat), ("round(${WARM}, 0)", Some(Repeat::Room)));
    assert_eq!(sum.value, "if(${HAS-IT} = 'yes', 1 + 1, '')");
    let own = logic("OWN").constraint.unwrap();
    assert_eq!(own.holds, ". != 'no_' and concat(., 'No!') != ''");
    // What a form finds by its groups has no place in a checklist, and is named.
    assert_eq!((logic("FAR").relevant, logic("UP").relevant), (None, None));
    let lost: Vec<_> = converted.problems.iter().filter(|it| it.level == Level::NotHeld).collect();
    for path in ["/data/more/why", "../../has_it"] {
        assert!(lost.iter().any(|it| it.said.en.contains(path)), "{path}");
    }
}
