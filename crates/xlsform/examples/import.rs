//! Says what a form holds and what a checklist cannot hold of it: `import <form> [pack]`.
#![allow(clippy::disallowed_methods, reason = "run by an author at a desk, where files exist")]
#![allow(clippy::print_stdout, reason = "that is what it is for")]

use std::{env, error::Error, fs};

use spotcheck_xlsform::{Form, read};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let path = args.next().ok_or("name the form to be read")?;
    let reading = Form::read(&read(&fs::read(&path)?, &path)?);
    for problem in &reading.problems {
        println!("{:?}: {problem}", problem.level);
    }
    let Some(form) = reading.form else { return Err("the form has errors".into()) };
    println!(
        "{} rows, {} lists, {} rules",
        form.questions.len(),
        form.lists.len(),
        form.logic.len()
    );
    let converted = form.to_checklist(&args.next().unwrap_or_default());
    for problem in &converted.problems {
        println!("{:?}: {problem}", problem.level);
    }
    println!("{} items", converted.checklist.map_or(0, |list| list.items.len()));
    Ok(())
}
