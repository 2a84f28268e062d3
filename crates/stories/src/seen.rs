//! What the engine's events say: how the subject is now, and what happened since the last expectation.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Activation, Alert, AlertChange, AlertState, Artifact, Chorus, Conflict, Event, EventBody, Experiment, Mood,
    Notification, Presence, Reach, Seam, Suppression, Text, ToneNow, Verdict, Vital, Vitals, Voice,
};
use engine::BudgetNow;

use crate::item::{Detail, Item};
use crate::key::Key;
use crate::names::{
    LAPSED, NEUTRAL, NONE, PAUSED, RESOLVED, RUNNING, SEAM_NUMBERS, UNKNOWN, bifurcation_name, pair_name, seam_name,
};

/// A fold over events.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    vitals: Vitals,
    verdict: Verdict,
    alerts: Vec<Alert>,
    signals: BTreeMap<String, bool>,
    voices: BTreeMap<Voice, Activation>,
    conflicts: Vec<Conflict>,
    chorus: Chorus,
    tone: Option<ToneNow>,
    state: Option<String>,
    seam: Option<Seam>,
    experiment: Option<Experiment>,
    known_actions: Vec<String>,
    /// The rules of all alerts, by the ids of these.
    rules: BTreeMap<String, String>,
    // Since the last expectation.
    told: Vec<Item>,
    actions: Vec<Item>,
    symbols: Vec<Item>,
    seams: Vec<Item>,
    parameters: BTreeMap<String, f64>,
    /// Why, by the name of what happened.
    reasons: BTreeMap<String, Text>,
    bifurcations: Vec<Item>,
    artifacts: Vec<Item>,
    suppressed: BTreeMap<String, BTreeSet<Suppression>>,
    // What the engine says of its own when it is asked.
    budgets: Vec<BudgetNow>,
}

impl Seen {
    /// How a subject is that was there before the story.
    pub fn found(vitals: Vitals, verdict: Verdict, presence: &Presence, alerts: Vec<Alert>) -> Self {
        let chorus = presence.chorus.clone().unwrap_or_default();
        let active = |now: &domain::VoiceNow| Some((now.voice, now.active.clone()?));
        Self {
            vitals,
            verdict,
            rules: alerts.iter().map(|alert| (alert.id.clone(), alert.rule.clone())).collect(),
            alerts: alerts.into_iter().filter(|alert| alert.state == AlertState::Firing).collect(),
            voices: chorus.voices.iter().filter_map(active).collect(),
            conflicts: chorus.conflicts.clone(),
            chorus,
            tone: presence.tone.clone(),
            state: presence.state.as_ref().map(|now| now.state.clone()),
            ..Self::default()
        }
    }

    /// Takes in what the subject sent.
    pub fn sample(&mut self, vitals: Vitals) {
        for (vital, score) in vitals.present() {
            self.vitals.set(vital, Some(score));
        }
    }

    /// Takes in what the engine told.
    pub fn apply(&mut self, event: &Event) {
        self.reason(&event.body);
        match &event.body {
            EventBody::Levels { verdict, .. } => self.verdict = verdict.clone(),
            EventBody::Alert { change, alert } => self.alert(*change, alert),
            EventBody::Signal { signal, value, .. } => drop(self.signals.insert(signal.clone(), *value)),
            EventBody::Voice { voice, activation, stood_down } => match stood_down {
                None => drop(self.voices.insert(*voice, activation.clone())),
                Some(_) => drop(self.voices.remove(voice)),
            },
            EventBody::Conflict { conflict, over, .. } => {
                self.conflicts.retain(|known| known.between != conflict.between);
                if !over {
                    self.conflicts.push(conflict.clone());
                }
            }
            EventBody::Chorus { chorus } => self.chorus = chorus.clone(),
            EventBody::Action { action } => {
                // The same action comes again when it was delivered.
                if !self.known_actions.contains(&action.id) {
                    self.known_actions.push(action.id.clone());
                    let item = Item::new(&action.action).with(Detail::As, reach(action.reach));
                    self.actions.push(item.with(Detail::At, action.priority.name()));
                    self.parameters.extend(action.parameters.clone());
                }
            }
            EventBody::Symbol { symbol, voice, .. } => {
                self.symbols.push(Item::new(symbol).with(Detail::By, voice.name()));
            }
            EventBody::Tone { tone, .. } => self.tone = Some(tone.clone()),
            EventBody::Seam { seam } => {
                let strong = if seam.strong { "strong " } else { "" };
                let kind = format!("{strong}{:?}", seam.kind).to_lowercase();
                self.seams.push(Item::new(seam_name(&seam.from, &seam.to)).with(Detail::As, kind));
                self.state = Some(seam.to.clone());
                self.seam = Some(seam.clone());
            }
            EventBody::Bifurcation { states, .. } => self.bifurcations.push(Item::new(bifurcation_name(states))),
            EventBody::Experiment { experiment, .. } => self.experiment = Some(experiment.clone()),
            EventBody::Artifact { artifact } => self.artifacts.extend(self.artifact(artifact)),
            EventBody::Silence { .. } | EventBody::Account { .. } => {}
        }
    }

    /// How the budgets stand now.
    pub fn budgets(&mut self, budgets: Vec<BudgetNow>) {
        self.budgets = budgets;
    }

    /// Something that was not done, and why.
    pub fn suppress(&mut self, rule: &str, why: Suppression) {
        self.suppressed.entry(rule.to_owned()).or_default().insert(why);
    }

    /// The alert of this rule that fires.
    pub fn firing(&self, rule: &str) -> Option<&Alert> {
        self.alerts.iter().find(|alert| alert.rule == rule)
    }

    /// The rules whose alerts fire.
    pub fn firing_rules(&self) -> Vec<&str> {
        self.alerts.iter().map(|alert| alert.rule.as_str()).collect()
    }

    /// An expectation has seen what happened until now.
    pub fn begin_anew(&mut self) {
        let Self { told, actions, symbols, seams, bifurcations, artifacts, .. } = self;
        for list in [told, actions, symbols, seams, bifurcations, artifacts] {
            list.clear();
        }
        self.suppressed.clear();
        self.parameters.clear();
        self.reasons.clear();
    }

    /// What is compared with the expected items of `key`, of which `expected` are the names.
    pub fn items(&self, key: Key, expected: &[Item]) -> Vec<Item> {
        match key {
            Key::Levels => Vital::ALL.map(|vital| self.level(vital)).into(),
            Key::Light => vec![Item::new(format!("{:?}", self.verdict.light()).to_lowercase())],
            Key::Alerts => {
                let item = |alert: &Alert| {
                    let item = Item::new(&alert.rule).with(Detail::Step, alert.escalation.step.to_string());
                    item.with(Detail::At, alert.priority.name())
                };
                self.alerts.iter().map(item).collect()
            }
            Key::Told => self.told.clone(),
            // What was never told is as at the beginning: false.
            Key::Signals => {
                let value = |name: &str| self.signals.get(name).copied().unwrap_or(false).to_string();
                expected.iter().map(|item| Item::new(&item.name).with(Detail::Is, value(&item.name))).collect()
            }
            Key::Voices => self.voices.iter().map(|(voice, activation)| active(*voice, activation)).collect(),
            Key::Leader => vec![Item::new(self.chorus.leader.map_or(NONE, Voice::name))],
            Key::Moods => self.each_voice(|item, voice| item.with(Detail::Is, mood(voice.mood))),
            Key::Activity => self.each_voice(|item, voice| item.with_number(voice.activity)),
            Key::Conflicts => self.conflicts.iter().map(conflict).collect(),
            Key::Synergies => {
                self.chorus.synergies.iter().map(|synergy| Item::new(pair_name(synergy.between))).collect()
            }
            Key::Strengths => {
                let synergies = self.chorus.synergies.iter().map(|synergy| (synergy.between, synergy.strength));
                let conflicts = self.conflicts.iter().map(|conflict| (conflict.between, conflict.intensity));
                let item = |(pair, number)| Item::new(pair_name(pair)).with_number(number);
                synergies.chain(conflicts).map(item).collect()
            }
            Key::Harmony => vec![Item::new(key.name()).with_number(self.chorus.harmony)],
            Key::Readiness => vec![Item::new(key.name()).with_number(self.chorus.synthesis_readiness)],
            Key::Actions => self.actions.clone(),
            Key::Parameters => numbers(self.parameters.iter().map(|(name, number)| (name.as_str(), *number))),
            Key::Suppressed => {
                let item = |expected: &Item| match self.suppressed.get(&expected.name) {
                    Some(reasons) => {
                        reasons.iter().fold(Item::new(&expected.name), |item, why| item.with(Detail::Is, why.name()))
                    }
                    None => Item::new(&expected.name).with(Detail::Is, NONE),
                };
                expected.iter().map(item).collect()
            }
            Key::Symbols => self.symbols.clone(),
            Key::Tone => vec![self.tone.as_ref().map_or_else(|| Item::new(NEUTRAL), tone)],
            Key::State => vec![Item::new(self.state.as_deref().unwrap_or(UNKNOWN))],
            Key::Seams => self.seams.clone(),
            Key::Seam => self.seam.iter().flat_map(seam_numbers).collect(),
            Key::VoicesBefore => voices(self.seam.iter().flat_map(|seam| &seam.voices_before)),
            Key::VoicesAfter => voices(self.seam.iter().flat_map(|seam| &seam.voices_after)),
            Key::Bifurcations => self.bifurcations.clone(),
            Key::Budgets => {
                let item = |now: &BudgetNow| Item::new(now.vital.name()).with_number(now.remaining_ratio);
                self.budgets.iter().map(item).collect()
            }
            Key::Reasons => {
                // Either language will do.
                let item =
                    |(name, why): (&String, &Text)| Item::new(name).with(Detail::Is, &why.en).with(Detail::Is, &why.ru);
                self.reasons.iter().map(item).collect()
            }
            Key::Vitals => numbers(self.vitals.present().map(|(vital, score)| (vital.name(), score.get()))),
            Key::Artifacts => self.artifacts.clone(),
            Key::Experiment => vec![Item::new(self.experiment.as_ref().map_or(NONE, standing))],
            Key::Phase => self.experiment.iter().map(|experiment| Item::new(&experiment.phase)).collect(),
            Key::Dose => {
                let dose = self.experiment.as_ref().map_or(0, Experiment::injected);
                vec![Item::new(key.name()).with_number(f64::from(dose))]
            }
        }
    }

    /// That of an alert, by its rule.
    fn artifact(&self, artifact: &Artifact) -> Option<Item> {
        let name = self.rules.get(artifact.about.alert.as_ref()?)?;
        Some(Item::new(name).with(Detail::As, artifact.status.name()))
    }

    /// Keeps why something happened.
    fn reason(&mut self, body: &EventBody) {
        let (name, why) = match body {
            EventBody::Signal { signal, reason, .. } => (signal.clone(), reason.clone()),
            EventBody::Voice { voice, activation, stood_down: None } => {
                (voice.name().to_owned(), activation.reason.clone())
            }
            EventBody::Conflict { conflict, reason, .. } => (pair_name(conflict.between), reason.clone()),
            EventBody::Action { action } => (action.action.clone(), action.reason.clone()),
            EventBody::Symbol { symbol, reason, .. } => (symbol.clone(), reason.clone()),
            EventBody::Tone { tone, reason, .. } => (tone.tone.clone(), reason.clone()),
            EventBody::Seam { seam } => (seam.to.clone(), seam.triggers.first().cloned().unwrap_or_default()),
            EventBody::Levels { .. }
            | EventBody::Alert { .. }
            | EventBody::Voice { .. }
            | EventBody::Chorus { .. }
            | EventBody::Bifurcation { .. }
            | EventBody::Silence { .. }
            | EventBody::Experiment { .. }
            | EventBody::Artifact { .. }
            | EventBody::Account { .. } => return,
        };
        self.reasons.insert(name, why);
    }

    fn alert(&mut self, change: AlertChange, alert: &Alert) {
        self.rules.insert(alert.id.clone(), alert.rule.clone());
        self.alerts.retain(|known| known.id != alert.id);
        if alert.state == AlertState::Firing {
            self.alerts.push(alert.clone());
        }
        let is_told = matches!(alert.notification, Notification::Sent { .. });
        match change {
            AlertChange::Opened | AlertChange::Notified | AlertChange::Escalated if is_told => {
                self.told.push(step(alert))
            }
            AlertChange::Lapsed => self.told.push(Item::new(format!("{}{LAPSED}", alert.rule))),
            AlertChange::Resolved if is_told => self.told.push(Item::new(format!("{}{RESOLVED}", alert.rule))),
            AlertChange::Opened
            | AlertChange::Notified
            | AlertChange::Escalated
            | AlertChange::Acknowledged
            | AlertChange::Silenced
            | AlertChange::Unsilenced
            | AlertChange::Resolved => {}
        }
    }

    fn level(&self, vital: Vital) -> Item {
        let item = Item::new(vital.name());
        let Some(verdict) = self.verdict.get(vital) else {
            return item.with(Detail::Level, NONE).with(Detail::Stale, "");
        };
        let mut item = item.with(Detail::Level, verdict.level.name());
        if let Some(priority) = verdict.priority {
            item = item.with(Detail::Priority, priority.name());
        }
        if let Some(side) = verdict.side {
            item = item.with(Detail::Side, format!("{side:?}").to_lowercase());
        }
        item.with(Detail::Stale, if verdict.stale { "stale" } else { "" })
    }

    fn each_voice(&self, say: impl Fn(Item, &domain::VoiceNow) -> Item) -> Vec<Item> {
        self.chorus.voices.iter().map(|voice| say(Item::new(voice.voice.name()), voice)).collect()
    }
}

/// How it goes on, or how it ended.
fn standing(experiment: &Experiment) -> &'static str {
    match &experiment.ended {
        Some(end) => end.outcome.name(),
        None if experiment.paused.is_some() => PAUSED,
        None => RUNNING,
    }
}

/// Who hears of an alert at its present step.
fn step(alert: &Alert) -> Item {
    let escalation = &alert.escalation;
    let item = Item::new(&alert.rule).with(Detail::Step, escalation.step.to_string());
    let Some(step) = escalation.chain.get(usize::from(escalation.step).saturating_sub(1)) else { return item };
    let channels: Vec<&str> = step.channels.iter().map(|channel| channel.name()).collect();
    let role = if step.role.is_empty() { "nobody" } else { &step.role };
    let channels = if channels.is_empty() { "no channel".to_owned() } else { channels.join(" and ") };
    item.with(Detail::To, role).with(Detail::By, channels)
}

fn active(voice: Voice, activation: &Activation) -> Item {
    Item::new(voice.name()).with(Detail::By, &activation.by).with(Detail::To, &activation.response)
}

fn conflict(conflict: &Conflict) -> Item {
    let item = Item::new(pair_name(conflict.between));
    match conflict.leads {
        Some(voice) => item.with(Detail::LedBy, voice.name()),
        None => item,
    }
}

fn numbers<'a>(numbers: impl Iterator<Item = (&'a str, f64)>) -> Vec<Item> {
    numbers.map(|(name, number)| Item::new(name).with_number(number)).collect()
}

fn voices<'a>(voices: impl Iterator<Item = &'a Voice>) -> Vec<Item> {
    voices.map(|voice| Item::new(voice.name())).collect()
}

/// What a seam measures, and the vitals on both sides of it.
fn seam_numbers(seam: &Seam) -> Vec<Item> {
    let measured = [seam.took, seam.intensity, seam.velocity, seam.confidence];
    let mut items = numbers(SEAM_NUMBERS.into_iter().zip(measured));
    for (side, vitals) in [("before", seam.before), ("after", seam.after)] {
        let known = Vital::ALL.into_iter().filter_map(|vital| Some((vital, vitals.get(vital)?.get())));
        items.extend(known.map(|(vital, value)| Item::new(format!("{vital}_{side}")).with_number(value)));
    }
    items
}

fn tone(now: &ToneNow) -> Item {
    let item = Item::new(&now.tone);
    match now.voice {
        Some(voice) => item.with(Detail::By, voice.name()),
        None => item,
    }
}

const fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::Inside => "inside",
        Reach::DryRun => "dry_run",
        Reach::Outside => "outside",
    }
}

const fn mood(mood: Mood) -> &'static str {
    match mood {
        Mood::Resting => "resting",
        Mood::Listening => "listening",
        Mood::Engaged => "engaged",
        Mood::Leading => "leading",
        Mood::Waiting => "waiting",
    }
}
