//! `calc`: a rule asked in JSON. It needs no device: an auditor asks it on any machine.

use std::io::Read as _;
use std::path::Path;

use spotcheck_app::{AppError, calc, calc_names};

use crate::failure::Failure;
use crate::out::Out;

/// Longer questions are refused before they are read whole.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

pub(crate) fn run(name: &str, file: &Path, out: &mut Out) -> Result<(), Failure> {
    // Said before anything is read: a wrong name need not wait for standard input.
    if !calc_names().contains(&name) {
        let known = calc_names().join(", ");
        return Err(Failure::Usage(format!(
            "there is no calculation {name:?}; use one of {known}"
        )));
    }
    let question = question(file)?;
    let answer = calc(name, &question).map_err(|error| {
        let field = error.path().unwrap_or("question").to_owned();
        AppError::invalid(field, error)
    })?;
    if out.json {
        out.json(&answer);
        return Ok(());
    }
    let fields = answer.as_object().into_iter().flatten();
    out.lines(fields.map(|(field, value)| match value.as_str() {
        Some(text) => format!("{field}: {text}"),
        None => format!("{field}: {value}"),
    }));
    Ok(())
}

fn question(file: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(MOST_BYTES + 1).read_to_string(&mut text)
    } else {
        let file = std::fs::File::open(file);
        file.and_then(|file| file.take(MOST_BYTES + 1).read_to_string(&mut text))
    };
    read.map_err(|error| Failure::file(file, error))?;
    if text.len() as u64 > MOST_BYTES {
        return Err(Failure::file(file, "longer than 64 MiB: ask about one year at a time"));
    }
    Ok(text)
}
