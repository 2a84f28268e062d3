//! The voices within the whole engine: a standstill, as the first experiment has it.

use domain::EventBody;

use super::*;
use crate::chronicle::Chronicle;

const MINUTE: f64 = 60.0;
const STANDSTILL: [(&str, f64); 4] = [("clarity", 0.88), ("chaos", 0.15), ("trust", 0.75), ("pain", 0.25)];

#[test]
fn a_standstill_calls_pino_after_15_minutes_and_hundun_after_20() {
    let mut chronicle = Chronicle::of(VOICE);
    assert_eq!(chronicle.repeat(0.0, 15.0 * MINUTE, 10.0, &STANDSTILL), Vec::<String>::new());
    let minutes_15_to_20 = chronicle.repeat(15.0 * MINUTE, 20.0 * MINUTE + 1.0, 10.0, &STANDSTILL);
    assert_eq!(minutes_15_to_20, ["900: pino begins"]);
    let later = chronicle.repeat(20.0 * MINUTE + 10.0, 25.0 * MINUTE, 10.0, &STANDSTILL);
    assert_eq!(later, ["1210: hundun begins", "1210: iskra begins"]);
    let reasons: Vec<&str> = chronicle
        .events
        .iter()
        .filter_map(|event| match &event.body {
            EventBody::Voice { activation, .. } => Some(activation.reason.en.as_str()),
            _ => None,
        })
        .collect();
    insta::assert_snapshot!(reasons.join("\n"), @r"
    Stagnation (clarity 0.88 above 0.85 and chaos 0.15 below 0.20 for 15 min): play begins
    Chaos 0.15 below 0.20 and stagnation for 5 min 10 s, longer than 5 min: time to shake the standstill
    Several voices are active: many voices become one answer (Pino, Hundun)
    ");
}
