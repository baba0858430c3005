//! What stands at a place of a file: <https://www.sqlite.org/fileformat2.html>.

use std::fmt;

use serde::Serialize;

/// The size of a page in our files.
pub(super) const PAGE_BYTES: usize = 4_096;
/// The first page begins with the header of the whole file.
pub(super) const FILE_HEADER_BYTES: usize = 100;
/// A write-ahead log begins with a header.
pub(super) const WAL_HEADER_BYTES: usize = 32;
/// Each of its frames begins with one, too.
pub(super) const FRAME_HEADER_BYTES: usize = 24;

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// The first 100 bytes of a file.
    FileHeader,
    /// The table of tables, on the first page.
    Schema,
    /// The beginning of a page: its kind, its number of cells, where they are.
    PageHeader,
    /// What lies between the pointers to cells and the cells, or in no tree.
    Unused,
    /// The cells of a table's leaves: records.
    TableLeaf,
    /// The cells of a table's inner pages.
    TableInner,
    /// The cells of an index, and of tables that are their own index: keys.
    Index,
    /// What is too long for its leaf, or a free page.
    Overflow,
    /// The header of a write-ahead log.
    WalHeader,
    /// The header of one of its frames.
    FrameHeader,
    /// The page in one of its frames.
    FramePage,
    /// A file ends early.
    CutFile,
    /// A write-ahead log ends early.
    CutWriteAheadLog,
    /// Records of one history are removed at its end.
    CutHistory,
    /// Records are removed at the end of the log.
    CutLog,
    /// The same, without a trace in the names.
    CutLogAndNames,
}

impl Region {
    /// What stands at byte `at`.
    pub(super) fn of(file: &str, bytes: &[u8], at: usize) -> Self {
        if file.ends_with("-wal") {
            let Some(within) = at.checked_sub(WAL_HEADER_BYTES) else { return Self::WalHeader };
            let within = within % (FRAME_HEADER_BYTES + PAGE_BYTES);
            return if within < FRAME_HEADER_BYTES { Self::FrameHeader } else { Self::FramePage };
        }
        if at < FILE_HEADER_BYTES {
            return Self::FileHeader;
        }
        let start = at / PAGE_BYTES * PAGE_BYTES;
        if start == 0 {
            return Self::Schema;
        }
        Self::in_page(bytes.get(start..start + PAGE_BYTES).unwrap_or_default(), at - start)
    }

    fn in_page(page: &[u8], at: usize) -> Self {
        let two =
            |at: usize| page.get(at..at + 2).map_or(0, |two| usize::from(two[0]) << 8 | usize::from(two[1]));
        let (inside, header_bytes) = match page.first() {
            Some(2) => (Self::Index, 12),
            Some(5) => (Self::TableInner, 12),
            Some(10) => (Self::Index, 8),
            Some(13) => (Self::TableLeaf, 8),
            _ => return Self::Overflow,
        };
        if at < header_bytes + two(3) * 2 {
            Self::PageHeader
        } else if at < two(5) {
            Self::Unused
        } else {
            inside
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::FileHeader => "file header",
            Self::Schema => "schema page",
            Self::PageHeader => "page headers",
            Self::Unused => "unused space",
            Self::TableLeaf => "table leaves (records)",
            Self::TableInner => "inner pages of tables",
            Self::Index => "indexes, and keys",
            Self::Overflow => "overflow and free pages",
            Self::WalHeader => "header of the write-ahead log",
            Self::FrameHeader => "headers of its frames",
            Self::FramePage => "pages in its frames",
            Self::CutFile => "file cut",
            Self::CutWriteAheadLog => "write-ahead log cut",
            Self::CutHistory => "history's last records removed",
            Self::CutLog => "log's last records removed",
            Self::CutLogAndNames => "the same, with their names",
        })
    }
}
