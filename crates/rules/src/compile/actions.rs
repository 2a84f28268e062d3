use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use domain::{Priority, Voice};
use url::Url;
use yaml_file::{Entry, Findings, Place, Scalar, is_variable, most_similar};

use super::Names;
use super::numbers::{DAY, SECOND, entries, name, time, whole};
use crate::rules::{ActionRule, Actions, Webhook};
use crate::written::Word;
use crate::written::actions::{ActionFile, ActionsFile, WebhookFile};

/// Without any cooldown an action would be taken again at every sample, without any effect it would not be one.
const COOLDOWNS: RangeInclusive<Duration> = SECOND..=DAY;
/// Most times an hour: the engine keeps that many moments for each subject.
const AN_HOUR: RangeInclusive<u8> = 1..=60;
/// Most webhooks: each is called for every action that reaches outside.
const MOST_WEBHOOKS: usize = 8;

/// What `actions.yml` says.
pub(crate) fn compile(file: &ActionsFile, names: &mut Names, findings: &mut Findings) -> Actions {
    let is_enabled = file.enabled.read(findings).unwrap_or(false);
    let mut list = Vec::new();
    // Of all actions, also of those with mistakes: an id that is there is known.
    let mut ids = Vec::new();
    for entry in entries(&file.actions, "actions", findings) {
        ids.push(entry.name.as_str());
        list.extend(action(entry, names, findings));
    }
    let exclusive = file.exclusive.iter();
    let exclusive = exclusive.map(|group| self::group(&group.value, group.place, &ids, findings)).collect();
    if let Some(beyond) = file.webhooks.get(MOST_WEBHOOKS) {
        let message = format!("{} webhooks: at most {MOST_WEBHOOKS} are allowed", file.webhooks.len());
        findings.add(beyond.url.place, message);
    }
    let webhooks: Vec<Webhook> = file.webhooks.iter().filter_map(|written| webhook(written, &ids, findings)).collect();
    for (place, written) in file.webhooks.iter().enumerate() {
        let is_same = |other: &WebhookFile| addresses_alike(&other.url, &written.url);
        if file.webhooks[..place].iter().any(is_same) {
            let hint = "one webhook for each address: name all its actions in one place; to exchange keys, give both in one variable";
            findings.add_secret(written.url.place, "another webhook has this address", hint);
        }
    }
    Actions { is_enabled, list, exclusive, webhooks }
}

fn action(entry: &Entry<ActionFile>, names: &mut Names, findings: &mut Findings) -> Option<ActionRule> {
    let file = &entry.value;
    name(&entry.name, entry.place, findings);
    let mut flag = |written: &Option<Scalar<bool>>, unwritten: bool| match written {
        Some(written) => written.read(findings).unwrap_or(unwritten),
        None => unwritten,
    };
    let reaches_outside = flag(&file.outside, false);
    // Nothing is asked of anybody before a person has said so.
    let is_dry_run = flag(&file.dry_run, reaches_outside);
    let obeys_veto = flag(&file.obeys_veto, false);
    if let Some(written) = &file.dry_run
        && is_dry_run
        && !reaches_outside
    {
        let hint = "only what reaches outside can be tried dry: leave it out, or add outside: true";
        findings.add_with_hint(written.place, "this action stays inside", hint);
    }
    let voices: Vec<Voice> =
        file.voices.iter().filter_map(|voice| voice.read(findings)).map(|Word(voice)| voice).collect();
    let experiments = file.experiments.as_ref().and_then(|written| written.read(findings)).map(|Word(effect)| effect);
    if file.voices.is_empty() && !reaches_outside && file.experiments.is_none() {
        let hint = "name the voices that it activates, or add outside: true, or experiments: stop";
        findings.add_with_hint(entry.place, format!("`{}` does nothing", entry.name), hint);
    }
    let when = names.condition(&file.when, findings);
    let cooldown = time(&file.cooldown, &COOLDOWNS, findings);
    let lasts = file.lasts.as_ref().map_or(cooldown, |lasts| time(lasts, &COOLDOWNS, findings));
    let an_hour = whole(&file.an_hour, "an_hour", &AN_HOUR, findings);
    let priority = file.priority.read(findings).map_or(Priority::P2, |Word(priority)| priority);
    Some(ActionRule {
        id: entry.name.clone(),
        name: file.name.read(findings),
        does: file.does.read(findings),
        says: file.says.read(findings),
        priority,
        cooldown,
        lasts,
        an_hour: an_hour.unwrap_or(1),
        reaches_outside,
        is_dry_run,
        obeys_veto,
        voices,
        experiments,
        parameters: parameters(file, findings),
        when: when?,
    })
}

fn parameters(file: &ActionFile, findings: &mut Findings) -> BTreeMap<String, f64> {
    let mut parameters = BTreeMap::new();
    let Some(written) = &file.parameters else { return parameters };
    for entry in entries(written, "parameters", findings) {
        name(&entry.name, entry.place, findings);
        if let Some(number) = entry.value.read(findings) {
            parameters.insert(entry.name.clone(), number);
        }
    }
    parameters
}

/// Actions of a group, by their places.
fn group(written: &[Scalar<String>], place: Place, ids: &[&str], findings: &mut Findings) -> Vec<usize> {
    let mut group: Vec<usize> = written.iter().filter_map(|id| known(id, ids, findings)).collect();
    group.sort_unstable();
    let readable = group.len();
    group.dedup();
    if group.len() < readable || written.len() < 2 {
        let hint = "like [stimulate_creative_chaos, stabilize_system]";
        findings.add_with_hint(place, "a group needs two or more different actions", hint);
    }
    group
}

/// The place of an action that is named elsewhere.
fn known(written: &Scalar<String>, ids: &[&str], findings: &mut Findings) -> Option<usize> {
    let id = written.read(findings)?;
    let place = ids.iter().position(|known| *known == id);
    if place.is_none() {
        let hint = match most_similar(&id, ids.iter().copied()) {
            Some(similar) => format!("did you mean `{similar}`?"),
            None => format!("known are {}", ids.join(", ")),
        };
        findings.add_with_hint(written.place, format!("unknown action `{id}`"), hint);
    }
    place
}

fn webhook(file: &WebhookFile, ids: &[&str], findings: &mut Findings) -> Option<Webhook> {
    let url = file.url.read(findings);
    let problem = url.as_ref().and_then(|url| match Url::parse(url) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => Some("an address with a password in it"),
        Ok(url) if !matches!(url.scheme(), "http" | "https") || !url.has_host() => Some("no address of a web server"),
        Ok(_) => None,
        Err(_) => Some("no address"),
    });
    if let Some(problem) = problem {
        let hint =
            "like https://example.com/iskra/actions; requests are signed with the secret, so it needs no password";
        findings.add_secret(file.url.place, format!("this is {problem}"), hint);
    }
    let secret = file.secret.read(findings);
    if let Some(secret) = &secret
        && !is_variable(secret)
    {
        let hint = "not the key itself but the variable that holds it, like ISKRA_WEBHOOK_KEY";
        // It may be the key itself.
        findings.add_secret(file.secret.place, "this is no name of an environment variable", hint);
    }
    let actions = file.actions.iter().filter_map(|id| known(id, ids, findings)).map(|place| ids[place].to_owned());
    let actions = actions.collect();
    Some(Webhook { url: url?, secret: secret?, actions })
}

/// Whether two webhooks would bring the same to the same place.
fn addresses_alike(one: &Scalar<String>, other: &Scalar<String>) -> bool {
    let address = |written: &Scalar<String>| Url::parse(&written.read(&mut Findings::default())?).ok();
    address(one).is_some_and(|one| Some(one) == address(other))
}
