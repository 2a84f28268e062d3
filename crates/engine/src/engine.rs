use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use domain::{Action, Command, Event, Presence, Sample, Subject, Timestamp, Verdict, Vitals};
use rules::Rules;

use crate::budget::BudgetNow;
use crate::context::Context;
use crate::counts::{Counted, Counts};
use crate::layout::Layout;
use crate::subject::{Judged, SubjectState};

/// What the engine is fed, with its number in the log.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A sample.
    Sample(u64, &'a Sample),
    /// What a person asked for, on a subject.
    Command(u64, &'a Subject, &'a Command),
    /// Nothing but the time.
    Tick,
}

/// Samples that were stored but not judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unjudged {
    /// A newer sample of the subject had been judged before.
    pub superseded: u64,
    /// Older than the staleness time on arrival.
    pub late: u64,
}

/// A saved state that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the saved state of `{subject}` cannot be read")]
pub struct RestoreError {
    /// Whose.
    pub subject: Subject,
    /// Why.
    #[source]
    pub source: serde_json::Error,
}

/// All subjects of one partition.
#[derive(Debug)]
pub struct Engine {
    partition: u16,
    rules: Arc<Rules>,
    layout: Layout,
    now: Timestamp,
    subjects: HashMap<Subject, Held>,
    /// When to look at a subject again: never later than it is due, perhaps earlier.
    timers: BinaryHeap<Reverse<(Timestamp, Subject)>>,
    changed: Vec<Subject>,
    /// Whose presence changed.
    news: Vec<Subject>,
    counts: Counts,
    unjudged: Unjudged,
}

#[derive(Debug, Default)]
struct Held {
    state: SubjectState,
    /// Its one timer; others of it in the heap are void.
    timer: Option<Timestamp>,
    is_changed: bool,
    /// Whether its presence changed since it was last taken.
    has_news: bool,
    /// Whether its parts lie as the rules in force have them.
    is_aligned: bool,
}

impl Engine {
    /// An engine that has seen nothing.
    pub fn new(partition: u16, rules: Arc<Rules>) -> Self {
        let layout = Layout::new(&rules);
        let mut counts = Counts::default();
        counts.align(&layout);
        Self {
            partition,
            layout,
            counts,
            rules,
            now: Timestamp::default(),
            subjects: HashMap::new(),
            timers: BinaryHeap::new(),
            changed: Vec::new(),
            news: Vec::new(),
            unjudged: Unjudged::default(),
        }
    }

    /// An engine that goes on from what another one had saved.
    pub fn restore(
        partition: u16,
        rules: Arc<Rules>,
        now: Timestamp,
        saved: Vec<(Subject, String)>,
    ) -> Result<Self, RestoreError> {
        let mut engine = Self { now, ..Self::new(partition, rules) };
        for (subject, json) in saved {
            let state: SubjectState = match serde_json::from_str(&json) {
                Ok(state) => state,
                Err(source) => return Err(RestoreError { subject, source }),
            };
            // Under the same rules it goes on as if nothing had been; under others it meets them with the next step.
            let is_same = state.is_aligned_to(&engine.rules);
            engine.subjects.insert(subject.clone(), Held { state, is_aligned: is_same, ..Held::default() });
            if is_same {
                engine.align(&subject);
            }
            engine.schedule(&subject);
        }
        Ok(engine)
    }

    /// The engine's clock.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The rules in force.
    pub const fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// How many subjects it holds.
    pub fn subjects(&self) -> usize {
        self.subjects.len()
    }

    /// How many samples were not judged, since this engine was made.
    pub const fn unjudged(&self) -> Unjudged {
        self.unjudged
    }

    /// Does in order what was due until `now`, and takes `input` at `now`. A `now` before the clock counts as the
    /// clock's. A tick moves the clock only as far as something was due: the log may still bring entries from before it.
    pub fn step(&mut self, now: Timestamp, input: Input<'_>, events: &mut Vec<Event>) {
        self.advance(now, events);
        if !matches!(input, Input::Tick) {
            self.now = self.now.max(now);
        }
        match input {
            Input::Tick => {}
            Input::Sample(seq, sample) => {
                let judged = self.touch(&sample.subject, events, |state, context, counts, events| {
                    state.sample(context, seq, sample, counts, events)
                });
                match judged {
                    Judged::Yes => {}
                    Judged::Superseded => self.unjudged.superseded += 1,
                    Judged::Late => self.unjudged.late += 1,
                }
            }
            // Of a subject that was never judged there is nothing to command.
            Input::Command(_, subject, command) if self.subjects.contains_key(subject) => {
                self.touch(subject, events, |state, context, _, events| state.command(context, command, events));
            }
            Input::Command(..) => {}
        }
    }

    /// When time alone may next bring something about; a tick before it does nothing.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.timers.peek().map(|Reverse((due, _))| *due)
    }

    /// Goes on under other rules. What they no longer know ends with the next step.
    pub fn adopt(&mut self, rules: Arc<Rules>) {
        self.layout = Layout::new(&rules);
        self.counts.align(&self.layout);
        self.rules = rules;
        let subjects: Vec<Subject> = self.subjects.keys().cloned().collect();
        for subject in &subjects {
            // Other rules, other times.
            let held = self.subjects.get_mut(subject).expect("its key was just read");
            (held.timer, held.is_aligned) = (None, false);
            self.schedule(subject);
        }
    }

    /// The latest judged values and the verdict of each subject that changed since [`Engine::take_changed`].
    pub fn changed(&self) -> impl Iterator<Item = (&Subject, Vitals, &Verdict)> {
        self.changed.iter().filter_map(|subject| self.present(subject))
    }

    /// The latest judged values and the verdict of every subject.
    pub fn all(&self) -> impl Iterator<Item = (&Subject, Vitals, &Verdict)> {
        self.subjects.keys().filter_map(|subject| self.present(subject))
    }

    fn present(&self, subject: &Subject) -> Option<(&Subject, Vitals, &Verdict)> {
        let (subject, held) = self.subjects.get_key_value(subject)?;
        Some((subject, held.state.vitals(), held.state.verdict()))
    }

    /// What to save: every subject that changed since the last call, by name.
    pub fn take_changed(&mut self) -> Vec<(Subject, String)> {
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        let save = |subject: Subject| {
            let held = self.subjects.get_mut(&subject)?;
            held.is_changed = false;
            let json = serde_json::to_string(&held.state).expect("a state has text keys and finite numbers only");
            Some((subject, json))
        };
        changed.into_iter().filter_map(save).collect()
    }

    /// How subjects are besides their levels, of those for which that changed since the last call; by name.
    pub fn take_presences(&mut self) -> Vec<(Subject, Presence)> {
        let mut news = std::mem::take(&mut self.news);
        news.sort_unstable();
        let take = |subject: Subject| {
            let held = self.subjects.get_mut(&subject)?;
            held.has_news = false;
            Some((subject, held.state.presence().clone()))
        };
        news.into_iter().filter_map(take).collect()
    }

    /// How often actions were taken and symbols performed since the last call, and how often not, and why.
    pub fn take_counts(&mut self) -> Vec<Counted> {
        self.counts.take(&self.layout)
    }

    /// How the objectives of a subject stand at the engine's clock; none if it is not held here.
    pub fn budgets(&self, subject: &Subject) -> Option<Vec<BudgetNow>> {
        let held = self.subjects.get(subject).filter(|held| held.is_aligned)?;
        Some(held.state.budgets(&self.rules, self.now))
    }

    /// How every subject is besides its levels.
    pub fn presences(&self) -> Vec<(Subject, Presence)> {
        self.subjects.iter().map(|(subject, held)| (subject.clone(), held.state.presence().clone())).collect()
    }

    /// Actions that were taken and whose webhooks have not taken them yet.
    pub fn pending_actions(&self) -> impl Iterator<Item = (&Subject, &Action)> {
        self.subjects.iter().flat_map(|(subject, held)| held.state.pending_actions().iter().map(move |a| (subject, a)))
    }

    fn advance(&mut self, now: Timestamp, events: &mut Vec<Event>) {
        while let Some(Reverse((due, _))) = self.timers.peek()
            && *due <= now
        {
            let Some(Reverse((due, subject))) = self.timers.pop() else { break };
            let Some(held) = self.subjects.get_mut(&subject) else { continue };
            if held.timer != Some(due) {
                continue;
            }
            held.timer = None;
            // The subject may be due later than its timer says: samples put off its staleness.
            if !held.is_aligned || held.state.due(&self.rules).is_some_and(|really| really <= due) {
                self.now = self.now.max(due);
                self.touch(&subject, events, SubjectState::elapse);
            } else {
                self.schedule(&subject);
            }
        }
    }

    fn touch<T>(
        &mut self,
        subject: &Subject,
        events: &mut Vec<Event>,
        change: impl FnOnce(&mut SubjectState, &Context<'_>, &mut Counts, &mut Vec<Event>) -> T,
    ) -> T {
        if !self.subjects.contains_key(subject) {
            self.subjects.insert(subject.clone(), Held::default());
        }
        let held = self.subjects.get_mut(subject).expect("it was put there a line ago");
        let (seq, judged_at) = held.state.latest();
        let Self { partition, rules, layout, now, counts, .. } = self;
        let context = Context { partition: *partition, subject, rules, layout, now: *now, seq, judged_at };
        let told = events.len();
        if !std::mem::replace(&mut held.is_aligned, true) {
            held.state.align(&context, events);
        }
        let result = change(&mut held.state, &context, counts, events);
        if held.state.hear(&events[told..]) && !std::mem::replace(&mut held.has_news, true) {
            self.news.push(subject.clone());
        }
        if !std::mem::replace(&mut held.is_changed, true) {
            self.changed.push(subject.clone());
        }
        self.schedule(subject);
        result
    }

    /// Puts what was saved under the rules in force where they have it. They are the same, so nothing follows from it.
    fn align(&mut self, subject: &Subject) {
        let Some(held) = self.subjects.get_mut(subject) else { return };
        let (seq, judged_at) = held.state.latest();
        let Self { partition, rules, layout, now, .. } = self;
        let context = Context { partition: *partition, subject, rules, layout, now: *now, seq, judged_at };
        held.state.align(&context, &mut Vec::new());
    }

    /// Sets the subject's timer, unless it has one that is early enough.
    fn schedule(&mut self, subject: &Subject) {
        let Some(held) = self.subjects.get_mut(subject) else { return };
        let due = if held.is_aligned { held.state.due(&self.rules) } else { Some(self.now) };
        let Some(due) = due else { return };
        if held.timer.is_none_or(|timer| due < timer) {
            held.timer = Some(due);
            self.timers.push(Reverse((due, subject.clone())));
        }
    }
}

#[cfg(test)]
mod tests;
