//! A world for tests: devices, a server, one clock, a faulty network and faulty disks; and the
//! product from outside, as processes.
#![allow(clippy::disallowed_methods, reason = "a host for tests")]

pub mod disk;
pub mod fuzz;
pub mod outside;
pub mod proxy;
pub mod simulation;
pub mod world;
