//! Set points against limits, counters against readings: the real files' numbers of rules §4.B,
//! in files written by code.

use spotcheck_loggers::{
    ExpectedAlarm, ExpectedSetup, LoggerFile, Setting, Side, Unit, check_counters,
    find_misconfigured, read,
};
use spotcheck_rules::{Pack, Quantity, parse_date, shipped};

use crate::synthetic::{china, fridge_tag_2l};

const MIDNIGHT: i64 = 1_654_387_200 / 60; // 2022-06-05 00:00 on the logger's clock

fn who() -> ExpectedSetup {
    let alarm = |side, limit, minutes| ExpectedAlarm {
        side,
        limit: Quantity::parse(limit).unwrap(),
        minutes: Some(minutes),
        source: "V1 V2".to_owned(),
    };
    ExpectedSetup {
        unit: Some(Unit::Celsius),
        alarms: vec![alarm(Side::Cold, "-0.5", 60), alarm(Side::Hot, "8", 600)],
        max_interval_s: Some(600),
        no_user_offset: true,
    }
}

fn settings(file: &LoggerFile, expected: &ExpectedSetup) -> Vec<Setting> {
    find_misconfigured(file, expected).iter().map(|it| it.setting).collect()
}

#[test]
fn a_fridge_tag_set_as_who_says_has_no_finding_and_the_one_of_section_2_4_has_two() {
    let as_who = include_bytes!("../data/synthetic-fridge-tag-2.txt");
    assert_eq!(settings(&read(as_who, &china()).unwrap(), &who()), []);
    let late = String::from_utf8_lossy(as_who).replace("t AL: 60\n", "t AL: 61\n");
    let late = read(late.as_bytes(), &china()).unwrap();
    assert_eq!(settings(&late, &who()), [Setting::Minutes], "later is as wrong as sooner");
    // Found in the field: +2.0 °C after 60 min and +8.0 °C after 60 min.
    let other = read(include_bytes!("../data/synthetic-fridge-tag-2l.txt"), &china()).unwrap();
    let found = find_misconfigured(&other, &who());
    assert_eq!(settings(&other, &who()), [Setting::Limit, Setting::Minutes]);
    assert_eq!(found[0].said.en, "the cold alarm is set to +2.0, expected -0.5");
    assert_eq!((found[1].line, found[1].source.as_deref()), (Some(21), Some("V1 V2")));
}

#[test]
fn offsets_intervals_units_and_absent_alarms_are_findings() {
    let low = read(include_bytes!("../data/synthetic-fridge-tag-ultra-low.txt"), &china()).unwrap();
    let alarms = vec![];
    let strict = ExpectedSetup { alarms, max_interval_s: Some(120), ..who() };
    assert_eq!(settings(&low, &strict), [Setting::Interval, Setting::UserOffset]);
    let fahrenheit = ExpectedSetup { unit: Some(Unit::Fahrenheit), ..who() };
    assert_eq!(settings(&low, &fahrenheit)[0], Setting::Unit, "nothing is converted");
    let logtag = read(include_bytes!("../data/synthetic-logtag.csv"), &china()).unwrap();
    assert_eq!(settings(&logtag, &who()), [Setting::Limit, Setting::MinutesUnknown]);
    let bare = LoggerFile { set_points: vec![], ..logtag };
    assert_eq!(settings(&bare, &who()), [Setting::NoAlarm, Setting::NoAlarm]);
}

#[test]
fn a_limit_of_a_pack_says_which_alarm_should_ring() {
    let pack = Pack::parse(shipped()[0].bytes).unwrap();
    let on = parse_date("2021-06-24").unwrap();
    let frozen = pack.find_limit("cold.frozen_room", on).unwrap();
    let alarms = ExpectedAlarm::of_limit(frozen, Unit::Celsius, None);
    assert_eq!(alarms.len(), 1);
    assert_eq!((alarms[0].side, alarms[0].limit), (Side::Hot, Quantity::parse("-18").unwrap()));
    assert_eq!(ExpectedAlarm::of_limit(frozen, Unit::Humidity, None), []);
}

/// Three days at 5 minutes with as many readings beyond each set point as the real file has.
fn section_4b_file() -> LoggerFile {
    let day = |n: i64, cold: i64, hot: i64| {
        (0..288).map(move |at| {
            let value = if at < cold {
                "-6.2"
            } else if at < cold + hot {
                "30.3"
            } else {
                "5.0"
            };
            (MIDNIGHT + n * 1440 + at * 5, value.to_owned())
        })
    };
    let readings: Vec<_> = day(0, 288, 0).chain(day(1, 151, 82)).chain(day(2, 0, 63)).collect();
    let days = [("2022-06-07", 0, 312), ("2022-06-06", 753, 408), ("2022-06-05", 1440, 0)];
    read(fridge_tag_2l(&days, &readings).as_bytes(), &china()).unwrap()
}

#[test]
fn section_4b_device_counters_and_five_minute_counts_agree_within_an_interval() {
    let checks = check_counters(&section_4b_file());
    let found: Vec<_> = checks
        .iter()
        .map(|it| (it.date.to_string(), it.alarm.as_str(), it.device_min, it.counted_min))
        .filter(|(.., device, _)| *device > 0)
        .collect();
    let at = |day: &str| format!("2022-06-{day}");
    assert_eq!(
        found,
        [
            (at("05"), "0", 1440, 1440),
            (at("06"), "0", 753, 755),
            (at("06"), "1", 408, 410),
            (at("07"), "1", 312, 315),
        ]
    );
    assert!(checks.iter().all(|it| it.agrees), "{checks:?}");
}

#[test]
fn a_counter_far_from_its_readings_disagrees_and_half_days_are_not_compared() {
    let mut file = section_4b_file();
    file.days[1].counters[0].minutes = Some(700);
    assert!(check_counters(&file).iter().any(|it| !it.agrees && it.device_min == 700));
    file.readings.truncate(288 + 100);
    assert!(check_counters(&file).iter().all(|it| it.date.to_string() == "2022-06-05"));
}

#[test]
fn a_reading_at_the_set_point_is_cold_enough_to_count_and_not_hot_enough() {
    let values = ["2.0", "2.1", "8.0", "8.1"].into_iter().cycle().take(288);
    let readings: Vec<_> = (0..).map(|n| MIDNIGHT + n * 5).zip(values.map(str::to_owned)).collect();
    let text = fridge_tag_2l(&[("2022-06-05", 360, 360)], &readings);
    let found: Vec<_> = check_counters(&read(text.as_bytes(), &china()).unwrap())
        .iter()
        .map(|it| (it.counted_min, it.episodes))
        .collect();
    assert_eq!(found, [(360, 72), (360, 72)]);
}
