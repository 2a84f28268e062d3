//! Events and alerts of a span, page by page.

use domain::Vital::Pain;
use serde_json::{Value, json};

use super::judged::{Judged, moment};

/// Pain for ten seconds, twice.
async fn story() -> Judged {
    let it = Judged::start().await;
    for second in 0..100 {
        let hurts = matches!(second, 10..20 | 60..70);
        it.measure(second, "agent-7", &[(Pain, if hurts { 0.95 } else { 0.3 })]).await;
    }
    it.judge(100).await;
    it
}

async fn list(it: &Judged, path: &str, name: &str) -> Vec<Value> {
    let (status, mut body) = it.server.get(&format!("/api/v1/{path}")).await;
    assert_eq!(status, 200, "{path}: {body}");
    match body[name].take() {
        Value::Array(list) => list,
        other => panic!("{path}: {other}"),
    }
}

#[tokio::test]
async fn events_of_every_kind_come_in_either_order_and_page_by_page() {
    let it = story().await;
    let levels = list(&it, "events?kinds=levels&order=asc", "events").await;
    assert!(levels.len() >= 5, "{levels:?}");
    assert!(levels.iter().all(|event| event["kind"] == "levels" && event["verdict"].is_object()));
    assert_eq!(levels[0]["at"], json!(moment(0)));
    for kind in ["chorus", "alert"] {
        assert!(!list(&it, &format!("events?kinds={kind}"), "events").await.is_empty(), "{kind}");
    }
    let unnamed = list(&it, "events?limit=1000", "events").await;
    assert!(unnamed.iter().all(|event| !["levels", "chorus", "alert"].contains(&event["kind"].as_str().unwrap())));

    let kinds = "kinds=levels,chorus,alert,voice,action,symbol,tone,signal&limit=1000";
    let mut all = list(&it, &format!("events?{kinds}&order=asc"), "events").await;
    for order in ["asc", "desc"] {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("events?{}&order={order}{after}", kinds.replace("1000", "7"));
            let page = list(&it, &path, "events").await;
            let Some(last) = page.last() else { break };
            after = format!("&after={}", last["id"].as_str().unwrap().replace('+', "%2B"));
            seen.extend(page);
            assert!(seen.len() <= all.len(), "it goes on for ever");
        }
        assert_eq!(seen, all, "{order}");
        all.reverse();
    }
    let between = format!("events?kinds=levels&from={}&to={}", moment(10), moment(60));
    let few = list(&it, &between, "events").await;
    assert!(!few.is_empty() && few.len() < levels.len(), "{few:?}");
    let steps = format!("events?kinds=levels&subject=agent-7&from={}&to={}&step=50s", moment(0), moment(100));
    let last = list(&it, &steps, "events").await;
    let times: Vec<_> = last.iter().map(|event| event["at"].clone()).collect();
    assert_eq!(times, [json!(moment(70)), json!(moment(20))], "the last of each step");
    let from = format!("from={}", moment(0));
    let far = format!("subject=agent-7&{from}&to={}", moment(1_001));
    for (query, code) in [
        ("after=nobody", "no_such_event"),
        ("kinds=dance", "bad_kind"),
        ("order=up", "bad_request"),
        ("step=0", "bad_step"),
        ("step=1s&subject=agent-7", "bad_step"),
        (&format!("step=1s&{from}"), "bad_step"),
        (&format!("step=1s&{far}"), "bad_step"),
    ] {
        let (status, problem) = it.server.get(&format!("/api/v1/events?{query}")).await;
        assert_eq!((status, code), (400, problem["code"].as_str().unwrap()), "{problem}");
    }
}

#[tokio::test]
async fn alerts_of_a_span_are_those_that_fired_at_any_time_in_it() {
    let it = story().await;
    let opened = async |from: i64, to: i64| {
        let path = format!("alerts?subject=agent-7&from={}&to={}", moment(from), moment(to));
        let alerts = list(&it, &path, "alerts").await;
        let critical = alerts.into_iter().filter(|alert| alert["rule"] == "pain_critical_high");
        critical.map(|alert| alert["opened_at"].clone()).collect::<Vec<_>>()
    };
    let (first, second) = (json!(moment(10)), json!(moment(60)));
    assert_eq!(opened(0, 9).await, [Value::Null; 0]);
    assert_eq!(opened(0, 10).await, std::slice::from_ref(&first));
    assert_eq!(opened(15, 16).await, std::slice::from_ref(&first), "it fires all the time");
    assert_eq!(opened(40, 50).await, [Value::Null; 0]);
    assert_eq!(opened(0, 100).await, [second, first]);
    let path = format!("/api/v1/alerts?from={}&to={}", moment(2), moment(1));
    let (status, problem) = it.server.get(&path).await;
    assert_eq!((status, &problem["code"]), (400, &json!("bad_range")));
}
