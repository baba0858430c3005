//! The directory.
/// The directory.
#[derive(Debug, Default)]
pub struct Directory;
