//! Takes the answers of `diff-tree -z --raw --numstat` and `ls-tree -z` apart. Paths are bytes between NULs: whatever else
//! stands in them means nothing.

use crate::change::{Change, Entry, Kind};

/// First one record for each change, then for each its lines, in the same order.
pub(super) fn parse(answer: &[u8]) -> Option<Vec<Change>> {
    let mut parts = parts(answer).into_iter().peekable();
    let mut changes = Vec::new();
    while parts.peek().is_some_and(|part| part.starts_with(b":")) {
        let header = String::from_utf8(parts.next()?.to_vec()).ok()?;
        let words: Vec<&str> = header.trim_start_matches(':').split(' ').collect();
        let [old_mode, new_mode, old_id, new_id, status] = words.as_slice() else { return None };
        let first = parts.next()?.to_vec();
        let kind = match status.as_bytes().first()? {
            b'A' => Kind::Added,
            b'D' => Kind::Deleted,
            b'R' => Kind::Renamed,
            b'M' | b'T' => Kind::Modified,
            _ => return None,
        };
        let (path, before) = match kind {
            Kind::Renamed => (parts.next()?.to_vec(), Some(first)),
            _ => (first, None),
        };
        changes.push(Change {
            path,
            before,
            kind,
            lines: None,
            old: entry(old_mode, old_id),
            new: entry(new_mode, new_id),
        });
    }
    for change in &mut changes {
        let header = parts.next()?;
        let mut words = header.splitn(3, |byte| *byte == b'\t');
        let (added, deleted, path) = (words.next()?, words.next()?, words.next()?);
        let path = match change.kind {
            // An empty path here, then the one before and the one after.
            Kind::Renamed => parts.next().and_then(|_before| parts.next())?,
            _ => path,
        };
        if path != change.path {
            return None;
        }
        // Of what is not text there is `-`.
        change.lines = number(added).zip(number(deleted)).filter(|_| !change.is_submodule());
    }
    parts.next().is_none().then_some(changes)
}

pub(super) fn tree(answer: &[u8]) -> Option<Vec<(Vec<u8>, Entry)>> {
    let file = |part: &[u8]| {
        let tab = part.iter().position(|byte| *byte == b'\t')?;
        let header = std::str::from_utf8(&part[..tab]).ok()?;
        let mut words = header.split(' ');
        let (mode, _type, id) = (words.next()?, words.next()?, words.next()?);
        Some((part[tab + 1..].to_vec(), Entry { mode: mode.to_owned(), id: id.to_owned() }))
    };
    parts(answer).into_iter().map(file).collect()
}

fn parts(answer: &[u8]) -> Vec<&[u8]> {
    let mut parts: Vec<&[u8]> = answer.split(|byte| *byte == 0).collect();
    // What follows the last NUL is nothing.
    parts.pop();
    parts
}

fn entry(mode: &str, id: &str) -> Option<Entry> {
    (mode != "000000").then(|| Entry { mode: mode.to_owned(), id: id.to_owned() })
}

fn number(word: &[u8]) -> Option<u64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}
