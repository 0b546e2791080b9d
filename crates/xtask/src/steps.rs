//! Named, timed steps: what `test`, `check` and `run` are made of.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::say;
use crate::workspace::{binary, program, root};

/// One command of a list. The lists are data, so that a new step is one more entry.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// The program and its arguments; `cargo` is the one that started us, `ours:NAME` a program of
    /// this workspace that an earlier step built.
    pub(crate) command: &'static [&'static str],
    pub(crate) env: &'static [(&'static str, &'static str)],
    pub(crate) only_if: OnlyIf,
    /// What to do when it fails: the end of a sentence.
    pub(crate) remedy: &'static str,
}

/// When a step has anything to do. A step that is left out is named in the summary.
pub(crate) enum OnlyIf {
    Always,
    /// This command succeeds, silently.
    Works(&'static [&'static str]),
}

impl OnlyIf {
    /// Why not, if not.
    fn obstacle(&self) -> Option<String> {
        match self {
            Self::Always => None,
            Self::Works(command) if works(command) => None,
            Self::Works(command) => Some(format!("`{}` does not work here", command.join(" "))),
        }
    }
}

/// Whether a command ends well; nobody sees what it says.
pub(crate) fn works(command: &[&str]) -> bool {
    let Some((name, args)) = command.split_first() else { return false };
    program(name).args(args).output().is_ok_and(|done| done.status.success())
}

/// Sets up, runs the steps in order until one fails, and prints what each took either way.
pub(crate) fn run_all(
    title: &str,
    setup: fn() -> Result<(), Failure>,
    steps: &[Step],
) -> Result<(), Failure> {
    say::start(format_args!("{title}: set-up, then {} steps", steps.len()));
    let begun = Instant::now();
    let mut rows = Vec::new();
    let outcome = timed("set-up", &mut rows, setup)
        .and_then(|()| steps.iter().try_for_each(|step| run_one(step, &mut rows)));
    summarise(title, &rows, begun.elapsed());
    outcome
}

/// Work in named, timed parts, for what is more than a list of fixed commands.
pub(crate) struct Parts {
    title: &'static str,
    begun: Instant,
    rows: Vec<Row>,
}

impl Parts {
    /// Begins; the clock runs.
    pub(crate) fn begin(title: &'static str) -> Self {
        Self { title, begun: Instant::now(), rows: Vec::new() }
    }

    /// Does one part.
    pub(crate) fn part<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        say::start(format_args!("{}: {name}", self.title));
        timed(name, &mut self.rows, work)
    }

    /// Prints what each part took.
    pub(crate) fn summarise(&self) {
        summarise(self.title, &self.rows, self.begun.elapsed());
    }
}

/// Runs a command to its end, in the workspace root.
pub(crate) fn run_command(mut command: Command, remedy: &str) -> Result<(), Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.current_dir(root()?).status();
    let status = status.map_err(|e| Failure::not_started(&name, &e))?;
    if status.success() { Ok(()) } else { Err(Failure::failed(remedy)) }
}

/// What the summary says of one step.
struct Row {
    name: &'static str,
    took: Duration,
    note: String,
}

fn run_one(step: &Step, rows: &mut Vec<Row>) -> Result<(), Failure> {
    if let Some(obstacle) = step.only_if.obstacle() {
        let note = format!("not run: {obstacle}");
        rows.push(Row { name: step.name, took: Duration::ZERO, note });
        return Ok(());
    }
    say::start(format_args!("{}: {}", step.name, step.command.join(" ")));
    timed(step.name, rows, || execute(step))
}

fn timed<T>(
    name: &'static str,
    rows: &mut Vec<Row>,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let begun = Instant::now();
    let outcome = work();
    let note = if outcome.is_ok() { String::new() } else { "FAILED".to_owned() };
    let row = Row { name, took: begun.elapsed(), note };
    say::line(text_of(&row));
    rows.push(row);
    outcome
}

fn execute(step: &Step) -> Result<(), Failure> {
    let Some((name, args)) = step.command.split_first() else { return Ok(()) };
    let mut command = match name.strip_prefix("ours:") {
        Some(ours) => program(binary(ours)?),
        None => program(name),
    };
    command.args(args).envs(step.env.iter().copied());
    run_command(command, &format!("the step \"{}\" failed: {}", step.name, step.remedy))
}

fn summarise(title: &str, rows: &[Row], whole: Duration) {
    say::start(format_args!("{title}, step by step"));
    rows.iter().for_each(|row| say::line(text_of(row)));
    say::line(text_of(&Row { name: "altogether", took: whole, note: String::new() }));
}

fn text_of(row: &Row) -> String {
    format!("    {:<12} {:>7.1} s  {}", row.name, row.took.as_secs_f64(), row.note)
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSES: Step = Step {
        name: "passes",
        command: &["cargo", "--version"],
        env: &[],
        only_if: OnlyIf::Always,
        remedy: "",
    };
    const FAILS: Step =
        Step { name: "fails", command: &["cargo", "--no-such"], remedy: "do so.", ..PASSES };
    const LEFT_OUT: Step =
        Step { name: "left out", only_if: OnlyIf::Works(&["cargo", "--no-such"]), ..FAILS };

    #[test]
    fn a_failing_step_ends_the_list_and_says_what_to_do() {
        let mut rows = Vec::new();
        let outcome = [PASSES, FAILS, PASSES].iter().try_for_each(|s| run_one(s, &mut rows));
        let Err(Failure::Failed(sentence)) = outcome else { panic!("it passed") };
        assert_eq!(sentence, "the step \"fails\" failed: do so.");
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn a_step_left_out_is_named_with_the_reason() {
        let mut rows = Vec::new();
        run_one(&LEFT_OUT, &mut rows).unwrap();
        assert!(text_of(&rows[0]).contains("not run: `cargo --no-such` does not work here"));
    }
}
