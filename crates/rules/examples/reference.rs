//! Writes the generated part of the rule page anew: `reference docs/RULES.md`.
#![allow(clippy::disallowed_methods, reason = "run by an author at a desk, where files exist")]

use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("name the page, such as docs/RULES.md")?;
    let page = spotcheck_rules::with_reference(&fs::read_to_string(&path)?)?;
    fs::write(&path, page)?;
    Ok(())
}
