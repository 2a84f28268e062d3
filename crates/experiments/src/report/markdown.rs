//! The log of an experiment, for people.

use std::fmt::Write as _;
use std::time::Duration;

use domain::{Language, Simulated, Text};
use yaml_file::write_duration;

use super::checks::signed;
use super::{Checked, Report};

pub(super) fn write(report: &Report, language: Language) -> String {
    let mut writer = Writer { language, text: String::new() };
    writer.head(report);
    writer.checks(&report.checks);
    writer.figures(report);
    writer.story(report);
    writer.text
}

struct Writer {
    language: Language,
    text: String,
}

impl Writer {
    fn say(&self, en: &'static str, ru: &'static str) -> &'static str {
        match self.language {
            Language::En => en,
            Language::Ru => ru,
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn own<'a>(&self, text: &'a Text) -> &'a str {
        text.get(self.language)
    }

    fn head(&mut self, report: &Report) {
        self.line(&format!("# {}\n", plain(self.own(&report.title))));
        let verdict = match report.passed {
            true => self.say("PASSED", "ПРОЙДЕН"),
            false => self.say("FAILED", "НЕ ПРОЙДЕН"),
        };
        let passed = report.checks.iter().filter(|check| check.passed).count();
        let of = self.say("checks passed", "проверок пройдено");
        self.line(&format!("**{verdict}** — {of}: {passed}/{}\n", report.checks.len()));
        let hypothesis = self.say("Hypothesis", "Гипотеза");
        self.line(&format!("{hypothesis}: {}\n", plain(self.own(&report.hypothesis))));
        let simulated = match report.simulated {
            None => self.say("no: a real subject", "нет: настоящий субъект"),
            Some(Simulated::Inbox) => self
                .say("yes; shown in the inbox, nobody outside is told", "да; видно во входящих, наружу не сообщается"),
            Some(Simulated::People) => self.say("yes; people are told: a drill", "да; людям сообщается: учение"),
        };
        let time = |at: Option<domain::Timestamp>| at.map_or_else(|| "—".to_owned(), |at| at.to_string());
        let rows = [
            (self.say("experiment", "эксперимент"), plain(&report.name)),
            (self.say("subject", "субъект"), plain(report.subject.as_str())),
            (self.say("simulated", "симуляция"), simulated.to_owned()),
            (self.say("run by", "провёл"), plain(&report.by)),
            (self.say("began", "начало"), time(report.from)),
            (self.say("ended", "конец"), time(report.until)),
            (
                self.say("ended as", "исход"),
                report.outcome.map_or_else(|| "—".to_owned(), |outcome| outcome.name().to_owned()),
            ),
            (self.say("because", "потому что"), plain(self.own(&report.reason))),
            (self.say("seed", "зерно"), report.seed.to_string()),
        ];
        self.line("| | |\n|---|---|");
        for (name, value) in rows {
            self.line(&format!("| {name} | {value} |"));
        }
    }

    fn checks(&mut self, checks: &[Checked]) {
        let (title, columns) = (
            self.say("What had to be seen", "Что должно было быть видно"),
            self.say("| | when | line | what | had to be | was |", "| | когда | строка | что | должно быть | было |"),
        );
        self.line(&format!("\n## {title}\n\n{columns}\n|---|---|---|---|---|---|"));
        for check in checks {
            let mark = if check.passed { "✓" } else { "✗" };
            let line = if check.line == 0 { "—".to_owned() } else { check.line.to_string() };
            let cells = [moment(check), line, check.what.clone(), listed(&check.expected), listed(&check.was)];
            let cells: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
            self.line(&format!("| {mark} | {} |", cells.join(" | ")));
        }
    }

    fn figures(&mut self, report: &Report) {
        let (title, columns) = (
            self.say("What was measured", "Что измерено"),
            self.say(
                "| vital | before | after | change | least | greatest |",
                "| показатель | было | стало | изменение | наименьшее | наибольшее |",
            ),
        );
        self.line(&format!("\n## {title}\n\n{columns}\n|---|---|---|---|---|---|"));
        for (vital, measured) in &report.figures.vitals {
            let from = measured.from.map_or_else(|| "—".to_owned(), |from| from.to_string());
            let change = measured.from.map_or_else(|| "—".to_owned(), |from| signed(measured.to - from));
            self.line(&format!(
                "| {vital} | {from} | {} | {change} | {} | {} |",
                measured.to, measured.least, measured.greatest
            ));
        }
        let (samples, alerts, events) =
            (self.say("samples", "отсчётов"), self.say("alerts", "оповещения"), self.say("events", "события"));
        let figures = &report.figures;
        self.line(&format!(
            "\n{samples}: {}; {alerts}: {}; {events}: {}",
            figures.samples,
            counts(&figures.alerts),
            counts(&figures.events)
        ));
    }

    fn story(&mut self, report: &Report) {
        let title = self.say("What the engine said", "Что сказал движок");
        self.line(&format!("\n## {title}\n\n```text"));
        for line in &report.story {
            // Nothing of it may end the block.
            self.line(&line.replace("```", "'''"));
        }
        if report.untold > 0 {
            let more = self.say("more", "ещё");
            self.line(&format!("… {more}: {}", report.untold));
        }
        self.line("```");
    }
}

/// When it had to be, and when it was if that is another moment.
fn moment(check: &Checked) -> String {
    let written = |seconds: f64| write_duration(Duration::from_secs_f64(seconds.max(0.0)));
    let at = written(check.at_seconds);
    match check.is_deadline {
        true if check.passed => format!("≤ {at}: {}", written(check.decided_seconds)),
        true => format!("≤ {at}"),
        false => at,
    }
}

fn listed(texts: &[String]) -> String {
    if texts.is_empty() { "—".to_owned() } else { texts.join(", ") }
}

fn counts(counts: &std::collections::BTreeMap<&'static str, u64>) -> String {
    if counts.is_empty() {
        return "0".to_owned();
    }
    counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
}

/// Text that means nothing to Markdown: what people wrote must not look like ours.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '*' | '`' | '[' | ']' | '<' | '\\' | '#' => {
                write!(plain, "\\{c}").expect("a text takes what is written")
            }
            '\n' | '\r' => plain.push(' '),
            _ => plain.push(c),
        }
    }
    plain
}
