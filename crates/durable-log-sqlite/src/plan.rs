use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{Alert, AlertState, Command, Event, EventBody, Sample, Score, Subject, Timestamp, Vital, Vitals};
use durable_log::{Appended, Body, EngineCommit, Entry, Fence, LogError, Outcome, Partition, partition_of};

use crate::error::{Failure, refusal};
use crate::queue::{Answer, Work};

/// The head row of a partition.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Head {
    pub(crate) seq: u64,
    pub(crate) recorded: Timestamp,
    pub(crate) fence: u64,
    pub(crate) engine_through: u64,
    pub(crate) engine_now: Timestamp,
}

/// What a sample says, as it is stored. Signals are compared as text: the shortest digits of a double name it exactly.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Content {
    pub(crate) vitals: Vitals,
    pub(crate) signals: Option<String>,
}

/// A sample to be written.
pub(crate) struct SampleRow {
    pub(crate) subject_id: i64,
    pub(crate) at: Timestamp,
    pub(crate) partition: Partition,
    pub(crate) seq: u64,
    pub(crate) recorded: Timestamp,
    pub(crate) content: Content,
}

impl SampleRow {
    pub(crate) fn score(&self, vital: Vital) -> Option<f64> {
        self.content.vitals.get(vital).map(Score::get)
    }
}

/// A command or an event to be written.
pub(crate) struct EntryRow {
    pub(crate) partition: Partition,
    pub(crate) seq: u64,
    pub(crate) recorded: Timestamp,
    pub(crate) kind: &'static str,
    pub(crate) subject_id: i64,
    pub(crate) id: Option<String>,
    pub(crate) body: String,
}

/// What the store holds of the things that a group of requests speaks of.
pub(crate) struct Known {
    pub(crate) heads: Vec<Head>,
    pub(crate) subjects: HashMap<Subject, i64>,
    pub(crate) next_subject: i64,
    pub(crate) samples: HashMap<(i64, Timestamp), Content>,
    pub(crate) events: HashSet<String>,
}

/// What one transaction writes and whom it answers.
///
/// It is made without touching the store: a request that is refused leaves no trace in it, so that the failure of one
/// harms no other of the group.
pub(crate) struct Plan {
    now: Timestamp,
    known: Known,
    pub(crate) changed: Vec<bool>,
    pub(crate) new_subjects: Vec<(i64, Subject, Partition)>,
    pub(crate) samples: Vec<SampleRow>,
    pub(crate) rows: Vec<EntryRow>,
    pub(crate) verdicts: BTreeMap<i64, String>,
    pub(crate) alerts: BTreeMap<String, (i64, Alert)>,
    pub(crate) engine_subjects: BTreeMap<i64, (Partition, String)>,
    pub(crate) prunes: Vec<(Timestamp, u32, Answer<u64>)>,
    /// What is new, for the bus; one list for each partition.
    pub(crate) entries: Vec<Vec<Entry>>,
    promises: Vec<Promise>,
}

/// An answer that waits for the commit.
type Promise = Box<dyn FnOnce(Result<(), Failure>) + Send>;

impl Plan {
    /// Decides what becomes of each request, in their order.
    pub(crate) fn new(known: Known, now: Timestamp, group: Vec<Work>) -> Self {
        let partitions = known.heads.len();
        let mut plan = Self {
            now,
            known,
            changed: vec![false; partitions],
            new_subjects: Vec::new(),
            samples: Vec::new(),
            rows: Vec::new(),
            verdicts: BTreeMap::new(),
            alerts: BTreeMap::new(),
            engine_subjects: BTreeMap::new(),
            prunes: Vec::new(),
            entries: vec![Vec::new(); partitions],
            promises: Vec::new(),
        };
        for work in group {
            plan.add(work);
        }
        plan
    }

    fn add(&mut self, work: Work) {
        match work {
            Work::Append(samples, answer) => {
                let outcomes = samples.into_iter().map(|sample| self.append(sample)).collect();
                self.promise(answer, Ok(Appended { outcomes }));
            }
            Work::Command(subject, command, answer) => {
                let seq = self.command(&subject, command);
                self.promise(answer, seq);
            }
            Work::Claim(partition, answer) => {
                let fence = self.claim(partition);
                self.promise(answer, fence);
            }
            Work::Commit(commit, answer) => {
                let through = self.commit(*commit);
                self.promise(answer, through);
            }
            Work::Prune { before, limit, answer } => self.prunes.push((before, limit, answer)),
        }
    }

    /// The heads that change, as they will be.
    pub(crate) fn changed_heads(&self) -> impl Iterator<Item = (Partition, &Head)> {
        let heads = (0..).map(Partition).zip(&self.known.heads);
        heads.zip(&self.changed).filter_map(|(head, changed)| changed.then_some(head))
    }

    /// Remembers to give this answer once the transaction is committed.
    pub(crate) fn promise<T: Send + 'static>(&mut self, answer: Answer<T>, result: Result<T, LogError>) {
        self.promises.push(Box::new(move |committed| {
            drop(answer.send(result.and_then(|value| Ok(committed.map(|()| value)?))));
        }));
    }

    /// Gives all the answers; what is left are the ids of the group's subjects.
    pub(crate) fn answer(self, committed: &Result<(), Failure>) -> HashMap<Subject, i64> {
        for (_, _, answer) in self.prunes {
            if let Err(failure) = committed {
                drop(answer.send(Err(failure.clone().into())));
            }
        }
        for promise in self.promises {
            promise(committed.clone());
        }
        self.known.subjects
    }

    fn append(&mut self, sample: Sample) -> Outcome {
        let partition = self.partition_of(&sample.subject);
        let subject_id = self.subject_id(&sample.subject, partition);
        let signals = (!sample.signals.is_empty()).then(|| json(&sample.signals));
        let content = Content { vitals: sample.vitals, signals };
        if let Some(there) = self.known.samples.get(&(subject_id, sample.at)) {
            return if *there == content { Outcome::Duplicate } else { Outcome::Conflict };
        }
        self.known.samples.insert((subject_id, sample.at), content.clone());
        let at = sample.at;
        let (seq, recorded) = self.push(partition, Body::Sample(sample));
        self.samples.push(SampleRow { subject_id, at, partition, seq, recorded, content });
        Outcome::Accepted { partition, seq }
    }

    fn command(&mut self, subject: &Subject, command: Command) -> Result<u64, LogError> {
        let partition = self.partition_of(subject);
        let subject_id = self.subject_id(subject, partition);
        let body = json(&command);
        let (seq, recorded) = self.push(partition, Body::Command(subject.clone(), command));
        self.rows.push(EntryRow { partition, seq, recorded, kind: "command", subject_id, id: None, body });
        Ok(seq)
    }

    fn claim(&mut self, partition: Partition) -> Result<Fence, LogError> {
        let head = self.head(partition, "claiming a partition")?;
        head.fence += 1;
        let token = head.fence;
        self.changed[usize::from(partition.0)] = true;
        Ok(Fence { partition, token })
    }

    fn commit(&mut self, commit: EngineCommit) -> Result<u64, LogError> {
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
        if let Some(foreign) = subjects_of(&commit).find(|subject| self.partition_of(subject) != partition) {
            return Err(refusal(DOING, format!("subject {foreign} does not belong to partition {partition}")));
        }
        let head = self.head(partition, DOING)?;
        if commit.is_tick {
            head.recorded = head.recorded.max(commit.now);
        }
        for event in commit.events {
            self.event(partition, event);
        }
        for (subject, state) in commit.subjects {
            let subject_id = self.subject_id(&subject, partition);
            self.engine_subjects.insert(subject_id, (partition, state));
        }
        self.changed[usize::from(partition.0)] = true;
        let head = self.head(partition, DOING)?;
        head.engine_through = if saw_all { head.seq } else { commit.through };
        head.engine_now = commit.now;
        Ok(head.engine_through)
    }

    fn event(&mut self, partition: Partition, event: Event) {
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
        }
        let (id, body) = (Some(event.id.clone()), json(&event));
        let (seq, recorded) = self.push(partition, Body::Event(event));
        self.rows.push(EntryRow { partition, seq, recorded, kind: "event", subject_id, id, body });
    }

    /// Gives an entry the next number of its partition.
    fn push(&mut self, partition: Partition, body: Body) -> (u64, Timestamp) {
        let index = usize::from(partition.0);
        let head = &mut self.known.heads[index];
        head.seq += 1;
        head.recorded = head.recorded.max(self.now);
        let (seq, recorded) = (head.seq, head.recorded);
        self.changed[index] = true;
        self.entries[index].push(Entry { seq, recorded, body });
        (seq, recorded)
    }

    fn partition_of(&self, subject: &Subject) -> Partition {
        partition_of(subject, u16::try_from(self.known.heads.len()).unwrap_or(u16::MAX))
    }

    fn subject_id(&mut self, subject: &Subject, partition: Partition) -> i64 {
        if let Some(id) = self.known.subjects.get(subject) {
            return *id;
        }
        let id = self.known.next_subject;
        self.known.next_subject += 1;
        self.known.subjects.insert(subject.clone(), id);
        self.new_subjects.push((id, subject.clone(), partition));
        id
    }

    fn head(&mut self, partition: Partition, doing: &'static str) -> Result<&mut Head, LogError> {
        let head = self.known.heads.get_mut(usize::from(partition.0));
        head.ok_or_else(|| refusal(doing, format!("there is no partition {partition}")))
    }
}

/// The subjects that a commit speaks of.
pub(crate) fn subjects_of(commit: &EngineCommit) -> impl Iterator<Item = &Subject> {
    let saved = commit.subjects.iter().map(|(subject, _)| subject);
    commit.events.iter().map(|event| &event.subject).chain(saved)
}

/// The JSON of a value of the domain.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("the domain's types have text keys only and write into memory")
}

/// As in the column and in the alert's JSON.
pub(crate) const fn state_name(state: AlertState) -> &'static str {
    match state {
        AlertState::Firing => "firing",
        AlertState::Resolved => "resolved",
    }
}
