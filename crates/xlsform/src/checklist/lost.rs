//! What a form says and today's checklist format has no place for, cell by cell.

use std::collections::{BTreeMap, BTreeSet};

use crate::form::{Form, Question};
use crate::problem::{Both, Code, Place, Problem};
use crate::problems::Problems;

const NOT_YET: Both = ("检查表格式尚无此内容", "the checklist format has no place for it yet");
const KEEP: Both = ("保留原工作簿", "keep the workbook");

/// Names every filled cell of an item's row that the item does not hold.
pub(super) fn of_item(question: &Question, problems: &mut Problems) {
    let is_computed = question.calculation.is_some() && question.triggers.is_empty();
    let is_fixed = question.read_only.as_ref().is_some_and(|it| it != "false()");
    let idle_trigger = !question.triggers.is_empty() && question.calculation.is_none();
    let message = question.constraint.is_none() && !question.constraint_message.is_empty();
    let cells = [
        ("trigger", idle_trigger, ("没有计算式可触发", "there is no calculation to trigger")),
        ("readonly", is_fixed && !is_computed, NOT_YET),
        ("constraint_message", message, NOT_YET),
        (
            "image",
            !question.media.is_empty(),
            ("检查项没有图片和声音", "an item has no pictures and sounds"),
        ),
        ("parameters", !question.parameters.is_empty(), NOT_YET),
        (
            "appearance",
            has_appearance(question),
            ("检查表决定各项如何显示", "the checklist decides how items are shown"),
        ),
    ];
    for (column, is_filled, why) in cells {
        if is_filled {
            problems.push(Problem::not_held(Code::NoPlace, question.place.at(column), why, KEEP));
        }
    }
    for column in question.others.keys() {
        problems.push(Problem::not_held(Code::NoPlace, question.place.at(column), NOT_YET, KEEP));
    }
    for (column, text) in question.texts() {
        if !text.iter().any(|(_, text)| text.contains("${")) {
            continue;
        }
        let said = ("文字中的 ${…} 按原样显示", "${…} in a text is shown as it stands");
        let place = question.place.at(column);
        problems.push(Problem::not_held(
            Code::NoPlace,
            place,
            said,
            ("改写文字", "rewrite the text"),
        ));
    }
}

/// Names what the row of a value that no screen shows says beside.
pub(super) fn of_computed(question: &Question, problems: &mut Problems) {
    of_item(question, problems);
    let unseen: Both = ("此值不显示，也不由人填写", "nobody sees this value, or is asked for it");
    let calculated = question.calculation.is_some();
    let cells = [
        ("hint", !question.hint.is_empty(), unseen),
        ("guidance_hint", !question.guidance.is_empty(), unseen),
        ("required_message", !question.required_message.is_empty(), unseen),
        ("default", question.default.is_some() && calculated, unseen),
        ("spotcheck::score", question.additions.score.is_some(), unseen),
    ];
    for (column, _, why) in cells.into_iter().filter(|(_, is_filled, _)| *is_filled) {
        problems.push(Problem::not_held(Code::NoPlace, question.place.at(column), why, KEEP));
    }
}

/// Names what the row of a count says beside: it is asked with its item, and takes any whole number.
pub(super) fn of_count(row: &Question, problems: &mut Problems) {
    of_item(row, problems);
    let with: Both = ("计数随其检查项一起询问", "a count is asked with its item");
    let any: Both = ("计数不限制答案", "a count does not restrict its answer");
    let shown: Both = ("说明写在检查项一行", "the help text is the item's");
    let points: Both = ("分值写在检查项一行", "points are the item's");
    let cells = [
        ("hint", !row.hint.is_empty(), shown),
        ("guidance_hint", !row.guidance.is_empty(), shown),
        ("required_message", !row.required_message.is_empty(), shown),
        ("default", row.default.is_some(), any),
        ("trigger", !row.triggers.is_empty(), any),
        ("spotcheck::score", row.additions.score.is_some(), points),
        ("relevant", row.relevant.is_some(), with),
        ("constraint", row.constraint.is_some(), any),
        ("calculation", row.calculation.is_some(), any),
    ];
    for (column, _, why) in cells.into_iter().filter(|(_, is_filled, _)| *is_filled) {
        problems.push(Problem::not_held(Code::NoPlace, row.place.at(column), why, KEEP));
    }
}

/// `signature` has become the kind of the item.
fn has_appearance(question: &Question) -> bool {
    question.appearance.iter().any(|word| word != "signature")
}

/// Names what groups, repeats and their conditions say.
pub(super) fn of_group(question: &Question, problems: &mut Problems) {
    let texts: Both = ("检查表没有分组标题", "a checklist has no headings of groups");
    let cells = [
        ("label", !question.label.is_empty(), texts),
        ("hint", !question.hint.is_empty(), texts),
        ("appearance", !question.appearance.is_empty(), NOT_YET),
        (
            "repeat_count",
            question.repeat_count.is_some(),
            ("实例数由检查人员决定", "inspectors decide how many there are"),
        ),
        ("readonly", question.read_only.is_some(), NOT_YET),
        ("image", !question.media.is_empty(), texts),
    ];
    for (column, is_filled, why) in cells {
        if is_filled {
            problems.push(Problem::not_held(Code::NoPlace, question.place.at(column), why, KEEP));
        }
    }
    for column in question.others.keys() {
        problems.push(Problem::not_held(Code::NoPlace, question.place.at(column), NOT_YET, KEEP));
    }
}

/// Names what settings and choices say. `filtered`: by list, the columns that a filter took over.
pub(super) fn of_form(
    form: &Form,
    filtered: &BTreeMap<&str, BTreeSet<&str>>,
    problems: &mut Problems,
) {
    let settings = &form.settings;
    let others = settings.others.keys().map(String::as_str);
    let others = others.filter(|name| !OURS.contains(name));
    let named = [("instance_name", &settings.instance_name), ("style", &settings.style)];
    let named = named.into_iter().filter(|(_, value)| value.is_some()).map(|(name, _)| name);
    for column in named.chain(others) {
        let place = settings.place.at(column);
        problems.push(Problem::not_held(Code::NoPlace, place, NOT_YET, KEEP));
    }
    for (list, choices) in &form.lists {
        let filters = choices.iter().flat_map(|choice| choice.others.keys());
        let columns: BTreeSet<_> = filters.map(String::as_str).collect();
        let columns = columns.into_iter().filter(|column| {
            let read = filtered.get(list.as_str());
            !read.is_some_and(|read| read.contains(*column))
        });
        let media = choices.iter().any(|choice| !choice.media.is_empty()).then_some("image");
        for column in columns.chain(media) {
            let said = (
                &*format!("列表 {list}：没有筛选条件用到此列"),
                &*format!("list {list}: no filter reads this column"),
            );
            let place = Place::sheet("choices").at(column);
            problems.push(Problem::not_held(Code::NoPlace, place, said, KEEP));
        }
    }
}

/// Our own settings.
const OURS: &[&str] = &[
    "spotcheck::pack",
    "spotcheck::title_zh",
    "spotcheck::title_en",
    "spotcheck::status",
    "spotcheck::reviewed_by",
    "spotcheck::scoring",
];
