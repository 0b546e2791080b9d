//! Recording, sending, fetching and serving, each ended by SIGKILL at some moment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use spotcheck_testkit::outside::{
    Device, Line, Network, Programs, Server, jpeg, kill_after, watch,
};

use crate::acknowledged::{Acknowledged, line, mark_of};
use crate::luck::{Luck, Victim};

/// Lines given to a `record` that is killed.
const LINES: u64 = 12;
/// Lines recorded before something that sends is killed, so that there is something to send.
const TO_SEND: u64 = 4;
/// Every so many lines have a photo.
const PHOTO_EACH: u64 = 3;

pub(crate) struct Story {
    pub(crate) programs: Programs,
    pub(crate) root: std::path::PathBuf,
    pub(crate) writer: (Device, Line),
    pub(crate) reader: (Device, Line),
    pub(crate) acknowledged: Acknowledged,
    pub(crate) deliveries_before: u64,
    pub(crate) documents_before: BTreeSet<String>,
    luck: Luck,
    lines: u64,
    kills: BTreeMap<Victim, u32>,
    // Last, so that devices never meet a server that is going away.
    pub(crate) server: Server,
    pub(crate) network: Network,
}

impl Story {
    pub(crate) fn begin(
        programs: &Programs,
        root: &Path,
        mut luck: Luck,
        most: Duration,
    ) -> anyhow::Result<Self> {
        let network = Network::new()?;
        let server = Server::start(programs, root)?;
        watch(&network, &server, most, |why| println!("BROKEN  {why}"));
        let mut device = |user| enrolled(programs, root, &network, &server, user, luck.below(1000));
        let (writer, reader) = (device("insp.produce1")?, device("insp.produce2")?);
        Ok(Self {
            programs: programs.clone(),
            root: root.to_owned(),
            writer,
            reader,
            acknowledged: Acknowledged::default(),
            deliveries_before: server.metric("spotcheck_deliveries")?,
            documents_before: server.stored()?.into_keys().collect(),
            luck,
            lines: 0,
            kills: BTreeMap::new(),
            server,
            network,
        })
    }

    /// Until so many processes were killed at work.
    pub(crate) fn kill(&mut self, kills: u32) -> anyhow::Result<()> {
        for _ in 0..kills * 8 {
            if self.kills.values().sum::<u32>() >= kills {
                self.say();
                return Ok(());
            }
            self.writer.1.set(self.luck.trouble());
            self.reader.1.set(self.luck.trouble());
            let victim = self.luck.victim();
            let hit = match victim {
                Victim::Recording => self.recording()?,
                Victim::Sending => self.sending()?,
                Victim::Fetching => self.fetching()?,
                Victim::Server => self.serving()?,
            };
            self.luck.learn(victim, hit);
            *self.kills.entry(victim).or_default() += u32::from(hit);
            if self.luck.below(4) == 0 {
                // Not every exchange is killed: else the server would see little.
                remembers(&self.writer.0.run(&["sync", "--json"])?.values()?)?;
            }
        }
        bail!("only {:?} kills met a process at work", self.kills)
    }

    fn say(&self) {
        let kills: Vec<String> =
            self.kills.iter().map(|(who, n)| format!("{n} × {who:?}")).collect();
        println!("{} kills: {}", self.kills.values().sum::<u32>(), kills.join(", "));
        let (writer, reader) = (self.writer.1.counts(), self.reader.1.counts());
        println!(
            "network: {} connections, {} cut, {} login pages, {} lost replies, {} truncated, \
             {} unreachable",
            writer.connections + reader.connections,
            writer.cut + reader.cut,
            writer.portal + reader.portal,
            writer.lost + reader.lost,
            writer.truncated + reader.truncated,
            writer.upstream_unreachable + reader.upstream_unreachable
        );
    }

    /// Kills `record`, then looks at once, then records what is not there.
    fn recording(&mut self) -> anyhow::Result<bool> {
        let given = self.new_lines(LINES)?;
        let text: Vec<String> = given.iter().map(|(_, line)| line.clone()).collect();
        let patience = self.luck.patience(Victim::Recording);
        let killed = kill_after(&self.writer.0, &["record", "-"], &text, patience)?;
        self.take(&given, &killed.told)?;
        let marks = self.nothing_lost()?;
        let new = given.iter().filter(|(mark, _)| marks.contains_key(mark)).count();
        let unsaid = new.saturating_sub(killed.told.len());
        ensure!(unsaid <= 1, "{unsaid} lines are kept that were not acknowledged: one could be");
        let rest: Vec<_> = given.into_iter().filter(|(m, _)| !marks.contains_key(m)).collect();
        self.record(&rest)?;
        Ok(killed.at_work)
    }

    /// Lines with marks of their own, and their photos.
    fn new_lines(&mut self, count: u64) -> anyhow::Result<Vec<(String, String)>> {
        let mut given = vec![];
        for _ in 0..count {
            self.lines += 1;
            let mark = format!("mark-{:05}", self.lines);
            let photo = self.lines.is_multiple_of(PHOTO_EACH).then(|| format!("{mark}.jpg"));
            if let Some(name) = &photo {
                self.writer.0.put(name, &jpeg(self.lines, 320, 240)?)?;
            }
            given.push((mark.clone(), line(&mark, photo.as_deref())));
        }
        Ok(given)
    }

    /// Records lines, undisturbed.
    fn record(&mut self, given: &[(String, String)]) -> anyhow::Result<()> {
        if given.is_empty() {
            return Ok(());
        }
        let text: Vec<&str> = given.iter().map(|(_, line)| line.as_str()).collect();
        self.writer.0.put("lines.jsonl", text.join("\n").as_bytes())?;
        let told = self.writer.0.ask(&["record", "lines.jsonl"])?;
        self.take(given, &told)
    }

    fn something_to_send(&mut self) -> anyhow::Result<()> {
        let given = self.new_lines(TO_SEND)?;
        self.record(&given)
    }

    fn take(&mut self, given: &[(String, String)], told: &[Value]) -> anyhow::Result<()> {
        for one in told {
            let number = one["line"].as_u64().context("an answer without its line")?;
            let (mark, _) = given.get(number as usize - 1).context("an answer to no line")?;
            self.acknowledged.take(mark, one);
        }
        Ok(())
    }

    /// What was acknowledged is on the device that said so; its marks, with how often each is there.
    pub(crate) fn nothing_lost(&self) -> anyhow::Result<BTreeMap<String, u32>> {
        let device = &self.writer.0;
        let log = device.ask(&["log", "--limit", "10000"])?;
        let ops: BTreeSet<&str> = log.iter().filter_map(|op| op["op"].as_str()).collect();
        let lost: Vec<_> =
            self.acknowledged.ops.iter().filter(|op| !ops.contains(op.as_str())).collect();
        ensure!(lost.is_empty(), "the device acknowledged these ops and lost them: {lost:?}");
        ensure!(
            device.ask_one(&["log", "--verify"])?["holds"] == true,
            "the device's log does not hold"
        );
        let mut marks = BTreeMap::new();
        for inspection in device.ask(&["inspection", "list", "--limit", "10000"])? {
            *marks.entry(mark_of(&inspection).to_owned()).or_default() += 1;
        }
        Ok(marks)
    }

    /// Kills a `sync` of the writer.
    fn sending(&mut self) -> anyhow::Result<bool> {
        self.something_to_send()?;
        let patience = self.luck.patience(Victim::Sending);
        let killed = kill_after(&self.writer.0, &["sync"], &[], patience)?;
        remembers(&killed.told)?;
        self.nothing_lost()?;
        Ok(killed.at_work)
    }

    /// Kills a `sync` of another device, which has much to fetch and nothing to send.
    fn fetching(&mut self) -> anyhow::Result<bool> {
        let patience = self.luck.patience(Victim::Fetching);
        let killed = kill_after(&self.reader.0, &["sync"], &[], patience)?;
        ensure!(
            self.reader.0.ask_one(&["log", "--verify"])?["holds"] == true,
            "the other device's log does not hold"
        );
        Ok(killed.at_work)
    }

    /// Kills the server while the writer sends.
    fn serving(&mut self) -> anyhow::Result<bool> {
        self.something_to_send()?;
        let patience = self.luck.patience(Victim::Server);
        let mut sync = self.writer.0.start(&["sync", "--json"])?;
        std::thread::sleep(patience);
        let at_work = sync.try_wait()?.is_none();
        self.server.kill_and_restart()?;
        let out = String::from_utf8(sync.wait_with_output()?.stdout)?;
        let told = out.lines().map(serde_json::from_str).collect::<Result<Vec<_>, _>>()?;
        remembers(&told)?;
        self.nothing_lost()?;
        Ok(at_work)
    }
}

/// Nobody restored the server. One that lost what it had signed would be noticed by the device, and
/// made good, so that nothing but this would show it.
pub(crate) fn remembers(synced: &[Value]) -> anyhow::Result<()> {
    let forgot = synced.iter().any(|told| told["restored"] == true);
    ensure!(!forgot, "the server has lost what it had acknowledged, and got it back: {synced:?}");
    Ok(())
}

/// A device that is enrolled, over a line that passes everything.
pub(crate) fn enrolled(
    programs: &Programs,
    root: &Path,
    network: &Network,
    server: &Server,
    user: &str,
    seed: u64,
) -> anyhow::Result<(Device, Line)> {
    let line = network.line(server.address(), seed)?;
    let device = Device::new(programs, root, user)?;
    let link = server.link(user, line.address())?;
    let told = device.ask_one(&["enrol", &link, "--name", user])?;
    ensure!(told["pause"].is_null(), "{user}: the first exchange stopped: {}", told["pause"]);
    Ok((device, line))
}
