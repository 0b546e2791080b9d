//! Discovery sampling: the smallest sample that sees at least one defective with a given chance.

/// Two chances that differ by less are the same: 0.05 is no decimal of a binary float.
const TOLERANCE: f64 = 1e-12;

/// The smallest sample of `lot` with at most `miss` chance to see none of `defectives`. Between 1
/// and `lot`; found by halving, since a larger sample never misses more.
pub(super) fn sample_size(lot: u32, defectives: u32, miss: f64) -> u32 {
    let (mut low, mut high) = (1, lot.max(1));
    while low < high {
        let middle = low + (high - low) / 2;
        if miss_chance(lot, defectives, middle) <= miss + TOLERANCE {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// C(lot − defectives, size) / C(lot, size), the hypergeometric chance to see none. The product has
/// as many factors as the smaller of size and defectives, and stops where it no longer matters.
pub(super) fn miss_chance(lot: u32, defectives: u32, size: u32) -> f64 {
    if size > lot.saturating_sub(defectives) {
        return 0.0;
    }
    let (few, many) = (size.min(defectives), size.max(defectives));
    let mut chance = 1.0_f64;
    for k in 0..few {
        chance *= f64::from(lot - many - k) / f64::from(lot - k);
        if chance < 1e-18 {
            return 0.0;
        }
    }
    chance
}
