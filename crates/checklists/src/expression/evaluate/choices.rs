//! Answers of choice questions: names separated by blanks.

use super::args::Args;
use crate::expression::error::Faulty;
use crate::expression::number::is_blank;
use crate::expression::{Function, Value};

impl Args<'_> {
    pub(super) fn of_choices(&self) -> Faulty<Value> {
        match self.function {
            Function::Selected => {
                let (list, wanted) = (self.text(0), self.text(1));
                let wanted = wanted.trim_matches(is_blank);
                // Nothing is selected in an empty answer, and "nothing" may be asked for.
                let is_empty = chosen(&list).next().is_none();
                let found = chosen(&list).any(|choice| choice == wanted);
                Ok(Value::Bool(found || (is_empty && wanted.is_empty())))
            }
            Function::SelectedAt => {
                let (list, index) = (self.text(0), self.number(1).trunc());
                // A negative or missing place holds nothing; places are far below 2^53.
                let at = (index >= 0.0).then_some(index as usize);
                let found = at.and_then(|at| chosen(&list).nth(at));
                self.give(found.unwrap_or_default().to_owned())
            }
            Function::CountSelected => Ok(Value::Number(chosen(&self.text(0)).count() as f64)),
            Function::ChoiceName => {
                let choice = self.text(0);
                let label = self
                    .nodes(1)
                    .first()
                    .and_then(|question| self.run.context.choice_label(*question, &choice));
                self.give(label.unwrap_or_default())
            }
            Function::Checklist => {
                let answers = self.values.iter().skip(2);
                let yes = answers.flat_map(|value| self.run.truths(value)).filter(|yes| *yes);
                Ok(Value::Bool(self.within(yes.count() as f64)))
            }
            _ => Ok(Value::Bool(self.within(self.weight()))),
        }
    }

    /// The sum of the weights whose answer is yes.
    fn weight(&self) -> f64 {
        let pairs = self.values.get(2..).unwrap_or_default().chunks_exact(2);
        let weights = pairs.flat_map(|pair| match pair {
            [answer, weight] => {
                let (truths, weights) = (self.run.truths(answer), self.run.numbers(weight));
                truths.into_iter().zip(weights).collect()
            }
            _ => Vec::new(),
        });
        weights.filter(|(yes, _)| *yes).map(|(_, weight)| weight).sum()
    }

    /// Between the first two arguments, where -1 asks for nothing.
    fn within(&self, amount: f64) -> bool {
        let (least, most) = (self.number(0), self.number(1));
        (least == -1.0 || amount >= least) && (most == -1.0 || amount <= most)
    }
}

fn chosen(list: &str) -> impl Iterator<Item = &str> {
    list.split(is_blank).filter(|choice| !choice.is_empty())
}
