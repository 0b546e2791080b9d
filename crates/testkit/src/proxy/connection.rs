//! One connection from its first byte to whatever ends it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::counts::{Counts, Fault};
use super::relay::{Ending, Flow, relay};
use super::settings::{Mode, Settings};
use super::{Shared, reset};

const LOGIN_PAGE: &str = "<!doctype html><title>Hotel Wi-Fi</title>\
    <form action=\"/login\"><label>Room <input name=\"room\"></label><button>Log in</button></form>";

/// How long to wait for a client that should say its request, or hang up.
const PATIENCE: Duration = Duration::from_secs(5);
const PORTAL_HEAD_BYTES: usize = 64 << 10;

pub(super) async fn run(shared: Arc<Shared>, client: TcpStream) {
    let mut changes = shared.settings.subscribe();
    let settings = changes.borrow_and_update().clone();
    let number = shared.count(Counts::connection);
    match settings.mode {
        Mode::Refuse => {
            reset(client);
            shared.count(|counts| counts.fault(Fault::Refused));
        }
        Mode::Portal => {
            shared.count(|counts| counts.fault(Fault::Portal));
            // A client that hangs up has learnt what it came for.
            let _ = answer_with_login_page(client).await;
        }
        Mode::Pass => {
            let rng = shared.rng(number);
            let changed = async { changes.changed().await };
            pass(&shared, client, &settings, rng, changed).await;
        }
    }
}

/// Forwards until an end, a fault or a change of settings.
async fn pass<C>(
    shared: &Shared,
    mut client: TcpStream,
    settings: &Settings,
    mut rng: ChaCha8Rng,
    changed: impl Future<Output = C>,
) {
    let Ok(mut upstream) = TcpStream::connect(&shared.upstream).await else {
        reset(client);
        return shared.count(|counts| counts.fault(Fault::Unreachable));
    };
    // A proxy that gathers small writes would add delays that nobody asked for.
    let _ = (client.set_nodelay(true), upstream.set_nodelay(true));
    let flow = Flow::new(shared, settings, &mut rng);
    let ending = tokio::select! {
        ending = relay(&mut client, &mut upstream, &flow, rng) => ending,
        _ = changed => Ending::Fault(Fault::Changed),
    };
    // Counted before the client can notice, so that a test may look at once.
    if let Ending::Fault(fault) = ending {
        shared.count(|counts| counts.fault(fault));
    }
    match ending {
        Ending::Closed => {}
        Ending::Fault(Fault::Truncated) => {
            // An unread request would turn the good order into a reset.
            if client.shutdown().await.is_ok() {
                let _ = timeout(PATIENCE, drain(&mut client)).await;
            }
        }
        Ending::Fault(_) | Ending::Broken => {
            reset(client);
            reset(upstream);
        }
    }
}

/// Answers any request, read up to the end of its head, with 200 and HTML.
async fn answer_with_login_page(mut client: TcpStream) -> io::Result<()> {
    let mut head = Vec::new();
    let read_head = async {
        while head.len() < PORTAL_HEAD_BYTES && !head.windows(4).any(|it| it == b"\r\n\r\n") {
            if client.read_buf(&mut head).await? == 0 {
                break;
            }
        }
        io::Result::Ok(())
    };
    timeout(PATIENCE, read_head).await??;
    let length = LOGIN_PAGE.len();
    let reply = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n{LOGIN_PAGE}"
    );
    client.write_all(reply.as_bytes()).await?;
    client.shutdown().await?;
    timeout(PATIENCE, drain(&mut client)).await?
}

/// Reads and forgets until the client hangs up.
async fn drain(client: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    while client.read(&mut buffer).await? > 0 {}
    Ok(())
}
