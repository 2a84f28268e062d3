use durable_log::{Batch, Cursor, Epoch, Partition};

use crate::entries;

/// The format. A reader of another one does not understand the message and looks at the log instead.
const VERSION: &str = "iskra1";
/// Most entries of a message: what is larger is read from the log, in bites.
const MOST_ENTRIES: usize = 1_000;
/// Most bytes of a message that is sent.
const MOST_BYTES: usize = 256 * 1024;
/// Most bytes of a message that is read.
const MOST_BYTES_READ: usize = 1024 * 1024;
/// More partitions than any log has: a bound for what a stranger can make us remember.
const PARTITIONS: u16 = 1_024;

/// One message on the channel.
///
/// `iskra1 <sender> beat [<cursor>]`, or `iskra1 <sender> batch <epoch> <partition> <first> <last>`, then a line feed and
/// the entries. Sender and epoch are hexadecimal.
#[derive(Debug, PartialEq)]
pub(crate) enum Message {
    /// It was sent by this process.
    Own,
    /// The sender lives, and knows the log to reach this far.
    Beat(Option<Cursor>),
    /// A committed batch.
    Batch(Epoch, Batch),
}

/// The text of a beat.
pub(crate) fn beat(sender: u64, heads: Option<&Cursor>) -> Vec<u8> {
    match heads {
        Some(heads) => format!("{VERSION} {sender:x} beat {heads}"),
        None => format!("{VERSION} {sender:x} beat"),
    }
    .into_bytes()
}

/// The text of a batch; none if it is too large for a message.
pub(crate) fn batch(sender: u64, epoch: Epoch, batch: &Batch) -> Option<Vec<u8>> {
    if batch.entries.len() > MOST_ENTRIES {
        return None;
    }
    let (partition, first, last) = (batch.partition, batch.first(), batch.last());
    let mut text = format!("{VERSION} {sender:x} batch {:x} {partition} {first} {last}\n", epoch.0).into_bytes();
    // It fails for no entry that a log can hold; if it did, readers would read it there.
    entries::write(&batch.entries, &mut text).ok()?;
    (text.len() <= MOST_BYTES).then_some(text)
}

/// Reads a message; none if it is not one of ours. What this process sent is known by `own` and not read further.
pub(crate) fn understand(payload: &[u8], own: u64) -> Option<Message> {
    if payload.len() > MOST_BYTES_READ {
        return None;
    }
    let end = payload.iter().position(|byte| *byte == b'\n');
    let (header, body) = payload.split_at(end.unwrap_or(payload.len()));
    let mut words = std::str::from_utf8(header).ok()?.split(' ');
    if words.next()? != VERSION {
        return None;
    }
    if hexadecimal(words.next()?)? == own {
        return Some(Message::Own);
    }
    match (words.next()?, end) {
        ("beat", None) => {
            let heads: Option<Cursor> = words.next().map(str::parse).transpose().ok()?;
            let is_bounded = heads.as_ref().is_none_or(|heads| heads.partitions().count() <= usize::from(PARTITIONS));
            (is_bounded && words.next().is_none()).then_some(Message::Beat(heads))
        }
        ("batch", Some(_)) => {
            let epoch = Epoch(hexadecimal(words.next()?)?);
            let partition = Partition(words.next()?.parse().ok().filter(|number| *number < PARTITIONS)?);
            let (first, last): (u64, u64) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            let entries = entries::read(body, first).ok()?;
            let batch = Batch { partition, entries };
            let is_whole = !batch.entries.is_empty() && batch.last() == last && words.next().is_none();
            is_whole.then_some(Message::Batch(epoch, batch))
        }
        _ => None,
    }
}

fn hexadecimal(word: &str) -> Option<u64> {
    u64::from_str_radix(word, 16).ok()
}

#[cfg(test)]
mod tests;
