//! What must be so at a moment.

use std::time::Duration;

use domain::{Level, Priority, SignalValue};
use yaml_file::{Complaint, Entries, Findings, Located, Place, Scalar, most_similar};

use crate::check::{Check, Expectation};
use crate::file::{ExpectFile, List, Sent, Span};
use crate::item::{Detail, Item};
use crate::key::Key;
use crate::names::{LAPSED, NONE, Names, RESOLVED};

impl Expectation {
    /// What must be so; what is wrong is added to the findings.
    pub fn read(expect: &Located<ExpectFile>, names: &Names, findings: &mut Findings) -> Option<Self> {
        let checks = checks(expect, names, findings);
        let (at, is_deadline) = when(expect, findings)?;
        Some(Self { at, is_deadline, place: expect.place, checks })
    }
}

/// At a moment, or by a moment.
fn when(expect: &Located<ExpectFile>, findings: &mut Findings) -> Option<(Duration, bool)> {
    match (&expect.value.at, &expect.value.by) {
        (Some(at), None) => Some((at.read(findings)?, false)),
        (None, Some(by)) => Some((by.read(findings)?, true)),
        _ => {
            let hint = "`at: 5m` looks at that moment, `by: 5m` waits until then";
            findings.add_with_hint(expect.place, "an expectation has either `at` or `by`", hint);
            None
        }
    }
}

fn checks(expect: &Located<ExpectFile>, names: &Names, findings: &mut Findings) -> Vec<Check> {
    let file = &expect.value;
    let mut reader = Reader { names, findings, checks: Vec::new() };
    reader.entries(Key::Vitals, file.vitals.as_ref(), range);
    reader.entries(Key::Levels, file.levels.as_ref(), |item, words: String| level(item, &words));
    reader.one(Key::Light, file.light.as_ref());
    reader.list(Key::Alerts, file.alerts.as_ref());
    reader.list(Key::Told, file.told.as_ref());
    reader.entries(Key::Signals, file.signals.as_ref(), signal);
    reader.list(Key::Voices, file.voices.as_ref());
    reader.one(Key::Leader, file.leader.as_ref());
    reader.entries(Key::Moods, file.moods.as_ref(), mood);
    reader.entries(Key::Activity, file.activity.as_ref(), range);
    reader.list(Key::Conflicts, file.conflicts.as_ref());
    reader.list(Key::Synergies, file.synergies.as_ref());
    reader.entries(Key::Strengths, file.strengths.as_ref(), range);
    reader.number(Key::Harmony, file.harmony.as_ref());
    reader.number(Key::Readiness, file.readiness.as_ref());
    reader.list(Key::Actions, file.actions.as_ref());
    reader.entries(Key::Parameters, file.parameters.as_ref(), range);
    reader.entries(Key::Suppressed, file.suppressed.as_ref(), suppressed);
    reader.list(Key::Symbols, file.symbols.as_ref());
    reader.one(Key::Tone, file.tone.as_ref());
    reader.one(Key::State, file.state.as_ref());
    reader.list(Key::Seams, file.seams.as_ref());
    reader.entries(Key::Seam, file.seam.as_ref(), range);
    reader.list(Key::VoicesBefore, file.voices_before.as_ref());
    reader.list(Key::VoicesAfter, file.voices_after.as_ref());
    reader.list(Key::Bifurcations, file.bifurcations.as_ref());
    reader.entries(Key::Budgets, file.budgets.as_ref(), range);
    reader.entries(Key::Reasons, file.reasons.as_ref(), reason);
    reader.list(Key::Artifacts, file.artifacts.as_ref());
    reader.one(Key::Experiment, file.experiment.as_ref());
    reader.one(Key::Phase, file.phase.as_ref());
    reader.number(Key::Dose, file.dose.as_ref());
    let checks = reader.checks;
    if checks.is_empty() {
        findings.add_with_hint(expect.place, "nothing is expected here", "name what must be so, like light: green");
    }
    checks
}

struct Reader<'a> {
    names: &'a Names,
    findings: &'a mut Findings,
    checks: Vec<Check>,
}

impl Reader<'_> {
    fn one(&mut self, key: Key, written: Option<&Scalar<String>>) {
        if let Some(scalar) = written {
            let item = self.item(key, scalar);
            self.checks.push(Check { key, expected: item.into_iter().collect() });
        }
    }

    fn list(&mut self, key: Key, written: Option<&List>) {
        if let Some(list) = written {
            let expected = list.iter().filter_map(|scalar| self.item(key, scalar)).collect();
            self.checks.push(Check { key, expected });
        }
    }

    fn number(&mut self, key: Key, written: Option<&Scalar<Span>>) {
        if let Some(scalar) = written {
            let item = |Span(from, to)| Item::new(key.name()).with_range(from, to);
            self.checks.push(Check { key, expected: scalar.read(self.findings).map(item).into_iter().collect() });
        }
    }

    fn entries<T: Clone>(
        &mut self,
        key: Key,
        written: Option<&Entries<Scalar<T>>>,
        say: impl Fn(Item, T) -> Result<Item, Complaint>,
    ) {
        let Some(entries) = written else { return };
        let mut expected = Vec::new();
        for entry in entries {
            let name = self.name(key, &entry.name, entry.place);
            let (Some(name), Some(value)) = (name, entry.value.read(self.findings)) else { continue };
            match say(Item::new(name), value) {
                Ok(item) => expected.push(item),
                Err(complaint) => self.findings.complain(entry.value.place, complaint),
            }
        }
        self.checks.push(Check { key, expected });
    }

    fn item(&mut self, key: Key, scalar: &Scalar<String>) -> Option<Item> {
        let mut item = Item::parse(&scalar.read(self.findings)?, key.details());
        item.name = self.name(key, &item.name, scalar.place)?;
        let is_first_step = key == Key::Told
            && item.detail(Detail::Step).is_none()
            && !item.name.ends_with(RESOLVED)
            && !item.name.ends_with(LAPSED);
        Some(if is_first_step { item.with_first(Detail::Step, "1") } else { item })
    }

    fn name(&mut self, key: Key, name: &str, place: Place) -> Option<String> {
        self.names.read(key, name).map_err(|complaint| self.findings.complain(place, complaint)).ok()
    }
}

/// `BLOCK`, and if it matters its priority, its side, and that it is stale: `BLOCK P0 high stale`.
fn level(mut item: Item, words: &str) -> Result<Item, Complaint> {
    let levels = [Level::Ok, Level::Warn, Level::Block].map(Level::name);
    let mut is_stale = false;
    for word in words.split_whitespace() {
        let detail = match word {
            "stale" => {
                is_stale = true;
                continue;
            }
            "low" | "high" => Detail::Side,
            NONE => Detail::Level,
            _ if levels.contains(&word) => Detail::Level,
            _ if Priority::ALL.map(Priority::name).contains(&word) => Detail::Priority,
            _ => {
                return Err(Complaint::new(format!("`{word}` says nothing of a level")).hint(
                    "write OK, WARN or BLOCK, and if it matters P0, P1 or P2, low or high, stale: BLOCK P0 high",
                ));
            }
        };
        item = item.with(detail, word);
    }
    // What is not said to be stale must be fresh.
    Ok(item.with(Detail::Stale, if is_stale { "stale" } else { "" }))
}

fn signal(item: Item, Sent(value): Sent) -> Result<Item, Complaint> {
    match value {
        Some(SignalValue::Flag(flag)) => Ok(item.with(Detail::Is, flag.to_string())),
        _ => Err(Complaint::new("a derived signal is true or false")),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what entries are read with")]
fn range(item: Item, Span(from, to): Span) -> Result<Item, Complaint> {
    Ok(item.with_range(from, to))
}

#[expect(clippy::unnecessary_wraps, reason = "what entries are read with")]
fn reason(item: Item, why: String) -> Result<Item, Complaint> {
    Ok(item.with(Detail::Is, why))
}

fn mood(item: Item, mood: String) -> Result<Item, Complaint> {
    one_of("mood", &mood, &["resting", "listening", "engaged", "leading", "waiting"])?;
    Ok(item.with(Detail::Is, mood))
}

fn suppressed(item: Item, reason: String) -> Result<Item, Complaint> {
    let reasons: Vec<&str> = domain::Suppression::ALL.iter().map(|reason| reason.name()).chain([NONE]).collect();
    one_of("reason", &reason, &reasons)?;
    Ok(item.with(Detail::Is, reason))
}

fn one_of(what: &str, word: &str, words: &[&str]) -> Result<(), Complaint> {
    if words.contains(&word) {
        return Ok(());
    }
    let complaint = Complaint::new(format!("there is no {what} `{word}`"));
    Err(match most_similar(word, words.iter().copied()) {
        Some(similar) => complaint.hint(format!("did you mean `{similar}`?")),
        None => complaint.hint(format!("there are {}", words.join(", "))),
    })
}
