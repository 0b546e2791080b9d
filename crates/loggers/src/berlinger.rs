//! Berlinger's text files: keyed lines in sections told apart by indentation, then readings.
//!
//! Written from the structure that rules §2.4 describes and from files anybody can read; none of
//! them is in the tests, since nobody says they may be given on. The signature that ends a file is
//! looked for and kept, not verified: how it is made is not published.

mod entries;
mod fields;
mod walk;

use crate::error::ErrorCode;
use crate::gaps::{gaps_of, interval_of, put_in_order};
use crate::text;
use crate::wizard::{Sniffed, ask_interval, ask_signature, ask_unit, ask_zone};
use crate::{Answers, FileKind, LoggerFile, Notice, ReadError, Unit};
use walk::Walk;

/// Whether the text has keyed lines: it begins with the device and has its configuration.
pub(crate) fn is_keyed(text: &str) -> bool {
    let mut filled = text::lines(text).map(|(_, line)| line).filter(|line| !line.trim().is_empty());
    filled.next().is_some_and(|line| line.starts_with("Device:"))
        && filled.take(40).any(|line| line.trim_end() == "Conf:")
}

fn kind_of(device: &str) -> FileKind {
    let name: String = device.to_ascii_lowercase().split_whitespace().collect();
    match name.split_once("fridge-tag") {
        Some((_, "2")) => FileKind::FridgeTag2,
        Some((_, "2e")) => FileKind::FridgeTag2E,
        Some((_, "2l")) => FileKind::FridgeTag2L,
        Some((_, model)) if model.starts_with("ultralow") => FileKind::FridgeTagUltraLow,
        None if name.starts_with("q-tag") => FileKind::QTag,
        _ => FileKind::OtherBerlinger,
    }
}

/// Reads the whole with the answers there are; what is still open is in the questions.
pub(crate) fn examine(text: &str, known: Answers) -> Result<(LoggerFile, Sniffed), ReadError> {
    let first = text::lines(text).find_map(|(_, line)| line.strip_prefix("Device:"));
    let kind = kind_of(first.unwrap_or_default());
    let walk = Walk::through(text, kind, known.offset_min.unwrap_or(0))?;
    let signed = walk.is_signed;
    let (mut file, stated_unit) = (walk.file, walk.unit);
    if let (Some(stated), Some(answered)) = (stated_unit, known.unit)
        && stated != answered
    {
        return Err(other_unit(stated));
    }
    finish(&mut file, walk.interval_s, &known)?;
    let known = Answers { unit: stated_unit.or(known.unit), ..known };
    let mut questions = Vec::new();
    match known.unit {
        Some(unit) => file.unit = unit,
        None => questions.push(ask_unit(&[Unit::Celsius, Unit::Fahrenheit])),
    }
    if known.offset_min.is_none() {
        questions.push(ask_zone());
    }
    if !file.readings.is_empty() && file.interval.is_none() {
        questions.push(ask_interval());
    }
    if !signed {
        file.notices.push(Notice::whole(
            "文件末尾没有签名，可能不完整",
            "the file does not end with its signature and may be incomplete",
        ));
        if known.without_signature != Some(true) {
            questions.push(ask_signature());
        }
    }
    let device = file.device.model.clone();
    Ok((file, Sniffed { kind: Some(kind), device, known, columns: Vec::new(), questions }))
}

pub(crate) fn other_unit(stated: Unit) -> ReadError {
    let unit = stated.as_str();
    ReadError::whole(
        ErrorCode::Contradicted,
        format!("文件自己写明单位为 {unit}；请更正回答"),
        format!("the file itself says {unit}; mend the answer"),
    )
}

fn finish(file: &mut LoggerFile, stated_s: Option<u32>, known: &Answers) -> Result<(), ReadError> {
    put_in_order(&mut file.readings, &mut file.notices)?;
    file.interval = interval_of(stated_s, known.interval_s, &file.readings);
    if let Some(interval) = file.interval {
        file.gaps = gaps_of(&file.readings, interval.seconds);
    }
    if file.days.first().map(|day| day.date) > file.days.last().map(|day| day.date) {
        file.days.reverse();
    }
    for (before, after) in file.days.iter().zip(file.days.iter().skip(1)) {
        if after.date <= before.date {
            let date = after.date;
            return Err(ReadError::at(
                after.line,
                ErrorCode::Order,
                format!("日期 {date} 重复或次序颠倒；请从记录仪重新复制文件"),
                format!(
                    "the day {date} repeats or is out of order; copy the file again from the logger"
                ),
            ));
        }
    }
    if file.days.is_empty() && file.readings.is_empty() {
        return Err(ReadError::whole(
            ErrorCode::NoReadings,
            "文件里没有读数，也没有每日汇总；记录仪可能尚未启动",
            "the file has neither readings nor days; perhaps the logger was never started",
        ));
    }
    if file.kind == FileKind::OtherBerlinger {
        file.notices.push(Notice::whole(
            "未知型号；按已知格式读入，请与仪器的 PDF 核对",
            "an unknown model, read like the known ones: compare it with the logger's PDF",
        ));
    }
    Ok(())
}
