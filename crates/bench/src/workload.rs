//! The workload of the design: inspections of 30 answers, and a finding per five inspections.
//!
//! Ten measured values, ten choices, three multiple choices, five short Chinese texts, two positions,
//! by the shipped checklist ENT. No shipped item takes a position or a remark alone: the texts are the
//! remarks of pass/fail items, one position is the head's proof of place, the other a remark.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};

/// What inspectors write, over and over.
const REMARKS: [&str; 24] = [
    "入口标识清楚",
    "测温点位置合理",
    "排队有序",
    "隔离栏完好",
    "通道畅通",
    "已提醒佩戴口罩",
    "登记本填写完整",
    "消毒液充足",
    "人员到岗",
    "夜间照明不足",
    "遮阳棚破损",
    "标识被遮挡",
    "保安已培训",
    "备用测温枪一支",
    "电量不足已更换",
    "入口分流执行到位",
    "老人通道有人值守",
    "现场整改完毕",
    "货车从侧门进入",
    "围挡缺口已封",
    "查验牌已更新",
    "广播正常",
    "值班表已公示",
    "出口未设人员",
];

/// Makes inspections, the same ones for the same seed.
pub(crate) struct Workload {
    dice: ChaCha8Rng,
    made: u64,
    /// When the next inspection begins, ms since 1970 UTC.
    pub(crate) now_ms: i64,
}

/// An inspection before it is recorded.
pub(crate) struct Inspection {
    head: Value,
    pub(crate) answers: Vec<(String, Value)>,
    findings: Vec<Value>,
}

impl Inspection {
    /// As one line of a record file: one act.
    pub(crate) fn whole(&self) -> String {
        let answers: serde_json::Map<String, Value> = self.answers.iter().cloned().collect();
        json!({"head": self.head, "answers": answers, "findings": self.findings}).to_string()
    }

    /// Its head alone: answers follow one by one.
    pub(crate) fn start(&self) -> String {
        json!({ "head": self.head }).to_string()
    }

    /// The line that raises its findings, if it has any.
    pub(crate) fn rest(&self, inspection: &str) -> Option<String> {
        let findings = &self.findings;
        let line = json!({ "inspection": inspection, "findings": findings });
        (!findings.is_empty()).then(|| line.to_string())
    }

    /// At another site.
    pub(crate) fn at(mut self, site: &str) -> Self {
        self.head["site"] = site.into();
        self
    }

    /// With so many findings, each in words of its own.
    pub(crate) fn with_findings(mut self, count: u64) -> Self {
        let site = self.head["site"].as_str().unwrap_or_default();
        let note = |n| format!("{}，{site} 第{n}处", REMARKS[n as usize % REMARKS.len()]);
        self.findings = (0..count).map(|n| json!({"item": "ENT-09", "note": note(n)})).collect();
        self
    }

    /// Adds a finding with a photo.
    pub(crate) fn with_photo(mut self, name: &str) -> Self {
        self.findings.push(json!({"item": "ENT-09", "note": "现场照片", "photos": [name]}));
        self
    }
}

impl Workload {
    /// The work of one device.
    pub(crate) fn new(device: u64) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(0x5350_4f54 + device);
        let now_ms = 1_624_492_800_000 + (dice.next_u64() % 3_600_000) as i64;
        Self { dice, made: 0, now_ms }
    }

    fn below(&mut self, n: u64) -> u64 {
        self.dice.next_u64() % n
    }

    fn remark(&mut self) -> &'static str {
        REMARKS[self.below(REMARKS.len() as u64) as usize]
    }

    /// Metres from a corner of the city, as a phone gives it.
    fn position(&mut self) -> (String, String) {
        let (lat, lon) = (52_000 + self.below(3_000), 5_000 + self.below(3_000));
        (format!("22.{lat:05}"), format!("114.{lon:05}"))
    }

    fn result(&mut self) -> &'static str {
        if self.below(20) == 0 { "fail" } else { "pass" }
    }

    /// The time from one act to the next.
    pub(crate) fn wait(&mut self, around_ms: u64) -> i64 {
        self.now_ms += (around_ms / 2 + self.below(around_ms)) as i64;
        self.now_ms
    }

    /// The next inspection.
    pub(crate) fn next(&mut self) -> Inspection {
        self.made += 1;
        let site = format!("S{:04}", self.below(400));
        let (lat, lon) = self.position();
        let head = json!({
            "checklist": "ENT", "site": site, "day": "2021-06-24", "programmes": ["FY-2021"],
            "inspectors": ["insp.a", "insp.b"],
            "place": {"position": {"lat": lat, "lon": lon, "accuracy_m": 3 + self.below(20)}},
        });
        let mut answers = vec![];
        let gate = |n: u64, item: &str| format!("gate/{site}-G{n}/{item}");
        for n in 1..=10 {
            let value = format!("{}.{}", 16 + self.below(16), self.below(10));
            answers.push((gate(n, "ENT-04"), json!({"value": value, "unit": "°C"})));
            answers.push((gate(n, "ENT-05"), json!({"result": self.result()})));
        }
        answers.push((
            "ENT-08".to_owned(),
            self.split(
                "done",
                "missing",
                &["contact_check", "isolate", "register_report", "retest"],
            ),
        ));
        answers.push((
            "ENT-14".to_owned(),
            self.split(
                "present",
                "missing",
                &["business_licence", "food_licence", "vetting_record"],
            ),
        ));
        answers.push((
            "GEN-04".to_owned(),
            self.split("done", "missing", &["checked_today", "in_date"]),
        ));
        for n in 1..=5 {
            let (result, reason) = (self.result(), self.remark());
            answers.push((gate(n, "ENT-01"), json!({"result": result, "reason": reason})));
        }
        let (lat, lon) = self.position();
        let reason = format!("{lat},{lon}");
        answers.push(("ENT-09".to_owned(), json!({"result": "pass", "reason": reason})));
        let mut findings = vec![];
        if self.made.is_multiple_of(5) {
            findings.push(json!({"item": gate(1, "ENT-05"), "note": self.remark()}));
        }
        Inspection { head, answers, findings }
    }

    /// A multiple choice: most are there.
    fn split(&mut self, yes: &str, no: &str, all: &[&str]) -> Value {
        let (there, missing): (Vec<&str>, Vec<&str>) = all.iter().partition(|_| self.below(10) > 0);
        json!({ yes: there, no: missing })
    }
}
