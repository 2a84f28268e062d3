//! Why an experiment did not begin, or ended, in both languages.

use std::time::Duration;

use domain::{Experiment, StopCondition, Text, limits};
use rules::{ActionRule, Band, Rules, next_in_week};

use crate::context::Context;
use crate::wording::{number, span};

pub(super) fn another_runs(running: &Experiment) -> Text {
    let Experiment { name, until, .. } = running;
    Text::new(
        format!("`{name}` runs on it, until {until} at the latest"),
        format!("Над ним уже идёт `{name}`, самое позднее до {until}"),
    )
}

pub(super) fn veto(rules: &Rules) -> Text {
    let (veto, who) = (&rules.voices.veto, &rules.voices.get(rules.voices.veto.voice).name);
    Text::new(format!("{} objects. {}", who.en, veto.reason.en), format!("{} возражает. {}", who.ru, veto.reason.ru))
}

pub(super) fn outside_window(context: &Context<'_>) -> Text {
    let (subject, windows) = (context.subject, &context.rules.escalation.chaos);
    let next = windows.iter().map(|window| next_in_week(window.begins, context.now)).min();
    let (next_en, next_ru) = match next {
        Some(next) => (format!("the next begins at {next}"), format!("следующее начнётся {next}")),
        None => ("there is none".to_owned(), "такого окна нет".to_owned()),
    };
    Text::new(
        format!("`{subject}` is a production subject, so this needs a chaos window: {next_en}"),
        format!("`{subject}` — боевой субъект, для него нужно окно хаоса: {next_ru}"),
    )
}

pub(super) fn window_closed() -> Text {
    Text::new("The chaos window is over", "Окно хаоса закрылось")
}

/// To be simulated, a subject must be nobody else's.
pub(super) fn others_send() -> Text {
    Text::new(
        "It is real: others send samples of it, or an alert of it fires. Simulate another subject",
        "Он настоящий: о нём шлют данные другие, или звучит его тревога. Для симуляции нужен другой субъект",
    )
}

/// Of a real subject something must be known.
pub(super) fn nothing_real() -> Text {
    Text::new(
        "Nothing real is known of it now: no sample comes, or it was simulated a moment ago",
        "О нём сейчас не известно ничего настоящего: данных нет, или он только что был симуляцией",
    )
}

/// A stop condition that is met, or cannot be watched because the value is not known.
pub(super) fn limit(band: &Band, stop: &StopCondition, value: f64) -> Text {
    let Text { en, ru } = &band.name;
    if value.is_nan() {
        return Text::new(
            format!("{en} is not known: nobody could tell when to stop"),
            format!("{ru}: значение неизвестно, и не видно, когда остановиться"),
        );
    }
    let above = stop.above.filter(|bar| value > bar.get()).map(|bar| (bar, "above", "выше"));
    let below = stop.below.map(|bar| (bar, "below", "ниже"));
    let (bar, is_en, is_ru) = above
        .or(below)
        .map_or(("?".to_owned(), "beyond", "за"), |(bar, is_en, is_ru)| (number(bar.get()), is_en, is_ru));
    let value = number(value);
    Text::new(
        format!("{en} {value} {is_en} {bar}: a stop condition"),
        format!("{ru} {value} {is_ru} {bar}: условие остановки").replace('.', ","),
    )
}

pub(super) fn action(rule: &ActionRule) -> Text {
    let Text { en, ru } = &rule.name;
    Text::new(format!("`{}` is in effect: {en}", rule.id), format!("Действует `{}`: {ru}", rule.id))
}

pub(super) fn overdue(experiment: &Experiment) -> Text {
    let lasted = experiment.until.since(experiment.from);
    Text::new(
        format!("It was to last {} at the most", span(lasted, false)),
        format!("Он должен был длиться не больше {}", span(lasted, true)),
    )
}

pub(super) fn lost() -> Text {
    let lease: Duration = limits::RUNNER_LEASE;
    Text::new(
        format!("Nothing was heard of its runner for {}", span(lease, false)),
        format!("Ведущий эксперимента молчит уже {}", span(lease, true)),
    )
}

pub(super) fn passed(note: &str) -> Text {
    with_note(Text::new("All that had to be seen was seen", "Всё, что должно было произойти, произошло"), note)
}

pub(super) fn failed(note: &str) -> Text {
    with_note(Text::new("Not all that had to be seen was seen", "Произошло не всё, что должно было"), note)
}

pub(super) fn stopped(by: Option<&str>, note: &str) -> Text {
    let text = match by {
        Some(by) => Text::new(format!("Stopped by {by}"), format!("Остановлено: {by}")),
        None => Text::new("Stopped", "Остановлено"),
    };
    with_note(text, note)
}

fn with_note(text: Text, note: &str) -> Text {
    if note.is_empty() {
        return text;
    }
    Text::new(format!("{}: {note}", text.en), format!("{}: {note}", text.ru))
}
