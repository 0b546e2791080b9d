//! Files written by code, in the structure of real ones.

use spotcheck_loggers::Answers;

/// The answers that every Fridge-tag needs: China's time.
pub(crate) fn china() -> Answers {
    Answers { offset_min: Some(480), ..Answers::default() }
}

pub(crate) const SIGNATURE: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
                                    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Minutes as a logger's clock shows them: `2022-06-06 00:05`.
pub(crate) fn clock(minutes: i64) -> String {
    let time = chrono::DateTime::from_timestamp(minutes * 60, 0).unwrap();
    time.format("%Y-%m-%d %H:%M").to_string()
}

/// A Fridge-tag 2 L: its days with the counters of both alarms, newest first, and its readings as
/// minutes since 1970 on its clock.
pub(crate) fn fridge_tag_2l(days: &[(&str, u32, u32)], readings: &[(i64, String)]) -> String {
    let mut text = "Device: Q-tag Fridge-tag 2 L\nVers: 0.5\nFw Vers: 4.0p0o\nConf:\n \
                    Serial: 990000000009\n Temp unit: C\n Alarm:\n  0:\n   T AL: +2.0, t AL: 60\n  \
                    1:\n   T AL: +8.0, t AL: 60\n Logging Interval: 5\nHist:\n"
        .to_owned();
    for (number, (date, cold, hot)) in (1..).zip(days) {
        text += &format!(
            " {number}:\n  Date: {date}\n  Alarm:\n   0:\n    t Acc: {cold}\n   1:\n    t Acc: {hot}\n"
        );
    }
    text += "Data:\n\tyyyy-MM-dd hh:mm\tT\tOut of limits\n";
    for (minutes, value) in readings {
        text += &format!("\t{}\t{value}\n", clock(*minutes));
    }
    text + "Sig: " + SIGNATURE + "\n"
}
