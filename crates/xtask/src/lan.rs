//! `cargo xtask run --lan`: what a server needs so that phones in the same network reach and trust it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::say;
use crate::steps::run_command;
use crate::workspace::program;

/// Where phones come in.
pub(crate) const LISTEN: &str = "0.0.0.0:8443";

/// What the server is told besides what it is always told.
pub(crate) struct Lan {
    host: IpAddr,
    listen: String,
    folder: PathBuf,
}

impl Lan {
    /// Makes the certificate for an address, or for the one that is found.
    pub(crate) fn prepare(
        server: &Path,
        data: &Path,
        host: Option<IpAddr>,
        listen: String,
    ) -> Result<Self, Failure> {
        let host = host.or_else(find).ok_or_else(|| {
            Failure::failed(
                "no private address of this machine was found: join the phones' network, or say \
                 --host IP",
            )
        })?;
        let folder = data.join("lan");
        say::start(format_args!("a certificate for {host}"));
        let mut command = program(server);
        command.arg("lan-ca").arg("--out").arg(&folder).arg("--host").arg(host.to_string());
        run_command(command, "no certificate was made: the line above says why")?;
        Ok(Self { host, listen, folder })
    }

    /// What the server is told.
    pub(crate) fn tell(&self, command: &mut Command) {
        let file = |name: &str| self.folder.join(name);
        command.args(["--listen", &self.listen, "--public-url", &self.url("https")]);
        command.arg("--tls-cert").arg(file("server.crt"));
        command.arg("--tls-key").arg(file("server.key"));
        command.arg("--tls-ca").arg(file("ca.crt"));
    }

    /// How a phone comes to trust it. The server prints the links and their picture.
    pub(crate) fn explain(&self) {
        say::start(format_args!("for phones in this network: {}", self.url("https")));
        say::line(format_args!(
            "    1. once: open {}/ca.crt on the phone, compare the fingerprint above, and\n       \
             install it as a certificate authority; docs/PHONE.md says where\n    \
             2. scan the picture below, or open a link: each is good for one device\n    \
             3. when done, remove the certificate from the phone",
            self.url("http")
        ));
    }

    fn url(&self, scheme: &str) -> String {
        let port = self.listen.rsplit(':').next().unwrap_or("8443");
        match self.host {
            IpAddr::V4(host) => format!("{scheme}://{host}:{port}"),
            IpAddr::V6(host) => format!("{scheme}://[{host}]:{port}"),
        }
    }
}

/// The private address that packets to a network leave from. Nothing is sent: a datagram socket is
/// only told where it would send to. The first is where a default route leads; the others are for
/// a network without one.
fn find() -> Option<IpAddr> {
    let goals = [[192, 0, 2, 1], [192, 168, 255, 254], [10, 255, 255, 254], [172, 31, 255, 254]];
    goals.into_iter().find_map(|goal| {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
        socket.connect((Ipv4Addr::from(goal), 9)).ok()?;
        match socket.local_addr().ok()? {
            SocketAddr::V4(from) if is_private(*from.ip()) => Some(IpAddr::V4(*from.ip())),
            _ => None,
        }
    })
}

fn is_private(ip: Ipv4Addr) -> bool {
    ip.is_private() || ip.is_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lan(host: &str, listen: &str) -> Lan {
        let (host, listen) = (host.parse().unwrap(), listen.to_owned());
        Lan { host, listen, folder: PathBuf::from("data/lan") }
    }

    #[test]
    fn the_server_is_told_the_address_that_phones_use() {
        let mut command = program("server");
        lan("192.168.1.5", LISTEN).tell(&mut command);
        let told: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy()).collect();
        let told = told.join(" ");
        assert!(told.contains("--listen 0.0.0.0:8443 --public-url https://192.168.1.5:8443"));
        assert!(told.contains("--tls-ca") && !told.contains("ca.key"), "{told}");
        assert_eq!(lan("fd00::5", "[::]:9443").url("http"), "http://[fd00::5]:9443");
    }

    #[test]
    fn a_found_address_is_private() {
        assert!(find().is_none_or(|found| matches!(found, IpAddr::V4(ip) if is_private(ip))));
    }
}
