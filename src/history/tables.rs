//! The flat tables of the index: what a row of each says, and the one list of all of them, by which they are written
//! to an image and found in one again. Knows nothing of what is asked of them.

use std::sync::Arc;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::column::{Column, Image};
use super::{EventNumber, Likeness, VoiceNumber};
use crate::model::event::{Ending, When};
use crate::model::moment::{Moment, Span};

/// Says of a row that it is plain data.
macro_rules! row {
    ($(#[$doc:meta])* $vis:vis struct $name:ident { $($(#[$of:meta])* $field_vis:vis $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
        #[repr(C)]
        $vis struct $name { $($(#[$of])* $field_vis $field: $kind,)* }
    };
}

row! {
    /// When events were that have the same dates.
    pub(super) struct WhenRow {
        /// Of `written`, `start`, `known`, and the ending's `from` and `by`: seconds since 1970.
        seconds: [i64; 7],
        /// The date of the beginning as written, among the texts.
        pub text: u64,
        nanos: [u32; 7],
        /// 1: there is an ending; 2: it ends just after its moment.
        flags: u32,
        pub text_length: u32,
        _even: u32,
    }
}

impl WhenRow {
    /// The same with its text elsewhere.
    pub fn with_text(self, text: u64) -> WhenRow {
        WhenRow { text, ..self }
    }

    /// The moments of dates as a row.
    pub fn of(when: &When, text: u64, text_length: u32) -> WhenRow {
        let ending = when.ending.unwrap_or(Ending { from: Moment::PAST, by: Moment::PAST, just_after: false });
        let (written, start) = (when.written, when.start);
        let moments = [written.start, written.end, start.start, start.end, when.known, ending.from, ending.by];
        WhenRow {
            seconds: moments.map(Moment::seconds),
            nanos: moments.map(Moment::nanos),
            flags: u32::from(when.ending.is_some()) | u32::from(ending.just_after) << 1,
            text,
            text_length,
            _even: 0,
        }
    }

    fn moment(&self, at: usize) -> Moment {
        Moment::new(self.seconds[at], self.nanos[at])
    }

    /// The moments.
    pub fn when(&self) -> When {
        let moment = |at| self.moment(at);
        let ending = Ending { from: moment(5), by: moment(6), just_after: self.flags & 2 != 0 };
        When {
            written: Span { start: moment(0), end: moment(1) },
            start: self.start(),
            ending: (self.flags & 1 != 0).then_some(ending),
            known: moment(4),
        }
    }

    /// Where the date, or the start of the interval, may lie.
    pub fn start(&self) -> Span {
        Span { start: self.moment(2), end: self.moment(3) }
    }

    /// Earliest and latest moment of the date as written.
    pub fn written(&self) -> Span {
        Span { start: self.moment(0), end: self.moment(1) }
    }
}

row! {
    /// An event.
    pub(super) struct EventRow {
        /// Where its values begin.
        pub values: u64,
        /// Its id, among the texts.
        pub name: u64,
        pub name_length: u32,
        pub when: u32,
        pub file: u32,
        /// The bytes of the document; of one that is read with its whole file, its place among the events of the file
        /// and nothing.
        pub start: u32,
        pub end: u32,
        /// The line on which it begins, from 1.
        pub line: u32,
        /// Twice its place among the events of its file, from 1; one more: its id is made of that.
        pub place: u32,
        /// Where the paths that it touches begin and end.
        pub touched: u32,
        pub touched_end: u32,
        /// Where its labels begin and end.
        pub labels: u32,
        pub labels_end: u32,
        /// When the earliest of this and all later events may have been.
        pub possible: u32,
    }
}

row! {
    /// A path: its text, and where its assertions stand among all: the record's first, then the voices', each in
    /// replay order; and where the record's marks do.
    pub(super) struct PathRow {
        pub name: u64,
        pub name_length: u32,
        pub record: u32,
        pub claims: u32,
        pub end: u32,
        pub marks: u32,
        pub marks_end: u32,
    }
}

row! {
    /// What one event says of one path: a change, found again by its number among the event's changes.
    pub struct Assertion {
        /// The event.
        pub event: EventNumber,
        /// The change among `Event::changes`.
        pub change: u32,
        /// The voice, and in the lowest four bits the place in the order within one event.
        speaker: u32,
        /// Where its value stands behind the first of its event.
        pub(super) value: u32,
    }
}

/// Stands for the record where a voice could.
const RECORD: u32 = u32::MAX >> 4;

impl Assertion {
    pub(super) fn new(event: EventNumber, change: u32, voice: Option<VoiceNumber>, rank: u8, value: u32) -> Assertion {
        Assertion { event, change, speaker: voice.unwrap_or(RECORD) << 4 | u32::from(rank), value }
    }

    /// Who asserts it; `None`: the record.
    pub fn voice(self) -> Option<VoiceNumber> {
        Some(self.speaker >> 4).filter(|voice| *voice != RECORD)
    }

    /// Its place in the order within one event.
    pub(super) fn rank(self) -> u8 {
        (self.speaker & 15) as u8
    }

    /// Whether it sets a value.
    pub fn is_set(self) -> bool {
        self.rank() / 2 == 1
    }

    /// Whether it takes a value away.
    pub fn is_unset(self) -> bool {
        self.rank() / 2 == 0
    }

    /// Whether it takes members out.
    pub fn is_remove(self) -> bool {
        self.rank() / 2 == 2
    }

    /// Whether it holds only while its event lasts.
    pub fn is_during(self) -> bool {
        self.rank() & 1 == 1
    }

    /// Whether it says the whole value, so that nothing before it matters.
    pub fn is_whole(self) -> bool {
        self.rank() < 4
    }
}

row! {
    /// What the record came to after some of its assertions on a path, where everything counts: a place from which a
    /// long sum or set is reckoned on.
    pub(super) struct MarkRow {
        /// The value among the values.
        pub value: u64,
        /// So many of all assertions come before.
        pub assertion: u32,
        /// The event that last changed it, and the one since which it has this value.
        pub event: EventNumber,
        pub since: EventNumber,
        _even: u32,
    }
}

impl MarkRow {
    pub fn new(value: u64, assertion: u32, event: EventNumber, since: EventNumber) -> MarkRow {
        MarkRow { value, assertion, event, since, _even: 0 }
    }
}

row! {
    /// A voice.
    pub(super) struct VoiceRow {
        pub name: u64,
        pub name_length: u32,
        /// The voice that it is part of; the largest number: none.
        pub whole: u32,
    }
}

row! {
    /// A label that events bear.
    pub(super) struct LabelRow {
        pub name: u64,
        pub name_length: u32,
        /// The number of its [`super::Sort`].
        pub sort: u32,
    }
}

row! {
    /// What is said of a source by a citation of an event: that it describes the one of an id, or is the same.
    pub(super) struct SourceRow {
        /// The id, among the texts.
        pub name: u64,
        pub name_length: u32,
        pub event: EventNumber,
        /// The citation among all of the event.
        pub citation: u32,
        _even: u32,
    }
}

impl SourceRow {
    pub fn new((name, name_length): (u64, u32), event: EventNumber, citation: u32) -> SourceRow {
        SourceRow { name, name_length, event, citation, _even: 0 }
    }
}

row! {
    /// A citation, as it is written.
    pub(super) struct CitedRow {
        pub event: EventNumber,
        /// Its place among all of the event.
        pub number: u32,
        /// The label that is the id of the source; the empty one where none is written.
        pub label: u32,
        /// By what the source is known again, where it is described in place; the largest number: it is not.
        pub likeness: u32,
    }
}

row! {
    /// By what two descriptions are known to be of one source.
    pub(super) struct LikenessRow {
        pub whole: u64,
        pub url: u64,
        pub title: u64,
        /// 1: there is a url; 2: there is a title.
        pub has: u64,
    }
}

impl LikenessRow {
    pub fn of(likeness: Likeness) -> LikenessRow {
        let Likeness { whole, url, title } = likeness;
        let has = u64::from(url.is_some()) | u64::from(title.is_some()) << 1;
        LikenessRow { whole, url: url.unwrap_or_default(), title: title.unwrap_or_default(), has }
    }

    pub fn likeness(self) -> Likeness {
        let has = |bit: u64| self.has & bit != 0;
        Likeness { whole: self.whole, url: has(1).then_some(self.url), title: has(2).then_some(self.title) }
    }
}

row! {
    /// An `unset` by a pattern, as it is written.
    pub(super) struct PatternRow {
        pub name: u64,
        pub name_length: u32,
        pub event: EventNumber,
        /// Its place among the changes of the event.
        pub change: u32,
        /// The voice; the largest number: the record.
        pub voice: u32,
        /// Its place in the order within one event.
        pub rank: u32,
        pub _even: u32,
    }
}

/// Lists the tables once, for memory and for images.
macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident: $row:ty,)*) => {
        /// Every table of the index.
        #[derive(Debug, Default)]
        pub(super) struct Tables { $($(#[$doc])* pub $name: Column<$row>,)* }

        impl Tables {
            /// The tables as the sections of an image, in order.
            pub fn sections(&self) -> Vec<&[u8]> {
                vec![$(self.$name.bytes(),)*]
            }

            /// The tables in an image, from a section on, and the section after them.
            pub fn mapped(image: &Arc<Image>, first: usize) -> Option<(Tables, usize)> {
                let mut section = first;
                let mut next = || { section += 1; section - 1 };
                let tables = Tables { $($name: Column::mapped(image, next())?,)* };
                Some((tables, section))
            }
        }
    };
}

tables! {
    /// What is distinct among the dates.
    whens: WhenRow,
    /// The events in replay order.
    events: EventRow,
    /// The events in listing order.
    listing: EventNumber,
    /// Of every [`super::LISTED`] events of the listing order: when the one was that reaches furthest.
    reaches: u32,
    /// The paths in order.
    paths: PathRow,
    /// The assertions by path.
    assertions: Assertion,
    /// The paths that events touch, by event.
    touched: u32,
    /// The labels in order of sorts and names.
    labels: LabelRow,
    /// The labels that events bear, by event.
    labelled: u32,
    /// An event and one that it answers to, in order.
    because: [u32; 2],
    /// An event and one that it comes after without cause.
    after: [u32; 2],
    /// An event and one that it replaces.
    replaces: [u32; 2],
    /// An event and one that replaces it.
    replaced: [u32; 2],
    /// The events that hold something `during`.
    lasting: EventNumber,
    /// Where long sums and sets are reckoned on from.
    marks: MarkRow,
    /// The voices in order of names.
    voices: VoiceRow,
    /// The first description of every source that is described in place and has an id, in order of ids.
    described: SourceRow,
    /// The descriptions without an id that are of a source that has one, in order of events.
    identified: SourceRow,
    /// All citations as they are written, by event. This and the next two are for loading the same files again.
    cited: CitedRow,
    /// What is known of the sources that they describe.
    likenesses: LikenessRow,
    /// The patterns that events unset, by event.
    patterns: PatternRow,
    /// The events by their ids: a table of open addressing; the largest number: free.
    ids: EventNumber,
    /// Ids of events, paths, dates and names of voices.
    texts: u8,
    /// What assertions say.
    values: u8,
}
