//! A relay between devices and a server that counts every byte, and cuts connections when told to.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;

/// What went through.
#[derive(Debug, Default)]
struct Counts {
    up: AtomicU64,
    down: AtomicU64,
    /// Bytes up a connection after which it is cut; 0 for never.
    cut_after: AtomicU64,
    cuts: AtomicU64,
}

/// A running relay. It lives as long as the process; measuring ends sooner.
pub(crate) struct Relay {
    pub(crate) url: String,
    counts: Arc<Counts>,
}

impl Relay {
    /// Starts one in front of a server.
    pub(crate) fn start(server_url: &str) -> anyhow::Result<Self> {
        let server = server_url.trim_start_matches("http://");
        let server: SocketAddr = server.parse().context("the server's address")?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let counts = Arc::new(Counts::default());
        let shared = counts.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if let Ok(upstream) = TcpStream::connect(server) {
                    serve(client, upstream, &shared);
                }
            }
        });
        Ok(Self { url, counts })
    }

    /// Bytes up and down since the last call.
    pub(crate) fn take(&self) -> (u64, u64) {
        let take = |count: &AtomicU64| count.swap(0, Ordering::SeqCst);
        (take(&self.counts.up), take(&self.counts.down))
    }

    /// From here on each connection is cut after so many bytes up; 0 for never.
    pub(crate) fn cut_after(&self, bytes: u64) {
        self.counts.cut_after.store(bytes, Ordering::SeqCst);
    }

    /// How many connections were cut.
    pub(crate) fn cuts(&self) -> u64 {
        self.counts.cuts.load(Ordering::SeqCst)
    }
}

fn serve(client: TcpStream, upstream: TcpStream, counts: &Arc<Counts>) {
    let _ = (client.set_nodelay(true), upstream.set_nodelay(true));
    let pairs = (client.try_clone(), upstream.try_clone());
    let (Ok(client_too), Ok(upstream_too)) = pairs else { return };
    let up = counts.clone();
    std::thread::spawn(move || {
        pump(&client_too, &upstream_too, &up.up, Some(&up));
    });
    let down = counts.clone();
    std::thread::spawn(move || {
        pump(&upstream, &client, &down.down, None);
    });
}

fn pump(mut from: &TcpStream, mut to: &TcpStream, count: &AtomicU64, cuts: Option<&Counts>) {
    let mut buffer = vec![0; 16 * 1024];
    let mut passed = 0;
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        count.fetch_add(n as u64, Ordering::SeqCst);
        passed += n as u64;
        if let Some(cuts) = cuts {
            let after = cuts.cut_after.load(Ordering::SeqCst);
            if after > 0 && passed > after {
                cuts.cuts.fetch_add(1, Ordering::SeqCst);
                // What was read is lost with the line.
                let _ = from.shutdown(Shutdown::Both);
                break;
            }
        }
        if to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
