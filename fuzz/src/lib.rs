//! What has to hold, whatever comes in.

use std::sync::LazyLock;

use artifacts::{Severity, check, check_value, checksum, read};
use domain::{Draft, Rejection, Timestamp, limits};
use sources::{Mappings, Readings, Sources};

/// The check of these bytes as an artifact: an answer whose parts agree, and the same for the record made in the process.
pub fn answer(bytes: &[u8]) {
    let mut checked = check(bytes);
    let worst = checked.findings.iter().map(|finding| finding.severity).max();
    assert_eq!(checked.status.name(), worst.map_or("OK", |worst| worst.status().name()));
    for finding in &checked.findings {
        let texts = [&finding.message.en, &finding.message.ru, &finding.allowed.en, &finding.allowed.ru];
        assert!(texts.iter().all(|text| !text.is_empty() && !text.chars().any(char::is_control)), "{finding:?}");
        assert!(finding.severity == Severity::Warn || finding.place.is_some() || bytes.len() > artifacts::MAX_BYTES);
    }
    let Ok(record) = read(bytes) else { return };
    checked.findings.iter_mut().for_each(|finding| finding.place = None);
    assert_eq!(checked, check_value(&record), "read or made, it is the same record");
    let again = read(record.to_string().as_bytes()).expect("what was read is written, and read again");
    assert_eq!(checksum(&record), checksum(&again), "however it is laid out");
}

/// The mappings as they are shipped, and a server that is asked.
static SOURCES: LazyLock<Sources> = LazyLock::new(|| {
    let query = "{ query: up, vital: pain }, { query: load, signal: load }";
    let source = format!("{{ name: fuzz, url: 'http://localhost', every: 1s, subject: job, queries: [{query}] }}");
    let shipped = include_str!("../../config/sources.yml").replace("promql: []", &format!("promql: [{source}]"));
    Sources::parse("sources.yml", &shipped).expect("it is right")
});

/// The most samples of a request: little enough that what is gathered beyond it shows.
pub const MOST_SAMPLES: usize = 16;

/// What metrics mean.
pub fn mappings() -> &'static Mappings {
    &SOURCES.metrics
}

/// What came together of a request: samples that the log may take, or why not.
pub fn readings(readings: Option<Readings<'_>>) {
    let gathered: Vec<_> = readings.into_iter().flat_map(Readings::finish).collect();
    assert!(gathered.len() <= MOST_SAMPLES + 1);
    for gathered in gathered {
        assert!(gathered.readings > 0);
        sample(&gathered.draft);
    }
}

/// What comes together of the answers to two queries, which stand on two lines.
pub fn promql_answer(bytes: &[u8]) {
    const MOST_SERIES: usize = 8;
    let source = &SOURCES.promql[0];
    let mut polled = source.polled(Timestamp::from_millis(1));
    let answers = source.queries.iter().zip(bytes.splitn(2, |byte| *byte == b'\n'));
    let taken = answers.filter(|(query, body)| polled.take(query, body, MOST_SERIES).is_ok()).count();
    let samples = polled.finish();
    assert!(samples.len() <= taken * MOST_SERIES);
    samples.iter().for_each(sample);
}

fn sample(draft: &Result<Draft, Rejection>) {
    match draft {
        Ok(draft) => {
            assert!(!draft.vitals.is_empty() && draft.signals.len() <= limits::SIGNALS);
            assert!(draft.vitals.present().all(|(_, score)| (0.0..=1.0).contains(&score.get())));
        }
        Err(rejection) => assert!(!rejection.reason.is_empty()),
    }
}
