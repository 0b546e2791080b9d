//! Forms with rules: what an answer makes to be computed again, and what it does not.

use std::sync::Arc;

use spotcheck_checklists::expression::{
    ErrorCode, Filled, Host, Logic, NameId, Names, NodeId, Outline, Role, Rule, RuleFault, Shape,
    Value, compile,
};

use crate::fixture::MOMENT;

struct Form {
    outline: Arc<Outline>,
    logic: Logic,
    filled: Filled,
}

/// `repeat/question` declares both; a name that is there already is not declared again.
fn outline(paths: &[&str]) -> Arc<Outline> {
    let mut outline = Outline::new("data").unwrap();
    for path in paths {
        let mut parent = Outline::TOP;
        let steps: Vec<&str> = path.split('/').collect();
        for (index, step) in steps.iter().enumerate() {
            let name = step.trim_start_matches(['*', '+']);
            let shape = match (step.chars().next(), index + 1 == steps.len()) {
                (Some('*'), _) => Shape::Repeat,
                (Some('+'), _) => Shape::Group,
                (_, is_last) => {
                    if is_last {
                        Shape::Question
                    } else {
                        Shape::Group
                    }
                }
            };
            parent = match outline.find(name) {
                Ok(known) => known,
                Err(_) => outline.declare(parent, name, shape).unwrap(),
            };
        }
    }
    Arc::new(outline)
}

fn rules(outline: &Outline, rules: &[(&str, Role, &str)]) -> Vec<Rule> {
    let rule = |(target, role, text): &(&str, Role, &str)| Rule {
        target: outline.find(target).unwrap(),
        role: *role,
        text: (*text).to_owned(),
    };
    rules.iter().map(rule).collect()
}

fn faults(paths: &[&str], given: &[(&str, Role, &str)]) -> Vec<RuleFault> {
    let outline = outline(paths);
    let rules = rules(&outline, given);
    Logic::new(outline, &rules).unwrap_err()
}

impl Form {
    fn new(paths: &[&str], given: &[(&str, Role, &str)]) -> Self {
        let outline = outline(paths);
        let rules = rules(&outline, given);
        let logic = Logic::new(Arc::clone(&outline), &rules).unwrap();
        let mut filled = Filled::new(Arc::clone(&outline), Host::new(MOMENT, [1; 32]));
        logic.start(&mut filled);
        Self { outline, logic, filled }
    }

    fn name(&self, name: &str) -> NameId {
        self.outline.find(name).unwrap()
    }

    fn node(&self, name: &str, index: usize) -> NodeId {
        self.filled.all(self.name(name))[index]
    }

    /// Answers, and says whose values or states changed.
    fn set(&mut self, name: &str, index: usize, text: &str) -> Vec<String> {
        let node = self.node(name, index);
        let changes = self.logic.answer(&mut self.filled, node, text.to_owned());
        let name = |node| self.outline.name(self.filled.declared(node).unwrap()).to_owned();
        changes.iter().map(|change| name(change.node)).collect()
    }

    fn add(&mut self, repeat: &str) -> NodeId {
        let repeat = self.name(repeat);
        self.logic.add_instance(&mut self.filled, Filled::TOP, repeat).unwrap().0
    }

    fn get(&self, name: &str, index: usize) -> &str {
        self.filled.answer(self.node(name, index))
    }

    fn is(&self, name: &str, role: Role) -> Option<bool> {
        self.filled.state(self.node(name, 0), role)
    }
}

use Role::{Calculation, Constraint, Relevant, Required};

#[test]
fn only_what_depends_on_an_answer_is_computed_and_in_order() {
    let given = [
        ("total", Calculation, "${tax} + ${price}"),
        ("tax", Calculation, "${price} * 0.1"),
        ("other", Calculation, "concat(${name}, '!')"),
    ];
    let mut form = Form::new(&["price", "name", "tax", "total", "other"], &given);
    assert_eq!(form.set("price", 0, "10"), ["tax", "total"]);
    assert_eq!(form.get("total", 0), "11");
    assert_eq!(form.set("name", 0, "a"), ["other"]);
    // The same answer again, or a result that stays as it was, goes no further.
    assert_eq!(form.set("price", 0, "10"), [""; 0]);
}

#[test]
fn what_stays_the_same_goes_no_further() {
    let given = [("ok", Calculation, "${c} <= 5"), ("text", Calculation, "concat('ok: ', ${ok})")];
    let mut form = Form::new(&["c", "ok", "text"], &given);
    assert_eq!(form.set("c", 0, "4"), ["ok", "text"]);
    assert_eq!(form.set("c", 0, "3"), [""; 0]);
    assert_eq!(form.set("c", 0, "6"), ["ok", "text"]);
}

#[test]
fn what_is_not_relevant_counts_as_unanswered_and_keeps_its_answer() {
    let given = [
        ("cold", Relevant, "${has_cold} = 'yes'"),
        ("seen", Calculation, "concat('[', ${celsius}, ']')"),
        ("celsius", Constraint, ". <= 8"),
        ("celsius", Required, "${has_cold} = 'yes'"),
    ];
    let mut form = Form::new(&["has_cold", "+cold/celsius", "seen"], &given);
    assert_eq!(form.is("celsius", Constraint), Some(true), "an empty answer is allowed");
    form.set("has_cold", 0, "yes");
    form.set("celsius", 0, "9");
    assert_eq!(form.get("seen", 0), "[9]");
    assert_eq!(form.is("celsius", Constraint), Some(false));
    assert_eq!(form.is("celsius", Required), Some(true));
    form.set("has_cold", 0, "no");
    assert_eq!(form.get("seen", 0), "[]");
    assert!(!form.filled.is_relevant(form.node("celsius", 0)));
    form.set("has_cold", 0, "yes");
    assert_eq!(form.get("seen", 0), "[9]");
}

#[test]
fn an_instance_is_computed_for_itself_and_counted_for_all() {
    let given = [
        ("double", Calculation, "${kg} * 2"),
        ("number", Calculation, "position(..)"),
        ("sum", Calculation, "sum(${kg})"),
        ("count", Calculation, "count(${lot})"),
    ];
    let paths = ["*lot/kg", "*lot/double", "*lot/number", "sum", "count"];
    let mut form = Form::new(&paths, &given);
    let first = form.add("lot");
    form.add("lot");
    form.add("lot");
    assert_eq!(form.get("count", 0), "3");
    assert_eq!(form.get("number", 2), "3");
    for index in 0..3 {
        form.set("kg", index, "5");
    }
    // Of the three instances only one is computed again.
    assert_eq!(form.set("kg", 1, "7"), ["double", "sum"]);
    assert_eq!((form.get("double", 1), form.get("sum", 0)), ("14", "17"));
    form.logic.remove_instance(&mut form.filled, first).unwrap();
    assert_eq!((form.get("sum", 0), form.get("count", 0)), ("12", "2"));
    assert_eq!((form.get("number", 0), form.get("number", 1)), ("1", "2"));
    assert_eq!(form.logic.remove_instance(&mut form.filled, first), None);
}

#[test]
fn circles_are_found_and_named() {
    let found = faults(
        &["a", "b", "c", "d"],
        &[
            ("a", Calculation, "${b} + 1"),
            ("b", Calculation, "${c} + 1"),
            ("c", Calculation, "if(${d} > 1, ${a}, 0)"),
            ("d", Calculation, "1"),
        ],
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].error.code, ErrorCode::Circular);
    // Whichever comes first, the way leads back to it.
    let way = found[0].error.message.en.trim_start_matches("it needs itself: ");
    assert_eq!(way.split(" → ").count(), 4);
    assert_eq!(way.split(" → ").next(), way.split(" → ").last());
}

#[test]
fn a_rule_that_hides_what_it_reads_is_a_circle_and_a_constraint_is_none() {
    assert_eq!(faults(&["a"], &[("a", Relevant, "${a} = 1")]).len(), 1);
    assert_eq!(faults(&["+g/a"], &[("g", Relevant, "${a} = 1")]).len(), 1);
    assert_eq!(faults(&["a"], &[("a", Calculation, ". + 1")]).len(), 1);
    Form::new(&["a"], &[("a", Constraint, ". > 1"), ("a", Required, ". = ''")]);
    Form::new(&["a"], &[("a", Calculation, "once(random())")]);
}

#[test]
fn every_wrong_rule_is_named_at_once() {
    let found = faults(&["a"], &[("a", Calculation, "1 +"), ("a", Relevant, "${b}")]);
    assert_eq!(found.iter().map(|fault| fault.rule).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_form_of_mistakes_and_a_form_that_reads_everything_are_refused_quickly() {
    let names: Vec<String> = (0..3000).map(|index| format!("q{index}")).collect();
    let paths: Vec<&str> = names.iter().map(String::as_str).collect();
    let outline = outline(&paths);
    let all = |text: &str| -> Vec<Rule> {
        let rule = |name: &String| Rule {
            target: outline.find(name).unwrap(),
            role: Constraint,
            text: text.to_owned(),
        };
        names.iter().map(rule).collect()
    };
    let refuse = |text| Logic::new(Arc::clone(&outline), &all(text)).unwrap_err();
    assert_eq!(refuse("${qq} > 1").len(), 100);
    assert_eq!(refuse("count(/data/*) > 1")[0].error.code, ErrorCode::Limit);
    let back_and_forth = format!("count(/data/*{})", "/../*".repeat(10_000));
    let one = rules(&outline, &[("q0", Constraint, &back_and_forth)]);
    let error = Logic::new(Arc::clone(&outline), &one).unwrap_err().remove(0).error;
    assert_eq!(error.code, ErrorCode::Limit);
}

#[test]
fn a_choice_filter_sees_its_row_by_path_and_the_form_by_name() {
    let mut form = Form::new(&["wanted", "colour"], &[]);
    form.filled.add_table(
        "colours",
        [[("name", "red"), ("warm", "yes")], [("name", "blue"), ("warm", "no")]],
    );
    form.set("wanted", 0, "no");
    let (filled, at) = (&form.filled, form.node("colour", 0));
    let rows = compile("instance('colours')/root/item", &*form.outline).unwrap();
    let Value::Nodes(rows) = rows.evaluate(filled, at).unwrap() else { panic!("no nodes") };
    for (text, kept) in [("warm = ${wanted}", [false, true]), ("name = 'red'", [true, false])] {
        let filter = compile(text, &*form.outline).unwrap();
        let keeps = rows.iter().map(|row| filter.keeps_choice(filled, at, *row).unwrap());
        assert_eq!(keeps.collect::<Vec<_>>(), kept, "{text}");
    }
}

#[test]
fn an_edit_of_a_form_of_300_items_computes_only_what_reads_it() {
    let names: Vec<String> = (0..300).map(|index| format!("q{index}")).collect();
    let paths: Vec<&str> = names.iter().map(String::as_str).collect();
    let texts: Vec<String> = (0..200)
        .map(|index| match index % 4 {
            0 => format!("if(${{q{index}}} > 5, ${{q{}}} + 1, 0)", index + 1),
            1 => format!("selected(${{q{index}}}, 'a') or regex(${{q{index}}}, '[a-z]+\\d*')"),
            2 => format!("concat(${{q0}}, '-', ${{q{index}}}, '-', format-date(today(), '%Y'))"),
            _ => format!("round(${{q{index}}} * 1.08, 2) + count-selected(${{q1}})"),
        })
        .collect();
    let targets: Vec<String> =
        (0..200).map(|index| format!("q{}", (index + 100).max(100))).collect();
    let given: Vec<(&str, Role, &str)> = targets
        .iter()
        .zip(&texts)
        .enumerate()
        .map(|(index, (target, text))| {
            let role = if index < 100 { Calculation } else { Required };
            (target.as_str(), role, text.as_str())
        })
        .collect();
    let mut form = Form::new(&paths, &given);
    for index in 0..100 {
        let computed = form.set(&format!("q{index}"), 0, &index.to_string());
        // The first two are read by a quarter of all; any other by its own and its neighbour's.
        let most = if index < 2 { 60 } else { 4 };
        assert!(computed.len() <= most, "q{index}: {computed:?}");
    }
}

#[test]
fn editing_one_of_two_thousand_instances_computes_that_one() {
    let given = [("double", Calculation, "${kg} * 2"), ("sum", Calculation, "sum(${double})")];
    let mut form = Form::new(&["*lot/kg", "*lot/double", "sum"], &given);
    for _ in 0..2000 {
        form.add("lot");
    }
    assert_eq!(form.set("kg", 1000, "3"), ["double"]);
}
