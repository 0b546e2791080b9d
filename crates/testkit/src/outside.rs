//! The product from outside: its programs as processes, each device with a folder and a bad line of
//! its own. Nothing here knows what is inside: only command lines, their output and TCP.

mod device;
mod kill;
mod network;
mod photo;
mod programs;
mod server;
mod watch;
mod wrong_clock;

pub use device::{Device, Ran};
pub use kill::{Killed, kill_after, record_until_killed};
pub use network::{Line, Network};
pub use photo::jpeg;
pub use programs::Programs;
pub use server::{Server, Stored};
pub use watch::watch;
pub use wrong_clock::WrongClock;
