//! A figure: what was measured, what the bare machine does, what was promised.

use serde_json::json;

/// What was promised of a value or of its ratio to the limit.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Budget {
    pub(crate) at_most: Option<f64>,
    pub(crate) at_least: Option<f64>,
    pub(crate) ratio_at_most: Option<f64>,
}

impl Budget {
    pub(crate) fn at_most(most: f64) -> Self {
        Self { at_most: Some(most), ..Self::default() }
    }

    pub(crate) fn at_least(least: f64) -> Self {
        Self { at_least: Some(least), ..Self::default() }
    }

    pub(crate) fn ratio(most: f64) -> Self {
        Self { ratio_at_most: Some(most), ..Self::default() }
    }

    pub(crate) fn and_ratio(self, most: f64) -> Self {
        Self { ratio_at_most: Some(most), ..self }
    }

    fn text(&self) -> Option<String> {
        let parts = [
            self.at_most.map(|most| format!("<= {}", short(most))),
            self.at_least.map(|least| format!(">= {}", short(least))),
            self.ratio_at_most.map(|most| format!("<= {} x", short(most))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// One line of the result.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// What the bare machine does in the same run, in the same unit.
    pub(crate) limit: Option<f64>,
    pub(crate) budget: Budget,
    /// What it was measured over.
    pub(crate) note: String,
}

impl Figure {
    pub(crate) fn new(name: &'static str, value: f64, unit: &'static str) -> Self {
        let (budget, note) = (Budget::default(), String::new());
        Self { name, value, unit, limit: None, budget, note }
    }

    pub(crate) fn beside(mut self, limit: f64) -> Self {
        self.limit = Some(limit);
        self
    }

    pub(crate) fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// How many times the limit; for rates, how many times slower.
    fn ratio(&self) -> Option<f64> {
        let limit = self.limit.filter(|limit| *limit > 0.0 && self.value > 0.0)?;
        Some(if self.unit.ends_with("/s") { limit / self.value } else { self.value / limit })
    }

    /// Whether all that was promised holds; `None` where nothing was.
    pub(crate) fn met(&self) -> Option<bool> {
        let Budget { at_most, at_least, ratio_at_most } = self.budget;
        let checks = [
            at_most.map(|most| self.value <= most),
            at_least.map(|least| self.value >= least),
            ratio_at_most.map(|most| self.ratio().is_some_and(|ratio| ratio <= most)),
        ];
        checks.into_iter().flatten().reduce(|all, one| all && one)
    }

    /// One JSON object. A smoke run has no verdict.
    pub(crate) fn to_json(&self, verdict: bool) -> String {
        json!({
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "limit": self.limit.map(rounded),
            "ratio": self.ratio().map(rounded),
            "budget": self.budget.text(),
            "met": self.met().filter(|_| verdict),
            "note": self.note,
        })
        .to_string()
    }

    /// One line of the table.
    pub(crate) fn to_row(&self, verdict: bool) -> String {
        let met = match self.met().filter(|_| verdict) {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        let value = format!("{} {}", short(self.value), self.unit);
        let limit = self.limit.map(short).unwrap_or_default();
        let ratio = self.ratio().map(|ratio| format!("{} x", short(ratio))).unwrap_or_default();
        let budget = self.budget.text().unwrap_or_default();
        let name = self.name;
        let note = &self.note;
        format!("{name:<22} {value:>18} {limit:>10} {ratio:>8}  {budget:<18} {met:<7} {note}")
            .trim_end()
            .to_owned()
    }
}

/// The head of the table.
pub(crate) const HEAD: &str =
    "figure                              value      limit    ratio  budget             met";

fn rounded(value: f64) -> f64 {
    let scale = 10_f64.powi(4 - value.abs().max(1e-9).log10().ceil() as i32);
    if scale.is_finite() && scale > 0.0 { (value * scale).round() / scale } else { value }
}

fn short(value: f64) -> String {
    let value = rounded(value);
    match value.abs() {
        big if big >= 1000.0 => format!("{value:.0}"),
        some if some >= 100.0 || some.fract() == 0.0 => format!("{value:.0}"),
        some if some >= 10.0 => format!("{value:.1}"),
        some if some >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_compared_the_other_way_round() {
        let time = Figure::new("t", 3.0, "s").beside(2.0).budget(Budget::ratio(2.0));
        assert_eq!((time.ratio(), time.met()), (Some(1.5), Some(true)));
        let rate = Figure::new("r", 100.0, "records/s").beside(400.0).budget(Budget::ratio(2.0));
        assert_eq!((rate.ratio(), rate.met()), (Some(4.0), Some(false)));
    }

    #[test]
    fn every_part_of_a_budget_must_hold_and_a_smoke_run_judges_nothing() {
        let budget = Budget::at_most(0.5).and_ratio(2.0);
        let figure = |value| Figure::new("f", value, "s").beside(0.1).budget(budget);
        assert_eq!(figure(0.2).met(), Some(true));
        assert_eq!(figure(0.3).met(), Some(false));
        assert_eq!(Figure::new("f", 1.0, "s").met(), None);
        // Nothing to compare with is not a promise kept.
        assert_eq!(Figure::new("f", 0.2, "s").budget(budget).met(), Some(false));
        assert!(figure(0.3).to_json(false).contains("\"met\":null"));
        assert!(figure(0.3).to_json(true).contains("\"met\":false"));
    }
}
