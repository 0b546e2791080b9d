//! Planted faults: small changes inside the product's real code path, each named after a failure
//! seen in the field, that the simulation must notice. They exist only where assertions do, in debug
//! builds: no release has them, and there they sleep until the simulation wakes one in its thread.

use std::cell::Cell;

thread_local! {
    static ACTIVE: Cell<&'static str> = const { Cell::new("") };
}

/// Plants one fault in this thread; `""` for none.
pub fn plant(name: &'static str) {
    ACTIVE.set(name);
}

/// Whether this fault is planted here.
pub fn is_planted(name: &str) -> bool {
    ACTIVE.get() == name
}
