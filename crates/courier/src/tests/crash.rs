//! Ends at bad moments.

use domain::Delivery;
use durable_log::Log as _;
use tokio::sync::oneshot;

use super::receiver::{Answer, Receiver};
use super::{Running, action, agent, eventually, folder, impatience, webhook};

#[tokio::test]
async fn a_crash_between_the_answer_and_the_log_sends_it_again_under_the_same_id() {
    let (open, gate) = oneshot::channel();
    let (folder, receiver) = (folder(), Receiver::start([Answer::When(gate, 200)]).await);
    let pending = vec![(agent(), action("0-7.stabilize_system"))];
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    running.bag.put(pending.clone());
    receiver.wait_for(1).await;
    // The webhook takes it, but the log is gone before it can be told.
    running.log.close().await;
    open.send(()).unwrap();
    eventually("it is delivered", async || (running.count("delivered") == 1.0).then_some(())).await;
    eventually("the errand is over", async || (running.pending() == 0.0).then_some(())).await;
    drop(running);

    // After the restart the engine still has it as pending.
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    assert!(running.told().await.is_empty());
    running.bag.put_all(pending);
    assert_eq!(running.is_told(1).await, [("0-7.stabilize_system".to_owned(), Delivery::Delivered)]);
    let [first, second] = &receiver.requests()[..] else { panic!("two requests") };
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body);
}

#[tokio::test]
async fn a_log_that_fails_is_told_later_and_nobody_is_asked_again() {
    let (folder, receiver) = (folder(), Receiver::start([]).await);
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    running.log.fail_commands(3);
    running.bag.put([(agent(), action("0-7.stabilize_system"))]);
    assert_eq!(running.is_told(1).await[0].1, Delivery::Delivered);
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn a_bag_that_is_given_away_stops() {
    let (folder, receiver) = (folder(), Receiver::start([Answer::Never]).await);
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    running.bag.put([(agent(), action("0-7.stabilize_system"))]);
    receiver.wait_for(1).await;
    assert_eq!(running.pending(), 1.0);
    running.bag = running.courier.bag();
    eventually("nothing is on its way", async || (running.pending() == 0.0).then_some(())).await;
    assert!(running.told().await.is_empty());
}

#[tokio::test]
async fn what_the_engine_does_not_know_yet_is_not_sent_again() {
    let (folder, receiver) = (folder(), Receiver::start([]).await);
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    let (first, second) = (action("0-7.stabilize_system"), action("0-9.stabilize_system"));
    running.bag.put([(agent(), first.clone())]);
    running.is_told(1).await;
    // The log knows; the engine has not read on yet.
    running.bag.put_all(vec![(agent(), first.clone()), (agent(), second.clone())]);
    running.is_told(2).await;
    assert_eq!(receiver.requests().len(), 2);

    eventually("both errands are over", async || (running.pending() == 0.0).then_some(())).await;
    // An engine that has read on and has it as pending nevertheless means it.
    running.bag.put_all(Vec::new());
    running.bag.put_all(vec![(agent(), first)]);
    running.is_told(3).await;
    assert_eq!(receiver.requests().len(), 3);
}
