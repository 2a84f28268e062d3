//! An event as a person would tell it, in one line.

use domain::{
    Action, Activation, Alert, AlertChange, Event, EventBody, Experiment, ExperimentChange, HeldBy, Notification,
    StoodDown, Timestamp, Verdict, Vital, Voice,
};
use engine::RuleNow;
use yaml_file::write_duration;

/// When after `start`, and what.
pub fn of(event: &Event, start: Timestamp) -> String {
    format!("{:<8} {}", write_duration(event.at.since(start)), what(&event.body, start))
}

/// How a rule stands: whether it holds, its condition with the numbers, and what follows.
pub fn of_rule(rule: &RuleNow) -> String {
    let holds = match rule.holds {
        Some(true) => "holds",
        Some(false) => "does not hold",
        None => "is not known to hold",
    };
    format!("{} {holds}: {}; {}", rule.rule, rule.why.en, rule.state.en)
}

fn what(body: &EventBody, start: Timestamp) -> String {
    match body {
        EventBody::Levels { changed, verdict } => levels(changed, verdict),
        EventBody::Alert { change, alert } => alert_line(*change, alert, start),
        EventBody::Signal { signal, value, reason } => format!("{signal} became {value}: {}", reason.en),
        EventBody::Voice { voice, activation, stood_down } => voice_line(*voice, activation, *stood_down),
        EventBody::Conflict { conflict, over, reason } => {
            let [one, other] = conflict.between.map(Voice::name);
            let verb = if *over { "are at peace again" } else { "are in conflict" };
            format!("{one} and {other} {verb}: {}", reason.en)
        }
        EventBody::Chorus { chorus } => {
            let heard = chorus.voices.iter().filter(|voice| voice.activity > 0.0);
            let heard: Vec<_> = heard.map(|voice| format!("{} {:.3}", voice.voice.name(), voice.activity)).collect();
            format!(
                "activity {}; harmony {:.3}, readiness {:.3}",
                if heard.is_empty() { "0".to_owned() } else { heard.join(", ") },
                chorus.harmony,
                chorus.synthesis_readiness
            )
        }
        EventBody::Action { action } => action_line(action),
        EventBody::Symbol { symbol, glyph, voice, reason } => {
            format!("{} performs {glyph} {symbol}: {}", voice.name(), reason.en)
        }
        EventBody::Tone { from, tone, reason } => format!("tone {from} -> {}: {}", tone.tone, reason.en),
        EventBody::Seam { seam } => {
            let triggers: Vec<&str> = seam.triggers.iter().map(|trigger| trigger.en.as_str()).collect();
            format!("state {} -> {} ({:?}): {}", seam.from, seam.to, seam.kind, triggers.join(", "))
        }
        EventBody::Bifurcation { states, .. } => format!("near are {}", states.join(" or ")),
        EventBody::Silence { change, silence } => {
            let of = silence.rule.as_deref().unwrap_or("everything");
            format!("silence of {of} {} until {}", change.name(), write_duration(silence.until.since(start)))
        }
        EventBody::Experiment { change, experiment } => experiment_line(*change, experiment),
        EventBody::Artifact { artifact } => format!("artifact by {}: {}", artifact.by, artifact.status.name()),
        EventBody::Account { vital, good, bad, .. } => format!("a day of {vital}: {good} s good, {bad} s bad"),
    }
}

fn levels(changed: &[Vital], verdict: &Verdict) -> String {
    let vitals = changed.iter().filter_map(|vital| Some((vital, verdict.get(*vital)?))).map(|(vital, held)| {
        let priority = held.priority.map_or(String::new(), |priority| format!(" {}", priority.name()));
        let stale = if held.stale { " stale" } else { "" };
        format!("{vital} is {}{priority} at {}{stale}", held.level.name(), held.value)
    });
    vitals.collect::<Vec<_>>().join(", ")
}

fn alert_line(change: AlertChange, alert: &Alert, start: Timestamp) -> String {
    let rule = &alert.rule;
    let told = match alert.notification {
        Notification::Sent { .. } => {
            let step = alert.escalation.chain.get(usize::from(alert.escalation.step).saturating_sub(1));
            let role = step.map_or("", |step| step.role.as_str());
            format!("{} is told at step {}", if role.is_empty() { "nobody" } else { role }, alert.escalation.step)
        }
        Notification::Held { until, by } => {
            let by = match by {
                HeldBy::Cooldown => "its cooldown",
                HeldBy::Maintenance => "maintenance",
                HeldBy::Silence => "a silence",
            };
            format!("held back by {by} until {}", write_duration(until.since(start)))
        }
        Notification::Suppressed => "nobody was told".to_owned(),
    };
    match change {
        AlertChange::Opened => format!("{rule} opened, {told}: {}", alert.summary.en),
        AlertChange::Notified => format!("{rule} is held back no longer, {told}"),
        AlertChange::Escalated => format!("{rule} climbs, {told}"),
        AlertChange::Lapsed => format!("{rule}: its acknowledgement lapsed"),
        AlertChange::Acknowledged => {
            format!("{rule} acknowledged by {}", alert.acknowledged.as_ref().map_or("nobody", |seen| seen.by.as_str()))
        }
        AlertChange::Silenced => {
            format!("{rule} silenced by {}", alert.silenced.as_ref().map_or("nobody", |silence| silence.by.as_str()))
        }
        AlertChange::Unsilenced => format!("{rule} is silenced no longer, {told}"),
        AlertChange::Resolved => format!("{rule} resolved"),
    }
}

fn voice_line(voice: Voice, activation: &Activation, stood_down: Option<StoodDown>) -> String {
    let voice = voice.name();
    match stood_down {
        None => format!("{voice} activated by {} to {}: {}", activation.by, activation.response, activation.reason.en),
        Some(StoodDown::Done) => format!("{voice} stands down: its condition for it is met"),
        Some(StoodDown::Expired) => format!("{voice} stands down: {} has not held for long", activation.by),
        Some(StoodDown::RulesChanged) => format!("{voice} stands down: the rules no longer have {}", activation.by),
    }
}

fn experiment_line(change: ExperimentChange, experiment: &Experiment) -> String {
    let Experiment { name, phase, .. } = experiment;
    match (change, &experiment.ended) {
        (ExperimentChange::Steered | ExperimentChange::Resumed, _) => {
            format!("experiment {name} {}: phase {phase}, dose {}", change.name(), experiment.injected())
        }
        (ExperimentChange::Paused, _) => {
            format!("experiment {name} paused by {}", experiment.paused.as_deref().unwrap_or_default())
        }
        (_, Some(end)) => format!("experiment {name} {}, {}: {}", change.name(), end.outcome.name(), end.reason.en),
        (_, None) => format!("experiment {name} {}", change.name()),
    }
}

fn action_line(action: &Action) -> String {
    format!("{} ({:?}, {:?}): {}", action.action, action.reach, action.delivery, action.reason.en)
}
