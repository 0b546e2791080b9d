//! The timeline: what was asked for, where, for whom, from when to when.

use serde::Deserialize;

use crate::Bilingual;
use crate::calc::CalcError;
use crate::calc::data::Head;
use crate::calc::input::Stamp;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Timeline {
    pub(super) head: Head,
    states: Vec<State>,
    pub(super) states_source: String,
    states_from: Stamp,
    states_to: Stamp,
    places: Vec<String>,
    periods: Vec<Period>,
    documents: Vec<DocumentRule>,
}

/// What a code of one colour leads to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    state: String,
    outcome: String,
}

/// One rule and how long it was in force: from `from` on, and no longer at `to`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Period {
    place: String,
    pub(super) id: String,
    scope: String,
    from: Stamp,
    to: Stamp,
    /// Whom it binds: only what is named here must agree.
    when: Facts,
    /// How old a test may be; null: no test is asked for.
    pub(super) valid_hours: Option<u32>,
    pub(super) anchor: Anchor,
    /// Proof of sampling on the same day does as well.
    pub(super) same_day_proof: bool,
    pub(super) code_checked: bool,
    pub(super) source: String,
}

/// What the rule may ask about a person, and nothing more.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Facts {
    /// `same_province` or `other_province`.
    destination: Option<Destination>,
    /// Has been in a place of concern (Guangzhou or Foshan in June 2021).
    linked: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Destination {
    SameProvince,
    OtherProvince,
}

/// From when the age of a test counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Anchor {
    SampledAt,
    ReportedAt,
}

impl Anchor {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SampledAt => "sampled_at",
            Self::ReportedAt => "reported_at",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DocumentRule {
    #[serde(rename = "type")]
    kind: String,
    #[allow(dead_code, reason = "for the hosts that list the documents")]
    title: Bilingual,
    pub(super) valid_years: u32,
    pub(super) source: String,
}

impl Timeline {
    /// A misspelt place must not look like a place without rules.
    pub(super) fn check_words(&self, place: &str, scope: &str) -> Result<(), CalcError> {
        if !self.places.iter().any(|known| known == place) {
            let known: Vec<_> = self.places.iter().map(String::as_str).collect();
            return Err(CalcError::unknown_word("place", place, &known));
        }
        let mut known: Vec<_> = self.periods.iter().map(|period| period.scope.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        if !known.contains(&scope) {
            return Err(CalcError::unknown_word("scope", scope, &known));
        }
        Ok(())
    }

    /// Of the rules that bind at that moment, the one with the youngest test.
    pub(super) fn strictest(
        &self,
        place: &str,
        scope: &str,
        facts: &Facts,
        at: Stamp,
    ) -> Option<&Period> {
        self.periods
            .iter()
            .filter(|period| period.place == place && period.scope == scope)
            .filter(|period| period.from.ms <= at.ms && at.ms < period.to.ms)
            .filter(|period| period.binds(facts))
            .min_by_key(|period| period.valid_hours.unwrap_or(u32::MAX))
    }

    /// What the colour leads to; `None` without a code, or at a moment without codes.
    pub(super) fn outcome_of_code(
        &self,
        code: Option<&str>,
        at: Stamp,
    ) -> Result<Option<&str>, CalcError> {
        let Some(code) = code else { return Ok(None) };
        let Some(state) = self.states.iter().find(|state| state.state == code) else {
            let known: Vec<_> = self.states.iter().map(|state| state.state.as_str()).collect();
            return Err(CalcError::unknown_word("code", code, &known));
        };
        let in_use = self.states_from.ms <= at.ms && at.ms < self.states_to.ms;
        Ok(in_use.then_some(state.outcome.as_str()))
    }

    pub(super) fn find_document(&self, kind: &str) -> Result<&DocumentRule, CalcError> {
        let found = self.documents.iter().find(|document| document.kind == kind);
        found.ok_or_else(|| {
            let known: Vec<_> = self.documents.iter().map(|rule| rule.kind.as_str()).collect();
            CalcError::unknown_word("document.type", kind, &known)
        })
    }
}

impl Period {
    fn binds(&self, facts: &Facts) -> bool {
        let Facts { destination, linked } = &self.when;
        (destination.is_none() || destination == &facts.destination)
            && (linked.is_none() || linked == &facts.linked)
    }
}
