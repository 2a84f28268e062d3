//! Whole requests of others: the seeds that the fuzzers begin with.

use super::Readings;
use crate::{OtlpError, RemoteWriteError, Sources, read_otlp_json, read_otlp_protobuf, read_remote_write};

const JSON: &[u8] = include_bytes!("../../../../fuzz/seeds/otlp_json/agent.json");
const PROTOBUF: &[u8] = include_bytes!("../../../../fuzz/seeds/otlp_protobuf/agent.pb");
const WRITE: &[u8] = include_bytes!("../../../../fuzz/seeds/remote_write/vitals.pb");

/// The most samples of a test's request.
const MOST: usize = 50;

fn told(readings: Readings<'_>) -> String {
    let unmapped = readings.unmapped;
    let lines = readings.finish().into_iter().map(|each| match each.draft {
        Ok(draft) => {
            let vitals: Vec<_> = draft.vitals.present().map(|(vital, score)| (vital.name(), score.get())).collect();
            format!("{} at {}: {vitals:?} {:?}, of {}", draft.subject, draft.at.unwrap(), draft.signals, each.readings)
        }
        Err(rejection) => format!("{rejection}, of {}", each.readings),
    });
    lines.chain([format!("unmapped {unmapped}")]).collect::<Vec<_>>().join("\n")
}

#[test]
fn however_opentelemetry_writes_it_the_samples_are_the_same() {
    let mappings = Sources::built_in().metrics;
    let json = told(read_otlp_json(JSON, MOST, &mappings).unwrap());
    assert_eq!(told(read_otlp_protobuf(PROTOBUF, MOST, &mappings).unwrap()), json);
    insta::assert_snapshot!(json, @r#"
    agent-7 at 2023-11-14T22:13:20Z: [("trust", 1.0), ("pain", 0.25)] {"fluency": Number(4.5)}, of 3
    pain: a vital lies within [0, 1], of 1
    iskra.chaos: a histogram or summary has no one value: send a gauge, of 1
    unmapped 1
    "#);
    assert!(matches!(read_otlp_json(b"{", MOST, &mappings), Err(OtlpError::Json(_))));
    assert!(matches!(read_otlp_protobuf(b"\xff", MOST, &mappings), Err(OtlpError::Protobuf(_))));
}

#[test]
fn what_a_prometheus_writes_is_unpacked_and_read() {
    let mappings = Sources::built_in().metrics;
    let packed = snap::raw::Encoder::new().compress_vec(WRITE).unwrap();
    insta::assert_snapshot!(told(read_remote_write(&packed, WRITE.len(), MOST, &mappings).unwrap()), @r#"
    agent-7 at 2023-11-14T22:13:20Z: [("trust", 1.0), ("pain", 0.25)] {"drift": Number(4.5)}, of 3
    chaos: a vital lies within [0, 1], of 1
    unmapped 1
    "#);
    let refused = |packed: &[u8], most| read_remote_write(packed, most, MOST, &mappings).err();
    assert!(matches!(refused(&packed, WRITE.len() - 1), Some(RemoteWriteError::TooLarge)));
    assert!(matches!(refused(WRITE, usize::MAX), Some(RemoteWriteError::Packing(_))));
    let nonsense = snap::raw::Encoder::new().compress_vec(b"\xff").unwrap();
    assert!(matches!(refused(&nonsense, 100), Some(RemoteWriteError::Message(_))));
}

/// One field of a message that has a length.
fn part(tag: u8, inside: &[u8]) -> Vec<u8> {
    let length = u8::try_from(inside.len()).expect("it is short");
    [&[(tag << 3) | 2, length][..], inside].concat()
}

/// The part of a `prometheus.TimeSeries` that is a label.
fn label(name: &str, value: &str) -> Vec<u8> {
    part(1, &[part(1, name.as_bytes()), part(2, value.as_bytes())].concat())
}

#[test]
fn the_labels_of_a_series_may_stand_behind_its_samples() {
    let mappings = Sources::built_in().metrics;
    let sample = part(2, &[&b"\x09"[..], &0.25_f64.to_le_bytes()[..], &b"\x10\x01"[..]].concat());
    let series = part(1, &[sample, label("subject", "agent-7"), label("__name__", "iskra_pain")].concat());
    let packed = snap::raw::Encoder::new().compress_vec(&series).unwrap();
    insta::assert_snapshot!(told(read_remote_write(&packed, 1_000, MOST, &mappings).unwrap()), @r#"
    agent-7 at 1970-01-01T00:00:00.001Z: [("pain", 0.25)] {}, of 1
    unmapped 0
    "#);
}
