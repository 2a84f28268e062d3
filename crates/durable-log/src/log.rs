use std::time::Duration;

use async_trait::async_trait;
use domain::{Alert, AlertState, Artifact, Command, Event, Experiment, Presence, Sample, Subject, Timestamp, Verdict};

use crate::{
    ArtifactFilter, Cursor, Entry, EventFilter, ExperimentFilter, History, HistoryQuery, LogError, Partition, Past,
    PastQuery, SampleEntry, SamplesQuery,
};

/// What became of one appended sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored under this number.
    Accepted {
        /// In which partition.
        partition: Partition,
        /// Its number.
        seq: u64,
    },
    /// The same sample was there already: harmless.
    Duplicate,
    /// Another sample was there under the same subject and time: this one was not stored.
    Conflict,
}

/// The answer to an append: one outcome for each sample, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// One for each sample.
    pub outcomes: Vec<Outcome>,
}

/// The right to write as the engine of a partition; a greater one, given to another owner, takes it away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fence {
    /// Of which partition.
    pub partition: Partition,
    /// Which claim.
    pub token: u64,
}

/// One of the processes that share the engines' work, by a number that it drew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member(pub u64);

/// Where an engine left off.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct EngineState {
    /// The last entry it had seen: what that led to is written.
    pub through: u64,
    /// Its clock at that entry or at its last committed tick.
    pub now: Timestamp,
    /// The last entry that all it had saved rests on: who goes on from that reads the entries after this one again. Some
    /// subjects were saved later, and know themselves what they have seen.
    pub saved_through: u64,
    /// Its clock when all was saved.
    pub saved_now: Timestamp,
    /// What it had saved for each subject of the partition.
    pub subjects: Vec<(Subject, String)>,
}

/// What an engine concluded, to be written in one transaction or not at all.
#[derive(Clone, Debug)]
pub struct EngineCommit {
    /// The right to write.
    pub fence: Fence,
    /// The last entry that the conclusions rest on.
    pub through: u64,
    /// The engine's clock.
    pub now: Timestamp,
    /// Whether time alone led here. If so, `through` must be the last entry of the partition (else
    /// [`LogError::Behind`]), and every later entry is recorded at `now` or after it: so a replay, which sees only the
    /// entries, comes to the same conclusions.
    pub is_tick: bool,
    /// New events. Those about levels, alerts and experiments also update what [`Log::snapshot`], [`Log::alerts`] and
    /// [`Log::experiments`] answer; the records of artifacts are kept for [`Log::artifacts`], and are no part of entries.
    /// An event whose id is there already is left out.
    pub events: Vec<Event>,
    /// What to save of subjects, replacing what was saved: at least of those that the events are about.
    pub subjects: Vec<(Subject, String)>,
    /// Whether these are all that have changed since a commit last said so.
    pub saves_all: bool,
    /// How subjects now are, of those whose presence these events changed.
    pub presences: Vec<(Subject, Presence)>,
}

/// A subject at the moment of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectNow {
    /// Who.
    pub subject: Subject,
    /// Its sample with the latest time.
    pub latest: Option<Sample>,
    /// What the engine last said of it.
    pub verdict: Option<Verdict>,
    /// How it is besides its levels.
    pub presence: Presence,
}

impl SubjectNow {
    /// A subject of which nothing was said yet.
    pub fn unknown(subject: Subject) -> Self {
        Self { subject, latest: None, verdict: None, presence: Presence::default() }
    }
}

/// Everything a live view starts from, and the position from which it follows on.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// All of it is as of here.
    pub cursor: Cursor,
    /// Every subject, by name.
    pub subjects: Vec<SubjectNow>,
    /// Alerts that fire.
    pub alerts: Vec<Alert>,
}

/// Which alerts are wanted, latest opened first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// Only those in this state.
    pub state: Option<AlertState>,
    /// Only those of this subject.
    pub subject: Option<Subject>,
    /// Only those that fire or were resolved at this moment or later.
    pub ended_since: Option<Timestamp>,
    /// Only those that opened at this moment or before.
    pub opened_until: Option<Timestamp>,
    /// Only those after this one in the order of the answer: when the last one of the page before opened, and its id.
    pub after: Option<(Timestamp, String)>,
    /// At most this many.
    pub limit: u32,
}

/// The log. Every method is one transaction; a future that is dropped leaves it done or not done, never half.
#[async_trait]
pub trait Log: Send + Sync + 'static {
    /// What keeps it, for people: `SQLite`, or `PostgreSQL 17.2 with TimescaleDB 2.28.3`.
    fn store(&self) -> &str;

    /// The number of partitions: fixed when the log is made.
    fn partitions(&self) -> u16;

    /// The log's clock, by which entries are recorded. Whoever lets time work on entries must ask this one.
    fn now(&self) -> Timestamp;

    /// The position of the last entry of each partition.
    async fn heads(&self) -> Result<Cursor, LogError>;

    /// How many samples it would queue at this moment: what a door asks before it reads a request.
    fn room(&self) -> usize;

    /// Stores samples. They are on disk when this answers; those of one call may be split over commits, never one.
    async fn append(&self, samples: Vec<Sample>) -> Result<Appended, LogError>;

    /// Stores what a person asked for, and answers its number in the subject's partition.
    async fn append_command(&self, subject: Subject, command: Command) -> Result<u64, LogError>;

    /// Up to `limit` entries of `partition` after number `after`, in order: all that were committed before the call. The
    /// first has another number than `after + 1` only when those between were pruned.
    async fn read(&self, partition: Partition, after: u64, limit: u32) -> Result<Vec<Entry>, LogError>;

    /// The present.
    async fn snapshot(&self) -> Result<Snapshot, LogError>;

    /// How everything was at a moment.
    async fn past(&self, query: PastQuery) -> Result<Past, LogError>;

    /// The past of one subject.
    async fn history(&self, query: HistoryQuery) -> Result<History, LogError>;

    /// The samples of one subject in the order of their numbers: what a backtest reads. A page is as large as `limit` says,
    /// up to a million, and each page looks through all of the time that is asked for: so pages should be large.
    async fn samples(&self, query: SamplesQuery) -> Result<Vec<SampleEntry>, LogError>;

    /// Alerts, latest opened first.
    async fn alerts(&self, filter: AlertFilter) -> Result<Vec<Alert>, LogError>;

    /// Events of some kinds, in the order of their own times.
    async fn events(&self, filter: EventFilter) -> Result<Vec<Event>, LogError>;

    /// The alert with this id.
    async fn alert(&self, id: &str) -> Result<Option<Alert>, LogError>;

    /// Artifacts with their records, latest first.
    async fn artifacts(&self, filter: ArtifactFilter) -> Result<Vec<Artifact>, LogError>;

    /// The artifact with this id.
    async fn artifact(&self, id: &str) -> Result<Option<Artifact>, LogError>;

    /// Experiments as they are now, or were when they ended, latest begun first.
    async fn experiments(&self, filter: ExperimentFilter) -> Result<Vec<Experiment>, LogError>;

    /// The experiment with this id.
    async fn experiment(&self, id: &str) -> Result<Option<Experiment>, LogError>;

    /// Says that this member lives, and answers the partitions that are its own for the next `ttl`. Members that call
    /// this more often than every `ttl` share the partitions evenly; those of a member that falls silent go to the
    /// others once its `ttl` is over. A share is a division of labour, not a right: that is the fence.
    async fn share(&self, member: Member, ttl: Duration) -> Result<Vec<Partition>, LogError>;

    /// Gives the member's partitions back at once, so that others need not wait for its `ttl`.
    async fn leave(&self, member: Member) -> Result<(), LogError>;

    /// Takes the engine's place for a partition; whoever held it before can write no more.
    async fn claim(&self, partition: Partition) -> Result<Fence, LogError>;

    /// Where the engine of a partition left off.
    async fn engine_state(&self, partition: Partition) -> Result<EngineState, LogError>;

    /// What the engine saved of one subject, and its clock when it last saved all; none if it never saved anything.
    async fn subject_state(&self, subject: &Subject) -> Result<Option<(Timestamp, String)>, LogError>;

    /// The same of every subject, by name: of the first `limit`.
    async fn subject_states(&self, limit: u32) -> Result<Vec<(Subject, Timestamp, String)>, LogError>;

    /// Writes what an engine concluded, and answers the last entry that it need not read: its own events where nothing
    /// came between, else `through`.
    async fn commit(&self, commit: EngineCommit) -> Result<u64, LogError>;

    /// Brings summaries of the past up to date with the log, if the store keeps any: [`Log::history`] answers the same
    /// without, only slower. One bite; answers whether there is more of what was there
    /// when it began.
    async fn roll_up(&self) -> Result<bool, LogError>;

    /// Deletes up to `limit` entries recorded longer than `retention` ago, the oldest of a partition first, so that what
    /// is left has no hole; and alerts that were resolved, artifacts that were kept and experiments that ended that long
    /// ago. All partitions have the same share of the limit,
    /// and where a store can let go of many at once for the price of one, more than `limit` go. Answers how many entries
    /// went: called until it answers less than `limit`.
    async fn prune(&self, retention: Duration, limit: u32) -> Result<u64, LogError>;

    /// What the log takes of the disk.
    async fn size_bytes(&self) -> Result<u64, LogError>;

    /// Writes what is queued and closes the store.
    async fn close(&self);
}
