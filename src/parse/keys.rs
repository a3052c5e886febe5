//! The keys that the format knows, for whoever offers or describes them. Knows nothing of what they mean.

pub use super::change::CHANGES;
pub use super::citation::{IN_PLACE, SOURCE};
pub use super::event::KEYS as EVENT;
pub use super::expectation::{KEYS as EXPECTATION, OPERATORS};
pub use super::manifest::{ENTITY, KEYS as MANIFEST, TABLES, VOICE};
pub use super::rule::KEYS as PATTERN;
