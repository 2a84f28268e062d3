//! Muting a subject, or one of its rules, for a while.

mod arguments;

use std::process::ExitCode;

use domain::Silence;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

pub(crate) use self::arguments::SilenceArguments;
use self::arguments::{AddArguments, EndArguments, ListArguments, SilenceCommand};
use crate::ask::{ask, send};
use crate::say;

const PATH: &str = "/api/v1/silences";

#[derive(Deserialize)]
struct One {
    silence: Silence,
}

#[derive(Deserialize)]
struct Many {
    silences: Vec<Silence>,
}

pub(crate) fn run(arguments: &SilenceArguments) -> anyhow::Result<ExitCode> {
    let (silences, is_json) = match &arguments.command {
        SilenceCommand::Add(arguments) => (add(arguments)?, arguments.server.json),
        SilenceCommand::List(arguments) => (list(arguments)?, arguments.server.json),
        SilenceCommand::End(arguments) => (end(arguments)?, arguments.server.json),
    };
    let lines = match is_json {
        true => vec![serde_json::to_string_pretty(&json!({ "silences": silences }))?],
        false if silences.is_empty() => vec!["no silences".to_owned()],
        false => silences.iter().map(line).collect(),
    };
    let _is_read = lines.iter().all(|line| say::out(line));
    Ok(ExitCode::SUCCESS)
}

fn add(arguments: &AddArguments) -> anyhow::Result<Vec<Silence>> {
    let AddArguments { subject, lasts, rule, by, note, server } = arguments;
    let mut body = json!({ "subject": subject, "for": lasts.as_secs(), "by": by, "note": note });
    if let Some(rule) = rule {
        body["rule"] = json!(rule);
    }
    let One { silence } = send(Method::POST, &server.url, PATH, &[], Some(&body))?;
    Ok(vec![silence])
}

fn list(arguments: &ListArguments) -> anyhow::Result<Vec<Silence>> {
    let mut query = vec![("active", (!arguments.over).to_string())];
    query.extend(arguments.subject.iter().map(|subject| ("subject", subject.to_string())));
    let Many { silences } = ask(&arguments.server.url, PATH, &query)?;
    Ok(silences)
}

fn end(arguments: &EndArguments) -> anyhow::Result<Vec<Silence>> {
    let EndArguments { id, by, server } = arguments;
    let One { silence } = send(Method::DELETE, &server.url, &format!("{PATH}/{id}"), &[("by", by.clone())], None)?;
    Ok(vec![silence])
}

/// One silence as people read it.
fn line(silence: &Silence) -> String {
    let Silence { id, subject, rule, from, until, by, note, ended } = silence;
    let of = rule.as_deref().unwrap_or("everything");
    let end = match ended {
        None => format!("until {until}"),
        Some(end) => {
            format!("over since {}{}", end.at, end.by.as_ref().map(|by| format!(", ended by {by}")).unwrap_or_default())
        }
    };
    let note = if note.is_empty() { String::new() } else { format!(": {note}") };
    format!("{id}  {subject}  {of}  from {from} {end}  by {by}{note}")
}
