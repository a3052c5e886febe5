//! asof: replay history to any date.

pub mod model;
pub mod parse;
