//! Who did it, and where that is told.

use serde_json::{Value, json};

use super::locked::Locked;
use crate::suite::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_is_done_by_the_tokens_name_and_written_down() {
    let it = Locked::start().await;
    let (ann, writer) = (it.token("Ann", "read,operate", &[]), it.token("agent-7", "ingest", &[]));
    let url = |path: &str| format!("{}{path}", it.suite.pulse);
    let sample = json!({"subject": "agent-7", "pain": 0.95});
    let sent = it.request("POST", &url("/api/v1/samples")).bearer_auth(&writer).json(&sample).send().await.unwrap();
    assert_eq!(sent.status(), 200, "{}", sent.text().await.unwrap());
    let alert = eventually("an alert fires", async || {
        let answer = it.request("GET", &url("/api/v1/alerts")).bearer_auth(&ann).send().await.ok()?;
        let alerts: Value = answer.json().await.ok()?;
        alerts["alerts"][0]["id"].as_str().map(str::to_owned)
    })
    .await;

    // By a session, in a page that says somebody else's name; by a token, that says none.
    let cookie = it.log_in(&ann).await;
    let acknowledge = format!("/api/v1/alerts/{alert}/acknowledge");
    let by_cookie =
        it.request("POST", &url(&acknowledge)).header("cookie", &cookie).header("sec-fetch-site", "same-origin");
    let answer = by_cookie.json(&json!({"by": "Bob"})).send().await.unwrap();
    assert!(answer.status().is_success());
    let silence = json!({"subject": "agent-7", "for": "1h"});
    let answer = it.request("POST", &url("/api/v1/silences")).bearer_auth(&ann).json(&silence).send().await.unwrap();
    assert!(answer.status().is_success());
    let made: Value = answer.json().await.unwrap();
    assert_eq!(made["silence"]["by"], "Ann");
    let silence = made["silence"]["id"].as_str().unwrap();
    eventually("it is acknowledged", async || {
        let answer = it.request("GET", &url(&format!("/api/v1/alerts/{alert}"))).bearer_auth(&ann).send().await.ok()?;
        let told: Value = answer.json().await.ok()?;
        (told["alert"]["acknowledged"]["by"] == "Ann").then_some(())
    })
    .await;
    let end =
        it.request("DELETE", &url(&format!("/api/v1/silences/{silence}"))).bearer_auth(&ann).send().await.unwrap();
    assert!(end.status().is_success());
    let refused = it.request("POST", &url("/-/reload")).bearer_auth(&writer).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    let failed = it.request("POST", &url("/api/v1/session")).json(&json!({"token": "rubbish"})).send().await.unwrap();
    assert_eq!(failed.status(), 401);

    let id = |token: &str| token.split('_').nth(1).unwrap().to_owned();
    let expected = json!([
        ["nobody", null, "log in", null, "refused", 401],
        ["agent-7", id(&writer), "POST /-/reload", null, "refused", 403],
        ["Ann", id(&ann), "DELETE /api/v1/silences/{id}", silence, "done", end.status().as_u16()],
        ["Ann", id(&ann), "POST /api/v1/silences", silence, "done", 200],
        ["Ann", id(&ann), "POST /api/v1/alerts/{id}/acknowledge", alert, "done", 200],
        ["Ann", id(&ann), "log in", null, "done", 200],
        ["root", null, "iskra token create", id(&writer), "done", null],
        ["root", null, "iskra token create", id(&ann), "done", null],
    ]);
    let told = |acts: &Value| -> Value {
        let acts = acts["acts"].as_array().unwrap().iter();
        acts.map(|act| json!([act["who"], act["token"], act["what"], act["of"], act["outcome"], act["status"]]))
            .collect()
    };
    eventually("all of it is written down", async || {
        let answer = it.request("GET", &url("/api/v1/audit")).bearer_auth(&ann).send().await.ok()?;
        let acts: Value = answer.json().await.ok()?;
        if acts["acts"].as_array().is_none_or(|acts| acts.len() < 8) {
            return None;
        }
        assert!(acts["acts"][0]["from"].as_str().unwrap().starts_with("10."), "{acts}");
        assert_eq!(told(&acts), expected);
        Some(())
    })
    .await;
    // Page by page, and by the command line.
    let page = it.request("GET", &url("/api/v1/audit?limit=3")).bearer_auth(&ann).send().await.unwrap();
    let page: Value = page.json().await.unwrap();
    let rest = it.request("GET", &url(&format!("/api/v1/audit?limit=3&before={}", page["next"]))).bearer_auth(&ann);
    let rest: Value = rest.send().await.unwrap().json().await.unwrap();
    assert_eq!(told(&rest).as_array().unwrap()[..], expected.as_array().unwrap()[3..6]);
    let output = it.iskra(&["audit", "--json"]);
    assert_eq!(told(&serde_json::from_slice(&output.stdout).unwrap()), expected);
    let output = it.iskra(&["audit", "--limit", "1"]);
    let line = String::from_utf8(output.stdout).unwrap();
    assert!(line.lines().count() == 1 && line.ends_with("log in: refused 401\n"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_suite_keeps_the_name_that_is_said_and_writes_down_that_it_was_open() {
    let folder = tempfile::tempdir().unwrap();
    let suite = crate::suite::Suite::start(folder.path(), &[]).await;
    suite.push_pain("agent-7", 0.95).await;
    let url = format!("{}/api/v1/silences", suite.pulse);
    let silence = json!({"subject": "agent-7", "for": "1h", "by": "Bob"});
    let made = eventually("the subject is judged", async || {
        let answer = suite.client.post(&url).json(&silence).send().await.ok()?;
        answer.status().is_success().then_some(answer)
    });
    let made: Value = made.await.json().await.unwrap();
    assert_eq!(made["silence"]["by"], "Bob");
    let nameless = suite.client.post(&url).json(&json!({"subject": "agent-7", "for": "1h"})).send().await.unwrap();
    assert_eq!(nameless.status(), 422);
    eventually("it is written down", async || {
        let acts = suite.get("/api/v1/audit").await;
        let (done, refused) =
            (acts["acts"].as_array()?.iter().find(|act| act["of"] == made["silence"]["id"])?, &acts["acts"][0]);
        (done["who"] == "open" && refused["outcome"] == "refused").then_some(())
    })
    .await;
}
