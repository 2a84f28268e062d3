use durable_log::{Cursor, Epoch, Partition};

/// How far the log is known to reach: the greatest numbers that were published or heard in the latest epoch.
#[derive(Default)]
pub(crate) struct Heads {
    known: Option<(Epoch, Vec<u64>)>,
}

impl Heads {
    /// Learns of the entry `last` of `partition`. Another epoch than before begins anew.
    pub(crate) fn learn(&mut self, epoch: Epoch, partition: Partition, last: u64) {
        let seqs = match &mut self.known {
            Some((known, seqs)) if *known == epoch => seqs,
            known => &mut known.insert((epoch, Vec::new())).1,
        };
        let place = usize::from(partition.0);
        if seqs.len() <= place {
            seqs.resize(place + 1, 0);
        }
        seqs[place] = last.max(seqs[place]);
    }

    /// What is known, if anything is.
    pub(crate) fn cursor(&self) -> Option<Cursor> {
        let (epoch, seqs) = self.known.as_ref()?;
        Some(Cursor::new(*epoch, seqs.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_numbers_of_the_latest_epoch_are_known() {
        let mut heads = Heads::default();
        assert_eq!(heads.cursor(), None);
        heads.learn(Epoch(1), Partition(2), 5);
        heads.learn(Epoch(1), Partition(0), 7);
        heads.learn(Epoch(1), Partition(2), 4);
        assert_eq!(heads.cursor(), Some(Cursor::new(Epoch(1), vec![7, 0, 5])));
        heads.learn(Epoch(2), Partition(1), 3);
        assert_eq!(heads.cursor(), Some(Cursor::new(Epoch(2), vec![0, 3])));
    }
}
