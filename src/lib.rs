//! asof: replay history to any date. A chronicle of dated, sourced events in plain files is folded into the state of
//! affairs at a date: what was so, since when, by which event, on whose word, and who says otherwise.
//!
//! The trip, in the order of the rooms below:
//!
//! 1. [`disk`] reads a folder into texts;
//! 2. [`parse`] reads texts into loose events, each value with its place, and gathers every fault;
//! 3. [`check`] holds events against each other, and [`history`] indexes them by path in replay order;
//! 4. [`timeline`] is what comes of it: the checked log;
//! 5. [`ask`] answers questions about it with plain data, which [`render`] turns into text, JSON and other formats;
//! 6. [`serve`], [`lsp`] and [`cli`] are the doors to those who ask.
//!
//! ```
//! use asof::ask::{Asks, Found, Question, Selectors, ask};
//! use asof::{disk, timeline::Timeline};
//!
//! let (texts, faults) = disk::read("events".as_ref(), &[])?;
//! let timeline = Timeline::load(texts, faults);
//! let asks = Asks::Replay { words: vec!["2025-05-14".into(), "talks.istanbul-2025.status".into()] };
//! let answer = ask(&timeline, &Question { select: Selectors::default(), asks })?;
//! let Found::State(state) = answer.found else { panic!("a replay finds a state") };
//! assert_eq!(state.facts[0].value.as_ref().map(|value| value.to_string()).as_deref(), Some("agreed"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod model;
pub mod parse;
pub mod write;
pub mod history;
pub mod check;
pub mod timeline;
pub mod ask;
pub mod render;
pub mod exchange;
pub mod disk;
pub mod cache;
pub mod follow;
pub mod serve;
pub mod lsp;
pub mod cli;
