//! The server on a socket, against clients that are slow, large, many, wrong or gone.

mod connections;
mod document;
mod matrix;
mod operators;
mod quota;
mod requests;
mod support;
mod team;
mod tls;
mod tus;
mod uploads;
