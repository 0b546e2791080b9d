//! The filled form of the corpus.

use std::collections::BTreeMap;
use std::sync::Arc;

use spotcheck_checklists::expression::{
    Filled, Host, Logic, Moment, NameId, Names, NodeId, Outline, Shape,
};

const QUESTIONS: &[(&str, &str)] = &[
    ("name", "Ada"),
    ("age", "42"),
    ("temp", "-18.50"),
    ("blank", ""),
    ("day", "2021-06-24"),
    ("earlier", "2021-06-14"),
    ("moment", "2021-06-24T10:30:00.000+08:00"),
    ("colour", "red"),
    ("colours", "red blue"),
    ("wanted", "B"),
    ("spot", "22.5 114.0 0 5"),
    ("fence", "22 113.5; 22 114.5; 23 114.5; 23 113.5; 22 113.5"),
];

/// 2021-06-24T10:00 in China.
pub(crate) const MOMENT: Moment = Moment { millis: 1_624_500_000_000, offset_minutes: 480 };

pub(crate) fn outline() -> Arc<Outline> {
    let mut form = Outline::new("data").unwrap();
    for (name, _) in QUESTIONS {
        form.declare(Outline::TOP, name, Shape::Question).unwrap();
    }
    let group = form.declare(Outline::TOP, "g", Shape::Group).unwrap();
    form.declare(group, "inner", Shape::Question).unwrap();
    form.declare(group, "twin", Shape::Question).unwrap();
    form.declare(Outline::TOP, "twin", Shape::Question).unwrap();
    let stop = form.declare(Outline::TOP, "stop", Shape::Repeat).unwrap();
    form.declare(stop, "label", Shape::Question).unwrap();
    form.declare(stop, "load", Shape::Question).unwrap();
    let lot = form.declare(stop, "lot", Shape::Repeat).unwrap();
    form.declare(lot, "kg", Shape::Question).unwrap();
    Arc::new(form)
}

pub(crate) fn filled() -> Filled {
    let outline = outline();
    let logic = Logic::new(Arc::clone(&outline), &[]).unwrap();
    let mut filled = Filled::new(Arc::clone(&outline), Host::new(MOMENT, [7; 32]));
    let named = |name: &str| outline.find(name).unwrap();
    let answer = |filled: &mut Filled, node: NodeId, text: &str| {
        logic.answer(filled, node, text.to_owned());
    };
    for (name, text) in QUESTIONS.iter().chain(&[("inner", "7")]) {
        let node = filled.all(named(name))[0];
        answer(&mut filled, node, text);
    }
    let stops: [(&str, &str, &[&str]); 3] =
        [("A", "3", &["1", "2"]), ("B", "5", &["4"]), ("C", "", &[])];
    for (label, load, lots) in stops {
        let stop = logic.add_instance(&mut filled, Filled::TOP, named("stop")).unwrap().0;
        for kg in lots {
            logic.add_instance(&mut filled, stop, named("lot")).unwrap();
            let node = *filled.all(named("kg")).last().unwrap();
            answer(&mut filled, node, kg);
        }
        for (name, text) in [("label", label), ("load", load)] {
            let node = *filled.all(named(name)).last().unwrap();
            answer(&mut filled, node, text);
        }
    }
    filled.add_table(
        "colours",
        [
            [("name", "red"), ("label", "Red"), ("warm", "yes")],
            [("name", "blue"), ("label", "Blue"), ("warm", "no")],
        ],
    );
    filled.add_table(
        "limits",
        [[("zone", "chilled"), ("most", "8")], [("zone", "frozen"), ("most", "-18")]],
    );
    let labels = [("red", "红色"), ("blue", "蓝色")];
    let labels = labels.map(|(choice, label)| (choice.to_owned(), label.to_owned()));
    filled.set_labels(named("colour"), BTreeMap::from(labels));
    filled
}

/// `load[2]` is the second node called so.
pub(crate) fn node(filled: &Filled, place: &str) -> NodeId {
    let (name, index) = place.split_once('[').unwrap_or((place, "1]"));
    let index: usize = index.trim_end_matches(']').parse().unwrap();
    let name: NameId = filled.outline().find(name).unwrap();
    filled.all(name)[index - 1]
}
