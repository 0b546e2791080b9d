//! The sockets around [`crate::service`]: what reaches it, how much of it, and how fast.
//!
//! A request passes, in this order: a cap on connections, the TLS handshake where there is one, limits on time and size of its headers,
//! its route, the shape of its signature and whether its device is known, a cap on its declared
//! length, a budget for bodies in memory, and a queue for the threads that may block. Only then does
//! the service see it, and decide.

mod answer;
mod app;
mod body;
mod connection;
mod contacts;
mod enrol_limit;
mod expiry;
mod front;
mod limits;
mod listen;
mod method_override;
mod metrics;
mod openapi;
mod peers;
mod plain;
mod probes;
mod routes;
mod signed;
mod tls;
mod upload;
mod web;

#[cfg(test)]
mod tests;

pub use app::App;
pub use limits::Limits;
pub use listen::Server;
pub use openapi::document;
pub use tls::Tls;
pub use web::Web;
