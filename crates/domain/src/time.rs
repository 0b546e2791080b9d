//! When something was done, as claimed. Evidence and display order, never a judge.

/// The clocks of a device at one act. Written as `[wall_ms, offset_min, boot, tick_ms, server_ms]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Timestamp {
    /// Milliseconds since 1970 UTC by the device's wall clock.
    pub wall_ms: i64,
    /// Minutes east of UTC that the device showed its owner.
    pub offset_min: i32,
    /// Which run of the monotonic clock `tick_ms` belongs to; 0 when the host knows none.
    pub boot: i64,
    /// Milliseconds of the monotonic clock since that boot.
    pub tick_ms: i64,
    /// The last server time this device verified, in ms since 1970 UTC; 0 before the first.
    pub server_ms: i64,
}

impl Timestamp {
    /// The calendar day the person saw, `YYYY-MM-DD`: wall clock plus offset.
    pub fn local_day(&self) -> String {
        let days = (self.wall_ms + i64::from(self.offset_min) * 60_000).div_euclid(86_400_000);
        let (year, month, day) = civil(days);
        format!("{year:04}-{month:02}-{day:02}")
    }
}

/// Days since 1970-01-01 to a proleptic Gregorian date (H. Hinnant's `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_the_one_the_inspector_saw() {
        // 2021-06-23T20:00Z is already the 24th in Shenzhen.
        let at = Timestamp { wall_ms: 1_624_478_400_000, offset_min: 480, ..Default::default() };
        assert_eq!(at.local_day(), "2021-06-24");
        assert_eq!(Timestamp { offset_min: 0, ..at }.local_day(), "2021-06-23");
        assert_eq!(Timestamp { wall_ms: -1, ..Default::default() }.local_day(), "1969-12-31");
        assert_eq!(
            Timestamp { wall_ms: 951_782_400_000, ..Default::default() }.local_day(),
            "2000-02-29"
        );
    }
}
