//! The sockets: nothing is missed, nothing comes twice, whatever breaks in between.

use std::time::SystemTime;

use domain::Timestamp;
use serde_json::{Value, json};

use crate::suite::Suite;
use crate::viewer::Viewer;

/// Samples in one request.
const BATCH: i64 = 10;

/// Sends samples numbered from `first` to before `end`, in requests of [`BATCH`], each of another subject.
async fn stream(suite: &Suite, first: i64, end: i64) {
    let start = Timestamp::from(SystemTime::now()).as_micros();
    let numbers: Vec<i64> = (first..end).collect();
    for (index, numbers) in numbers.chunks(BATCH as usize).enumerate() {
        let subject = format!("agent-{}", index % 5);
        let sample = |number: &i64| {
            let at = Timestamp::from_micros(start + number).to_string();
            json!({"subject": subject, "at": at, "pain": 0.3, "signals": {"number": number}})
        };
        suite.push(&numbers.iter().map(sample).collect()).await;
    }
}

/// Follows the chain from `cursor` until every number from `first` to before `end` was seen; each may come once only.
/// Answers the last cursor.
async fn follow(viewer: &mut Viewer, mut cursor: Value, first: i64, end: i64) -> Value {
    let mut seen = vec![false; usize::try_from(end - first).unwrap()];
    while seen.contains(&false) {
        let frame = viewer.next().await;
        match frame["type"].as_str().unwrap() {
            "update" => assert_eq!(frame["prev"], cursor, "the chain is broken: {frame}"),
            "heartbeat" => {}
            other => panic!("unexpected `{other}`: {frame}"),
        }
        cursor = frame["cursor"].clone();
        assert!(frame["merged"].is_null(), "a fast client gets every sample: {frame}");
        for sample in frame["samples"].as_array().unwrap_or(&Vec::new()) {
            let number = sample["signals"]["number"].as_f64().unwrap() as i64;
            let place = &mut seen[usize::try_from(number - first).expect("no sample from before the cursor")];
            assert!(!std::mem::replace(place, true), "sample {number} came twice");
        }
    }
    cursor
}

/// Comes back with `cursor`, and expects that nothing was lost meanwhile.
async fn resume(service: &str, cursor: &Value) -> Viewer {
    let mut viewer = Viewer::connect(service).await;
    viewer.send(&json!({"type": "subscribe", "resume": cursor})).await;
    let subscribed = viewer.next().await;
    assert_eq!(subscribed["type"], "subscribed");
    assert_eq!(subscribed["resumed"], true, "{subscribed}");
    viewer
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_continue_the_snapshot_and_each_other_on_every_dashboard() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    stream(&suite, 0, 50).await;
    let mut viewers = Vec::new();
    for service in [&suite.pulse, &suite.seams, &suite.voices] {
        let mut viewer = Viewer::connect(service).await;
        let channels = json!(["pain", "signals"]);
        viewer.send(&json!({"type": "subscribe", "channels": channels})).await;
        let subscribed = viewer.next().await;
        assert_eq!((&subscribed["status"], &subscribed["channels"]), (&json!("ok"), &channels));
        viewers.push(viewer);
    }
    let (streamed, ()) = tokio::join!(
        async {
            for viewer in &mut viewers {
                let snapshot = viewer.next().await;
                assert_eq!(snapshot["subjects"].as_array().unwrap().len(), 5);
                follow(viewer, snapshot["cursor"].clone(), 50, 450).await;
            }
        },
        stream(&suite, 50, 450),
    );
    streamed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_lost_its_connection_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let (mut viewer, snapshot) = Viewer::with_snapshot(&suite.pulse).await;
    stream(&suite, 0, 50).await;
    let cursor = follow(&mut viewer, snapshot["cursor"].clone(), 0, 50).await;
    drop(viewer);
    // Some while it is away, some while it catches up.
    stream(&suite, 50, 250).await;
    let mut viewer = resume(&suite.pulse, &cursor).await;
    let (cursor, ()) = tokio::join!(follow(&mut viewer, cursor, 50, 450), stream(&suite, 250, 450));
    // Every dashboard understands the cursor of the others.
    let mut viewer = resume(&suite.voices, &cursor).await;
    stream(&suite, 450, 460).await;
    follow(&mut viewer, cursor, 450, 460).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_goes_on_where_it_was_after_the_suite_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let (mut viewer, snapshot) = Viewer::with_snapshot(&suite.pulse).await;
    stream(&suite, 0, 50).await;
    let cursor = follow(&mut viewer, snapshot["cursor"].clone(), 0, 50).await;
    stream(&suite, 50, 150).await;
    suite.kill();
    let suite = Suite::start(folder.path(), &[]).await;
    let mut viewer = resume(&suite.pulse, &cursor).await;
    stream(&suite, 150, 250).await;
    follow(&mut viewer, cursor, 50, 250).await;

    // A cursor of another log is worth nothing, and does no harm.
    let mut viewer = Viewer::connect(&suite.pulse).await;
    viewer.send(&json!({"type": "subscribe", "resume": "1:9.9.9.9"})).await;
    assert_eq!(viewer.next().await["resumed"], false);
    assert_eq!(viewer.next().await["type"], "snapshot");
}

#[tokio::test(flavor = "multi_thread")]
async fn levels_and_alerts_are_streamed_to_those_who_asked_for_their_subject() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let mut viewer = Viewer::connect(&suite.seams).await;
    viewer.send(&json!({"type": "subscribe", "channels": ["levels", "alerts"], "subjects": ["agent-7"]})).await;
    viewer.next_of("snapshot").await;
    suite.push_pain("other", 0.95).await;
    suite.push_pain("agent-7", 0.95).await;
    let mut opened = Vec::new();
    let mut levels = Vec::new();
    while opened.is_empty() || levels.is_empty() {
        let update = viewer.next_of("update").await;
        assert!(update["samples"].is_null(), "nobody asked for samples: {update}");
        opened.extend(update["alerts"].as_array().cloned().unwrap_or_default());
        levels.extend(update["levels"].as_array().cloned().unwrap_or_default());
    }
    assert_eq!((&levels[0]["subject"], &levels[0]["level"]), (&json!("agent-7"), &json!("BLOCK")));
    assert_eq!(levels[0]["verdict"]["pain"]["priority"], "P0");
    assert_eq!((&opened[0]["change"], &opened[0]["alert"]["subject"]), (&json!("opened"), &json!("agent-7")));

    let (_, snapshot) = Viewer::with_snapshot(&suite.voices).await;
    assert_eq!(snapshot["alerts"].as_array().unwrap().len(), 2, "{snapshot}");
}

#[tokio::test(flavor = "multi_thread")]
async fn signs_of_life_and_nonsense_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let (mut viewer, snapshot) = Viewer::with_snapshot(&suite.voices).await;
    viewer.send(&json!({"type": "ping", "timestamp": 1_767_225_600_000_u64})).await;
    assert_eq!(viewer.next_of("pong").await["timestamp"], 1_767_225_600_000_u64);
    let heartbeat = viewer.next_of("heartbeat").await;
    assert_eq!((&heartbeat["cursor"], &heartbeat["bus"]), (&snapshot["cursor"], &json!("live")));
    viewer.send(&json!({"type": "metrics", "data": {"pain": 0.3}})).await;
    assert_eq!(viewer.next_of("error").await["code"], "not_here");
    for nonsense in ["", "[]", "{", r#"{"type":"subscribe","channels":["pian"]}"#, r#"{"type":"sing"}"#] {
        viewer.send_text(nonsense).await;
        let error = viewer.next_of("error").await;
        assert!(!error["message"].as_str().unwrap().is_empty(), "{error}");
    }
    for _ in 0..5 {
        viewer.send_text("nonsense").await;
    }
    assert_eq!(viewer.closed().await, 4501);
    let mut viewer = Viewer::connect(&suite.pulse).await;
    viewer.send_text(&" ".repeat(20_000)).await;
    assert_eq!(viewer.closed().await, 4504);
}
