fn refused(from: &str, to: &str) -> String {
    super::refused("signals.yml", from, to)
}

#[test]
fn a_name_that_is_taken_or_is_none() {
    insta::assert_snapshot!(refused("  drift:", "  pain:"), @r"
    signals.yml:40:3: `pain` is a vital
       40 |   pain:
          |   ^^^^
          = hint: vitals are known without being named here

    config/voices-triggers.yml:213:11: unknown signal `drift`
      213 |     when: drift > 0.3
          |           ^^^^^
          = hint: known are clarity, chaos, trust, pain and 37 more

    config/voices-triggers.yml:232:26: unknown signal `drift`
      232 |     when: trust < 0.6 or drift > 0.3
          |                          ^^^^^
          = hint: known are clarity, chaos, trust, pain and 37 more
    ");
    insta::assert_snapshot!(refused("  drift:", "  harmony:"), @r"
    signals.yml:40:3: `harmony` is a signal of the engine already
       40 |   harmony:
          |   ^^^^^^^
          = hint: each name is one signal: choose another one, or leave this one out

    config/voices-triggers.yml:213:11: unknown signal `drift`
      213 |     when: drift > 0.3
          |           ^^^^^
          = hint: known are clarity, chaos, trust, pain and 37 more

    config/voices-triggers.yml:232:26: unknown signal `drift`
      232 |     when: trust < 0.6 or drift > 0.3
          |                          ^^^^^
          = hint: known are clarity, chaos, trust, pain and 37 more
    ");
    insta::assert_snapshot!(refused("duration: stagnation_duration", "duration: kayn_leads"), @r"
    signals.yml:57:15: `kayn_leads` is a signal of the engine already
       57 |     duration: kayn_leads
          |               ^^^^^^^^^^
          = hint: each name is one signal: choose another one, or leave this one out

    config/voices-triggers.yml:100:31: unknown signal `stagnation_duration`
      100 |       - when: chaos < 0.2 and stagnation_duration > 5m
          |                               ^^^^^^^^^^^^^^^^^^^
          = hint: known are clarity, chaos, trust, pain and 37 more
    ");
    insta::assert_snapshot!(refused("  chaos_injection:", "  chaosInjection:"), @r"
    signals.yml:44:3: `chaosInjection` is no name
       44 |   chaosInjection:
          |   ^^^^^^^^^^^^^^
          = hint: a-z, 0-9 and _, beginning with a letter, at most 64 of them

    config/states.yml:16:11: unknown signal `chaos_injection`
       16 |     when: chaos_injection or experiment_injects
          |           ^^^^^^^^^^^^^^^
          = hint: known are clarity, chaos, trust, pain and 37 more
    ");
    insta::assert_snapshot!(refused("  chaos_injection:", "  drift:"), @r"
    signals.yml:44:3: `drift` is there twice
       44 |   drift:
          |   ^^^^^
          = hint: keep one of the two
    ");
}

#[test]
fn a_type_or_a_range_that_means_nothing() {
    insta::assert_snapshot!(refused("    type: number", "    type: nubmer"), @r#"
    signals.yml:13:11: expected a type, found the text "nubmer"
       13 |     type: nubmer
          |           ^^^^^^
          = hint: did you mean `number`?
    "#);
    // One mistake, one finding: what voices ask of a signal of no type is not judged.
    insta::assert_snapshot!(refused("    type: flag", "    type: flagg"), @r#"
    signals.yml:20:11: expected a type, found the text "flagg"
       20 |     type: flagg
          |           ^^^^^
          = hint: did you mean `flag`?
    "#);
    insta::assert_snapshot!(refused("range: [0, 1]", "range: [1, 0]"), @r"
    signals.yml:17:12: no value lies between 1 and 0
       17 |     range: [1, 0]
          |            ^
          = hint: the lower end comes first
    ");
    insta::assert_snapshot!(refused("range: [0, 1]", "range: [1]"), @r"
    signals.yml:17:12: a range needs two numbers, found 1
       17 |     range: [1]
          |            ^
          = hint: from and to, like [0, 1]
    ");
    insta::assert_snapshot!(refused("    type: flag", "    type: flag\n    range: [0, 1]"), @r"
    signals.yml:21:12: a flag has no range
       21 |     range: [0, 1]
          |            ^
          = hint: it is true or false: leave the range out
    ");
}

#[test]
fn a_derived_signal_that_uses_a_later_one_or_itself() {
    insta::assert_snapshot!(refused("when: clarity >= 0.95", "when: clarity >= 0.95 and synthesis_completed"), @r"
    signals.yml:61:31: `synthesis_completed` is worked out later
       61 |     when: clarity >= 0.95 and synthesis_completed
          |                               ^^^^^^^^^^^^^^^^^^^
          = hint: move `rigidity_detected` below it: a signal uses those above it
    ");
    insta::assert_snapshot!(refused("and chaos < 0.20", "and stagnation_duration < 5m"), @r"
    signals.yml:55:30: `stagnation_duration` depends on itself
       55 |     when: clarity > 0.85 and stagnation_duration < 5m
          |                              ^^^^^^^^^^^^^^^^^^^
          = hint: a signal uses those above it
    ");
}

#[test]
fn a_condition_that_is_none() {
    insta::assert_snapshot!(refused("clarity > 0.85 and chaos < 0.20", "clarty > 0.85 and chaos < 0.20"), @r"
    signals.yml:55:11: unknown signal `clarty`
       55 |     when: clarty > 0.85 and chaos < 0.20
          |           ^^^^^^
          = hint: did you mean `clarity`?
    ");
    insta::assert_snapshot!(refused("clarity > 0.85 and chaos < 0.20", "'clarity > 0.85 and chaos < 20'"), @r"
    signals.yml:55:31: this always holds
       55 |     when: 'clarity > 0.85 and chaos < 20'
          |                               ^^^^^^^^^^
          = hint: `chaos` lies between 0 and 1
    ");
    insta::assert_snapshot!(refused("clarity > 0.85 and chaos < 0.20", "!chaos_injection"), @r"
    signals.yml:55:27: expected a condition, found nothing
       55 |     when: !chaos_injection
          |                           ^
          = hint: a condition compares, like pain > 0.6 and trust < 0.5; put it into quotes if it begins with > or !
    ");
    insta::assert_snapshot!(refused("clarity > 0.85 and chaos < 0.20", "> 0.85"), @r#"
    signals.yml:55:11: while scanning a block scalar, did not find expected comment or line break
       55 |     when: > 0.85
          |           ^
          = hint: a value that begins with > or | stands in quotes: "> 0.7"
    "#);
    insta::assert_snapshot!(refused("clarity > 0.85 and chaos < 0.20", "true"), @r"
    signals.yml:55:11: expected a condition, found `true`
       55 |     when: true
          |           ^^^^
          = hint: a condition compares, like pain > 0.6 and trust < 0.5; put it into quotes if it begins with > or !
    ");
    insta::assert_snapshot!(refused("clarity > 0.85 and chaos < 0.20", "\"\""), @r#"
    signals.yml:55:11: expected a condition, found the text ""
       55 |     when: ""
          |           ^^
          = hint: a condition compares, like pain > 0.6 and trust < 0.5; put it into quotes if it begins with > or !
    "#);
}

#[test]
fn a_place_in_a_condition_of_several_lines_is_its_beginning() {
    insta::assert_snapshot!(refused("clarity > 0.85 and chaos < 0.20", ">\n      clarity > 0.85\n      and chas < 0.20"), @r"
    signals.yml:56:7: unknown signal `chas`
       56 |       clarity > 0.85
          |       ^^^^^^^^^^^^^^
          = hint: did you mean `chaos`?
    ");
    insta::assert_snapshot!(refused("clarity > 0.85 and chaos < 0.20", "\"clarity > 0.85\\tand chas < 0.2\""), @r#"
    signals.yml:55:11: unknown signal `chas`
       55 |     when: "clarity > 0.85\tand chas < 0.2"
          |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          = hint: did you mean `chaos`?
    "#);
}

#[test]
fn a_time_that_is_too_long() {
    insta::assert_snapshot!(refused("for: 15m", "for: 2d"), @r"
    signals.yml:56:10: 2d is longer than 1d
       56 |     for: 2d
          |          ^^
          = hint: 1d is the most
    ");
    insta::assert_snapshot!(refused("    told: true", "    told: sometimes"), @r#"
    signals.yml:58:11: expected true or false, found the text "sometimes"
       58 |     told: sometimes
          |           ^^^^^^^^^
    "#);
}
