//! The server on a socket, against clients that are slow, large, many, wrong or gone.

mod connections;
mod document;
mod requests;
mod support;
mod uploads;
