//! The door of the screens: every call, on a device of a world with a server.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![allow(clippy::disallowed_methods, reason = "the tests compare files of the tree")]

mod any_order;
mod bindings;
mod calls;
mod desk;
mod evidence;
mod hard_days;
mod head;
mod instruments;
mod photos;
mod published;
mod sameness;
mod shots;
mod team;
mod versions;
