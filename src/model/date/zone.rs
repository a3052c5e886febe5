//! Local time to moments: what a zone's clocks said, and when a day begins there.
//!
//! It must not know how dates are written. The zone's rules are those of `chrono-tz`, which lists changes of offset up
//! to the end of the 21st century, and keeps the last one after that; before the first it has local mean time.

use chrono::{DateTime, MappedLocalTime, Offset as _, TimeZone as _};
use chrono_tz::{GapInfo, Tz};

const DAY: i64 = 86_400;
/// Local times beyond this are looked up here: `chrono` ends soon after, and no zone changes its offset out there.
const REACH: i64 = 8_000_000_000_000;

/// What a reading of a local clock means, in seconds since 1970-01-01T00:00:00Z.
pub(super) enum Reading {
    Once(i64),
    /// The clock was put back: the earlier and the later moment.
    Twice(i64, i64),
    /// The clock was put forward over it, at this moment.
    Never(i64),
}

impl Reading {
    pub(super) fn first(self) -> i64 {
        match self {
            Reading::Once(at) | Reading::Twice(at, _) | Reading::Never(at) => at,
        }
    }

    pub(super) fn last(self) -> i64 {
        match self {
            Reading::Once(at) | Reading::Twice(_, at) | Reading::Never(at) => at,
        }
    }
}

/// The moment at which a day, counted from 1970-01-01, begins: its first midnight, or where there is none the first
/// moment after the gap. Days so reckoned tile the time line. `None` if it does not fit in 64 bits.
pub(super) fn midnight(zone: Tz, days: i64) -> Option<i64> {
    reading(zone, days.checked_mul(DAY)?).map(Reading::first)
}

/// When the local clock showed this time, in seconds since 1970-01-01T00:00:00 local. `None` if it does not fit in 64
/// bits.
pub(super) fn reading(zone: Tz, local: i64) -> Option<Reading> {
    if zone == Tz::UTC {
        return Some(Reading::Once(local));
    }
    let naive = DateTime::from_timestamp(local.clamp(-REACH, REACH), 0)?.naive_utc();
    let utc = |seconds_east: i32| local.checked_sub(i64::from(seconds_east));
    match zone.offset_from_local_datetime(&naive) {
        MappedLocalTime::Single(offset) => Some(Reading::Once(utc(offset.fix().local_minus_utc())?)),
        MappedLocalTime::Ambiguous(one, other) => {
            let (one, other) = (utc(one.fix().local_minus_utc())?, utc(other.fix().local_minus_utc())?);
            Some(Reading::Twice(one.min(other), one.max(other)))
        }
        MappedLocalTime::None => {
            let (begin, offset) = GapInfo::new(&naive, &zone)?.begin?;
            Some(Reading::Never(begin.and_utc().timestamp().checked_sub(i64::from(offset.fix().local_minus_utc()))?))
        }
    }
}
