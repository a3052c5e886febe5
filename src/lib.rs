//! asof: replay history to any date.

pub mod model;
