//! The dates, times, zones and durations of a calendar (RFC 5545 §3.3.4 to §3.3.6), as EDTF. Knows nothing of events.

use chrono::{Days, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::line::Line;
use crate::exchange::entry::has_seconds;
use crate::exchange::import::Refused;
use crate::model::diagnostic::Code;

/// A day, or a time of it.
#[derive(Clone, Copy)]
pub struct When {
    /// The day.
    pub day: NaiveDate,
    /// The time of it, if there is one.
    pub time: Option<Time>,
}

/// A time of a day.
#[derive(Clone, Copy)]
pub struct Time {
    time: NaiveTime,
    /// Its time zone, and how far clocks are ahead of UTC, in seconds; of a time that floats nothing.
    zone: Option<(Tz, i32)>,
    /// To compare by.
    pub seconds: i64,
}

impl When {
    /// What clocks of a zone show, or of none.
    fn at(local: NaiveDateTime, zone: Option<Tz>) -> When {
        When::with(local, zone.map(|zone| (zone, ahead(zone, local))))
    }

    fn with(local: NaiveDateTime, zone: Option<(Tz, i32)>) -> When {
        let seconds = local.and_utc().timestamp() - i64::from(zone.map_or(0, |(_, ahead)| ahead));
        When { day: local.date(), time: Some(Time { time: local.time(), zone, seconds }) }
    }

    /// So much later; of a day, whole days. First the days of clocks, however many hours they have, then the hours
    /// (RFC 5545 §3.3.6).
    pub fn plus(self, (days, hours): (Days, Duration)) -> Option<When> {
        let day = self.day.checked_add_days(days)?;
        let Some(time) = self.time else {
            return Some(When { day: day.checked_add_signed(Duration::days(hours.num_days()))?, time: None });
        };
        let local = day.and_time(time.time);
        let Some((zone, _)) = time.zone else {
            return Some(When::with(local.checked_add_signed(hours)?, None));
        };
        if hours.is_zero() {
            return Some(When::at(local, Some(zone)));
        }
        let began = local.checked_sub_signed(Duration::seconds(ahead(zone, local).into()))?;
        let utc = began.checked_add_signed(hours)?;
        let ahead = zone.offset_from_utc_datetime(&utc).fix().local_minus_utc();
        Some(When::with(utc.checked_add_signed(Duration::seconds(ahead.into()))?, Some((zone, ahead))))
    }

    /// The same as EDTF, or RFC 3339.
    pub fn edtf(self) -> String {
        let Some(time) = self.time else { return self.day.to_string() };
        let clock = if has_seconds(time.time) { "%H:%M:%S" } else { "%H:%M" };
        let offset = match time.zone {
            None => String::new(),
            Some((_, 0)) => "Z".to_owned(),
            Some((_, ahead)) => {
                let sign = if ahead < 0 { '-' } else { '+' };
                format!("{sign}{:02}:{:02}", ahead.abs() / 3600, ahead.abs() / 60 % 60)
            }
        };
        format!("{}T{}{offset}", self.day, time.time.format(clock))
    }
}

/// Reads a date, or a date with time in UTC, in a zone, or in none.
pub fn when(at: usize, line: &Line) -> Result<When, Refused> {
    let wrong = |message: String| Refused::new(Code::BadDate, at..at + line.name.len(), message);
    let unread = || wrong(format!("`{}` is no date of a calendar, such as 20250511 or 20250511T013000Z", line.value));
    if !line.value.is_ascii() {
        return Err(unread());
    }
    if line.value.len() == 8 {
        let day = NaiveDate::parse_from_str(&line.value, "%Y%m%d").map_err(|_| unread())?;
        return Ok(When { day, time: None });
    }
    let (digits, is_utc) = match line.value.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, true),
        None => (line.value.as_str(), false),
    };
    let local = NaiveDateTime::parse_from_str(digits, "%Y%m%dT%H%M%S").map_err(|_| unread())?;
    let Some(name) = line.parameter("TZID").filter(|_| !is_utc) else {
        return Ok(When::at(local, is_utc.then_some(Tz::UTC)));
    };
    // Some put their own name before that of the zone.
    let parts: Vec<&str> = name.split('/').collect();
    let zone = (0..parts.len()).find_map(|from| parts[from..].join("/").parse::<Tz>().ok());
    let zone = zone.ok_or_else(|| {
        let fault = wrong(format!("`{name}` is no time zone of the IANA's"));
        fault.help("let the calendar write its times in UTC, or name the zone as `Europe/Kyiv`")
    })?;
    Ok(When::at(local, Some(zone)))
}

/// How far clocks of a zone are ahead of UTC when they show a time: the first time that they do; of one that they leave
/// out as before the gap (RFC 5545 §3.3.5).
fn ahead(zone: Tz, local: NaiveDateTime) -> i32 {
    // No gap is longer than a day.
    let before = (0..=24).filter_map(|hours| local.checked_sub_signed(Duration::hours(hours)));
    let offset = before.enumerate().find_map(|(hours, shown)| match zone.offset_from_local_datetime(&shown) {
        LocalResult::Single(offset) => Some(offset),
        LocalResult::Ambiguous(first, last) => Some(if hours == 0 { first } else { last }),
        LocalResult::None => None,
    });
    offset.unwrap_or_else(|| zone.offset_from_utc_datetime(&local)).fix().local_minus_utc()
}

/// A duration that is not negative: its weeks and days, and its hours, minutes and seconds (RFC 5545 §3.3.6).
pub fn duration(text: &str) -> Option<(Days, Duration)> {
    let mut rest = text.strip_prefix('+').unwrap_or(text).strip_prefix('P')?;
    let (mut days, mut seconds, mut in_time) = (0u64, 0i64, false);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        if let (Some(time), false) = (rest.strip_prefix('T'), in_time) {
            (rest, in_time) = (time, true);
        }
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u32 = rest[..digits].parse().ok()?;
        match (rest.as_bytes()[digits], in_time) {
            (b'W', false) => days = days.checked_add(7 * u64::from(number))?,
            (b'D', false) => days = days.checked_add(u64::from(number))?,
            (b'H', true) => seconds = seconds.checked_add(3600 * i64::from(number))?,
            (b'M', true) => seconds = seconds.checked_add(60 * i64::from(number))?,
            (b'S', true) => seconds = seconds.checked_add(i64::from(number))?,
            _ => return None,
        }
        rest = &rest[digits + 1..];
    }
    Some((Days::new(days), Duration::try_seconds(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_of_clocks_and_hours_are_exact() {
        for (start, long, end) in [
            ("DTSTART;TZID=Europe/Kyiv:20220326T120000", "P1D", "2022-03-27T12:00+03:00"),
            ("DTSTART;TZID=Europe/Kyiv:20220326T120000", "P1W", "2022-04-02T12:00+03:00"),
            ("DTSTART;TZID=Europe/Kyiv:20220326T120000", "PT24H", "2022-03-27T13:00+03:00"),
            ("DTSTART;TZID=Europe/Kyiv:20220326T033000", "P1DT30M", "2022-03-27T05:00+03:00"),
            ("DTSTART;TZID=Europe/Kyiv:20221030T023000", "PT90M", "2022-10-30T03:00+02:00"),
            ("DTSTART:20220326T120000Z", "P1DT1H", "2022-03-27T13:00Z"),
            ("DTSTART:20220326T120000", "P1DT1H", "2022-03-27T13:00"),
            ("DTSTART;VALUE=DATE:20220326", "P1D", "2022-03-27"),
        ] {
            let begins = when(0, &Line::read(start).unwrap()).unwrap();
            assert_eq!(begins.plus(duration(long).unwrap()).unwrap().edtf(), end, "{start} {long}");
        }
        for none in ["", "P", "PT", "P1", "P1H", "PT1D", "-P1D", "P99999999999D"] {
            assert!(duration(none).is_none(), "{none}");
        }
        let last = when(0, &Line::read("DTSTART;TZID=Europe/Kyiv:99991231T235959").unwrap()).unwrap();
        assert!(last.plus(duration("P4294967295W").unwrap()).is_none());
    }

    #[test]
    fn a_time_that_clocks_leave_out_is_read_as_before_the_gap() {
        for (start, read) in [
            ("DTSTART;TZID=Europe/Kyiv:20220327T033000", "2022-03-27T03:30+02:00"),
            ("DTSTART;TZID=America/New_York:20070311T023000", "2007-03-11T02:30-05:00"),
            ("DTSTART;TZID=Pacific/Apia:20111230T120000", "2011-12-30T12:00-10:00"),
            ("DTSTART;TZID=Europe/Kyiv:20221030T033000", "2022-10-30T03:30+03:00"),
        ] {
            assert_eq!(when(0, &Line::read(start).unwrap()).unwrap().edtf(), read);
        }
    }
}
