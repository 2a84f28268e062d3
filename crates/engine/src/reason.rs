//! Why something was done, in words and numbers, in both languages.

use conditions::{Condition, Detail};
use domain::Text;
use rules::Rules;

use crate::explain::explained;
use crate::slots::Slots;
use crate::wording;

/// What made `condition` hold, and what is said to it: "clarity 0.88 > 0.85: play begins".
pub(crate) fn because(rules: &Rules, slots: &Slots, condition: &Condition, says: &Text) -> Text {
    let why = holds(rules, slots, condition);
    Text::new(format!("{}: {}", why.en, says.en), format!("{}: {}", why.ru, says.ru))
}

/// What made `condition` hold. Of a derived signal that took part, what is behind it follows in brackets, as far as it
/// holds: the name alone has no numbers.
fn holds(rules: &Rules, slots: &Slots, condition: &Condition) -> Text {
    let mut text = explained(rules, slots, condition, Detail::Deciding);
    for derived in rules.signals.derived.iter().filter(|derived| condition.slots().contains(&derived.slot)) {
        if slots.values()[derived.slot.index()] != 1.0
            || !text.en.contains(&derived.name)
            || !derived.when.holds(slots.values())
        {
            continue;
        }
        let behind = explained(rules, slots, &derived.when, Detail::Deciding);
        let (for_en, for_ru) = match derived.hold.is_zero() {
            true => (String::new(), String::new()),
            false => {
                let [en, ru] = [false, true].map(|is_russian| wording::span(derived.hold, is_russian));
                (format!(" for {en}"), format!(" уже {ru}"))
            }
        };
        text.en.push_str(&format!(" ({}{for_en})", behind.en));
        text.ru.push_str(&format!(" ({}{for_ru})", behind.ru));
    }
    text
}
