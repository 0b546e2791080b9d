//! The calls of the page: `app-ui/src/lib/core/tauri.ts` is their only caller.
//!
//! All run away from the main thread: it draws. What a command records is durable when it answers.

use data_encoding::BASE64;
use serde::Serialize;
use serde_json::value::RawValue;
use spotcheck_app::EnrolmentLink;
use spotcheck_app::door::{TeamAnswer, TeamCall};
use spotcheck_client::{Ask, HttpApi, Pause, Progress, RoundReport, Steps, Unreachable};
use spotcheck_domain::op::BlobRef;
use tauri::State;
use tauri::ipc::{Channel, InvokeBody, Request};

use crate::failure::Failure;
use crate::held::Held;

/// Names the photo that raw bytes belong to.
const PHOTO_HEADER: &str = "x-photo";

/// Opens or creates the device. May be asked again.
#[tauri::command(async)]
pub(crate) fn open(held: State<'_, Held>) -> Result<(), Failure> {
    held.open()
}

/// Answers a request of a screen: `spotcheck_app::door` has every one.
#[tauri::command(async)]
pub(crate) fn call(held: State<'_, Held>, request: &str) -> Result<Box<RawValue>, Failure> {
    let answer = held.with(|device| Ok(device.dispatch(request)?))?;
    RawValue::from_string(answer).map_err(|_| Failure::usage("the answer is no JSON"))
}

/// Makes this device a user's, durably. May be repeated with the same link until it is answered.
#[tauri::command]
pub(crate) async fn enrol(
    held: State<'_, Held>,
    link: String,
    device_name: String,
) -> Result<(), Failure> {
    let link = EnrolmentLink::parse(&link)
        .ok_or_else(|| Failure::usage("this is no enrolment link: give the whole of it"))?;
    let api = http(&link.server_url)?;
    let held = held.inner().clone();
    // Nothing else is asked of a device before it is enrolled: it may be held while the server answers.
    let enrolled = tauri::async_runtime::spawn_blocking(move || {
        held.with(|device| {
            let work = spotcheck_native::enrol(&api, device, &link, &device_name);
            Ok(tauri::async_runtime::block_on(work)?)
        })
    });
    enrolled.await.map_err(|_| Failure::usage("the enrolment was broken off: try again"))?
}

/// Runs one round of sync. What stopped it early is in the answer. At most `photo_bytes` of photos go
/// out; all, if none is given.
#[tauri::command]
pub(crate) async fn sync(
    held: State<'_, Held>,
    progress: Channel<Progress>,
    photo_bytes: Option<u64>,
) -> Result<RoundReport, Failure> {
    let held = held.inner().clone();
    let _one_at_a_time = held.round().lock().await;
    held.cancel(false);
    let api = http(&held.with(|device| Ok(device.identity()?.server_url.clone()))?)?;
    let mut steps = photo_bytes.map_or_else(Steps::default, Steps::metered);
    loop {
        let sending = held.with(|device| Ok(steps.next(device)?))?;
        let Some(sending) = sending else { break };
        // A page that is gone goes on in the background: sync is what people want.
        let _ = progress.send(Progress::of(steps.report()));
        if held.is_cancelled() {
            break;
        }
        let answer = sending.send(&api).await;
        held.with(|device| Ok(steps.receive(device, answer)?))?;
    }
    Ok(RoundReport::of(steps.report()))
}

/// Asks the server for a lead, or tells it. The device is held between requests, as by a round.
#[tauri::command]
pub(crate) async fn team(held: State<'_, Held>, asked: TeamCall) -> Result<TeamAnswer, Failure> {
    let held = held.inner().clone();
    let api = http(&held.with(|device| Ok(device.identity()?.server_url.clone()))?)?;
    let mut asked = held.with(|device| Ok(device.begin_team(asked)?))?;
    loop {
        let mut ask = Ask::new(asked.question());
        let reply = loop {
            let sending = held.with(|device| Ok(ask.next(device)))?;
            if let Some(reply) = ask.receive(sending.send(&api).await)? {
                break reply;
            }
        };
        if let Some(answer) = held.with(|device| Ok(device.take_team(&mut asked, reply)?))? {
            return Ok(answer);
        }
    }
}

/// Asks the round to stop before its next request.
#[tauri::command]
pub(crate) fn cancel_sync(held: State<'_, Held>) {
    held.cancel(true);
}

/// A place for the bytes of a photo; gives the name to send them under.
#[tauri::command(async)]
pub(crate) fn photo_begin(held: State<'_, Held>) -> Result<String, Failure> {
    Ok(held.incoming().begin()?)
}

/// The next bytes of a photo: raw, or as base64 where the bridge carries text only (Android).
#[tauri::command(async)]
pub(crate) fn photo_piece(held: State<'_, Held>, request: Request<'_>) -> Result<(), Failure> {
    match request.body() {
        InvokeBody::Raw(bytes) => {
            let name = request.headers().get(PHOTO_HEADER).and_then(|name| name.to_str().ok());
            let name = name.ok_or_else(|| Failure::usage("which photo?"))?;
            Ok(held.incoming().add(name, bytes)?)
        }
        InvokeBody::Json(piece) => {
            let text = |member| piece.get(member).and_then(serde_json::Value::as_str);
            let (Some(name), Some(base64)) = (text("photo"), text("base64")) else {
                return Err(Failure::raw_unsupported());
            };
            let bytes = BASE64.decode(base64.as_bytes());
            let bytes = bytes.map_err(|_| Failure::usage("base64: not in that alphabet"))?;
            Ok(held.incoming().add(name, &bytes)?)
        }
    }
}

/// What is kept of a photo.
#[derive(Serialize)]
pub(crate) struct Kept {
    sha256: String,
    bytes: u64,
}

/// Keeps the bytes, unchanged, durably.
#[tauri::command(async)]
pub(crate) fn photo_end(held: State<'_, Held>, photo: &str) -> Result<Kept, Failure> {
    let mut file = held.incoming().finish(photo)?;
    let BlobRef { sha256, bytes } = held.with(|device| Ok(device.take_photo(&mut file)?))?;
    Ok(Kept { sha256: sha256.to_string(), bytes })
}

fn http(url: &str) -> Result<HttpApi, Failure> {
    HttpApi::new(url).map_err(|Unreachable(why)| Pause::Offline(why).into())
}
