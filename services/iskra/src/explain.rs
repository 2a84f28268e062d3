//! Why something fired, and why it did not.

use std::process::ExitCode;

use domain::{Language, Timestamp};
use engine::RuleNow;
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
    judged_until: Timestamp,
    config_hash: String,
    rules_differ: bool,
    rules: Vec<RuleNow>,
}

pub(crate) fn run(arguments: &ExplainArguments) -> anyhow::Result<ExitCode> {
    let mut query = vec![("subject", arguments.subject.to_string())];
    query.extend(arguments.rule.iter().map(|rule| ("rule", rule.clone())));
    let Answer { explanation } = ask(&arguments.url, "/api/v1/explain", &query)?;
    let lines = match arguments.json {
        true => vec![serde_json::to_string_pretty(&explanation)?],
        false => lines(&serde_json::from_value(explanation)?, arguments.language.language()),
    };
    let _is_read = lines.iter().all(|line| say::out(line));
    Ok(ExitCode::SUCCESS)
}

fn lines(explanation: &Explanation, language: Language) -> Vec<String> {
    let Explanation { subject, at, judged_until, config_hash, rules_differ, rules } = explanation;
    let mut lines = vec![match language {
        Language::En => format!("{subject} at {at} (judged until {judged_until}), by rules {config_hash}"),
        Language::Ru => format!("{subject} на {at} (оценено до {judged_until}), по правилам {config_hash}"),
    }];
    if *rules_differ {
        lines.push(match language {
            Language::En => "the latest verdict rests on other rules: they were changed since".to_owned(),
            Language::Ru => "последняя оценка дана по другим правилам: с тех пор они изменились".to_owned(),
        });
    }
    lines.extend(rules.iter().map(|rule| of_rule(rule, language)));
    lines
}

/// Whether it holds and why, and below what follows.
fn of_rule(rule: &RuleNow, language: Language) -> String {
    let holds = match (rule.holds, language) {
        (Some(true), Language::En) => "yes",
        (Some(true), Language::Ru) => "да ",
        (Some(false), Language::En) => "no ",
        (Some(false), Language::Ru) => "нет",
        (None, _) => "?  ",
    };
    let (why, state) = (rule.why.get(language), rule.state.get(language));
    let mut line = format!("{holds} {:<28} {why}\n    {:<28} {state}", rule.rule, "");
    let mut add = |en: String, ru: String| {
        line.push_str("; ");
        line.push_str(if language == Language::En { &en } else { &ru });
    };
    if let Some(since) = rule.since {
        add(format!("since {since}"), format!("с {since}"));
    }
    if let Some(until) = rule.cooldown_until {
        add(format!("cooldown until {until}"), format!("пауза до {until}"));
    }
    if let Some(suppressed) = rule.suppressed {
        let (at, why) = (suppressed.at, suppressed.why.name());
        add(format!("last suppressed at {at}: {why}"), format!("в последний раз сдержано {at}: {why}"));
    }
    line
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn explanation() -> Explanation {
        let answer = json!({
            "subject": "agent-7", "at": "2026-01-01T14:00:40Z", "judged_until": "2026-01-01T14:00:30Z",
            "config_hash": "3f1c", "rules_differ": true,
            "rules": [
                {
                    "kind": "edge", "rule": "pain_block_high", "holds": true,
                    "why": {"en": "pain 0.95 ≥ 0.60", "ru": "pain 0,95 ≥ 0,60"},
                    "state": {"en": "alert 0-1.pain_block_high fires: …", "ru": "тревога 0-1.pain_block_high: …"},
                    "since": "2026-01-01T14:00:00Z", "cooldown_until": "2026-01-01T14:01:00Z",
                },
                {
                    "kind": "edge", "rule": "trust_warn_low",
                    "why": {"en": "never measured", "ru": "ни разу не измерялось"},
                    "state": {"en": "no alert", "ru": "тревоги нет"},
                },
                {
                    "kind": "action", "rule": "emergency_recovery", "holds": false,
                    "why": {"en": "pain 0.30 > 0.60", "ru": "pain 0,30 > 0,60"},
                    "state": {"en": "the condition does not hold", "ru": "условие не выполняется"},
                    "suppressed": {"at": "2026-01-01T13:00:00Z", "why": "cooldown"},
                },
            ],
        });
        serde_json::from_value(answer).unwrap()
    }

    #[test]
    fn an_explanation_is_told_in_english() {
        insta::assert_snapshot!(lines(&explanation(), Language::En).join("\n"), @r"
        agent-7 at 2026-01-01T14:00:40Z (judged until 2026-01-01T14:00:30Z), by rules 3f1c
        the latest verdict rests on other rules: they were changed since
        yes pain_block_high              pain 0.95 ≥ 0.60
                                         alert 0-1.pain_block_high fires: …; since 2026-01-01T14:00:00Z; cooldown until 2026-01-01T14:01:00Z
        ?   trust_warn_low               never measured
                                         no alert
        no  emergency_recovery           pain 0.30 > 0.60
                                         the condition does not hold; last suppressed at 2026-01-01T13:00:00Z: cooldown
        ");
    }

    #[test]
    fn an_explanation_is_told_in_russian() {
        insta::assert_snapshot!(lines(&explanation(), Language::Ru).join("\n"), @r"
        agent-7 на 2026-01-01T14:00:40Z (оценено до 2026-01-01T14:00:30Z), по правилам 3f1c
        последняя оценка дана по другим правилам: с тех пор они изменились
        да  pain_block_high              pain 0,95 ≥ 0,60
                                         тревога 0-1.pain_block_high: …; с 2026-01-01T14:00:00Z; пауза до 2026-01-01T14:01:00Z
        ?   trust_warn_low               ни разу не измерялось
                                         тревоги нет
        нет emergency_recovery           pain 0,30 > 0,60
                                         условие не выполняется; в последний раз сдержано 2026-01-01T13:00:00Z: cooldown
        ");
    }
}
