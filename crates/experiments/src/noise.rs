//! Noise that is the same for the same seed: a number for each place, not the next of a row, so that it matters to nothing
//! in which order they are asked for.

/// A number from -1 to 1, made of the seed and a place.
pub(crate) fn at(seed: u64, place: u64) -> f64 {
    // SplitMix64 (Steele, Lea, Flood 2014): every input bit changes about half of the output's.
    let mut bits = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(place.wrapping_mul(0xd1b5_4a32_d192_ed03));
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^= bits >> 31;
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let share = (bits >> 11) as f64 / (1_u64 << 53) as f64;
    share.mul_add(2.0, -1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_spread_evenly_and_depends_on_the_seed() {
        let numbers: Vec<f64> = (0..1_000).map(|place| at(7, place)).collect();
        assert!(numbers.iter().all(|number| (-1.0..=1.0).contains(number)));
        let mean = numbers.iter().sum::<f64>() / 1_000.0;
        let spread = numbers.iter().map(|number| number * number).sum::<f64>() / 1_000.0;
        // Of an even spread: 0, and a third.
        assert!(mean.abs() < 0.06, "{mean}");
        assert!((spread - 1.0 / 3.0).abs() < 0.04, "{spread}");
        assert_eq!(numbers, (0..1_000).map(|place| at(7, place)).collect::<Vec<_>>());
        assert!(
            (0..1_000).filter(|place| (at(8, *place) - numbers[usize::try_from(*place).unwrap()]).abs() < 1e-9).count()
                < 3
        );
    }
}
