//! Writes a checklist as a form, to be opened elsewhere: `export <checklist.json> <form.xlsx|.csv|.md>`.
#![allow(clippy::disallowed_methods, reason = "run by an author at a desk, where files exist")]

use std::{env, error::Error, fs};

use spotcheck_checklists::Checklist;
use spotcheck_xlsform::{to_workbook, write_csv, write_markdown, write_xlsx};

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<_> = env::args().skip(1).collect();
    let [checklist, form] = paths.as_slice() else {
        return Err("name the checklist and the form to be written".into());
    };
    let workbook = to_workbook(&Checklist::parse(&fs::read(checklist)?)?)?;
    let bytes = match form.rsplit_once('.') {
        Some((_, "csv")) => write_csv(&workbook),
        Some((_, "md")) => write_markdown(&workbook).into_bytes(),
        _ => write_xlsx(&workbook)?,
    };
    fs::write(form, bytes)?;
    Ok(())
}
