use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::{Alert, Subject};
use durable_log::{Partition, partition_of};
use tokio::time::Instant;

/// A failure of the log that is noticed later than this after the end of a lease says nothing about the log: this
/// process may have been stopped meanwhile, and another may have taken over.
const NOTICED: Duration = Duration::from_millis(500);

/// The partitions whose alerts this process hands over, while others hand over the rest. Two that speak of the same
/// alert might contradict each other: one that is behind would page again for what has ended.
///
/// It is the pager's view of a lease. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub struct Held {
    /// How many partitions the log has.
    count: u16,
    lease: Arc<RwLock<Lease>>,
}

#[derive(Debug)]
struct Lease {
    partitions: Vec<Partition>,
    until: Instant,
    /// Whether the log has failed ever since, so that nobody else can have been given the partitions.
    is_log_failing: bool,
}

impl Held {
    /// Nothing yet, of a log with so many partitions.
    pub fn new(count: u16) -> Self {
        let lease = Lease { partitions: Vec::new(), until: Instant::now(), is_log_failing: false };
        Self { count, lease: Arc::new(RwLock::new(lease)) }
    }

    /// From now on it is these, until the lease ends or is renewed.
    pub fn renew(&self, partitions: Vec<Partition>, until: Instant) {
        let mut lease = self.lease.write().unwrap_or_else(PoisonError::into_inner);
        *lease = Lease { partitions, until, is_log_failing: false };
    }

    /// The lease could not be renewed, because the log fails. As far as anybody can know it fails for all, and so the
    /// alerts go on being handed over also after the end of the lease: to fall silent would tell people that all is
    /// well. If another one has taken over all the same, they may be paged once too often; that does less harm.
    pub fn keep_while_the_log_fails(&self) {
        let mut lease = self.lease.write().unwrap_or_else(PoisonError::into_inner);
        lease.is_log_failing |= Instant::now() < lease.until + NOTICED;
    }

    /// Those that are held at this moment.
    pub fn partitions(&self) -> Vec<Partition> {
        let lease = self.lease.read().unwrap_or_else(PoisonError::into_inner);
        let is_held = lease.is_log_failing || Instant::now() < lease.until;
        if is_held { lease.partitions.clone() } else { Vec::new() }
    }

    /// Whether a subject belongs to those that are held at this moment.
    pub(crate) fn subjects(&self) -> impl Fn(&str) -> bool + use<> {
        let (held, count) = (self.partitions(), self.count);
        move |subject| Subject::new(subject).is_ok_and(|subject| held.contains(&partition_of(&subject, count)))
    }

    /// Whether an alert belongs to those that are held at this moment.
    pub(crate) fn now(&self) -> impl Fn(&Alert) -> bool + use<> {
        let (held, count) = (self.partitions(), self.count);
        move |alert| held.contains(&partition_of(&alert.subject, count))
    }
}
