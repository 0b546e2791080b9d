//! Tests of the whole: that the house is tidy, and that devices and a server keep their promises.
#![allow(clippy::disallowed_methods, reason = "the tidy tests read the checkout")]

#[cfg(test)]
mod tidy;
