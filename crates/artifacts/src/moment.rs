//! Timestamps: the extended form of ISO 8601, a day or a day with a time.

use domain::Text;

use crate::code::Code;
use crate::field::Field;
use crate::finding::{Finding, Findings};

pub(crate) fn check(field: &Field<'_>, findings: &mut Findings) {
    let code = match field.value.as_str() {
        Some(text) if is_moment(text) => return,
        Some(_) => Code::Timestamp,
        None => Code::Shape,
    };
    let allowed = Text::new(
        "a moment as ISO 8601 writes it, e.g. 2026-01-01T00:00:00Z",
        "время по ISO 8601, например 2026-01-01T00:00:00Z",
    );
    findings.add(Finding::not_allowed(field, code, allowed));
}

/// `2026-01-01`, or `2026-01-01T00:00`, with seconds and any fraction of them, with or without `Z`, `+03`, `+0300`, `+03:00`.
fn is_moment(text: &str) -> bool {
    let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
    is_day(day) && time.is_none_or(is_time)
}

fn is_day(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let fits = |number: u16| i8::try_from(number).ok();
    let (Ok(year), Some(month), Some(day)) = (i16::try_from(year), fits(month), fits(day)) else { return false };
    jiff::civil::Date::new(year, month, day).is_ok()
}

fn is_time(text: &str) -> bool {
    let (clock, offset) = match text.find(['Z', '+', '-', '\u{2212}']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    is_clock(clock) && is_offset(offset)
}

/// With the second 60, which there has been.
fn is_clock(text: &str) -> bool {
    let (whole, fraction) = text.split_once(['.', ',']).map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let parts: Vec<_> = whole.split(':').collect();
    let is_fraction = fraction.is_none_or(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    match parts[..] {
        [hour, minute] => fraction.is_none() && up_to(hour, 23) && up_to(minute, 59),
        [hour, minute, second] => is_fraction && up_to(hour, 23) && up_to(minute, 59) && up_to(second, 60),
        _ => false,
    }
}

fn is_offset(text: &str) -> bool {
    if matches!(text, "" | "Z") {
        return true;
    }
    let Some(offset) = text.strip_prefix(['+', '-', '\u{2212}']) else { return false };
    let (hour, minute) = match offset.split_once(':') {
        Some(parts) => parts,
        None if offset.len() == 4 && offset.is_ascii() => offset.split_at(2),
        None => (offset, "00"),
    };
    up_to(hour, 23) && up_to(minute, 59)
}

fn up_to(text: &str, most: u16) -> bool {
    digits(text, 2).is_some_and(|number| number <= most)
}

fn digits(text: &str, length: usize) -> Option<u16> {
    let is_number = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}
