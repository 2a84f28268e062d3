use domain::{Timestamp, Vital};

use crate::grain::BUCKETS;
use crate::sum::add;
use crate::{Grain, Sum, Sums};

/// Of the bytes. A run begins with it.
const VERSION: u8 = 1;

/// Which run: of whom, how finely, and when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunKey {
    /// The store's number of the subject.
    pub subject_id: i64,
    /// One of [`Grain::SUMMARIES`].
    pub grain: Grain,
    /// A multiple of [`Grain::run`].
    pub begins: Timestamp,
}

/// The buckets of a run that hold samples, with their beginnings, in the order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run(Vec<(Timestamp, Sums)>);

/// A store holds bytes that are no run.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Unreadable {
    /// There are bytes missing.
    #[error("a run of summaries is cut off")]
    CutOff,
    /// Written by a later version.
    #[error("a run of summaries is written in a way ({0}) that this version does not know")]
    Version(u8),
    /// Damaged.
    #[error("a run of summaries says what no samples add up to")]
    Nonsense,
}

impl Run {
    /// Adds a part of the bucket that begins at `at`.
    pub fn add(&mut self, at: Timestamp, part: Sums) {
        match self.0.binary_search_by_key(&at, |(at, _)| *at) {
            Ok(place) => add(&mut self.0[place].1, part),
            Err(place) => {
                // A roll-up has very many runs, most with one bucket: by itself a vector would make room for four.
                self.0.reserve_exact(1);
                self.0.insert(place, (at, part));
            }
        }
    }

    /// The bytes by which a store keeps it. Of each bucket its place in the run and which vitals it has; of each vital the
    /// count, when the last was measured, since the beginning of the bucket, and the last value; least, greatest and sum
    /// where there are several.
    pub fn write(&self, key: RunKey) -> Vec<u8> {
        let width = key.grain.width().as_micros();
        let mut bytes = vec![VERSION];
        for (at, sums) in &self.0 {
            let place = at.since(key.begins).as_micros() / width;
            bytes.push(u8::try_from(place).expect("a run has a few buckets"));
            bytes.push((0..).zip(sums).filter(|(_, sum)| sum.is_some()).map(|(vital, _)| 1_u8 << vital).sum());
            for sum in sums.iter().flatten() {
                let since = u32::try_from(sum.last_at.since(*at).as_micros());
                let count = u32::try_from(sum.count);
                bytes.extend(since.expect("an hour has less than 2^32 microseconds").to_le_bytes());
                bytes.extend(count.expect("a subject has one sample at a time").to_le_bytes());
                bytes.extend(sum.last.to_le_bytes());
                if sum.count > 1 {
                    [sum.min, sum.max, sum.sum].iter().for_each(|value| bytes.extend(value.to_le_bytes()));
                }
            }
        }
        bytes
    }
}

/// The buckets of a run of `grain` that begins at `begins`, from its bytes, in the order of time.
pub fn read_run(grain: Grain, begins: Timestamp, bytes: &[u8]) -> Result<Vec<(Timestamp, Sums)>, Unreadable> {
    let mut bytes = Bytes(bytes);
    let [version] = bytes.take()?;
    if version != VERSION {
        return Err(Unreadable::Version(version));
    }
    let mut buckets = Vec::new();
    while !bytes.0.is_empty() {
        let [place, vitals] = bytes.take()?;
        if u32::from(place) >= BUCKETS || vitals >= 1_u8 << Vital::ALL.len() {
            return Err(Unreadable::Nonsense);
        }
        let at = begins.plus(grain.width() * u32::from(place));
        let mut sums = Sums::default();
        for (vital, sum) in sums.iter_mut().enumerate() {
            if vitals & (1 << vital) != 0 {
                let read = bytes.sum(at)?;
                if !(1..=grain.width().as_micros()).contains(&u128::from(read.count)) {
                    return Err(Unreadable::Nonsense);
                }
                *sum = Some(read);
            }
        }
        buckets.push((at, sums));
    }
    Ok(buckets)
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Unreadable::CutOff)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<u32, Unreadable> {
        Ok(u32::from_le_bytes(self.take()?))
    }

    fn value(&mut self) -> Result<f64, Unreadable> {
        Ok(f64::from_le_bytes(self.take()?))
    }

    fn sum(&mut self, bucket: Timestamp) -> Result<Sum, Unreadable> {
        let last_at = Timestamp::from_micros(bucket.as_micros().saturating_add(self.number()?.into()));
        let count = self.number()?.into();
        let last = self.value()?;
        if count == 1 {
            return Ok(Sum::of(last, last_at));
        }
        let (min, max, sum) = (self.value()?, self.value()?, self.value()?);
        Ok(Sum { min, max, sum, count, last, last_at })
    }
}

#[cfg(test)]
mod tests;
