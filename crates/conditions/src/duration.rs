/// From the largest to the smallest, with the milliseconds that each has.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Longest time that can be written: a hundred years. Its milliseconds are still exact in a double.
const LONGEST: u64 = 36_500 * 86_400_000;

/// Reads `30s`, `1h30m`, `250ms` into seconds: whole numbers, each with its unit, the larger unit first.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let mut rest = text;
    let mut units = UNITS.iter();
    let mut total = 0_u64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let name = &rest[..rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len())];
        // Continuing where the last unit was found refuses repeated units and a wrong order.
        let (_, millis) = units.find(|(unit, _)| *unit == name)?;
        total = number.checked_mul(*millis).and_then(|part| total.checked_add(part))?;
        rest = &rest[name.len()..];
    }
    #[expect(clippy::cast_precision_loss, reason = "the longest time has fewer than 2^53 milliseconds")]
    (total <= LONGEST).then_some(total as f64 / 1_000.0)
}

/// The units of `seconds`, those that are not zero, the larger first: 400 has 6 `m` and 40 `s`.
///
/// Parts below a millisecond are dropped, and the sign with them.
pub(crate) fn units(seconds: f64) -> Vec<(u64, &'static str)> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and saturating is meant"
    )]
    let mut rest = (seconds.abs() * 1_000.0).round() as u64;
    let mut units = Vec::new();
    for (name, millis) in UNITS {
        if rest >= millis {
            units.push((rest / millis, name));
        }
        rest %= millis;
    }
    if units.is_empty() {
        units.push((0, "s"));
    }
    units
}

/// Writes `seconds` as [`parse`] reads it.
pub(crate) fn write(seconds: f64) -> String {
    units(seconds).iter().map(|(number, unit)| format!("{number}{unit}")).collect()
}
