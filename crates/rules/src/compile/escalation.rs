use std::ops::RangeInclusive;
use std::time::Duration;

use domain::{EscalationStep, Priority, Subject, Timestamp};
use yaml_file::{Findings, Located, Scalar, write_duration};

use super::numbers::{MINUTE, WEEK, time};
use crate::rules::{EscalationRules, SubjectPattern, Window};
use crate::written::Word;
use crate::written::escalation::{EscalationFile, StepFile, WindowFile};

/// As many as the label `escalation` knows.
const MOST_STEPS: usize = 3;
/// Most subjects and beginnings of subjects that are no production.
const MOST_PATTERNS: usize = 64;
/// Most windows of a kind.
const MOST_WINDOWS: usize = 32;
/// Longest name of a role: it stands in messages and pages.
const ROLE_CHARACTERS: usize = 64;
const WINDOWS: RangeInclusive<Duration> = MINUTE..=WEEK;

/// What `escalation.yml` says.
pub(crate) fn compile(file: &EscalationFile, findings: &mut Findings) -> EscalationRules {
    let chains = file.chains.in_order().map(|chain| self::chain(chain, findings));
    let timeouts = file.acknowledge_timeouts.in_order();
    let acknowledge_timeouts = timeouts.map(|timeout| time(timeout, &(Duration::ZERO..=WEEK), findings));
    let maintenance = windows(&file.maintenance, true, findings);
    let chaos = windows(&file.chaos, false, findings);
    // A window of a wrong length was told already.
    let is_sound = maintenance.iter().all(|window| WINDOWS.contains(&window.lasts));
    for (priority, written) in muted_for_ever(&maintenance, &file.maintenance).into_iter().filter(|_| is_sound) {
        let message = format!("with this window {} is muted all week long", priority.name());
        findings.add_with_hint(
            written.begins.place,
            message,
            "nobody would ever be told: leave a part of the week open",
        );
    }
    let anytime = file.experiments.as_ref().map_or_else(Vec::new, |written| patterns(&written.anytime, findings));
    EscalationRules { chains, acknowledge_timeouts, maintenance, chaos, anytime }
}

/// The subjects on which experiments may run at any time.
fn patterns(written: &[Scalar<String>], findings: &mut Findings) -> Vec<SubjectPattern> {
    if let Some(beyond) = written.get(MOST_PATTERNS) {
        findings.add(beyond.place, format!("{} subjects: at most {MOST_PATTERNS} are allowed", written.len()));
    }
    written.iter().take(MOST_PATTERNS).filter_map(|written| pattern(written, findings)).collect()
}

fn pattern(written: &Scalar<String>, findings: &mut Findings) -> Option<SubjectPattern> {
    let text = written.read(findings)?;
    let beginning = text.strip_suffix('*');
    let name = beginning.unwrap_or(&text);
    if name.is_empty() && beginning.is_some() {
        let hint = "name the subjects; for a time in which all are open to experiments, add a chaos window";
        findings.add_with_hint(written.place, "this would be every subject", hint);
        return None;
    }
    if Subject::new(name).is_err() {
        let hint = "the name of a subject, or the beginning of names with * behind it, like lab-*";
        findings.add_with_hint(written.place, format!("`{text}` is no subject"), hint);
        return None;
    }
    Some(SubjectPattern { name: name.to_owned(), is_beginning: beginning.is_some() })
}

fn chain(file: &Located<Vec<Located<StepFile>>>, findings: &mut Findings) -> Vec<EscalationStep> {
    if file.value.is_empty() {
        let hint = "begin with a step after 0s; without role and channels it is shown in the inbox alone";
        findings.add_with_hint(file.place, "a chain needs a step", hint);
    }
    if let Some(beyond) = file.value.get(MOST_STEPS) {
        findings.add(beyond.place, format!("{} steps: at most {MOST_STEPS} are allowed", file.value.len()));
    }
    let mut chain: Vec<EscalationStep> = Vec::new();
    for (place, written) in file.value.iter().take(MOST_STEPS).enumerate() {
        let step = self::step(written, place == 0, findings);
        let after = &written.value.after;
        match chain.last() {
            _ if !after.is_readable() => {}
            None if step.after_seconds > 0 => {
                findings.add_with_hint(after.place, "the first step of a chain comes at once", "write after: 0s");
            }
            Some(before) if before.after_seconds >= step.after_seconds => {
                let before = write_duration(Duration::from_secs(before.after_seconds));
                let message = format!("this step does not come after the one before it ({before})");
                findings.add_with_hint(after.place, message, "times count from when the alert was first told");
            }
            _ => {}
        }
        chain.push(step);
    }
    chain
}

fn step(written: &Located<StepFile>, is_first: bool, findings: &mut Findings) -> EscalationStep {
    let file = &written.value;
    let role = file.role.as_ref().and_then(|role| role.read(findings)).unwrap_or_default();
    if let Some(written) = &file.role
        && role.chars().count() > ROLE_CHARACTERS
    {
        findings.add(written.place, format!("this role has more than {ROLE_CHARACTERS} characters"));
    }
    if file.role.is_none() && file.channels.is_empty() && !is_first {
        findings.add_with_hint(written.place, "this step tells nobody", "give it a role and channels, or leave it out");
    }
    let after = time(&file.after, &(Duration::ZERO..=WEEK), findings);
    let channels = file.channels.iter().filter_map(|channel| channel.read(findings)).map(|Word(channel)| channel);
    EscalationStep { role, after_seconds: after.as_secs(), channels: channels.collect() }
}

fn windows(files: &[WindowFile], mute: bool, findings: &mut Findings) -> Vec<Window> {
    if let Some(beyond) = files.get(MOST_WINDOWS) {
        findings.add(beyond.begins.place, format!("{} windows: at most {MOST_WINDOWS} are allowed", files.len()));
    }
    files.iter().take(MOST_WINDOWS).map(|file| window(file, mute, findings)).collect()
}

fn window(file: &WindowFile, mutes_someone: bool, findings: &mut Findings) -> Window {
    let mutes = file.mutes.as_ref();
    match mutes {
        None if mutes_someone => {
            findings.add_with_hint(file.begins.place, "this window mutes nothing", "add mutes: [P1, P2]");
        }
        Some(written) if written.value.is_empty() && mutes_someone => {
            findings.add_with_hint(written.place, "this window mutes nothing", "like [P1, P2]");
        }
        Some(written) if !mutes_someone => {
            let hint = "only maintenance windows mute: leave it out";
            findings.add_with_hint(written.place, "a chaos window mutes nobody", hint);
        }
        _ => {}
    }
    let mutes = mutes.map_or(&[][..], |written| written.value.as_slice());
    Window {
        name: file.name.read(findings),
        begins: file.begins.read(findings).map_or(Duration::ZERO, |moment| moment.0),
        lasts: time(&file.lasts, &WINDOWS, findings),
        mutes: mutes.iter().filter_map(|priority| priority.read(findings)).map(|Word(priority)| priority).collect(),
    }
}

/// Priorities that are muted at every moment of the week, each with the last window that does so.
fn muted_for_ever<'a>(windows: &[Window], files: &'a [WindowFile]) -> Vec<(Priority, &'a WindowFile)> {
    let find = |priority: Priority| {
        let muting = || windows.iter().filter(|window| window.mutes.contains(&priority));
        // If anything of the week is left open, it begins at the end of a window.
        let end = |window: &Window| Timestamp::from_micros(0).plus(MONDAY + window.begins + window.lasts);
        let is_open_after = |window: &Window| !muting().any(|other| other.open_until(end(window)).is_some());
        let last = windows.iter().rposition(|window| window.mutes.contains(&priority))?;
        (!muting().any(is_open_after)).then_some((priority, files.get(last)?))
    };
    Priority::ALL.into_iter().filter_map(find).collect()
}

/// From 1970-01-01, a Thursday, to the first Monday.
const MONDAY: Duration = Duration::from_secs(4 * 86_400);
