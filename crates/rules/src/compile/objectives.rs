use std::ops::RangeInclusive;
use std::time::Duration;

use domain::{Priority, Vital};
use yaml_file::{Findings, Located, write_duration};

use super::numbers::{SECOND, number, share, time};
use crate::rules::{Burn, Objectives};
use crate::written::Word;
use crate::written::objectives::{BurnFile, ObjectivesFile};

/// The period for which the windows are written: they shrink and grow with the period.
const WRITTEN_FOR: Duration = Duration::from_secs(30 * 86_400);
/// In a shorter period no window but the longest would last a second, and hold a sample; a longer one is longer than
/// anybody looks back.
const PERIODS: RangeInclusive<Duration> = Duration::from_secs(3_600)..=Duration::from_secs(90 * 86_400);
/// Most burn alerts for each vital.
const MOST_BURNS: usize = 8;
/// Decimal fractions are not exact: a billionth decides nothing.
const NEGLIGIBLE: f64 = 1e-9;

/// The objectives; whatever is wrong with them goes into `findings`.
pub(super) fn compile(file: &ObjectivesFile, findings: &mut Findings) -> Objectives {
    let shares = Vital::ALL.map(|vital| {
        let written = file.shares.get(vital);
        let share = share(written, "the share", findings)?;
        if share <= 0.0 || share >= 1.0 {
            let hint = match share > 0.0 {
                true => "no time would be left for being outside: 0.99 leaves one percent",
                false => "nothing would be asked for: 0.99 asks for nearly all of the time",
            };
            findings.add_with_hint(written.place, format!("the share of `{vital}` is {share}"), hint);
            return None;
        }
        Some(share)
    });
    let period = time(&file.period, &PERIODS, findings);
    if let Some(beyond) = file.burns.get(MOST_BURNS) {
        findings.add(beyond.place, format!("{} burn alerts: at most {MOST_BURNS} are allowed", file.burns.len()));
    }
    let mut burns: Vec<Burn> = Vec::new();
    for written in file.burns.iter().take(MOST_BURNS) {
        let burn = burn(written, period, &shares, findings);
        if burns.iter().any(|other| other.id == burn.id) {
            let hint = "its alerts are named after it: each burn has a long window of its own";
            findings.add_with_hint(written.value.long.place, "another burn has this long window", hint);
        }
        burns.push(burn);
    }
    let measured = share(&file.measured, "the part to be measured", findings).unwrap_or(0.0);
    Objectives { shares: shares.map(|share| share.unwrap_or(0.99)), period, measured, burns }
}

fn burn(written: &Located<BurnFile>, period: Duration, shares: &[Option<f64>; 4], findings: &mut Findings) -> Burn {
    let file = &written.value;
    let [long, short] = [&file.long, &file.short].map(|window| time(window, &(SECOND..=WRITTEN_FOR), findings));
    let scale = period.as_secs_f64() / WRITTEN_FOR.as_secs_f64();
    let [scaled_long, scaled_short] = [long, short].map(|window| window.mul_f64(scale));
    if file.long.is_readable() && file.short.is_readable() {
        if short >= long {
            let message = format!("the short window ({}) is not shorter than the long one", write_duration(short));
            findings.add_with_hint(file.short.place, message, "a twelfth of the long one suits most");
        } else if scaled_short < SECOND && PERIODS.contains(&period) {
            let message = format!("in a period of {} this is below a second", write_duration(period));
            findings.add_with_hint(
                file.short.place,
                message,
                "windows are written for a period of 30d, and shrink with it",
            );
        }
    }
    let factor = number(&file.factor, "the factor", &(1.0..=1_000_000.0), findings).unwrap_or(1.0);
    unreachable(file, factor, shares, findings);
    let name = write_duration(long);
    Burn {
        id: format!("burn_{name}"),
        alert: format!("Burn{name}"),
        factor,
        long: scaled_long,
        short: scaled_short,
        priority: file.priority.read(findings).map_or(Priority::P2, |Word(priority)| priority),
        reason: file.reason.read(findings),
        recommendation: file.recommendation.read(findings),
    }
}

/// Tells of the first vital whose budget cannot burn that fast: outside all of the time, it burns 1 / (1 − share).
fn unreachable(file: &BurnFile, factor: f64, shares: &[Option<f64>; 4], findings: &mut Findings) {
    for (vital, share) in Vital::ALL.into_iter().zip(shares) {
        let Some(share) = share else { continue };
        if factor * (1.0 - share) < 1.0 - NEGLIGIBLE {
            continue;
        }
        let fastest = ((1.0 / (1.0 - share)) * 100.0).round() / 100.0;
        let message = format!("the budget of `{vital}` never burns {factor} times too fast");
        let hint =
            format!("with a share of {share} it burns at most {fastest} times too fast: choose a smaller factor");
        findings.add_with_hint(file.factor.place, message, hint);
        return;
    }
}
