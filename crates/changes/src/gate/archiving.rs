//! What a change may do to the archive: add files, each with a line at the end of the index, and nothing else.

use std::collections::HashMap;

use super::{Objection, is_below};
use crate::change::{Change, Kind};
use crate::error::Error;
use crate::git::Blobs;
use crate::index::{Index, sha256};
use crate::place::{ARCHIVE, INDEX};

/// More than a hundred thousand lines.
const MOST_BYTES_OF_AN_INDEX: u64 = 32 << 20;

pub(super) fn objections(ours: &[Change], blobs: &mut Blobs) -> Result<Vec<Objection>, Error> {
    let mut objections = Vec::new();
    let mut added = HashMap::new();
    let mut index = None;
    for change in ours.iter().filter(|change| is_below(&change.path, ARCHIVE)) {
        let path = String::from_utf8_lossy(&change.path).into_owned();
        match &change.new {
            _ if path == INDEX => index = Some(change),
            Some(new) if change.kind == Kind::Added && new.is_file() => {
                added.insert(path[ARCHIVE.len() + 1..].to_owned(), new.id.as_str());
            }
            _ => objections.push(Objection::about(
                &path,
                "is archived: it can neither be changed nor removed",
                "в архиве: его нельзя ни изменить, ни удалить",
            )),
        }
    }
    let new_lines = match index {
        None => Vec::new(),
        Some(change) => match lines(change, blobs)? {
            Ok(lines) => lines,
            Err(wrong) => {
                objections.push(wrong);
                return Ok(objections);
            }
        },
    };
    for (file, sum) in &new_lines {
        let content = added.remove(file).map(|id| blobs.read(id, MOST_BYTES_OF_AN_INDEX)).transpose()?.flatten();
        if content.is_none_or(|content| sha256(&content) != *sum) {
            objections.push(Objection::about(
                file,
                "is not what its line in the index says",
                "не то, что говорит строка индекса",
            ));
        }
    }
    let strays = added
        .keys()
        .map(|file| Objection::about(file, "is archived without a line in the index", "в архиве без строки индекса"));
    objections.extend(strays);
    objections.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(objections)
}

/// The files and sums of the lines that a change adds to the index, or what it does besides.
fn lines(change: &Change, blobs: &mut Blobs) -> Result<Result<Vec<(String, String)>, Objection>, Error> {
    let mut read = |entry: &Option<crate::change::Entry>| match entry.as_ref().filter(|entry| entry.is_file()) {
        Some(entry) => blobs.read(&entry.id, MOST_BYTES_OF_AN_INDEX),
        None => Ok(None),
    };
    let old = match &change.old {
        Some(_) => read(&change.old)?,
        None => Some(Vec::new()),
    };
    let (Some(old), Some(new)) = (old, read(&change.new)?) else {
        return Ok(Err(Objection::about(INDEX, "cannot be read any more", "больше не читается")));
    };
    if !new.starts_with(&old) {
        return Ok(Err(Objection::about(
            INDEX,
            "is changed: lines can only be added to its end",
            "изменён: строки только добавляются в конец",
        )));
    }
    Ok(match (Index::read(&old), Index::read(&new)) {
        (Ok(before), Ok(after)) if after.whole() == new.len() => {
            let new = &after.lines()[before.lines().len()..];
            Ok(new.iter().map(|line| (line.file.clone(), line.sha256.clone())).collect())
        }
        (_, Err(broken)) => {
            Err(Objection::about(INDEX, &format!("is broken: {broken}"), &format!("повреждён: строка {}", broken.line)))
        }
        _ => Err(Objection::about(INDEX, "ends in the middle of a line", "обрывается посреди строки")),
    })
}
