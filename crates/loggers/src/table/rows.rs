//! Every row of a table becomes a reading, is kept as it is, or stops the import.

use super::cells::{split, stamp_in};
use super::{Layout, Table};
use crate::error::ErrorCode;
use crate::gaps::{gaps_of, interval_of, push, put_in_order};
use crate::limits::MAX_KEPT_LINES;
use crate::stamp::clock_seconds;
use crate::value::Cell;
use crate::{
    Answers, FileKind, IntervalSource, KeptLine, LoggerFile, Moment, Notice, ReadError, Reading,
    text,
};
use spotcheck_rules::Bilingual;

pub(super) fn read(table: Table, text: &str, answers: Answers) -> Result<LoggerFile, ReadError> {
    let mut readings = Vec::new();
    let mut unknown = Vec::new();
    let mut cells = Vec::new();
    let rows = text::lines(text).filter(|(line, _)| *line >= table.layout.first_row);
    for (line, content) in rows {
        if content.trim().is_empty() {
            continue;
        }
        split(content, table.layout.separator, &mut cells);
        match table.row(line, &cells)? {
            Some(reading) => push(&mut readings, reading)?,
            None => keep(&mut unknown, line, content)?,
        }
    }
    let mut notices = Vec::new();
    put_in_order(&mut readings, &mut notices)?;
    let preamble = table.preamble;
    let interval = interval_of(preamble.interval_s, answers.interval_s, &readings);
    let interval = interval.ok_or_else(|| ReadError::unanswered(vec![crate::Topic::Interval]))?;
    if interval.source == IntervalSource::Measured {
        let seconds = interval.seconds;
        notices.push(Notice::whole(
            format!("文件没有写明记录间隔；由读数得出 {seconds} 秒"),
            format!(
                "the file does not say its interval; the readings are mostly {seconds} s apart"
            ),
        ));
    }
    if !text.ends_with(['\n', '\r']) {
        notices.push(Notice::whole(
            "最后一行没有换行；请核对最后一个读数是否完整",
            "the last line has no end; check that its reading is whole",
        ));
    }
    let mut all_unknown = preamble.unknown;
    all_unknown.append(&mut unknown);
    Ok(LoggerFile {
        kind: if preamble.is_logtag { FileKind::LogTag } else { FileKind::Table },
        device: preamble.device,
        unit: table.unit,
        interval: Some(interval),
        reported_at: None,
        set_points: preamble.set_points,
        days: Vec::new(),
        run: None,
        gaps: gaps_of(&readings, interval.seconds),
        readings,
        facts: preamble.facts,
        unknown: all_unknown,
        notices,
        answers,
    })
}

fn keep(unknown: &mut Vec<KeptLine>, line: u32, content: &str) -> Result<(), ReadError> {
    if unknown.len() >= MAX_KEPT_LINES {
        let what = Bilingual {
            zh: "读数以外的行".to_owned(),
            en: "lines beside readings".to_owned(),
        };
        return Err(ReadError::too_many(line, &what, MAX_KEPT_LINES));
    }
    unknown.push(KeptLine { line, text: content.to_owned() });
    Ok(())
}

impl Table {
    /// The reading of a row; none where it is not one: no digit where the time should be.
    fn row(&self, line: u32, cells: &[&str]) -> Result<Option<Reading>, ReadError> {
        let layout = &self.layout;
        let Some(at) = self.moment(cells) else {
            let time = layout.time_text(cells);
            let numbered = time.contains(|c: char| c.is_ascii_digit());
            let value = cells.get(layout.value).is_some_and(|cell| Cell::of(cell).is_number());
            return if numbered || value { Err(ReadError::time(line, &time)) } else { Ok(None) };
        };
        let text = cells.get(layout.value).ok_or_else(|| short(line, layout))?;
        let cell = Cell::of(text);
        let value = cell.decimal(self.mark);
        if value.is_none() && !cell.is_missing() {
            return Err(ReadError::value(line, text));
        }
        if cell.unit.is_some_and(|unit| unit != self.unit) {
            return Err(ReadError::value(line, text));
        }
        Ok(Some(Reading { at, value, marked: false, line }))
    }

    fn moment(&self, cells: &[&str]) -> Option<Moment> {
        let stamp = stamp_in(cells, &self.layout.times)?;
        let clock_s = clock_seconds(stamp.date?.resolve(self.order)?, stamp.clock_s?);
        Some(Moment::of_clock(clock_s, stamp.offset_min.or(self.offset_min)?))
    }
}

fn short(line: u32, layout: &Layout) -> ReadError {
    let column = layout.value + 1;
    ReadError::at(
        line,
        ErrorCode::CutOff,
        format!("没有第 {column} 列的数值；文件可能被截断，请重新导出"),
        format!("has no column {column} for the value; the file may be cut off, export it again"),
    )
}
