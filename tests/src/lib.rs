//! Tests of the whole: that the house is tidy, and that devices and a server keep their promises.

#[cfg(test)]
mod tidy;
