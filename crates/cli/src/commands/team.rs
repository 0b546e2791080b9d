//! `team`: a lead's people and their devices.

use std::path::Path;

use spotcheck_app::door::{DeviceNow, TeamAnswer, TeamCall};

use super::exchange::{http, wait};
use crate::args::Team;
use crate::failure::Failure;
use crate::home::CliDevice;
use crate::out::{Out, local_time, size, table};

pub(crate) fn run(
    device: &CliDevice,
    asked: &Team,
    ca: Option<&Path>,
    out: &mut Out,
) -> Result<(), Failure> {
    let call = match asked {
        Team::Devices => TeamCall::Devices {},
        Team::Invite { user } => TeamCall::Invite { user: user.clone() },
        Team::Revoke { device, reason } => {
            TeamCall::Revoke { device: device.clone(), why: reason.clone() }
        }
    };
    let api = http(&device.identity()?.server_url, ca)?;
    let answer = wait(spotcheck_native::ask_team(&api, device, call))??;
    match answer {
        TeamAnswer::Devices(now) if out.json => out.json(&now),
        TeamAnswer::Devices(now) => {
            out.lines(table(&now.devices.iter().map(row).collect::<Vec<_>>()));
            out.line("What was recorded since the last contact, only the device itself knows.");
        }
        TeamAnswer::Invite(invitation) if out.json => out.json(&invitation),
        TeamAnswer::Invite(invitation) => {
            out.line(&invitation.link);
            out.line(format!(
                "Good for one device of {}, until {}.",
                invitation.person.code,
                local_time(invitation.expires_ms)
            ));
        }
        TeamAnswer::Revoke(revocation) if out.json => out.json(&revocation),
        TeamAnswer::Revoke(revocation) => out.line(format!(
            "The device is revoked ({}). What it sends from now on is kept for review.",
            revocation.why
        )),
    }
    Ok(())
}

fn row(device: &DeviceNow) -> Vec<String> {
    let contact = device.last_contact_ms.map_or_else(|| "not known".to_owned(), local_time);
    let photos = match device.photos_awaited {
        0 => "no photos to come".to_owned(),
        count => format!("{count} photos to come ({})", size(device.photo_bytes_awaited)),
    };
    let state = match (&device.revoked, device.forked, device.continued) {
        (Some(reason), ..) => format!("revoked: {reason}"),
        (None, true, _) => "two devices wrote its log; it goes on under a new one".to_owned(),
        (None, false, 1..) => "goes on under a new log".to_owned(),
        (None, false, 0) => "active".to_owned(),
    };
    let ops = format!("{} ops", device.ops);
    let who = device.person.code.clone();
    vec![device.id.clone(), who, device.name.clone(), contact, ops, photos, state]
}
