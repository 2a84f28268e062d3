//! What is written wrong.

use super::*;

#[test]
fn unknown_names() {
    insta::assert_snapshot!(mistakes([
        "pain > 0.5 or clarty > 0.7",
        "Chaos > 0.5",
        "сhaos > 0.5", // begins with a Cyrillic letter
        "temperature > 30",
        "_pain > 0.5",
        "avg > 0.5",
        "agent.chaos > 0.5",
    ]), @r"
    pain > 0.5 or clarty > 0.7
                  ^^^^^^ unknown signal `clarty`
    = hint: did you mean `clarity`?

    Chaos > 0.5
    ^^^^^ `Chaos` is not a name
    = hint: did you mean `chaos`?

    сhaos > 0.5
    ^^^^^ `сhaos` is not written in a-z
    = hint: did you mean `chaos`?

    temperature > 30
    ^^^^^^^^^^^ unknown signal `temperature`
    = hint: known are clarity, chaos, trust, pain and 6 more

    _pain > 0.5
    ^^^^^ `_pain` is not a name
    = hint: did you mean `pain`?

    avg > 0.5
    ^^^ unknown signal `avg`
    = hint: a window is like `avg(pain, 5m)`

    agent.chaos > 0.5
         ^ `.` has no meaning in a condition
    ");
}

#[test]
fn numbers_and_times() {
    insta::assert_snapshot!(mistakes([
        "chaos > .7",
        "chaos > 7.",
        "chaos > 0,7",
        "chaos > 0.7.1",
        "chaos > 70%",
        "chaos > 1e999",
        "chaos > 1e",
        "chaos > 1e-",
        "stagnation_duration > 1.5h",
        "stagnation_duration > 30m1h",
        "stagnation_duration > 5min",
        "stagnation_duration > 99999d",
        "stagnation_duration > 5 m",
    ]), @r"
    chaos > .7
            ^^ a number begins with a digit
    = hint: write `0.7`

    chaos > 7.
            ^^ `7.` is neither a number nor a time
    = hint: numbers are like 0.7, times whole numbers with units, the larger first: 250ms, 30s, 1h30m, 2d

    chaos > 0,7
            ^^^ numbers are written with a point
    = hint: write `0.7`

    chaos > 0.7.1
            ^^^^^ `0.7.1` is neither a number nor a time
    = hint: numbers are like 0.7, times whole numbers with units, the larger first: 250ms, 30s, 1h30m, 2d

    chaos > 70%
              ^ `%` has no meaning in a condition
    = hint: vitals are shares, not percent: 0.7, not 70%

    chaos > 1e999
            ^^^^^ `1e999` is too large a number

    chaos > 1e
            ^^ `1e` is neither a number nor a time
    = hint: numbers are like 0.7, times whole numbers with units, the larger first: 250ms, 30s, 1h30m, 2d

    chaos > 1e-
            ^^ `1e` is neither a number nor a time
    = hint: numbers are like 0.7, times whole numbers with units, the larger first: 250ms, 30s, 1h30m, 2d

    stagnation_duration > 1.5h
                          ^^^^ `1.5h` is neither a number nor a time
    = hint: numbers are like 0.7, times whole numbers with units, the larger first: 250ms, 30s, 1h30m, 2d

    stagnation_duration > 30m1h
                          ^^^^^ `30m1h` is neither a number nor a time
    = hint: numbers are like 0.7, times whole numbers with units, the larger first: 250ms, 30s, 1h30m, 2d

    stagnation_duration > 5min
                          ^^^^ `5min` is neither a number nor a time
    = hint: numbers are like 0.7, times whole numbers with units, the larger first: 250ms, 30s, 1h30m, 2d

    stagnation_duration > 99999d
                          ^^^^^^ `99999d` is neither a number nor a time
    = hint: numbers are like 0.7, times whole numbers with units, the larger first: 250ms, 30s, 1h30m, 2d

    stagnation_duration > 5 m
                          ^ `5` is a number, `stagnation_duration` is a time
    = hint: write 5s for seconds, 5m for minutes
    ");
}

#[test]
fn signs() {
    insta::assert_snapshot!(mistakes([
        "chaos = 0.7",
        "chaos =< 0.7",
        "chaos => 0.7",
        "chaos <> 0.7",
        "chaos > 0.7 & pain > 0.5",
        "chaos > 0.7 | pain > 0.5",
        "chaos ≠ 0.7",
        "chaos × 2 > 0.7",
        "chaos > −0.7",
        "chaos > '0.7'",
        "chaos > 0.7\u{7}",
    ]), @r"
    chaos = 0.7
          ^ `=` has no meaning in a condition
    = hint: equality is `==`

    chaos =< 0.7
          ^^ `=<` has no meaning in a condition
    = hint: write `<=`

    chaos => 0.7
          ^^ `=>` has no meaning in a condition
    = hint: write `>=`

    chaos <> 0.7
          ^^ `<>` has no meaning in a condition
    = hint: write `!=`

    chaos > 0.7 & pain > 0.5
                ^ `&` has no meaning in a condition
    = hint: write `and` or `&&`

    chaos > 0.7 | pain > 0.5
                ^ `|` has no meaning in a condition
    = hint: write `or` or `||`

    chaos ≠ 0.7
          ^ `≠` has no meaning in a condition
    = hint: write `!=`

    chaos × 2 > 0.7
          ^ `×` has no meaning in a condition
    = hint: write `*`

    chaos > −0.7
            ^ `−` has no meaning in a condition
    = hint: write `-`

    chaos > '0.7'
            ^ `'` has no meaning in a condition

    chaos > 0.7
               ^ `\u{7}` has no meaning in a condition
    ");
}

#[test]
fn nothing_is_not_a_condition() {
    for text in ["", "   "] {
        let mistake = parse(text).unwrap_err();
        assert_eq!((&*mistake.message, mistake.start, mistake.length), ("a condition is missing", text.len(), 1));
    }
}

#[test]
fn grammar() {
    insta::assert_snapshot!(mistakes([
        "chaos >",
        "chaos > 0.7 and",
        "and chaos > 0.7",
        "chaos > > 0.7",
        "()",
        "chaos > 0.7 adn pain > 0.5",
        "chaos > 0.7 pain > 0.5",
        "chaos > 0.7 0.8",
        "(chaos > 0.7",
        "(chaos > 0.7 pain)",
        "chaos > 0.7)",
        "rigidity_detected == not needs_organization",
    ]), @r"
    chaos >
           ^ the condition ends where a value is expected

    chaos > 0.7 and
                   ^ the condition ends where a value is expected

    and chaos > 0.7
    ^^^ expected a value, found `and`

    chaos > > 0.7
            ^ expected a value, found `>`

    ()
     ^ expected a value, found `)`

    chaos > 0.7 adn pain > 0.5
                ^^^ expected `and`, `or` or an operator, found `adn`
    = hint: did you mean `and`?

    chaos > 0.7 pain > 0.5
                ^^^^ expected `and`, `or` or an operator, found `pain`

    chaos > 0.7 0.8
                ^^^ expected `and`, `or` or an operator, found `0.8`

    (chaos > 0.7
    ^ this bracket is never closed

    (chaos > 0.7 pain)
                 ^^^^ expected `and`, `or` or an operator, found `pain`

    chaos > 0.7)
               ^ this bracket was never opened

    rigidity_detected == not needs_organization
                         ^^^ `not` needs brackets around it here
    = hint: write `(not …)`
    ");
}
