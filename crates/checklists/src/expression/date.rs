//! Days and moments: ISO 8601 to milliseconds and back, without a time-zone table.
//!
//! Every text without an offset is local time of the host's one offset, the same for all dates of
//! an evaluation. Years are 0000 to 9999.

use super::context::Moment;

/// Milliseconds of a day.
pub(super) const DAY: i64 = 86_400_000;

/// A moment with the offset it is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTime {
    millis: i64,
    offset: i64,
}

/// The fields of a moment in local time.
pub(super) struct Fields {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) milli: i64,
    /// 0 is Sunday.
    pub(super) weekday: i64,
}

impl DateTime {
    /// `None` outside the years 0000 to 9999.
    pub(super) fn new(millis: i64, offset_minutes: i32) -> Option<Self> {
        let offset = i64::from(offset_minutes.clamp(-18 * 60, 18 * 60)) * 60_000;
        let local = millis.checked_add(offset)?;
        let (first, last) = (days_of(0, 1, 1) * DAY, days_of(10_000, 1, 1) * DAY);
        (first..last).contains(&local).then_some(Self { millis, offset })
    }

    pub(super) fn of(moment: Moment) -> Option<Self> {
        Self::new(moment.millis, moment.offset_minutes)
    }

    /// From days since 1970-01-01T00:00Z, to the millisecond.
    pub(super) fn from_days(days: f64, offset_minutes: i32) -> Option<Self> {
        let millis = (days * DAY as f64).round();
        // Within ±2^53, so the cast is exact.
        if millis.abs() < 9e15 { Self::new(millis as i64, offset_minutes) } else { None }
    }

    /// Days since 1970-01-01T00:00Z.
    #[must_use]
    pub fn days(self) -> f64 {
        self.millis as f64 / DAY as f64
    }

    /// The local day's first moment.
    pub(super) fn midnight(self) -> Self {
        let local = self.millis + self.offset;
        Self { millis: local.div_euclid(DAY) * DAY - self.offset, offset: self.offset }
    }

    pub(super) fn fields(self) -> Fields {
        let local = self.millis + self.offset;
        let (days, rest) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = day_of(days);
        Fields {
            year,
            month,
            day,
            hour: rest / 3_600_000,
            minute: rest / 60_000 % 60,
            second: rest / 1000 % 60,
            milli: rest % 1000,
            weekday: (days + 4).rem_euclid(7),
        }
    }
}

/// `2021-06-24` at local midnight, else `2021-06-24T10:00:00.000+08:00`.
impl std::fmt::Display for DateTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Fields { year, month, day, hour, minute, second, milli, .. } = self.fields();
        write!(f, "{year:04}-{month:02}-{day:02}")?;
        if (hour, minute, second, milli) == (0, 0, 0, 0) {
            return Ok(());
        }
        let sign = if self.offset < 0 { '-' } else { '+' };
        let offset = self.offset.abs() / 60_000;
        let (ahead, rest) = (offset / 60, offset % 60);
        write!(f, "T{hour:02}:{minute:02}:{second:02}.{milli:03}{sign}{ahead:02}:{rest:02}")
    }
}

/// Reads `YYYY-MM-DD`, perhaps with `THH:MM[:SS[.fff]]` and an offset. `loose`: month and day may
/// lack their leading zero, which only `date()` allows.
pub(super) fn parse_date_time(text: &str, offset: i32, loose: bool) -> Option<DateTime> {
    let (date, time) = text.split_once('T').map_or((text, None), |(d, t)| (d, Some(t)));
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let padded = |part: &str| part.len() == 2 || (loose && part.len() == 1);
    if parts.next().is_some() || year.len() != 4 || !padded(month) || !padded(day) {
        return None;
    }
    let (year, month, day) = (digits(year)?, digits(month)?, digits(day)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let (time, own) = time.map_or(Some((0, None)), parse_time)?;
    let minutes = own.unwrap_or(offset);
    let local = days_of(year, month, day) * DAY + time;
    DateTime::new(local - i64::from(minutes) * 60_000, offset)
}

/// Milliseconds since midnight, and the offset in minutes if one is written.
pub(super) fn parse_time(text: &str) -> Option<(i64, Option<i32>)> {
    let (clock, offset) = split_offset(text)?;
    let mut parts = clock.split(':');
    let hour = two(parts.next()?, 23)?;
    let minute = parts.next().map_or(Some(0), |part| two(part, 59))?;
    let (mut second, mut milli) = (0, 0);
    if let Some(part) = parts.next() {
        let (whole, fraction) = part.split_once('.').map_or((part, None), |(w, f)| (w, Some(f)));
        second = two(whole, 59)?;
        if let Some(fraction) = fraction {
            digits(fraction.get(..fraction.len().min(15))?)?;
            let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
            milli = digits(&thousandths)?;
        }
    }
    let millis = ((hour * 60 + minute) * 60 + second) * 1000 + milli;
    parts.next().is_none().then_some((millis, offset))
}

fn split_offset(text: &str) -> Option<(&str, Option<i32>)> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Some((clock, Some(0)));
    }
    let Some(at) = text.find(['+', '-']) else { return Some((text, None)) };
    let (clock, offset) = (text.get(..at)?, text.get(at + 1..)?);
    let (hours, minutes) = offset.split_once(':')?;
    let ahead = two(hours, 14)? * 60 + two(minutes, 59)?;
    let sign = if text.as_bytes().get(at) == Some(&b'-') { -1 } else { 1 };
    Some((clock, i32::try_from(ahead * sign).ok()))
}

fn two(text: &str, most: i64) -> Option<i64> {
    digits(text).filter(|number| text.len() == 2 && *number <= most)
}

fn digits(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a day of the proleptic Gregorian calendar, counted in years that
/// begin in March, so that the leap day is the last.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days_of`].
fn day_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + years + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_is_its_own_inverse() {
        for days in days_of(1800, 1, 1)..days_of(2201, 1, 1) {
            let (year, month, day) = day_of(days);
            assert_eq!(days_of(year, month, day), days);
            assert!((1..=days_in(year, month)).contains(&day));
        }
        assert_eq!(days_of(1970, 1, 1), 0);
    }

    #[test]
    fn moments_are_shown_in_the_hosts_offset() {
        let show = |text, offset| {
            parse_date_time(text, offset, false).map_or_else(String::new, |d| d.to_string())
        };
        assert_eq!(show("2021-06-24", 480), "2021-06-24");
        assert_eq!(show("2021-06-24T10:30", 480), "2021-06-24T10:30:00.000+08:00");
        assert_eq!(show("2021-06-24T02:30:15.5Z", 480), "2021-06-24T10:30:15.500+08:00");
        assert_eq!(show("2021-06-24T20:00-05:30", 0), "2021-06-25T01:30:00.000+00:00");
        for wrong in [
            "2021-02-29",
            "2021-6-4",
            "2021-06-24T24:00",
            "2021-06-24T1:00",
            "21-06-24",
            "2021-06-24 10:00",
        ] {
            assert_eq!(show(wrong, 0), "", "{wrong}");
        }
        assert!(parse_date_time("2021-6-4", 0, true).is_some());
    }
}
