use super::*;
use crate::Rules;
use crate::files::{of_texts, shipped};

fn loaded(bands: &str) -> Loaded {
    Loaded::compile(of_texts(&[(BANDS, bands)])).unwrap()
}

fn moved(loaded: &Loaded, edges: &[(&str, f64)]) -> Result<Moved, NotMoved> {
    loaded.with_edges(&edges.iter().map(|(rule, at)| ((*rule).to_owned(), *at)).collect())
}

/// The file as it is shipped, with `new` in the place of `old`.
fn with(old: &str, new: &str) -> String {
    let changed = shipped(BANDS).replacen(old, new, 1);
    assert_ne!(changed, shipped(BANDS), "the file as shipped is written otherwise now");
    changed
}

fn at(rules: &Rules, rule: &str) -> f64 {
    let mut edges = rules.bands.iter().flat_map(|band| &band.edges);
    edges.find(|edge| edge.rule == rule).unwrap().at
}

/// The one line that differs between two texts of as many lines.
fn changed_line<'a>(before: &'a str, after: &'a str) -> (usize, &'a str) {
    assert_eq!(before.lines().count(), after.lines().count());
    let mut differing = before.lines().zip(after.lines()).enumerate().filter(|(_, (before, after))| before != after);
    let (place, (_, after)) = differing.next().expect("a line differs");
    assert_eq!(differing.next(), None);
    (place + 1, after)
}

#[test]
fn every_shipped_edge_moves_and_nothing_else_does() {
    let before = Loaded::built_in();
    for edge in before.rules.bands.iter().flat_map(|band| &band.edges) {
        let outward = if edge.side == domain::Side::High { 0.013 } else { -0.013 };
        let to = ((edge.at + outward) * 1_000.0).round() / 1_000.0;
        let after = moved(&before, &[(&edge.rule, to)]).unwrap();
        let mut expected = Rules::clone(&before.rules);
        let of_rules = expected.bands.iter_mut().flat_map(|band| &mut band.edges);
        of_rules.filter(|other| other.rule == edge.rule).for_each(|edge| edge.at = to);
        expected.hash = after.loaded.rules.hash.clone();
        assert_eq!(*after.loaded.rules, expected, "{}", edge.rule);
        assert_ne!(after.loaded.rules.hash, before.rules.hash);
        let (line, _) = changed_line(before.files.bands(), after.loaded.files.bands());
        assert_eq!(before.files.place_of_edge(&edge.rule), Some((BANDS, line)), "{}", edge.rule);
    }
}

#[test]
fn the_block_of_the_band_is_answered_with_its_comments_and_nothing_of_its_neighbours() {
    let text = with(
        "      warn: \"< 0.20\"\n",
        "      # Mine: 0.20 is \"< 0.20\".\n      warn: '<  0.20'   # was \"< 0.25\"\n",
    );
    let loaded = loaded(&text);
    let edges = [("pain_warn_low", 0.1), ("pain_critical_high", 0.725)];
    let after = moved(&loaded, &edges).unwrap();
    assert_eq!(after.text.lines().next(), Some("  pain:"));
    assert_eq!(text.lines().nth(after.line - 1), Some("  pain:"));
    let last = after.text.lines().last().unwrap();
    assert!(last.starts_with("          ru: \"Действуйте сразу"), "{last}");
    assert!(
        after.text.contains("\n      # Mine: 0.20 is \"< 0.20\".\n      warn: '<  0.10'   # was \"< 0.25\"\n"),
        "{}",
        after.text
    );
    assert!(after.text.contains("\n        beyond: \">= 0.725\"\n"), "{}", after.text);
    assert!(after.loaded.files.bands().contains(&after.text));
    assert_eq!(edges.map(|(rule, _)| at(&after.loaded.rules, rule)), [0.1, 0.725]);

    let several = moved(&loaded, &[("pain_warn_low", 0.1), ("chaos_warn_high", 0.65)]).unwrap();
    let begins: Vec<_> =
        several.text.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).collect();
    assert_eq!(begins, ["  chaos:", "  trust:", "  pain:"]);
}

#[test]
fn numbers_keep_their_digits_and_get_those_that_they_need() {
    let cases = [
        (0.5, "0.70", "0.50"),
        (0.45, "0.7", "0.45"),
        (0.0, "1", "0"),
        (0.123_456, "0.70", "0.123456"),
        (1.0, ".5", "1.0"),
    ];
    for (number, before, expected) in cases {
        assert_eq!(like(number, before), expected, "{number} instead of {before}");
    }
}

#[test]
fn an_edge_moves_however_it_is_written() {
    for written in [
        "warn: \"<0.20\"",
        "warn: ' < 0.20 '",
        "warn: { beyond: \"< 0.20\", for: 5m }",
        "\"warn\": \"< 0.20\" # 0.20",
        "warn: < 0.20",
        "warn: &edge \"< 0.20\"",
    ] {
        let loaded = loaded(&with("warn: \"< 0.20\"", written));
        let after = moved(&loaded, &[("pain_warn_low", 0.15)]).unwrap();
        let (_, line) = changed_line(loaded.files.bands(), after.loaded.files.bands());
        assert_eq!(line.trim(), written.replacen("0.20", "0.15", 1));
        assert_eq!(at(&after.loaded.rules, "pain_warn_low"), 0.15, "{written}");
    }
    let loaded_with_sign = loaded(&with("\"<= 0.10\"", "≤ 0.10"));
    let after = moved(&loaded_with_sign, &[("chaos_critical_low", 0.05)]).unwrap();
    assert!(after.text.contains("beyond: ≤ 0.05\n"), "{}", after.text);
    let windows = loaded(&shipped(BANDS).replace('\n', "\r\n"));
    assert_eq!(at(&moved(&windows, &[("pain_warn_low", 0.15)]).unwrap().loaded.rules, "pain_warn_low"), 0.15);
}

#[test]
fn what_only_a_person_can_change_is_refused() {
    let why = |bands: &str, rule: &str| moved(&loaded(bands), &[(rule, 0.27)]).unwrap_err().to_string();
    let by_hand = "`pain_warn_low` is not written in one piece, like \"< 0.70\": only a person can change it";
    for written in ["warn: \"\\x3c 0.20\"", "warn: >-\n        <\n        0.20"] {
        assert_eq!(why(&with("warn: \"< 0.20\"", written), "pain_warn_low"), by_hand, "{written}");
    }
    let shared = with("warn: \"< 0.30\"", "warn: &low \"< 0.30\"").replacen("warn: \"< 0.20\"", "warn: *low", 1);
    let shared = shared.replacen("optimum: [0.20, 0.40]", "optimum: [0.30, 0.40]", 1);
    assert_eq!(why(&shared, "pain_warn_low"), by_hand);
    assert_eq!(why(&shared, "chaos_warn_low"), "`pain_warn_low` would move too: it is an alias of another edge");
}

#[test]
fn edges_that_are_not_there_or_must_not_stand_there_are_refused_with_a_hint() {
    let loaded = Loaded::built_in();
    let hint = |rule: &str| match moved(&loaded, &[(rule, 0.5)]) {
        Err(NotMoved::Unknown { hint, .. }) => hint,
        other => panic!("{other:?}"),
    };
    assert_eq!(hint("pain_wran_high"), "did you mean `pain_warn_high`?");
    assert!(hint("anger").starts_with("known are chaos_block_high, "), "{}", hint("anger"));
    let wrong = |rule: &str, at: f64| match moved(&loaded, &[(rule, at)]) {
        Err(NotMoved::Wrong(error)) => error.to_string(),
        other => panic!("{other:?}"),
    };
    insta::assert_snapshot!(wrong("pain_warn_high", 0.65), @r#"
    config/slo-thresholds-matrix.yml:159:17: `block` (>= 0.6) does not lie beyond `warn` (> 0.65)
      159 |         beyond: ">= 0.60"
          |                 ^^^^^^^^^
          = hint: on the high side the numbers rise from warn to block to critical
    "#);
    insta::assert_snapshot!(wrong("pain_warn_high", 45.0), @r#"
    config/slo-thresholds-matrix.yml:151:17: the edge > 45 is outside [0, 1]
      151 |         beyond: "> 45.00"
          |                 ^^^^^^^^^
          = hint: shares, not percent: did you mean 0.45?
    "#);
}
