//! The network comes back, worse than none.

use std::collections::BTreeMap;

use anyhow::bail;
use spotcheck_testkit::outside::Line;
use spotcheck_testkit::proxy::{ByteRange, Counts, Settings};

use crate::cast::{Cast, Person};
use crate::claims::{Claims, grouped, megabytes};

/// More would mean that nothing moves.
const MOST_TRIES: u32 = 400;
/// A fault may cost one chunk of a photo again, the largest that a device sends, and its request.
const MOST_AGAIN: u64 = (512 + 16) * 1024;

/// A captive portal: every request is answered 200, by nobody we know.
pub(crate) fn hotel(cast: &Cast, claims: &mut Claims) -> anyhow::Result<()> {
    claims.part("4. A hotel's Wi-Fi answers 200 to everything");
    let mut said = vec![];
    let mut unmoved = true;
    for person in cast.everybody() {
        let before = person.status()?;
        person.line.hotel();
        let ran = person.device.run(&["sync", "--json"])?;
        said.push((ran.code, ran.error_code()));
        unmoved &= person.status()? == before;
        if person.who == cast.first.who {
            claims.note(format_args!("it says: {}", ran.error_message()));
        }
        person.line.cut();
    }
    let pages: u64 = cast.everybody().iter().map(|person| person.line.counts().portal).sum();
    let refused = said.iter().all(|(code, why)| *code == Some(1) && why == "not_our_server");
    claims.claim(
        refused && pages >= 3,
        format_args!("sync fails with not_our_server on all 3; {pages} login pages were given"),
    );
    let waiting = cast.first.status()?["ops_waiting"].clone();
    let too = cast.second.status()?["ops_waiting"].clone();
    claims.claim(
        unmoved,
        format_args!(
            "nothing was taken for sent: {waiting} and {too} ops still wait, status unchanged"
        ),
    );
    Ok(())
}

/// Replies are lost, connections cut, also in mid-photo, until everything has arrived.
pub(crate) fn return_with_faults(cast: &Cast, claims: &mut Claims) -> anyhow::Result<()> {
    claims.part("5. The network returns, with loss and cuts in mid-photo");
    let people = [&cast.first, &cast.second];
    let both = std::thread::scope(|scope| {
        let tasks = people.map(|person| scope.spawn(move || send(person)));
        tasks.map(|task| task.join())
    });
    for (person, sent) in people.into_iter().zip(both) {
        let Ok(sent) = sent else { bail!("{}: the thread failed", person.who) };
        report(person, &sent?, claims);
    }
    // The lead has nothing to send, and fetches what the others sent.
    cast.lead.line.set(Settings { loss: 0.2, ..Settings::default() });
    let failed = until_done(&cast.lead)?.values().sum::<u32>();
    claims.note(format_args!("{}: fetches; {failed} tries stopped early", cast.lead.who));
    for person in cast.everybody() {
        person.line.heal();
        // What the others sent after one's own last round.
        person.device.ask(&["sync"])?;
    }
    Ok(())
}

/// What sending took.
struct Sent {
    failed: BTreeMap<String, u32>,
    faults: Counts,
    bytes_up: u64,
}

fn send(person: &Person) -> anyhow::Result<Sent> {
    let before = person.line.counts();
    let cut_after = Some(ByteRange { min: 60_000, max: 900_000 });
    person.line.set(Settings { loss: 0.04, cut_after, delay_ms: 3, ..Settings::default() });
    let failed = until_done(person)?;
    let faults = Line::counts(&person.line);
    Ok(Sent { failed, faults, bytes_up: faults.bytes_up - before.bytes_up })
}

/// Syncs until it succeeds; how often it failed, by code.
fn until_done(person: &Person) -> anyhow::Result<BTreeMap<String, u32>> {
    let mut failed = BTreeMap::new();
    for _ in 0..MOST_TRIES {
        let ran = person.device.run(&["sync", "--json"])?;
        if ran.code == Some(0) {
            return Ok(failed);
        }
        *failed.entry(ran.error_code()).or_default() += 1;
    }
    bail!("{}: not everything arrived within {MOST_TRIES} tries: {failed:?}", person.who)
}

fn report(person: &Person, sent: &Sent, claims: &mut Claims) {
    let Sent { failed, faults, bytes_up } = sent;
    let tries = failed.values().sum::<u32>();
    let why: Vec<String> = failed.iter().map(|(code, n)| format!("{n} × {code}")).collect();
    claims.note(format_args!(
        "{}: {} cuts, {} lost replies; {tries} tries stopped early ({})",
        person.who,
        faults.cut,
        faults.lost,
        why.join(", ")
    ));
    let struck = faults.cut + faults.lost;
    let photos = person.photo_bytes();
    let each = bytes_up.saturating_sub(photos) / struck.max(1);
    claims.claim(
        faults.cut >= 5 && each <= MOST_AGAIN,
        format_args!(
            "{} of photos took {} up the line: a fault cost {} bytes on average, requests included",
            megabytes(photos),
            megabytes(*bytes_up),
            grouped(each),
        ),
    );
}
