//! Requests by hand: what a device's key signs, whatever is in them.

use ed25519_dalek::SigningKey;
use http::{HeaderValue, Method};
use spotcheck_protocol::api::{Request, Response};
use spotcheck_protocol::keys::Signer;
use spotcheck_protocol::request_signature::{
    CONTENT_DIGEST, Params, SIGNATURE, SIGNATURE_INPUT, SignedRequest, sign,
};

use super::World;

impl World {
    /// The key that a device was enrolled with.
    ///
    /// # Panics
    /// When the device is off or not enrolled.
    pub fn key_of(&self, device: usize) -> &'static SigningKey {
        let device = &self.devices[device];
        let logs = device.peek().store().own_logs().expect("the store reads");
        let public = logs.first().expect("the device is enrolled").public_key;
        device.host.keys.borrow().get(&public).copied().expect("its key is here")
    }

    /// A POST with a fresh nonce, signed by a device's key, at the server's own time.
    ///
    /// # Panics
    /// When the target is not one.
    pub fn signed_post(&self, device: usize, target: &str, body: Vec<u8>) -> (Request, [u8; 16]) {
        let (key, mut nonce) = (self.key_of(device), [0; 16]);
        self.dice.fill(&mut nonce);
        let created_s = self.clock.get() / 1000;
        let params = Params { created_s, nonce, key_id: key.log().0 };
        let signed = SignedRequest { method: "POST", target, body: &body };
        let headers = sign(&signed, &params, |bytes| key.sign(bytes)).expect("a plain target");
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = target.parse().expect("a plain target");
        for (name, value) in [
            (CONTENT_DIGEST, headers.content_digest),
            (SIGNATURE_INPUT, headers.signature_input),
            (SIGNATURE, headers.signature),
        ] {
            let value = HeaderValue::from_str(&value).expect("base64 and text");
            request.headers_mut().insert(name, value);
        }
        (request, nonce)
    }

    /// Hands a request to the server.
    pub fn handle(&self, request: &Request) -> Response {
        pollster::block_on(self.server.service().handle(request))
    }
}
