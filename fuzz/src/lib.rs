//! What has to hold, whatever comes in.

use artifacts::{Severity, check, check_value, checksum, read};

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
