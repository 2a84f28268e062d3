/// Every so manieth time it is told again.
const TELL_EVERY: u32 = 60;

/// Something that may go wrong again and again: told when it begins, seldom while it lasts, and when it is over.
pub(super) struct Trouble {
    what: &'static str,
    times: u32,
}

impl Trouble {
    /// None yet; `what` is told of a source that has it.
    pub(super) const fn new(what: &'static str) -> Self {
        Self { what, times: 0 }
    }

    /// Notes how it went this time.
    pub(super) fn note(&mut self, source: &str, trouble: Option<String>) {
        let what = self.what;
        match trouble {
            Some(trouble) => {
                if self.times.is_multiple_of(TELL_EVERY) {
                    tracing::warn!(source, "the source `{source}` {what}: {trouble}");
                }
                self.times = self.times.wrapping_add(1);
            }
            None if self.times > 0 => {
                tracing::info!(source, "the source `{source}` is well again: it {what} {} times", self.times);
                self.times = 0;
            }
            None => {}
        }
    }

    #[cfg(test)]
    pub(super) const fn is_told(&self) -> bool {
        self.times > 0
    }
}
