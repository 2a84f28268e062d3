//! `kill -9` of every service while samples stream in.

use super::controls;
use super::stack::{Plan, Production};

/// Samples that are taken between two deaths.
const BETWEEN: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn every_service_may_die_and_nothing_is_lost_or_told_twice() {
    let mut suite = Production::start(Plan { pulses: 2, engines: 1, settings: &[] }).await;
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
    let forgetful = suite.forgetful.as_ref().expect("it was started").watched();
    assert!(forgetful.connections > 1, "it lost its connection");
    assert!(!forgetful.has_all(suite.audit().stored()), "who does not resume misses something");
}
