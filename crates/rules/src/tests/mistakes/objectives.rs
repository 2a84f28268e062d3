fn refused(from: &str, to: &str) -> String {
    super::refused(crate::tests::BANDS, from, to)
}

#[test]
fn a_share_that_leaves_nothing_or_asks_for_nothing() {
    insta::assert_snapshot!(refused("shares: { clarity: 0.99", "shares: { clarity: 1"), @r"
    slo-thresholds-matrix.yml:177:22: the share of `clarity` is 1
      177 |   shares: { clarity: 1, chaos: 0.99, trust: 0.99, pain: 0.99 }
          |                      ^
          = hint: no time would be left for being outside: 0.99 leaves one percent
    ");
    insta::assert_snapshot!(refused("shares: { clarity: 0.99", "shares: { clarity: 0"), @r"
    slo-thresholds-matrix.yml:177:22: the share of `clarity` is 0
      177 |   shares: { clarity: 0, chaos: 0.99, trust: 0.99, pain: 0.99 }
          |                      ^
          = hint: nothing would be asked for: 0.99 asks for nearly all of the time
    ");
    insta::assert_snapshot!(refused("shares: { clarity: 0.99", "shares: { clarity: 99"), @r"
    slo-thresholds-matrix.yml:177:22: the share is 99, outside [0, 1]
      177 |   shares: { clarity: 99, chaos: 0.99, trust: 0.99, pain: 0.99 }
          |                      ^^
          = hint: shares, not percent: did you mean 0.99?
    ");
    insta::assert_snapshot!(refused(", pain: 0.99 }", " }"), @r"
    slo-thresholds-matrix.yml:177:41: missing field `pain`
      177 |   shares: { clarity: 0.99, chaos: 0.99, trust: 0.99 }
          |                                         ^^^^^
          = hint: add `pain:` to the mapping that begins here
    ");
}

#[test]
fn a_factor_that_cannot_be_reached() {
    insta::assert_snapshot!(refused("trust: 0.99", "trust: 0.9"), @r"
    slo-thresholds-matrix.yml:184:15: the budget of `trust` never burns 14.4 times too fast
      184 |     - factor: 14.4
          |               ^^^^
          = hint: with a share of 0.9 it burns at most 10 times too fast: choose a smaller factor
    ");
    insta::assert_snapshot!(refused("factor: 14.4", "factor: 100"), @r"
    slo-thresholds-matrix.yml:184:15: the budget of `clarity` never burns 100 times too fast
      184 |     - factor: 100
          |               ^^^
          = hint: with a share of 0.99 it burns at most 100 times too fast: choose a smaller factor
    ");
    insta::assert_snapshot!(refused("factor: 14.4", "factor: 0.5"), @r"
    slo-thresholds-matrix.yml:184:15: the factor is 0.5
      184 |     - factor: 0.5
          |               ^^^
          = hint: from 1 to 1000000
    ");
}

#[test]
fn windows_that_do_not_fit() {
    insta::assert_snapshot!(refused("short: 5m", "short: 1h"), @r"
    slo-thresholds-matrix.yml:186:14: the short window (1h) is not shorter than the long one
      186 |       short: 1h
          |              ^^
          = hint: a twelfth of the long one suits most
    ");
    insta::assert_snapshot!(refused("long: 3d", "long: 31d"), @r"
    slo-thresholds-matrix.yml:215:13: 31d is longer than 30d
      215 |       long: 31d
          |             ^^^
          = hint: 30d is the most
    ");
    insta::assert_snapshot!(refused("long: 6h", "long: 1h"), @r"
    slo-thresholds-matrix.yml:195:13: another burn has this long window
      195 |       long: 1h
          |             ^^
          = hint: its alerts are named after it: each burn has a long window of its own
    ");
    insta::assert_snapshot!(refused("period: 30d", "period: 1h"), @r"
    slo-thresholds-matrix.yml:186:14: in a period of 1h this is below a second
      186 |       short: 5m
          |              ^^
          = hint: windows are written for a period of 30d, and shrink with it
    ");
    insta::assert_snapshot!(refused("period: 30d", "period: 1y"), @r"
    slo-thresholds-matrix.yml:178:11: `1y` is not a duration
      178 |   period: 1y       # the budget is for this time; 1h to 90d
          |           ^^
          = hint: whole numbers with a unit, the larger first: 250ms, 30s, 2m, 1h30m, 1d
    ");
    insta::assert_snapshot!(refused("measured: 0.5", "measured: 50"), @r"
    slo-thresholds-matrix.yml:179:13: the part to be measured is 50, outside [0, 1]
      179 |   measured: 50     # of a window with less than this part measured, nothing is known
          |             ^^
          = hint: shares, not percent: did you mean 0.5?
    ");
}
