//! What did not come as it should, for programs and for people.

use indicatif::HumanCount;
use load::Missing;
use serde::Serialize;

/// The figures, as programs read them.
#[derive(Serialize)]
pub(super) struct MissingFigures {
    viewers_with_broken_chain: usize,
    viewers_short: usize,
    samples_short: u64,
    viewers_short_that_began_anew: usize,
    viewers_over: usize,
    samples_over: u64,
    watchers_unseen: u64,
    watchers_twice: u64,
    watchers_blind: usize,
    viewers_absent: usize,
    examples: Vec<Example>,
}

#[derive(Serialize)]
struct Example {
    subject: String,
    at: domain::Timestamp,
}

impl MissingFigures {
    pub(super) fn of(missing: &Missing) -> Self {
        let examples =
            missing.examples.iter().map(|(subject, at)| Example { subject: subject.clone(), at: *at }).collect();
        Self {
            viewers_with_broken_chain: missing.broken_chains,
            viewers_short: missing.short.0,
            samples_short: missing.short.1,
            viewers_short_that_began_anew: missing.anew,
            viewers_over: missing.over.0,
            samples_over: missing.over.1,
            watchers_unseen: missing.unseen,
            watchers_twice: missing.twice,
            watchers_blind: missing.blind,
            viewers_absent: missing.absent,
            examples,
        }
    }

    /// For people; none where nothing is missing.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut tell = |count: usize, line: String| {
            if count > 0 {
                lines.push(line);
            }
        };
        let Self { viewers_short, samples_short, viewers_over, samples_over, .. } = self;
        tell(
            self.viewers_with_broken_chain,
            format!("GAP: the chain of cursors broke for {} viewers", self.viewers_with_broken_chain),
        );
        tell(
            *viewers_short,
            format!("MISSING: {viewers_short} viewers got {} samples too few in all", HumanCount(*samples_short)),
        );
        let anew = self.viewers_short_that_began_anew;
        tell(anew, format!("         {anew} of them came back too late to resume, and were told so"));
        tell(
            *viewers_over,
            format!("TWICE: {viewers_over} viewers got {} samples too many in all", HumanCount(*samples_over)),
        );
        tell(
            self.watchers_unseen as usize,
            format!("MISSING: a watcher did not see {} acknowledged samples", HumanCount(self.watchers_unseen)),
        );
        for Example { subject, at } in &self.examples {
            tell(1, format!("         {subject} at {at}"));
        }
        tell(
            self.watchers_twice as usize,
            format!("TWICE: a watcher saw {} samples more than once", HumanCount(self.watchers_twice)),
        );
        tell(self.watchers_blind, format!("UNKNOWN: {} watchers had too many holes to name them", self.watchers_blind));
        tell(self.viewers_absent, format!("MISSING: {} viewers were not connected at the end", self.viewers_absent));
        lines
    }
}
