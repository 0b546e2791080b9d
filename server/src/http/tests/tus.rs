//! What tus 1.0 demands of a server, row by row of docs/TUS.md, over TCP and a real data folder.

mod checksum;
mod core;
mod creation;
mod expiration;

use super::support::{Answer, Running, TestDevice, quick};

const OCTETS: (&str, &str) = ("content-type", "application/offset+octet-stream");

/// An upload that a device was granted, and whoever uploads it.
struct Tus {
    server: Running,
    device: TestDevice,
    capability: String,
    location: String,
}

impl Tus {
    /// A server, and an upload granted but not created.
    async fn granted(bytes: &[u8]) -> Self {
        Self::granted_by(Running::start(quick()).await, bytes).await
    }

    async fn granted_by(server: Running, bytes: &[u8]) -> Self {
        let device = server.enrol().await;
        let grant = device.grant(&server, bytes).await;
        Self { server, device, capability: grant.capability, location: grant.location }
    }

    /// The same, created.
    async fn created(bytes: &[u8]) -> Self {
        let tus = Self::granted(bytes).await;
        assert_eq!(tus.create(&bytes.len().to_string()).await.status, 201);
        tus
    }

    /// Sends a request with the version and the capability, unless the headers name others.
    async fn send(&self, method: &str, at: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {at} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n");
        let own = [("tus-resumable", "1.0.0"), ("spotcheck-upload", self.capability.as_str())];
        let own = own.iter().filter(|(name, _)| headers.iter().all(|(other, _)| other != name));
        for (name, value) in own.chain(headers).filter(|(_, value)| *value != "-") {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        self.server.send(&[head.as_bytes(), body].concat()).await
    }

    async fn create(&self, length: &str) -> Answer {
        self.send("POST", "/api/v1/uploads", &[("upload-length", length)], b"").await
    }

    async fn head(&self) -> Answer {
        self.send("HEAD", &self.location, &[], b"").await
    }

    async fn patch(&self, offset: &str, body: &[u8]) -> Answer {
        self.send("PATCH", &self.location, &[OCTETS, ("upload-offset", offset)], body).await
    }

    /// How many bytes the server says it has.
    async fn offset(&self) -> usize {
        self.head().await.header("upload-offset").unwrap().parse().unwrap()
    }
}

/// Status and code of a refusal. `HEAD` is answered without a body, so without a code.
fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
}
