//! The cells of one sheet.

use calamine::{Data, ExcelDateTime, ExcelDateTimeType};

use super::record::{Record, records};
use super::strings::long;
use super::{BOF, EOF, Globals};
use crate::problem::Stop;
use crate::workbook::{Sheets, cell};

const FORMULA: u16 = 0x0006;
const STRING: u16 = 0x0207;
const SHARED_LABEL: u16 = 0x00FD;
const LABEL: u16 = 0x0204;
const RICH_LABEL: u16 = 0x00D6;
const NUMBER: u16 = 0x0203;
const SHORT_NUMBER: u16 = 0x027E;
const SHORT_NUMBERS: u16 = 0x00BD;
const BOOLEAN: u16 = 0x0205;

/// Reads one sheet; its stream goes on with others behind it.
pub(super) fn read(stream: &[u8], globals: &Globals, sheets: &mut Sheets) -> Result<(), Stop> {
    // Charts within a sheet have cells too.
    let mut depth = 0_u32;
    let mut awaited = None;
    for record in records(stream) {
        match record.kind {
            BOF => depth += 1,
            EOF if depth <= 1 => return Ok(()),
            EOF => depth -= 1,
            _ if depth > 1 => {}
            SHORT_NUMBERS => numbers(&record, globals, sheets)?,
            // The text of a formula stands in the record behind it.
            STRING => {
                if let (Some((row, column)), Some(text)) = (awaited.take(), long(record.data)) {
                    sheets.put(row, column, &cell::text(&Data::String(text)))?;
                }
            }
            _ => {
                let (Some(row), Some(column)) = (record.u16(0), record.u16(2)) else { continue };
                let (row, column) = (u32::from(row) + 1, u32::from(column) + 1);
                match value(&record, globals) {
                    Some(Value::Here(value)) => sheets.put(row, column, &cell::text(&value))?,
                    Some(Value::Behind) => awaited = Some((row, column)),
                    None => {}
                }
            }
        }
    }
    Ok(())
}

enum Value {
    Here(Data),
    Behind,
}

fn value(record: &Record, globals: &Globals) -> Option<Value> {
    let style = record.u16(4)?;
    let value = match record.kind {
        SHARED_LABEL => {
            let number = usize::try_from(record.u32(6)?).ok()?;
            Data::String(globals.strings.get(number)?.clone())
        }
        LABEL | RICH_LABEL => Data::String(long(record.data.get(6..)?)?),
        NUMBER => number(record.f64(6)?, style, globals),
        SHORT_NUMBER => number(short(record.u32(6)?), style, globals),
        BOOLEAN => boolean(record.u8(6)?, record.u8(7)? != 0),
        FORMULA if record.u16(12)? == 0xFFFF => match record.u8(6)? {
            0 => return Some(Value::Behind),
            1 => boolean(record.u8(8)?, false),
            2 => boolean(0, true),
            _ => Data::Empty,
        },
        FORMULA => number(record.f64(6)?, style, globals),
        _ => return None,
    };
    Some(Value::Here(value))
}

/// What is `#REF!` and the like has no value.
fn boolean(is: u8, is_error: bool) -> Data {
    if is_error { Data::String("#ERROR!".to_owned()) } else { Data::Bool(is != 0) }
}

fn number(number: f64, style: u16, globals: &Globals) -> Data {
    if number.is_finite() && globals.formats.is_date(style) {
        let kind = ExcelDateTimeType::DateTime;
        return Data::DateTime(ExcelDateTime::new(number, kind, globals.is_1904));
    }
    Data::Float(number)
}

fn numbers(record: &Record, globals: &Globals, sheets: &mut Sheets) -> Result<(), Stop> {
    let (Some(row), Some(first)) = (record.u16(0), record.u16(2)) else { return Ok(()) };
    // The last two bytes repeat the last column.
    let pairs = record.data.get(4..record.data.len().saturating_sub(2)).unwrap_or_default();
    for (column, pair) in (u32::from(first) + 1..).zip(pairs.chunks_exact(6)) {
        let pair = Record { kind: SHORT_NUMBER, data: pair, more: Vec::new() };
        if let (Some(style), Some(value)) = (pair.u16(0), pair.u32(2)) {
            let value = number(short(value), style, globals);
            sheets.put(u32::from(row) + 1, column, &cell::text(&value))?;
        }
    }
    Ok(())
}

/// A number of 30 bits: an integer or the upper half of a float, perhaps in hundredths.
fn short(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits.cast_signed() >> 2)
    };
    if bits & 1 == 0 { number } else { number / 100.0 }
}
