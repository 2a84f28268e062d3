use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Partition;

/// The life of a log: a restore or a failover begins another one, and positions of the old one are void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch(pub u64);

/// The whole position of a reader: the last number it has seen, for each partition.
///
/// Written as `<epoch in hex>:<seq of partition 0>.<seq of partition 1>.…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// In which life of the log.
    pub epoch: Epoch,
    seqs: Vec<u64>,
}

/// Why a text is not a cursor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor: expected <epoch>:<n>.<n>.…, as a server sent it")]
pub struct CursorError;

impl Cursor {
    /// A cursor with the given numbers, one for each partition.
    pub const fn new(epoch: Epoch, seqs: Vec<u64>) -> Self {
        Self { epoch, seqs }
    }

    /// A cursor before the first entry of each of `partitions` partitions.
    pub fn start(epoch: Epoch, partitions: u16) -> Self {
        Self { epoch, seqs: vec![0; usize::from(partitions)] }
    }

    /// The last number seen of `partition`; 0 before the first.
    pub fn seq(&self, partition: Partition) -> u64 {
        self.seqs.get(usize::from(partition.0)).copied().unwrap_or(0)
    }

    /// Moves `partition` on to `seq`, never back.
    pub fn advance(&mut self, partition: Partition, seq: u64) {
        if let Some(place) = self.seqs.get_mut(usize::from(partition.0)) {
            *place = seq.max(*place);
        }
    }

    /// How many partitions there are.
    pub fn partitions(&self) -> impl Iterator<Item = Partition> + use<> {
        (0..u16::try_from(self.seqs.len()).unwrap_or(u16::MAX)).map(Partition)
    }

    /// How many entries lie between `earlier` and this cursor; none if they cannot be compared.
    pub fn distance_from(&self, earlier: &Self) -> Option<u64> {
        if self.epoch != earlier.epoch || self.seqs.len() != earlier.seqs.len() {
            return None;
        }
        self.seqs.iter().zip(&earlier.seqs).try_fold(0u64, |sum, (now, then)| Some(sum + now.checked_sub(*then)?))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.epoch.0)?;
        for (index, seq) in self.seqs.iter().enumerate() {
            write!(f, "{}{seq}", if index == 0 { ':' } else { '.' })?;
        }
        Ok(())
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (epoch, seqs) = text.split_once(':').ok_or(CursorError)?;
        let epoch = u64::from_str_radix(epoch, 16).map_err(|_| CursorError)?;
        let seqs: Vec<u64> = seqs.split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| CursorError)?;
        match seqs.len() <= usize::from(u16::MAX) {
            true => Ok(Self { epoch: Epoch(epoch), seqs }),
            false => Err(CursorError),
        }
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
