//! The clock: the word `today` in a date of the command line, and nothing else, depends on it.
#![allow(clippy::disallowed_methods)]

/// The date of today in a time zone, `2025-05-14`.
pub fn today(zone: chrono_tz::Tz) -> String {
    chrono::Utc::now().with_timezone(&zone).format("%Y-%m-%d").to_string()
}

/// A date with `today` in it, also as a side of an interval, by the date that it is; any other as it is.
pub fn dated(text: &str, today: &str) -> String {
    text.split('/').map(|side| if side == "today" { today } else { side }).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_a_date_alone_or_the_side_of_an_interval() {
        let dated = |text| dated(text, "2025-05-14");
        assert_eq!(dated("today"), "2025-05-14");
        assert_eq!(dated("2022/today"), "2022/2025-05-14");
        assert_eq!(dated("today-show"), "today-show");
        assert_eq!(dated("2022-04~"), "2022-04~");
        assert!(crate::model::date::Date::parse(&today(chrono_tz::Tz::Europe__Kyiv)).is_ok());
    }
}
