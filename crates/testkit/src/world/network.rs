//! What lies between devices and server, at its worst.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use http::StatusCode;
use spotcheck_protocol::api::{Request, Response, SyncApi, Unreachable};

use super::{Dice, SimServer};

/// The network's faults and what it has seen.
#[derive(Debug)]
pub struct Network {
    dice: Dice,
    /// One request in so many meets a fault; 0 for none.
    pub one_in: Cell<u64>,
    /// How often each fault struck.
    pub struck: RefCell<BTreeMap<&'static str, u64>>,
    /// How often each thing worth knowing happened that is no fault.
    pub noticed: RefCell<BTreeMap<&'static str, u64>>,
    /// Which faults may strike.
    pub allowed: RefCell<Vec<&'static str>>,
    late: RefCell<Vec<Request>>,
    stale: RefCell<Option<Response>>,
}

/// Every fault the network knows.
pub const FAULTS: [&str; 8] = [
    "request lost",
    "reply lost",
    "request repeated",
    "request late",
    "reply truncated",
    "reply forged",
    "captive portal",
    "reply stale",
];

impl Network {
    /// A network without faults.
    pub fn new(dice: Dice) -> Self {
        Self {
            dice,
            one_in: Cell::new(0),
            struck: RefCell::default(),
            noticed: RefCell::default(),
            allowed: RefCell::new(FAULTS.to_vec()),
            late: RefCell::default(),
            stale: RefCell::default(),
        }
    }

    fn fault(&self) -> Option<&'static str> {
        let allowed = self.allowed.borrow();
        let strikes = self.one_in.get() > 0 && self.dice.one_in(self.one_in.get());
        if !strikes || allowed.is_empty() {
            return None;
        }
        let fault = *self.dice.pick(&allowed);
        *self.struck.borrow_mut().entry(fault).or_default() += 1;
        Some(fault)
    }
}

/// The server through that network.
#[derive(Debug)]
pub struct FaultyApi<'a> {
    server: &'a SimServer,
    network: &'a Network,
}

impl<'a> FaultyApi<'a> {
    /// A server through a network.
    pub fn new(server: &'a SimServer, network: &'a Network) -> Self {
        Self { server, network }
    }

    async fn deliver(&self, request: &Request) -> Response {
        let response = self.server.service().handle(request).await;
        // A photo goes on in its middle: the server says where an upload stands.
        let offset = response.headers().get("upload-offset").and_then(|at| at.to_str().ok());
        if request.method() == http::Method::HEAD && offset.is_some_and(|offset| offset != "0") {
            *self.network.noticed.borrow_mut().entry("photo resumed").or_default() += 1;
        }
        response
    }
}

impl SyncApi for FaultyApi<'_> {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let (network, lost) = (self.network, |why: &str| Err(Unreachable(why.to_owned())));
        // What was held up arrives before something else.
        let late = std::mem::take(&mut *network.late.borrow_mut());
        for request in late {
            self.deliver(&request).await;
        }
        let response = match network.fault() {
            Some("request lost") => return lost("timed out"),
            Some("request late") => {
                network.late.borrow_mut().push(request);
                return lost("timed out");
            }
            Some("reply lost") => {
                self.deliver(&request).await;
                return lost("connection reset");
            }
            Some("request repeated") => {
                let first = self.deliver(&request).await;
                for _ in 0..=network.dice.below(4) {
                    self.deliver(&request).await;
                }
                first
            }
            Some("reply truncated") => {
                let mut response = self.deliver(&request).await;
                let keep = network.dice.below(response.body().len() as u64) as usize;
                response.body_mut().truncate(keep);
                response
            }
            Some("reply forged") => {
                let mut response = self.deliver(&request).await;
                let at = network.dice.below(response.body().len() as u64) as usize;
                if let Some(byte) = response.body_mut().get_mut(at) {
                    *byte ^= 1 << network.dice.below(8);
                }
                response
            }
            Some("captive portal") => {
                let mut page = Response::new(b"<html>please sign in</html>".to_vec());
                *page.status_mut() = StatusCode::OK;
                return Ok(page);
            }
            Some("reply stale") => match network.stale.borrow().clone() {
                Some(stale) => return Ok(stale),
                None => return lost("timed out"),
            },
            _ => self.deliver(&request).await,
        };
        *network.stale.borrow_mut() = Some(response.clone());
        Ok(response)
    }
}
