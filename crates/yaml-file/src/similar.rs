/// The candidate that `word` was most likely meant to be, if any is close enough.
pub fn most_similar<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody misspells a field by a whole line; this also bounds the work.
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    // A third of the letters may be wrong: `pian` is meant as `pain`, `x` as nothing.
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word.to_lowercase(), candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = ["warn", "block", "critical"];
        assert_eq!(most_similar("warm", known), Some("warn"));
        assert_eq!(most_similar("wran", known), Some("warn"));
        assert_eq!(most_similar("Critical", known), Some("critical"));
        assert_eq!(most_similar("critcal", known), Some("critical"));
        assert_eq!(most_similar("severity", known), None);
        assert_eq!(most_similar("", known), None);
    }
}
