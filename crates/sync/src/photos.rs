//! The photo lane: after the answers, smallest first, resumed where it was cut.
//!
//! Nothing a tus reply says is believed: it only says where to go on. That the server has a photo
//! is known from a receipt alone.

use std::collections::{BTreeSet, VecDeque};

use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use spotcheck_domain::BlobHash;
use spotcheck_domain::op::BlobRef;
use spotcheck_protocol::PROTOCOL;
use spotcheck_protocol::api::{CAPABILITY_HEADER, Response, path};
use spotcheck_protocol::messages::{GrantReply, GrantRequest};
use spotcheck_protocol::problem::Problem;

use crate::round::{Pause, Report, SyncError};
use crate::{Auth, Local, Outgoing};

/// A cut costs at most what was not yet durable of one chunk.
const MIN_CHUNK: usize = 16 * 1024;
const MAX_CHUNK: usize = 512 * 1024;
/// Photos looked at in one round.
const PHOTOS: usize = 500;

/// Where an upload stands; kept on the device, so that it resumes after a restart.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Note {
    capability: String,
    location: String,
    created: bool,
}

#[derive(Debug, Clone)]
enum Step {
    Grant,
    Create(Note),
    Ask(Note),
    Send(Note, u64),
}

#[derive(Debug)]
pub(crate) struct PhotoLane {
    waiting: Option<VecDeque<(BlobRef, Option<Note>)>>,
    now: Option<(BlobRef, Step)>,
    chunk: usize,
    in_flight: usize,
    sent: bool,
    document: Option<(BlobRef, Vec<u8>)>,
    passed_over: BTreeSet<BlobHash>,
    /// So many bytes of photos may go out in this round, each of them whole unless it was begun before;
    /// none: as many as there are.
    pub(crate) left: Option<u64>,
}

impl Default for PhotoLane {
    fn default() -> Self {
        Self {
            waiting: None,
            now: None,
            chunk: 64 * 1024,
            in_flight: 0,
            sent: false,
            document: None,
            passed_over: BTreeSet::new(),
            left: None,
        }
    }
}

impl PhotoLane {
    /// Whether a receipt is worth asking for.
    pub(crate) fn sent_any(&self) -> bool {
        self.sent
    }

    /// Whether the request in flight is answered by a signed page.
    pub(crate) fn awaits_signed_reply(&self) -> bool {
        matches!(self.now, Some((_, Step::Grant)))
    }

    /// Sends no more photos in this round.
    pub(crate) fn stop(&mut self) {
        self.now = None;
        self.waiting = Some(VecDeque::new());
    }

    /// A chunk was lost: smaller ones lose less.
    pub(crate) fn lost(&mut self) {
        self.chunk = (self.chunk / 2).max(MIN_CHUNK);
    }

    pub(crate) fn next<L: Local>(
        &mut self,
        local: &mut L,
        report: &mut Report,
    ) -> Result<Option<Outgoing>, SyncError<L::Error>> {
        if let Some(request) = self.next_document(local)? {
            return Ok(Some(request));
        }
        if self.left == Some(0) {
            // Where it stands is noted: the next round goes on there.
            return Ok(None);
        }
        if self.waiting.is_none() {
            let photos = local.photos_to_send(PHOTOS)?.into_iter();
            let noted =
                |note: Option<String>| note.and_then(|text| serde_json::from_str(&text).ok());
            self.waiting = Some(photos.map(|photo| (photo.blob, noted(photo.note))).collect());
        }
        while self.now.is_none() {
            let next = self.waiting.as_mut().and_then(VecDeque::pop_front);
            let Some((blob, note)) = next else { break };
            // What does not fit waits whole: begun over and over, it would be paid for and never arrive.
            if note.is_none() && self.left.is_some_and(|left| blob.bytes > left) {
                continue;
            }
            // One damaged photo must not keep the others back, nor be sent again and again.
            if !local.photo_is_whole(blob)? {
                report.damaged.push(blob.sha256);
                continue;
            }
            let step = match note {
                None => Step::Grant,
                Some(note) if note.created => Step::Ask(note),
                Some(note) => Step::Create(note),
            };
            self.now = Some((blob, step));
        }
        let Some((blob, step)) = &self.now else { return Ok(None) };
        let request = match step {
            Step::Grant => {
                let body = GrantRequest { p: PROTOCOL, sha256: blob.sha256, bytes: blob.bytes };
                Outgoing::post(path::GRANTS, &body)
            }
            Step::Create(note) => {
                let length = ("upload-length", blob.bytes.to_string());
                tus(Method::POST, path::UPLOADS, note, vec![length], vec![])
            }
            Step::Ask(note) => tus(Method::HEAD, &note.location, note, vec![], vec![]),
            Step::Send(note, offset) => {
                let most = self.left.map_or(self.chunk, |left| {
                    self.chunk.min(usize::try_from(left).unwrap_or(usize::MAX))
                });
                let bytes = local.read_photo(blob.sha256, *offset, most)?;
                self.in_flight = bytes.len();
                // What is sent is paid for, whether or not it arrives.
                self.left = self.left.map(|left| left.saturating_sub(bytes.len() as u64));
                let headers = vec![
                    ("upload-offset", offset.to_string()),
                    ("content-type", "application/offset+octet-stream".to_owned()),
                ];
                tus(Method::PATCH, &note.location, note, headers, bytes)
            }
        };
        Ok(Some(request))
    }

    /// Documents this device needs, before its photos: they are small and say what to check.
    fn next_document<L: Local>(
        &mut self,
        local: &mut L,
    ) -> Result<Option<Outgoing>, SyncError<L::Error>> {
        if self.document.is_none() {
            self.document = local.wanted(&self.passed_over)?.map(|blob| (blob, vec![]));
        }
        let Some((blob, held)) = &self.document else { return Ok(None) };
        Ok(Some(Outgoing::part_of(blob.sha256, format!("bytes={}-", held.len()))))
    }

    pub(crate) fn receive_grant<L: Local>(
        &mut self,
        local: &mut L,
        reply: &GrantReply,
    ) -> Result<(), SyncError<L::Error>> {
        let Some((blob, _)) = self.now.take() else { return Ok(()) };
        if reply.held {
            self.sent = true;
            return Ok(());
        }
        let (capability, location) = (reply.capability.clone(), reply.location.clone());
        let note = Note { capability, location, created: false };
        self.keep(local, blob, &note)?;
        self.now = Some((blob, Step::Create(note)));
        Ok(())
    }

    /// Takes in a tus reply or a piece of a document.
    pub(crate) fn receive_unsigned<L: Local>(
        &mut self,
        local: &mut L,
        response: &Response,
        report: &mut Report,
    ) -> Result<Option<Pause>, SyncError<L::Error>> {
        if self.document.is_some() {
            return self.receive_document(local, response, report);
        }
        let ours = header(response, "tus-resumable") == Some("1.0.0");
        let Some((blob, step)) = self.now.take() else { return Ok(None) };
        if !ours {
            let why = "the answer to a photo upload is not from our server".to_owned();
            return Ok(Some(Pause::NotOurServer(why)));
        }
        if response.status().is_server_error() {
            // Its trouble, not the upload's: what it has of it is still good.
            let problem = serde_json::from_slice::<Problem>(response.body());
            let status = response.status();
            return Ok(Some(problem.map_or_else(
                |_| Pause::Offline(format!("the server answered {status} to a photo")),
                Pause::Problem,
            )));
        }
        let offset = header(response, "upload-offset").and_then(|text| text.parse::<u64>().ok());
        let step = match (step, response.status(), offset) {
            (Step::Create(note), StatusCode::CREATED, _) => {
                let note = Note { created: true, ..note };
                self.keep(local, blob, &note)?;
                Some(Step::Send(note, 0))
            }
            (Step::Ask(note), StatusCode::OK, Some(offset)) => Some(Step::Send(note, offset)),
            (Step::Send(note, before), StatusCode::NO_CONTENT, Some(offset)) if offset > before => {
                report.photo_bytes_sent += self.in_flight as u64;
                self.chunk = (self.chunk * 2).min(MAX_CHUNK);
                Some(Step::Send(note, offset))
            }
            // Somebody else moved it, or the server lost a little: ask.
            (Step::Send(note, _), StatusCode::CONFLICT, _) => Some(Step::Ask(note)),
            // The capability is over, or the bytes were not what they should be: begin again.
            _ => {
                local.note_upload(blob.sha256, None)?;
                None
            }
        };
        self.now = match step {
            Some(Step::Send(_, offset)) if offset >= blob.bytes => {
                self.sent = true;
                None
            }
            step => step.map(|step| (blob, step)),
        };
        Ok(None)
    }

    fn receive_document<L: Local>(
        &mut self,
        local: &mut L,
        response: &Response,
        report: &mut Report,
    ) -> Result<Option<Pause>, SyncError<L::Error>> {
        let Some((blob, mut held)) = self.document.take() else { return Ok(None) };
        let given = response.status().is_success() && !response.body().is_empty();
        if given {
            held.extend_from_slice(response.body());
        }
        if given && (held.len() as u64) < blob.bytes {
            self.document = Some((blob, held));
        } else if (given || blob.bytes == 0) && local.keep_document(blob, &held)? {
            report.documents += 1;
        } else {
            // Photos do not wait for a document that the server has lost.
            self.passed_over.insert(blob.sha256);
            report.unfetched.push(blob.sha256);
        }
        Ok(None)
    }

    fn keep<L: Local>(
        &self,
        local: &mut L,
        blob: BlobRef,
        note: &Note,
    ) -> Result<(), SyncError<L::Error>> {
        let text = serde_json::to_string(note).unwrap_or_default();
        Ok(local.note_upload(blob.sha256, Some(&text))?)
    }
}

fn tus(
    method: Method,
    target: &str,
    note: &Note,
    mut headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
) -> Outgoing {
    headers.push(("tus-resumable", "1.0.0".to_owned()));
    headers.push((CAPABILITY_HEADER, note.capability.clone()));
    let auth = Auth::Capability(note.capability.clone());
    Outgoing { method, target: target.to_owned(), body, headers, auth }
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).and_then(|value| value.to_str().ok())
}
