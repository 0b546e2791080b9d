//! `cargo xtask e2e`: the app as people meet it, in a browser and in a window, and all of its screens
//! as pictures.

use crate::failure::Failure;
use crate::steps::Parts;
use crate::window::{self, Bridge};
use crate::workspace::is_built;
use crate::{android, browser};

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Plan {
    browser: bool,
    window: bool,
    /// The matrix of pictures, and the types of the phone's app.
    rest: bool,
}

impl Plan {
    const BROWSER: Self = Self { browser: true, window: false, rest: false };
    const WINDOW: Self = Self { browser: false, window: true, rest: false };
    const BOTH: Self = Self { window: true, ..Self::BROWSER };
    const ALL: Self = Self { rest: true, ..Self::BOTH };

    fn parse(args: &[String]) -> Result<Self, Failure> {
        let words: Vec<_> = args.iter().map(String::as_str).collect();
        match words[..] {
            [] => Ok(Self::BOTH),
            ["browser"] => Ok(Self::BROWSER),
            ["window"] => Ok(Self::WINDOW),
            ["--all"] => Ok(Self::ALL),
            _ => Err(Failure::usage("e2e takes browser, window, --all or nothing")),
        }
    }
}

/// `cargo xtask e2e [browser|window|--all]`.
pub(crate) fn command(args: &[String]) -> Result<(), Failure> {
    let plan = Plan::parse(args)?;
    let mut parts = Parts::begin("e2e");
    let outcome = run(plan, &mut parts);
    parts.summarise();
    outcome
}

fn run(plan: Plan, parts: &mut Parts) -> Result<(), Failure> {
    if plan.browser {
        browser::build_and_try(parts, browser::Languages::Both)?;
    } else if !is_built() {
        browser::web_app(parts)?;
    }
    if plan.window {
        window::build_and_drive(parts, &[Bridge::Own, Bridge::Text])?;
    }
    if plan.rest {
        parts.part("every screen", browser::matrix)?;
        android::type_check(parts)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(line: &str) -> Result<Plan, Failure> {
        Plan::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn all_is_more_than_both_and_both_more_than_either() {
        assert_eq!(plan("").unwrap(), Plan::BOTH);
        assert_eq!(plan("browser").unwrap(), Plan::BROWSER);
        assert_eq!(plan("window").unwrap(), Plan::WINDOW);
        assert_eq!(plan("--all").unwrap(), Plan { browser: true, window: true, rest: true });
    }

    #[test]
    fn anything_else_is_wrong_usage() {
        for line in ["phone", "--all browser", "browser window", "-a"] {
            assert!(matches!(plan(line), Err(Failure::Usage(_))), "{line}");
        }
    }
}
