//! The shipped tests cover the shipped rules: whatever is taken out of the rules, or changed by a little, some test fails.

use rules::Rules;

use super::*;

mod actions;
mod alerts;
mod conditions;
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

    /// Every change makes a test fail, but for those that no test can notice: what begins with one of `not_testable`.
    /// The tests of the files `first` are asked first.
    fn check(mut self, first: &[&str], not_testable: &[&str]) {
        for beginning in not_testable {
            let before = self.list.len();
            self.list.retain(|mutant| !mutant.what.starts_with(beginning));
            assert!(self.list.len() < before, "nothing begins with `{beginning}`");
        }
        let cases = shipped_cases(first);
        let passes = |rules: Rules| {
            let rules = Arc::new(rules);
            cases.iter().all(|case| run(case, &rules, true).is_empty())
        };
        let survivors: Vec<String> =
            self.list.into_iter().filter_map(|mutant| passes(mutant.rules).then_some(mutant.what)).collect();
        assert!(survivors.is_empty(), "no test in config/tests notices:\n{}", survivors.join("\n"));
    }
}

/// All shipped tests, those of the files named `first` before the others.
fn shipped_cases(first: &[&str]) -> Vec<Case> {
    let mut files = super::super::files(&[shipped_folder().to_owned()]).unwrap();
    let place =
        |path: &Path| first.iter().position(|name| path.ends_with(format!("{name}.yml"))).unwrap_or(first.len());
    files.sort_by_key(|path| place(path));
    files.iter().flat_map(|path| super::super::load(path, None).unwrap().1).collect()
}
