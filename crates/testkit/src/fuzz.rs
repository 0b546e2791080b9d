//! Hostile input: one function a target, the same for libFuzzer, for the corpora and for tests.
//!
//! A target asserts what must stay true of *any* bytes, not only that nothing panics. Seeds are
//! written by the real encoders each time, so they never grow old; `corpus/TARGET` beside this
//! crate's manifest holds what was found, and each of it stays mended.

mod device;
mod files;
mod op;
mod requests;
mod rules;
mod tus;
mod wire;

use std::path::PathBuf;

#[cfg(test)]
mod tests;

/// Something that takes bytes from outside.
#[derive(Debug)]
pub struct Target {
    /// As on the command line, and the name of its corpus folder.
    pub name: &'static str,
    /// Takes any bytes and panics where a promise does not hold.
    pub run: fn(&[u8]),
    /// What honest programs send there.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "op", run: op::op, seeds: op::op_seeds },
    Target { name: "batch", run: op::batch, seeds: op::batch_seeds },
    Target { name: "frame", run: wire::frame, seeds: wire::frame_seeds },
    Target { name: "signature", run: wire::signature, seeds: wire::signature_seeds },
    Target { name: "reply", run: wire::reply, seeds: wire::reply_seeds },
    Target { name: "receipt", run: wire::receipt, seeds: wire::receipt_seeds },
    Target { name: "enrolment", run: wire::enrolment, seeds: wire::enrolment_seeds },
    Target { name: "request", run: requests::request, seeds: requests::seeds },
    Target { name: "tus", run: tus::tus, seeds: tus::seeds },
    Target { name: "record", run: device::record, seeds: device::record_seeds },
    Target { name: "sites", run: device::sites, seeds: device::sites_seeds },
    Target { name: "expression", run: rules::expression, seeds: rules::expression_seeds },
    Target { name: "question", run: rules::question, seeds: rules::question_seeds },
    Target { name: "form", run: files::form, seeds: files::form_seeds },
    Target { name: "logger", run: files::logger, seeds: files::logger_seeds },
];

/// The target of a name.
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Where the inputs are kept that once broke a target.
pub fn corpora() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}
