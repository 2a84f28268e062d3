use domain::{Command, Event, Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::{Body, Entry};
use serde::{Deserialize, Serialize, Serializer as _};

/// Writes entries as JSON: `[[recorded in µs, {"sample": …}], …]`, everything in the domain's own shapes. Their numbers
/// follow from that of the first.
pub(crate) fn write(entries: &[Entry], text: &mut Vec<u8>) -> serde_json::Result<()> {
    let mut json = serde_json::Serializer::new(text);
    json.collect_seq(entries.iter().map(|entry| (entry.recorded.as_micros(), Written::of(entry))))
}

/// Reads entries, of which the first has the number `first`.
pub(crate) fn read(text: &[u8], first: u64) -> serde_json::Result<Vec<Entry>> {
    let lines: Vec<(i64, Read)> = serde_json::from_slice(text)?;
    let entries = lines.into_iter().zip(first..=u64::MAX);
    Ok(entries.map(|((recorded, read), seq)| read.into_entry(seq, Timestamp::from_micros(recorded))).collect())
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Written<'a> {
    Sample(&'a Sample),
    Command(&'a Subject, &'a Command),
    Event(&'a Event),
}

impl<'a> Written<'a> {
    const fn of(entry: &'a Entry) -> Self {
        match &entry.body {
            Body::Sample(sample) => Self::Sample(sample),
            Body::Command(subject, command) => Self::Command(subject, command),
            Body::Event(event) => Self::Event(event),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Read {
    Sample(ReadSample),
    Command(Subject, Command),
    Event(Box<Event>),
}

impl Read {
    fn into_entry(self, seq: u64, recorded: Timestamp) -> Entry {
        let body = match self {
            Self::Sample(sample) => Body::Sample(sample.into()),
            Self::Command(subject, command) => Body::Command(subject, command),
            Self::Event(event) => Body::Event(event),
        };
        Entry { seq, recorded, body }
    }
}

/// A sample as the domain writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadSample {
    subject: Subject,
    at: Timestamp,
    clarity: Option<Score>,
    chaos: Option<Score>,
    trust: Option<Score>,
    pain: Option<Score>,
    #[serde(default)]
    signals: Signals,
}

impl From<ReadSample> for Sample {
    fn from(read: ReadSample) -> Self {
        let mut vitals = Vitals::default();
        for (vital, score) in Vital::ALL.into_iter().zip([read.clarity, read.chaos, read.trust, read.pain]) {
            vitals.set(vital, score);
        }
        Self { subject: read.subject, at: read.at, vitals, signals: read.signals }
    }
}
