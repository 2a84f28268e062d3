//! `kill -9` of every service while samples stream in.

use anyhow::ensure;

use super::ledger::Book;
use super::stack::{Plan, Production};
use super::{careless, controls};
use crate::suite::eventually;

/// Samples that are taken between two deaths.
const BETWEEN: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn every_service_may_die_and_nothing_is_lost_or_told_twice() {
    let mut suite = Production::start(Plan { pulses: 2, engines: 1, ..Plan::default() }).await;
    let load = suite.load();

    load.more(BETWEEN).await;
    let last_words = suite.hurt().await;
    suite.pulses[0].kill();
    suite.pulses[0].come_back().await;
    suite.works_again("pulse").await;
    suite.paged(&last_words, "firing").await;
    suite.check("pulse was killed").await;

    load.more(BETWEEN).await;
    // Taken at the last moment: its judgement and its page fall into the gap, or just before it.
    let last_words = suite.hurt().await;
    suite.engines[0].kill();
    load.more(BETWEEN).await;
    suite.engines[0].restart();
    suite.works_again("slo-engine").await;
    suite.paged(&last_words, "firing").await;
    suite.check("slo-engine was killed").await;

    suite.seams.kill();
    suite.voices.kill();
    load.more(BETWEEN).await;
    suite.seams.come_back().await;
    suite.voices.come_back().await;
    load.more(BETWEEN).await;
    suite.check("seams and voices were killed").await;

    load.stop().await;
    suite.check_all().await;
    controls::all_go_red(&suite).await;
    browsers_that_do_not_resume(&suite);
    acknowledging_without_the_commit(&mut suite).await;
    saving_the_position_before_the_work(&mut suite).await;
}

pub(super) fn browsers_that_do_not_resume(suite: &Production) {
    let forgetful = suite.forgetful.as_ref().expect("it was started").watched();
    let is_whole = || {
        ensure!(forgetful.connections > 1, "it never lost its connection");
        ensure!(forgetful.has_all(suite.audit().stored()), "samples did not come");
        Ok(())
    };
    controls::goes_red("browsers that do not resume", "samples did not come", is_whole());
}

async fn acknowledging_without_the_commit(suite: &mut Production) {
    let door = careless::eager_door(&suite.client, &suite.pulses[0].url).await;
    suite.pulses[0].kill();
    let trusting = Book::default();
    trusting.deliver(&suite.client, &[door], 0, &[Production::sample("trusting", 0.3)]).await;
    suite.pulses[0].come_back().await;
    suite.read_on().await.unwrap();
    let holds = suite.audit().holds(&trusting.ledger());
    controls::goes_red("pulse that does not heed the commit", "stored: None", holds);
}

/// Events and position are written as one. Here the position is ahead: what came last is never judged.
async fn saving_the_position_before_the_work(suite: &mut Production) {
    suite.engines[0].kill();
    let last_words = suite.hurt().await;
    suite.meddle("UPDATE heads SET engine_through = seq").await;
    suite.engines[0].come_back().await;
    suite.feel(&last_words, 0.95).await;
    let error = eventually("it is noticed", async || suite.read_on().await.err()).await;
    controls::goes_red("an engine that saves its position before its events", "a fresh engine says", Err(error));
}
