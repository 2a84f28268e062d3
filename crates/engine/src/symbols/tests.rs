use domain::{EventBody, Suppression};

use crate::rehearsal::Rehearsal;

const SYMBOL: &[&str] = &["symbol"];

type Values<'a> = &'a [(&'a str, f64)];

/// Makes a condition false and true again, so many times, and answers how often the symbol was performed.
fn again(rehearsal: &mut Rehearsal, from: f64, times: u32, off: (&str, f64), on: (&str, f64)) -> usize {
    let mut performed = 0;
    for round in 0..times {
        let at = from + f64::from(round) * 10.0;
        rehearsal.at(at, &[off]);
        performed += rehearsal.at(at + 5.0, &[on]).len();
    }
    performed
}

#[test]
fn each_symbol_is_performed_when_its_condition_becomes_true() {
    let rows: [(&str, Values, Values); 12] = [
        ("depth by anhantra", &[("pain", 0.6)], &[("pain", 0.601)]),
        ("depth by anhantra", &[("trust", 0.6)], &[("trust", 0.599)]),
        ("pause by sam", &[("chaos", 0.7)], &[("chaos", 0.701)]),
        ("pause by sam", &[("clarity", 0.6)], &[("clarity", 0.599)]),
        ("integration by iskra", &[("clarity", 0.7)], &[("clarity", 0.699)]),
        ("acknowledgement by kayn", &[("pain", 0.7)], &[("pain", 0.701)]),
        ("threshold by iskra", &[("state_transition", 0.0)], &[("state_transition", 1.0)]),
        ("anti_echo by iskriv", &[("drift", 0.3)], &[("drift", 0.301)]),
        ("completion by iskra", &[("clarity", 0.81), ("trust", 0.7)], &[("trust", 0.701)]),
        ("play by pino", &[("clarity", 0.81), ("chaos", 0.4)], &[("chaos", 0.399)]),
        ("sincerity by iskriv", &[("trust", 0.6)], &[("trust", 0.599)]),
        ("sincerity by iskriv", &[("drift", 0.3)], &[("drift", 0.301)]),
    ];
    for (symbol, before, after) in rows {
        let mut rehearsal = Rehearsal::of(SYMBOL);
        let early = rehearsal.at(0.0, before);
        assert!(!early.contains(&format!("0: {symbol}")), "{symbol} at {before:?}: {early:?}");
        assert!(rehearsal.at(1.0, after).contains(&format!("1: {symbol}")), "{symbol} at {after:?}");
        assert!(rehearsal.at(2.0, after).is_empty(), "{symbol} while it goes on holding");
    }
}

#[test]
fn no_symbol_is_performed_more_than_three_times_in_a_row() {
    let mut rehearsal = Rehearsal::of(SYMBOL);
    assert_eq!(again(&mut rehearsal, 0.0, 5, ("state_transition", 0.0), ("state_transition", 1.0)), 3);
    let counted = rehearsal.counted();
    assert_eq!((counted[0].taken, counted[0].suppressed[Suppression::Echo as usize]), (3, 2));
    assert_eq!(rehearsal.explain("threshold").suppressed.unwrap().why, Suppression::Echo);
    // A symbol of the same voice releases nothing.
    assert_eq!(rehearsal.at(90.0, &[("clarity", 0.65)]), ["90: integration by iskra"]);
    assert_eq!(again(&mut rehearsal, 91.0, 1, ("state_transition", 0.0), ("state_transition", 1.0)), 0);
    // Another voice takes the turn, then it may come again.
    assert_eq!(rehearsal.at(100.0, &[("drift", 0.4)]).len(), 2);
    assert_eq!(again(&mut rehearsal, 200.0, 1, ("state_transition", 0.0), ("state_transition", 1.0)), 1);
}

#[test]
fn two_symbols_of_one_voice_do_not_echo_each_other() {
    let mut rehearsal = Rehearsal::of(SYMBOL);
    // Anti-echo and sincerity three times each.
    assert_eq!(again(&mut rehearsal, 0.0, 6, ("drift", 0.2), ("drift", 0.4)), 6);
}

#[test]
fn an_hour_after_it_was_performed_at_last_it_may_come_again() {
    let mut rehearsal = Rehearsal::of(SYMBOL);
    assert_eq!(again(&mut rehearsal, 0.0, 3, ("pain", 0.5), ("pain", 0.65)), 3);
    assert_eq!(again(&mut rehearsal, 3_619.0, 1, ("pain", 0.5), ("pain", 0.65)), 0, "at 3624, the last was at 25");
    rehearsal.restore();
    assert_eq!(again(&mut rehearsal, 3_624.0, 2, ("pain", 0.5), ("pain", 0.65)), 2);
}

#[test]
fn the_pause_is_performed_twice_in_a_row_at_most() {
    let mut rehearsal = Rehearsal::of(SYMBOL);
    assert_eq!(again(&mut rehearsal, 0.0, 4, ("chaos", 0.5), ("chaos", 0.75)), 2);
}

#[test]
fn the_limit_of_an_hour_goes_with_the_hour() {
    let mut rehearsal = Rehearsal::of(SYMBOL);
    assert_eq!(again(&mut rehearsal, 0.0, 4, ("clarity", 0.75), ("clarity", 0.65)), 2);
    assert_eq!(rehearsal.counted()[0].suppressed[Suppression::Budget as usize], 2);
    assert_eq!(rehearsal.explain("integration").state.en, "it is performed again when its condition becomes true anew");
    rehearsal.at(100.0, &[("clarity", 0.75)]);
    let limited = rehearsal.explain("integration");
    assert_eq!(limited.state.en, "not performed: it was performed as often as is allowed within an hour");
    // The first of them, at 5 s, is over an hour ago.
    assert_eq!(again(&mut rehearsal, 3_600.0, 1, ("clarity", 0.75), ("clarity", 0.65)), 1);
}

#[test]
fn a_return_from_unknown_counts_as_becoming_true() {
    let mut rehearsal = Rehearsal::of(SYMBOL);
    assert_eq!(rehearsal.at(0.0, &[("drift", 0.4)]).len(), 2);
    assert!(rehearsal.at(1.0, &[("drift", f64::NAN)]).is_empty());
    assert_eq!(rehearsal.at(2.0, &[("drift", 0.4)]).len(), 2);
}

#[test]
fn a_restored_symbol_is_not_performed_anew() {
    let mut rehearsal = Rehearsal::of(SYMBOL);
    assert_eq!(again(&mut rehearsal, 0.0, 3, ("state_transition", 0.0), ("state_transition", 1.0)), 3);
    rehearsal.restore();
    assert!(rehearsal.at(50.0, &[]).is_empty(), "it goes on holding");
    assert_eq!(again(&mut rehearsal, 60.0, 1, ("state_transition", 0.0), ("state_transition", 1.0)), 0, "in a row");
}

#[test]
fn a_symbol_says_why() {
    let mut rehearsal = Rehearsal::of(SYMBOL);
    rehearsal.at(0.0, &[("pain", 0.65), ("trust", 0.8)]);
    let EventBody::Symbol { glyph, reason, .. } = &rehearsal.events.last().unwrap().body else { panic!("no symbol") };
    insta::assert_snapshot!(format!("{glyph}\n{}\n{}", reason.en, reason.ru), @r"
    🕯️
    Pain 0.65 above 0.60: what hurts is looked at in depth
    Боль 0,65 выше 0,60: смотрим вглубь того, что болит
    ");
}
