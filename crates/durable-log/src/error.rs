/// What can go wrong with a log, told by what the caller may do about it.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The write queue is full: nothing was written, try again shortly.
    #[error("the log's write queue is full")]
    Overloaded,
    /// The connection broke while a commit was under way: it may or may not be written. Send the same again.
    #[error("the outcome of the commit is unknown")]
    OutcomeUnknown(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another owner has taken the partition: nothing was written, stop working on it.
    #[error("partition {partition} has another owner: fence {held} was replaced by {current}")]
    Fenced {
        /// Which partition.
        partition: u16,
        /// The fence that the caller holds.
        held: u64,
        /// The fence in force.
        current: u64,
    },
    /// A tick was decided before all entries were seen: nothing was written, read on and decide again.
    #[error("partition {partition} has entries after {through}: read them first")]
    Behind {
        /// Which partition.
        partition: u16,
        /// The last entry that the caller had seen.
        through: u64,
    },
    /// The event after which others were wanted is not there: it never was, or was pruned. Begin anew.
    #[error("there is no event `{0}`")]
    NoSuchEvent(String),
    /// The log is being closed.
    #[error("the log is closed")]
    Closed,
    /// The store refused or failed; nothing was written.
    #[error("the store failed while {doing}")]
    Store {
        /// What was being done.
        doing: &'static str,
        /// The store's own words.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
