use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
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
    /// Where each subject is held: its name is looked up once for each input.
    places: HashMap<Subject, usize>,
    held: Vec<Held>,
    /// When to look at a subject again: never later than it is due, perhaps earlier. Those due at one moment are looked at
    /// by name, however they came here.
    timers: BinaryHeap<Reverse<(Timestamp, Subject, usize)>>,
    /// Who changed since all were last saved; some of them were saved in the meantime.
    changed: Vec<usize>,
    /// Whose presence changed.
    news: Vec<usize>,
    counts: Counts,
    unjudged: Unjudged,
}

#[derive(Debug)]
struct Held {
    subject: Subject,
    state: SubjectState,
    /// Its one timer; others of it in the heap are void.
    timer: Option<Timestamp>,
    is_changed: bool,
    /// Whether its presence changed since it was last taken.
    has_news: bool,
    /// Whether its parts lie as the rules in force have them.
    is_aligned: bool,
}

impl Held {
    const fn new(subject: Subject, state: SubjectState) -> Self {
        Self { subject, state, timer: None, is_changed: false, has_news: false, is_aligned: false }
    }

    fn present(&self) -> (&Subject, Vitals, &Verdict) {
        (&self.subject, self.state.vitals(), self.state.verdict())
    }

    /// What to save, if it changed since this was last asked.
    fn save(&mut self) -> Option<(Subject, String)> {
        let json = || serde_json::to_string(&self.state).expect("a state has text keys and finite numbers only");
        std::mem::take(&mut self.is_changed).then(|| (self.subject.clone(), json()))
    }
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
            places: HashMap::new(),
            held: Vec::new(),
            timers: BinaryHeap::new(),
            changed: Vec::new(),
            news: Vec::new(),
            unjudged: Unjudged::default(),
        }
    }

    /// An engine that goes on from what another one had saved; its clock was at `now` when it had saved all. Subjects that it
    /// saved later do nothing until they come to where they were: entries that they have seen may be given again.
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
            let place = engine.hold(subject, state);
            if is_same {
                engine.align(place);
            }
            engine.schedule(place);
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
        self.held.len()
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
                let place = self.places.get(&sample.subject).copied();
                let place = place.unwrap_or_else(|| self.hold(sample.subject.clone(), SubjectState::default()));
                if !self.held[place].state.sees(seq) {
                    return;
                }
                let judged = self.touch(place, events, |state, context, counts, events| {
                    state.sample(context, seq, sample, counts, events)
                });
                match judged {
                    Judged::Yes => {}
                    Judged::Superseded => self.unjudged.superseded += 1,
                    Judged::Late => self.unjudged.late += 1,
                }
            }
            // Of a subject that was never judged there is nothing to command, but that it be simulated.
            Input::Command(seq, subject, command) => {
                let is_begun = matches!(command, Command::Experiment { .. });
                let place = self.places.get(subject).copied();
                let place = place.or_else(|| is_begun.then(|| self.hold(subject.clone(), SubjectState::default())));
                if let Some(place) = place
                    && self.held[place].state.sees(seq)
                {
                    self.touch(place, events, |state, context, _, events| state.command(context, seq, command, events));
                }
            }
        }
    }

    /// When time alone may next bring something about; a tick before it does nothing.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.timers.peek().map(|Reverse((due, ..))| *due)
    }

    /// Goes on under other rules. What they no longer know ends with the next step.
    pub fn adopt(&mut self, rules: Arc<Rules>) {
        self.layout = Layout::new(&rules);
        self.counts.align(&self.layout);
        self.rules = rules;
        for place in 0..self.held.len() {
            // Other rules, other times.
            let held = &mut self.held[place];
            (held.timer, held.is_aligned) = (None, false);
            self.schedule(place);
        }
    }

    /// The latest judged values and the verdict of every subject.
    pub fn all(&self) -> impl Iterator<Item = (&Subject, Vitals, &Verdict)> {
        self.held.iter().map(Held::present)
    }

    /// The latest judged values and the verdict of a subject; none if it is not held here.
    pub fn present(&self, subject: &Subject) -> Option<(&Subject, Vitals, &Verdict)> {
        Some(self.held[*self.places.get(subject)?].present())
    }

    /// Whether there may be something to save.
    pub const fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// What to save: every subject that changed and was not saved since, by name.
    pub fn take_changed(&mut self) -> Vec<(Subject, String)> {
        let mut changed: Vec<_> = self.changed.drain(..).filter_map(|place| self.held[place].save()).collect();
        changed.sort_unstable();
        changed
    }

    /// What to save with these events: the subjects that they are about, by name. Others that changed have moved without
    /// a word, and come to the same again from what was saved of them before.
    pub fn take_told(&mut self, events: &[Event]) -> Vec<(Subject, String)> {
        let told: BTreeSet<&Subject> = events.iter().map(|event| &event.subject).collect();
        told.into_iter().filter_map(|subject| self.held[*self.places.get(subject)?].save()).collect()
    }

    /// How subjects are besides their levels, of those for which that changed since the last call; by name.
    pub fn take_presences(&mut self) -> Vec<(Subject, Presence)> {
        let take = |place: usize| {
            let held = &mut self.held[place];
            held.has_news = false;
            (held.subject.clone(), held.state.presence().clone())
        };
        let mut news: Vec<_> = self.news.drain(..).map(take).collect();
        news.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        news
    }

    /// How often actions were taken and symbols performed since the last call, and how often not, and why.
    pub fn take_counts(&mut self) -> Vec<Counted> {
        self.counts.take(&self.layout)
    }

    /// How the objectives of a subject stand at the engine's clock; none if it is not held here.
    pub fn budgets(&self, subject: &Subject) -> Option<Vec<BudgetNow>> {
        let held = self.places.get(subject).map(|place| &self.held[*place]).filter(|held| held.is_aligned)?;
        Some(held.state.budgets(&self.rules, self.now))
    }

    /// How every subject is besides its levels.
    pub fn presences(&self) -> Vec<(Subject, Presence)> {
        self.held.iter().map(|held| (held.subject.clone(), held.state.presence().clone())).collect()
    }

    /// Actions that were taken and whose webhooks have not taken them yet.
    pub fn pending_actions(&self) -> impl Iterator<Item = (&Subject, &Action)> {
        self.held.iter().flat_map(|held| held.state.pending_actions().iter().map(|action| (&held.subject, action)))
    }

    fn hold(&mut self, subject: Subject, state: SubjectState) -> usize {
        let place = self.held.len();
        self.places.insert(subject.clone(), place);
        self.held.push(Held::new(subject, state));
        place
    }

    fn advance(&mut self, now: Timestamp, events: &mut Vec<Event>) {
        while let Some(Reverse((due, ..))) = self.timers.peek()
            && *due <= now
        {
            let Some(Reverse((due, _, place))) = self.timers.pop() else { break };
            let held = &mut self.held[place];
            if held.timer != Some(due) {
                continue;
            }
            held.timer = None;
            // The subject may be due later than its timer says: samples put off its staleness.
            if !held.is_aligned || held.state.due(&self.rules).is_some_and(|really| really <= due) {
                self.now = self.now.max(due);
                self.touch(place, events, SubjectState::elapse);
            } else {
                self.schedule(place);
            }
        }
    }

    fn touch<T>(
        &mut self,
        place: usize,
        events: &mut Vec<Event>,
        change: impl FnOnce(&mut SubjectState, &Context<'_>, &mut Counts, &mut Vec<Event>) -> T,
    ) -> T {
        let Self { partition, rules, layout, now, counts, held, .. } = self;
        let Held { subject, state, is_changed, has_news, is_aligned, .. } = &mut held[place];
        let silences = state.silences();
        let context = Context::of(state, subject, (rules, layout, &silences), (*partition, *now));
        let told = events.len();
        if !std::mem::replace(is_aligned, true) {
            state.align(&context, events);
        }
        state.live(*now);
        let result = change(state, &context, counts, events);
        if state.hear(&context, told, events) && !std::mem::replace(has_news, true) {
            self.news.push(place);
        }
        if !std::mem::replace(is_changed, true) {
            self.changed.push(place);
        }
        self.schedule(place);
        result
    }

    /// Puts what was saved under the rules in force where they have it. They are the same, so nothing follows from it.
    fn align(&mut self, place: usize) {
        let Self { partition, rules, layout, now, held, .. } = self;
        let Held { subject, state, is_aligned, .. } = &mut held[place];
        let silences = state.silences();
        let now = state.lived().max(*now);
        let context = Context::of(state, subject, (rules, layout, &silences), (*partition, now));
        state.align(&context, &mut Vec::new());
        *is_aligned = true;
    }

    /// Sets the subject's timer, unless it has one that is early enough.
    fn schedule(&mut self, place: usize) {
        let held = &mut self.held[place];
        let is_aligned = held.is_aligned;
        let due = if is_aligned { held.state.due(&self.rules) } else { Some(held.state.lived().max(self.now)) };
        let Some(due) = due else { return };
        if held.timer.is_none_or(|timer| due < timer) {
            held.timer = Some(due);
            self.timers.push(Reverse((due, held.subject.clone(), place)));
        }
    }
}

#[cfg(test)]
mod tests;
