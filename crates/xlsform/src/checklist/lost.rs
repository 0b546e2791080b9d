//! What a form says and today's checklist format has no place for, cell by cell.

use crate::form::{Form, Question};
use crate::problem::{Both, Code, Place, Problem};
use crate::problems::Problems;

const NOT_YET: Both = ("检查表格式尚无此内容", "the checklist format has no place for it yet");
const KEEP: Both = ("保留原工作簿", "keep the workbook");

/// Names every filled cell of an item's row that the item does not hold.
pub(super) fn of_item(question: &Question, problems: &mut Problems) {
    let shown: Both = ("检查项没有说明文字", "an item has no help text");
    let always: Both = ("检查项总是要问", "an item is always asked");
    let any: Both = ("检查项不限制答案", "an item does not restrict its answer");
    let computed: Both = ("检查项不作计算", "an item computes nothing");
    let cells = [
        ("relevant", question.relevant.is_some() && !question.is_made, always),
        ("constraint", question.constraint.is_some(), any),
        ("calculation", question.calculation.is_some(), computed),
        ("trigger", !question.triggers.is_empty(), computed),
        ("readonly", question.read_only.as_ref().is_some_and(|it| it != "false()"), NOT_YET),
        (
            "default",
            question.default.is_some(),
            ("答案须由人填写，没有默认值", "answers are entered by people; there is no default"),
        ),
        (
            "choice_filter",
            question.choice_filter.is_some(),
            ("选项总是全部列出", "all choices are always offered"),
        ),
        ("hint", !question.hint.is_empty(), shown),
        ("guidance_hint", !question.guidance.is_empty(), shown),
        ("constraint_message", !question.constraint_message.is_empty(), any),
        ("required_message", !question.required_message.is_empty(), NOT_YET),
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
        ("spotcheck::score", question.additions.score.is_some(), NOT_YET),
    ];
    for (column, is_filled, why) in cells {
        if is_filled {
            problems.push(Problem::not_held(Code::NoPlace, question.place.at(column), why, KEEP));
        }
    }
    for column in question.others.keys() {
        problems.push(Problem::not_held(Code::NoPlace, question.place.at(column), NOT_YET, KEEP));
    }
    let refers = question.label.iter().any(|(_, text)| text.contains("${"));
    if refers {
        let said = ("文字中的 ${…} 按原样显示", "${…} in a text is shown as it stands");
        let place = question.place.at("label");
        problems.push(Problem::not_held(
            Code::NoPlace,
            place,
            said,
            ("改写文字", "rewrite the text"),
        ));
    }
}

/// `signature` has become the kind of the item.
fn has_appearance(question: &Question) -> bool {
    question.appearance.iter().any(|word| word != "signature")
}

/// Names what groups, repeats and their conditions say.
pub(super) fn of_group(question: &Question, problems: &mut Problems) {
    let texts: Both = ("检查表没有分组标题", "a checklist has no headings of groups");
    let always: Both = ("检查项总是要问", "an item is always asked");
    let cells = [
        ("label", !question.label.is_empty(), texts),
        ("hint", !question.hint.is_empty(), texts),
        ("relevant", question.relevant.is_some(), always),
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

/// Names what settings and choices say.
pub(super) fn of_form(form: &Form, problems: &mut Problems) {
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
        let columns: std::collections::BTreeSet<_> = filters.map(String::as_str).collect();
        let media = choices.iter().any(|choice| !choice.media.is_empty()).then_some("image");
        for column in columns.into_iter().chain(media) {
            let said = (
                &*format!("列表 {list}：选项只有代码和文字"),
                &*format!("list {list}: a choice has a code and a text alone"),
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
];
