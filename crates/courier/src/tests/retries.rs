//! Webhooks that do not answer, or not well.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{Action, Delivery};
use durable_log::Clock;
use tokio::net::TcpListener;

use super::receiver::{Answer, Receiver, Request};
use super::{NEVER, Running, action, agent, folder, impatience, webhook};
use crate::Patience;

/// Tells one action to one receiver, until the log knows what became of it.
async fn bring(receiver: &Receiver, patience: Patience) -> (Delivery, [f64; 3]) {
    let folder = folder();
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], patience).await;
    running.bag.put([(agent(), action("0-7.stabilize_system"))]);
    let told = running.is_told(1).await;
    assert_eq!(told[0].0, "0-7.stabilize_system");
    (told[0].1, ["delivered", "failed", "retried"].map(|outcome| running.count(outcome)))
}

#[tokio::test]
async fn what_fails_is_sent_again_the_same_until_it_is_taken() {
    let receiver = Receiver::start([500, 503, 408, 425, 429, 502].map(Answer::Status)).await;
    assert_eq!(bring(&receiver, impatience()).await, (Delivery::Delivered, [1.0, 0.0, 6.0]));
    let requests = receiver.requests();
    assert_eq!(requests.len(), 7);
    let ids: BTreeSet<&str> = requests.iter().map(|request| request.header("webhook-id")).collect();
    let bodies: BTreeSet<_> = requests.iter().map(|request: &Request| request.body.clone()).collect();
    assert_eq!((ids.len(), bodies.len()), (1, 1), "{requests:#?}");
}

#[tokio::test]
async fn what_is_refused_is_not_sent_again() {
    for status in [400, 401, 403, 404, 410, 422] {
        let receiver = Receiver::start([Answer::Status(status)]).await;
        assert_eq!(bring(&receiver, impatience()).await, (Delivery::Failed, [0.0, 1.0, 0.0]), "{status}");
        assert_eq!(receiver.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Receiver::start([]).await;
    let receiver = Receiver::start([Answer::Moved(elsewhere.url.clone())]).await;
    assert_eq!(bring(&receiver, impatience()).await.0, Delivery::Failed);
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn one_that_does_not_answer_is_asked_again() {
    let receiver = Receiver::start([Answer::Never]).await;
    let patience = Patience { timeout: Duration::from_millis(500), ..impatience() };
    assert_eq!(bring(&receiver, patience).await.0, Delivery::Delivered);
    assert!(receiver.requests().len() >= 2);
}

#[tokio::test]
async fn one_that_is_not_there_is_waited_for() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let folder = folder();
    let webhooks = vec![webhook(&format!("http://{address}/actions"))];
    let mut running = Running::start(folder.path(), webhooks, impatience()).await;
    running.bag.put([(agent(), action("0-7.stabilize_system"))]);
    super::eventually("it is tried again", async || (running.count("retried") >= 2.0).then_some(())).await;

    let receiver = Receiver::start_at(address).await;
    assert_eq!(running.is_told(1).await[0].1, Delivery::Delivered);
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn who_asks_to_be_left_alone_is_left_alone() {
    // Nothing shows a wait but its end: this one would be over after the action is given up.
    let receiver = Receiver::start([Answer::Busy(7_200)]).await;
    let patience = Patience { longest_asked: NEVER, give_up: NEVER, ..impatience() };
    assert_eq!(bring(&receiver, patience).await, (Delivery::Failed, [0.0, 1.0, 0.0]));
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn but_not_for_longer_than_is_reasonable() {
    let receiver = Receiver::start([Answer::Busy(7_200)]).await;
    assert_eq!(bring(&receiver, impatience()).await, (Delivery::Delivered, [1.0, 0.0, 1.0]));
}

#[tokio::test]
async fn what_nobody_takes_for_too_long_is_given_up() {
    let receiver = Receiver::start((0..10_000).map(|_| Answer::Status(503))).await;
    let patience = Patience { give_up: Duration::from_secs(1), ..impatience() };
    let (delivery, [delivered, failed, retried]) = bring(&receiver, patience).await;
    assert_eq!((delivery, delivered, failed), (Delivery::Failed, 0.0, 1.0));
    assert!(retried >= 1.0);
}

#[tokio::test]
async fn what_is_long_past_is_not_even_tried() {
    let (folder, receiver) = (folder(), Receiver::start([]).await);
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    let past = Action { at: Clock::system().now().minus(NEVER), ..action("0-7.stabilize_system") };
    running.bag.put_all(vec![(agent(), past)]);
    assert_eq!(running.is_told(1).await[0].1, Delivery::Failed);
    assert!(receiver.requests().is_empty());
}
