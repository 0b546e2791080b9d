use std::collections::BTreeSet;

use super::{TARGETS, corpora};

fn inputs(target: &super::Target) -> Vec<(String, Vec<u8>)> {
    let seeds = (target.seeds)().into_iter().enumerate();
    let mut inputs: Vec<_> =
        seeds.map(|(n, seed)| (format!("{} seed {n}", target.name), seed)).collect();
    for entry in std::fs::read_dir(corpora().join(target.name)).unwrap() {
        let path = entry.unwrap().path();
        inputs.push((path.display().to_string(), std::fs::read(&path).unwrap()));
    }
    inputs
}

#[test]
fn everything_that_was_ever_found_stays_mended() {
    for target in TARGETS {
        for (name, bytes) in inputs(target) {
            let done = std::panic::catch_unwind(|| (target.run)(&bytes));
            assert!(done.is_ok(), "{name} breaks the target; the panic is above");
        }
    }
}

/// A few thousand damaged seeds of each, so that a target which rots is noticed without libFuzzer.
#[test]
fn damaged_seeds_break_no_promise() {
    for target in TARGETS {
        let dice = crate::world::Dice::new(7);
        let seeds = (target.seeds)();
        for round in 0..300 {
            let mut bytes = dice.pick(&seeds).clone();
            for _ in 0..=dice.below(3) {
                let at = dice.below(bytes.len() as u64 + 1) as usize;
                match dice.below(4) {
                    0 => bytes.truncate(at),
                    1 => bytes.insert(at.min(bytes.len()), dice.below(256) as u8),
                    2 if !bytes.is_empty() => {
                        let at = at.min(bytes.len() - 1);
                        bytes[at] ^= 1 << dice.below(8);
                    }
                    _ => {
                        let other = dice.pick(&seeds);
                        let from = dice.below(other.len() as u64 + 1) as usize;
                        bytes.splice(at.min(bytes.len()).., other[from..].iter().copied());
                    }
                }
            }
            let done = std::panic::catch_unwind(|| (target.run)(&bytes));
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(done.is_ok(), "{} round {round}: {text:?}", target.name);
        }
    }
}

#[test]
fn every_target_has_seeds_and_a_folder_and_nothing_else_has() {
    let names = |path: &std::path::Path| -> BTreeSet<String> {
        let entries = std::fs::read_dir(path).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let targets: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names(&corpora()), targets);
    assert!(TARGETS.iter().all(|target| !(target.seeds)().is_empty()));
}
