//! The monthly report on objectives.

use std::process::ExitCode;

use anyhow::Context as _;
use domain::{Timestamp, Vital};
use serde::Deserialize;
use serde_json::Value;

use crate::ask::ask;
use crate::cli::{ReportArguments, SloArguments, SloCommand};
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
    good_ratio: f64,
    unmeasured_seconds: f64,
    remaining_ratio: f64,
    met: bool,
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
        false => markdown(arguments, &serde_json::from_value(report)?),
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

fn markdown(arguments: &ReportArguments, report: &Report) -> String {
    let mut text = format!("# Objectives in {}\n\n", arguments.month);
    if report.rows.is_empty() {
        text.push_str("Nothing was measured, or no day of it is over yet.\n");
    } else {
        text.push_str("| subject | vital | objective | inside OK | outside | not measured | budget left | met |\n");
        text.push_str("|---|---|---:|---:|---:|---:|---:|---|\n");
    }
    for row in &report.rows {
        text.push_str(&format!(
            "| {} | {} | {:.2} % | {:.3} % | {} | {} | {:.1} % | {} |\n",
            row.subject,
            row.vital,
            row.objective * 100.0,
            row.good_ratio * 100.0,
            span(row.bad_seconds),
            span(row.unmeasured_seconds),
            row.remaining_ratio * 100.0,
            if row.met { "yes" } else { "**no**" },
        ));
    }
    let Alerts { p0, p1, p2 } = report.alerts;
    text.push_str(&format!("\nAlerts that opened: {p0} P0, {p1} P1, {p2} P2.\n"));
    if report.truncated {
        text.push_str("\nThis is not all: there was too much for one report. Ask for one subject with --subject.\n");
    }
    text.trim_end().to_owned()
}

/// Days, hours and minutes; seconds below a minute.
fn span(seconds: f64) -> String {
    let minutes = (seconds / 60.0).floor();
    match (minutes / 1_440.0, minutes / 60.0) {
        _ if minutes < 1.0 => format!("{seconds:.0} s"),
        (_, hours) if hours < 1.0 => format!("{minutes:.0} min"),
        (days, hours) if days < 1.0 => format!("{:.0} h {:.0} min", hours.floor(), minutes % 60.0),
        (days, hours) => format!("{:.0} d {:.0} h", days.floor(), hours.floor() % 24.0),
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
        let written = [0.4, 59.6, 60.0, 3_599.0, 3_600.0, 90_000.0].map(span);
        assert_eq!(written, ["0 s", "60 s", "1 min", "59 min", "1 h 0 min", "1 d 1 h"]);
    }
}
