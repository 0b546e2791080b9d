//! A long checklist in which most items depend on others: what one answer costs, and what is shown
//! after it.

use anyhow::Context as _;
use serde_json::json;

use super::Bench;
use super::board::{asked, repeat};
use crate::desk::depending;
use crate::figure::{Budget, Figure};
use crate::machine::median;
use crate::raw::database::Commits;

pub(crate) fn figures(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let items = bench.size(300, 30);
    let (_scene, mut device, id) = depending(&bench.folder("logic"), items)?;
    let look = json!({"call": "check", "id": id});
    let shown = asked(&mut device, &look)?;
    let asks = shown["sections"].as_array().context("sections")?;
    let all = asks.iter().filter_map(|it| it["items"].as_array()).flatten();
    let hidden = all.filter(|view| view["answers"][0]["asked"] == false).count();
    let look = look.to_string();
    let mut turn = 0;
    // The first item decides whether the second is asked.
    let edit = repeat(bench, || {
        turn += 1;
        let result = if turn % 2 == 0 { "pass" } else { "fail" };
        let answer =
            json!({"call": "answer", "id": id, "path": "L000", "answer": {"result": result}});
        Ok(device.dispatch(&answer.to_string())?.len())
    })?;
    let seen = repeat(bench, || Ok(device.dispatch(&look)?.len()))?;
    let raw = Commits::open(&bench.folder("logic-raw.db"))?;
    let (header, data) = ("h".repeat(430), "d".repeat(40));
    let commits = (0..9).map(|_| Ok(raw.one(&header, &data)? * 1e3));
    let commit = median(commits.collect::<anyhow::Result<_>>()?);
    let note = format!("{items} items, {} expressions", items / 3 * 2);
    Ok(vec![
        Figure::new("logic.edit", edit, "ms")
            .beside(commit)
            .budget(Budget::at_most(5.0))
            .note(format!("{note}; an answer until it is durable, with how its item stands")),
        Figure::new("logic.look", seen, "ms")
            .note(format!("{note}, {hidden} not asked; the whole check as it stands")),
    ])
}
