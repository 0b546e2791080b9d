//! What a form says of answers before they are given: which choices there are, what is proposed, how points are
//! added up.

use spotcheck_checklists::{Checklist, Conditions, Said, Scoring};
use spotcheck_xlsform::Level;

use crate::{form, located};

const CASCADE: &str = "
| survey |
| | type | name | label | guidance_hint::English (en) | required | required_message::English (en) | default | trigger | calculation | choice_filter | spotcheck::score |
| | select_one city | City | City | Ask the manager | yes | Say where | Guangzhou | | | | 5 |
| | begin_group | where | Where | | | | | | | | |
| | select_one district | district | District | | | | | | | town = ${City} and old != 'no' and name != ${City} | |
| | select_one district | same | Same | | | | | | | town = current()/../City | |
| | end_group | | | | | | | | | | |
| | text | note | Note | | | | 2021-06-24 | | | | |
| | date | day | Day | | | | today() | | | | |
| | text | seen | Seen | | | | | ${note} | concat('re: ', ${note}) | | |
| | calculate | once | | | | | | ${note}, ${day} | ${City} | | |
| | hidden | form | | | | | v3 | | | | |
| | image | photo | Photo | | | | x.jpg | | | | |
| choices |
| | list_name | name | label | town | old |
| | city | Shenzhen | Shenzhen | | |
| | city | Guangzhou | Guangzhou | | |
| | district | nanshan | Nanshan | Shenzhen | |
| | district | baoan | Baoan | Shenzhen | no |
| | district | tianhe | Tianhe | Guangzhou | |
| settings |
| | form_id | spotcheck::scoring |
| | CITY | earned |
";

fn held(text: &str) -> (Checklist, Vec<String>) {
    let converted = form(text).to_checklist("p");
    let lost: Vec<_> =
        converted.problems.into_iter().filter(|it| it.level == Level::NotHeld).collect();
    (converted.checklist.unwrap(), located(&lost))
}

#[test]
fn filters_take_their_columns_along_and_name_choices_by_their_codes() {
    let (list, _) = held(CASCADE);
    let district = list.find_item("DISTRICT").unwrap();
    let filter = "town = ${CITY} and old != 'no' and name != ${CITY}";
    assert_eq!(district.logic.offers.as_deref(), Some(filter));
    let cells: Vec<_> = district.choices.iter().map(|it| (&*it.code, &it.columns)).collect();
    let [(_, nanshan), (_, baoan), _] = &cells[..] else { panic!("{cells:?}") };
    // As the city's choices are called in an answer.
    assert_eq!(nanshan.get("town").map(String::as_str), Some("shenzhen"));
    assert_eq!(baoan.get("old").map(String::as_str), Some("no"));
    let chosen = serde_json::json!({ "choice": "shenzhen" });
    let said = [Said { item: "CITY", place: None, answer: &chosen }];
    let moment = spotcheck_checklists::Moment { millis: 0, offset_minutes: 0 };
    let conditions = Conditions::of(&list).unwrap().unwrap();
    let standing = conditions.stand(&list, &said, &[], (moment, [0; 32])).of("DISTRICT", None);
    assert_eq!(standing.offered.unwrap().into_iter().collect::<Vec<_>>(), ["nanshan"]);
}

#[test]
fn defaults_and_triggers_become_proposals_and_nothing_answers_itself() {
    let (list, _) = held(CASCADE);
    let default = |code: &str| list.find_item(code).unwrap().logic.default.clone();
    assert_eq!(default("CITY").as_deref(), Some("'guangzhou'"));
    assert_eq!(default("NOTE").as_deref(), Some("'2021-06-24'"));
    assert_eq!(default("DAY").as_deref(), Some("today()"));
    let told = "if(${NOTE} != '', concat('re: ', ${NOTE}), '')";
    assert_eq!(default("SEEN").as_deref(), Some(told));
    let computed: Vec<_> =
        list.computed.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect();
    let once = "if(${NOTE} != '' or ${DAY} != '', ${CITY}, '')";
    assert_eq!(computed, [("once", once), ("form", "'v3'")]);
}

#[test]
fn messages_guidance_and_points_are_held_and_what_is_not_is_named() {
    let (list, lost) = held(CASCADE);
    let city = list.find_item("CITY").unwrap();
    assert_eq!(city.guidance.as_ref().map(|it| &*it.en), Some("Ask the manager"));
    assert_eq!(city.missing.as_ref().map(|it| &*it.en), Some("Say where"));
    assert_eq!((city.score, list.scoring), (Some(5), Some(Scoring::Earned)));
    // A way out of its group that a checklist does not have, and a proposed photo.
    assert_eq!(
        lost,
        ["NoPlace survey:5:label", "NoPlace survey:7:choice_filter", "NoPlace survey:14:default",]
    );
}

#[test]
fn points_without_a_way_to_add_them_up_are_said_not_to_count() {
    let (list, lost) = held(&CASCADE.replace("| earned |", "| |"));
    assert_eq!((list.scoring, list.items[0].score), (None, None));
    assert!(lost.contains(&"NoPlace survey:4:spotcheck::score".to_owned()), "{lost:?}");
    let wrong = form(&CASCADE.replace("| earned |", "| stars |")).to_checklist("p");
    assert!(wrong.checklist.is_none());
}

#[test]
fn a_filter_whose_column_means_two_things_is_not_held() {
    let both = "town = ${City} or town = 'Shenzhen'";
    let (list, lost) =
        held(&CASCADE.replace("town = ${City} and old != 'no' and name != ${City}", both));
    assert_eq!(list.find_item("DISTRICT").unwrap().logic.offers, None);
    assert!(lost.contains(&"NoPlace survey:6:choice_filter".to_owned()), "{lost:?}");
}
