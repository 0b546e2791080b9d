//! The server, the two inspectors and the lead, each with a device and a line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use spotcheck_domain::BlobHash;
use spotcheck_testkit::outside::{
    Device, Line, Network, Programs, Server, WrongClock, jpeg, watch,
};

use crate::MOST;
use crate::claims::Claims;
use crate::visit::Shot;

/// Somebody with a device.
pub(crate) struct Person {
    pub(crate) who: &'static str,
    pub(crate) device: Device,
    pub(crate) line: Line,
    /// The photos taken, by hash, with their bytes.
    pub(crate) photos: BTreeMap<String, u64>,
}

/// Everybody, and what the server had before the day began.
pub(crate) struct Cast {
    pub(crate) first: Person,
    pub(crate) second: Person,
    pub(crate) lead: Person,
    pub(crate) seed: u64,
    pub(crate) deliveries_before: u64,
    pub(crate) documents_before: BTreeSet<String>,
    // Last, so that devices never meet a server that is going away.
    pub(crate) server: Server,
    _network: Network,
}

/// How wrong the second inspector's clock is.
pub(crate) const SHIFT: &str = "-2h";
/// The same in milliseconds.
pub(crate) const SHIFT_MS: i64 = -2 * 3600 * 1000;

impl Cast {
    /// Starts the server, enrols everybody, and takes the network away.
    pub(crate) fn gather(
        seed: u64,
        programs: &Programs,
        root: &Path,
        claims: &mut Claims,
    ) -> anyhow::Result<Self> {
        let clock = WrongClock::by(SHIFT)?;
        let network = Network::new()?;
        let server = Server::start(programs, root)?;
        watch(&network, &server, MOST, |why| println!("  BROKEN  {why}"));
        claims.part("1. Three devices enrol; then there is no network");
        claims.note(format_args!("the server: a process of its own on {}", server.address()));
        let person = |who, user, number| -> anyhow::Result<Person> {
            let line = network.line(server.address(), seed + number)?;
            let device = Device::new(programs, root, user)?;
            Ok(Person { who, device, line, photos: BTreeMap::new() })
        };
        let first = person("inspector 蔡示例", "insp.produce1", 100)?;
        let mut second = person("inspector 米试样", "insp.produce2", 200)?;
        let lead = person("lead 林范例", "lead.produce", 300)?;
        second.device = second.device.with_clock(clock);
        let mut cast = Self {
            first,
            second,
            lead,
            seed,
            deliveries_before: 0,
            documents_before: BTreeSet::new(),
            server,
            _network: network,
        };
        cast.enrol(claims)?;
        cast.deliveries_before = cast.server.metric("spotcheck_deliveries")?;
        cast.documents_before = cast.server.stored()?.into_keys().collect();
        cast.lose_the_network(claims)?;
        Ok(cast)
    }

    pub(crate) fn everybody(&self) -> [&Person; 3] {
        [&self.first, &self.second, &self.lead]
    }

    fn enrol(&self, claims: &mut Claims) -> anyhow::Result<()> {
        let mut enrolled = vec![];
        let mut sites = vec![];
        for person in self.everybody() {
            let address = person.line.address();
            let link = self.server.link(person.device.name(), address)?;
            let told = person.device.ask_one(&["enrol", &link, "--name", "demo day"])?;
            enrolled.push(told["user"] == person.device.name() && told["pause"].is_null());
            let found = person.device.ask(&["site", "find", "南山农批市场"])?;
            sites.push(found.iter().any(|site| site["code"] == crate::visit::MARKET));
            claims.note(format_args!(
                "{}: folder {}, line {address}, {} documents",
                person.who,
                person.device.name(),
                told["documents"]
            ));
        }
        claims.claim(
            enrolled == [true; 3] && sites == [true; 3],
            "3 devices are enrolled, each through its own line, and find 南山农批市场 offline",
        );
        Ok(())
    }

    fn lose_the_network(&self, claims: &mut Claims) -> anyhow::Result<()> {
        let mut codes = vec![];
        for person in self.everybody() {
            person.line.cut();
            codes.push(person.device.run(&["sync", "--json"])?.error_code());
        }
        let said = codes.join(", ");
        claims.claim(
            codes.iter().all(|code| code == "offline"),
            format_args!("without a network, sync ends with a reason on all 3: {said}"),
        );
        Ok(())
    }
}

impl Person {
    /// Takes a photo: real bytes in the device's folder.
    pub(crate) fn shoot(&mut self, shot: Shot, seed: u64) -> anyhow::Result<()> {
        let (name, width, height) = shot;
        let photo = jpeg(seed, width, height)?;
        self.device.put(name, &photo)?;
        self.photos.insert(BlobHash::of(&photo).to_string(), photo.len() as u64);
        Ok(())
    }

    pub(crate) fn photo_bytes(&self) -> u64 {
        self.photos.values().sum()
    }

    pub(crate) fn status(&self) -> anyhow::Result<Value> {
        self.device.ask_one(&["status"])
    }

    /// Every op on the device.
    pub(crate) fn log(&self) -> anyhow::Result<Vec<Value>> {
        self.device.ask(&["log", "--limit", "10000"])
    }
}

/// A text of an answer, or nothing.
pub(crate) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}
