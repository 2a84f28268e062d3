use domain::Timestamp;

/// Entries after which a stretch is full: so many numbers share one row of the index from numbers to times.
pub(crate) const FULL: u64 = 10_000;

/// The stretch of a partition that is being filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stretch {
    /// It begins after this number.
    pub(super) after: u64,
    /// When the first and the last of its samples were measured.
    pub(super) span: Option<(Timestamp, Timestamp)>,
}

impl Stretch {
    /// Takes in samples measured between these times.
    pub(super) fn cover(&mut self, span: Option<(Timestamp, Timestamp)>) {
        self.span = match (self.span, span) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
    }

    /// Ends it when it is full, or reaches into another chunk: so that what is old can be told from what is not. Answers
    /// the stretch that was; this one begins after `seq`.
    pub(super) fn end(&mut self, seq: u64, is_next_chunk: bool) -> Option<Self> {
        let is_over = seq - self.after >= FULL || (is_next_chunk && seq > self.after);
        is_over.then(|| std::mem::replace(self, Self { after: seq, span: None }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_covers_its_samples_and_ends_when_it_is_full() {
        let at = Timestamp::from_micros;
        let mut stretch = Stretch::default();
        stretch.cover(None);
        stretch.cover(Some((at(3), at(5))));
        stretch.cover(Some((at(4), at(9))));
        assert_eq!(stretch.end(FULL - 1, false), None);
        assert_eq!(stretch.end(FULL, false), Some(Stretch { after: 0, span: Some((at(3), at(9))) }));
        assert_eq!(stretch, Stretch { after: FULL, span: None });
        assert_eq!(stretch.end(FULL, true), None, "there is nothing in it");
        assert_eq!(stretch.end(FULL + 1, true), Some(Stretch { after: FULL, span: None }));
    }
}
