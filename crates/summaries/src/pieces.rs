use std::time::Duration;

use domain::Timestamp;

use crate::{Grain, align};

/// A part of the past and how it is read; `from` belongs to it, `to` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// How finely.
    pub grain: Grain,
    /// From this moment on.
    pub from: Timestamp,
    /// Up to this moment.
    pub to: Timestamp,
}

/// Divides the time between `from` and `to` into as coarse pieces as buckets of `step` allow, in order and without a
/// gap. What was measured from the first moment of `fresh` to its second may be missing from the summaries and is read
/// finely.
pub fn pieces(from: Timestamp, to: Timestamp, fresh: Option<(Timestamp, Timestamp)>, step: Duration) -> Vec<Piece> {
    let fits = |grain: &Grain| step.as_micros().is_multiple_of(grain.width().as_micros());
    let grains: Vec<Grain> = Grain::SUMMARIES.into_iter().filter(fits).collect();
    let fresh = fresh.map_or((to, to), |(oldest, newest)| (oldest, newest.plus(Duration::from_micros(1))));
    let mut pieces = Vec::new();
    cover(from, to, fresh, &grains, &mut pieces);
    pieces
}

fn cover(from: Timestamp, to: Timestamp, fresh: (Timestamp, Timestamp), grains: &[Grain], pieces: &mut Vec<Piece>) {
    if from >= to {
        return;
    }
    let Some((&grain, finer)) = grains.split_first() else {
        pieces.push(Piece { grain: Grain::Sample, from, to });
        return;
    };
    let begin = fresh.0.min(to).max(from);
    let end = fresh.1.min(to).max(begin);
    let mut covered = from;
    for (from, to) in [(from, begin), (end, to)] {
        let from = align(from.plus(grain.width()).minus(Duration::from_micros(1)), grain.width());
        let to = align(to, grain.width());
        if from < to {
            cover(covered, from, fresh, finer, pieces);
            pieces.push(Piece { grain, from, to });
            covered = to;
        }
    }
    cover(covered, to, fresh, finer, pieces);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 86_400_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn a_day_by_minutes_is_hours_of_no_use_and_minutes_and_the_fresh_end() {
        let found = pieces(at(7), at(86_407), Some((at(86_395), at(86_410))), Duration::from_mins(1));
        let piece = |grain, from, to| Piece { grain, from: at(from), to: at(to) };
        let expected = [
            piece(Grain::Sample, 7, 10),
            piece(Grain::TenSeconds, 10, 60),
            piece(Grain::Minute, 60, 86_340),
            piece(Grain::TenSeconds, 86_340, 86_390),
            piece(Grain::Sample, 86_390, 86_407),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn after_what_came_late_it_is_coarse_again() {
        let found = pieces(at(0), at(7_200), Some((at(65), at(65))), Duration::from_hours(1));
        let piece = |grain, from, to| Piece { grain, from: at(from), to: at(to) };
        let expected = [
            piece(Grain::Minute, 0, 60),
            piece(Grain::Sample, 60, 70),
            piece(Grain::TenSeconds, 70, 120),
            piece(Grain::Minute, 120, 3_600),
            piece(Grain::Hour, 3_600, 7_200),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_step_that_no_summary_fits_reads_samples() {
        assert!(pieces(at(0), at(100), None, Duration::from_secs(7)).iter().all(|piece| piece.grain == Grain::Sample));
    }

    proptest! {
        #[test]
        fn pieces_cover_the_whole_without_a_gap_aligned_and_never_sum_up_what_is_fresh(
            from in -DAY..DAY, length in 1..3 * DAY, fresh in proptest::option::of((-DAY..3 * DAY, 0..DAY)), step in 1_u64..100,
            unit in proptest::sample::select(vec![1_u64, 10, 60, 3_600]),
        ) {
            let (from, to) = (Timestamp::from_micros(from), Timestamp::from_micros(from + length));
            let fresh = fresh.map(|(at, length)| (Timestamp::from_micros(at), Timestamp::from_micros(at + length)));
            let step = Duration::from_secs(step * unit);
            let pieces = pieces(from, to, fresh, step);
            prop_assert_eq!(pieces[0].from, from);
            prop_assert_eq!(pieces[pieces.len() - 1].to, to);
            prop_assert!(pieces.windows(2).all(|pair| pair[0].to == pair[1].from));
            for piece in pieces {
                prop_assert!(piece.from < piece.to);
                if piece.grain != Grain::Sample {
                    prop_assert!(step.as_micros().is_multiple_of(piece.grain.width().as_micros()));
                    prop_assert_eq!(align(piece.from, piece.grain.width()), piece.from);
                    prop_assert_eq!(align(piece.to, piece.grain.width()), piece.to);
                    prop_assert!(fresh.is_none_or(|(oldest, newest)| piece.to <= oldest || piece.from > newest));
                }
            }
        }
    }
}
