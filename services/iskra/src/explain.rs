//! Why something fired, and why it did not.

use std::process::ExitCode;

use domain::{Text, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use crate::ask::ask;
use crate::cli::ExplainArguments;
use crate::say;

#[derive(Deserialize)]
struct Answer {
    explanation: Value,
}

#[derive(Deserialize)]
struct Explanation {
    subject: String,
    at: Timestamp,
    config_hash: String,
    rules: Vec<engine::RuleNow>,
}

pub(crate) fn run(arguments: &ExplainArguments) -> anyhow::Result<ExitCode> {
    let mut query = vec![("subject", arguments.subject.to_string())];
    query.extend(arguments.rule.iter().map(|rule| ("rule", rule.clone())));
    let Answer { explanation } = ask(&arguments.url, "/api/v1/explain", &query)?;
    if arguments.json {
        let _is_read = say::out(&serde_json::to_string_pretty(&explanation)?);
        return Ok(ExitCode::SUCCESS);
    }
    let Explanation { subject, at, config_hash, rules } = serde_json::from_value(explanation)?;
    let _is_read = say::out(&format!("{subject} at {at}, by rules {config_hash}"));
    for rule in rules {
        let holds = match rule.holds {
            Some(true) => "yes",
            Some(false) => "no ",
            None => "?  ",
        };
        let text = |text: &Text| text.en.clone();
        let mut line = format!("{holds} {:<28} {}\n    {:<28} {}", rule.rule, text(&rule.why), "", text(&rule.state));
        if let Some(since) = rule.since {
            line.push_str(&format!("; since {since}"));
        }
        if let Some(until) = rule.cooldown_until {
            line.push_str(&format!("; cooldown until {until}"));
        }
        if let Some(suppressed) = rule.suppressed {
            line.push_str(&format!("; last suppressed at {}: {}", suppressed.at, suppressed.why.name()));
        }
        if !say::out(&line) {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}
