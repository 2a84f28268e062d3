//! What is written right and means nothing.

use super::*;

#[test]
fn kinds() {
    insta::assert_snapshot!(mistakes([
        "chaos",
        "stagnation_duration",
        "chaos > 0.7 and pain",
        "not pain",
        "rigidity_detected > 0.5",
        "rigidity_detected == 1",
        "rigidity_detected + 1 > 1",
        "-rigidity_detected",
        "(chaos > 0.7) < 0.5",
        "true < rigidity_detected",
        "true or false",
        "(clarity + chaos + trust + pain + truth_violations) or rigidity_detected",
    ]), @r"
    chaos
    ^^^^^ `chaos` is a number; here something must hold or not
    = hint: compare it with something, as in `… > 0.5`

    stagnation_duration
    ^^^^^^^^^^^^^^^^^^^ `stagnation_duration` is a time; here something must hold or not
    = hint: compare it with something, as in `… > 5m`

    chaos > 0.7 and pain
                    ^^^^ `pain` is a number; here something must hold or not
    = hint: compare it with something, as in `… > 0.5`

    not pain
        ^^^^ `pain` is a number; here something must hold or not
    = hint: compare it with something, as in `… > 0.5`

    rigidity_detected > 0.5
    ^^^^^^^^^^^^^^^^^ `rigidity_detected` is a flag; here a number or a time is needed
    = hint: a flag stands alone: `rigidity_detected` or `not rigidity_detected`

    rigidity_detected == 1
    ^^^^^^^^^^^^^^^^^ `rigidity_detected` is a flag; here a number or a time is needed
    = hint: a flag stands alone: `rigidity_detected` or `not rigidity_detected`

    rigidity_detected + 1 > 1
    ^^^^^^^^^^^^^^^^^ `rigidity_detected` is a flag; here a number or a time is needed
    = hint: a flag stands alone: `rigidity_detected` or `not rigidity_detected`

    -rigidity_detected
     ^^^^^^^^^^^^^^^^^ `rigidity_detected` is a flag; here a number or a time is needed
    = hint: a flag stands alone: `rigidity_detected` or `not rigidity_detected`

    (chaos > 0.7) < 0.5
    ^^^^^^^^^^^^^ `(chaos > 0.7)` is a flag; here a number or a time is needed
    = hint: flags are joined by `and` and `or`, compared by `==` and `!=`

    true < rigidity_detected
    ^^^^ `true` is a flag; here a number or a time is needed
    = hint: flags are joined by `and` and `or`, compared by `==` and `!=`

    true or false
    ^^^^^^^^^^^^^ this depends on nothing
    = hint: write a name in it, as in `clarity > 0.7`

    (clarity + chaos + trust + pain + truth_violations) or rigidity_detected
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is a number; here something must hold or not
    = hint: compare it with something, as in `… > 0.5`
    ");
}

#[test]
fn units() {
    insta::assert_snapshot!(mistakes([
        "stagnation_duration > 300",
        "0.5 < stagnation_duration",
        "stagnation_duration > accuracy",
        "chaos > 5m",
        "stagnation_duration + 5 > 5m",
        "5 - stagnation_duration > 5m",
        "stagnation_duration * silence > 5m",
        "5 / stagnation_duration > 1",
        "accuracy / (2 - 2) > 1",
    ]), @r"
    stagnation_duration > 300
                          ^^^ `300` is a number, `stagnation_duration` is a time
    = hint: write 300s for seconds, 300m for minutes

    0.5 < stagnation_duration
    ^^^ `0.5` is a number, `stagnation_duration` is a time
    = hint: times are like 5m or 1h30m

    stagnation_duration > accuracy
                          ^^^^^^^^ `accuracy` is a number, `stagnation_duration` is a time
    = hint: a time divided by a time is a number: `stagnation_duration / 1s`

    chaos > 5m
    ^^^^^ `chaos` is a number, `5m` is a time
    = hint: write a number without a unit there

    stagnation_duration + 5 > 5m
                          ^ `5` is a number, `stagnation_duration` is a time
    = hint: write 5s for seconds, 5m for minutes

    5 - stagnation_duration > 5m
    ^ `5` is a number, `stagnation_duration` is a time
    = hint: write 5s for seconds, 5m for minutes

    stagnation_duration * silence > 5m
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ two times cannot be multiplied

    5 / stagnation_duration > 1
    ^^^^^^^^^^^^^^^^^^^^^^^ a number cannot be divided by a time
    = hint: a time divided by a time is a number: `stagnation_duration / 5m`

    accuracy / (2 - 2) > 1
    ^^^^^^^^^^^^^^^^^^ this divides by zero
    ");
}

#[test]
fn chains() {
    insta::assert_snapshot!(mistakes([
        "0.4 < chaos > 0.1",
        "chaos == trust == pain",
        "0.4 <= chaos < trust >= 0.1",
        "0.4 < 0.5 < chaos",
    ]), @r"
    0.4 < chaos > 0.1
    ^^^^^^^^^^^^^^^^^ only `<` and `<=`, or `>` and `>=`, can follow each other
    = hint: write `0.4 < chaos and chaos > 0.1`

    chaos == trust == pain
    ^^^^^^^^^^^^^^^^^^^^^^ only `<` and `<=`, or `>` and `>=`, can follow each other
    = hint: write `chaos == trust and trust == pain`

    0.4 <= chaos < trust >= 0.1
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^ only `<` and `<=`, or `>` and `>=`, can follow each other
    = hint: write `0.4 <= chaos < trust and trust >= 0.1`

    0.4 < 0.5 < chaos
    ^^^^^^^^^ `0.4 < 0.5` compares two constants
    = hint: one side needs a name, as in `clarity > 0.7`
    ");
}

#[test]
fn what_does_not_depend_on_anything() {
    insta::assert_snapshot!(mistakes([
        "1 < 2",
        "5m > 1h",
        "true == false",
        "true",
        "false",
        "clarity > 1.2",
        "pain >= 0",
        "clarity + chaos > 2 or pain > 0.5",
        "pain != -1",
        "silence < 0s",
        "-silence > 5s",
        "clarity > trust + 1",
        "avg(pain, 5m) > 1",
        "0.7 < chaos < 0.4",
        "chaos > 0.8 and chaos < 0.2",
        "chaos > 0.2 or chaos < 0.8",
        "not (chaos > 0.2 or chaos < 0.8)",
        "pain > 0.5 and not rigidity_detected and (rigidity_detected or pain < 0.2)",
        "rigidity_detected == rigidity_detected",
    ]), @r"
    1 < 2
    ^^^^^ `1 < 2` compares two constants
    = hint: one side needs a name, as in `clarity > 0.7`

    5m > 1h
    ^^^^^^^ `5m > 1h` compares two constants
    = hint: one side needs a name, as in `clarity > 0.7`

    true == false
    ^^^^^^^^^^^^^ `true == false` compares two constants
    = hint: one side needs a name, as in `clarity > 0.7`

    true
    ^^^^ this depends on nothing
    = hint: write a name in it, as in `clarity > 0.7`

    false
    ^^^^^ this depends on nothing
    = hint: write a name in it, as in `clarity > 0.7`

    clarity > 1.2
    ^^^^^^^^^^^^^ this can never hold
    = hint: `clarity` lies between 0 and 1

    pain >= 0
    ^^^^^^^^^ this always holds
    = hint: `pain` lies between 0 and 1

    clarity + chaos > 2 or pain > 0.5
    ^^^^^^^^^^^^^^^^^^^ this can never hold
    = hint: `clarity + chaos` lies between 0 and 2

    pain != -1
    ^^^^^^^^^^ this always holds
    = hint: `pain` lies between 0 and 1

    silence < 0s
    ^^^^^^^^^^^^ this can never hold
    = hint: `silence` is at least 0s

    -silence > 5s
    ^^^^^^^^^^^^^ this can never hold
    = hint: `-silence` is at most 0s

    clarity > trust + 1
    ^^^^^^^^^^^^^^^^^^^ this can never hold
    = hint: `clarity` lies between 0 and 1, `trust + 1` lies between 1 and 2

    avg(pain, 5m) > 1
    ^^^^^^^^^^^^^^^^^ this can never hold
    = hint: `avg(pain, 5m)` lies between 0 and 1

    0.7 < chaos < 0.4
    ^^^^^^^^^^^^^^^^^ this can never hold
    = hint: its parts contradict each other

    chaos > 0.8 and chaos < 0.2
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^ this can never hold
    = hint: its parts contradict each other

    chaos > 0.2 or chaos < 0.8
    ^^^^^^^^^^^^^^^^^^^^^^^^^^ this always holds
    = hint: its parts leave no values out

    not (chaos > 0.2 or chaos < 0.8)
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this can never hold
    = hint: its parts contradict each other

    pain > 0.5 and not rigidity_detected and (rigidity_detected or pain < 0.2)
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this can never hold
    = hint: its parts contradict each other

    rigidity_detected == rigidity_detected
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this always holds
    = hint: its parts leave no values out
    ");
}

#[test]
fn what_depends_on_something_is_let_through() {
    for text in [
        "pain >= 0.0 + accuracy",
        "clarity >= 1",
        "pain <= 0",
        "avg(pain, 5m) - avg(pain, 1h) > 0.1",
        "rate(pain, 5m) > 1",
        "chaos > 0.8 and chaos < 0.2 or pain > 0.5",
        "chaos >= 0.5 and chaos <= 0.5",
        "truth_violations > 1e300",
        "silence > 36500d",
    ] {
        condition(text);
    }
}

#[test]
fn windows() {
    insta::assert_snapshot!(mistakes([
        "mean(pain, 5m) > 0.5",
        "agv(pain, 5m) > 0.5",
        "avg() > 0.5",
        "avg(pain) > 0.5",
        "avg(pain, 5) > 0.5",
        "avg(pain 5m) > 0.5",
        "avg(pain, 5m > 0.5",
        "avg(pain + chaos, 5m) > 0.5",
        "avg(pian, 5m) > 0.5",
        "avg(rigidity_detected, 5m) > 0.5",
        "avg(stagnation_duration, 5m) > 5m",
        "avg(pain, 999ms) > 0.5",
        "avg(pain, 25h) > 0.5",
        "avg(pain, 5m) > 5m",
    ]), @r"
    mean(pain, 5m) > 0.5
    ^^^^ unknown function `mean`
    = hint: known are avg, min, max, rate

    agv(pain, 5m) > 0.5
    ^^^ unknown function `agv`
    = hint: did you mean `avg`?

    avg() > 0.5
        ^ expected a name, found `)`
    = hint: a window is like `avg(pain, 5m)`

    avg(pain) > 0.5
            ^ expected `,`, found `)`
    = hint: a window is like `avg(pain, 5m)`

    avg(pain, 5) > 0.5
              ^ expected a time, found `5`
    = hint: a window is like `avg(pain, 5m)`

    avg(pain 5m) > 0.5
             ^^ expected `,`, found `5m`
    = hint: a window is like `avg(pain, 5m)`

    avg(pain, 5m > 0.5
                 ^ expected `)`, found `>`
    = hint: a window is like `avg(pain, 5m)`

    avg(pain + chaos, 5m) > 0.5
             ^ expected `,`, found `+`
    = hint: a window is like `avg(pain, 5m)`

    avg(pian, 5m) > 0.5
        ^^^^ unknown signal `pian`
    = hint: did you mean `pain`?

    avg(rigidity_detected, 5m) > 0.5
        ^^^^^^^^^^^^^^^^^ `rigidity_detected` is a flag; windows look back on numbers
    = hint: a window is like `avg(pain, 5m)`

    avg(stagnation_duration, 5m) > 5m
        ^^^^^^^^^^^^^^^^^^^ `stagnation_duration` is a time; windows look back on numbers
    = hint: a window is like `avg(pain, 5m)`

    avg(pain, 999ms) > 0.5
              ^^^^^ a window of 999ms is too short or too long
    = hint: windows are from 1s to 24h long

    avg(pain, 25h) > 0.5
              ^^^ a window of 1d1h is too short or too long
    = hint: windows are from 1s to 24h long

    avg(pain, 5m) > 5m
    ^^^^^^^^^^^^^ `avg(pain, 5m)` is a number, `5m` is a time
    = hint: write a number without a unit there
    ");
}
