//! The merged day is a function of the ops: whatever people did, whoever had heard of it, and
//! whatever order it came in, every device shows the same bytes.

mod team;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use team::{HANDS, Team};

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
    SignMerge,
    /// Takes in some of what another wrote and this one has not.
    Hear,
}

fn step() -> impl Strategy<Value = Step> {
    use What::{
        Answer, Complete, Decide, Fix, Hear, Raise, Reword, Sign, SignMerge, Start, Undo, Void,
        Withdraw,
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_course_of_acts_in_any_order_of_arrival_gives_one_merged_day(
        (steps, seed) in (vec(step(), 8..48), any::<u64>()),
    ) {
        let mut team = Team::new(seed);
        steps.iter().for_each(|step| team.step(step));
        let log = team.everything();
        let said = team.shown_after(&log, 0);
        for who in 1..HANDS.len() {
            prop_assert_eq!(&team.shown_after(&log, who), &said, "{}", HANDS[who].0);
        }
        for who in [0, 3] {
            prop_assert_eq!(&team.shown_to_a_fresh_device(&log, who), &said, "fresh");
        }
        // Once more changes nothing.
        prop_assert_eq!(&team.shown_after(&log, 0), &said);
    }
}
