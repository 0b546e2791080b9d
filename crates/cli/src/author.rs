//! What authors and auditors ask of files: checklists, packs, loggers, expressions, rules. None of it
//! needs a device.

mod args;
mod calc;
mod checklist;
mod expression;
mod file;
mod logger;
mod pack;

pub(crate) use args::Author;
use args::{Checklists, Expressions, Packs};

use crate::failure::Failure;
use crate::out::Out;

/// The bytes of what is to be published, after all that is to be said of it.
pub(crate) fn document(
    path: &std::path::Path,
    pack: &str,
    out: &mut Out,
) -> Result<Vec<u8>, Failure> {
    checklist::document(path, pack, out)
}

/// Does what was typed.
pub(crate) fn run(asked: &Author, out: &mut Out) -> Result<(), Failure> {
    match asked {
        Author::Calc { name, file } => calc::run(name, file, out),
        Author::Checklist(Checklists::Import { file, pack, out: into }) => {
            checklist::import(file, pack, into.as_deref(), out)
        }
        Author::Checklist(Checklists::Check { file, pack }) => checklist::check(file, pack, out),
        Author::Checklist(Checklists::Preview { file, pack }) => {
            checklist::preview(file, pack, out)
        }
        Author::Checklist(Checklists::Export { checklist, file }) => {
            checklist::export(checklist, file, out)
        }
        Author::Pack(Packs::List) => pack::list(out),
        Author::Pack(Packs::Check { file }) => pack::check(file, out),
        Author::Expr(Expressions::Eval { expression, answers }) => {
            expression::eval(expression, answers.as_deref(), out)
        }
        Author::Logger { file, answers } => logger::run(file, answers.as_deref(), out),
    }
}
