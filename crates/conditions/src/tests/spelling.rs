use super::*;

#[test]
fn every_condition_has_one_spelling() {
    for (text, spelled) in [
        ("((chaos>0.50))", "chaos > 0.5"),
        ("0.4<chaos<0.7&&clarity>0.7", "0.4 < chaos < 0.7 and clarity > 0.7"),
        ("!rigidity_detected||!!needs_organization", "not rigidity_detected or not not needs_organization"),
        ("not (rigidity_detected or needs_organization)", "not (rigidity_detected or needs_organization)"),
        ("(chaos>0.5 and pain>0.5) and trust<0.5", "chaos > 0.5 and pain > 0.5 and trust < 0.5"),
        ("chaos>0.5 and (pain>0.5 and trust<0.5)", "chaos > 0.5 and (pain > 0.5 and trust < 0.5)"),
        ("chaos>0.5 and (pain>0.5 or trust<0.5)", "chaos > 0.5 and (pain > 0.5 or trust < 0.5)"),
        ("(chaos>0.5 and pain>0.5) or trust<0.5", "chaos > 0.5 and pain > 0.5 or trust < 0.5"),
        ("accuracy-(1-2)*3>-(accuracy+1)", "accuracy - (1 - 2) * 3 > -(accuracy + 1)"),
        ("accuracy/(2*3)>1", "accuracy / (2 * 3) > 1"),
        ("accuracy*2/3>1e-7", "accuracy * 2 / 3 > 1e-7"),
        ("accuracy>1E+20", "accuracy > 1e20"),
        ("accuracy>007", "accuracy > 7"),
        ("rigidity_detected==(chaos>0.5)", "rigidity_detected == (chaos > 0.5)"),
        ("stagnation_duration>90s", "stagnation_duration > 1m30s"),
        ("stagnation_duration>0m", "stagnation_duration > 0s"),
        ("avg(pain,90s)>0.5", "avg(pain, 1m30s) > 0.5"),
    ] {
        assert_eq!(condition(text).to_string(), spelled);
        assert_eq!(condition(text), condition(spelled));
    }
}
