use std::sync::Arc;

use domain::{Chorus, Subject, Timestamp, Verdict, Vitals};
use rules::Rules;

use crate::context::Context;
use crate::layout::Layout;
use crate::subject::SubjectState;
use crate::{BudgetNow, RestoreError, RuleNow};

/// Looks at subjects as engines have saved them, by the rules in force.
pub struct Views {
    rules: Arc<Rules>,
    layout: Arc<Layout>,
}

impl Views {
    /// By these rules.
    pub fn new(rules: Arc<Rules>) -> Self {
        Self { layout: Arc::new(Layout::new(&rules)), rules }
    }

    /// What an engine whose clock was at `judged_until` had saved of `subject`, looked at `now`.
    pub fn of(
        &self,
        subject: Subject,
        judged_until: Timestamp,
        now: Timestamp,
        saved: &str,
    ) -> Result<View, RestoreError> {
        let mut state: SubjectState = match serde_json::from_str(saved) {
            Ok(state) => state,
            Err(source) => return Err(RestoreError { subject, source }),
        };
        let (rules, layout) = (Arc::clone(&self.rules), Arc::clone(&self.layout));
        let silences = state.silences();
        let context = Context::of(&state, &subject, (&rules, &layout, &silences), (0, judged_until));
        // What other rules would end is not told here: it has not happened.
        state.align(&context, &mut Vec::new());
        // Nothing happens by time alone before it is due, so until then what was saved holds. What has been due for
        // longer, no engine has done yet: perhaps none runs.
        let at = state.due(&rules).map_or(now, |due| due.min(now)).max(judged_until);
        Ok(View { rules, layout, subject, at, state })
    }
}

/// One subject as it was saved, to be looked at. Nothing happens to it.
pub struct View {
    rules: Arc<Rules>,
    layout: Arc<Layout>,
    subject: Subject,
    at: Timestamp,
    state: SubjectState,
}

impl View {
    /// As of when it is looked at: now, or the moment up to which what was saved is known to hold, where no engine has
    /// looked since.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// By which rules it is looked at.
    pub fn config_hash(&self) -> &str {
        &self.rules.hash
    }

    /// How every rule stands, and why.
    pub fn explain(&self) -> Vec<RuleNow> {
        let silences = self.state.silences();
        let of_rules = (&*self.rules, &*self.layout, &silences);
        self.state.explain(&Context::of(&self.state, &self.subject, of_rules, (0, self.at)))
    }

    /// How its objectives stand.
    pub fn budgets(&self) -> Vec<BudgetNow> {
        self.state.budgets(&self.rules, self.at)
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
}

#[cfg(test)]
mod tests;
