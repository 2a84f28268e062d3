//! Numbers, times and names that must lie within bounds.

use std::ops::RangeInclusive;
use std::time::Duration;

use yaml_file::{Entries, Entry, Findings, Place, Scalar, write_duration};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const DAY: Duration = Duration::from_secs(86_400);
pub(crate) const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// Most entries of one list: a hundred times what a person keeps in mind, and each costs work for every sample.
const MOST_ENTRIES: usize = 64;

/// A number that must be a share.
pub(crate) fn share(written: &Scalar<f64>, what: &str, findings: &mut Findings) -> Option<f64> {
    let number = written.read(findings)?;
    match (0.0..=1.0).contains(&number) {
        true => Some(number),
        false => {
            let message = format!("{what} is {number}, outside [0, 1]");
            findings.add_with_hint(written.place, message, in_range(number));
            None
        }
    }
}

/// What to do about a number outside [0, 1].
pub(crate) fn in_range(number: f64) -> String {
    match number > 1.0 && number <= 100.0 {
        true => format!("shares, not percent: did you mean {}?", number / 100.0),
        false => "it lies between 0 and 1".to_owned(),
    }
}

/// A number within a range.
pub(crate) fn number(
    written: &Scalar<f64>,
    what: &str,
    range: &RangeInclusive<f64>,
    findings: &mut Findings,
) -> Option<f64> {
    let number = written.read(findings)?;
    if range.contains(&number) {
        return Some(number);
    }
    let message = format!("{what} is {number}");
    findings.add_with_hint(written.place, message, format!("from {} to {}", range.start(), range.end()));
    None
}

/// A whole number within a range.
pub(crate) fn whole(
    written: &Scalar<f64>,
    what: &str,
    range: &RangeInclusive<u8>,
    findings: &mut Findings,
) -> Option<u8> {
    let number = written.read(findings)?;
    let found = range.clone().find(|whole| f64::from(*whole) == number);
    if found.is_none() {
        let message = format!("{what} is {number}");
        let hint = format!("a whole number from {} to {}", range.start(), range.end());
        findings.add_with_hint(written.place, message, hint);
    }
    found
}

/// A time within a range.
pub(crate) fn time(written: &Scalar<Duration>, range: &RangeInclusive<Duration>, findings: &mut Findings) -> Duration {
    let Some(duration) = written.read(findings) else { return Duration::ZERO };
    let [least, most] = [range.start(), range.end()].map(|end| write_duration(*end));
    if duration > *range.end() {
        let message = format!("{} is longer than {most}", write_duration(duration));
        findings.add_with_hint(written.place, message, format!("{most} is the most"));
    } else if duration < *range.start() {
        let message = format!("{} is shorter than {least}", write_duration(duration));
        findings.add_with_hint(written.place, message, format!("{least} is the least"));
    }
    duration
}

/// Entries whose names are of the user's choice, at most as many as are allowed.
pub(crate) fn entries<'a, T>(
    written: &'a Entries<T>,
    what: &str,
    findings: &mut Findings,
) -> impl Iterator<Item = &'a Entry<T>> + use<'a, T> {
    if let Some(beyond) = written.iter().nth(MOST_ENTRIES) {
        findings.add(beyond.place, format!("{} {what}: at most {MOST_ENTRIES} are allowed", written.len()));
    }
    written.iter().take(MOST_ENTRIES)
}

/// A name in small letters: of an action, a symbol, a tone, a response.
pub(crate) fn name(name: &str, place: Place, findings: &mut Findings) -> bool {
    let is_right = conditions::is_name(name);
    if !is_right {
        let hint = "a-z, 0-9 and _, beginning with a letter, at most 64 of them";
        findings.add_with_hint(place, format!("`{name}` is no name"), hint);
    }
    is_right
}
