//! What the day claims, and whether it held.

use std::fmt::Display;
use std::time::Instant;

/// Claims as they are checked, on standard output.
pub(crate) struct Claims {
    began: Instant,
    held: u32,
    broken: Vec<String>,
}

impl Claims {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), held: 0, broken: vec![] }
    }

    /// A part of the day.
    pub(crate) fn part(&self, title: &str) {
        println!("\n{title}");
    }

    /// What was done, without a claim.
    pub(crate) fn note(&self, text: impl Display) {
        println!("          {text}");
    }

    /// A claim, with the figures it rests on.
    pub(crate) fn claim(&mut self, holds: bool, text: impl Display) {
        if holds {
            self.held += 1;
            println!("  held    {text}");
        } else {
            println!("  BROKEN  {text}");
            self.broken.push(text.to_string());
        }
    }

    /// Sums up; whether all held.
    pub(crate) fn sum_up(&self) -> bool {
        let seconds = self.began.elapsed().as_secs_f64();
        let all = self.held as usize + self.broken.len();
        println!("\n{} of {all} claims held, in {seconds:.1} s", self.held);
        self.broken.iter().for_each(|claim| println!("  BROKEN  {claim}"));
        self.broken.is_empty()
    }
}

/// Bytes for people: 12,345.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes for people: 1.4 MB.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
