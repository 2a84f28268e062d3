use std::collections::{BTreeMap, HashMap};

use domain::Timestamp;

use crate::run::{Run, RunKey};
use crate::sum::add;
use crate::{Grain, Sums, align};

/// New samples on their way into summaries, in any order.
#[derive(Default)]
pub struct Summing {
    /// By subject and ten seconds: what is coarser is made of these.
    buckets: HashMap<(i64, Timestamp), Sums>,
}

impl Summing {
    /// Takes a sample, or more of one subject, of a moment.
    pub fn add(&mut self, subject_id: i64, at: Timestamp, sums: Sums) {
        let bucket = align(at, Grain::TenSeconds.width());
        add(self.buckets.entry((subject_id, bucket)).or_default(), sums);
    }

    /// The runs into which they fall, of all grains. A store adds to each what it holds of it already.
    pub fn into_runs(self) -> BTreeMap<RunKey, Run> {
        let mut runs: BTreeMap<RunKey, Run> = BTreeMap::new();
        for ((subject_id, at), sums) in self.buckets {
            for grain in Grain::SUMMARIES {
                let key = RunKey { subject_id, grain, begins: align(at, grain.run()) };
                runs.entry(key).or_default().add(align(at, grain.width()), sums);
            }
        }
        runs
    }
}
