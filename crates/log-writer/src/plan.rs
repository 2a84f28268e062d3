use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::{
    About, Alert, AlertState, Artifact, Command, Event, EventBody, Experiment, Sample, Score, Subject, Timestamp,
    Vital, Vitals,
};
use durable_log::{Appended, Body, EngineCommit, Entry, Fence, LogError, Outcome, Partition, partition_of};

use crate::queue::Work;
use crate::refusal;

/// The head row of a partition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// Number of its last entry.
    pub seq: u64,
    /// When that was recorded, or a later moment at which an engine let time alone work.
    pub recorded: Timestamp,
    /// The fence in force.
    pub fence: u64,
    /// The last entry that the engine has seen.
    pub engine_through: u64,
    /// The engine's clock.
    pub engine_now: Timestamp,
    /// The last entry that all that the engine has saved rests on.
    pub saved_through: u64,
    /// The engine's clock then.
    pub saved_now: Timestamp,
}

/// What a sample says, as it is stored. Signals are compared as text: the shortest digits of a double name it exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// The scores.
    pub vitals: Vitals,
    /// The JSON of the signals; none without any.
    pub signals: Option<String>,
}

/// A sample to be written.
#[derive(Debug)]
pub struct SampleRow {
    /// Whose.
    pub subject_id: i64,
    /// When it was measured.
    pub at: Timestamp,
    /// In which partition.
    pub partition: Partition,
    /// Its number.
    pub seq: u64,
    /// When it is recorded.
    pub recorded: Timestamp,
    /// What it says.
    pub content: Content,
}

impl SampleRow {
    /// The score of a vital.
    pub fn score(&self, vital: Vital) -> Option<f64> {
        self.content.vitals.get(vital).map(Score::get)
    }
}

/// A command or an event to be written.
#[derive(Debug)]
pub struct EntryRow {
    /// In which partition.
    pub partition: Partition,
    /// Its number.
    pub seq: u64,
    /// When it is recorded.
    pub recorded: Timestamp,
    /// `command` or `event`.
    pub kind: &'static str,
    /// About whom.
    pub subject_id: i64,
    /// The id of an event.
    pub id: Option<String>,
    /// The kind of an event.
    pub what: Option<&'static str>,
    /// The time that an event tells of itself.
    pub at: Option<Timestamp>,
    /// Its JSON.
    pub body: String,
}

/// What the store holds of the things that a group of requests speaks of.
pub struct Known {
    /// How many partitions the log has.
    pub partitions: u16,
    /// The heads of the partitions that the writer writes to.
    pub heads: BTreeMap<Partition, Head>,
    /// Ids of subjects.
    pub subjects: HashMap<Subject, i64>,
    /// Ids for new subjects, at least as many as there are.
    pub free_ids: Box<dyn Iterator<Item = i64> + Send + Sync>,
    /// Samples that are there.
    pub samples: HashMap<(i64, Timestamp), Content>,
    /// Ids of events that are there.
    pub events: HashSet<String>,
}

/// What one transaction writes and what it answers.
///
/// It is made without touching the store: a request that is refused leaves no trace in it, so that the failure of one
/// harms no other of the group.
pub struct Plan {
    now: Timestamp,
    known: Known,
    changed: BTreeSet<Partition>,
    /// Subjects to be written.
    pub new_subjects: Vec<(i64, Subject, Partition)>,
    /// Samples to be written.
    pub samples: Vec<SampleRow>,
    /// Commands and events to be written.
    pub rows: Vec<EntryRow>,
    /// What is now said of subjects, by their ids.
    pub verdicts: BTreeMap<i64, String>,
    /// How subjects are now besides their levels, by their ids.
    pub presences: BTreeMap<i64, String>,
    /// Alerts as they are now.
    pub alerts: BTreeMap<String, (i64, Alert)>,
    /// Experiments as they are now.
    pub experiments: BTreeMap<String, (i64, Experiment)>,
    /// New artifacts, with their records.
    pub artifacts: Vec<(i64, Artifact)>,
    /// What engines save, by the ids of subjects.
    pub engine_subjects: BTreeMap<i64, (Partition, String)>,
    /// What is new, for the bus.
    pub(crate) entries: BTreeMap<Partition, Vec<Entry>>,
    replies: Vec<Reply>,
}

/// What is answered once the transaction is committed.
enum Reply {
    Appended(Appended),
    Number(Result<u64, LogError>),
    Fence(Result<Fence, LogError>),
}

impl Plan {
    /// Decides what becomes of each request, in their order.
    pub fn new(known: Known, now: Timestamp, group: &[Work]) -> Self {
        let mut plan = Self {
            now,
            known,
            changed: BTreeSet::new(),
            new_subjects: Vec::new(),
            samples: Vec::new(),
            rows: Vec::new(),
            verdicts: BTreeMap::new(),
            presences: BTreeMap::new(),
            alerts: BTreeMap::new(),
            experiments: BTreeMap::new(),
            artifacts: Vec::new(),
            engine_subjects: BTreeMap::new(),
            entries: BTreeMap::new(),
            replies: Vec::with_capacity(group.len()),
        };
        for work in group {
            let reply = plan.add(work);
            plan.replies.push(reply);
        }
        plan
    }

    fn add(&mut self, work: &Work) -> Reply {
        match work {
            Work::Append(samples, _) => {
                Reply::Appended(Appended { outcomes: samples.iter().map(|sample| self.append(sample)).collect() })
            }
            Work::Command(subject, command, _) => Reply::Number(self.command(subject, command)),
            Work::Claim(partition, _) => Reply::Fence(self.claim(*partition)),
            Work::Commit(commit, _) => Reply::Number(self.commit(commit)),
        }
    }

    /// The heads that change, as they will be.
    pub fn changed_heads(&self) -> impl Iterator<Item = (Partition, &Head)> {
        self.changed.iter().filter_map(|partition| Some((*partition, self.known.heads.get(partition)?)))
    }

    /// The ids of the group's subjects, the new ones among them.
    pub fn take_subjects(&mut self) -> HashMap<Subject, i64> {
        std::mem::take(&mut self.known.subjects)
    }

    /// Gives each request of the group its answer: the transaction is committed.
    pub(crate) fn answer(self, group: Vec<Work>) {
        for (work, reply) in group.into_iter().zip(self.replies) {
            match (work, reply) {
                (Work::Append(_, answer), Reply::Appended(appended)) => drop(answer.send(Ok(appended))),
                (Work::Command(_, _, answer) | Work::Commit(_, answer), Reply::Number(number)) => {
                    drop(answer.send(number));
                }
                (Work::Claim(_, answer), Reply::Fence(fence)) => drop(answer.send(fence)),
                _ => unreachable!("the plan replies to each request in its kind"),
            }
        }
    }

    fn append(&mut self, sample: &Sample) -> Outcome {
        let partition = self.partition_of(&sample.subject);
        let subject_id = self.subject_id(&sample.subject, partition);
        let signals = (!sample.signals.is_empty()).then(|| json(&sample.signals));
        let content = Content { vitals: sample.vitals, signals };
        if let Some(there) = self.known.samples.get(&(subject_id, sample.at)) {
            return if *there == content { Outcome::Duplicate } else { Outcome::Conflict };
        }
        self.known.samples.insert((subject_id, sample.at), content.clone());
        let at = sample.at;
        let (seq, recorded) = self.push(partition, Body::Sample(sample.clone()));
        self.samples.push(SampleRow { subject_id, at, partition, seq, recorded, content });
        Outcome::Accepted { partition, seq }
    }

    fn command(&mut self, subject: &Subject, command: &Command) -> Result<u64, LogError> {
        let partition = self.partition_of(subject);
        let subject_id = self.subject_id(subject, partition);
        let body = json(command);
        let (seq, recorded) = self.push(partition, Body::Command(subject.clone(), command.clone()));
        let (kind, id, what, at) = ("command", None, None, None);
        self.rows.push(EntryRow { partition, seq, recorded, kind, subject_id, id, what, at, body });
        Ok(seq)
    }

    fn claim(&mut self, partition: Partition) -> Result<Fence, LogError> {
        let head = self.head(partition, "claiming a partition")?;
        head.fence += 1;
        let token = head.fence;
        self.changed.insert(partition);
        Ok(Fence { partition, token })
    }

    fn commit(&mut self, commit: &EngineCommit) -> Result<u64, LogError> {
        const DOING: &str = "checking an engine commit";
        let Fence { partition, token } = commit.fence;
        let head = self.head(partition, DOING)?;
        if token != head.fence {
            return Err(LogError::Fenced { partition: partition.0, held: token, current: head.fence });
        }
        let saw_all = commit.through == head.seq;
        if commit.is_tick && !saw_all {
            return Err(LogError::Behind { partition: partition.0, through: commit.through });
        }
        if commit.through > head.seq {
            return Err(refusal(DOING, format!("entry {} is not there, the last is {}", commit.through, head.seq)));
        }
        if let Some(foreign) = subjects_of(commit).find(|subject| self.partition_of(subject) != partition) {
            return Err(refusal(DOING, format!("subject {foreign} does not belong to partition {partition}")));
        }
        let head = self.head(partition, DOING)?;
        if commit.is_tick {
            head.recorded = head.recorded.max(commit.now);
        }
        for event in &commit.events {
            self.event(partition, event);
        }
        for (subject, state) in &commit.subjects {
            let subject_id = self.subject_id(subject, partition);
            self.engine_subjects.insert(subject_id, (partition, state.clone()));
        }
        for (subject, presence) in &commit.presences {
            let subject_id = self.subject_id(subject, partition);
            self.presences.insert(subject_id, json(presence));
        }
        self.changed.insert(partition);
        let head = self.head(partition, DOING)?;
        head.engine_through = if saw_all { head.seq } else { commit.through };
        head.engine_now = commit.now;
        if commit.saves_all {
            (head.saved_through, head.saved_now) = (head.engine_through, head.engine_now);
        }
        Ok(head.engine_through)
    }

    fn event(&mut self, partition: Partition, event: &Event) {
        if !self.known.events.insert(event.id.clone()) {
            return;
        }
        let subject_id = self.subject_id(&event.subject, partition);
        match &event.body {
            EventBody::Levels { verdict, .. } => {
                self.verdicts.insert(subject_id, json(verdict));
            }
            EventBody::Alert { alert, .. } => {
                self.alerts.insert(alert.id.clone(), (subject_id, (**alert).clone()));
            }
            EventBody::Experiment { experiment, .. } => {
                self.experiments.insert(experiment.id.clone(), (subject_id, experiment.clone()));
            }
            EventBody::Artifact { artifact } => {
                self.artifacts.push((subject_id, (**artifact).clone()));
            }
            _ => {}
        }
        let (id, what, at) = (Some(event.id.clone()), Some(event.body.kind()), Some(event.at));
        let told = event.as_told();
        let body = json(&*told);
        let (seq, recorded) = self.push(partition, Body::Event(Box::new(told.into_owned())));
        self.rows.push(EntryRow { partition, seq, recorded, kind: "event", subject_id, id, what, at, body });
    }

    /// Gives an entry the next number of its partition.
    fn push(&mut self, partition: Partition, body: Body) -> (u64, Timestamp) {
        let head = self.known.heads.entry(partition).or_default();
        head.seq += 1;
        head.recorded = head.recorded.max(self.now);
        let (seq, recorded) = (head.seq, head.recorded);
        self.changed.insert(partition);
        self.entries.entry(partition).or_default().push(Entry { seq, recorded, body });
        (seq, recorded)
    }

    fn partition_of(&self, subject: &Subject) -> Partition {
        partition_of(subject, self.known.partitions)
    }

    fn subject_id(&mut self, subject: &Subject, partition: Partition) -> i64 {
        if let Some(id) = self.known.subjects.get(subject) {
            return *id;
        }
        let id = self.known.free_ids.next().expect("a store gives an id for each unknown subject");
        self.known.subjects.insert(subject.clone(), id);
        self.new_subjects.push((id, subject.clone(), partition));
        id
    }

    fn head(&mut self, partition: Partition, doing: &'static str) -> Result<&mut Head, LogError> {
        let head = self.known.heads.get_mut(&partition);
        head.ok_or_else(|| refusal(doing, format!("there is no partition {partition}")))
    }
}

/// What an artifact belongs to, each with the word for it: what it can be found by.
pub fn links(artifact: &Artifact) -> impl Iterator<Item = (&'static str, &str)> {
    let About { alert, experiment, events } = &artifact.about;
    let alert = alert.iter().map(|id| ("alert", id.as_str()));
    let experiment = experiment.iter().map(|id| ("experiment", id.as_str()));
    // A person may name one twice.
    let events: BTreeSet<&str> = events.iter().map(String::as_str).collect();
    alert.chain(experiment).chain(events.into_iter().map(|id| ("event", id)))
}

/// The subjects that a commit speaks of.
pub(crate) fn subjects_of(commit: &EngineCommit) -> impl Iterator<Item = &Subject> {
    let saved = commit.subjects.iter().map(|(subject, _)| subject);
    let present = commit.presences.iter().map(|(subject, _)| subject);
    commit.events.iter().map(|event| &event.subject).chain(saved).chain(present)
}

/// The JSON of a value of the domain.
pub fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("the domain's types have text keys only and write into memory")
}

/// As in the column and in the alert's JSON.
pub const fn state_name(state: AlertState) -> &'static str {
    match state {
        AlertState::Firing => "firing",
        AlertState::Resolved => "resolved",
    }
}
