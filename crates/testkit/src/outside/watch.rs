//! Nothing that was started outlives us, and nothing takes for ever.

use std::time::Duration;

use super::network::Network;
use super::server::Server;

/// Ends this process, and the server before it, after a time or when told to stop. Says why first.
pub fn watch(network: &Network, server: &Server, most: Duration, say: fn(&str)) {
    let kill = server.killer();
    network.spawn(async move {
        tokio::select! {
            () = tokio::time::sleep(most) => {
                say(&format!("took more than {} s", most.as_secs()));
            }
            () = told_to_stop() => say("told to stop"),
        }
        kill();
        std::process::exit(1);
    });
}

#[cfg(unix)]
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
