//! Enrolment, from the link to the identity on the disk.

use spotcheck_app::EnrolmentLink;
use spotcheck_client::SyncApi;

use crate::{NativeDevice, OnlineError};

/// Makes a device its user's, durably. May be repeated with the same link until it is answered.
///
/// # Errors
/// When the server refuses, does not answer, or the device's own disk fails.
pub async fn enrol<A: SyncApi>(
    api: &A,
    device: &mut NativeDevice,
    link: &EnrolmentLink,
    device_name: &str,
) -> Result<(), OnlineError> {
    device.host_mut().enrolling(Some(link));
    device.begin_enrolment()?;
    let reply = spotcheck_client::enrol(api, link, device_name, device).await;
    let reply = reply.map_err(OnlineError::Pause)?;
    device.finish_enrolment(link, &reply)?;
    // What needs a key from now on needs a fresh one.
    device.host_mut().enrolling(None);
    Ok(())
}
