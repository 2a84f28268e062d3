use domain::EventBody;
use proptest::prelude::*;

use crate::chronicle::Chronicle;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_number_that_is_sent_for_a_flag_is_a_flag(number in prop_oneof![
        prop::sample::select(vec![0.0, -0.0, 0.5, 1.0, -1.0, 3.0, f64::MIN_POSITIVE]),
        -1e9..1e9f64,
    ]) {
        let mut story = Chronicle::of(&["signal", "voice"]);
        let lines = story.at(0.0, &[("pain", 0.3), ("ethical_violation_detected", number)]);
        match number == 0.0 {
            true => prop_assert!(lines.is_empty(), "{lines:?}"),
            false => prop_assert_eq!(lines, ["0: ethical_violation_stands true", "0: iskriv begins"]),
        }
        let mut choruses = story.events.iter().filter_map(|event| match &event.body {
            EventBody::Chorus { chorus } => Some(chorus),
            _ => None,
        });
        let activity = choruses.next_back().unwrap().voices[5].activity;
        prop_assert_eq!(activity, f64::from(u8::from(number != 0.0)));
        story.restore();
        let again = story.at(1.0, &[("pain", 0.3)]);
        prop_assert!(again.is_empty(), "{again:?}");
    }
}
