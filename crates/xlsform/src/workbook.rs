//! A workbook as texts in rows, whatever file it came from.

mod cell;
mod csv;
mod limited;
mod markdown;
mod package;
mod xls;
mod xlsx;

use serde::Serialize;

use crate::Limits;
use crate::problem::{Code, Place, Problem, Stop};

pub(crate) use csv::{is_formula, is_made_harmless};
use limited::Sheets;
pub(crate) use limited::letters;

/// What kind of file a workbook is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Excel since 2007, with or without macros: `.xlsx`, `.xlsm`.
    Xlsx,
    /// Excel before that: `.xls`.
    Xls,
    /// XLSForm's one-sheet CSV: the first column names the sheet.
    Csv,
    /// Tables as `pyxform` reads them: the first column names the sheet.
    Markdown,
}

/// The texts of a workbook. Cells are trimmed, numbers are written as short as they can be, dates
/// as ISO 8601.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workbook {
    /// The file's name without folder and ending.
    pub name: String,
    /// What kind of file it came from.
    pub format: Format,
    /// In the file's order. Sheets that no XLSForm has are named but hold no rows.
    pub sheets: Vec<Sheet>,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// As the file spells it.
    pub name: String,
    /// The rows that hold something, in order.
    pub rows: Vec<Row>,
}

/// A row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As spreadsheet programs number it, from 1; in text files the line.
    pub number: u32,
    /// From the first column; empty where a cell is, ends with the last that is filled.
    pub cells: Vec<String>,
}

/// The sheets an XLSForm may have. The contents of all others are not read.
pub(crate) const KNOWN_SHEETS: &[&str] =
    &["survey", "choices", "settings", "external_choices", "entities", "osm"];

/// Reads a file. `name` is what it is called; only its ending decides between text formats.
///
/// # Errors
/// A located [`Problem`]: no kind of file that is read, damaged, or beyond [`Limits`].
pub fn read(bytes: &[u8], name: &str) -> Result<Workbook, Stop> {
    let most = Limits::FILE_BYTES;
    if bytes.len() > most {
        let said = (
            &*format!("文件超过 {} MiB", most >> 20),
            &*format!("the file is larger than {} MiB", most >> 20),
        );
        let remedy =
            ("删去图片和无关工作表", "remove pictures and sheets that are no part of the form");
        return Err(Box::new(Problem::error(Code::TooLarge, Place::file(), said, remedy)));
    }
    let format = sniff(bytes, name)?;
    let sheets = match format {
        Format::Xlsx => xlsx::read(bytes)?,
        Format::Xls => xls::read(bytes)?,
        Format::Csv => csv::read(text(bytes)?)?,
        Format::Markdown => markdown::read(text(bytes)?)?,
    };
    Ok(Workbook { name: stem(name).to_owned(), format, sheets })
}

fn sniff(bytes: &[u8], name: &str) -> Result<Format, Stop> {
    // Bytes before names: files are renamed, their first bytes are not.
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Format::Xlsx);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Ok(Format::Xls);
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "csv" => Ok(Format::Csv),
        "md" | "markdown" => Ok(Format::Markdown),
        _ => {
            let said = ("不是 XLSForm 工作簿", "this is no workbook of XLSForm");
            let remedy = (
                "请提供 .xlsx、.xls、.csv 或 .md 文件",
                "give a file that ends in .xlsx, .xls, .csv or .md",
            );
            Err(Box::new(Problem::error(Code::Unreadable, Place::file(), said, remedy)))
        }
    }
}

fn text(bytes: &[u8]) -> Result<&str, Stop> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|cause| {
        let before = bytes.get(..cause.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let place = Place { row: u32::try_from(line).ok(), ..Place::file() };
        let said = ("文本不是 UTF-8 编码", "the text is not UTF-8");
        let remedy = ("另存为 UTF-8 编码的文件", "save the file again as UTF-8");
        Box::new(Problem::error(Code::Unreadable, place, said, remedy))
    })
}

fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

impl Workbook {
    /// The sheet of that name, however its letters are cased.
    #[must_use]
    pub fn find_sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name.trim().eq_ignore_ascii_case(name))
    }
}
