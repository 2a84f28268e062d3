//! Rules that change while actions are on their way.

use domain::Delivery;
use tokio::sync::oneshot;

use super::receiver::{Answer, Receiver};
use super::{Running, action, agent, eventually, folder, impatience, webhook};

#[tokio::test]
async fn while_actions_are_switched_off_none_is_sent() {
    let (folder, receiver) = (folder(), Receiver::start([]).await);
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    let pending = vec![(agent(), action("0-7.stabilize_system"))];
    running.reload(false, vec![webhook(&receiver.url)]);
    running.bag.put(pending.clone());
    eventually("it is kept", async || (running.pending() == 0.0).then_some(())).await;
    assert!(running.told().await.is_empty() && receiver.requests().is_empty());

    running.reload(true, vec![webhook(&receiver.url)]);
    running.bag.put_all(pending);
    assert_eq!(running.is_told(1).await[0].1, Delivery::Delivered);
}

#[tokio::test]
async fn what_is_on_its_way_when_they_are_switched_off_is_not_sent_again() {
    let (open, gate) = oneshot::channel();
    let (folder, receiver) = (folder(), Receiver::start([Answer::When(gate, 503)]).await);
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    let pending = vec![(agent(), action("0-7.stabilize_system"))];
    running.bag.put(pending.clone());
    receiver.wait_for(1).await;
    running.reload(false, vec![webhook(&receiver.url)]);
    open.send(()).unwrap();
    eventually("it is kept", async || (running.pending() == 0.0).then_some(())).await;
    assert!(running.told().await.is_empty());
    assert_eq!(receiver.requests().len(), 1);

    running.reload(true, vec![webhook(&receiver.url)]);
    running.bag.put_all(pending);
    assert_eq!(running.is_told(1).await[0].1, Delivery::Delivered);
}

#[tokio::test]
async fn a_webhook_that_the_rules_do_not_know_any_more_is_left_alone() {
    let (open, gate) = oneshot::channel();
    let folder = folder();
    let (gone, other) = (Receiver::start([Answer::When(gate, 503)]).await, Receiver::start([]).await);
    let webhooks = vec![webhook(&gone.url), webhook(&other.url)];
    let mut running = Running::start(folder.path(), webhooks, impatience()).await;
    running.bag.put([(agent(), action("0-7.stabilize_system"))]);
    gone.wait_for(1).await;
    running.reload(true, vec![webhook(&other.url)]);
    open.send(()).unwrap();
    // All who want it have it.
    assert_eq!(running.is_told(1).await[0].1, Delivery::Delivered);
    assert_eq!(gone.requests().len(), 1);
}

#[tokio::test]
async fn an_action_that_no_webhook_wants_any_more_has_failed() {
    let folder = folder();
    let mut running = Running::start(folder.path(), Vec::new(), impatience()).await;
    running.bag.put_all(vec![(agent(), action("0-7.stabilize_system"))]);
    assert_eq!(running.is_told(1).await[0].1, Delivery::Failed);
}
