//! The calls of a page.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use js_sys::{Function, Map, Uint8Array};
use serde::Serialize;
use spotcheck_app::parts::ChunkBlobs;
use spotcheck_app::{AppError, Device, EnrolmentLink};
use spotcheck_client::{Ask, HttpApi, Pause, Progress, RoundReport, Steps, Unreachable};
use spotcheck_domain::BlobHash;
use wasm_bindgen::prelude::{JsCast as _, JsValue, wasm_bindgen};

use crate::failure::Failure;
use crate::host::BrowserHost;
use crate::storage::Storage;

/// Photos are handed to the page in pieces of this size.
const PIECE_BYTES: usize = 256 * 1024;

/// The device of this origin, held by this worker.
///
/// Answers are JSON text, the same as the command line prints with `--json` where it has the same
/// command. A call that fails throws an `Error` with a `code` that never changes. One call at a
/// time, and one round beside it: nobody waits for the network to have an answer saved. The worker
/// lines calls up so.
#[wasm_bindgen]
#[derive(Debug)]
pub struct BrowserDevice {
    /// A round or a question borrows it between requests, every other call from its beginning to its end.
    device: RefCell<Device<BrowserHost, ChunkBlobs>>,
}

#[wasm_bindgen]
impl BrowserDevice {
    /// Opens or creates the device in a folder of the private file system.
    ///
    /// # Errors
    /// `open_elsewhere` when another tab has it; `no_private_files` where the browser keeps none;
    /// `storage_unopened` when what is there cannot be opened or durability cannot be promised.
    pub async fn open(folder: String) -> Result<BrowserDevice, JsValue> {
        let Storage { store, blobs, keys } = Storage::open(&folder).await?;
        let host = BrowserHost::open(keys).map_err(Failure::from)?;
        let device = Device::new(store, blobs, host).map_err(Failure::from)?;
        Ok(Self { device: RefCell::new(device) })
    }

    /// Makes this device a user's, durably. May be repeated with the same link until it is answered.
    ///
    /// # Errors
    /// When the server refuses or does not answer, or the storage fails.
    pub async fn enrol(&self, link: String, name: String) -> Result<String, JsValue> {
        Ok(self.try_enrol(&link, &name).await?)
    }

    /// Runs one round of sync. What stopped it early is in `pause`; `status` says what is left.
    /// Before each request `go_on` is asked with the progress so far, as JSON; anything but `true`
    /// ends the round there, which loses nothing. At most `photo_bytes` of photos go out; all, if it is
    /// undefined.
    ///
    /// # Errors
    /// When the device is not enrolled, or its storage fails.
    pub async fn round(
        &self,
        go_on: &Function,
        photo_bytes: Option<f64>,
    ) -> Result<String, JsValue> {
        Ok(self.try_round(go_on, photo_bytes).await?)
    }

    /// Asks the server for a lead, or tells it: `spotcheck_app::door::TeamCall` as JSON in,
    /// `TeamAnswer` as JSON out.
    ///
    /// # Errors
    /// `read_only` for who is neither lead nor administrator; as the server refuses, or does not answer.
    pub async fn team(&self, request: &str) -> Result<String, JsValue> {
        Ok(self.try_team(request).await?)
    }

    /// Answers a request of a screen: `spotcheck_app::door` has every one.
    ///
    /// # Errors
    /// As the call's own.
    pub fn dispatch(&self, request: &str) -> Result<String, JsValue> {
        Ok(self.device.borrow_mut().dispatch(request).map_err(Failure::from)?)
    }

    /// Keeps a photo's bytes, durably, before a call names it: `{"sha256","bytes"}`.
    ///
    /// # Errors
    /// `storage_full`, or `invalid` for an empty file.
    pub fn take_photo(&self, bytes: &[u8]) -> Result<String, JsValue> {
        let kept = self.device.borrow_mut().take_photo(&mut &*bytes).map_err(Failure::from)?;
        Ok(text(&kept)?)
    }

    /// Records one line of a record file; `files` maps the names in it to their bytes. Durable when
    /// it returns.
    ///
    /// # Errors
    /// `invalid` with the field; nothing but the bytes of photos is then recorded.
    pub fn record(&self, line: &str, files: &Map) -> Result<String, JsValue> {
        let files = files_of(files)?;
        let mut open = |name: &str| -> io::Result<Box<dyn Read>> {
            let bytes = files.get(name).ok_or(io::ErrorKind::NotFound)?;
            Ok(Box::new(Cursor::new(bytes.to_vec())))
        };
        let recorded = self.device.borrow_mut().record_line(line, &mut open);
        Ok(text(&recorded.map_err(Failure::from)?)?)
    }

    /// How the device stands.
    ///
    /// # Errors
    /// `not_enrolled` before enrolment.
    pub fn status(&self) -> Result<String, JsValue> {
        Ok(text(&self.device.borrow().status().map_err(Failure::from)?)?)
    }

    /// Records of a kind, newest first.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub fn list(&self, kind: &str, limit: u32) -> Result<String, JsValue> {
        let found = self.device.borrow().list(kind, None, limit as usize).map_err(Failure::from)?;
        Ok(text(&found)?)
    }

    /// A record, by its id or the first digits of it.
    ///
    /// # Errors
    /// `not_found` when it is not on this device.
    pub fn show(&self, id: &str) -> Result<String, JsValue> {
        let device = self.device.borrow();
        let found = device.resolve(id).and_then(|record| device.show(record));
        Ok(text(&found.map_err(Failure::from)?)?)
    }

    /// The history of a record, in order of arrival.
    ///
    /// # Errors
    /// `not_found` when it is not on this device.
    pub fn history(&self, id: &str) -> Result<String, JsValue> {
        let device = self.device.borrow();
        let found = device.resolve(id).and_then(|record| device.history(record));
        Ok(text(&found.map_err(Failure::from)?)?)
    }

    /// The bytes of a photo or document, by its SHA-256 in hex.
    ///
    /// # Errors
    /// When it is not on this device.
    pub fn photo(&self, sha256: &str) -> Result<Uint8Array, JsValue> {
        let blob: BlobHash = sha256.parse().map_err(|_| Failure::Usage("not a SHA-256 in hex"))?;
        let mut bytes = vec![];
        loop {
            let piece = self.device.borrow().read_photo(blob, bytes.len() as u64, PIECE_BYTES);
            let piece = piece.map_err(Failure::from)?;
            bytes.extend_from_slice(&piece);
            if piece.len() < PIECE_BYTES {
                return Ok(Uint8Array::from(bytes.as_slice()));
            }
        }
    }
}

impl BrowserDevice {
    #[allow(clippy::await_holding_refcell_ref, reason = "no other call runs while this one does")]
    async fn try_enrol(&self, link: &str, name: &str) -> Result<String, Failure> {
        let link = EnrolmentLink::parse(link)
            .ok_or(Failure::Usage("this is no enrolment link: give the whole of it"))?;
        let api = http(&link.server_url)?;
        let mut device = self.device.borrow_mut();
        device.host_mut().enrolling(Some(&link));
        device.begin_enrolment()?;
        let reply = spotcheck_client::enrol(&api, &link, name, &*device).await?;
        device.finish_enrolment(&link, &reply)?;
        // What needs a key from now on needs a fresh one.
        device.host_mut().enrolling(None);
        text(&device.status()?)
    }

    /// The device is borrowed between requests, as by a round.
    async fn try_team(&self, request: &str) -> Result<String, Failure> {
        let call = serde_json::from_str(request).map_err(|e| AppError::invalid("ask", e))?;
        let api = http(&self.device.borrow().identity()?.server_url)?;
        let mut asked = self.device.borrow().begin_team(call)?;
        loop {
            let mut ask = Ask::new(asked.question());
            let reply = loop {
                let sending = ask.next(&*self.device.borrow());
                if let Some(reply) = ask.receive(sending.send(&api).await)? {
                    break reply;
                }
            };
            if let Some(answer) = self.device.borrow().take_team(&mut asked, reply)? {
                return text(&answer);
            }
        }
    }

    async fn try_round(
        &self,
        go_on: &Function,
        photo_bytes: Option<f64>,
    ) -> Result<String, Failure> {
        let api = http(&self.device.borrow().identity()?.server_url)?;
        // JavaScript has no other number; what is below zero or none at all is nothing.
        let mut steps = photo_bytes.map_or_else(Steps::default, |it| Steps::metered(it as u64));
        loop {
            let sending = steps.next(&mut *self.device.borrow_mut())?;
            let Some(sending) = sending else { break };
            let so_far = JsValue::from(text(&Progress::of(steps.report()))?);
            // A page that fails to say goes on: sync is what people want.
            if go_on.call1(&JsValue::NULL, &so_far).is_ok_and(|said| !said.is_truthy()) {
                break;
            }
            let answer = sending.send(&api).await;
            steps.receive(&mut *self.device.borrow_mut(), answer)?;
        }
        text(&RoundReport::of(steps.report()))
    }
}

fn http(url: &str) -> Result<HttpApi, Failure> {
    HttpApi::new(url).map_err(|Unreachable(why)| Failure::Pause(Pause::Offline(why)))
}

fn text(answer: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(answer).map_err(|e| AppError::invalid("answer", e).into())
}

/// The bytes a page passes along with a line, by name.
fn files_of(map: &Map) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut files = BTreeMap::new();
    let mut refused = false;
    map.for_each(&mut |bytes, name| match (name.as_string(), bytes.dyn_ref::<Uint8Array>()) {
        (Some(name), Some(bytes)) => {
            files.insert(name, bytes.to_vec());
        }
        _ => refused = true,
    });
    if refused {
        return Err(Failure::Usage("files must map names to Uint8Arrays"));
    }
    Ok(files)
}
