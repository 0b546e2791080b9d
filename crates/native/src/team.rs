//! A lead's questions about their people's devices, from the request to the answer.

use spotcheck_app::door::{TeamAnswer, TeamCall};
use spotcheck_app::parts::BlobStore;
use spotcheck_app::{Device, Host};
use spotcheck_client::SyncApi;

use crate::OnlineError;

/// Asks the server.
///
/// # Errors
/// When this device may not, the server refuses, or it does not answer.
pub async fn ask_team<A: SyncApi, H: Host, B: BlobStore>(
    api: &A,
    device: &Device<H, B>,
    call: TeamCall,
) -> Result<TeamAnswer, OnlineError> {
    let mut asked = device.begin_team(call)?;
    loop {
        let reply = spotcheck_client::ask(api, asked.question(), device).await;
        if let Some(answer) = device.take_team(&mut asked, reply.map_err(OnlineError::Pause)?)? {
            return Ok(answer);
        }
    }
}
