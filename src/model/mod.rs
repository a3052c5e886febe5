//! THE WORDS: the types that travel from room to room, and nothing that knows where they come from or go to.
//!
//! ```text
//! Texts ─ Text ─ Place, Located<T>            where a word stands
//! Manifest ─ Entity, Voice, Source, PathRule  what a chronicle says about itself
//! Event ─ Date → When                         what happened, and when that was
//!       ─ Change ─ Path, Does(Value)          what it changed, by the record or by a voice
//!       ─ Citation                            on whose word
//! Expectation                                 a test on history
//! Diagnostic ─ Code, Note                     what is wrong, and what to do about it
//! ```

pub mod text;
pub mod diagnostic;
pub mod moment;
pub mod date;
pub mod decimal;
pub mod value;
pub mod path;
pub mod manifest;
pub mod event;
