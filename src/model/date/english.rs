//! Dates in English, as far as they are worth guessing at: `12 April 2022`, `spring 2022`, `the 1990s`, `c. 1850`.
//!
//! Only for the help of an error; it must not be taken for a parser.

/// The EDTF that an English date seems to mean; nothing has been checked.
pub(super) fn english(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let mut guess = Guess::default();
    for token in text.split([' ', ',', '.', '-']).filter(|token| !token.is_empty()) {
        guess.take(token)?;
    }
    guess.written()
}

#[derive(Default)]
struct Guess {
    numbers: Vec<u32>,
    decade: Option<String>,
    month: Option<usize>,
    circa: bool,
    before: bool,
}

impl Guess {
    /// Takes in a word; `None` if it means nothing here.
    fn take(&mut self, token: &str) -> Option<()> {
        let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|ending| token.strip_suffix(ending));
        if let Ok(number) = ordinal.unwrap_or(token).parse() {
            self.numbers.push(number);
        } else if let Some(month) = month(token).filter(|_| self.month.is_none()) {
            self.month = Some(month);
        } else if let Some(decade) = token.strip_suffix('s').and_then(|years| years.strip_suffix('0')) {
            self.decade = Some(format!("{decade}X"));
        } else {
            match token {
                "c" | "ca" | "circa" | "about" | "around" | "approx" | "approximately" => self.circa = true,
                "bc" | "bce" => self.before = true,
                "the" | "of" | "in" | "on" | "ad" | "ce" => {}
                _ => return None,
            }
        }
        Some(())
    }

    fn written(self) -> Option<String> {
        let mark = if self.circa { "~" } else { "" };
        if let Some(decade) = self.decade {
            let alone = self.numbers.is_empty() && self.month.is_none() && !self.before;
            return if alone { Some(format!("{decade}{mark}")) } else { None };
        }
        let (year, day) = match *self.numbers.as_slice() {
            [year] => (year, None),
            [day, year] if day <= 31 => (year, Some(day)),
            [year, day] if day <= 31 => (year, Some(day)),
            _ => return None,
        };
        // There is no year 0 in English.
        let year = match (self.before, year) {
            (_, 0) => return None,
            (true, 1) => "0000".to_string(),
            (true, year) => format!("-{:04}", year - 1),
            (false, year) => format!("{year:04}"),
        };
        match (self.month, day) {
            (Some(month), Some(day)) => Some(format!("{year}-{month:02}-{day:02}{mark}")),
            (Some(month), None) => Some(format!("{year}-{month:02}{mark}")),
            (None, None) if self.circa || self.before => Some(format!("{year}{mark}")),
            (None, _) => None,
        }
    }
}

/// The months by their English names, in small letters.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The number of a month by three letters or more of its name, or EDTF's of a season or quarter.
fn month(token: &str) -> Option<usize> {
    const OTHERS: [(&str, usize); 9] = [
        ("spring", 21),
        ("summer", 22),
        ("autumn", 23),
        ("fall", 23),
        ("winter", 24),
        ("q1", 33),
        ("q2", 34),
        ("q3", 35),
        ("q4", 36),
    ];
    let of_year = MONTHS.iter().position(|month| token.len() >= 3 && month.starts_with(token));
    let other = || OTHERS.iter().find(|(name, _)| *name == token).map(|(_, number)| *number);
    of_year.map(|place| place + 1).or_else(other)
}
