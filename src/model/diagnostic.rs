//! What is wrong with a chronicle: one type for every fault, and the closed list of their codes.
//! Knows nothing of how a fault is found or shown.

use super::text::Place;

/// How much a fault matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The chronicle cannot be replayed whole, or a check fails.
    Error,
    /// Worth mending; blocks nothing.
    Warning,
    /// A thought; never an error, `--strict` or not.
    Hint,
}

impl Severity {
    /// `error`, `warning`, `hint`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $name:literal $severity:ident,)*) => {
        /// The stable name of a kind of fault. The page of each is what `asof explain` prints.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code, in the order in which they are listed to a user.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The kebab-case name, stable within format version 1.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// The severity where neither the manifest nor `--strict` says otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// Whether a manifest may set it and an event may allow it: those that block no loading.
            pub fn is_rule(self) -> bool {
                self >= Code::ReferenceByPlace
            }

            /// Whether it is a matter of taste: a rule that runs only where it is set or named.
            pub fn is_of_taste(self) -> bool {
                matches!(
                    self,
                    Code::NoSource | Code::SingleSource | Code::Hindsight | Code::KnownBeforeItsSources
                )
            }

            /// The code of this name.
            pub fn named(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.name() == name)
            }
        }
    };
}

codes! {
    /// A file or folder cannot be read.
    UnreadableFile "unreadable-file" Error,
    /// The bytes of a file are not UTF-8.
    NotUtf8 "not-utf8" Error,
    /// A symbolic link leads out of the folder.
    LinkLeavesFolder "link-leaves-folder" Error,
    /// The text is not YAML, or not JSON.
    Syntax "syntax" Error,
    /// Nested deeper than 64.
    TooDeep "too-deep" Error,
    /// Aliases expand to more than the text could hold.
    TooManyAliases "too-many-aliases" Error,
    /// One key twice in one mapping.
    DuplicateKey "duplicate-key" Error,
    /// A document that is neither event nor expectation.
    UnknownDocument "unknown-document" Error,
    /// A key that the format does not know.
    UnknownKey "unknown-key" Error,
    /// A required key is not there.
    MissingKey "missing-key" Error,
    /// A value of another shape than the key takes.
    WrongType "wrong-type" Error,
    /// The manifest asks for another format version.
    FormatVersion "format-version" Error,
    /// A date that cannot be read.
    BadDate "bad-date" Error,
    /// A word that is not a slug.
    BadSlug "bad-slug" Error,
    /// A text that is not a path.
    BadPath "bad-path" Error,
    /// A value that no path can hold.
    BadValue "bad-value" Error,
    /// A number that is too long to be exact, or none.
    BadNumber "bad-number" Error,
    /// An estimate without parts or out of order.
    BadEstimate "bad-estimate" Error,
    /// A word where one of a list is wanted.
    BadWord "bad-word" Error,
    /// `during` in an event that does not last.
    DoesNotLast "does-not-last" Error,
    /// An end before the start, or two ends.
    BadEnd "bad-end" Error,
    /// One event that sets and unsets one path.
    ConflictingChanges "conflicting-changes" Error,
    /// Two events of one id.
    DuplicateId "duplicate-id" Error,
    /// An id that reads as a date.
    IdIsDate "id-is-date" Error,
    /// A reference to an event that is not there.
    UnknownEvent "unknown-event" Error,
    /// A path that no pattern of the manifest matches.
    UnknownPath "unknown-path" Error,
    /// An entity that the manifest does not have.
    UnknownEntity "unknown-entity" Error,
    /// A voice that the manifest does not have.
    UnknownVoice "unknown-voice" Error,
    /// A source that the manifest does not have.
    UnknownSource "unknown-source" Error,
    /// A value that the pattern of its path does not allow.
    ValueNotAllowed "value-not-allowed" Error,
    /// A path that holds a value and has paths below it.
    PathIsBranch "path-is-branch" Error,
    /// A path whose kind of value changes.
    KindChanges "kind-changes" Error,
    /// A sum that would not be exact.
    SumOverflows "sum-overflows" Error,
    /// Estimates on one path that share no part.
    EstimatesShareNoPart "estimates-share-no-part" Error,
    /// Causes, corrections or parts that lead back to themselves.
    Cycle "cycle" Error,
    /// A cause that cannot have been before its effect.
    CauseAfterEffect "cause-after-effect" Error,
    /// One source id that is described in two ways.
    SourceConflict "source-conflict" Error,
    /// A reference to an event by its place in a file.
    ReferenceByPlace "reference-by-place" Warning,
    /// Two events whose order nothing settles.
    OrderNotSettled "order-not-settled" Warning,
    /// A link that says more than the dates.
    CauseMayBeLater "cause-may-be-later" Warning,
    /// An expectation that history does not meet.
    ExpectationFailed "expectation-failed" Error,
    /// A value that may not follow the one before it.
    TransitionNotAllowed "transition-not-allowed" Error,
    /// Two values for one time, from one mouth.
    Contradiction "contradiction" Warning,
    /// An event that cites nothing.
    NoSource "no-source" Warning,
    /// A value that rests on one source alone.
    SingleSource "single-source" Warning,
    /// A name of the manifest that nothing uses.
    Unused "unused" Warning,
    /// A member taken out that was not in, or an end of what had no value.
    RemovesWhatIsNotThere "removes-what-is-not-there" Warning,
    /// A correction that is dated by the day on which it was made.
    CorrectionComesLater "correction-comes-later" Warning,
    /// An event that is known before it happened.
    KnownBeforeItHappened "known-before-it-happened" Warning,
    /// A source that appeared before what it is cited for.
    SourceOlderThanEvent "source-older-than-event" Warning,
    /// An event that is known before anything cited for it appeared.
    KnownBeforeItsSources "known-before-its-sources" Warning,
    /// A text that uses what had not come up yet.
    Hindsight "hindsight" Hint,
    /// Dates that are firsts of a month more often than chance makes them.
    FalsePrecision "false-precision" Warning,
    /// Two events that look like one.
    DuplicateEvent "duplicate-event" Warning,
    /// An event whose id is not the name of its file.
    IdIsNotFileName "id-is-not-file-name" Warning,
}

/// A fact that belongs to a fault, with the place it stands at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// A short phrase.
    pub message: String,
    /// Where, if anywhere.
    pub place: Option<Place>,
}

/// One fault: what, where, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Which kind of fault.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// A short phrase; what is quoted from a chronicle stands between backticks.
    pub message: String,
    /// The narrowest place that is wrong.
    pub place: Place,
    /// What else belongs to it.
    pub notes: Vec<Note>,
    /// What to write or do instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A fault with the severity of its code, without notes and help.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic { code, severity: code.severity(), message: message.into(), place, notes: Vec::new(), help: None }
    }

    /// The same with a help.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// The same with a note at a place.
    pub fn note(mut self, message: impl Into<String>, place: Option<Place>) -> Diagnostic {
        self.notes.push(Note { message: message.into(), place });
        self
    }
}

/// The known name nearest to a mistaken one, if any is near enough to be meant (Damerau-Levenshtein, at most a third
/// of the letters; the first of equals in the order given), else the shortest that holds the word, if it has three
/// letters or more.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    let allowed = (letters / 3).max(1);
    let (mut near, mut holding): (Option<(usize, &str)>, Option<&str>) = (None, None);
    for name in known {
        if letters >= 3 && name.contains(word) && holding.is_none_or(|other| name.len() < other.len()) {
            holding = Some(name);
        }
        let most = near.map_or(allowed, |(distance, _)| distance.saturating_sub(1));
        if name.chars().count().abs_diff(letters) <= most {
            let distance = strsim::damerau_levenshtein(word, name);
            near = if distance <= most { Some((distance, name)) } else { near };
        }
    }
    near.map(|(_, name)| name).or(holding)
}
