//! `fault-proxy UPSTREAM [PORT [CONTROL_PORT [SEED]]]`: the fault proxy on 127.0.0.1.
//!
//! Port 0, the default, is any free one. Prints both addresses as one line of JSON, then serves
//! until it is killed. The control port is described in `proxy/control.rs`.
#![allow(clippy::print_stdout, reason = "a program that tells its caller where it listens")]

use std::net::{Ipv4Addr, SocketAddr};

use spotcheck_testkit::proxy::{FaultProxy, serve_control};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let upstream = args.next().ok_or("usage: fault-proxy UPSTREAM [PORT [CONTROL_PORT [SEED]]]")?;
    let port: u16 = args.next().map_or(Ok(0), |it| it.parse())?;
    let control_port: u16 = args.next().map_or(Ok(0), |it| it.parse())?;
    let seed: u64 = args.next().map_or(Ok(0), |it| it.parse())?;

    let proxy = FaultProxy::bind(localhost(port), upstream, seed).await?;
    let control = TcpListener::bind(localhost(control_port)).await?;
    let (listen, control_addr) = (proxy.local_addr()?, control.local_addr()?);
    println!("{}", serde_json::json!({ "listen": listen, "control": control_addr, "seed": seed }));
    tokio::try_join!(proxy.serve(), serve_control(control, proxy.clone()))?;
    Ok(())
}

fn localhost(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}
