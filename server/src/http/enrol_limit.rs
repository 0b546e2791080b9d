//! How often an address may try to enrol, or to be taken back in after a restore: a bucket of tokens
//! each.
//!
//! A code has 160 random bits, so this is not what keeps guessers out. It keeps the only requests
//! that strangers can have worked on from taking the server's time.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A table that strangers fill must be bounded.
const MAX_ADDRESSES: usize = 8192;

#[derive(Debug)]
pub(super) struct EnrolLimit {
    burst: f64,
    per_second: f64,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl EnrolLimit {
    pub(super) fn new(burst: u32, per_minute: u32) -> Self {
        let per_second = f64::from(per_minute) / 60.0;
        Self { burst: f64::from(burst), per_second, buckets: Mutex::default() }
    }

    /// Takes a token, or says after how many seconds there will be one.
    pub(super) fn take(&self, peer: IpAddr, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_ADDRESSES {
            // A full bucket is the same as none. If none is full, forget them all: this protects
            // time, not secrets.
            buckets.retain(|_, bucket| self.filled(*bucket, now) < self.burst);
            if buckets.len() >= MAX_ADDRESSES {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(network(peer)).or_insert(Bucket { tokens: self.burst, at: now });
        let tokens = self.filled(*bucket, now);
        *bucket = Bucket { tokens: if tokens >= 1.0 { tokens - 1.0 } else { tokens }, at: now };
        if tokens >= 1.0 {
            return Ok(());
        }
        Err(((1.0 - tokens) / self.per_second).ceil() as u64)
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.tokens + passed * self.per_second).min(self.burst)
    }
}

/// One customer of a provider has a whole /64 of IPv6.
pub(super) fn network(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        },
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_passes_then_one_at_a_time_and_the_table_stays_bounded() {
        let limit = EnrolLimit::new(3, 60);
        let start = Instant::now();
        let peer: IpAddr = "2001:db8::1".parse().unwrap();
        let neighbour: IpAddr = "2001:db8::2".parse().unwrap();
        assert!(limit.take(peer, start).is_ok() && limit.take(neighbour, start).is_ok());
        assert!(limit.take(peer, start).is_ok());
        assert_eq!(limit.take(neighbour, start), Err(1));
        assert!(limit.take("192.0.2.1".parse().unwrap(), start).is_ok());
        assert!(limit.take(peer, start + Duration::from_secs(1)).is_ok());
        assert_eq!(limit.take(peer, start + Duration::from_secs(1)), Err(1));
        for n in 0..3 * MAX_ADDRESSES as u32 {
            let _ = limit.take(IpAddr::V4(std::net::Ipv4Addr::from_bits(n)), start);
        }
        assert!(limit.buckets.lock().unwrap().len() <= MAX_ADDRESSES);
    }
}
