//! An answer, from the tap until it is durable, beside one commit of bare SQLite.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use spotcheck_domain::SlotPath;

use super::Bench;
use crate::figure::{Budget, Figure};
use crate::machine::{median, quantile};
use crate::raw::database::Commits;
use crate::scene::{Plan, Scene};
use crate::workload::Workload;

/// Times of ours and of bare commits, taken in turn so that both see the same disk.
pub(crate) struct Answers {
    pub(crate) ours_ms: Vec<f64>,
    raw_ms: Vec<f64>,
}

pub(crate) fn figures(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let scene = Scene::make(&bench.folder("answer"), Plan::of(1, bench.size(100, 2)))?;
    let answers = measure(&scene, &bench.folder("answer-raw.db"), bench.size(20, 1))?;
    let note = format!("p50 of {}", answers.ours_ms.len());
    let p99 = quantile(answers.ours_ms.clone(), 0.99);
    let raw_p99 = quantile(answers.raw_ms.clone(), 0.99);
    Ok(vec![
        Figure::new("answer.p50", median(answers.ours_ms), "ms")
            .beside(median(answers.raw_ms))
            .budget(Budget::ratio(1.3))
            .note(note),
        Figure::new("answer.p99", p99, "ms").beside(raw_p99),
    ])
}

/// Answers whole inspections one by one.
pub(crate) fn measure(scene: &Scene, raw: &Path, inspections: u64) -> anyhow::Result<Answers> {
    let mut device = scene.open(0..1)?.pop().context("one device")?;
    let raw = Commits::open(raw)?;
    let mut workload = Workload::new(1000);
    let mut answers = Answers { ours_ms: vec![], raw_ms: vec![] };
    // The length of a header; its text does not matter to bare SQLite.
    let header = "h".repeat(430);
    for _ in 0..inspections {
        let inspection = workload.next();
        let none = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
        let started = device.record_line(&inspection.start(), none)?;
        for (path, answer) in &inspection.answers {
            let data = format!("{{\"set\":{{{path:?}:{answer}}}}}");
            let act = [(SlotPath::new(path)?, serde_json::from_value(answer.clone())?)].into();
            // Whoever flushes second finds the disk's journal just written: take turns in that too.
            let raw_first = answers.raw_ms.len().is_multiple_of(2);
            if raw_first {
                answers.raw_ms.push(raw.one(&header, &data)? * 1e3);
            }
            let began = Instant::now();
            device.answer(started.inspection, &act, None)?;
            answers.ours_ms.push(began.elapsed().as_secs_f64() * 1e3);
            if !raw_first {
                answers.raw_ms.push(raw.one(&header, &data)? * 1e3);
            }
        }
    }
    Ok(answers)
}
