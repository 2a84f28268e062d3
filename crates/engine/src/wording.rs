//! The one line of an alert, in both languages. It states the edge and the value and lets the reader compare, because
//! after a hold the value may lie within the hysteresis.

use std::time::Duration;

use domain::{Priority, Side, Subject, Text};
use rules::{Band, Edge};

/// The summary of an alert on an edge.
pub(crate) fn summary(subject: &Subject, band: &Band, edge: &Edge, value: f64) -> Text {
    let (word_en, word_ru) = match edge.priority {
        Priority::P0 => ("critical", "критично"),
        Priority::P1 => ("BLOCK", "BLOCK"),
        Priority::P2 => ("WARN", "WARN"),
    };
    let at = number(edge.at);
    let (zone_en, zone_ru) = match (edge.side, edge.inclusive) {
        (Side::High, true) => (format!("from {at} up"), format!("от {at} и выше")),
        (Side::High, false) => (format!("above {at}"), format!("выше {at}")),
        (Side::Low, true) => (format!("from {at} down"), format!("от {at} и ниже")),
        (Side::Low, false) => (format!("below {at}"), format!("ниже {at}")),
    };
    let (held_en, held_ru) = match edge.hold.is_zero() {
        true => (String::new(), String::new()),
        false => (format!(", for {}", span(edge.hold, false)), format!(", уже {}", span(edge.hold, true))),
    };
    let value = number(value);
    Text::new(
        format!("{} of {subject} is {value}: {word_en} {zone_en}{held_en}", band.name.en),
        comma(&format!("{} {subject}: {value}; {word_ru} {zone_ru}{held_ru}", band.name.ru), subject),
    )
}

/// What is asked of a value by an edge, with the value.
pub(crate) fn beyond(band: &Band, edge: &Edge, value: f64) -> Text {
    let sign = match (edge.side, edge.inclusive) {
        (Side::High, true) => "≥",
        (Side::High, false) => ">",
        (Side::Low, true) => "≤",
        (Side::Low, false) => "<",
    };
    let text = format!("{} {} {sign} {}", band.vital, number(value), number(edge.at));
    let ru = text.replace('.', ",");
    Text::new(text, ru)
}

/// The summary of the alert on a silent subject.
///
/// `silent` are the names of the vitals that are missing.
pub(crate) fn silence(subject: &Subject, silent: &Text, is_whole: bool, after: Duration) -> Text {
    let (en, ru) = (span(after, false), span(after, true));
    if is_whole {
        return Text::new(format!("No sample from {subject} for {en}"), format!("От {subject} нет данных уже {ru}"));
    }
    Text::new(
        format!("{subject} sends samples, but no {} for {en}", silent.en),
        format!("{subject} шлёт данные, но уже {ru} нет значений: {}", silent.ru),
    )
}

/// Two digits, three where the third matters.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.strip_suffix('0').map(str::to_owned).unwrap_or(text)
}

/// Decimal commas, as Russian has them, but not within the subject's name.
fn comma(text: &str, subject: &Subject) -> String {
    let swap = |part: &str| part.replace("0.", "0,").replace("1.", "1,");
    text.split(subject.as_str()).map(swap).collect::<Vec<_>>().join(subject.as_str())
}

pub(crate) fn span(duration: Duration, is_russian: bool) -> String {
    let seconds = duration.as_secs();
    let (count, en, ru) = match seconds {
        0 => return format!("{} {}", duration.as_millis(), if is_russian { "мс" } else { "ms" }),
        s if s % 3_600 == 0 => (s / 3_600, "h", "ч"),
        s if s % 60 == 0 => (s / 60, "min", "мин"),
        s => (s, "s", "с"),
    };
    format!("{count} {}", if is_russian { ru } else { en })
}
