//! What of a checklist depends on its answers: which items are asked, which must be answered, which
//! answers fit, and what is computed.
//!
//! Expressions name items by their code, `${CAN-01}`, and further values by their name. They are those of
//! [`crate::expression`]; `docs/FORMS.md` says what an answer of each kind reads as.

mod declare;
mod offers;
mod proposal;
mod reading;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use spotcheck_rules::Bilingual;
use ts_rs::TS;

pub use crate::expression::Moment;
use crate::expression::{Filled, Host, Limits, Logic, NameId, NodeId, Outline, Program, Role};
use crate::{Checklist, ChecklistError, Item, Repeat};
use offers::Offers;
pub(crate) use offers::is_column;
pub use proposal::can_be_proposed;
use reading::reading_of;

/// What an item asks of the other answers. All of it absent: it is always asked, and takes any
/// answer of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ItemLogic {
    /// The item is asked where this holds. What is not asked need not be answered, and reads as
    /// unanswered elsewhere; what was answered is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relevant: Option<String>,
    /// It must be answered where this holds, also where `required` does not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// What an answer must fulfil; `.` is the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint: Option<Constraint>,
    /// The item is not asked: this is its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calculation: Option<String>,
    /// Which of its choices are offered: holds for each that is. `name` is the choice's code, other
    /// names are its columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offers: Option<String>,
    /// What is proposed where it has no answer. It is none until a person takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

impl ItemLogic {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What an answer must fulfil, and what is said where it does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// Holds where the answer fits.
    pub holds: String,
    /// What people read where it does not.
    pub text: Bilingual,
}

/// A value that nobody is asked for and no screen shows: expressions read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Computed {
    /// What expressions call it; no code of an item.
    pub name: String,
    /// What it is.
    pub value: String,
    /// Once for each place of this repeat; absent: once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
}

/// How an item stands at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its condition holds, or it has none.
    pub asked: bool,
    /// It must be answered here and now.
    pub required: bool,
    /// The answer it has is one that is allowed; an item without an answer fits.
    pub fits: bool,
    /// Its value, where it is computed; empty where nothing came of it.
    pub computed: Option<String>,
    /// Codes of the choices that are offered; none: all of them, or the item has no choices.
    pub offered: Option<BTreeSet<String>>,
    /// The choice it has is one of those that are offered.
    pub is_offered: bool,
    /// What is proposed as its answer, in the shape of [`crate::check_answer`], while it has none.
    pub proposed: Option<serde_json::Value>,
}

impl Standing {
    /// That of an item on which nothing bears.
    #[must_use]
    pub fn plain(required: bool) -> Self {
        Self {
            asked: true,
            required,
            fits: true,
            computed: None,
            offered: None,
            is_offered: true,
            proposed: None,
        }
    }
}

/// The conditions of a checklist, compiled once.
#[derive(Debug, Clone)]
pub struct Conditions {
    outline: Arc<Outline>,
    logic: Logic,
    names: Arc<BTreeMap<String, Named>>,
    repeats: BTreeMap<Repeat, NameId>,
}

/// What stands for an item in expressions.
#[derive(Debug, Clone)]
struct Named {
    /// Its value.
    name: NameId,
    /// Its counts by code: `ENT-07.checked`.
    counts: BTreeMap<String, NameId>,
    required: bool,
    /// It is asked only where a condition holds.
    conditional: bool,
    computed: bool,
    /// Its value is a number that is read and judged.
    number: bool,
    repeats: bool,
    offers: Option<Offers>,
    /// What is proposed, and the item whose answer it would be.
    default: Option<(Program, Item)>,
}

impl Named {
    /// A computed value as it is shown and judged. Expressions reckon in binary floats, of which no
    /// reading may depend: twelve digits of the result are meant, and 8.3 - 0.2 is 8.1.
    fn shown(&self, text: &str) -> String {
        match text.parse::<f64>() {
            Ok(number) if self.number && number.is_finite() => {
                let rounded = format!("{number:.11e}").parse::<f64>();
                rounded.map_or_else(|_| text.to_owned(), |rounded| rounded.to_string())
            }
            _ => text.to_owned(),
        }
    }
}

/// A recorded answer: item, place of its repeat, and what was said, in the shape of
/// [`crate::check_answer`].
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The item's code.
    pub item: &'a str,
    /// The place, for an item that repeats.
    pub place: Option<&'a str>,
    /// What was said.
    pub answer: &'a serde_json::Value,
}

impl Conditions {
    /// Compiles what a checklist says of its items; `None` where nothing depends on anything.
    ///
    /// # Errors
    /// [`ChecklistError::Invalid`] for the first expression that is wrong, or that needs itself.
    pub fn of(list: &Checklist) -> Result<Option<Self>, ChecklistError> {
        let depends = list.items.iter().any(|item| !item.logic.is_empty());
        if !depends && list.computed.is_empty() {
            return Ok(None);
        }
        declare::conditions(list).map(Some)
    }

    /// How all items stand by what was said. `places`: those that are known, by repeat; those that
    /// only an answer names are added. The same moment and seed give the same standing.
    #[must_use]
    pub fn stand<'a>(
        &self,
        list: &Checklist,
        said: &[Said<'a>],
        places: &[(Repeat, &'a str)],
        (moment, seed): (Moment, [u8; 32]),
    ) -> Standings {
        let mut filled = Filled::new(Arc::clone(&self.outline), Host::new(moment, seed));
        filled.allow(Limits::STANDING);
        let items: BTreeMap<&str, &Item> =
            list.items.iter().map(|item| (item.code.as_str(), item)).collect();
        let repeat_of = |said: &Said<'a>| Some((items.get(said.item)?.repeat?, said.place?));
        // In the order in which they were added: it is that of the screen, and of `position(..)`.
        let all = places.iter().copied().chain(said.iter().filter_map(repeat_of));
        let mut known = BTreeMap::new();
        for (repeat, place) in all {
            let at = (repeat, place.to_owned());
            if known.len() >= Limits::PLACES || known.contains_key(&at) {
                continue;
            }
            let name = self.repeats.get(&repeat);
            if let Some(instance) = name.and_then(|name| filled.add_to_top(*name)) {
                known.insert(at, instance);
            }
        }
        let mut texts = vec![];
        for one in said {
            let Some(item) = items.get(one.item) else { continue };
            let Some(named) = self.names.get(one.item) else { continue };
            // What is computed is not what somebody once said.
            if named.computed {
                continue;
            }
            let at = item.repeat.zip(one.place.map(str::to_owned));
            let within = at.and_then(|at| known.get(&at)).copied();
            if item.repeat.is_some() && within.is_none() {
                continue;
            }
            let reading = reading_of(item, one.answer);
            texts.extend(filled.one(named.name, within).map(|node| (node, reading.value)));
            for (code, count) in reading.counts {
                let name = named.counts.get(&code);
                let node = name.and_then(|name| filled.one(*name, within));
                texts.extend(node.map(|node| (node, count)));
            }
        }
        let mut lists = BTreeMap::new();
        for (code, named) in self.names.iter() {
            if let Some(offers) = &named.offers {
                lists.insert(code.clone(), offers.lay_out(code, &mut filled));
            }
        }
        self.logic.open(&mut filled, texts);
        Standings { names: Arc::clone(&self.names), filled, known, lists }
    }
}

/// How the items of a check stand.
#[derive(Debug)]
pub struct Standings {
    names: Arc<BTreeMap<String, Named>>,
    filled: Filled,
    known: BTreeMap<(Repeat, String), NodeId>,
    /// The rows of each list of choices that is filtered, by its item.
    lists: BTreeMap<String, Vec<NodeId>>,
}

impl Standings {
    /// The places of a repeat, those that only answers name included.
    pub fn places(&self, repeat: Repeat) -> impl Iterator<Item = &str> {
        let of = self.known.keys().filter(move |(it, _)| *it == repeat);
        of.map(|(_, place)| place.as_str())
    }

    /// Whether an item must be answered here and now; the same as [`Standing::required`], for who asks for
    /// nothing else.
    #[must_use]
    pub fn required(&self, item: &str, place: Option<(Repeat, &str)>) -> bool {
        let Some(named) = self.names.get(item) else { return false };
        let Some(node) = self.node(named, place) else {
            return named.required && !named.conditional && !named.computed;
        };
        self.is_required(named, node)
    }

    fn node(&self, named: &Named, place: Option<(Repeat, &str)>) -> Option<NodeId> {
        let at = place.map(|(repeat, place)| (repeat, place.to_owned()));
        let within = at.and_then(|at| self.known.get(&at)).copied();
        match named.repeats && within.is_none() {
            true => None,
            false => self.filled.one(named.name, within),
        }
    }

    fn is_required(&self, named: &Named, node: NodeId) -> bool {
        let must = named.required || self.filled.state(node, Role::Required) == Some(true);
        must && !named.computed && self.filled.is_relevant(node)
    }

    /// How an item stands, at a place of its repeat.
    #[must_use]
    pub fn of(&self, item: &str, place: Option<(Repeat, &str)>) -> Standing {
        let Some(named) = self.names.get(item) else { return Standing::plain(false) };
        // Of a repeat that nobody added a place to, it is not known yet what its condition comes to.
        let Some(node) = self.node(named, place) else {
            return Standing::plain(named.required && !named.conditional && !named.computed);
        };
        let holds = |role| self.filled.state(node, role);
        let asked = self.filled.is_relevant(node);
        let answer = self.filled.answer(node);
        let offered = named.offers.as_ref().zip(self.lists.get(item));
        let offered = offered.map(|(offers, rows)| offers.at(&self.filled, node, rows));
        let is_chosen = |codes: &BTreeSet<String>| answer.is_empty() || codes.contains(answer);
        Standing {
            asked,
            required: self.is_required(named, node),
            // What is not asked reads as unanswered to its own constraint, too.
            fits: !asked || holds(Role::Constraint) != Some(false),
            computed: named.computed.then(|| named.shown(answer)),
            is_offered: !asked || offered.as_ref().is_none_or(is_chosen),
            proposed: (asked && answer.is_empty())
                .then(|| named.proposal(&self.filled, node, offered.as_ref()))
                .flatten(),
            offered,
        }
    }
}
