use super::*;

fn refused(text: &str) -> String {
    Script::parse("small.yml", text, &RULES).unwrap_err().to_string()
}

#[test]
fn all_wrong_values_are_told_at_once() {
    let text = experiment(
        "\
start: Monday
lasts: 2d
every: 5s
seed: 1.5
noise: 0.5
ends: lost
stop: [{ vital: pian, above: 0.6 }, { vital: pain }, { vital: pain, above: 7 }]
for: { clarity_wran_high: 5m }
phases:
  - { name: one, at: 0s, lasts: 3s }
  - { name: one, at: 5s, dose: 11 }
  - { name: two, at: 10s, dose: 3, lasts: 1m, reached: { held: 5s } }
  - { name: three, at: 20s }
samples: [{ at: 1s, pain: 0.3 }]
expect:
  - { at: 5s, by: 6s, light: green }
  - { at: 5s, suppressed: { depth: budget } }
  - { at: 3s, phase: thre, experiment: runing }
recovery: { lasts: 1h, samples: [] }
artifact: { delta: { joy: 0.1 } }
",
    );
    insta::assert_snapshot!(refused(&text), @r#"
    small.yml:6:8: `Monday` is no moment
        6 | start: Monday
          |        ^^^^^^
          = hint: write a time like 2026-01-07T14:00:00Z

    small.yml:7:8: it lasts from 1s to 23h59m
        7 | lasts: 2d
          |        ^^

    small.yml:12:17: expected a vital, found the text "pian"
       12 | stop: [{ vital: pian, above: 0.6 }, { vital: pain }, { vital: pain, above: 7 }]
          |                 ^^^^
          = hint: did you mean `pain`?

    small.yml:12:37: this never stops it
       12 | stop: [{ vital: pian, above: 0.6 }, { vital: pain }, { vital: pain, above: 7 }]
          |                                     ^
          = hint: add above: 0.6, or below: 0.5

    small.yml:12:76: a vital is a number between 0 and 1
       12 | stop: [{ vital: pian, above: 0.6 }, { vital: pain }, { vital: pain, above: 7 }]
          |                                                                            ^

    small.yml:13:8: the rules have no edge `clarity_wran_high`
       13 | for: { clarity_wran_high: 5m }
          |        ^^^^^^^^^^^^^^^^^
          = hint: did you mean `clarity_warn_high`?

    small.yml:15:33: nothing is injected in this phase
       15 |   - { name: one, at: 0s, lasts: 3s }
          |                                 ^^
          = hint: add dose: 3

    small.yml:16:32: a dose is a whole number from 0 to 10
       16 |   - { name: one, at: 5s, dose: 11 }
          |                                ^^

    small.yml:17:43: the phase is over at 20s
       17 |   - { name: two, at: 10s, dose: 3, lasts: 1m, reached: { held: 5s } }
          |                                           ^^

    small.yml:17:56: nothing is to be reached
       17 |   - { name: two, at: 10s, dose: 3, lasts: 1m, reached: { held: 5s } }
          |                                                        ^
          = hint: name vitals, like chaos: 0.40..0.50

    small.yml:19:17: the first sample is sent at 0s
       19 | samples: [{ at: 1s, pain: 0.3 }]
          |                 ^^

    small.yml:21:5: an expectation has either `at` or `by`
       21 |   - { at: 5s, by: 6s, light: green }
          |     ^
          = hint: `at: 5m` looks at that moment, `by: 5m` waits until then

    small.yml:22:5: `suppressed` is for tests of rules
       22 |   - { at: 5s, suppressed: { depth: budget } }
          |     ^
          = hint: nobody can see it from outside of the engine

    small.yml:22:11: expectations stand in the order of their times, each later than the one before
       22 |   - { at: 5s, suppressed: { depth: budget } }
          |           ^^

    small.yml:23:11: expectations stand in the order of their times, each later than the one before
       23 |   - { at: 3s, phase: thre, experiment: runing }
          |           ^^

    small.yml:23:22: the rules have no phase `thre`
       23 |   - { at: 3s, phase: thre, experiment: runing }
          |                      ^^^^
          = hint: did you mean `three`?

    small.yml:23:40: the rules have no outcome `runing`
       23 |   - { at: 3s, phase: thre, experiment: runing }
          |                                        ^^^^^^
          = hint: did you mean `running`?

    small.yml:24:11: a simulated subject has samples
       24 | recovery: { lasts: 1h, samples: [] }
          |           ^

    small.yml:24:20: it lasts from 1s to 10m
       24 | recovery: { lasts: 1h, samples: [] }
          |                    ^^

    small.yml:25:22: `joy` is no vital
       25 | artifact: { delta: { joy: 0.1 } }
          |                      ^^^
          = hint: one of clarity, chaos, trust, pain
    "#);
}

#[test]
fn nothing_is_sent_for_a_real_subject() {
    let real = experiment("noise: 0.01\n").replace("simulated: inbox\n", "");
    insta::assert_snapshot!(refused(&real), @r#"
    small.yml:7:11: nothing is sent for a real subject
        7 | samples: [{ at: 0s, clarity: 0.75, chaos: 0.45, trust: 0.75, pain: 0.30 }]
          |           ^
          = hint: for a subject whose vitals the experiment makes up, add simulated: inbox

    small.yml:9:8: nothing is sent for a real subject
        9 | noise: 0.01
          |        ^^^^
          = hint: for a subject whose vitals the experiment makes up, add simulated: inbox
    "#);
    let real = experiment("samples: []\n").replace("simulated: inbox\n", "");
    assert!(Script::parse("small.yml", &real, &RULES).is_ok());
    insta::assert_snapshot!(refused(&experiment("samples: []\n")), @r#"
    small.yml:1:7: a simulated subject has samples
        1 | name: small
          |       ^^^^^
    "#);
}

#[test]
fn what_comes_after_the_end_is_refused() {
    insta::assert_snapshot!(refused(&experiment("expect: [{ at: 2m, light: green }]\ncommands: [{ at: 3m, acknowledge: stale }]\n")), @r#"
    small.yml:9:10: all is over at 1m
        9 | expect: [{ at: 2m, light: green }]
          |          ^
          = hint: let it last longer, or give it a recovery

    small.yml:10:12: the experiment is over at 1m
       10 | commands: [{ at: 3m, acknowledge: stale }]
          |            ^
    "#);
    let recovers = "expect: [{ at: 2m, light: green }]\nrecovery: { lasts: 1m, samples: [{ at: 0s, pain: 0.3 }] }\n";
    assert!(Script::parse("small.yml", &experiment(recovers), &RULES).is_ok());
}

#[test]
fn names_are_those_of_addresses() {
    for name in ["Small", "a/b", "", "-a", "a b", "имя"] {
        assert!(
            Script::parse("small.yml", &experiment("").replace("small", &format!("'{name}'")), &RULES).is_err(),
            "{name}"
        );
    }
    let long = "a".repeat(65);
    assert!(Script::parse("small.yml", &experiment("").replace("small", &long), &RULES).is_err());
}

#[test]
fn every_field_is_documented() {
    let documentation = include_str!("../../../../docs/experiments.md");
    let places = [
        "zzzz: 1\n",
        "phases: [{ name: a, at: 0s, zzzz: 1 }]\n",
        "phases: [{ name: a, at: 0s, reached: { zzzz: 1 } }]\n",
        "stop: [{ vital: pain, zzzz: 1 }]\n",
        "recovery: { lasts: 1m, zzzz: 1 }\n",
        "artifact: { zzzz: 1 }\n",
        "expect: [{ at: 1s, zzzz: 1 }]\n",
    ];
    for place in places {
        let error = refused(&experiment(place));
        let (_, known) = error.split_once("known are ").unwrap();
        // What both have in common is documented with the tests of rules.
        let of_rules = include_str!("../../../../docs/rule-tests.md");
        for field in known.split(", ") {
            let field = format!("`{}", field.trim());
            assert!(documentation.contains(&field) || of_rules.contains(&field), "{field} is documented nowhere");
        }
    }
}
