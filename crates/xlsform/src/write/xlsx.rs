//! A plain `.xlsx`: texts in sheets, and nothing else.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipWriter, result::ZipError};

use crate::Workbook;
use crate::workbook::letters;

/// Why a workbook is not written.
#[derive(Debug)]
pub struct WriteError(ZipError);

impl std::fmt::Display for WriteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the workbook cannot be packed ({}); write it as CSV instead", self.0)
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// Every cell is a text with the prefix mark, so that no program runs one as a formula, now or
/// when it is edited. Equal workbooks give equal bytes.
///
/// # Errors
/// [`WriteError`] if it is too large for a zip.
pub fn write_xlsx(workbook: &Workbook) -> Result<Vec<u8>, WriteError> {
    pack(workbook).map_err(WriteError)
}

fn pack(workbook: &Workbook) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let numbers = 1..=workbook.sheets.len();
    let mut part = |name: &str, text: String| {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes()).map_err(ZipError::from)
    };
    let overrides: String = numbers
        .clone()
        .map(|n| format!(r#"<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>"#))
        .collect();
    part(
        "[Content_Types].xml",
        format!(
            r#"{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>{overrides}</Types>"#
        ),
    )?;
    part(
        "_rels/.rels",
        format!(
            r#"{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
    )?;
    let sheets: String = numbers
        .clone()
        .zip(&workbook.sheets)
        .map(|(n, sheet)| {
            format!(r#"<sheet name="{}" sheetId="{n}" r:id="rId{n}"/>"#, escaped(&sheet.name))
        })
        .collect();
    part(
        "xl/workbook.xml",
        format!(
            r#"{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>"#
        ),
    )?;
    let relations: String = numbers
        .clone()
        .map(|n| format!(r#"<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>"#))
        .collect();
    let styles = format!(r#"<Relationship Id="rIdS" Type="{OFFICE}/styles" Target="styles.xml"/>"#);
    part(
        "xl/_rels/workbook.xml.rels",
        format!(r#"{HEAD}<Relationships xmlns="{RELATIONS}">{relations}{styles}</Relationships>"#),
    )?;
    // Style 1: text (format 49), and whatever is typed stays text.
    part(
        "xl/styles.xml",
        format!(
            r#"{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#
        ),
    )?;
    for (n, sheet) in numbers.zip(&workbook.sheets) {
        let rows: String = sheet.rows.iter().map(row).collect();
        part(
            &format!("xl/worksheets/sheet{n}.xml"),
            format!(r#"{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#),
        )?;
    }
    zip.finish().map(Cursor::into_inner)
}

fn row(row: &crate::Row) -> String {
    let number = row.number;
    let cells = (1_u32..).zip(&row.cells).filter(|(_, cell)| !cell.is_empty());
    let cells: String = cells
        .map(|(column, cell)| {
            let (at, text) = (letters(column), escaped(cell));
            format!(r#"<c r="{at}{number}" s="1" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#)
        })
        .collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}

/// XML has no control characters but tab and line breaks; Excel writes others as `_x0007_`.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("_x000D_"),
            '\t' | '\n' => escaped.push(c),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            // What looks like such an escape is none: its `_` is escaped itself.
            '_' if is_escape(text.get(at..).unwrap_or_default()) => escaped.push_str("_x005F_"),
            c if u32::from(c) < 0x20 => escaped.push_str(&format!("_x{:04X}_", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

fn is_escape(text: &str) -> bool {
    match text.as_bytes() {
        [b'_', b'x', digits @ ..] if digits.len() >= 5 => {
            digits.iter().take(4).all(u8::is_ascii_hexdigit) && digits.get(4) == Some(&b'_')
        }
        _ => false,
    }
}
