//! How objectives were met: as programs read it.

use domain::Vital::{Pain, Trust};
use serde_json::{Value, json};

use super::judged::{Judged, moment};

const DAY: i64 = 86_400;
const NOON: i64 = DAY / 2;

async fn report(it: &Judged, days: (i64, i64), more: &str) -> Value {
    let (from, to) = (moment(days.0 * DAY), moment(days.1 * DAY));
    let (status, body) = it.server.get(&format!("/api/v1/slo/report?from={from}&to={to}{more}")).await;
    assert_eq!(status, 200, "{body}");
    body["report"].clone()
}

/// A minute is good after each of these samples, and then nothing is known.
#[tokio::test]
async fn days_are_counted_however_late_they_are_accounted_for() {
    let it = Judged::start().await;
    it.measure(NOON, "agent-7", &[(Pain, 0.35)]).await;
    // For nine days nobody says anything.
    it.measure(10 * DAY + 600, "agent-7", &[(Pain, 0.35)]).await;
    it.judge(10 * DAY + 601).await;
    let row = |unmeasured: f64| {
        json!([{
            "subject": "agent-7", "vital": "pain", "objective": 0.99, "good_seconds": 60.0, "bad_seconds": 0.0,
            "good_ratio": 1.0, "unmeasured_seconds": unmeasured, "remaining_ratio": 1.0, "met": true,
        }])
    };
    let half_a_day = NOON as f64 - 60.0;
    let first = report(&it, (0, 1), "").await;
    assert_eq!((&first["rows"], &first["over_until"]), (&row(half_a_day), &json!(moment(DAY))));
    assert_eq!(first["alerts"], json!({"P0": 0, "P1": 1, "P2": 0}), "of its silence");
    // Neither what is still to come nor what was before the first sample is called unmeasured.
    let month = report(&it, (-31, 31), "&subject=agent-7").await;
    assert_eq!((&month["rows"], &month["over_until"]), (&row(half_a_day + 9.0 * DAY as f64), &json!(moment(10 * DAY))));
    assert_eq!(month["truncated"], false);
    let silent = report(&it, (3, 4), "").await;
    assert_eq!(silent["rows"][0]["unmeasured_seconds"], DAY as f64);
}

#[tokio::test]
async fn who_has_no_account_is_listed_all_the_same() {
    let it = Judged::start().await;
    it.measure(NOON, "agent-7", &[(Pain, 0.35), (Trust, 0.7)]).await;
    it.judge(NOON + 1).await;
    // No engine has been there since.
    it.set(2 * DAY + 600);
    let whole = report(&it, (0, 31), "").await;
    let row = |vital: &str| {
        json!({
            "subject": "agent-7", "vital": vital, "objective": 0.99, "good_seconds": 0.0, "bad_seconds": 0.0,
            "unmeasured_seconds": (2 * DAY - NOON) as f64, "remaining_ratio": 1.0,
        })
    };
    assert_eq!(whole["rows"], json!([row("trust"), row("pain")]));
    for more in ["&subject=nobody"] {
        assert_eq!(report(&it, (0, 31), more).await["rows"], json!([]), "{more}");
    }
    let before = report(&it, (-31, 0), "").await;
    assert_eq!(before["rows"], json!([]), "it was not there yet");
    let future = report(&it, (5, 6), "").await;
    assert_eq!(
        (&future["over_until"], &future["rows"][0]["unmeasured_seconds"]),
        (&json!(moment(5 * DAY)), &json!(0.0))
    );
}

#[tokio::test]
async fn a_bad_day_uses_up_the_budget() {
    let it = Judged::start().await;
    for second in 0..20 {
        it.measure(NOON + second, "agent-7", &[(Pain, if second < 4 { 0.65 } else { 0.35 })]).await;
    }
    it.measure(DAY + 1, "agent-7", &[(Pain, 0.35)]).await;
    it.judge(DAY + 2).await;
    let report = report(&it, (0, 1), "").await;
    let row = &report["rows"][0];
    // 4 s of 79 were bad, where 1 % may be.
    assert_eq!((&row["bad_seconds"], &row["good_seconds"], &row["met"]), (&json!(4.0), &json!(75.0), &json!(false)));
    assert!((row["remaining_ratio"].as_f64().unwrap() - (1.0 - 4.0 / 0.79)).abs() < 1e-9, "{row}");
}

#[tokio::test]
async fn a_span_that_makes_no_sense_is_refused() {
    let it = Judged::start().await;
    let day = |days: i64| moment(days * DAY);
    for query in [
        String::new(),
        format!("?from={}", day(0)),
        format!("?from={}&to={}", day(1), day(1)),
        format!("?from={}&to={}", day(0), day(367)),
        format!("?from={}&to=tomorrow", day(0)),
        format!("?from={}&to={}&subject=a%20b", day(0), day(1)),
    ] {
        let (status, problem) = it.server.get(&format!("/api/v1/slo/report{query}")).await;
        assert_eq!(status, 400, "{query}: {problem}");
    }
    let path = format!("/api/v1/slo/report?from={}&to={}", day(0), day(366));
    assert_eq!(it.server.get(&path).await.0, 200);
    it.assert_unavailable(&[&path, &format!("{path}&subject=a")]).await;
}
