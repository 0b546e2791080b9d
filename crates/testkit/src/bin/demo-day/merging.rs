//! The lead sees where the two differ, decides, and everybody has one day.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use spotcheck_domain::BlobHash;

use crate::cast::{Cast, Person, text};
use crate::claims::{Claims, grouped};
use crate::visit::{DAY, DISPUTED, MARKET, STOP};

/// From the contradiction to the merged day.
pub(crate) fn decide(cast: &Cast, claims: &mut Claims) -> anyhow::Result<()> {
    claims.part("7. The lead decides; the merged day is one");
    let open = contradictions(cast)?;
    let Some([one]) = open.first().map(Vec::as_slice) else {
        bail!("the lead sees not one contradiction but {open:?}");
    };
    let values = one["values"].as_array().context("no values")?;
    let mut counts: Vec<&Value> = values.iter().map(|value| &value["value"]["count"]).collect();
    counts.sort_by_key(|count| count.as_u64());
    let authors: BTreeSet<&str> = values.iter().map(|value| text(value, "by")).collect();
    let expected = one["path"] == DISPUTED && one["site"] == MARKET && one["day"] == DAY;
    claims.claim(
        expected && counts == [&json!(2), &json!(3)] && authors.len() == 2,
        format_args!(
            "the lead sees both answers to {DISPUTED}, inspectors present: {} and {}, by {} people",
            counts[0],
            counts[1],
            authors.len()
        ),
    );
    claims.claim(
        open.iter().all(|list| *list == open[0]),
        "all 3 devices see the same contradiction, and no other",
    );

    let two = values.iter().find(|value| value["value"]["count"] == 2).context("no such value")?;
    let reason = "the sheet at the gate has two signatures";
    let id = text(one, "id");
    cast.lead.device.ask_one(&["decide", id, "--keep", text(two, "op"), "--reason", reason])?;
    // The lead first: the others fetch what the lead has sent.
    for person in [&cast.lead, &cast.first, &cast.second] {
        person.device.ask(&["sync"])?;
    }
    let left: usize = contradictions(cast)?.iter().map(Vec::len).sum();
    claims.claim(
        left == 0,
        format_args!(
            "the lead decides for 2 with a reason; {left} contradictions are left on 3 devices"
        ),
    );
    let market = day(cast, MARKET, claims)?;
    day(cast, STOP, claims)?;
    merged(cast, &market, claims)
}

fn contradictions(cast: &Cast) -> anyhow::Result<Vec<Vec<Value>>> {
    let list = |person: &Person| person.device.ask(&["contradiction", "list"]);
    // The lead's first.
    [&cast.lead, &cast.first, &cast.second].map(list).into_iter().collect()
}

/// The day as each device prints it; claims that it is the same, byte for byte.
fn day(cast: &Cast, site: &str, claims: &mut Claims) -> anyhow::Result<Value> {
    let mut texts = vec![];
    for person in cast.everybody() {
        let ran = person.device.run(&["day", "--site", site, "--date", DAY, "--json"])?;
        if ran.code != Some(0) {
            bail!("{}: {}", person.who, ran.err);
        }
        texts.push(ran.out);
    }
    let sums: Vec<String> =
        texts.iter().map(|it| BlobHash::of(it.as_bytes()).to_string()).collect();
    let same = sums.iter().all(|sum| *sum == sums[0]);
    let bytes = grouped(texts[0].len() as u64);
    claims.claim(
        same,
        format_args!(
            "the merged day of {site} is the same on all 3 devices, byte for byte: {bytes} × 3"
        ),
    );
    for (person, sum) in cast.everybody().into_iter().zip(&sums) {
        claims.note(format_args!("sha256 {sum}  {}", person.who));
    }
    Ok(serde_json::from_str(&texts[0])?)
}

fn merged(cast: &Cast, day: &Value, claims: &mut Claims) -> anyhow::Result<()> {
    let day = &day[0];
    let items = day["items"].as_object().context("no items")?;
    let status = |name: &str| items.values().filter(|item| item["status"] == name).count();
    let (agreed, decided) = (status("agreed"), status("decided"));
    let item = &items[DISPUTED];
    let kept = item["values"].as_array().map_or(0, Vec::len);
    claims.claim(
        decided == 1 && agreed + 1 == items.len() && kept == 2 && item["value"]["count"] == 2,
        format_args!(
            "of {} items {agreed} agree and {decided} is decided, with both answers in view",
            items.len()
        ),
    );
    let seen: BTreeSet<&str> =
        day["photos"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let second = cast.second.photos.keys().filter(|hash| seen.contains(hash.as_str())).count();
    let first = cast.first.photos.keys().filter(|hash| seen.contains(hash.as_str())).count();
    claims.claim(
        second == cast.second.photos.len() && first == 6 && seen.len() == first + second,
        format_args!("the market's day shows the photos of both: {first} and {second}"),
    );
    Ok(())
}
