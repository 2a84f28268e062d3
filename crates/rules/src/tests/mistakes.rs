//! One mistake each in the shipped files, and what is said about it.

use crate::Rules;
use crate::files::shipped;

mod actions;
mod bands;
mod escalation;
mod objectives;
mod signals;
mod states;
mod voices;

/// The shipped file with one piece replaced.
fn with(name: &str, from: &str, to: &str) -> String {
    let text = shipped(name);
    assert!(text.contains(from), "{name} has no `{from}`");
    text.replacen(from, to, 1)
}

/// What is said of a shipped file with one piece replaced.
fn refused(name: &str, from: &str, to: &str) -> String {
    refused_text(name, &with(name, from, to))
}

fn refused_text(name: &str, text: &str) -> String {
    match Rules::parse(&[(name, text)]) {
        Ok(_) => panic!("this is right"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_mistakes_of_all_files_are_told_at_once() {
    let [bands, states, actions] = [
        with("slo-thresholds-matrix.yml", "target: 0.45", "target: 45"),
        with("states.yml", "into: weave", "into: weaver"),
        with("actions.yml", "chaos > 0.80", "chaos > 80"),
    ];
    let files = [("actions.yml", &*actions), ("slo-thresholds-matrix.yml", &*bands), ("states.yml", &*states)];
    let error = Rules::parse(&files).unwrap_err();
    assert_eq!(error.files().len(), 3);
    insta::assert_snapshot!(error, @r#"
    slo-thresholds-matrix.yml:67:13: the target is 45, outside [0, 1]
       67 |     target: 45
          |             ^^
          = hint: shares, not percent: did you mean 0.45?

    actions.yml:60:11: this can never hold
       60 |     when: chaos > 80
          |           ^^^^^^^^^^
          = hint: `chaos` lies between 0 and 1

    states.yml:29:11: expected a kind of seam, found the text "weaver"
       29 |     into: weaver
          |           ^^^^^^
          = hint: did you mean `weave`?
    "#);
}

#[test]
fn a_file_of_the_wrong_shape_hides_no_mistake_of_another_one() {
    let signals = with("signals.yml", "derived:", "derive:");
    let states = with("states.yml", "dwell: 5s", "dwell: 5");
    let error = Rules::parse(&[("signals.yml", &signals), ("states.yml", &states)]).unwrap_err();
    insta::assert_snapshot!(error, @r"
    signals.yml:52:1: unknown field `derive`
       52 | derive:
          | ^^^^^^
          = hint: did you mean `derived`?

    states.yml:45:8: expected a duration with a unit, found the number 5
       45 | dwell: 5
          |        ^
          = hint: write 5s for seconds, 5m for minutes
    ");
}
