//! From a checklist to an outline with rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::can_be_proposed;
use super::offers::Offers;
use super::{Conditions, Named};
use crate::expression::{
    ExpressionError, Logic, NameId, Outline, OutlineError, Role, Rule, Shape, compile,
};
use crate::{Checklist, ChecklistError, Item, Kind, Repeat};

pub(super) fn conditions(list: &Checklist) -> Result<Conditions, ChecklistError> {
    let mut outline = Outline::new("data").map_err(|error| invalid("items", &error))?;
    let mut repeats = BTreeMap::new();
    let mut names = BTreeMap::new();
    for (at, item) in list.items.iter().enumerate() {
        let path = format!("items[{at}] ({})", item.code);
        let parent = parent(&mut outline, &mut repeats, item.repeat);
        can_hold(&path, item)?;
        let named = parent.and_then(|parent| item_names(&mut outline, parent, item));
        names.insert(item.code.clone(), named.map_err(|error| invalid(&path, &error))?);
    }
    let mut rules = Rules::default();
    for (at, computed) in list.computed.iter().enumerate() {
        let path = format!("computed[{at}] ({})", computed.name);
        let parent = parent(&mut outline, &mut repeats, computed.repeat);
        let declared =
            parent.and_then(|parent| outline.declare(parent, &computed.name, Shape::Question));
        let target = declared.map_err(|error| invalid(&path, &error))?;
        rules.add(target, Role::Calculation, &computed.value, format!("{path}.value"));
    }
    for (at, item) in list.items.iter().enumerate() {
        let Some(named) = names.get(&item.code) else { continue };
        rules.of_item(named, item, &format!("items[{at}] ({}).logic", item.code));
    }
    for (at, item) in list.items.iter().enumerate() {
        let Some(named) = names.get_mut(&item.code) else { continue };
        let path = format!("items[{at}] ({}).logic", item.code);
        let of = |field: &str, text: Option<&String>| {
            let program = text.map(|text| compile(text, &outline));
            program.transpose().map_err(|error| fault(format!("{path}.{field}"), &error))
        };
        let offers = of("offers", item.logic.offers.as_ref())?;
        named.offers = offers.map(|program| Offers::new(program, item.choices.clone()));
        let default = of("default", item.logic.default.as_ref())?;
        named.default = default.map(|program| (program, item.clone()));
    }
    let outline = Arc::new(outline);
    match Logic::new(Arc::clone(&outline), &rules.rules) {
        Ok(logic) => Ok(Conditions { outline, logic, names: Arc::new(names), repeats }),
        Err(faults) => Err(rules.fault(faults.first())),
    }
}

/// What of the logic fits which kind of item.
fn can_hold(path: &str, item: &Item) -> Result<(), ChecklistError> {
    let fault = |field: &str, problem: &str, remedy| ChecklistError::Invalid {
        path: format!("{path}.logic.{field}"),
        problem: problem.to_owned(),
        remedy,
    };
    let computable = matches!(item.kind, Kind::Text | Kind::Measured | Kind::Date | Kind::People);
    if item.logic.calculation.is_some() && !(computable && item.counts.is_empty()) {
        let problem = "an item of this kind is not computed";
        return Err(fault("calculation", problem, "make it a text, a measured value or a number"));
    }
    if item.logic.calculation.is_some() && item.required {
        let problem = "what is computed cannot be required of a person";
        return Err(fault("calculation", problem, "set required to false"));
    }
    if item.logic.required.is_some() && item.required {
        let problem = "it is required anyway";
        return Err(fault("required", problem, "remove the condition, or set required to false"));
    }
    if item.logic.default.is_some() && (!can_be_proposed(item) || item.logic.calculation.is_some())
    {
        let problem = "nothing can be proposed for it";
        let remedy = "remove it; a proposal is one value, of an item that is asked";
        return Err(fault("default", problem, remedy));
    }
    if item.logic.offers.is_some() && item.kind != Kind::Choice {
        let remedy = "remove it, or make the item a choice";
        return Err(fault("offers", "only choices are offered or not", remedy));
    }
    if item.logic.constraint.is_some() && item.kind == Kind::Tally {
        let problem = "a tally has no single value that could be constrained";
        return Err(fault("constraint", problem, "give a count a limit of its own"));
    }
    Ok(())
}

fn parent(
    outline: &mut Outline,
    repeats: &mut BTreeMap<Repeat, NameId>,
    repeat: Option<Repeat>,
) -> Result<NameId, OutlineError> {
    let Some(repeat) = repeat else { return Ok(Outline::TOP) };
    if let Some(known) = repeats.get(&repeat) {
        return Ok(*known);
    }
    let made = outline.declare(Outline::TOP, repeat.as_str(), Shape::Repeat)?;
    repeats.insert(repeat, made);
    Ok(made)
}

fn item_names(outline: &mut Outline, parent: NameId, item: &Item) -> Result<Named, OutlineError> {
    let name = outline.declare(parent, &item.code, Shape::Question)?;
    let mut counts = BTreeMap::new();
    for count in &item.counts {
        let called = format!("{}.{}", item.code, count.code);
        counts.insert(count.code.clone(), outline.declare(parent, &called, Shape::Question)?);
    }
    Ok(Named {
        name,
        counts,
        required: item.required,
        conditional: item.logic.relevant.is_some(),
        computed: item.logic.calculation.is_some(),
        number: matches!(item.kind, Kind::Measured | Kind::People),
        repeats: item.repeat.is_some(),
        offers: None,
        default: None,
    })
}

#[derive(Default)]
struct Rules {
    rules: Vec<Rule>,
    paths: Vec<String>,
}

impl Rules {
    fn add(&mut self, target: NameId, role: Role, text: &str, path: String) {
        self.rules.push(Rule { target, role, text: text.to_owned() });
        self.paths.push(path);
    }

    fn of_item(&mut self, named: &Named, item: &Item, path: &str) {
        let logic = &item.logic;
        let constraint = logic.constraint.as_ref().map(|it| &it.holds);
        for (role, field, text) in [
            (Role::Relevant, "relevant", logic.relevant.as_ref()),
            (Role::Required, "required", logic.required.as_ref()),
            (Role::Constraint, "constraint.holds", constraint),
            (Role::Calculation, "calculation", logic.calculation.as_ref()),
        ] {
            if let Some(text) = text {
                self.add(named.name, role, text, format!("{path}.{field}"));
            }
        }
        // Its counts are asked with it.
        if let Some(text) = &logic.relevant {
            for count in named.counts.values() {
                self.add(*count, Role::Relevant, text, format!("{path}.relevant"));
            }
        }
    }

    fn fault(&self, first: Option<&crate::expression::RuleFault>) -> ChecklistError {
        let path = first.and_then(|fault| self.paths.get(fault.rule)).cloned().unwrap_or_default();
        match first {
            Some(first) => fault(path, &first.error),
            None => ChecklistError::Invalid { path, problem: String::new(), remedy: REMEDY },
        }
    }
}

const REMEDY: &str = "correct the expression; docs/EXPRESSIONS.md lists what there is";

fn fault(path: String, error: &ExpressionError) -> ChecklistError {
    let said = &error.message;
    let problem =
        format!("character {} of the expression: {} ({})", error.column, said.en, said.zh);
    ChecklistError::Invalid { path, problem, remedy: REMEDY }
}

fn invalid(path: &str, error: &OutlineError) -> ChecklistError {
    ChecklistError::Invalid {
        path: path.to_owned(),
        problem: error.to_string(),
        remedy: "where anything depends on answers, each code and name is one that expressions can hold",
    }
}
