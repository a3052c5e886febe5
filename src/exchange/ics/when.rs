//! The dates, times, zones and durations of a calendar (RFC 5545 §3.3.4 to §3.3.6), as EDTF. Knows nothing of events.

use chrono::{Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
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
    /// How far clocks are ahead of UTC, in seconds; of a time that floats nothing.
    offset: Option<i32>,
    /// To compare by.
    pub seconds: i64,
}

impl When {
    fn at(local: NaiveDateTime, offset: Option<i32>) -> When {
        let seconds = local.and_utc().timestamp() - i64::from(offset.unwrap_or(0));
        When { day: local.date(), time: Some(Time { time: local.time(), offset, seconds }) }
    }

    /// So much later; of a day, whole days.
    pub fn plus(self, long: Duration) -> Option<When> {
        match self.time {
            None => Some(When { day: self.day.checked_add_signed(Duration::days(long.num_days()))?, time: None }),
            Some(time) => Some(When::at(self.day.and_time(time.time).checked_add_signed(long)?, time.offset)),
        }
    }

    /// The same as EDTF, or RFC 3339.
    pub fn edtf(self) -> String {
        let Some(time) = self.time else { return self.day.to_string() };
        let clock = if has_seconds(time.time) { "%H:%M:%S" } else { "%H:%M" };
        let offset = match time.offset {
            None => String::new(),
            Some(0) => "Z".to_owned(),
            Some(ahead) => {
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
        return Ok(When::at(local, is_utc.then_some(0)));
    };
    // Some put their own name before that of the zone.
    let parts: Vec<&str> = name.split('/').collect();
    let zone = (0..parts.len()).find_map(|from| parts[from..].join("/").parse::<Tz>().ok());
    let zone = zone.ok_or_else(|| {
        let fault = wrong(format!("`{name}` is no time zone of the IANA's"));
        fault.help("let the calendar write its times in UTC, or name the zone as `Europe/Kyiv`")
    })?;
    let offset = match zone.offset_from_local_datetime(&local) {
        LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => offset.fix().local_minus_utc(),
        LocalResult::None => return Err(wrong(format!("clocks in {name} never showed {digits}"))),
    };
    Ok(When::at(local, Some(offset)))
}

/// A duration that is not negative (RFC 5545 §3.3.6).
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text).strip_prefix('P')?;
    let (mut seconds, mut in_time) = (0i64, false);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        if let (Some(time), false) = (rest.strip_prefix('T'), in_time) {
            (rest, in_time) = (time, true);
        }
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        let unit = match (rest.as_bytes()[digits], in_time) {
            (b'W', false) => 604_800,
            (b'D', false) => 86_400,
            (b'H', true) => 3600,
            (b'M', true) => 60,
            (b'S', true) => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[digits + 1..];
    }
    Duration::try_seconds(seconds)
}
