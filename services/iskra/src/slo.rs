//! The monthly report on objectives.

use std::process::ExitCode;

use anyhow::Context as _;
use domain::{Language, Timestamp, Vital};
use serde::Deserialize;
use serde_json::Value;

use crate::ask::ask;
use crate::cli::{SloArguments, SloCommand};
use crate::say;

#[derive(Deserialize)]
struct Answer {
    report: Value,
}

#[derive(Deserialize)]
struct Report {
    rows: Vec<Row>,
    alerts: Alerts,
    truncated: bool,
}

#[derive(Deserialize)]
struct Row {
    subject: String,
    vital: Vital,
    objective: f64,
    bad_seconds: f64,
    /// Absent where nothing was measured.
    good_ratio: Option<f64>,
    unmeasured_seconds: f64,
    remaining_ratio: f64,
    met: Option<bool>,
}

#[derive(Deserialize)]
struct Alerts {
    #[serde(rename = "P0")]
    p0: u64,
    #[serde(rename = "P1")]
    p1: u64,
    #[serde(rename = "P2")]
    p2: u64,
}

pub(crate) fn run(arguments: &SloArguments) -> anyhow::Result<ExitCode> {
    let SloCommand::Report(arguments) = &arguments.command;
    let (from, to) = month(&arguments.month)?;
    let mut query = vec![("from", from.to_string()), ("to", to.to_string())];
    query.extend(arguments.subject.iter().map(|subject| ("subject", subject.to_string())));
    let Answer { report } = ask(&arguments.url, "/api/v1/slo/report", &query)?;
    let text = match arguments.json {
        true => serde_json::to_string_pretty(&report)?,
        false => markdown(&arguments.month, &serde_json::from_value(report)?, arguments.language.language()),
    };
    let _is_read = say::out(&text);
    Ok(ExitCode::SUCCESS)
}

/// The first moment of a month, and of the next.
fn month(text: &str) -> anyhow::Result<(Timestamp, Timestamp)> {
    let wrong = || format!("`{text}` is not a month like 2026-01");
    let (year, month) = text.split_once('-').with_context(wrong)?;
    let (year, month): (u32, u32) = (year.parse().with_context(wrong)?, month.parse().with_context(wrong)?);
    anyhow::ensure!((1..=12).contains(&month) && (1970..=9998).contains(&year), wrong());
    let first = |year: u32, month: u32| format!("{year:04}-{month:02}-01T00:00:00Z").parse::<Timestamp>();
    let next = if month == 12 { first(year + 1, 1) } else { first(year, month + 1) };
    Ok((first(year, month).with_context(wrong)?, next.with_context(wrong)?))
}

fn markdown(month: &str, report: &Report, language: Language) -> String {
    let say = |en: &'static str, ru: &'static str| if language == Language::En { en } else { ru };
    let mut text = format!("# {} {month}\n\n", say("Objectives in", "Цели за"));
    if report.rows.is_empty() {
        text.push_str(say(
            "Nothing was measured, or no day of it is over yet.\n",
            "Ничего не измерялось, или ни один день ещё не закончился.\n",
        ));
    } else {
        text.push_str(say(
            "| subject | vital | objective | inside OK | outside | not measured | budget left | met |\n",
            "| субъект | показатель | цель | в норме | вне нормы | не измерялось | осталось бюджета | выполнена |\n",
        ));
        text.push_str("|---|---|---:|---:|---:|---:|---:|---|\n");
    }
    text.extend(report.rows.iter().map(|row| line(row, language)));
    let Alerts { p0, p1, p2 } = report.alerts;
    let opened = say("Alerts that opened", "Открыто тревог");
    text.push_str(&format!("\n{opened}: {p0} P0, {p1} P1, {p2} P2.\n"));
    if report.truncated {
        text.push_str(say(
            "\nThis is not all: there was too much for one report. Ask for one subject with --subject.\n",
            "\nЭто не всё: для одного отчёта данных слишком много. Спросите об одном субъекте: --subject.\n",
        ));
    }
    text.trim_end().to_owned()
}

/// One row of the table.
fn line(row: &Row, language: Language) -> String {
    let say = |en: &'static str, ru: &'static str| if language == Language::En { en } else { ru };
    let percent = |ratio: f64, digits: usize| {
        let number = format!("{:.digits$} %", ratio * 100.0);
        if language == Language::Ru { number.replace('.', ",") } else { number }
    };
    let met = match row.met {
        Some(true) => say("yes", "да"),
        Some(false) => say("**no**", "**нет**"),
        None => "—",
    };
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {met} |\n",
        row.subject,
        row.vital,
        percent(row.objective, 2),
        row.good_ratio.map_or_else(|| "—".to_owned(), |ratio| percent(ratio, 3)),
        span(row.bad_seconds, language),
        span(row.unmeasured_seconds, language),
        percent(row.remaining_ratio, 1),
    )
}

/// Days, hours and minutes; seconds below a minute.
fn span(seconds: f64, language: Language) -> String {
    let [day, hour, minute, second] = match language {
        Language::En => ["d", "h", "min", "s"],
        Language::Ru => ["д", "ч", "мин", "с"],
    };
    let minutes = (seconds / 60.0).floor();
    match (minutes / 1_440.0, minutes / 60.0) {
        _ if minutes < 1.0 => format!("{seconds:.0} {second}"),
        (_, hours) if hours < 1.0 => format!("{minutes:.0} {minute}"),
        (days, hours) if days < 1.0 => format!("{:.0} {hour} {:.0} {minute}", hours.floor(), minutes % 60.0),
        (days, hours) => format!("{:.0} {day} {:.0} {hour}", days.floor(), hours.floor() % 24.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let of = |text| month(text).map(|(from, to)| format!("{from} {to}"));
        assert_eq!(of("2026-02").unwrap(), "2026-02-01T00:00:00Z 2026-03-01T00:00:00Z");
        assert_eq!(of("2026-12").unwrap(), "2026-12-01T00:00:00Z 2027-01-01T00:00:00Z");
        for wrong in ["", "2026", "2026-13", "2026-00", "26-x", "2026-1-1", "99999-01"] {
            assert!(month(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn spans_are_as_coarse_as_they_are_long() {
        let written = [0.4, 59.6, 60.0, 3_599.0, 3_600.0, 90_000.0].map(|seconds| span(seconds, Language::En));
        assert_eq!(written, ["0 s", "60 s", "1 min", "59 min", "1 h 0 min", "1 d 1 h"]);
    }

    fn report() -> Report {
        let row = |vital: &str, good_ratio: Option<f64>, bad: f64, unmeasured: f64, left: f64| {
            let met = good_ratio.map(|ratio| ratio >= 0.99);
            serde_json::json!({
                "subject": "agent-7", "vital": vital, "objective": 0.99, "good_seconds": 1.0, "bad_seconds": bad,
                "good_ratio": good_ratio, "unmeasured_seconds": unmeasured, "remaining_ratio": left, "met": met,
            })
        };
        let rows = [
            row("clarity", Some(0.998_765), 3_660.0, 90_000.0, 0.876_5),
            row("chaos", Some(0.95), 12.0, 0.0, -4.0),
            row("trust", None, 0.0, 86_400.0, 1.0),
        ];
        let alerts = serde_json::json!({"P0": 1, "P1": 2, "P2": 5});
        let report = serde_json::json!({"rows": rows, "alerts": alerts, "truncated": true});
        serde_json::from_value(report).unwrap()
    }

    #[test]
    fn a_report_is_a_page_of_markdown() {
        insta::assert_snapshot!(markdown("2026-01", &report(), Language::En), @r"
        # Objectives in 2026-01

        | subject | vital | objective | inside OK | outside | not measured | budget left | met |
        |---|---|---:|---:|---:|---:|---:|---|
        | agent-7 | clarity | 99.00 % | 99.877 % | 1 h 1 min | 1 d 1 h | 87.6 % | yes |
        | agent-7 | chaos | 99.00 % | 95.000 % | 12 s | 0 s | -400.0 % | **no** |
        | agent-7 | trust | 99.00 % | — | 0 s | 1 d 0 h | 100.0 % | — |

        Alerts that opened: 1 P0, 2 P1, 5 P2.

        This is not all: there was too much for one report. Ask for one subject with --subject.
        ");
    }

    #[test]
    fn a_report_is_there_in_russian() {
        insta::assert_snapshot!(markdown("2026-01", &report(), Language::Ru), @r"
        # Цели за 2026-01

        | субъект | показатель | цель | в норме | вне нормы | не измерялось | осталось бюджета | выполнена |
        |---|---|---:|---:|---:|---:|---:|---|
        | agent-7 | clarity | 99,00 % | 99,877 % | 1 ч 1 мин | 1 д 1 ч | 87,6 % | да |
        | agent-7 | chaos | 99,00 % | 95,000 % | 12 с | 0 с | -400,0 % | **нет** |
        | agent-7 | trust | 99,00 % | — | 0 с | 1 д 0 ч | 100,0 % | — |

        Открыто тревог: 1 P0, 2 P1, 5 P2.

        Это не всё: для одного отчёта данных слишком много. Спросите об одном субъекте: --subject.
        ");
    }

    #[test]
    fn an_empty_report_says_so() {
        let report = Report { rows: Vec::new(), alerts: Alerts { p0: 0, p1: 0, p2: 0 }, truncated: false };
        insta::assert_snapshot!(markdown("2026-01", &report, Language::En), @r"
        # Objectives in 2026-01

        Nothing was measured, or no day of it is over yet.

        Alerts that opened: 0 P0, 0 P1, 0 P2.
        ");
    }
}
