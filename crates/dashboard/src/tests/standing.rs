//! How subjects stand, and why: as programs read it.

use domain::Vital::{Chaos, Clarity, Pain, Trust};
use rules::Rules;
use serde_json::json;

use super::judged::{Judged, moment};

const CRISIS: [(domain::Vital, f64); 4] = [(Clarity, 0.75), (Chaos, 0.35), (Trust, 0.3), (Pain, 0.95)];
const CALM: [(domain::Vital, f64); 4] = [(Clarity, 0.75), (Chaos, 0.35), (Trust, 0.7), (Pain, 0.35)];

#[tokio::test]
async fn it_is_explained_how_a_rule_stands() {
    let it = Judged::start().await;
    it.measure(0, "agent-7", &[(Pain, 0.95)]).await;
    it.judge(40).await;
    let (status, body) = it.server.get("/api/v1/explain?subject=agent-7&rule=pain_block_high").await;
    assert_eq!(status, 200, "{body}");
    let explanation = &body["explanation"];
    let hash = Rules::built_in().hash;
    assert_eq!(
        (&explanation["subject"], &explanation["at"], &explanation["config_hash"], &explanation["rules_differ"]),
        (&json!("agent-7"), &json!(moment(40)), &json!(hash), &json!(false))
    );
    // The last thing that time brought about.
    assert_eq!(explanation["judged_until"], json!(moment(30)));
    assert_eq!(
        (&explanation["vitals"], &explanation["verdict"]["pain"]["level"]),
        (&json!({"pain": 0.95}), &json!("BLOCK"))
    );
    let id = explanation["rules"][0]["alert"].clone();
    let rule = json!({
        "kind": "edge",
        "rule": "pain_block_high",
        "holds": true,
        "why": {"en": "pain 0.95 ≥ 0.60", "ru": "pain 0,95 ≥ 0,60"},
        "state": explanation["rules"][0]["state"],
        "value": 0.95,
        "threshold": 0.6,
        "held_seconds": 40.0,
        "for_seconds": 30.0,
        "since": moment(0),
        "cooldown_until": moment(60),
        "alert": id,
        "notification": {"status": "held", "until": moment(60), "by": "cooldown"},
    });
    assert_eq!(explanation["rules"], json!([rule]));
    let (_, body) = it.server.get("/api/v1/explain?subject=agent-7").await;
    let rules = body["explanation"]["rules"].as_array().unwrap();
    assert!(rules.len() > 60, "every rule is told: {}", rules.len());
    let (_, body) = it.server.get("/api/v1/explain?subject=agent-7&rule=trust_").await;
    let rules = body["explanation"]["rules"].as_array().unwrap();
    assert!(!rules.is_empty() && rules.iter().all(|rule| rule["rule"].as_str().unwrap().starts_with("trust_")));
    assert!(rules.iter().all(|rule| rule.get("holds").is_none()), "it was never measured: {rules:?}");
}

#[tokio::test]
async fn the_whole_name_of_a_rule_goes_before_its_beginning() {
    let mut rules = Rules::built_in();
    rules.tones[0].id = "grave.1".to_owned();
    rules.tones[1].id = "grave.10".to_owned();
    rules.hash = "of other rules".to_owned();
    let it = Judged::with(rules).await;
    it.measure(0, "agent-7", &CALM).await;
    it.judge(1).await;
    let names = async |wanted: &str| {
        let (status, body) = it.server.get(&format!("/api/v1/explain?subject=agent-7&rule={wanted}")).await;
        assert_eq!(status, 200, "{body}");
        let rules = body["explanation"]["rules"].as_array().unwrap().iter().map(|rule| rule["rule"].clone());
        (rules.collect::<Vec<_>>(), body["explanation"]["rules_differ"].clone())
    };
    assert_eq!(names("grave.1").await, (vec![json!("grave.1")], json!(true)), "it was judged by other rules");
    assert_eq!(names("grave").await.0, ["grave.1", "grave.10"]);
}

#[tokio::test]
async fn what_cannot_be_explained_is_a_problem() {
    let it = Judged::start().await;
    it.measure(0, "agent-7", &CALM).await;
    it.judge(1).await;
    let (status, problem) = it.server.get("/api/v1/explain?subject=nobody").await;
    assert_eq!((status, &problem["detail"]), (404, &json!("the subject `nobody` was never judged")));
    let long = "x".repeat(2_000);
    let (status, problem) = it.server.get(&format!("/api/v1/explain?subject=agent-7&rule={long}")).await;
    let shown = &long[..32];
    assert_eq!((status, &problem["detail"]), (404, &json!(format!("no rule's name begins with `{shown}`"))));
    for query in ["", "?rule=stale", "?subject=a%20b", "?subject=agent-7&ruel=stale"] {
        assert_eq!(it.server.get(&format!("/api/v1/explain{query}")).await.0, 400, "{query}");
    }
    it.assert_unavailable(&["/api/v1/explain?subject=agent-7"]).await;
}

#[tokio::test]
async fn budgets_are_told_as_far_as_they_are_known() {
    let it = Judged::start().await;
    it.measure(0, "b", &CALM).await;
    it.measure(0, "a", &[(Pain, 0.95)]).await;
    it.judge(10).await;
    // An hour later no engine has looked again: it would have found them stale after a minute.
    it.set(3_600);
    let (status, body) = it.server.get("/api/v1/slo").await;
    assert_eq!((status, &body["truncated"]), (200, &json!(false)), "{body}");
    let [a, b] = body["slo"].as_array().unwrap().as_slice() else { panic!("two subjects: {body}") };
    assert_eq!((&a["subject"], &b["subject"]), (&json!("a"), &json!("b")));
    let pain = &a["budgets"].as_array().unwrap()[..];
    assert_eq!(pain.len(), 1, "the others were never measured");
    assert_eq!((&pain[0]["vital"], &pain[0]["measured_since"]), (&json!("pain"), &json!(moment(0))));
    assert!(pain[0]["bad_seconds"].as_f64().is_some_and(|bad| bad <= 60.0), "{a}");
    assert_eq!((&b["at"], &b["budgets"][0]["good_seconds"]), (&json!(moment(60)), &json!(60.0)));
    assert!(b["judged_until"].as_str().is_some_and(|at| at < "2026-01-01T00:01:00Z"), "{b}");
    let (_, one) = it.server.get("/api/v1/slo?subject=b").await;
    assert_eq!(one, json!({"slo": [b], "truncated": false}));

    assert_eq!(it.server.get("/api/v1/slo?subject=nobody").await.0, 404);
    assert_eq!(it.server.get("/api/v1/slo?subjects=b").await.0, 400);
    it.assert_unavailable(&["/api/v1/slo", "/api/v1/slo?subject=b"]).await;
}

#[tokio::test]
async fn of_very_many_subjects_the_first_are_told() {
    let it = Judged::start().await;
    it.save_unknown(1_000).await;
    let (_, body) = it.server.get("/api/v1/slo").await;
    assert_eq!((body["slo"].as_array().unwrap().len(), &body["truncated"]), (1_000, &json!(false)));
    it.save_unknown(1_001).await;
    let (_, body) = it.server.get("/api/v1/slo").await;
    assert_eq!((body["slo"].as_array().unwrap().len(), &body["truncated"]), (1_000, &json!(true)));
    assert_eq!(body["slo"][999]["subject"], "s0999");
}

#[tokio::test]
async fn voices_and_seams_are_told() {
    let it = Judged::start().await;
    for second in 0..20 {
        it.measure(second, "agent-7", if second < 10 { &CALM } else { &CRISIS }).await;
    }
    it.measure(20, "calm", &CALM).await;
    it.judge(20).await;
    let body = it.server.get_some("/api/v1/voices?subject=agent-7", "voices").await;
    let voices = &body["voices"][0];
    assert_eq!(
        (&voices["subject"], &voices["tone"]["tone"], &body["truncated"]),
        (&json!("agent-7"), &json!("defensive"), &json!(false))
    );
    assert_eq!(
        (&voices["chorus"]["leader"], voices["chorus"]["voices"].as_array().unwrap().len()),
        (&json!("kayn"), 7)
    );
    let (_, none) = it.server.get("/api/v1/voices?subject=nobody").await;
    assert_eq!(none, json!({"voices": [], "truncated": false}));
    assert_eq!(it.server.get("/api/v1/voices?subject=a%20b").await.0, 400);

    let (status, body) = it.server.get("/api/v1/seams?subject=agent-7&limit=1").await;
    let seam = &body["seams"][0];
    assert_eq!(
        (status, &seam["subject"], &seam["from"], &seam["to"]),
        (200, &json!("agent-7"), &json!("BALANCED"), &json!("CRISIS_MODE"))
    );
    assert_eq!((&seam["kind"], &seam["at"], &seam["took"]), (&json!("conflict"), &json!(moment(10)), &json!(5.0)));
    for query in ["?limit=0", "?limit=1001", "?from=yesterday", "?kinds=seam", "?after=0-1.seam"] {
        assert_eq!(it.server.get(&format!("/api/v1/seams{query}")).await.0, 400, "{query}");
    }
    it.assert_unavailable(&["/api/v1/seams", "/api/v1/events", "/api/v1/alerts"]).await;
}
