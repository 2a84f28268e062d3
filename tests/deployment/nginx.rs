//! The one door: the shipped nginx before a real suite.

mod commands;
mod door;

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use reqwest::header::{CONTENT_SECURITY_POLICY, LOCATION, RETRY_AFTER, STRICT_TRANSPORT_SECURITY};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::watch;

use self::door::{Behind, Door};
use super::browser::Browser;
use super::runbooks;
use crate::suite::{PATIENCE, eventually};

const PAGES: [&str; 3] = ["pulse", "seams", "voices"];

#[tokio::test(flavor = "multi_thread")]
async fn three_dashboards_are_one_origin_and_what_is_inside_stays_there() {
    let door = Door::start(Behind::Everything, &[]).await;
    door.push("agent-7", 0.95).await;
    for page in PAGES {
        let answer = door.get(&format!("/{page}/")).await;
        assert_eq!(answer.status(), 200, "{page}");
        let policies: Vec<_> = answer.headers().get_all(CONTENT_SECURITY_POLICY).iter().collect();
        assert!(
            policies.len() == 1 && policies[0].to_str().unwrap().starts_with("default-src 'self';"),
            "{policies:?}"
        );
        assert_eq!(answer.headers()[STRICT_TRANSPORT_SECURITY], "max-age=31536000");
        let html = answer.text().await.unwrap();
        for file in html.split('"').filter(|word| word.starts_with("./assets/")) {
            assert_eq!(door.get(&format!("/{page}/{file}")).await.status(), 200, "{page}: {file}");
        }
        door.knows(page, "agent-7").await;
        assert_eq!(door.get(&format!("/{page}")).await.headers()[LOCATION], format!("{}/{page}/", door.url));
        for inside in ["metrics", "health", "-/ready", "-/healthy", "-/reload"] {
            assert_eq!(door.get(&format!("/{page}/{inside}")).await.status(), 404, "{page}/{inside}");
        }
        for way in ["ws", "realtime", ""] {
            let mut viewer = door.connect(&format!("/{page}/{way}"), &door.url).await.unwrap();
            viewer.send(&json!({"type": "subscribe"})).await;
            viewer.next_of("snapshot").await;
        }
        let elsewhere = door.connect(&format!("/{page}/ws"), "https://elsewhere.example.com").await;
        assert_eq!(elsewhere.err(), Some(403), "{page}: a page of another origin");
    }
    assert_eq!(door.get("/").await.headers()[LOCATION], format!("{}/pulse/", door.url));

    // Without TLS there is only the way to it, and under another name nothing.
    let plain = door.client.get(format!("{}/pulse/?subject=agent-7", door.plain)).send().await.unwrap();
    assert_eq!(
        (plain.status().as_u16(), &plain.headers()[LOCATION]),
        (308, &"https://iskra.example.com/pulse/?subject=agent-7".parse().unwrap())
    );
    let speaks = |name: &str, version: &str| {
        let mut openssl = Command::new("openssl");
        openssl.args([
            "s_client",
            "-connect",
            &door.address,
            "-servername",
            name,
            "-cipher",
            "ALL@SECLEVEL=0",
            version,
        ]);
        openssl.stdin(Stdio::null()).output().unwrap().status.success()
    };
    assert_eq!(["-tls1_1", "-tls1_2", "-tls1_3"].map(|version| speaks("localhost", version)), [false, true, true]);
    assert!(!speaks("elsewhere.example.com", "-tls1_3"));

    for (alert, page) in runbooks::index() {
        let answer = door.get(&format!("/runbooks/{alert}")).await;
        assert_eq!(answer.status(), 200, "{alert}");
        assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
        let text = answer.text().await.unwrap();
        assert!(text.starts_with(&format!("# {page}")), "{alert} is not in {page}: {text}");
    }
    assert_eq!(door.get("/runbooks/Nobody").await.status(), 404);
    assert_eq!(door.get("/runbooks/../nginx.conf").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_live_in_a_browser_and_break_no_rule() {
    let door = Door::start(Behind::Everything, &[]).await;
    door.push("agent-7", 0.95).await;
    for page in PAGES {
        let mut browser = Browser::open(&format!("{}/{page}/?subject=agent-7", door.url)).await;
        browser.shows("agent-7").await;
        assert_eq!(browser.complaints(), Vec::<String>::new(), "{page}");
        // What a socket was is written down when it ends.
        drop(browser);
        let socket = format!(r#""path":"/{page}/ws","status":101"#);
        eventually("its socket is written down", async || door.log().contains(&socket).then_some(())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loss_of_a_replica_is_noticed_by_nobody_who_asks_and_sockets_go_on() {
    let mut door = Door::start(Behind::Pulse, &[]).await;
    let mut viewers = Vec::new();
    // Two go to two: each replica has one.
    for _ in 0..2 {
        let mut viewer = door.connect("/pulse/ws", &door.url).await.unwrap();
        viewer.send(&json!({"type": "subscribe"})).await;
        let snapshot = viewer.next_of("snapshot").await;
        viewers.push((viewer, snapshot["cursor"].clone()));
    }
    for pulse in &door.pulses {
        assert_eq!(pulse.metric("iskra_hub_viewers", "").await, Some(1.0));
    }
    door.pulses[0].kill();
    for number in 0..20 {
        door.push(&format!("agent-{number}"), 0.3).await;
        assert_eq!(door.get("/pulse/api/v1/subjects").await.status(), 200, "{number}");
    }
    let mut lost = 0;
    for (mut viewer, mut cursor) in viewers {
        let mut seen = BTreeSet::new();
        while seen.len() < 20 {
            let Some(frame) = viewer.next_or_end().await else {
                lost += 1;
                viewer = door.connect("/pulse/ws", &door.url).await.unwrap();
                viewer.send(&json!({"type": "subscribe", "resume": cursor})).await;
                assert_eq!(viewer.next_of("subscribed").await["resumed"], true);
                continue;
            };
            seen.extend(frame["samples"].as_array().into_iter().flatten().map(|sample| sample["subject"].to_string()));
            if let Some(newer) = frame.get("cursor") {
                cursor = newer.clone();
            }
        }
    }
    assert_eq!(lost, 1);

    // With nobody left, producers are told to come back, in words that they understand.
    door.pulses[1].kill();
    let answer = door.send("agent-7", 0.3).await;
    assert_eq!((answer.status().as_u16(), &answer.headers()[RETRY_AFTER]), (503, &"1".parse().unwrap()));
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "away");
    door.pulses[0].come_back().await;
    eventually("it is found again", async || door.send("agent-7", 0.3).await.status().is_success().then_some(())).await;
}

/// A replica that reads what it is sent and dies without an answer.
async fn dies_over_requests() -> (String, watch::Receiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (keep, requests) = watch::channel(Vec::new());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut request = vec![0; 64 * 1024];
            let read = connection.read(&mut request).await.unwrap_or(0);
            keep.send_modify(|all: &mut Vec<String>| all.push(String::from_utf8_lossy(&request[..read]).into_owned()));
        }
    });
    (address, requests)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_been_done_is_not_done_again_and_what_is_read_is() {
    let (dying, requests) = dies_over_requests().await;
    // It is asked again at once after each failure.
    let door = Door::start(Behind::With(dying), &[("max_fails=1 fail_timeout=5s", "max_fails=0")]).await;
    let asked = |method: &str| requests.borrow().iter().filter(|request| request.starts_with(method)).count();
    let mut statuses = Vec::new();
    while asked("POST") == 0 {
        assert!(statuses.len() < 20, "no request came to it");
        let answer = door.send(&format!("agent-{}", statuses.len()), 0.3).await;
        statuses.push(answer.status().as_u16());
        if answer.status() == 503 {
            assert_eq!(answer.headers()[RETRY_AFTER], "1");
        }
    }
    let last = statuses.len() - 1;
    assert!(statuses[..last].iter().all(|status| *status == 200) && statuses[last] == 503, "{statuses:?}");
    // What it had read went nowhere else: the producer decides.
    eventually("something else is taken", async || door.send("again", 0.3).await.status().is_success().then_some(()))
        .await;
    door.knows("pulse", "again").await;
    assert_eq!(door.get(&format!("/pulse/api/v1/subjects/agent-{last}")).await.status(), 404);
    let mut read = 0;
    while asked("GET") == 0 {
        assert!(read < 20, "no request came to it");
        read += 1;
        assert_eq!(door.get("/pulse/api/v1/subjects/again").await.status(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_too_much_or_too_slowly_is_turned_away_before_a_service_hears_of_it() {
    let patience = [
        ("client_header_timeout 10s", "client_header_timeout 1s"),
        ("client_body_timeout 10s", "client_body_timeout 1s"),
    ];
    let rate =
        [("rate=100r/s", "rate=1r/m"), ("reads burst=200", "reads burst=20"), ("connections 512", "connections 8")];
    let door = Door::start(Behind::Pulse, &[&patience[..], &rate].concat()).await;
    let requests = async || {
        let mut all = 0.0;
        for pulse in &door.pulses {
            all += pulse.metric("iskra_http_request_seconds_count", r#"route="/api/v1/samples""#).await.unwrap();
        }
        all
    };
    let before = requests().await;

    let large = "x".repeat(8 * 1024 * 1024 + 1);
    let answer = door.client.post(format!("{}/pulse/api/v1/samples", door.url)).body(large).send().await.unwrap();
    assert_eq!(answer.status(), 413);
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "too_large");

    for half in [
        "POST /pulse/api/v1/samples HTTP/1.1\r\nHost: loc",
        "POST /pulse/api/v1/samples HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"sub",
    ] {
        let mut connection = door.tls().await;
        connection.write_all(half.as_bytes()).await.unwrap();
        let mut said = Vec::new();
        // That it ends is what counts; it may do so without TLS's own goodbye.
        let ended = tokio::time::timeout(PATIENCE, connection.read_to_end(&mut said)).await;
        assert!(ended.is_ok(), "it is still waited for: {half}");
        assert!(!String::from_utf8_lossy(&said).contains(" 200 "), "{said:?}");
    }
    assert_eq!(requests().await, before, "a service heard of it");

    // More connections than one address may have: those that stand stay.
    let mut viewers = Vec::new();
    for _ in 0..8 {
        viewers.push(door.connect("/pulse/ws", &door.url).await.unwrap());
    }
    assert_eq!(door.connect("/pulse/ws", &door.url).await.err(), Some(429));
    drop(viewers.pop());
    for mut viewer in viewers {
        viewer.send(&json!({"type": "subscribe"})).await;
        viewer.next_of("subscribed").await;
    }

    let mut statuses = Vec::new();
    for _ in 0..40 {
        let answer = door.get("/pulse/api/v1/subjects").await;
        statuses.push(answer.status().as_u16());
        if answer.status() == 429 {
            assert_eq!(answer.headers()[RETRY_AFTER], "1");
            assert_eq!(answer.json::<Value>().await.unwrap()["code"], "too_many");
        }
    }
    assert!(statuses[0] == 200 && statuses[39] == 429, "{statuses:?}");
    // Whoever sends has a limit of their own.
    door.push("agent-7", 0.3).await;
}
