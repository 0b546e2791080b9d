//! What is recorded: the Nanshan market's entrance checklist, the bus, and the three findings.

use serde_json::{Value, json};

/// The Nanshan market.
pub(crate) const MARKET: &str = "NS-MKT";
/// A bus stop in the middle of a route.
pub(crate) const STOP: &str = "BUS-R03-S03";
/// The day of both.
pub(crate) const DAY: &str = "2021-06-24";
/// The item on which the inspectors will differ.
pub(crate) const DISPUTED: &str = "GEN-01";

/// A photo to take: its name, width and height.
pub(crate) type Shot = (&'static str, u32, u32);

/// Photos of the first inspector.
pub(crate) const FIRST_SHOTS: [Shot; 8] = [
    ("gate-1.jpg", 960, 720),
    ("gate-1-queue.jpg", 1600, 1200),
    ("enclosure.jpg", 800, 600),
    ("letter.jpg", 800, 600),
    ("ledger-1.jpg", 1280, 960),
    ("ledger-2.jpg", 1920, 1440),
    ("stop.jpg", 1024, 768),
    ("boarding.jpg", 1440, 1080),
];

/// Photos of the second inspector, each for the item it backs.
pub(crate) const SECOND_SHOTS: [(&str, Shot); 5] = [
    ("gate/G1/ENT-07", ("queue-from-behind.jpg", 1600, 1200)),
    ("gate/G3/ENT-05", ("thermometer-3.jpg", 960, 720)),
    ("gate/G5/ENT-01", ("gate-5.jpg", 1280, 960)),
    ("ENT-12", ("holding-point.jpg", 800, 600)),
    ("GEN-02", ("letter-too.jpg", 1024, 768)),
];

const GATES: u32 = 6;

/// Every answer of the market's checklist, the disputed one left out: the same for both inspectors.
pub(crate) fn market_answers() -> Vec<(String, Value)> {
    let pass = || json!({"result": "pass"});
    let twenty = || json!({"counts": {"observed": 20, "checked": 20}});
    let mut answers = vec![];
    for gate in 1..=GATES {
        // 36 people in five minutes is what F-01 is about.
        let (people, queue) = if gate == 1 { (36, 9) } else { (70, 0) };
        let measured = json!({"count": people, "seconds": 300, "lanes": 1,
            "counts": {"queue_growth": queue, "bypassed": 0}});
        let codes =
            json!({"counts": {"observed": 20, "checked": 20, "refused": 0, "alternative": 1}});
        let of_gate = [
            ("ENT-01", pass()),
            ("ENT-03", twenty()),
            ("ENT-04", json!({"value": "28.5", "unit": "°C", "instrument": "T-3"})),
            ("ENT-05", pass()),
            ("ENT-07", measured),
            ("ENT-10", codes),
            ("ENT-13", twenty()),
        ];
        answers.extend(of_gate.map(|(code, answer)| (format!("gate/G{gate}/{code}"), answer)));
    }
    let of_site = [
        ("ENT-02", json!({"value": "0", "unit": "gaps"})),
        ("ENT-06", json!({"value": "0.2", "unit": "°C", "instrument": "T-17"})),
        (
            "ENT-08",
            json!({"done": ["retest", "contact_check", "isolate", "register_report"], "missing": []}),
        ),
        ("ENT-09", pass()),
        ("ENT-11", pass()),
        ("ENT-12", pass()),
        (
            "ENT-14",
            json!({"present": ["business_licence", "food_licence", "vetting_record"], "missing": []}),
        ),
        ("GEN-02", pass()),
        ("GEN-03", pass()),
        ("GEN-04", json!({"done": ["in_date", "checked_today"], "missing": []})),
        ("GEN-05", json!({"counts": {"observed": 3, "checked": 3}})),
        ("GEN-06", json!({"signed": true, "by_role": "site"})),
    ];
    answers.extend(of_site.map(|(code, answer)| (code.to_owned(), answer)));
    answers
}

/// The first inspector's lines: the market with F-01 and F-02, the bus with F-03.
pub(crate) fn first_lines() -> [String; 2] {
    let mut answers: serde_json::Map<_, _> = market_answers().into_iter().collect();
    answers.insert(DISPUTED.to_owned(), json!({"count": 2}));
    let market = json!({
        "head": head("ENT", MARKET),
        "answers": answers,
        "photos": {"gate/G1/ENT-07": ["gate-1.jpg"], "ENT-02": ["enclosure.jpg"],
            "GEN-02": ["letter.jpg"]},
        "findings": [
            {"item": "gate/G1/ENT-07", "severity": "major", "note": "F-01 1号出入口手工测温效率低",
                "photos": ["gate-1.jpg", "gate-1-queue.jpg"]},
            {"severity": "major", "note": "F-02 档口进销台账登记不全，商品无法溯源",
                "photos": ["ledger-1.jpg", "ledger-2.jpg"]},
        ],
    });
    let bus = json!({
        "head": head("BUS", STOP),
        "answers": {
            "stop/S03/BUS-02": {"counts": {"observed": 12, "checked": 0}},
            "stop/S03/BUS-03": {"counts": {"observed": 12, "checked": 0, "refused": 0}},
        },
        "findings": [
            {"item": "stop/S03/BUS-02", "severity": "critical",
                "note": "F-03 车辆中途站未对乘客测温和查验健康码", "photos": ["stop.jpg", "boarding.jpg"]},
        ],
    });
    [market.to_string(), bus.to_string()]
}

/// The second inspector's first line, which contradicts the first inspector's count.
pub(crate) fn second_start() -> String {
    json!({"head": head("ENT", MARKET), "answers": {DISPUTED: {"count": 3}}}).to_string()
}

/// The second inspector's other lines, one answer each, by the item's path.
pub(crate) fn second_lines(inspection: &str) -> Vec<(String, String)> {
    let line = |(path, answer): (String, Value)| {
        let shots = SECOND_SHOTS.iter().filter(|(backs, _)| *backs == path);
        let names: Vec<&str> = shots.map(|(_, shot)| shot.0).collect();
        let mut line = json!({"inspection": inspection, "answers": {path.as_str(): answer}});
        if !names.is_empty() {
            line["photos"] = json!({path.as_str(): names});
        }
        (path, line.to_string())
    };
    market_answers().into_iter().map(line).collect()
}

fn head(checklist: &str, site: &str) -> Value {
    json!({"checklist": checklist, "site": site, "day": DAY, "visit": "surprise",
        "inspectors": ["insp.produce1", "insp.produce2"]})
}
