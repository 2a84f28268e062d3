use std::sync::Arc;

use domain::{Chorus, Subject, Timestamp, Verdict, Vitals};
use rules::Rules;

use crate::context::Context;
use crate::layout::Layout;
use crate::subject::SubjectState;
use crate::{BudgetNow, RestoreError, RuleNow};

/// One subject as it was saved, to be looked at. Nothing happens to it.
pub struct View {
    rules: Arc<Rules>,
    layout: Layout,
    subject: Subject,
    now: Timestamp,
    state: SubjectState,
}

impl View {
    /// What an engine had saved of `subject`, by the rules in force, at `now`.
    pub fn new(rules: Arc<Rules>, subject: Subject, now: Timestamp, saved: &str) -> Result<Self, RestoreError> {
        let state: SubjectState = match serde_json::from_str(saved) {
            Ok(state) => state,
            Err(source) => return Err(RestoreError { subject, source }),
        };
        let mut view = Self { layout: Layout::new(&rules), rules, subject, now, state };
        // What other rules would end is not told here: it has not happened.
        let mut state = std::mem::take(&mut view.state);
        state.align(&view.context(&state), &mut Vec::new());
        view.state = state;
        Ok(view)
    }

    /// How every rule stands, and why.
    pub fn explain(&self) -> Vec<RuleNow> {
        self.state.explain(&self.context(&self.state))
    }

    /// How its objectives stand.
    pub fn budgets(&self) -> Vec<BudgetNow> {
        self.state.budgets(&self.rules, self.now)
    }

    /// How its voices stand.
    pub fn chorus(&self) -> Chorus {
        self.state.chorus(&self.rules)
    }

    /// What is held of it.
    pub const fn verdict(&self) -> &Verdict {
        self.state.verdict()
    }

    /// The latest judged values.
    pub fn vitals(&self) -> Vitals {
        self.state.vitals()
    }

    fn context(&self, state: &SubjectState) -> Context<'_> {
        let (seq, judged_at) = state.latest();
        Context {
            partition: 0,
            subject: &self.subject,
            rules: &self.rules,
            layout: &self.layout,
            now: self.now,
            seq,
            judged_at,
        }
    }
}
