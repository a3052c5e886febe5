//! Why a format that writes its files itself could not. Knows nothing of which.

use std::fmt;

/// What went wrong, and what to do instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// In a sentence.
    pub message: String,
    /// What helps.
    pub help: Option<String>,
}

impl Fault {
    /// Without help.
    pub fn new(message: impl Into<String>) -> Fault {
        Fault { message: message.into(), help: None }
    }

    /// The same with a help.
    pub fn help(self, help: impl Into<String>) -> Fault {
        Fault { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Fault {
        Fault::new(error.to_string())
    }
}

#[cfg(feature = "sqlite")]
impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::new(error.to_string())
    }
}

#[cfg(feature = "parquet")]
impl From<parquet::errors::ParquetError> for Fault {
    fn from(error: parquet::errors::ParquetError) -> Fault {
        Fault::new(error.to_string())
    }
}

/// What is said where a format was left out of the program, and how to get it.
#[cfg(not(all(feature = "parquet", feature = "sqlite")))]
fn left_out(format: &str, feature: &str) -> Result<(), Fault> {
    let get = format!("build it with the feature: `cargo install --path . --features {feature}`");
    Err(Fault::new(format!("this asof was built without {format}")).help(get))
}

/// Writes nothing. Errors: always.
#[cfg(not(feature = "parquet"))]
pub fn to_parquet(_: super::Of<'_>, _: &std::path::Path) -> Result<(), Fault> {
    left_out("Parquet", "parquet")
}

/// Writes nothing. Errors: always.
#[cfg(not(feature = "sqlite"))]
pub fn to_sqlite(_: super::Of<'_>, _: &std::path::Path) -> Result<(), Fault> {
    left_out("SQLite", "sqlite")
}
