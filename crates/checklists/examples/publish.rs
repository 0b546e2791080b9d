//! Composes one checklist for publication: `publish <common.json> <own.json> > <published.json>`.
//! The result is a new file with a new version; a published file is never overwritten.
#![allow(clippy::disallowed_methods, reason = "run by an author at a desk, where files exist")]

use std::{env, error::Error, fs, io::Write};

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<_> = env::args().skip(1).collect();
    let [common, own] = paths.as_slice() else {
        return Err("name the common block and the checklist's own source".into());
    };
    let published = spotcheck_checklists::compose(&fs::read(common)?, &fs::read(own)?)?;
    std::io::stdout().write_all(&published)?;
    Ok(())
}
