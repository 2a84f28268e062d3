use std::time::Duration;

use reqwest::Client;
use url::Url;

/// What load to make.
#[derive(Clone, Debug)]
pub struct Plan {
    /// WebSockets that look on.
    pub viewers: usize,
    /// How many of them know each sample by its number; the others count.
    pub watchers: usize,
    /// Subjects that each viewer looks at, as a page does; none for all. A subscription names at most 256.
    pub look_at: Option<u64>,
    /// Samples a second, 1 to 1,000,000: two samples never have the same time.
    pub rate: u64,
    /// Subjects that take turns.
    pub subjects: u64,
    /// What the names of the subjects begin with, before `-1`.
    pub prefix: String,
    /// Samples in one request, at most 1,000.
    pub batch: u64,
    /// Requests that may be under way at once.
    pub connections: usize,
    /// Sent before, and not measured.
    pub warm_up: Duration,
    /// How long it is measured.
    pub length: Duration,
    /// How long one request may take, and how long is waited at the end for what is still missing.
    pub patience: Duration,
    /// How often it is told how it goes, from the beginning on.
    pub every: Duration,
}

impl Plan {
    /// How many samples are due within so long; batches are whole.
    pub fn samples(&self, length: Duration) -> u64 {
        let samples = length.as_micros() * u128::from(self.rate) / Duration::from_secs(1).as_micros();
        u64::try_from(samples).unwrap_or(u64::MAX).div_ceil(self.batch).saturating_mul(self.batch)
    }
}

/// A running suite. The clients show the token, if there is one to show, and nothing else.
#[derive(Clone, Debug)]
pub struct Target {
    /// For requests.
    pub client: Client,
    /// For sockets: without a limit on how long they stay open.
    pub sockets: Client,
    /// Where samples are taken.
    pub door: Url,
    /// Where streams are; viewers take turns.
    pub streams: Vec<Url>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_within_a_part_of_a_second_comes_in_whole_batches() {
        let plan = Plan { rate: 100, batch: 30, ..crate::tests::plan() };
        let samples = [0, 1, 300, 500, 3_000].map(|millis| plan.samples(Duration::from_millis(millis)));
        assert_eq!(samples, [0, 0, 30, 60, 300]);
    }
}
