//! What a command has said.

use serde_json::Value;

/// A command that has ended.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to its standard output.
    pub out: String,
    /// What it wrote to its standard error.
    pub err: String,
}

impl Said {
    /// Its standard output, if it was done.
    ///
    /// # Panics
    /// When its exit code is not 0.
    pub fn done(&self) -> &str {
        assert_eq!(self.code, Some(0), "{self:#?}");
        &self.out
    }

    /// Its standard output as JSON, if it was done.
    ///
    /// # Panics
    /// When its exit code is not 0, or it printed something else.
    pub fn json(&self) -> Value {
        serde_json::from_str(self.done()).unwrap_or_else(|error| panic!("{error} in {self:#?}"))
    }

    /// Its standard error, if it refused with this exit code.
    ///
    /// # Panics
    /// When its exit code is another one, or it refused without a word.
    pub fn refused(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert!(!self.err.trim().is_empty(), "it refused without a word: {self:#?}");
        &self.err
    }
}
