//! The same again at ten times the size: cost of one at 10 x, divided by the cost of one at 1 x.

use super::{Bench, answer, find, sync};
use crate::figure::{Budget, Figure};
use crate::machine::median;
use crate::scene::{Plan, Scene};

/// Linear, with room for a deeper tree and for noise.
const LINEAR: f64 = 1.25;
/// Logarithmic or flat.
const FLAT: f64 = 1.5;

pub(crate) fn figures(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let devices = bench.size(10, 2);
    let base = bench.size(200, 10);
    let mut push = vec![];
    let mut pull = vec![];
    let mut answers = vec![];
    let mut finds = vec![];
    for times in [1, 10] {
        let plan = Plan::of(devices, base * times);
        let name = format!("growth-{times}");
        let scene = Scene::make(&bench.folder(&name), plan)?;
        let (mut push_s, mut pull_s) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..bench.size(3, 1) {
            let run = sync::run(&scene, &bench.folder("growth-run"))?;
            (push_s, pull_s) = (push_s.min(run.push_s), pull_s.min(run.pull_s));
        }
        push.push(push_s * 1e6 / plan.records() as f64);
        pull.push(pull_s * 1e6 / plan.records() as f64);
        let raw = bench.folder("growth-raw.db");
        answers.push(median(answer::measure(&scene, &raw, bench.size(10, 1))?.ours_ms));
        std::fs::remove_dir_all(&scene.root)?;
        let sites = bench.size(10_000, 100) * times;
        finds.push(find::slowest(bench, &format!("growth-find-{times}"), sites)?);
    }
    let figure = |name, both: Vec<f64>, unit, most| {
        Figure::new(name, both[1], unit).beside(both[0]).budget(Budget::ratio(most))
    };
    Ok(vec![
        figure("growth.push", push, "us/record", LINEAR)
            .note("10 x the records; the limit is our own cost at 1 x"),
        figure("growth.pull", pull, "us/record", LINEAR),
        figure("growth.answer", answers, "ms", FLAT).note("on a device with 10 x the inspections"),
        figure("growth.find", finds, "ms", FLAT).note("in 10 x the sites"),
    ])
}
