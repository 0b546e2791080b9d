//! Connections of one address at once: a single client must not take all there are.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::enrol_limit::network;

/// Who has how many connections open.
#[derive(Debug)]
pub(super) struct Peers {
    most: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// One connection of an address, counted until dropped.
#[derive(Debug)]
pub(super) struct PeerSlot {
    peers: Arc<Peers>,
    network: IpAddr,
}

impl Peers {
    /// At most so many connections each.
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, open: Mutex::default() })
    }

    /// A place for one more connection, unless the address has all it may have.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<PeerSlot> {
        let network = network(peer);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(PeerSlot { peers: self.clone(), network })
    }
}

impl Drop for PeerSlot {
    fn drop(&mut self) {
        let mut open = self.peers.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_share_and_no_more_and_leaves_nothing_behind() {
        let peers = Peers::new(2);
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let neighbour: IpAddr = "2001:db8::2".parse().unwrap();
        let other: IpAddr = "192.0.2.1".parse().unwrap();
        let held = [peers.take(one).unwrap(), peers.take(neighbour).unwrap()];
        assert!(peers.take(one).is_none());
        assert!(peers.take(other).is_some());
        drop(held);
        assert!(peers.take(one).is_some());
        assert!(peers.open.lock().unwrap().is_empty());
    }
}
