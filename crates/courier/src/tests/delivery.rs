//! What a webhook is sent, and what the log is told.

use axum::http::HeaderMap;
use domain::Delivery;
use standardwebhooks::Webhook as Verifier;

use super::receiver::{Answer, Receiver, Request};
use super::{KEY, Running, VARIABLE, action, agent, folder, impatience, new_year, webhook};
use crate::message::Message;
use crate::secrets::Key;

/// As receivers do who use the library of the standard.
fn verify(key: &str, request: &Request) -> Result<(), standardwebhooks::WebhookError> {
    Verifier::new(key).unwrap().verify(&request.body, &request.headers)
}

#[tokio::test]
async fn a_webhook_is_told_and_the_log_too() {
    let (folder, receiver) = (folder(), Receiver::start([]).await);
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    let taken = action("0-7.stabilize_system");
    running.bag.put([(agent(), taken.clone())]);
    assert_eq!(running.is_told(1).await, [(taken.id.clone(), Delivery::Delivered)]);

    let [request] = &receiver.requests()[..] else { panic!("one request") };
    assert_eq!(request.header("content-type"), "application/json");
    assert!(request.header("user-agent").starts_with("iskra/"));
    let json = request.json();
    assert_eq!(json["type"], "action.taken");
    assert_eq!(json["subject"], "agent-7");
    assert_eq!(json["timestamp"], taken.at.to_string());
    assert_eq!(serde_json::from_value::<domain::Action>(json["action"].clone()).unwrap(), taken);
    assert_eq!((running.count("delivered"), running.count("failed"), running.count("retried")), (1.0, 0.0, 0.0));
    assert_eq!(running.metric("iskra_webhook_request_seconds_count"), 1.0);
}

#[tokio::test]
async fn receivers_can_verify_it_with_the_library_of_the_standard() {
    let (folder, receiver) = (folder(), Receiver::start([]).await);
    let mut running = Running::start(folder.path(), vec![webhook(&receiver.url)], impatience()).await;
    running.bag.put([(agent(), action("0-7.stabilize_system"))]);
    let request = receiver.wait_for(1).await.remove(0);
    verify(KEY, &request).unwrap();

    verify("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", &request).unwrap_err();
    let mut headers = HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.insert(name, request.headers[name].clone());
    }
    verify(KEY, &Request { headers: headers.clone(), body: "{}".into() }).unwrap_err();
    headers.insert("webhook-id", "0-8.stabilize_system@1".parse().unwrap());
    verify(KEY, &Request { headers, body: request.body.clone() }).unwrap_err();
}

#[tokio::test]
async fn while_a_key_is_exchanged_both_sign() {
    const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    let (folder, receiver) = (folder(), Receiver::start([]).await);
    let keys = |name: &str| (name == VARIABLE).then(|| format!("{OTHER} {KEY}\n"));
    let webhooks = vec![webhook(&receiver.url)];
    let mut running = Running::start_with(folder.path(), webhooks, impatience(), keys).await;
    running.bag.put([(agent(), action("0-7.stabilize_system"))]);
    let request = receiver.wait_for(1).await.remove(0);
    verify(KEY, &request).unwrap();
    verify(OTHER, &request).unwrap();
}

#[tokio::test]
async fn of_two_webhooks_one_fails_and_the_other_is_told_all_the_same() {
    let folder = folder();
    let (refusing, slow) = (Receiver::start([Answer::Status(404)]).await, Receiver::start([Answer::Status(503)]).await);
    let webhooks = vec![webhook(&refusing.url), webhook(&slow.url)];
    let mut running = Running::start(folder.path(), webhooks, impatience()).await;
    running.bag.put([(agent(), action("0-7.stabilize_system"))]);
    assert_eq!(running.is_told(1).await, [("0-7.stabilize_system".to_owned(), Delivery::Failed)]);
    assert_eq!((refusing.requests().len(), slow.requests().len()), (1, 2));
    assert_eq!((running.count("delivered"), running.count("failed"), running.count("retried")), (1.0, 1.0, 1.0));
}

#[tokio::test]
async fn a_webhook_is_told_of_the_actions_it_wants() {
    let folder = folder();
    let (all, one, other) = (Receiver::start([]).await, Receiver::start([]).await, Receiver::start([]).await);
    let wants = |url: &str, action: &str| rules::Webhook { actions: vec![action.to_owned()], ..webhook(url) };
    let webhooks =
        vec![webhook(&all.url), wants(&one.url, "stabilize_system"), wants(&other.url, "emergency_recovery")];
    let mut running = Running::start(folder.path(), webhooks, impatience()).await;
    running.bag.put([(agent(), action("0-7.stabilize_system"))]);
    assert_eq!(running.is_told(1).await[0].1, Delivery::Delivered);
    assert_eq!([&all, &one, &other].map(|receiver| receiver.requests().len()), [1, 1, 0]);
}

#[test]
fn what_the_standard_gives_as_an_example_is_signed_as_it_says() {
    let key = Key::parse(KEY).unwrap();
    let signature = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", br#"{"test": 2432232314}"#);
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

/// What the engine does about too much chaos, when the action reaches outside and a webhook wants to know.
fn taken() -> domain::Action {
    let mut rules = rules::Rules::built_in();
    rules.actions.list.iter_mut().for_each(|action| action.is_dry_run = false);
    rules.actions.webhooks.push(webhook("https://hooks.example.com/iskra"));
    let vitals = domain::Vitals::default().with(domain::Vital::Chaos, domain::Score::clamped(0.84));
    let sample = domain::Sample { subject: agent(), at: new_year(), vitals, signals: domain::Signals::new() };
    let mut events = Vec::new();
    engine::Engine::new(3, rules.into()).step(new_year(), engine::Input::Sample(1_042, &sample), &mut events);
    let action = events.into_iter().find_map(|event| match event.body {
        domain::EventBody::Action { action } => Some(action),
        _ => None,
    });
    action.expect("the engine acts")
}

/// The request in the documentation, made again.
#[test]
fn the_documented_example_is_what_is_sent() {
    test_support::use_tls();
    let page = include_str!("../../../../docs/actions.md");
    let example = page.split("```http\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the example");
    let (head, body) = example.split_once("\n\n").expect("headers and a body");
    let header = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("no {name}"))
    };
    let message = Message::new(&agent(), &taken());
    let now = new_year().plus(std::time::Duration::from_secs(1));
    let request =
        message.sign(reqwest::Client::new().post("http://hooks.example.com/iskra"), &[Key::parse(KEY).unwrap()], now);
    let request = request.build().unwrap();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type"] {
        assert_eq!(header(name), request.headers()[name].to_str().unwrap(), "{name}");
    }
    let sent = request.body().unwrap().as_bytes().unwrap();
    assert_eq!(body.trim_end(), std::str::from_utf8(sent).unwrap());
    assert!(page.contains(KEY), "the key of the example");
}
