//! Which kind of item a question is.

use spotcheck_checklists::Kind as ItemKind;

use crate::form::{Kind, Question, Source};
use crate::problem::{Code, Problem, Stop};

/// The kind, or what keeps the question from being an item.
pub(super) fn of(question: &Question) -> Result<ItemKind, Stop> {
    match question.additions.kind {
        Some(kind) if fits(kind, &question.kind) => Ok(kind),
        Some(kind) => Err(Box::new(does_not_fit(kind, question))),
        None => by_type(question),
    }
}

/// Which types a kind can be answered by.
fn fits(kind: ItemKind, typed: &Kind) -> bool {
    let chooses = |source: Option<&Source>| matches!(source, Some(Source::List(_)));
    match kind {
        ItemKind::PassFail | ItemKind::Choice => {
            matches!(typed, Kind::SelectOne(_)) && chooses(typed.source())
        }
        ItemKind::Steps | ItemKind::DocumentSet => {
            matches!(typed, Kind::SelectMultiple(_)) && chooses(typed.source())
        }
        ItemKind::Measured => {
            matches!(typed, Kind::Decimal | Kind::Integer | Kind::Range | Kind::Group)
        }
        ItemKind::Tally | ItemKind::TimedCount => *typed == Kind::Group,
        ItemKind::Text => matches!(typed, Kind::Text | Kind::Barcode | Kind::Time | Kind::DateTime),
        ItemKind::Date => *typed == Kind::Date,
        ItemKind::Photo | ItemKind::Signature => *typed == Kind::Image,
        ItemKind::ReadingLog => *typed == Kind::File,
        ItemKind::People => *typed == Kind::Integer,
    }
}

fn does_not_fit(kind: ItemKind, question: &Question) -> Problem {
    let kind = super::columns::word(&kind);
    let said =
        (&*format!("此题型不能作 {kind}"), &*format!("a question of this type cannot be {kind}"));
    let remedy = (
        "按文档的对照表修改 type 或 spotcheck::kind",
        "change type or spotcheck::kind; the documentation has a table",
    );
    Problem::error(Code::BadValue, question.place.at("spotcheck::kind"), said, remedy)
}

fn by_type(question: &Question) -> Result<ItemKind, Stop> {
    let (zh, en) = match &question.kind {
        Kind::Text | Kind::Barcode | Kind::Time | Kind::DateTime => return Ok(ItemKind::Text),
        Kind::Integer | Kind::Decimal | Kind::Range => return Ok(ItemKind::Measured),
        Kind::Date => return Ok(ItemKind::Date),
        Kind::SelectOne(Source::List(_)) => return Ok(ItemKind::Choice),
        Kind::Image if question.appearance.iter().any(|word| word == "signature") => {
            return Ok(ItemKind::Signature);
        }
        Kind::Image => return Ok(ItemKind::Photo),
        Kind::SelectMultiple(Source::List(_)) => (
            "多选题：检查表会把未选的当作缺失；如确为步骤或资料清单，请写 spotcheck::kind",
            "several choices: a checklist takes what is not chosen for missing; if they are steps or documents, say so in spotcheck::kind",
        ),
        Kind::SelectOne(_) | Kind::SelectMultiple(_) | Kind::Rank(_) => (
            "排序和从先前答案中选取：检查表没有这类答案；请改为单选",
            "ranking, and choosing among answers: a checklist has no such answer; ask for one choice",
        ),
        Kind::Note => (
            "说明文字：检查表没有只读的文字；请并入检查项",
            "a note: a checklist has no text to read only; put it into an item",
        ),
        Kind::Calculate | Kind::Hidden => (
            "隐藏值：没有计算式，也没有固定的默认值；保留原工作簿",
            "a hidden value: it has neither a calculation nor a fixed default; keep the workbook",
        ),
        Kind::Acknowledge => (
            "确认：检查表没有这类答案；请改为单选",
            "an acknowledgement: a checklist has no such answer; ask for one choice",
        ),
        Kind::Audio | Kind::Video => (
            "录音录像：检查表只收照片；请改为 image",
            "sound and video: a checklist takes photos only; use image",
        ),
        Kind::File => (
            "文件：检查表只收温度记录仪文件；若是，请在 spotcheck::kind 写 reading_log",
            "a file: a checklist takes a logger's file only; if it is one, write reading_log in spotcheck::kind",
        ),
        Kind::Geopoint | Kind::Geotrace | Kind::Geoshape => (
            "位置：检查本身记录位置，检查项不记；可删去此题",
            "a place: the inspection records where it is, its items do not; the question can go",
        ),
        Kind::CsvExternal | Kind::XmlExternal => (
            "附表：检查表没有附表；保留原工作簿",
            "an attached table: a checklist has none; keep the workbook",
        ),
        Kind::Group | Kind::Repeat => (
            "分组：检查表不分组，题目照原顺序排列；无需处理",
            "a group: a checklist has none, the questions follow in their order; nothing is to be done",
        ),
        _ => (
            "设备信息：检查自动记录时间、人员和设备；可删去此题",
            "of the device: an inspection records time, person and device by itself; the question can go",
        ),
    };
    let (said_zh, remedy_zh) = zh.split_once('；').unwrap_or((zh, ""));
    let (said_en, remedy_en) = en.split_once("; ").unwrap_or((en, ""));
    let place = question.place.at("type");
    Err(Box::new(Problem::not_held(
        Code::NoPlace,
        place,
        (said_zh, said_en),
        (remedy_zh, remedy_en),
    )))
}
