//! Compares how a logger was set with how it should be: what differs is a finding.

use serde::Serialize;
use spotcheck_rules::{Bilingual, Limit, Operator, Quantity};
use ts_rs::TS;

use crate::{LoggerFile, SetPoint, Side, Unit};

/// An alarm that a logger should have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpectedAlarm {
    /// Which side it watches.
    pub side: Side,
    /// The set point.
    pub limit: Quantity,
    /// After how many minutes it should ring; none where any time will do.
    pub minutes: Option<u32>,
    /// Where that is written.
    pub source: String,
}

impl ExpectedAlarm {
    /// The alarms that watch a limit of a pack in this unit: what no longer passes should ring.
    /// None where the limit has no value in the unit.
    #[must_use]
    pub fn of_limit(limit: &Limit, unit: Unit, minutes: Option<u32>) -> Vec<Self> {
        let Some(value) = limit.find_value(unit.as_str()) else { return Vec::new() };
        let (cold, hot) = match limit.operator {
            Operator::Between => (value.min, value.max),
            Operator::Above | Operator::AtLeast => (value.value, None),
            Operator::Below | Operator::AtMost => (None, value.value),
            Operator::Equal => (None, None),
        };
        let alarm = |(side, limit): (Side, Option<Quantity>)| {
            Some(Self { side, limit: limit?, minutes, source: String::new() })
        };
        let sides = [(Side::Cold, cold), (Side::Hot, hot)].into_iter().filter_map(alarm);
        sides.map(|alarm| Self { source: limit.source.clone(), ..alarm }).collect()
    }
}

/// How a logger should be set. What is absent is not compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ExpectedSetup {
    /// The unit of the alarms' limits.
    pub unit: Option<Unit>,
    /// The alarms. Several may watch one side; a device has to have each.
    pub alarms: Vec<ExpectedAlarm>,
    /// The longest interval between readings, in seconds.
    pub max_interval_s: Option<u32>,
    /// Whether a user's offset on a sensor is forbidden (Drug GSP App. 3).
    pub no_user_offset: bool,
}

/// What is set otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "LoggerSetting")]
pub enum Setting {
    /// Another limit.
    Limit,
    /// Another time until it rings.
    Minutes,
    /// No alarm watches this side.
    NoAlarm,
    /// The file does not say how long an alarm waits.
    MinutesUnknown,
    /// The logger's unit is not that of the limits; nothing was converted or compared.
    Unit,
    /// Too long an interval.
    Interval,
    /// An offset set by a user.
    UserOffset,
}

/// One difference, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Misconfigured {
    /// What is set otherwise.
    pub setting: Setting,
    /// The alarm or sensor as the file names it.
    pub name: Option<String>,
    /// The line of the file, counted from 1.
    pub line: Option<u32>,
    /// What was found and what was expected.
    pub said: Bilingual,
    /// Where the expectation is written.
    pub source: Option<String>,
}

/// Lists every difference. An empty list means: set as expected, as far as the file says.
#[must_use]
pub fn find_misconfigured(file: &LoggerFile, expected: &ExpectedSetup) -> Vec<Misconfigured> {
    let mut found = Vec::new();
    if let Some(unit) = expected.unit.filter(|unit| *unit != file.unit) {
        let (ours, wanted) = (file.unit.as_str(), unit.as_str());
        found.push(difference(
            Setting::Unit,
            format!("记录仪单位为 {ours}，限值单位为 {wanted}；未作比较"),
            format!(
                "the logger is set to {ours}, the limits are in {wanted}; nothing was compared"
            ),
        ));
    } else {
        found.extend(expected.alarms.iter().filter_map(|alarm| compare(file, alarm)));
    }
    if let (Some(interval), Some(most)) = (file.interval, expected.max_interval_s)
        && interval.seconds > most
    {
        let seconds = interval.seconds;
        found.push(difference(
            Setting::Interval,
            format!("记录间隔 {seconds} 秒，要求不超过 {most} 秒"),
            format!("readings are {seconds} s apart, at most {most} s are allowed"),
        ));
    }
    let offsets = file.device.user_offsets.iter().filter(|_| expected.no_user_offset);
    let moved =
        offsets.filter(|(_, value)| Quantity::parse(value).ok() != Quantity::parse("0").ok());
    found.extend(moved.map(|(sensor, value)| Misconfigured {
        name: Some(sensor.clone()),
        ..difference(
            Setting::UserOffset,
            format!("传感器 {sensor} 被用户修正 {value}；不得修正"),
            format!("sensor {sensor} has a user's offset of {value}; none is allowed"),
        )
    }));
    found
}

fn difference(setting: Setting, zh: String, en: String) -> Misconfigured {
    Misconfigured { setting, name: None, line: None, said: Bilingual { zh, en }, source: None }
}

/// The nearest alarm of the side decides: of two alarms on one side, one may be as expected.
fn compare(file: &LoggerFile, expected: &ExpectedAlarm) -> Option<Misconfigured> {
    let of_side: Vec<_> =
        file.set_points.iter().filter(|point| point.side == Some(expected.side)).collect();
    let faults: Vec<_> = of_side.iter().map(|point| fault(point, expected)).collect();
    if faults.iter().any(Option::is_none) && !faults.is_empty() {
        return None;
    }
    // An alarm with the right limit says more than one with another.
    let nearest = faults
        .into_iter()
        .flatten()
        .min_by_key(|fault| u8::from(fault.setting == Setting::Limit))
        .unwrap_or_else(|| no_alarm(expected));
    Some(Misconfigured { source: Some(expected.source.clone()), ..nearest })
}

fn side_names(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Cold => ("低温", "cold"),
        Side::Hot => ("高温", "hot"),
    }
}

fn no_alarm(expected: &ExpectedAlarm) -> Misconfigured {
    let ((zh, en), limit) = (side_names(expected.side), expected.limit);
    difference(
        Setting::NoAlarm,
        format!("没有{zh}报警，要求 {limit}"),
        format!("no {en} alarm is set, expected {limit}"),
    )
}

fn fault(point: &SetPoint, expected: &ExpectedAlarm) -> Option<Misconfigured> {
    let (zh, en) = side_names(expected.side);
    let (setting, zh, en) = match (&point.limit, point.minutes, expected.minutes) {
        (limit, ..) if !is_same(limit.as_deref(), expected.limit) => {
            let (found, wanted) = (limit.as_deref().unwrap_or("--.-"), expected.limit);
            let zh = format!("{zh}报警设为 {found}，要求 {wanted}");
            (Setting::Limit, zh, format!("the {en} alarm is set to {found}, expected {wanted}"))
        }
        (_, Some(found), Some(wanted)) if found != wanted => {
            let zh = format!("{zh}报警延时 {found} 分钟，要求 {wanted} 分钟");
            let en = format!("the {en} alarm rings after {found} min, expected {wanted} min");
            (Setting::Minutes, zh, en)
        }
        (_, None, Some(wanted)) => {
            let zh = format!("文件没有写明{zh}报警延时，要求 {wanted} 分钟；请在仪器上核对");
            let en = format!(
                "the file does not say when the {en} alarm rings, expected after {wanted} min; check on the logger"
            );
            (Setting::MinutesUnknown, zh, en)
        }
        _ => return None,
    };
    let name = Some(point.name.clone());
    Some(Misconfigured { name, line: Some(point.line), ..difference(setting, zh, en) })
}

fn is_same(found: Option<&str>, wanted: Quantity) -> bool {
    found.and_then(|found| Quantity::parse(found).ok()) == Some(wanted)
}
