//! Writing down when devices were last heard of, once a minute and at the end.

use std::sync::Arc;

use super::app::App;

/// Writes now and then until the server stops.
pub(super) async fn run(app: Arc<App>) {
    let every = app.limits.contacts;
    // Not at once: at the start there is nothing to write.
    let mut turns = tokio::time::interval_at(tokio::time::Instant::now() + every, every);
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        keep(&app).await;
    }
}

/// Writes what is new. What cannot be written now is written next time.
pub(super) async fn keep(app: &Arc<App>) {
    let kept = app.blocking(false, |app| pollster::block_on(app.service().keep_contacts())).await;
    if let Ok(Err(error)) = kept {
        tracing::warn!(%error, "when devices were last heard of cannot be kept");
    }
}
