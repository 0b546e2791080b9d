//! The bare machine: SQLite, files and sockets with none of our crates around them.

pub(crate) mod database;
pub(crate) mod desk;
pub(crate) mod sink;
