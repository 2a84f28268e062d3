/// How scattered a change is over the `files` files of a system: Shannon's entropy of the changed lines over the files,
/// divided by the most that it could be, log₂ `files`.
///
/// 0 when all lines are in one file, 1 when every file of the system has as many of them. This is the normalised static
/// entropy of Hassan, "Predicting faults using the complexity of code changes" (ICSE 2009).
pub(crate) fn entropy(lines: &[u64], files: u64) -> f64 {
    let total = lines.iter().sum::<u64>() as f64;
    if files < 2 {
        return 0.0;
    }
    let shares = lines.iter().filter(|count| **count > 0).map(|count| *count as f64 / total);
    let bits: f64 = shares.map(|share| -share * share.log2()).sum();
    // Rounding may leave the interval by the last digit.
    (bits / (files as f64).log2()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::entropy;

    #[test]
    fn entropy_is_that_of_hassan() {
        for (lines, files, expected) in [
            (&[][..], 10, 0.0),
            (&[40], 1, 0.0),
            (&[40], 10, 0.0),
            (&[0, 7, 0], 10, 0.0),
            (&[5, 5], 2, 1.0),
            (&[5, 5], 4, 0.5),
            (&[3, 3, 3, 3], 4, 1.0),
            // The entropy of (1/2, 1/4, 1/4) is 1.5 bits.
            (&[2, 1, 1], 4, 0.75),
            (&[2, 1, 1], 8, 0.5),
        ] {
            assert!((entropy(lines, files) - expected).abs() < 1e-12, "{lines:?} over {files}");
        }
    }

    #[test]
    fn entropy_never_leaves_its_interval() {
        let even = [1; 1_000];
        assert!(entropy(&even, 1_000) <= 1.0);
        assert!(entropy(&[u64::from(u32::MAX), 1], 2) >= 0.0);
    }
}
