//! The merged day is a function of the ops: whatever people did, whoever had heard of it, and
//! whatever order it came in, every device shows the same bytes.

mod team;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use team::{HANDS, Shown, Team};

/// Something one of the team does, or hears of.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Who: see [`HANDS`].
    who: usize,
    what: What,
    /// Which of the things there are, and which of the answers.
    which: Index,
    say: usize,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    Start,
    Answer,
    Raise,
    Reword,
    Fix,
    Void,
    Withdraw,
    Complete,
    Sign,
    Undo,
    Decide,
    Unite,
    SignMerge,
    /// Takes in some of what another wrote and this one has not.
    Hear,
}

fn step() -> impl Strategy<Value = Step> {
    use What::{
        Answer, Complete, Decide, Fix, Hear, Raise, Reword, Sign, SignMerge, Start, Undo, Unite,
        Void, Withdraw,
    };
    let what = prop_oneof![
        1 => Just(Start),
        6 => Just(Answer),
        3 => Just(Raise),
        1 => Just(Reword),
        1 => Just(Fix),
        1 => Just(Void),
        1 => Just(Withdraw),
        1 => Just(Complete),
        1 => Just(Sign),
        3 => Just(Undo),
        6 => Just(Decide),
        3 => Just(Unite),
        2 => Just(SignMerge),
        8 => Just(Hear),
    ];
    (0..HANDS.len(), what, any::<Index>(), 0_usize..12).prop_map(|(who, what, which, say)| Step {
        who,
        what,
        which,
        say,
    })
}

/// Some steps, and what chance does beside them.
fn course() -> impl Strategy<Value = (Vec<Step>, u64)> {
    (vec(step(), 8..48), any::<u64>())
}

/// Plays a course. Then everything comes to everybody, and to a device enrolled only now, each time
/// in another order. What two of them show differently, if anything.
fn played((steps, seed): &(Vec<Step>, u64)) -> Option<String> {
    let mut team = Team::new(*seed);
    steps.iter().for_each(|step| team.step(step));
    let log = team.everything();
    let said = team.shown_after(&log, 0);
    for (who, (name, ..)) in HANDS.iter().enumerate().skip(1) {
        let theirs = team.shown_after(&log, who);
        if let Some(where_) = differs(&said, &theirs) {
            return Some(format!("to {name}: {where_}"));
        }
    }
    // An inspector's or a lead's.
    let fresh = team.shown_to_a_fresh_device(&log, if seed.is_multiple_of(2) { 0 } else { 3 });
    if let Some(where_) = differs(&said, &fresh) {
        return Some(format!("on a fresh device: {where_}"));
    }
    differs(&said, &team.shown_after(&log, 0)).map(|where_| format!("once more: {where_}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(104))]

    #[test]
    fn any_course_of_acts_in_any_order_of_arrival_gives_one_merged_day(course in course()) {
        prop_assert_eq!(played(&course), None);
    }
}

/// The counterpart: a projection that goes by arrival is noticed within a few courses.
#[cfg(debug_assertions)]
#[test]
fn a_day_that_goes_by_arrival_is_noticed() {
    spotcheck_domain::planted::plant("last-arrival-wins");
    let mut runner = TestRunner::deterministic();
    let noticed = (0..64).any(|_| {
        let course = course().new_tree(&mut runner).unwrap().current();
        played(&course).is_some()
    });
    spotcheck_domain::planted::plant("");
    assert!(noticed);
}

/// The first question that is not answered alike, and where.
fn differs(one: &Shown, other: &Shown) -> Option<String> {
    let asked =
        one.keys().chain(other.keys()).find(|asked| one.get(*asked) != other.get(*asked))?;
    let [one, other] = [one, other].map(|it| it.get(asked).cloned().unwrap_or_default());
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let near = |it: &str| {
        let bytes = it.as_bytes();
        let part = &bytes[same.saturating_sub(160).min(bytes.len())..(same + 160).min(bytes.len())];
        String::from_utf8_lossy(part).into_owned()
    };
    Some(format!("{asked}\n{}\nand\n{}", near(&one), near(&other)))
}
