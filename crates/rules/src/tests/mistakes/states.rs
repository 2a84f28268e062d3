fn refused(from: &str, to: &str) -> String {
    super::refused("states.yml", from, to)
}

#[test]
fn names_and_kinds() {
    insta::assert_snapshot!(refused("  BALANCED:", "  UNKNOWN:"), @r"
    states.yml:37:3: `UNKNOWN` is what is left when no state holds
       37 |   UNKNOWN:
          |   ^^^^^^^
          = hint: choose another name for this one
    ");
    insta::assert_snapshot!(refused("  BALANCED:", "  Balanced:"), @r"
    states.yml:37:3: `Balanced` is no name of a state
       37 |   Balanced:
          |   ^^^^^^^^
          = hint: A-Z, 0-9 and _, beginning with a letter, at most 64 of them
    ");
    insta::assert_snapshot!(refused("into: weave", "into: wave"), @r#"
    states.yml:29:11: expected a kind of seam, found the text "wave"
       29 |     into: wave
          |           ^^^^
          = hint: did you mean `weave`?
    "#);
}

#[test]
fn a_state_that_is_never_reached() {
    insta::assert_snapshot!(refused("when: all_vitals_ok", "when: (chaos_injection or experiment_injects)"), @r"
    states.yml:39:11: `CHAOTIC_STIMULATION` has the same condition: this state is never reached
       39 |     when: (chaos_injection or experiment_injects)
          |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          = hint: the first state that holds is taken
    ");
    insta::assert_snapshot!(refused("trust > 0.8 and pain < 0.4", "trust > 0.8 and pain < 0"), @r"
    states.yml:28:69: this can never hold
       28 |     when: 0.4 <= chaos <= 0.6 and clarity > 0.7 and trust > 0.8 and pain < 0
          |                                                                     ^^^^^^^^
          = hint: `pain` lies between 0 and 1
    ");
}

#[test]
fn numbers_and_times() {
    insta::assert_snapshot!(refused("dwell: 5s", "dwell: 5"), @r"
    states.yml:45:8: expected a duration with a unit, found the number 5
       45 | dwell: 5
          |        ^
          = hint: write 5s for seconds, 5m for minutes
    ");
    insta::assert_snapshot!(refused("strong_from: 0.1", "strong_from: 10"), @r"
    states.yml:48:14: strong_from is 10, outside [0, 1]
       48 | strong_from: 10
          |              ^^
          = hint: shares, not percent: did you mean 0.1?
    ");
    insta::assert_snapshot!(refused("reach: 0.05", "reach: -0.05"), @r"
    states.yml:52:10: the reach is -0.05, outside [0, 1]
       52 |   reach: -0.05
          |          ^^^^^
          = hint: it lies between 0 and 1
    ");
}
