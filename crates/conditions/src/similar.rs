/// The candidate that `word` was most likely meant to be, if any is close enough.
pub(crate) fn most_similar<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody misspells a name by a whole line; this also bounds the work.
    const LONGEST: usize = 64;
    let letters = word.chars().count();
    if letters > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    // A third of the letters may be wrong: `pian` is meant as `pain`, `x` as nothing.
    let allowed = (letters / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
