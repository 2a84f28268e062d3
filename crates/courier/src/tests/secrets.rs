use std::sync::{Arc, Mutex};

use domain::Delivery;
use insta::assert_snapshot;
use settings::Secrets;

use super::receiver::Receiver;
use super::{KEY, Running, VARIABLE, action, agent, eventually, folder, impatience, webhook};
use crate::check;

fn complaint(variables: &[(&str, &str)]) -> String {
    let variables: Vec<_> = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let find = move |name: &str| variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let webhooks = [webhook("https://hooks.example.com/services/T0/B0?token=hidden"), webhook("http://[::1]:8080/")];
    check(&webhooks, &Secrets::new(find)).map_or_else(|unusable| unusable.to_string(), |()| "good".to_owned())
}

#[test]
fn every_webhook_needs_a_key_and_whoever_has_none_is_told_so() {
    assert_eq!(complaint(&[(VARIABLE, KEY)]), "good");
    assert_snapshot!(complaint(&[]), @"
    the webhook at hooks.example.com: EXAMPLE_WEBHOOK_KEY is not set, nor is EXAMPLE_WEBHOOK_KEY_FILE: one of them gives the secret
    the webhook at [::1]:8080: EXAMPLE_WEBHOOK_KEY is not set, nor is EXAMPLE_WEBHOOK_KEY_FILE: one of them gives the secret
    ");
}

#[test]
fn a_key_that_is_none_is_refused_without_being_shown() {
    for value in ["", "secret", "whsec_", "whsec_c2VjcmV0", "whsec_%%%", &KEY[6..], &format!("{KEY} secret")] {
        let complaint = complaint(&[(VARIABLE, value)]);
        assert!(complaint.contains("EXAMPLE_WEBHOOK_KEY is not a key"), "{value}: {complaint}");
        assert!(
            !complaint.contains("secret") && !complaint.contains("MfKQ") && !complaint.contains("hidden"),
            "{complaint}"
        );
    }
    assert_snapshot!(complaint(&[(VARIABLE, "secret")]).lines().next().unwrap(), @"the webhook at hooks.example.com: EXAMPLE_WEBHOOK_KEY is not a key, which is `whsec_` and 24 to 64 random bytes in base64: `echo whsec_$(openssl rand -base64 32)` makes one");
    // 65 bytes.
    let long = format!("whsec_{}A==", "AAAA".repeat(21) + "AA");
    assert!(complaint(&[(VARIABLE, &long)]).contains("is not a key"));
}

#[test]
fn a_file_can_hold_the_key() {
    let folder = folder();
    let path = folder.path().join("key");
    std::fs::write(&path, format!("{KEY}\n")).unwrap();
    let file = "EXAMPLE_WEBHOOK_KEY_FILE";
    assert_eq!(complaint(&[(file, path.to_str().unwrap())]), "good");
    let first = |variables: &[(&str, &str)]| complaint(variables).lines().next().unwrap().to_owned();
    assert_snapshot!(first(&[(file, "/nowhere/key")]), @"the webhook at hooks.example.com: the file that EXAMPLE_WEBHOOK_KEY_FILE names cannot be read: No such file or directory (os error 2)");
    assert_snapshot!(first(&[(file, path.to_str().unwrap()), (VARIABLE, KEY)]), @"the webhook at hooks.example.com: EXAMPLE_WEBHOOK_KEY and EXAMPLE_WEBHOOK_KEY_FILE are both set: which one is meant?");
    assert!(first(&[(file, "/dev/zero")]).contains("is not a key"));
}

#[tokio::test]
async fn a_key_that_comes_late_is_waited_for() {
    let (folder, receiver) = (folder(), Receiver::start([]).await);
    let key = Arc::new(Mutex::new(None));
    let (webhooks, current) = (vec![webhook(&receiver.url)], key.clone());
    let variable = move |name: &str| current.lock().unwrap().clone().filter(|_: &String| name == VARIABLE);
    let mut running = Running::start_with(folder.path(), webhooks, impatience(), variable).await;
    running.bag.put([(agent(), action("0-7.stabilize_system"))]);
    eventually("it is tried again", async || (running.count("retried") >= 1.0).then_some(())).await;
    assert!(receiver.requests().is_empty());
    *key.lock().unwrap() = Some(KEY.to_owned());
    assert_eq!(running.is_told(1).await[0].1, Delivery::Delivered);
}
