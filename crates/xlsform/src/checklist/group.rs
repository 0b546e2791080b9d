//! Items that are groups: a tally's counts, a timed count, a measured value with counts beside it.

use spotcheck_checklists::{Count, Kind as ItemKind};

use super::Converter;
use super::codes::Codes;
use crate::form::{Form, Kind, Question};
use crate::problem::{Code, Problem};

/// What each question directly holds, by number.
pub(super) fn children(form: &Form) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); form.questions.len()];
    for (index, question) in form.questions.iter().enumerate() {
        if let Some(of) = question.parent.and_then(|parent| children.get_mut(parent)) {
            of.push(index);
        }
    }
    children
}

/// Whether the group is one item.
pub(super) fn is_item(question: &Question) -> bool {
    question.kind == Kind::Group && question.additions.kind.is_some()
}

/// Fields that an answer of the kind has beside its counts: `ENT-07.seconds`.
pub(super) fn fields(kind: ItemKind) -> &'static [&'static str] {
    match kind {
        ItemKind::TimedCount => &["count", "seconds", "lanes"],
        ItemKind::Measured => &["value"],
        _ => &[],
    }
}

impl Converter<'_> {
    /// The counts of an item that is a group. Its other rows must be the fields of its kind.
    pub(super) fn counts(
        &mut self,
        index: usize,
        group: &Question,
        (code, kind): (&str, ItemKind),
    ) -> Vec<Count> {
        let mut counts = Vec::new();
        let mut codes = Codes::default();
        for child in self.children.get(index).cloned().unwrap_or_default() {
            let Some(row) = self.get(child) else { continue };
            let prefix = format!("{}.", group.name);
            if row.name.strip_prefix(&prefix).is_some_and(|name| fields(kind).contains(&name)) {
                super::lost::of_count(row, self.problems);
                continue;
            }
            if row.kind != Kind::Integer {
                let said = ("此处只能是整数的计数", "only counts, of type integer, can stand here");
                let remedy =
                    ("改为 integer，或移出此组", "make it integer, or move it out of the group");
                let place = row.place.at("type");
                self.problems.push(Problem::error(Code::BadValue, place, said, remedy));
                continue;
            }
            let own = row.name.strip_prefix(&format!("{}_", group.name)).unwrap_or(&row.name);
            counts.push(Count {
                code: codes.entry(own),
                text: self.texts.both(&row.label, own),
                role: row.additions.role,
                unit: row.additions.unit.clone(),
                limit: row.additions.limit.clone(),
            });
            let counted = counts.last().map(|count| count.code.clone()).unwrap_or_default();
            self.meanings.name(&row.name, format!("{code}.{counted}"));
            super::lost::of_count(row, self.problems);
        }
        counts
    }
}
