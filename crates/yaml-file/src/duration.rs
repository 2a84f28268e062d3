use std::time::Duration;

use crate::Complaint;

/// From the largest to the smallest, with the milliseconds that each has.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Reads `30s`, `2m`, `1h30m`, `1d`, `250ms`: whole numbers, each with its unit, the larger unit first.
pub fn parse_duration(text: &str) -> Result<Duration, Complaint> {
    let wrong = || {
        Complaint::new(format!("`{text}` is not a duration"))
            .hint("whole numbers with a unit, the larger first: 250ms, 30s, 2m, 1h30m, 1d")
    };
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut units = UNITS.iter();
    let mut total = 0_u64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        rest = &rest[digits..];
        let name = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())];
        // Continuing where the last unit was found refuses repeated units and a wrong order.
        let (_, millis) = units.find(|(unit, _)| *unit == name).ok_or_else(wrong)?;
        total = number.checked_mul(*millis).and_then(|part| total.checked_add(part)).ok_or_else(wrong)?;
        rest = &rest[name.len()..];
    }
    Ok(Duration::from_millis(total))
}

/// Writes a duration as `parse_duration` reads it; parts below a millisecond are dropped.
pub fn write_duration(duration: Duration) -> String {
    let mut rest = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let mut text = String::new();
    for (unit, millis) in UNITS {
        let number = rest / millis;
        rest %= millis;
        if number > 0 {
            text.push_str(&format!("{number}{unit}"));
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}
