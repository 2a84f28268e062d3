//! Why something was done, as people say it, with the numbers and in both languages.

use conditions::{Condition, Fact, Slot};
use domain::{Text, Vital};
use rules::Rules;

use crate::phrases;
use crate::slots::Slots;

/// What made `condition` hold, and what is said to it: "Clarity 0.88 above 0.85: play begins".
pub(crate) fn because(rules: &Rules, slots: &Slots, condition: &Condition, says: &Text) -> Text {
    let why = why(rules, slots, condition);
    Text::new(format!("{}: {}", why.en, says.en), format!("{}: {}", why.ru, says.ru))
}

/// What makes `condition` hold, or not. Of a derived signal that takes part, what is behind it follows in brackets, as
/// far as it holds: the title alone has no numbers.
pub(crate) fn why(rules: &Rules, slots: &Slots, condition: &Condition) -> Text {
    let mut facts = condition.facts(slots.values(), &rules.signals.vocabulary);
    for Fact { says, flag } in &mut facts {
        let derived = rules.signals.derived.iter().find(|derived| Some(derived.slot) == *flag);
        if let Some(derived) = derived.filter(|derived| derived.when.holds(slots.values())) {
            let behind = together(derived.when.facts(slots.values(), &rules.signals.vocabulary));
            let behind = phrases::signal(derived, true, behind);
            says.en.push_str(&format!(" ({})", behind.en));
            says.ru.push_str(&format!(" ({})", behind.ru));
        }
    }
    let Text { en, ru } = together(facts);
    Text::new(beginning(&en), beginning(&ru))
}

/// What people call these vitals, within a sentence.
pub(crate) fn names(rules: &Rules, vitals: &[Vital]) -> Text {
    // A vital's index is its slot.
    let slots = vitals.iter().filter_map(|vital| u16::try_from(vital.index()).ok().map(Slot));
    let titles: Vec<&Text> = slots.filter_map(|slot| rules.signals.vocabulary.title(slot)).collect();
    let join = |of: fn(&Text) -> &str| titles.iter().map(|title| of(title)).collect::<Vec<_>>().join(", ");
    Text::new(join(|title| &title.en), join(|title| &title.ru))
}

/// "a, b and c". Each is true, so all of them are.
fn together(facts: Vec<Fact>) -> Text {
    let mut facts = facts.into_iter().map(|fact| fact.says).rev();
    let last = facts.next().unwrap_or_default();
    let Some(before) = facts.next() else { return last };
    let both = Text::new(format!("{} and {}", before.en, last.en), format!("{} и {}", before.ru, last.ru));
    facts.fold(both, |rest, fact| Text::new(format!("{}, {}", fact.en, rest.en), format!("{}, {}", fact.ru, rest.ru)))
}

/// As it begins a sentence.
fn beginning(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}
