//! What an author should do, in both languages.

use crate::Bilingual;
use crate::pack::notice::{Notice, Weight};

/// A fixed text: Chinese, English.
pub(super) type Words = (&'static str, &'static str);

pub(super) const NAME_REVIEWER: Words = ("请写明审核人", "name who reviewed it");
pub(super) const ADD_LIMIT: Words = ("请至少加一条限值", "add at least one limit");
pub(super) const CORRECT_DATES: Words = ("请改正其中一个日期", "correct one of the two dates");
pub(super) const GIVE_VALUE: Words = ("请给出数值和单位", "give a value and its unit");
pub(super) const ONE_PER_UNIT: Words = ("每个单位只留一个数值", "keep one value per unit");
pub(super) const GIVE_BOTH_ENDS: Words =
    ("请给出合格范围的两端", "give both ends of the passing range");
pub(super) const GIVE_ONE_VALUE: Words =
    ("请给一个数值，或改用 `between`", "give one value, or use the operator `between`");
pub(super) const SWAP_ENDS: Words = ("请对调两端", "swap the two ends");
pub(super) const ONE_SIDED: Words = ("请用 >、>=、<、<= 或 ==", "use >, >=, <, <= or ==");
pub(super) const USE_UNIT: Words = ("请用该限值已有的单位", "use a unit of the limit's values");
pub(super) const RAISE_OR_DROP: Words =
    ("请提高等级，或删去这条升级", "raise it, or drop the escalation");
pub(super) const EVERY_UNIT: Words =
    ("请为每个单位都写明升级条件", "give the escalation in every unit");
pub(super) const FILL_IN: Words = ("请填写", "fill it in");
pub(super) const END_EARLIER: Words = (
    "请让前一条在本条生效前一天结束，或改用另一个键",
    "end the earlier one the day before this one starts, or rename one",
);

/// One text in both languages.
pub(in crate::pack) fn both(zh: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual { zh: zh.into(), en: en.into() }
}

/// A fault that makes the pack unusable.
pub(super) fn fault(path: &str, problem: Bilingual, (zh, en): Words) -> Notice {
    let weight = Weight::Error;
    Notice { weight, path: path.to_owned(), line: None, problem, remedy: both(zh, en) }
}
