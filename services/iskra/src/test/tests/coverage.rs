//! The shipped tests cover the shipped rules: whatever is taken out of the rules, or changed by a little, some test fails.

use std::path::PathBuf;

use rules::{Rules, Signals};

use super::*;

mod actions;
mod alerts;
mod chorus;
mod conditions;
mod fields;
mod objectives;
mod signals;
mod states;
mod voices;

/// Something that is changed, and the rules with it.
struct Mutant {
    what: String,
    rules: Rules,
}

/// Changed rules, each in one thing.
struct Mutants {
    shipped: Rules,
    list: Vec<Mutant>,
}

impl Mutants {
    fn new() -> Self {
        Self { shipped: Rules::load_folder(&shipped_folder().join("..")).unwrap(), list: Vec::new() }
    }

    fn add<T>(&mut self, what: impl Into<String>, change: impl FnOnce(&mut Rules) -> T) {
        let what = what.into();
        let mut rules = self.shipped.clone();
        change(&mut rules);
        assert_ne!(rules, self.shipped, "{what} changes nothing");
        self.list.push(Mutant { what, rules });
    }

    /// A little more and a little less of a time.
    fn add_times(&mut self, what: &str, of: impl Fn(&mut Rules) -> &mut std::time::Duration) {
        const LITTLE: std::time::Duration = std::time::Duration::from_secs(1);
        self.add(format!("{what} + 1s"), |rules| *of(rules) += LITTLE);
        if of(&mut self.shipped.clone()) >= &mut LITTLE.clone() {
            self.add(format!("{what} - 1s"), |rules| *of(rules) -= LITTLE);
        }
    }

    /// A little more and a little less of a number.
    fn add_numbers(&mut self, what: &str, little: f64, of: impl Fn(&mut Rules) -> &mut f64) {
        self.add(format!("{what} + {little}"), |rules| *of(rules) += little);
        self.add(format!("{what} - {little}"), |rules| *of(rules) -= little);
    }

    /// Every change makes a test fail, but for those that no test can notice: what begins with one of `not_testable`. That
    /// something is there at all can always be noticed.
    /// The tests of the files `first` are asked first.
    fn check(mut self, first: &[&str], not_testable: &[&str]) {
        for beginning in not_testable {
            let before = self.list.len();
            self.list.retain(|mutant| mutant.what.ends_with(" removed") || !mutant.what.starts_with(beginning));
            assert!(self.list.len() < before, "nothing begins with `{beginning}`");
        }
        let cases = shipped_cases(first);
        let passes = |rules: Rules| {
            let rules = Arc::new(rules);
            cases.iter().all(|(case, signals)| match signals {
                None => run(case, &rules, true).is_empty(),
                Some(signals) => {
                    let rules = Rules { signals: signals.clone(), ..Rules::clone(&rules) };
                    run(case, &Arc::new(rules), true).is_empty()
                }
            })
        };
        let survivors: Vec<String> =
            self.list.into_iter().filter_map(|mutant| passes(mutant.rules).then_some(mutant.what)).collect();
        assert!(survivors.is_empty(), "no test in config/tests notices:\n{}", survivors.join("\n"));
    }
}

/// All shipped tests, those of the files named `first` before the others; and the signals of those that have their own.
fn shipped_cases(first: &[&str]) -> Vec<(Case, Option<Signals>)> {
    let mut files = super::super::files(&[shipped_folder().to_owned()]).unwrap();
    let place =
        |path: &Path| first.iter().position(|name| path.ends_with(format!("{name}.yml"))).unwrap_or(first.len());
    files.sort_by_key(|path| place(path));
    let cases = |path: &PathBuf| {
        let (rules, cases) = super::super::load(path, None).unwrap();
        let own = own_signals(&rules);
        cases.into_iter().map(move |case| (case, own.clone()))
    };
    files.iter().flat_map(cases).collect()
}

/// The signals of rules that have their own, and else are the shipped ones. Other rules than those would have to be changed
/// in the same way as the shipped ones, or their tests would notice everything.
fn own_signals(rules: &Rules) -> Option<Signals> {
    let shipped = Rules::built_in();
    if *rules == shipped {
        return None;
    }
    let (own, hash) = (rules.signals.clone(), rules.hash.clone());
    assert!(*rules == Rules { signals: own.clone(), hash, ..shipped }, "more than the signals is different");
    Some(own)
}
