use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::FILES;

/// What tells a file from itself before a change, without reading it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fingerprint([Option<Look>; FILES.len()]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    /// Another file under the same name: a mounted configuration is changed by moving a link.
    inode: u64,
    size: u64,
    seconds: i64,
    nanoseconds: i64,
}

impl Fingerprint {
    /// How the files in `folder` look now; one that is not there looks like none.
    pub(super) fn of(folder: &Path) -> Self {
        Self(FILES.map(|name| {
            let file = std::fs::metadata(folder.join(name)).ok()?;
            let (seconds, nanoseconds) = (file.mtime(), file.mtime_nsec());
            Some(Look { inode: file.ino(), size: file.size(), seconds, nanoseconds })
        }))
    }
}
