//! `calc`: a rule asked in JSON. It needs no device: an auditor asks it on any machine.

use std::path::Path;

use spotcheck_app::{AppError, calc, calc_names};

use crate::failure::Failure;
use crate::out::Out;

pub(super) fn run(name: &str, file: &Path, out: &mut Out) -> Result<(), Failure> {
    // Said before anything is read: a wrong name need not wait for standard input.
    if !calc_names().contains(&name) {
        let known = calc_names().join(", ");
        return Err(Failure::Usage(format!(
            "there is no calculation {name:?}; use one of {known}"
        )));
    }
    let question = super::file::text(file)?;
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
