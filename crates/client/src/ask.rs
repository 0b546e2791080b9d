//! One signed request beside the rounds: what a person asked for and waits for.

use spotcheck_protocol::api::{Question, Request, Response, SyncApi, Unreachable};
use spotcheck_protocol::messages::{RefusalCode, Reply};
use spotcheck_protocol::problem::Problem;
use spotcheck_sync::{DeviceHost, Pause};

use crate::drive::{Answer, Sending, add_signature, signer};

/// A question on its way, step by step, for a host where a person records while the answer is waited
/// for: the device is needed to sign, and no longer.
#[derive(Debug)]
pub struct Ask {
    question: Question,
    /// The server's clock, once it said that ours is too far off.
    server_ms: Option<i64>,
}

impl Ask {
    /// A question to ask.
    pub fn new(question: Question) -> Self {
        Self { question, server_ms: None }
    }

    /// What to send next.
    pub fn next(&self, host: &dyn DeviceHost) -> Sending {
        let nonce = host.nonce();
        Sending { nonce, request: self.signed(nonce, host) }
    }

    fn signed(&self, nonce: [u8; 16], host: &dyn DeviceHost) -> Result<Request, String> {
        let mut request = http::Request::builder()
            .method(http::Method::POST)
            .uri(self.question.target)
            .header(http::header::CONTENT_TYPE, spotcheck_protocol::MEDIA_TYPE)
            .body(self.question.body.clone())
            .map_err(|e| e.to_string())?;
        let now_ms = self.server_ms.unwrap_or_else(|| host.server_now_ms());
        add_signature(&mut request, nonce, now_ms, signer(host)?)?;
        Ok(request)
    }

    /// Takes in what came back. `None`: the clocks differ, send what [`Ask::next`] gives now.
    ///
    /// # Errors
    /// A [`Pause`] that says why there is no answer that could be believed, or what the server refused.
    pub fn receive(&mut self, answer: Answer) -> Result<Option<Reply>, Pause> {
        let response = answer.response.map_err(|Unreachable(why)| Pause::Offline(why))?;
        match read(&response, &answer.nonce, &self.question.server_key)? {
            Reply::Refusal(refusal) => match refusal.code {
                RefusalCode::ClockSkew if self.server_ms.is_none() => {
                    self.server_ms = Some(refusal.server_ms);
                    Ok(None)
                }
                RefusalCode::DeviceRevoked => Err(Pause::Revoked),
                _ => Err(something_else()),
            },
            reply => Ok(Some(reply)),
        }
    }
}

/// Asks to the end.
///
/// # Errors
/// As [`Ask::receive`].
pub async fn ask<A: SyncApi>(
    api: &A,
    question: Question,
    host: &dyn DeviceHost,
) -> Result<Reply, Pause> {
    let mut ask = Ask::new(question);
    loop {
        let answer = ask.next(host).send(api).await;
        if let Some(reply) = ask.receive(answer)? {
            return Ok(reply);
        }
    }
}

pub(crate) fn something_else() -> Pause {
    Pause::Newer("the server answered something else than was asked".to_owned())
}

fn read(response: &Response, nonce: &[u8; 16], key: &[u8; 32]) -> Result<Reply, Pause> {
    match spotcheck_protocol::reply::open(response.body(), nonce, key) {
        Ok(verified) => Ok(verified.reply),
        Err(error) => match serde_json::from_slice::<Problem>(response.body()) {
            Ok(problem) => Err(Pause::Problem(problem)),
            Err(_) => Err(Pause::NotOurServer(error.to_string())),
        },
    }
}
