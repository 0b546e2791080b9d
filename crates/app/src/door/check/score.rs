//! Points of a check, where its checklist counts any.

use spotcheck_checklists::{Score, worst_rank};
use spotcheck_rules::{Judgement, Verdict};

use super::{AnswerView, SectionView};
use crate::inspection::Rules;

pub(super) fn score_of(rules: &Rules<'_>, sections: &[SectionView]) -> Option<Score> {
    let scoring = rules.checklist.scoring?;
    let items = sections.iter().flat_map(|section| &section.items);
    let judged = items.flat_map(|view| {
        let asked = view.answers.iter().filter(|answer| answer.asked);
        asked.map(|answer| (&view.item, verdict_of(answer)))
    });
    Some(scoring.score(judged))
}

/// The worst of what was said; what is computed counts like an answer.
fn verdict_of(answer: &AnswerView) -> Option<Verdict> {
    let said = answer.values.iter().map(|it| it.judgement.as_ref());
    let computed = answer.computed.iter().map(|it| it.judgement.as_ref());
    let mut worst: Option<&Judgement> = None;
    for one in said.chain(computed) {
        if worst_rank(one) > worst_rank(worst) {
            worst = one;
        }
    }
    worst.map(|judgement| judgement.verdict)
}
