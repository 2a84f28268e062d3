//! How often something was done and not done. What the engine has counted is taken from it and added up elsewhere.

use domain::Suppression;
use serde::{Deserialize, Serialize};

use crate::explain::RuleKind;
use crate::layout::{Aligned, Layout};

/// How often the condition of a rule became true since the last time that this was asked, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// An action or a symbol.
    pub kind: RuleKind,
    /// Its name.
    pub rule: String,
    /// So often it was done.
    pub taken: u64,
    /// So often it was not done, for each reason in the order of [`Suppression::ALL`].
    pub suppressed: [u64; Suppression::ALL.len()],
}

/// What an engine has counted of all its subjects.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    actions: Aligned<Tally>,
    symbols: Aligned<Tally>,
    has_any: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Tally {
    taken: u64,
    suppressed: [u64; Suppression::ALL.len()],
}

impl Counts {
    /// Makes place for the rules in force. What was counted of others is forgotten: take it before.
    pub(crate) fn align(&mut self, layout: &Layout) {
        self.actions.align(&layout.actions);
        self.symbols.align(&layout.symbols);
    }

    /// An action was taken, or why not.
    pub(crate) fn action(&mut self, place: usize, suppressed: Option<Suppression>) {
        self.actions.items[place].count(suppressed);
        self.has_any = true;
    }

    /// A symbol was performed, or why not.
    pub(crate) fn symbol(&mut self, place: usize, suppressed: Option<Suppression>) {
        self.symbols.items[place].count(suppressed);
        self.has_any = true;
    }

    /// What was counted since the last call.
    pub(crate) fn take(&mut self, layout: &Layout) -> Vec<Counted> {
        let mut all = Vec::new();
        if !std::mem::take(&mut self.has_any) {
            return all;
        }
        let actions = layout.actions.iter().zip(&mut self.actions.items).map(|item| (RuleKind::Action, item));
        let symbols = layout.symbols.iter().zip(&mut self.symbols.items).map(|item| (RuleKind::Symbol, item));
        for (kind, (name, tally)) in actions.chain(symbols).filter(|(_, (_, tally))| **tally != Tally::default()) {
            let Tally { taken, suppressed } = std::mem::take(tally);
            all.push(Counted { kind, rule: name.to_string(), taken, suppressed });
        }
        all
    }
}

impl Tally {
    fn count(&mut self, suppressed: Option<Suppression>) {
        match suppressed {
            None => self.taken += 1,
            Some(why) => self.suppressed[why as usize] += 1,
        }
    }
}
