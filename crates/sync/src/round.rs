//! The order of a round, and what ends it.

use spotcheck_domain::BlobHash;
use spotcheck_protocol::api::{Response, Unreachable};
use spotcheck_protocol::messages::{Refusal, RefusalCode, Reply};
use spotcheck_protocol::problem::Problem;
use spotcheck_protocol::reply::{self, ReplyError};

use crate::fetch::FetchLane;
use crate::photos::PhotoLane;
use crate::pull::PullLane;
use crate::push::PushLane;
use crate::rewind::RewindLane;
use crate::{Local, Outgoing};

/// Why a round stopped early. Nothing is lost: the next one goes on from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pause {
    /// No connection, or one that broke.
    Offline(String),
    /// Something answered that is not our server: a sign-in page, a proxy.
    NotOurServer(String),
    /// The server said no, in its own words.
    Problem(Problem),
    /// This device was revoked. What it has is handed in to quarantine.
    Revoked,
    /// A newer server.
    Newer(String),
}

impl Pause {
    /// A code that never changes; screens and scripts decide by it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Offline(_) => "offline",
            Self::NotOurServer(_) => "not_our_server",
            Self::Problem(_) => "server_refused",
            Self::Revoked => "revoked",
            Self::Newer(_) => "newer",
        }
    }
}

impl std::fmt::Display for Pause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Offline(why) => write!(f, "{why}"),
            Self::NotOurServer(why) | Self::Newer(why) => write!(f, "{why}"),
            Self::Problem(problem) => write!(f, "the server refused: {}", problem.detail),
            Self::Revoked => write!(
                f,
                "this device was revoked: what it had was handed in for review; enrol it again"
            ),
        }
    }
}

/// A round that the device's own storage ended.
#[derive(Debug, thiserror::Error)]
pub enum SyncError<E> {
    /// The storage failed; its message says what to do.
    #[error(transparent)]
    Local(E),
}

impl<E> From<E> for SyncError<E> {
    fn from(error: E) -> Self {
        Self::Local(error)
    }
}

/// What a round did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Ops sent, repetitions included.
    pub ops_sent: u64,
    /// Ops received from others.
    pub ops_received: u64,
    /// Bytes of photos sent.
    pub photo_bytes_sent: u64,
    /// Bytes of others' photos received.
    pub photo_bytes_received: u64,
    /// Others' photos that are now here.
    pub photos_received: u64,
    /// Requests made.
    pub requests: u64,
    /// Why it stopped early, if it did.
    pub pause: Option<Pause>,
    /// The server was restored and got back what it had lost.
    pub rewound: bool,
    /// Anti-entropy found something missing, and fetched it.
    pub repaired: bool,
    /// Another device was seen writing our log; this one continued under a successor.
    pub succeeded: bool,
    /// The server's clock was learnt from a signed refusal.
    pub clock_mended: bool,
    /// Documents fetched.
    pub documents: u64,
    /// Documents that the server did not give or gave damaged, and photos of others that it gave
    /// damaged; asked for again later.
    pub unfetched: Vec<BlobHash>,
    /// Photos whose bytes on this device are no longer what was recorded. They were not sent; all
    /// others were.
    pub damaged: Vec<BlobHash>,
    /// Scopes this user may no longer read; others' data of them was dropped.
    pub scopes_lost: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Push,
    Pull,
    Rewind,
    Photos,
    Receipts,
    Fetch,
    Done,
}

/// One round of sync.
#[derive(Debug)]
pub struct Round {
    stage: Stage,
    push: PushLane,
    pull: PullLane,
    rewind: RewindLane,
    photos: PhotoLane,
    fetch: FetchLane,
    revoked: bool,
    begun: bool,
    /// What it did so far.
    pub report: Report,
}

impl Default for Round {
    fn default() -> Self {
        Self {
            stage: Stage::Push,
            push: PushLane::default(),
            pull: PullLane::default(),
            rewind: RewindLane::default(),
            photos: PhotoLane::default(),
            fetch: FetchLane::default(),
            revoked: false,
            begun: false,
            report: Report::default(),
        }
    }
}

impl Round {
    /// A round over a metered network: answers are worth sending, and photos that fit into so many
    /// bytes; the others stay where they are. What a person asked to see comes all the same.
    pub fn metered(photo_bytes: u64) -> Self {
        let mut round = Self::default();
        round.photos.left = Some(photo_bytes);
        round.fetch.asked_only = true;
        round
    }

    /// What to send next; `None` when the round is over.
    ///
    /// # Errors
    /// When the device's storage fails.
    pub fn next<L: Local>(
        &mut self,
        local: &mut L,
    ) -> Result<Option<Outgoing>, SyncError<L::Error>> {
        if !std::mem::replace(&mut self.begun, true) && local.giving_back()? {
            self.rewind = RewindLane::resume(local)?;
            self.stage = Stage::Rewind;
        }
        loop {
            let next = match self.stage {
                Stage::Push => self.push.next(local)?,
                Stage::Pull => self.pull.next(local)?,
                Stage::Rewind => self.rewind.next(local)?,
                Stage::Photos => self.photos.next(local, &mut self.report)?,
                Stage::Receipts => self.push.ask_receipts(local)?,
                Stage::Fetch => self.fetch.next(local)?,
                Stage::Done => return Ok(None),
            };
            if let Some(request) = next {
                self.report.requests += 1;
                return Ok(Some(request));
            }
            self.stage = match self.stage {
                // A revoked device hands in what it has and learns nothing more.
                Stage::Push if self.revoked => Stage::Done,
                Stage::Push => Stage::Pull,
                Stage::Rewind => {
                    self.push = PushLane::after_rewind();
                    self.pull = PullLane::default();
                    Stage::Push
                }
                Stage::Pull => Stage::Photos,
                Stage::Photos if self.photos.sent_any() => Stage::Receipts,
                Stage::Photos | Stage::Receipts => Stage::Fetch,
                Stage::Fetch | Stage::Done => Stage::Done,
            };
        }
    }

    /// Takes in what came back for the last request. `nonce` is the one it was signed with.
    ///
    /// # Errors
    /// When the device's storage fails.
    pub fn receive<L: Local>(
        &mut self,
        local: &mut L,
        nonce: &[u8; 16],
        answer: Result<Response, Unreachable>,
    ) -> Result<(), SyncError<L::Error>> {
        let response = match answer {
            Ok(response) => response,
            Err(Unreachable(why)) => {
                match self.stage {
                    Stage::Photos => self.photos.lost(),
                    Stage::Fetch => self.fetch.lost(),
                    _ => {}
                }
                self.end(Pause::Offline(why));
                return Ok(());
            }
        };
        let unsigned = match self.stage {
            Stage::Photos => !self.photos.awaits_signed_reply(),
            Stage::Fetch => true,
            _ => false,
        };
        // A photo or document may be refused, and the refusal moves state: it is signed.
        if unsigned
            && let Ok(verified) = reply::open(response.body(), nonce, &local.server_key())
            && let Reply::Refusal(refusal) = verified.reply
        {
            return self.refused(local, &refusal);
        }
        if self.stage == Stage::Photos && unsigned {
            if let Some(pause) = self.photos.receive_unsigned(local, &response, &mut self.report)? {
                self.end(pause);
            }
            return Ok(());
        }
        if self.stage == Stage::Fetch {
            if let Some(pause) = self.fetch.receive(local, &response, &mut self.report)? {
                self.end(pause);
            }
            return Ok(());
        }
        match reply::open(response.body(), nonce, &local.server_key()) {
            Ok(verified) => self.take(local, verified.reply),
            Err(error) => {
                if spotcheck_domain::planted!("any-200-is-ok") && response.status().is_success() {
                    self.push.believe(local)?;
                }
                self.unbelieved(&response, error);
                Ok(())
            }
        }
    }

    /// Takes in a reply that verified.
    fn take<L: Local>(&mut self, local: &mut L, reply: Reply) -> Result<(), SyncError<L::Error>> {
        match (self.stage, reply) {
            (_, Reply::Refusal(refusal)) => self.refused(local, &refusal),
            (Stage::Push | Stage::Receipts, Reply::Push(reply)) => {
                self.push.receive(local, &reply, &mut self.report)
            }
            (Stage::Pull, Reply::Pull(reply)) => {
                match self.pull.receive(local, reply, &mut self.report)? {
                    None => Ok(()),
                    Some(pause) => {
                        self.end(pause);
                        Ok(())
                    }
                }
            }
            (Stage::Pull, Reply::Compare(reply)) => {
                self.pull.receive_compared(local, reply, &mut self.report)
            }
            (Stage::Rewind, Reply::Rewind(reply)) => {
                self.report.rewound = true;
                self.rewind.receive(local, reply)
            }
            (Stage::Rewind, Reply::Push(reply)) => {
                local.keep_seen(&reply.checkpoint, reply.server_ms)?;
                Ok(())
            }
            (Stage::Photos, Reply::Grant(reply)) => self.photos.receive_grant(local, &reply),
            (_, _) => {
                self.end(Pause::Newer(
                    "the server answered something else than was asked".to_owned(),
                ));
                Ok(())
            }
        }
    }

    fn refused<L: Local>(
        &mut self,
        local: &mut L,
        refusal: &Refusal,
    ) -> Result<(), SyncError<L::Error>> {
        match refusal.code {
            RefusalCode::ClockSkew if !self.report.clock_mended => {
                // The same request again, signed with the server's clock: the evidence clock stays.
                self.report.clock_mended = true;
                local.learn_clock(refusal.server_ms)?;
                match self.stage {
                    Stage::Pull => self.pull.again(),
                    _ => self.push.again(),
                }
            }
            RefusalCode::CheckpointUnknown | RefusalCode::DeviceUnknown if !self.report.rewound => {
                self.stage = Stage::Rewind;
                self.rewind = RewindLane::default();
            }
            RefusalCode::DeviceRevoked => {
                local.revoked()?;
                self.report.pause = Some(Pause::Revoked);
                if self.revoked {
                    self.stage = Stage::Done;
                } else {
                    // It learns of no restore any more: it asks where the server stands, and hands
                    // in again what is not there.
                    self.revoked = true;
                    self.push = PushLane::after_rewind();
                    self.stage = Stage::Push;
                }
            }
            _ => self.end(Pause::Newer(
                "the server and this device do not agree; sync again".to_owned(),
            )),
        }
        Ok(())
    }

    /// A reply that nobody signed moves no state. It may say why, and it may hint at a restore, whose
    /// reply is signed again.
    fn unbelieved(&mut self, response: &Response, error: ReplyError) {
        let problem: Option<Problem> = serde_json::from_slice(response.body()).ok();
        match (problem, error) {
            (Some(problem), _) if problem.code == "device_unknown" && self.may_rewind() => {
                self.stage = Stage::Rewind;
                self.rewind = RewindLane::default();
            }
            // No photo of this user's is taken, or none as large as this one, and larger ones follow.
            // That is said at the end; what others took is fetched all the same.
            (Some(problem), _)
                if self.stage == Stage::Photos && matches!(problem.status, 403 | 413) =>
            {
                self.photos.stop();
                self.report.pause = Some(Pause::Problem(problem));
            }
            (Some(problem), _) => self.end(Pause::Problem(problem)),
            (None, ReplyError::Unknown(why)) => self.end(Pause::Newer(why)),
            (None, error) => self.end(Pause::NotOurServer(error.to_string())),
        }
    }

    fn may_rewind(&self) -> bool {
        !self.report.rewound && (self.stage != Stage::Rewind || self.rewind.resumed)
    }

    fn end(&mut self, pause: Pause) {
        self.report.pause = Some(pause);
        self.stage = Stage::Done;
    }
}
