//! Figures in the text format of Prometheus. Labels are names of our own routes and statuses, so
//! nothing a client sends can add a series.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the histogram of request times, in ms.
const BOUNDS_MS: [u64; 10] = [1, 2, 5, 10, 25, 50, 100, 500, 2_500, 10_000];

/// What the server counts.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    pub(super) open: AtomicI64,
    pub(super) accepted: AtomicU64,
    pub(super) turned_away: AtomicU64,
    handshakes_failed: AtomicU64,
    routes: Mutex<BTreeMap<&'static str, Counts>>,
}

#[derive(Debug, Default)]
struct Counts {
    by_status: BTreeMap<u16, u64>,
    below: [u64; BOUNDS_MS.len()],
    total_us: u64,
    count: u64,
}

impl Metrics {
    /// Counts a handshake that came to nothing.
    pub(super) fn handshake_failed(&self) {
        self.handshakes_failed.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an answered request.
    pub(super) fn request(&self, route: &'static str, status: u16, took: Duration) {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = routes.entry(route).or_default();
        *counts.by_status.entry(status).or_default() += 1;
        let bucket = BOUNDS_MS.iter().position(|bound| took <= Duration::from_millis(*bound));
        if let Some(bucket) = bucket {
            counts.below[bucket] += 1;
        }
        counts.total_us += took.as_micros() as u64;
        counts.count += 1;
    }

    /// Everything as text, with figures that others keep.
    pub(super) fn text(&self, gauges: &[(&str, &str, u64)]) -> String {
        let mut text = String::new();
        let open = self.open.load(Ordering::Relaxed).max(0) as u64;
        let accepted = self.accepted.load(Ordering::Relaxed);
        let turned_away = self.turned_away.load(Ordering::Relaxed);
        single(&mut text, "connections", "gauge", "Connections open now.", open);
        let help = "Connections accepted.";
        single(&mut text, "connections_accepted_total", "counter", help, accepted);
        let help = "Connections refused because too many were open.";
        single(&mut text, "connections_turned_away_total", "counter", help, turned_away);
        let failed = self.handshakes_failed.load(Ordering::Relaxed);
        let help = "TLS handshakes that came to nothing.";
        single(&mut text, "tls_handshakes_failed_total", "counter", help, failed);
        for (name, help, value) in gauges {
            single(&mut text, name, "gauge", help, *value);
        }
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        head(&mut text, "requests_total", "counter", "Requests answered.");
        for (route, counts) in &*routes {
            for (status, count) in &counts.by_status {
                let labels = format!("route=\"{route}\",status=\"{status}\"");
                let _ = writeln!(text, "spotcheck_requests_total{{{labels}}} {count}");
            }
        }
        head(
            &mut text,
            "request_seconds",
            "histogram",
            "Time from a request's headers to its answer.",
        );
        for (route, counts) in &*routes {
            histogram(&mut text, route, counts);
        }
        text
    }
}

fn histogram(text: &mut String, route: &str, counts: &Counts) {
    let mut sum = 0;
    for (bound, below) in BOUNDS_MS.iter().zip(counts.below) {
        sum += below;
        let le = *bound as f64 / 1e3;
        let labels = format!("route=\"{route}\",le=\"{le}\"");
        let _ = writeln!(text, "spotcheck_request_seconds_bucket{{{labels}}} {sum}");
    }
    let (count, seconds) = (counts.count, counts.total_us as f64 / 1e6);
    let _ =
        writeln!(text, "spotcheck_request_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}");
    let _ = writeln!(text, "spotcheck_request_seconds_sum{{route=\"{route}\"}} {seconds}");
    let _ = writeln!(text, "spotcheck_request_seconds_count{{route=\"{route}\"}} {count}");
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP spotcheck_{name} {help}\n# TYPE spotcheck_{name} {kind}");
}

fn single(text: &mut String, name: &str, kind: &str, help: &str, value: u64) {
    head(text, name, kind, help);
    let _ = writeln!(text, "spotcheck_{name} {value}");
}
