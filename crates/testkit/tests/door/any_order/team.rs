//! Three inspectors and two leads of one site, each with a device that hears of the others in part.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value, json};
use spotcheck_app::{AppError, Device};
use spotcheck_domain::op::OpData;
use spotcheck_domain::{
    LogId, RecordId, Run, ScopeId, SlotPath, Timestamp, UserId, Value as Slot, WorkspaceId,
};
use spotcheck_sqlite::{Location, Profile};
use spotcheck_store::{ChunkBlobs, Draft, Identity, Store};
use spotcheck_sync::{Local as _, PulledPart, PulledSection};
use spotcheck_testkit::world::{Clock, Dice, SimHost};

use super::{Step, What};

/// Who there is, in which role, and how wrong their clock is, in ms.
pub(crate) const HANDS: [(&str, &str, i64); 5] = [
    ("ada", "inspector", 0),
    ("ben", "inspector", -400 * DAY_MS),
    ("cai", "inspector", 0),
    ("lead", "lead", 2 * 3_600_000),
    ("dan", "lead", 0),
];

const DAY_MS: i64 = 24 * 3_600_000;
const DAY: &str = "2021-06-24";
const SITE: &str = "CS-1";
const WS: WorkspaceId = WorkspaceId([0x22; 16]);
const HOME: ScopeId = ScopeId([0x33; 16]);

/// Items by each policy: ask the lead, the worst wins, both are kept; and what is answered.
const ITEMS: [(&str, [&str; 4]); 3] = [
    ("GEN-01", [r#"{"count":1}"#, r#"{"count":2}"#, r#"{"count":3}"#, r#"{"count":2}"#]),
    (
        "CCS-10",
        [
            r#"{"result":"pass"}"#,
            r#"{"result":"fail"}"#,
            r#"{"result":"na","reason":"shut"}"#,
            r#"{"result":"na","reason":"empty"}"#,
        ],
    ),
    (
        "room/R1/CCS-03",
        [
            r#"{"value":"-18.5","unit":"°C"}"#,
            r#"{"value":"-14.5","unit":"°C"}"#,
            r#"{"value":"-20.0","unit":"°C"}"#,
            r#"{"value":"-18.5","unit":"°C"}"#,
        ],
    ),
];

/// Words of findings: the first three say the same.
const NOTES: [&str; 4] = ["冷库门未关严", "冷库门没有关严", "冷库门，未关严。", "消毒记录缺失"];

type App = Device<SimHost, ChunkBlobs>;

pub(crate) struct Team {
    clock: Clock,
    dice: Dice,
    people: Vec<Identity>,
    /// What the server says of people.
    directory: Vec<Run>,
    hands: Vec<App>,
}

/// What a device answers, by what it was asked.
pub(crate) type Shown = BTreeMap<String, String>;

/// Runs of every log there is, cut anywhere.
pub(crate) type Everything = Vec<Run>;

impl Team {
    pub(crate) fn new(seed: u64) -> Self {
        let (clock, dice) = (Rc::new(Cell::new(1_624_496_400_000)), Dice::new(seed));
        let (people, directory) = people();
        let mut team = Self { clock, dice, people, directory, hands: vec![] };
        for (who, (_, _, skew_ms)) in HANDS.iter().enumerate() {
            let device = team.device(who, who as u8, *skew_ms);
            team.hands.push(device);
        }
        // Each inspector begins a check, and has heard of the one before.
        for who in 0..3 {
            team.act(who, &json!({"call": "start_check", "head": head()})).unwrap();
            if who > 0 {
                team.hear(who, who - 1, usize::MAX);
            }
        }
        team
    }

    /// A device of somebody's that knows who there is and nothing else.
    fn device(&self, who: usize, key: u8, skew_ms: i64) -> App {
        let mut store = Store::open(Location::Memory, Profile::Unsafe).unwrap();
        store.enrol(&self.people[who], [key + 1; 32]).unwrap();
        store.add_scope(HOME).unwrap();
        let blobs = ChunkBlobs::open(Location::Memory, Profile::Unsafe).unwrap();
        let host = SimHost::new(self.clock.clone(), self.dice.clone(), skew_ms);
        let mut app = Device::new(store, blobs, host).unwrap();
        app.learn_clock(self.clock.get()).unwrap();
        take_in(&mut app, &self.directory);
        app
    }

    pub(crate) fn step(&mut self, step: &Step) {
        self.clock.set(self.clock.get() + 60_000);
        if let What::Hear = step.what {
            let from = step.which.index(HANDS.len());
            return self.hear(step.who, from, 1 + step.say);
        }
        let Some(call) = self.call(step) else { return };
        match self.act(step.who, &call) {
            // What a person is told: not open, not theirs, not for them.
            Ok(_)
            | Err(AppError::Invalid { .. } | AppError::NotFound(_) | AppError::ReadOnly(_)) => {}
            Err(other) => panic!("{call}: {other:?}"),
        }
    }

    /// A step as a screen would ask for it, where there is something to do it to.
    fn call(&mut self, step: &Step) -> Option<Value> {
        let (checks, findings) = (self.all(step.who, "inspection"), self.all(step.who, "finding"));
        let one =
            |all: &[String]| (!all.is_empty()).then(|| all[step.which.index(all.len())].clone());
        let photo = |team: &mut Self| {
            let bytes = [step.say as u8 % 2; 16];
            team.hands[step.who].take_photo(&mut &bytes[..]).unwrap().sha256.to_string()
        };
        Some(match step.what {
            What::Start => json!({"call": "start_check", "head": head()}),
            What::Answer => {
                let (path, answers) = ITEMS[step.say % 3];
                let answer: Value = serde_json::from_str(answers[step.say / 3]).unwrap();
                let photos = if step.say > 9 { vec![photo(self)] } else { vec![] };
                json!({"call": "answer", "id": one(&checks)?, "path": path, "answer": answer,
                    "photos": photos})
            }
            What::Raise => {
                let photos = if step.say.is_multiple_of(3) { vec![photo(self)] } else { vec![] };
                let finding = json!({"item": "CCS-10", "note": NOTES[step.say % 4],
                    "photos": photos});
                json!({"call": "raise", "id": one(&checks)?, "finding": finding})
            }
            What::Reword => {
                let draft = json!({"note": NOTES[step.say % 4], "severity": "critical"});
                json!({"call": "edit_finding", "finding": one(&findings)?, "draft": draft})
            }
            What::Fix => {
                let fixed = json!({"note": "已关", "photos": [photo(self)]});
                json!({"call": "fix", "finding": one(&findings)?, "fixed": fixed})
            }
            What::Void => json!({"call": "void", "id": one(&checks)?, "why": "twice"}),
            What::Withdraw => json!({"call": "void", "id": one(&findings)?, "why": "not so"}),
            What::Complete => json!({"call": "complete", "id": one(&checks)?}),
            What::Sign => {
                let signature = json!({"role": HANDS[step.who].0, "name": "X"});
                json!({"call": "sign", "id": one(&checks)?, "signature": signature})
            }
            What::Undo => {
                let ops = self.own_ops(step.who);
                json!({"call": "undo", "op": one(&ops)?})
            }
            What::Decide => self.decision(step)?,
            What::Unite => {
                let [first, other] = [0, 1].map(|more| {
                    (findings.len() > 1).then(|| {
                        findings[(step.which.index(findings.len()) + more) % findings.len()].clone()
                    })
                });
                let main = if step.say.is_multiple_of(3) { None } else { first.clone() };
                json!({"call": "unite", "findings": [first?, other?], "main": main, "why": "so"})
            }
            What::SignMerge => json!({"call": "sign_merge", "asked": {"site": SITE, "day": DAY,
                "checklist": "CCS", "signature": {"role": "lead", "name": "Lead"}}}),
            What::Hear => return None,
        })
    }

    fn decision(&mut self, step: &Step) -> Option<Value> {
        let inbox = self.act(step.who, &json!({"call": "inbox", "day": DAY})).unwrap();
        let groups = inbox["value"]["groups"].as_array()?;
        let items = groups.iter().flat_map(|group| group["items"].as_array().unwrap());
        let items: Vec<&Value> = items.collect();
        let item = items.get(step.which.index(items.len().max(1)))?;
        let mut call = json!({"call": "decide", "site": SITE, "day": DAY, "id": item["id"],
            "why": "seen"});
        let sides = item["sides"].as_array()?;
        match sides.get(step.say % (sides.len() + 1)) {
            Some(side) => call["keep"] = side["op"].clone(),
            None => call["value"] = json!({"count": 9}),
        }
        Some(call)
    }

    fn all(&self, who: usize, kind: &str) -> Vec<String> {
        let rows = self.hands[who].store().list_records(kind, None, 1_000).unwrap();
        rows.iter().map(|row| row.record.to_string()).collect()
    }

    /// Ops of one's own that are no first op of a record.
    fn own_ops(&self, who: usize) -> Vec<String> {
        let rows = self.hands[who].store().list_ops(0, 10_000).unwrap();
        let own = rows.iter().filter(|row| row.mine && row.op.header.record.is_some());
        own.map(|row| row.op.hash.id().to_string()).collect()
    }

    fn act(&mut self, who: usize, call: &Value) -> Result<Value, AppError> {
        let answer = self.hands[who].dispatch(&call.to_string())?;
        Ok(serde_json::from_str(&answer).unwrap())
    }

    /// Somebody takes in at most so many of another's ops: those after the last they have.
    fn hear(&mut self, who: usize, from: usize, most: usize) {
        let own = self.hands[from].store().current_log().unwrap().log;
        let known = self.hands[who].store().logs_written().unwrap();
        let after = known.get(&own).map_or(0, |log| u64::from(log.ops));
        if who != from {
            let most = most.min(500);
            let run = self.hands[from].store().own_run(own, after, most, usize::MAX).unwrap();
            take_in(&mut self.hands[who], run.as_slice());
        }
    }

    /// Everything anybody wrote, in pieces of up to seven ops.
    pub(crate) fn everything(&self) -> Everything {
        let mut runs = self.directory.clone();
        for app in &self.hands {
            let log: LogId = app.store().current_log().unwrap().log;
            let mut after = 0;
            while let Some(run) = {
                let most = 1 + self.dice.below(7) as usize;
                app.store().own_run(log, after, most, usize::MAX).unwrap()
            } {
                after = run.last_seq();
                runs.push(run);
            }
        }
        runs
    }

    /// What somebody's device shows once all has come, in an order of its own, some of it twice.
    pub(crate) fn shown_after(&mut self, all: &Everything, who: usize) -> Shown {
        let runs = self.shuffled(all);
        take_in(&mut self.hands[who], &runs);
        shown(&mut self.hands[who])
    }

    /// The same on a device that was enrolled only now.
    pub(crate) fn shown_to_a_fresh_device(&mut self, all: &Everything, who: usize) -> Shown {
        let mut app = self.device(who, 100 + who as u8, 0);
        for run in self.shuffled(all) {
            take_in(&mut app, &[run]);
        }
        shown(&mut app)
    }

    fn shuffled(&self, all: &Everything) -> Everything {
        let mut runs = all.clone();
        for _ in 0..all.len() / 3 {
            runs.push(self.dice.pick(all).clone());
        }
        for last in (1..runs.len()).rev() {
            runs.swap(last, self.dice.below(last as u64 + 1) as usize);
        }
        runs
    }
}

fn head() -> Value {
    json!({"checklist": "CCS", "site": SITE, "day": DAY, "inspectors": ["ada", "ben"],
        "place": {"position": {"lat": "22.48", "lon": "113.91", "accuracy_m": 8}}})
}

/// The team as the server's own log tells it: an id is that of the op which made it known.
fn people() -> (Vec<Identity>, Vec<Run>) {
    let identity = |user: UserId, code: &str, role: &str| Identity {
        ws: WS,
        user,
        home_scope: HOME,
        server_url: "http://sim".to_owned(),
        server_key: "00".repeat(32),
        user_code: code.to_owned(),
        name: (code.to_owned(), code.to_owned()),
        role: role.to_owned(),
    };
    let mut server = Store::open(Location::Memory, Profile::Unsafe).unwrap();
    server.enrol(&identity(UserId([0xaa; 16]), "server", "server"), [0xaa; 32]).unwrap();
    let mut people = vec![];
    for (code, role, _) in HANDS {
        let set = [("code", code), ("zh", code), ("en", code), ("role", role)];
        let set = set.map(|(slot, text)| (SlotPath::new(slot).unwrap(), Slot::from(text)));
        let data = OpData { set: set.into(), ..OpData::default() };
        let draft = Draft { record: None, scope: HOME, kind: "user.added".to_owned(), data };
        let op = server.record(&draft, Timestamp::default(), [1; 16]).unwrap();
        people.push(identity(UserId(RecordId::from(op.hash).0), code, role));
    }
    let log = server.current_log().unwrap().log;
    (people, vec![server.own_run(log, 0, 500, usize::MAX).unwrap().unwrap()])
}

/// The next page of the team's scope, with these runs in this order.
fn take_in(app: &mut App, runs: &[Run]) {
    let after = app.cursors().unwrap()[0].1;
    let mut through = after;
    let parts = runs.iter().map(|run| {
        let first = through + 1;
        through += run.ops().count() as u64;
        PulledPart::Run(run.clone(), (first..=through).collect())
    });
    let parts = parts.collect();
    app.apply(&PulledSection { scope: HOME, after, through, parts }).unwrap();
}

/// The day as a device shows it, by what was asked. Who looks makes no difference but in what is
/// theirs to take back, and in what their own clock says.
fn shown(app: &mut App) -> Shown {
    app.host_mut().skew_ms.set(0);
    let mut calls = vec![
        json!({"call": "board", "day": DAY}),
        json!({"call": "inbox", "day": DAY}),
        json!({"call": "merged", "site": SITE, "day": DAY, "checklist": "CCS"}),
        json!({"call": "findings", "day": DAY}),
    ];
    for row in app.store().list_records("inspection", None, 1_000).unwrap() {
        calls.push(json!({"call": "timeline", "id": row.record.to_string()}));
    }
    let mut shown: Shown = calls
        .into_iter()
        .map(|call| {
            let answer = app.dispatch(&call.to_string()).unwrap();
            (call.to_string(), answer.replace("\"mine\":true", "\"mine\":false"))
        })
        .collect();
    let day = serde_json::to_string(&app.day(SITE, DAY).unwrap()).unwrap();
    assert_eq!(serde_json::to_string(&app.day(SITE, DAY).unwrap()).unwrap(), day);
    shown.insert("day".to_owned(), day);
    shown
}
