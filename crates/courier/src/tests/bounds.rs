//! However much there is to do.

use domain::{Action, Subject};

use super::receiver::Receiver;
use super::{Running, action, agent, eventually, folder, impatience, webhook};

fn many(count: usize) -> Vec<(Subject, Action)> {
    (0..count).map(|number| (agent(), action(&format!("0-{number}.stabilize_system")))).collect()
}

#[tokio::test]
async fn a_webhook_bears_eight_requests_at_once_and_holds_up_no_other() {
    let folder = folder();
    let (closed, open) = (Receiver::start_closed().await, Receiver::start([]).await);
    let webhooks = vec![webhook(&closed.url), webhook(&open.url)];
    let mut running = Running::start(folder.path(), webhooks, impatience()).await;
    running.bag.put(many(30));
    // The other webhook has all of them, while the first does not answer.
    open.wait_for(30).await;
    closed.wait_for(8).await;
    assert_eq!(closed.requests().len(), 8);
    closed.open();
    running.is_told(30).await;
    assert_eq!((closed.actions().len(), closed.requests().len(), closed.most_open()), (30, 30, 8));
}

#[tokio::test]
async fn what_does_not_fit_waits_until_it_is_put_in_again() {
    let (folder, receiver) = (folder(), Receiver::start_closed().await);
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    assert!(running.bag.is_due());
    let pending = many(300);
    running.bag.put_all(pending.clone());
    assert!(!running.bag.is_due());
    assert_eq!(running.pending(), 256.0);
    receiver.open();
    running.is_told(256).await;
    eventually("all places are free", async || (running.pending() == 0.0).then_some(())).await;

    running.bag.put_all(pending);
    running.is_told(300).await;
    assert_eq!((receiver.actions().len(), receiver.requests().len()), (300, 300));
}

#[tokio::test]
async fn the_most_urgent_are_put_in_first() {
    let (folder, receiver) = (folder(), Receiver::start_closed().await);
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    let mut pending = many(256);
    pending.iter_mut().for_each(|(_, action)| action.priority = domain::Priority::P1);
    pending.push((agent(), action("0-999.emergency_recovery")));
    running.bag.put_all(pending);
    receiver.open();
    running.is_told(256).await;
    assert!(receiver.actions().contains("0-999.emergency_recovery"));
}
