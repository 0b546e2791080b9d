//! What authors type.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Author {
    /// Ask a rule: a question in JSON, an answer with the rule and its source. Needs no device.
    Calc {
        /// verdict, mkt, excursion, cooling, sample, draw, retention, publication, ledger or
        /// credential; docs/CALC.md has the fields of each.
        name: String,
        /// The question, or standard input with `-`.
        file: PathBuf,
    },
    /// Write checklists in a spreadsheet, and look at them. Needs no device.
    #[command(subcommand)]
    Checklist(Checklists),
    /// Rule packs: the limits that checklists are judged by. Needs no device.
    #[command(subcommand)]
    Pack(Packs),
    /// Expressions of forms. Needs no device.
    #[command(subcommand)]
    Expr(Expressions),
    /// Read a temperature logger's file: what it is, what it leaves open, what it says.
    Logger {
        /// The file as the logger wrote it.
        file: PathBuf,
        /// What the file does not say, in JSON: {"unit":"°C","offset_min":480} …
        #[arg(long, value_name = "JSON")]
        answers: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Checklists {
    /// Make a checklist of an XLSForm workbook: .xlsx, .xls, .csv or .md.
    Import {
        /// The workbook.
        file: PathBuf,
        /// The rule pack, where the workbook names none.
        #[arg(long, value_name = "CODE", default_value = "")]
        pack: String,
        /// Where to write the checklist; else only what is to be said of it is printed.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Say everything that is wrong with a workbook or a checklist.
    Check {
        /// A workbook, or a checklist in JSON.
        file: PathBuf,
        /// The rule pack, where the workbook names none.
        #[arg(long, value_name = "CODE", default_value = "")]
        pack: String,
    },
    /// Print a checklist as an inspector meets it: parts, items, limits.
    Preview {
        /// A workbook, a checklist in JSON, or the code of one that comes with Spotcheck.
        file: PathBuf,
        /// The rule pack, where the workbook names none.
        #[arg(long, value_name = "CODE", default_value = "")]
        pack: String,
    },
    /// Write a checklist as a workbook that ODK and Kobo read too.
    Export {
        /// A checklist in JSON, or the code of one that comes with Spotcheck.
        checklist: PathBuf,
        /// The workbook: .xlsx, .csv or .md.
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Packs {
    /// The packs that come with Spotcheck.
    List,
    /// Say everything that is wrong with a pack, and what looks like a mistake.
    Check {
        /// The pack in JSON.
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Expressions {
    /// Evaluate an expression; docs/EXPRESSIONS.md has the functions.
    Eval {
        /// The expression, such as `if(${temp} > -18, 'fail', 'pass')`.
        expression: String,
        /// Answers by question, in JSON: {"temp":"-15"}.
        #[arg(long, value_name = "JSON")]
        answers: Option<String>,
    },
}
