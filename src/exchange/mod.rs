//! OTHER FORMATS, in and out: one file a format. What comes in becomes event files, what goes out is the chronicle or an
//! answer in the form that others read. A format that must write files itself (Parquet, SQLite, git) is a door.

mod export;

pub use export::{Exported, Form, Subject, export};
