//! What the kernel says of a process.

use std::time::Duration;

use anyhow::Context as _;

/// A process by its id.
#[derive(Clone, Copy)]
pub(crate) struct Process {
    pub(crate) id: u32,
}

/// What is in memory, in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Resident {
    pub(crate) total: u64,
    /// The heap, the stacks, and pages of files that were written to privately.
    pub(crate) anonymous: u64,
}

impl Resident {
    /// Pages of files: the program itself, libraries, SQLite's index of the write-ahead log.
    pub(crate) const fn of_files(self) -> u64 {
        self.total.saturating_sub(self.anonymous)
    }
}

impl Process {
    /// What is in memory now.
    pub(crate) fn resident(self) -> anyhow::Result<Resident> {
        let [total, anonymous] = self.memory(["Rss:", "Anonymous:"])?;
        Ok(Resident { total, anonymous })
    }

    /// What it and its children have in memory in KiB: what several share counts once.
    pub(crate) fn shares_of_family(self) -> anyhow::Result<u64> {
        let family = self.family()?.into_iter();
        // One that has ended meanwhile holds nothing.
        Ok(family.filter_map(|process| process.share().ok()).sum())
    }

    /// The most that was ever in memory, in KiB; none of one that has ended.
    pub(crate) fn peak(self) -> Option<u64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.id)).ok()?;
        text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
    }

    /// CPU time that it has used, in its own code and in the kernel for it.
    pub(crate) fn cpu(self) -> anyhow::Result<Duration> {
        self.times(2)
    }

    /// The same with all its children, also those that have ended.
    pub(crate) fn cpu_of_family(self) -> anyhow::Result<Duration> {
        // One that has ended meanwhile counts among its parent's.
        let children = self.children()?.into_iter().filter_map(|child| child.cpu().ok());
        Ok(children.sum::<Duration>() + self.times(4)?)
    }

    /// Itself and its children.
    fn family(self) -> anyhow::Result<Vec<Self>> {
        Ok([self].into_iter().chain(self.children()?).collect())
    }

    fn children(self) -> anyhow::Result<Vec<Self>> {
        let children = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.id))?;
        Ok(children.split_whitespace().filter_map(|id| Some(Self { id: id.parse().ok()? })).collect())
    }

    /// Its part of the memory that it has with others, and all that it has alone.
    fn share(self) -> anyhow::Result<u64> {
        let [share] = self.memory(["Pss:"])?;
        Ok(share)
    }

    /// Figures of its memory, in KiB.
    fn memory<const N: usize>(self, names: [&str; N]) -> anyhow::Result<[u64; N]> {
        let text = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.id))?;
        let mut figures = [0; N];
        for (figure, name) in figures.iter_mut().zip(names) {
            let line = text.lines().find(|line| line.starts_with(name));
            let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
            *figure = kib.with_context(|| format!("no {name}"))?;
        }
        Ok(figures)
    }

    /// The sum of its first times: in its own code and in the kernel, then of children that have ended.
    fn times(self, count: usize) -> anyhow::Result<Duration> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.id))?;
        // After the name, which may hold spaces, the state is the first field and the times begin with the 12th.
        let (_, fields) = text.rsplit_once(") ").context("it has a name")?;
        let ticks: u64 = fields.split(' ').skip(11).take(count).filter_map(|field| field.parse::<u64>().ok()).sum();
        // The kernel counts in hundredths of a second here, on every architecture.
        Ok(Duration::from_millis(ticks * 10))
    }
}
