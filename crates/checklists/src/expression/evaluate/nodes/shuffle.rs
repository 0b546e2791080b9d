//! `randomize`: the same seed gives the same order on every engine (ODK XForms, "randomize").

use sha2::{Digest, Sha256};

use crate::expression::error::Faulty;
use crate::expression::evaluate::args::Args;
use crate::expression::{NodeId, Value};

/// 2³¹ − 1, the modulus of the Park–Miller generator.
const MODULUS: i64 = 2_147_483_647;

impl Args<'_> {
    pub(super) fn randomize(&self) -> Faulty<Value> {
        let nodes = self.nodes(0);
        let mut seed = self.values.get(1).map(|value| {
            let number = self.run.number(value);
            let text = self.run.text(value);
            start(if number.is_nan() { of_text(&text) } else { of_number(number) })
        });
        let mut next = || match &mut seed {
            Some(seed) => {
                *seed = *seed * 16_807 % MODULUS;
                // Both below 2^31, so exact before the division.
                (*seed - 1) as f64 / (MODULUS - 1) as f64
            }
            None => self.run.context.random(),
        };
        // Fisher–Yates from the inside out.
        let mut shuffled: Vec<NodeId> = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let other = ((next() * (index + 1) as f64).floor() as usize).min(index);
            shuffled.push(*node);
            shuffled.swap(index, other);
        }
        Ok(Value::Nodes(shuffled))
    }
}

/// A number without its fraction, ends of the range standing for what lies beyond.
fn of_number(number: f64) -> i64 {
    number as i64
}

/// The first eight bytes of the SHA-256 of a text that is no number; 0 for none.
fn of_text(text: &str) -> i64 {
    if text.is_empty() {
        return 0;
    }
    let bytes = Sha256::digest(text.as_bytes());
    bytes.iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte)).cast_signed()
}

fn start(seed: i64) -> i64 {
    let seed = seed % MODULUS;
    if seed <= 0 { seed + MODULUS - 1 } else { seed }
}
