use super::*;

fn refused(text: &str) -> String {
    cases(text).unwrap_err()
}

#[test]
fn a_misspelt_name_is_shown_with_what_was_meant() {
    insta::assert_snapshot!(refused(&test("{ at: 0s, pain: 0.3 }", "{ at: 0s, alerts: [pain_critcal_high] }")), @r"
    tests.yml:4:33: the rules have no alert `pain_critcal_high`
        4 |     expect: [{ at: 0s, alerts: [pain_critcal_high] }]
          |                                 ^^^^^^^^^^^^^^^^^
          = hint: did you mean `pain_critical_high`?
    ");
    insta::assert_snapshot!(refused(&test("{ at: 0s, pain: 0.3, signals: { drfit: 1 } }", "{ at: 0s, light: green }")), @r"
    tests.yml:3:47: the rules have no signal from producers `drfit`
        3 |     samples: [{ at: 0s, pain: 0.3, signals: { drfit: 1 } }]
          |                                               ^^^^^
          = hint: did you mean `drift`?
    ");
    insta::assert_snapshot!(refused(&test("{ at: 0s, pain: 0.3 }", "{ at: 0s, seams: [BALANCED] }")), @r"
    tests.yml:4:32: `BALANCED` is no seam
        4 |     expect: [{ at: 0s, seams: [BALANCED] }]
          |                                ^^^^^^^^
          = hint: write BALANCED -> CRISIS_MODE
    ");
    insta::assert_snapshot!(refused(&test("{ at: 0s, pain: 0.3 }", "{ at: 0s, voice: [kayn] }")), @r"
    tests.yml:4:24: unknown field `voice`
        4 |     expect: [{ at: 0s, voice: [kayn] }]
          |                        ^^^^^
          = hint: did you mean `voices`?
    ");
}

#[test]
fn all_wrong_values_are_told_at_once() {
    insta::assert_snapshot!(
        refused(
            "\
tests:
  - name: Samples
    samples:
      - { at: 5s, pain: 1.3 }
      - { at: 5s, pain: high }
      - { at: 6s, ramp: true }
      - { at: 7s, signals: { drift: low }, once: true, silence: true }
    expect:
      - { at: 9s, levels: { pain: SEVERE }, tone: sad }
      - { at: 8s }
      - { at: 10s, suppressed: { depth: budgt }, moods: { kayn: happy }, signals: { rigidity_detected: 1 } }
"
        ),
        @r#"
    tests.yml:4:25: pain is a number between 0 and 1
        4 |       - { at: 5s, pain: 1.3 }
          |                         ^^^

    tests.yml:5:15: samples stand in the order of their times, each later than the one before
        5 |       - { at: 5s, pain: high }
          |               ^^

    tests.yml:5:25: expected a number, true or false, found the text "high"
        5 |       - { at: 5s, pain: high }
          |                         ^^^^
          = hint: write `none` for what is not sent any more

    tests.yml:6:9: a sample has at least one vital
        6 |       - { at: 6s, ramp: true }
          |         ^

    tests.yml:6:9: this ramp leads nowhere: it names no value, or those that there were
        6 |       - { at: 6s, ramp: true }
          |         ^

    tests.yml:7:9: either once or silence
        7 |       - { at: 7s, signals: { drift: low }, once: true, silence: true }
          |         ^
          = hint: silence sends nothing at all

    tests.yml:7:37: expected a number, true or false, found the text "low"
        7 |       - { at: 7s, signals: { drift: low }, once: true, silence: true }
          |                                     ^^^
          = hint: write `none` for what is not sent any more

    tests.yml:9:35: `SEVERE` says nothing of a level
        9 |       - { at: 9s, levels: { pain: SEVERE }, tone: sad }
          |                                   ^^^^^^
          = hint: write OK, WARN or BLOCK, and if it matters P0, P1 or P2, low or high, stale: BLOCK P0 high

    tests.yml:9:51: the rules have no tone `sad`
        9 |       - { at: 9s, levels: { pain: SEVERE }, tone: sad }
          |                                                   ^^^
          = hint: there are confessional, defensive, creative, recovery, structuring, neutral

    tests.yml:10:9: nothing is expected here
       10 |       - { at: 8s }
          |         ^
          = hint: name what must be so, like light: green

    tests.yml:10:15: expectations stand in the order of their times, each later than the one before
       10 |       - { at: 8s }
          |               ^^

    tests.yml:11:41: there is no reason `budgt`
       11 |       - { at: 10s, suppressed: { depth: budgt }, moods: { kayn: happy }, signals: { rigidity_detected: 1 } }
          |                                         ^^^^^
          = hint: did you mean `budget`?

    tests.yml:11:65: there is no mood `happy`
       11 |       - { at: 10s, suppressed: { depth: budgt }, moods: { kayn: happy }, signals: { rigidity_detected: 1 } }
          |                                                                 ^^^^^
          = hint: there are resting, listening, engaged, leading, waiting

    tests.yml:11:104: a derived signal is true or false
       11 |       - { at: 10s, suppressed: { depth: budgt }, moods: { kayn: happy }, signals: { rigidity_detected: 1 } }
          |                                                                                                        ^
    "#
    );
}

#[test]
fn times_and_numbers_need_their_form() {
    insta::assert_snapshot!(refused(&test("{ at: 5, pain: 0.3 }", "{ at: 0s, harmony: 0.7-0.8 }")), @r#"
    tests.yml:3:21: expected a duration with a unit, found the number 5
        3 |     samples: [{ at: 5, pain: 0.3 }]
          |                     ^
          = hint: write 5s for seconds, 5m for minutes

    tests.yml:4:33: expected a number or a range, found the text "0.7-0.8"
        4 |     expect: [{ at: 0s, harmony: 0.7-0.8 }]
          |                                 ^^^^^^^
          = hint: like 0.75, or 0.7..0.8
    "#);
    let text = test("{ at: 0s, pain: 0.3 }", "{ at: 0s, light: green }");
    insta::assert_snapshot!(refused(&text.replace("    samples", "    start: Monday\n    every: 0s\n    samples")), @r"
    tests.yml:3:12: `Monday` is no moment
        3 |     start: Monday
          |            ^^^^^^
          = hint: write a time like 2026-01-05T00:00:00Z

    tests.yml:4:12: samples that come every 0s would never end
        4 |     every: 0s
          |            ^^
    ");
}

#[test]
fn a_test_that_would_run_for_ever_is_refused() {
    insta::assert_snapshot!(refused(&test("{ at: 0s, pain: 0.3 }", "{ at: 30d, light: green }")), @r"
    tests.yml:2:11: there are 2592001 samples, more than 1000000
        2 |   - name: A test
          |           ^^^^^^
          = hint: let them come less often, like every: 30s
    ");
}

#[test]
fn a_test_without_content_is_refused() {
    insta::assert_snapshot!(refused("tests:\n  - name: Nothing\n    samples: [{ at: 0s }]\n    expect: []\n"), @r"
    tests.yml:2:5: this test expects nothing
        2 |   - name: Nothing
          |     ^

    tests.yml:3:15: a sample has at least one vital
        3 |     samples: [{ at: 0s }]
          |               ^
    ");
}

#[test]
fn a_command_is_one_thing_and_says_only_what_belongs_to_it() {
    let text = test("{ at: 0s, pain: 0.3 }", "{ at: 9s, phase: playing }");
    let commands = "    commands:
      - { at: 0s, steer: play }
      - { at: 1s, experiment: play, dose: 1, stop: [{ vital: pain }] }
      - { at: 2s, steer: play, conclude: passed }
      - { at: 3s, steer: play, dose: 11 }
      - { at: 4s, conclude: veto }
";
    insta::assert_snapshot!(refused(&text.replace("    samples", &format!("{commands}    samples"))), @r"
    tests.yml:4:9: no experiment was begun before
        4 |       - { at: 0s, steer: play }
          |         ^
          = hint: like { at: 0s, experiment: play }

    tests.yml:5:9: `dose` is for `steer`
        5 |       - { at: 1s, experiment: play, dose: 1, stop: [{ vital: pain }] }
          |         ^

    tests.yml:5:53: this stops nothing
        5 |       - { at: 1s, experiment: play, dose: 1, stop: [{ vital: pain }] }
          |                                                     ^
          = hint: like { vital: pain, above: 0.6 }

    tests.yml:6:9: a command is one of acknowledge, experiment, steer, conclude
        6 |       - { at: 2s, steer: play, conclude: passed }
          |         ^
          = hint: like { at: 70s, acknowledge: pain_critical_high }

    tests.yml:7:38: a dose is a whole number from 0 to 10
        7 |       - { at: 3s, steer: play, dose: 11 }
          |                                      ^^

    tests.yml:8:29: nobody concludes that it is `veto`
        8 |       - { at: 4s, conclude: veto }
          |                             ^^^^
          = hint: there are passed, failed, stopped: all else is the engine's to say

    tests.yml:10:31: the rules have no phase `playing`
       10 |     expect: [{ at: 9s, phase: playing }]
          |                               ^^^^^^^
          = hint: there are play
    ");
}

#[test]
fn every_field_is_documented() {
    let documentation = include_str!("../../../../../docs/rule-tests.md");
    let files = [
        "zzzz: 1\n".to_owned(),
        test("{ at: 0s, zzzz: 1 }", ""),
        test("{ at: 0s, pain: 0.3 }", "{ at: 0s, zzzz: 1 }"),
        test("{ at: 0s, pain: 0.3 }", "").replace("    samples", "    zzzz: 1\n    samples"),
        test("{ at: 0s, pain: 0.3 }", "").replace("    samples", "    commands: [{ at: 0s, zzzz: 1 }]\n    samples"),
    ];
    for file in files {
        let error = refused(&file);
        let (_, known) = error.split_once("known are ").unwrap();
        for field in known.split(", ") {
            assert!(documentation.contains(&format!("`{field}")), "{field} is not in docs/rule-tests.md");
        }
    }
}
