//! Dates and clocks as loggers write them. What the text leaves open stays open.

mod plain;
mod tokens;

use chrono::NaiveDate;

use crate::DateOrder;
use tokens::Tokens;

/// The years a logger can have been in; a clock outside of them was never set.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2099;

/// A cell that is a date, a clock, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) date: Option<DateNumbers>,
    /// Seconds of the day.
    pub(crate) clock_s: Option<u32>,
    /// The offset from UTC that the text states, in minutes.
    pub(crate) offset_min: Option<i16>,
}

/// A date before its order is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateNumbers {
    /// Three numbers, each with its count of digits.
    Three([(u32, u8); 3]),
    /// A month by its name, or by the characters 年月日: nothing is open.
    Named(NaiveDate),
}

/// Every order there is.
pub(crate) const ORDERS: [DateOrder; 3] =
    [DateOrder::YearMonthDay, DateOrder::DayMonthYear, DateOrder::MonthDayYear];

impl Stamp {
    /// Reads the whole text, or nothing.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        plain::parse(text).or_else(|| Self::parse_any(text))
    }

    fn parse_any(text: &str) -> Option<Self> {
        let mut tokens = Tokens::of(text)?;
        let early_half = tokens.half_of_day();
        let date = tokens.date();
        tokens.skip_between();
        let half = early_half.or_else(|| tokens.half_of_day());
        let clock_s = tokens.clock(half);
        let offset_min = clock_s.and_then(|_| tokens.offset());
        let said_nothing = date.is_none() && clock_s.is_none();
        let lone_half = half.is_some() && clock_s.is_none();
        if said_nothing || lone_half || !tokens.is_at_end() {
            return None;
        }
        Some(Self { date, clock_s, offset_min })
    }

    /// Joins the stamps of neighbouring columns: a date and a clock.
    pub(crate) fn with_clock(self, clock: Self) -> Option<Self> {
        let apart = self.clock_s.is_none() && clock.date.is_none();
        apart.then_some(Self { date: self.date, ..clock })
    }
}

impl DateNumbers {
    /// The date under an order; none where there is no such day.
    pub(crate) fn resolve(self, order: DateOrder) -> Option<NaiveDate> {
        let [first, second, third] = match self {
            Self::Named(date) => return Some(date),
            Self::Three(numbers) => numbers,
        };
        let (year, month, day) = match order {
            DateOrder::YearMonthDay => (first, second, third),
            DateOrder::DayMonthYear => (third, second, first),
            DateOrder::MonthDayYear => (third, first, second),
        };
        if month.1 > 2 || day.1 > 2 {
            return None;
        }
        date_of(year, month.0, day.0)
    }

    /// Whether the order makes a difference to what is written.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Three(_))
    }
}

/// Two digits mean this century: no logger is older.
pub(crate) fn date_of(year: (u32, u8), month: u32, day: u32) -> Option<NaiveDate> {
    let full = match year {
        (year, 4) => year,
        (year, 2) => year + 2000,
        _ => return None,
    };
    let date = NaiveDate::from_ymd_opt(i32::try_from(full).ok()?, month, day)?;
    YEARS.contains(&chrono::Datelike::year(&date)).then_some(date)
}

/// Seconds since 1970 on a clock that shows this date and time, before any offset.
pub(crate) fn clock_seconds(date: NaiveDate, clock_s: u32) -> i64 {
    let days = i64::from(chrono::Datelike::num_days_from_ce(&date)) - DAYS_TO_1970;
    days * 86_400 + i64::from(clock_s)
}

/// Days from 0001-01-01, which is day 1, to 1970-01-01.
const DAYS_TO_1970: i64 = 719_163;

/// The offset that a heading states, as in `Date Time, GMT+08:00`.
pub(crate) fn offset_in(heading: &str) -> Option<i16> {
    let upper = heading.to_ascii_uppercase();
    let at = upper.find("GMT").or_else(|| upper.find("UTC"))?;
    let rest = upper.get(at + 3..)?.trim_start();
    let words = rest.split(|c: char| c.is_whitespace() || matches!(c, ')' | ',' | ']' | ';'));
    tokens::offset_of(words.into_iter().next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: DateOrder) -> Option<(i64, Option<i16>)> {
        let stamp = Stamp::parse(text)?;
        let date = stamp.date?.resolve(order)?;
        Some((clock_seconds(date, stamp.clock_s?), stamp.offset_min))
    }

    #[test]
    fn one_moment_in_many_spellings() {
        use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};
        let moment = 1_624_546_800; // 2021-06-24 15:00 on the clock
        for (text, order) in [
            ("2021-06-24 15:00", YearMonthDay),
            ("2021/6/24 15:00:00", YearMonthDay),
            ("2021-06-24T15:00:00.000", YearMonthDay),
            ("24.06.2021 15:00", DayMonthYear),
            ("06/24/21 03:00:00 PM", MonthDayYear),
            ("6/24/2021, 3:00 p.m.", MonthDayYear),
            ("24-Jun-2021 15:00", MonthDayYear),
            ("June 24, 2021 15:00", DayMonthYear),
            ("2021年6月24日 15:00:00", DayMonthYear),
            ("2021年06月24日 下午3:00", DayMonthYear),
            ("21-06-24 15:00", YearMonthDay),
        ] {
            assert_eq!(read(text, order), Some((moment, None)), "{text}");
        }
        assert_eq!(read("2021-06-24T15:00:00+08:00", YearMonthDay), Some((moment, Some(480))));
        assert_eq!(read("2021-06-24 15:00 -0530", YearMonthDay), Some((moment, Some(-330))));
        assert_eq!(read("2021-06-24T15:00:00Z", YearMonthDay), Some((moment, Some(0))));
    }

    #[test]
    fn what_does_not_exist_is_no_time() {
        use DateOrder::{DayMonthYear, YearMonthDay};
        for text in [
            "2021-02-29 10:00",
            "2021-13-01 10:00",
            "2021-06-24 24:00",
            "2021-06-24 10:60",
            "2021-06-24 13:00 PM",
            "1903-06-24 10:00",
            "2021-06-24 10:00 5.0",
            "2021-06-24 10",
            "2021-06/24 10:00",
            "99999999999-06-24 10:00",
        ] {
            assert_eq!(read(text, YearMonthDay), None, "{text}");
        }
        assert_eq!(read("31/06/2021 10:00", DayMonthYear), None);
        for text in ["", "5.0", "5", "-18.5", "--.-", "x", "PM", "下午", ":", "年月日"] {
            assert_eq!(Stamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_short_way_reads_what_the_long_way_reads() {
        for text in [
            "2021-06-24 15:00",
            "2021/06/24T15:00:59",
            "24.06.2021",
            "15:00:00",
            "15:00",
            "24:00",
            "2021-06-24",
            "2021-06/24",
            "06/24/2021 23:59:59",
            "24.06.2021 15:60",
            "99-99-9999",
            "9999-99-99 15:00",
            "2021-06-24 15:00:",
            "2021-06-24  15:00",
            "2021-06-24 15:00:00Z",
        ] {
            let short = plain::parse(text);
            assert!(short.is_none() || short == Stamp::parse_any(text), "{text}");
        }
        assert!(plain::parse("2021-06-24 15:00").is_some() && plain::parse("15:00:07").is_some());
    }

    #[test]
    fn midnight_and_noon_by_halves_of_the_day() {
        let clock = |text: &str| Stamp::parse(text).and_then(|stamp| stamp.clock_s);
        assert_eq!(clock("12:00 AM"), Some(0));
        assert_eq!(clock("12:00 PM"), Some(43_200));
        assert_eq!(clock("1:05:09 pm"), Some(47_109));
        assert_eq!(clock("上午 1:00"), Some(3_600));
    }

    #[test]
    fn a_heading_may_state_the_offset() {
        assert_eq!(offset_in("Date Time, GMT+08:00"), Some(480));
        assert_eq!(offset_in("Time (UTC-3)"), Some(-180));
        assert_eq!(offset_in("Date Time"), None);
        assert_eq!(
            offset_in("Time (UTC)"),
            None,
            "UTC itself is asked: the word alone is often a label"
        );
    }
}
