//! The audit of a real run, with one thing falsified at a time: whatever it would not notice it does not prove. And what
//! becomes of a fault when the protection against it is missing.

use std::sync::Arc;

use domain::{AlertChange, Score, Timestamp, Vital};
use durable_log::{Body, Entry, Log as _, Partition};
use rules::Rules;
use serde_json::json;

use super::stack::{PARTITIONS, Production};
use super::{Audit, pages};

/// Without a protection, a check must fail, and say why in these words.
pub(crate) fn goes_red(without: &str, words: &str, check: anyhow::Result<()>) {
    let error = check.expect_err(without);
    let said = format!("{error:#}");
    assert!(said.contains(words), "{without}: it fails, though not because `{words}`: {said}");
    println!("red, as it should be: {without}: {}", said.lines().next().unwrap_or_default());
}

/// Expects an error for every falsehood.
pub(crate) async fn all_go_red(suite: &Production) {
    ledgers(suite);
    pages(suite);
    streams(suite);
    logs(suite).await;
}

fn ledgers(suite: &Production) {
    let ledger = suite.book.ledger();
    let (key, sample) = ledger.sent.iter().next().expect("samples were sent");

    let mut lost = ledger.clone();
    let never = (key.0.clone(), Timestamp::from_micros(1));
    lost.sent.insert(never.clone(), sample.clone());
    lost.acknowledged.insert(never);
    assert!(suite.audit().holds(&lost).is_err(), "a lost sample");

    let mut altered = ledger.clone();
    altered.sent.get_mut(key).expect("its key").vitals.set(Vital::Pain, Score::new(0.123));
    assert!(suite.audit().holds(&altered).is_err(), "an altered sample");

    let mut invented = ledger.clone();
    invented.sent.remove(key);
    assert!(suite.audit().invents_nothing(&invented).is_err(), "a sample that nobody sent");
}

fn pages(suite: &Production) {
    let (alerts, notified) = (suite.audit().alerts(), suite.notified());
    let page = notified.iter().find(|page| page.status == "firing").expect("people were told").clone();
    let doubled = [&notified[..], std::slice::from_ref(&page)].concat();
    assert!(pages::are_right(alerts, &doubled).is_err(), "a doubled page");
    let is_it = |other: &test_support::Notified| other.labels == page.labels;
    let missing: Vec<_> = notified.iter().filter(|other| !is_it(other)).cloned().collect();
    assert!(pages::are_right(alerts, &missing).is_err(), "a page that never came");
    let mut ended = page.clone();
    ended.status = "resolved".to_owned();
    let too_early = [&notified[..], std::slice::from_ref(&ended)].concat();
    let others_alone: Vec<_> = alerts.iter().filter(|(change, _)| *change != AlertChange::Resolved).cloned().collect();
    assert!(pages::are_right(&others_alone, &too_early).is_err(), "an end of what stands");
    if let Some(end) = notified.iter().find(|page| page.status == "resolved") {
        let doubled = [&notified[..], std::slice::from_ref(end)].concat();
        assert!(pages::are_right(alerts, &doubled).is_err(), "a doubled end");
        let is_end = |other: &test_support::Notified| other.status == end.status && other.labels == end.labels;
        let missing: Vec<_> = notified.iter().filter(|other| !is_end(other)).cloned().collect();
        assert!(pages::are_right(alerts, &missing).is_err(), "an end that was never told");
    }
    let others: Vec<_> = alerts.iter().filter(|(_, alert)| alert.subject.as_str() != page.labels["subject"]).collect();
    let others: Vec<_> = others.into_iter().cloned().collect();
    assert!(pages::are_right(&others, &notified).is_err(), "a page without an alert");
}

fn streams(suite: &Production) {
    let audit = suite.audit();
    let watched = suite.whole().clone();
    let is_whole = |watched: &super::watcher::Watched| watched.is_whole(audit.stored(), audit.alerts()).is_ok();
    assert!(is_whole(&watched));
    let key = watched.samples.keys().next().expect("samples were shown").clone();

    let mut missed = watched.clone();
    missed.samples.remove(&key);
    assert!(!is_whole(&missed), "a missed sample");
    let mut doubled = watched.clone();
    *doubled.samples.get_mut(&key).expect("its key") += 1;
    assert!(!is_whole(&doubled), "a doubled sample");
    let alert = watched.alerts.keys().next().expect("alerts were shown").clone();
    let mut again = watched.clone();
    *again.alerts.get_mut(&alert).expect("its key") += 1;
    assert!(!is_whole(&again), "a doubled alert");
    let mut silent = watched.clone();
    silent.alerts.remove(&alert);
    // Who lags may miss a change that another one followed.
    assert!(watched.merged > 0 || !is_whole(&silent), "a missed alert");
    let mut skipped = watched;
    let update = json!({"type": "update", "prev": "1:0.0.0.0", "cursor": "1:1.0.0.0"});
    assert!(skipped.take(&update).is_err(), "a skipped update");
}

async fn logs(suite: &Production) {
    let log = suite.log().await;
    let mut entries: Vec<(Partition, Entry)> = Vec::new();
    for partition in (0..PARTITIONS).map(Partition) {
        let all = log.read(partition, 0, u32::MAX).await.expect("it can be read");
        entries.extend(all.into_iter().map(|entry| (partition, entry)));
    }
    log.close().await;
    let is_good = |entries: Vec<(Partition, Entry)>| {
        let mut audit = Audit::new(PARTITIONS, &Arc::new(Rules::built_in()));
        entries.into_iter().try_for_each(|(partition, entry)| audit.take(partition, entry)).is_ok()
    };
    assert!(is_good(entries.clone()));
    let place = |is_it: fn(&Body) -> bool| {
        entries.iter().position(|(_, entry)| is_it(&entry.body)).expect("there is one of each kind")
    };
    let (sample, event) = (place(|body| matches!(body, Body::Sample(_))), place(|body| matches!(body, Body::Event(_))));

    let mut hole = entries.clone();
    hole.remove(sample);
    assert!(!is_good(hole), "a hole");
    let mut twice = entries.clone();
    // In the place of an event, so that no number is missing.
    twice[event].1.body = twice[sample].1.body.clone();
    assert!(!is_good(twice), "a sample that is there twice");
    let mut earlier = entries.clone();
    let (partition, last) = earlier.last().cloned().expect("there are some");
    let recorded = Timestamp::from_micros(last.recorded.as_micros() - 3_600_000_000);
    earlier.push((partition, Entry { seq: last.seq + 1, recorded, ..last }));
    assert!(!is_good(earlier), "a time that goes back");
    let mut altered = entries.clone();
    let Body::Event(falsified) = &mut altered[event].1.body else { unreachable!("an event was looked for") };
    falsified.id.push('x');
    assert!(!is_good(altered), "a conclusion that no engine came to");
}
