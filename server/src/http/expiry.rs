//! Removing uploads that nobody finished, at the start and from time to time.

use std::sync::Arc;

use spotcheck_protocol::api::path;

use super::app::App;

/// Uploads looked up at once.
const BATCH: usize = 500;

/// Sweeps now and then until the server stops.
pub(super) async fn run(app: Arc<App>) {
    let mut turns = tokio::time::interval(app.limits.sweep);
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        let removed = sweep(&app).await;
        if removed > 0 {
            tracing::info!(removed, "uploads that were not finished in time are gone");
        }
    }
}

/// Removes every upload that is over; how many there were.
pub(super) async fn sweep(app: &Arc<App>) -> usize {
    let mut removed = 0;
    loop {
        let find = |app: &App| pollster::block_on(app.service().ended_uploads(BATCH));
        let ended = match app.blocking(true, find).await {
            Ok(Ok(ended)) => ended,
            Ok(Err(error)) => {
                tracing::error!(%error, "expired uploads cannot be looked up");
                return removed;
            }
            // Busy: there is a next time.
            Err(_) => return removed,
        };
        let found = ended.len();
        for id in ended {
            if !end(app, id).await {
                return removed;
            }
            removed += 1;
        }
        if found < BATCH {
            return removed;
        }
    }
}

/// Removes one upload, in its turn: a request that began before its end may still be writing it.
async fn end(app: &Arc<App>, id: String) -> bool {
    let turn = app.upload_turn(&format!("{}/{id}", path::UPLOADS)).await;
    let done = app.blocking(true, move |app| {
        let _turn = turn;
        pollster::block_on(app.service().end_upload(&id))
    });
    match done.await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::error!(%error, "an expired upload cannot be removed");
            false
        }
        Err(_) => false,
    }
}
