//! The control port: one line in, one line of JSON out, as often as one likes.
//!
//! - a JSON object: the new [`Settings`] as a whole; answered by themselves
//! - `settings`: the ones in force
//! - `counts`: what happened so far
//!
//! Anything else is answered by `{"error": …}` and changes nothing.

use std::io;

use serde::Serialize;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{FaultProxy, Settings};

const LINE_BYTES: u64 = 64 << 10;

/// Answers the control port until the future is dropped.
///
/// # Errors
/// The listening socket failed.
pub async fn serve_control(listener: TcpListener, proxy: FaultProxy) -> io::Result<()> {
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        connections.spawn(converse(stream, proxy.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: TcpStream, proxy: FaultProxy) -> io::Result<()> {
    let (from, mut to) = stream.into_split();
    let mut from = BufReader::new(from);
    loop {
        let mut line = String::new();
        if (&mut from).take(LINE_BYTES).read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let mut reply = answer(line.trim(), &proxy);
        reply.push('\n');
        to.write_all(reply.as_bytes()).await?;
    }
}

pub(super) fn answer(line: &str, proxy: &FaultProxy) -> String {
    match line {
        "settings" => to_json(&proxy.settings()),
        "counts" => to_json(&proxy.counts()),
        _ => match parse(line) {
            Ok(settings) => {
                proxy.set(settings.clone());
                to_json(&settings)
            }
            Err(error) => json!({ "error": error }).to_string(),
        },
    }
}

/// Settings from their JSON, if they make sense.
fn parse(line: &str) -> Result<Settings, String> {
    let settings: Settings = serde_json::from_str(line).map_err(|error| error.to_string())?;
    settings.problem().map_or(Ok(settings), |problem| Err(problem.to_owned()))
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value)
        .unwrap_or_else(|error| json!({ "error": error.to_string() }).to_string())
}
