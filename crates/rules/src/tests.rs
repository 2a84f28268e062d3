use std::time::Duration;

use domain::Priority::{P0, P1, P2};
use domain::Side::{High, Low};
use domain::{Priority, Side, Vital};

use crate::files::shipped;
use crate::{FILES, Rules};

mod mistakes;
mod shipped;

/// What the outermost edge that `value` is beyond says.
fn verdict(rules: &Rules, vital: Vital, value: f64) -> Option<(Side, Priority)> {
    let edges = rules.band(vital).edges.iter();
    edges.filter(|edge| edge.is_beyond(value)).max_by_key(|edge| edge.priority).map(|edge| (edge.side, edge.priority))
}

#[test]
fn what_is_ok_is_beyond_no_edge() {
    let rules = Rules::built_in();
    for vital in Vital::ALL {
        let band = rules.band(vital);
        let (least, greatest) = band.ok();
        for edge in &band.edges {
            for value in [edge.at.next_down(), edge.at, edge.at.next_up(), edge.at - 0.01, edge.at + 0.01] {
                let is_ok = (least..=greatest).contains(&value);
                assert_eq!(is_ok, !band.edges.iter().any(|edge| edge.is_beyond(value)), "{vital} {value}");
            }
        }
    }
}

/// Every edge of the shipped file, by the least it takes to be beyond it.
#[test]
fn every_shipped_edge_stands_where_it_should() {
    type Verdict = Option<(Side, Priority)>;
    const OK: Verdict = None;
    // Vital, edge, and the verdicts just below it, on it, just above it.
    let table: [(Vital, f64, [Verdict; 3]); 21] = [
        (Vital::Clarity, 0.50, [Some((Low, P0)), Some((Low, P0)), Some((Low, P1))]),
        (Vital::Clarity, 0.65, [Some((Low, P1)), Some((Low, P1)), Some((Low, P2))]),
        (Vital::Clarity, 0.70, [Some((Low, P2)), OK, OK]),
        (Vital::Clarity, 0.85, [OK, OK, Some((High, P2))]),
        (Vital::Clarity, 0.90, [Some((High, P2)), Some((High, P2)), Some((High, P1))]),
        (Vital::Clarity, 0.95, [Some((High, P1)), Some((High, P0)), Some((High, P0))]),
        (Vital::Chaos, 0.10, [Some((Low, P0)), Some((Low, P0)), Some((Low, P1))]),
        (Vital::Chaos, 0.25, [Some((Low, P1)), Some((Low, P1)), Some((Low, P2))]),
        (Vital::Chaos, 0.30, [Some((Low, P2)), OK, OK]),
        (Vital::Chaos, 0.60, [OK, OK, Some((High, P2))]),
        (Vital::Chaos, 0.70, [Some((High, P2)), Some((High, P1)), Some((High, P1))]),
        (Vital::Chaos, 0.80, [Some((High, P1)), Some((High, P0)), Some((High, P0))]),
        (Vital::Trust, 0.40, [Some((Low, P0)), Some((Low, P0)), Some((Low, P1))]),
        (Vital::Trust, 0.55, [Some((Low, P1)), Some((Low, P1)), Some((Low, P2))]),
        (Vital::Trust, 0.60, [Some((Low, P2)), OK, OK]),
        (Vital::Trust, 0.90, [OK, OK, Some((High, P2))]),
        (Vital::Trust, 0.95, [Some((High, P2)), Some((High, P1)), Some((High, P1))]),
        (Vital::Pain, 0.20, [Some((Low, P2)), OK, OK]),
        (Vital::Pain, 0.50, [OK, OK, Some((High, P2))]),
        (Vital::Pain, 0.60, [Some((High, P2)), Some((High, P1)), Some((High, P1))]),
        (Vital::Pain, 0.70, [Some((High, P1)), Some((High, P0)), Some((High, P0))]),
    ];
    let rules = Rules::built_in();
    for (vital, at, expected) in table {
        let found = [at - 1e-6, at, at + 1e-6].map(|value| verdict(&rules, vital, value));
        assert_eq!(found, expected, "{vital} around {at}");
    }
    assert_eq!(rules.bands.iter().map(|band| band.edges.len()).sum::<usize>(), table.len());
    // Where a side has no critical edge, the far end stays what it was.
    assert_eq!(verdict(&rules, Vital::Trust, 1.0), Some((High, P1)));
    assert_eq!(verdict(&rules, Vital::Pain, 0.0), Some((Low, P2)));
}

#[test]
fn the_shipped_file_says_the_rest_too() {
    let rules = Rules::built_in();
    let rest = rules.bands.each_ref().map(|band| {
        let (from, to) = band.optimum;
        format!("{} {from}-{to} {} {:?} {}", band.vital, band.target, band.cooldown, band.name.ru)
    });
    insta::assert_snapshot!(rest.join("\n"), @r"
    clarity 0.75-0.85 0.8 120s Ясность
    chaos 0.4-0.5 0.45 180s Хаос
    trust 0.75-0.9 0.8 240s Доверие
    pain 0.2-0.4 0.3 60s Боль
    ");
    let names: Vec<String> = rules
        .bands
        .iter()
        .flat_map(|band| &band.edges)
        .map(|edge| format!("{} {} {} for {:?}", edge.rule, edge.alert, edge.priority.name(), edge.hold))
        .collect();
    insta::assert_snapshot!(names.join("\n"), @r"
    clarity_critical_low ClarityCriticalLow P0 for 0ns
    clarity_block_low ClarityBlockLow P1 for 30s
    clarity_warn_low ClarityWarnLow P2 for 120s
    clarity_critical_high ClarityCriticalHigh P0 for 0ns
    clarity_block_high ClarityBlockHigh P1 for 30s
    clarity_warn_high ClarityWarnHigh P2 for 120s
    chaos_critical_low ChaosCriticalLow P0 for 0ns
    chaos_block_low ChaosBlockLow P1 for 30s
    chaos_warn_low ChaosWarnLow P2 for 120s
    chaos_critical_high ChaosCriticalHigh P0 for 0ns
    chaos_block_high ChaosBlockHigh P1 for 30s
    chaos_warn_high ChaosWarnHigh P2 for 120s
    trust_critical_low TrustCriticalLow P0 for 0ns
    trust_block_low TrustBlockLow P1 for 30s
    trust_warn_low TrustWarnLow P2 for 120s
    trust_block_high TrustBlockHigh P1 for 30s
    trust_warn_high TrustWarnHigh P2 for 120s
    pain_warn_low PainWarnLow P2 for 120s
    pain_critical_high PainCriticalHigh P0 for 0ns
    pain_block_high PainBlockHigh P1 for 30s
    pain_warn_high PainWarnHigh P2 for 120s
    ");
    assert_eq!((rules.staleness.after, rules.staleness.priority), (Duration::from_secs(60), P1));
    assert_eq!(rules.minimum_hold, Duration::from_secs(5));
}

#[test]
fn every_text_is_there_and_in_its_language() {
    let rules = Rules::built_in();
    let edges = rules.bands.iter().flat_map(|band| &band.edges);
    let texts = edges.flat_map(|edge| [&edge.reason, &edge.recommendation]);
    for text in texts.chain([&rules.staleness.reason, &rules.staleness.recommendation]) {
        let is_cyrillic = |c: char| ('а'..='я').contains(&c);
        assert!(text.ru.contains(is_cyrillic) && !text.ru.contains(|c: char| c.is_ascii_alphabetic()), "{}", text.ru);
        assert!(text.en.contains(|c: char| c.is_ascii_alphabetic()) && !text.en.contains(is_cyrillic), "{}", text.en);
        assert!(text.en.ends_with('.') && text.ru.ends_with('.'), "{} {}", text.en, text.ru);
    }
}

pub(super) const BANDS: &str = "slo-thresholds-matrix.yml";
pub(super) const SHIPPED: &str = include_str!("../../../config/slo-thresholds-matrix.yml");

/// The shipped file with one piece replaced.
fn with(from: &str, to: &str) -> String {
    assert!(SHIPPED.contains(from), "the shipped file has no `{from}`");
    SHIPPED.replacen(from, to, 1)
}

#[test]
fn the_hash_follows_what_the_rules_say_and_not_how_it_is_written() {
    let hash = |text: &str| Rules::parse(&[(BANDS, text)]).unwrap().hash;
    let shipped = Rules::built_in().hash;
    assert_eq!(shipped.len(), 16);
    assert_eq!(hash(SHIPPED), shipped);
    assert_eq!(hash(&with("warn: \"< 0.70\"", "warn: '<   0.7'   # as before\n")), shipped);
    assert_eq!(hash(&with("minimum_hold: 5s", "minimum_hold: 5000ms")), shipped);
    assert_ne!(hash(&with("warn: \"< 0.70\"", "warn: \"<= 0.70\"")), shipped);
    assert_ne!(hash(&with("minimum_hold: 5s", "minimum_hold: 6s")), shipped);
    assert_ne!(hash(&with("cooldown: 4m", "cooldown: 5m")), shipped);
}

#[test]
fn an_edge_may_have_its_own_times() {
    let own = "block: { beyond: \"≤ 0.65\", for: 5m, keep_firing_for: 1m }";
    let rules = Rules::parse(&[(BANDS, &with("block: \"<= 0.65\"", own))]).unwrap();
    let block = &rules.band(Vital::Clarity).edges[1];
    assert_eq!((block.at, block.inclusive), (0.65, true));
    assert_eq!((block.hold, block.keep_firing), (Duration::from_secs(300), Duration::from_secs(60)));
    assert_eq!(block.reason, rules.band(Vital::Clarity).edges[2].reason);
}

#[test]
fn a_vital_may_have_its_own_hysteresis() {
    let rules = Rules::parse(&[(BANDS, &with("cooldown: 1m", "cooldown: 1m\n    hysteresis: 0.05"))]).unwrap();
    assert_eq!(rules.bands.each_ref().map(|band| band.hysteresis), [0.02, 0.02, 0.02, 0.05]);
}

#[test]
fn a_file_is_loaded_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(BANDS);
    std::fs::write(&path, SHIPPED).unwrap();
    assert_eq!(Rules::load_folder(folder.path()).unwrap(), Rules::built_in());
    std::fs::write(&path, "").unwrap();
    assert!(Rules::load_folder(folder.path()).unwrap_err().to_string().contains("yml:1:1: this file is empty"));
}

#[test]
fn of_two_folders_the_first_that_has_a_file_goes_before_the_other() {
    let (tried, below) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let patient = with("beyond: \">= 0.70\"", "beyond: \">= 0.75\"");
    let states = shipped("states.yml").replace("pain > 0.6", "pain > 0.65");
    std::fs::write(tried.path().join(BANDS), &patient).unwrap();
    std::fs::write(below.path().join(BANDS), "").unwrap();
    std::fs::write(below.path().join("states.yml"), &states).unwrap();
    let expected = Rules::parse(&[(BANDS, &patient), ("states.yml", &states)]).unwrap();
    assert_ne!(expected, Rules::built_in());
    assert_eq!(Rules::load_folders(&[tried.path(), below.path()]).unwrap(), expected);
    assert!(Rules::load_folders(&[tried.path(), &below.path().join("gone")]).is_err());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(96))]
    #[test]
    fn no_slip_of_the_hand_makes_it_panic(
        file in 0..FILES.len(),
        at in 0.0..1.0_f64,
        cut in 0..12_usize,
        typed in "[\\[\\]{}:,.\"'<>=&*#!0-9a-z \n-]{0,6}",
    ) {
        let name = FILES[file];
        let characters: Vec<char> = shipped(name).chars().collect();
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any place will do")]
        let at = (characters.len() as f64 * at) as usize;
        let rest = characters.iter().skip(at + cut);
        let text: String = characters[..at].iter().copied().chain(typed.chars()).chain(rest.copied()).collect();
        match Rules::parse(&[(name, &text)]) {
            Ok(rules) => proptest::prop_assert_eq!(rules.hash.len(), 16),
            Err(error) => proptest::prop_assert!(error.files().iter().all(|file| file.to_string().contains(".yml:"))),
        }
    }
}
