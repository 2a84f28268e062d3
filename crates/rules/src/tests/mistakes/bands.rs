use super::refused_text;
use crate::tests::{BANDS, SHIPPED, with};

fn refused(text: &str) -> String {
    refused_text(BANDS, text)
}

#[test]
fn an_unknown_field() {
    insta::assert_snapshot!(refused(&with("warn: \"< 0.70\"", "warm: \"< 0.70\"")), @r#"
    slo-thresholds-matrix.yml:30:7: unknown field `warm`
       30 |       warm: "< 0.70"
          |       ^^^^
          = hint: did you mean `warn`?
    "#);
}

#[test]
fn an_unknown_vital() {
    insta::assert_snapshot!(refused(&with("  pain:\n", "  pian:\n")), @r"
    slo-thresholds-matrix.yml:136:3: unknown field `pian`
      136 |   pian:
          |   ^^^^
          = hint: did you mean `pain`?
    ");
}

/// The shipped file with `pain` instead of what it says of pain.
fn with_pain(pain: &str) -> String {
    let (before, rest) = SHIPPED.split_once("  pain:\n").unwrap();
    let (_, after) = rest.split_once("\nobjectives:\n").unwrap();
    format!("{before}{pain}\nobjectives:\n{after}")
}

#[test]
fn a_missing_vital() {
    insta::assert_snapshot!(refused(&with_pain("")), @r"
    slo-thresholds-matrix.yml:24:3: missing vital `pain`
       24 |   clarity:
          |   ^
          = hint: add `pain:` with its edges; all four vitals are judged
    ");
}

#[test]
fn a_repeated_vital() {
    insta::assert_snapshot!(refused(&with("  pain:\n", "  trust:\n")), @r"
    slo-thresholds-matrix.yml:136:3: `trust` is there twice
      136 |   trust:
          |   ^^^^^
          = hint: keep one of the two
    ");
}

#[test]
fn an_edge_without_an_operator() {
    insta::assert_snapshot!(refused(&with("\"< 0.70\"", "0.70")), @r#"
    slo-thresholds-matrix.yml:30:13: expected an edge, found the number 0.7
       30 |       warn: 0.70
          |             ^^^^
          = hint: an edge is an operator and a number in quotes, like "< 0.70" or ">= 0.95"
    "#);
    insta::assert_snapshot!(refused(&with("\"< 0.70\"", "\"below 0.70\"")), @r#"
    slo-thresholds-matrix.yml:30:13: expected an edge, found the text "below 0.70"
       30 |       warn: "below 0.70"
          |             ^^^^^^^^^^^^
          = hint: begin with <, <=, > or >=, like "< 0.70" or ">= 0.95"
    "#);
    insta::assert_snapshot!(refused(&with("\"< 0.70\"", "\"< 0,70\"")), @r#"
    slo-thresholds-matrix.yml:30:13: expected an edge, found the text "< 0,70"
       30 |       warn: "< 0,70"
          |             ^^^^^^^^
          = hint: one number follows the operator, with a point: "< 0.70"
    "#);
}

#[test]
fn an_edge_left_empty() {
    insta::assert_snapshot!(refused(&with("\"< 0.70\"", "")), @r#"
    slo-thresholds-matrix.yml:30:11: expected an edge, found nothing
       30 |       warn:
          |           ^
          = hint: an edge is an operator and a number in quotes, like "< 0.70" or ">= 0.95"
    "#);
}

#[test]
fn an_edge_outside_the_range() {
    insta::assert_snapshot!(refused(&with("\"> 0.85\"", "\"> 85\"")), @r#"
    slo-thresholds-matrix.yml:47:13: the edge > 85 is outside [0, 1]
       47 |       warn: "> 85"
          |             ^^^^^^
          = hint: shares, not percent: did you mean 0.85?
    "#);
    insta::assert_snapshot!(refused(&with("\"<= 0.65\"", "\"<= -0.65\"")), @r#"
    slo-thresholds-matrix.yml:31:14: the edge <= -0.65 is outside [0, 1]
       31 |       block: "<= -0.65"
          |              ^^^^^^^^^^
          = hint: it lies between 0 and 1
    "#);
}

#[test]
fn an_edge_that_looks_the_other_way() {
    insta::assert_snapshot!(refused(&with("\"< 0.70\"", "\"> 0.70\"")), @r#"
    slo-thresholds-matrix.yml:30:13: an edge under `low` looks the other way
       30 |       warn: "> 0.70"
          |             ^^^^^^^^
          = hint: write "< 0.7" or "<= 0.7"
    "#);
}

#[test]
fn an_edge_that_can_never_be_crossed() {
    insta::assert_snapshot!(refused(&with("block: \">= 0.95\"", "block: \"> 1\"")), @r#"
    slo-thresholds-matrix.yml:128:14: no value is ever > 1: this edge cannot be crossed
      128 |       block: "> 1"
          |              ^^^^^
          = hint: leave it out, or move it inward
    "#);
    insta::assert_snapshot!(refused(&with("beyond: \"<= 0.10\"", "beyond: \"< 0\"")), @r#"
    slo-thresholds-matrix.yml:73:17: no value is ever < 0: this edge cannot be crossed
       73 |         beyond: "< 0"
          |                 ^^^^^
          = hint: leave it out, or move it inward
    "#);
}

#[test]
fn an_edge_that_is_always_crossed() {
    insta::assert_snapshot!(refused(&with("warn: \"< 0.20\"", "warn: \"<= 1\"")), @r#"
    slo-thresholds-matrix.yml:142:13: every value is <= 1: this edge is always crossed
      142 |       warn: "<= 1"
          |             ^^^^^^
          = hint: move it outward
    "#);
}

#[test]
fn edges_in_the_wrong_order() {
    insta::assert_snapshot!(refused(&with("warn: \"< 0.70\"", "warn: \"< 0.60\"")), @r#"
    slo-thresholds-matrix.yml:31:14: `block` (<= 0.65) does not lie beyond `warn` (< 0.6)
       31 |       block: "<= 0.65"
          |              ^^^^^^^^^
          = hint: on the low side the numbers fall from warn to block to critical
    "#);
    insta::assert_snapshot!(refused(&with("beyond: \">= 0.80\"", "beyond: \">= 0.70\"")), @r#"
    slo-thresholds-matrix.yml:90:17: `critical` (>= 0.7) does not lie beyond `block` (>= 0.7)
       90 |         beyond: ">= 0.70"
          |                 ^^^^^^^^^
          = hint: on the high side the numbers rise from warn to block to critical
    "#);
}

#[test]
fn sides_that_overlap() {
    insta::assert_snapshot!(refused(&with("warn: \"< 0.20\"", "warn: \"< 0.55\"")), @r#"
    slo-thresholds-matrix.yml:142:13: nothing is OK between low (< 0.55) and high (> 0.5)
      142 |       warn: "< 0.55"
          |             ^^^^^^^^
          = hint: every low edge stands below every high edge
    "#);
}

#[test]
fn a_hysteresis_that_never_lets_go() {
    insta::assert_snapshot!(refused(&with("cooldown: 1m", "cooldown: 1m\n    hysteresis: 0.35")), @r"
    slo-thresholds-matrix.yml:141:17: with this hysteresis `warn` (< 0.2) clears at 0.55, which is beyond `warn` (> 0.5) on the other side
      141 |     hysteresis: 0.35
          |                 ^^^^
          = hint: choose a smaller hysteresis; 0.02 suits most vitals
    ");
    insta::assert_snapshot!(refused(&with("cooldown: 4m", "cooldown: 4m\n    hysteresis: 0.95")), @r"
    slo-thresholds-matrix.yml:109:17: with this hysteresis `warn` (< 0.6) clears at 1.55, which no value reaches: its alert could never clear
      109 |     hysteresis: 0.95
          |                 ^^^^
          = hint: choose a smaller hysteresis; 0.02 suits most vitals
    ");
    insta::assert_snapshot!(refused(&with("hysteresis: 0.02", "hysteresis: 2")), @r"
    slo-thresholds-matrix.yml:11:15: the hysteresis is 2, outside [0, 1]
       11 |   hysteresis: 2                             # how far inside its edge a value must come back
          |               ^
          = hint: shares, not percent: did you mean 0.02?
    ");
}

#[test]
fn an_aim_outside_the_zone() {
    insta::assert_snapshot!(refused(&with("[0.75, 0.85]", "[0.60, 0.85]")), @r"
    slo-thresholds-matrix.yml:26:14: the optimum [0.6, 0.85] is not all OK: part of it is <= 0.65
       26 |     optimum: [0.60, 0.85]
          |              ^
          = hint: keep it inside the OK zone
    ");
    insta::assert_snapshot!(refused(&with("[0.75, 0.85]", "[0.85, 0.75]")), @r"
    slo-thresholds-matrix.yml:26:14: the optimum ends (0.75) before it begins (0.85)
       26 |     optimum: [0.85, 0.75]
          |              ^
          = hint: swap them

    slo-thresholds-matrix.yml:27:13: the target 0.8 is outside the optimum [0.85, 0.75]
       27 |     target: 0.80
          |             ^^^^
          = hint: aim for what is best
    ");
    insta::assert_snapshot!(refused(&with("[0.75, 0.85]", "[0.75]")), @r"
    slo-thresholds-matrix.yml:26:14: the optimum needs two numbers, found 1
       26 |     optimum: [0.75]
          |              ^
          = hint: from and to, like [0.75, 0.85]
    ");
    insta::assert_snapshot!(refused(&with("target: 0.45", "target: 0.55")), @r"
    slo-thresholds-matrix.yml:67:13: the target 0.55 is outside the optimum [0.4, 0.5]
       67 |     target: 0.55
          |             ^^^^
          = hint: aim for what is best
    ");
}

#[test]
fn times_that_make_no_sense() {
    insta::assert_snapshot!(refused(&with("cooldown: 2m", "cooldown: 31d")), @r"
    slo-thresholds-matrix.yml:28:15: 31d is longer than 30d
       28 |     cooldown: 31d
          |               ^^^
          = hint: 30d is the most
    ");
    insta::assert_snapshot!(refused(&with("cooldown: 2m", "cooldown: 120")), @r"
    slo-thresholds-matrix.yml:28:15: expected a duration with a unit, found the number 120
       28 |     cooldown: 120
          |               ^^^
          = hint: write 120s for seconds, 120m for minutes
    ");
    insta::assert_snapshot!(refused(&with("P1: 30s", "P1: half a minute")), @r"
    slo-thresholds-matrix.yml:8:22: `half a minute` is not a duration
        8 |   for: { P0: 0s, P1: half a minute, P2: 2m }             # how long it must last before it alerts
          |                      ^^^^^^^^^^^^^
          = hint: whole numbers with a unit, the larger first: 250ms, 30s, 2m, 1h30m, 1d
    ");
    insta::assert_snapshot!(refused(&with("after: 60s", "after: 0s")), @r"
    slo-thresholds-matrix.yml:14:10: 0s is shorter than 1s
       14 |   after: 0s
          |          ^^
          = hint: 1s is the least
    ");
    insta::assert_snapshot!(refused(&with("priority: P1", "priority: high")), @r#"
    slo-thresholds-matrix.yml:15:13: expected a priority, found the text "high"
       15 |   priority: high
          |             ^^^^
          = hint: known are P0, P1, P2
    "#);
}

#[test]
fn an_edge_without_words() {
    let trust = "      reason:\n        en: \"Trust this high may be blind: results are accepted without a check.\"\n        ru: \"Такое доверие может быть слепым: результаты принимаются без проверки.\"\n";
    insta::assert_snapshot!(refused(&with(trust, "")), @r#"
    slo-thresholds-matrix.yml:127:13: `warn` has no reason
      127 |       warn: "> 0.90"
          |             ^^^^^^^^
          = hint: add `reason: { en: …, ru: … }` to it or to `high`

    slo-thresholds-matrix.yml:128:14: `block` has no reason
      128 |       block: ">= 0.95"
          |              ^^^^^^^^^
          = hint: add `reason: { en: …, ru: … }` to it or to `high`
    "#);
    insta::assert_snapshot!(refused(&with("en: \"Trust this high", "en: \"\" # \"Trust this high")), @r#"
    slo-thresholds-matrix.yml:130:13: this text is empty
      130 |         en: "" # "Trust this high may be blind: results are accepted without a check."
          |             ^^
    "#);
}

#[test]
fn a_vital_without_edges() {
    let pain =
        "  pain:\n    name: { en: Pain, ru: Боль }\n    optimum: [0.2, 0.4]\n    target: 0.3\n    cooldown: 1m\n";
    insta::assert_snapshot!(refused(&with_pain(pain)), @r#"
    slo-thresholds-matrix.yml:137:5: `pain` has no edges
      137 |     name: { en: Pain, ru: Боль }
          |     ^
          = hint: add at least one, e.g. high: { warn: "> 0.80" }
    "#);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text =
        with("\"< 0.70\"", "0.70").replacen("target: 0.45", "target: 45", 1).replacen("cooldown: 1m", "cooldown: 1", 1);
    insta::assert_snapshot!(refused(&text), @r#"
    slo-thresholds-matrix.yml:30:13: expected an edge, found the number 0.7
       30 |       warn: 0.70
          |             ^^^^
          = hint: an edge is an operator and a number in quotes, like "< 0.70" or ">= 0.95"

    slo-thresholds-matrix.yml:67:13: the target is 45, outside [0, 1]
       67 |     target: 45
          |             ^^
          = hint: shares, not percent: did you mean 0.45?

    slo-thresholds-matrix.yml:140:15: expected a duration with a unit, found the number 1
      140 |     cooldown: 1
          |               ^
          = hint: write 1s for seconds, 1m for minutes
    "#);
}
