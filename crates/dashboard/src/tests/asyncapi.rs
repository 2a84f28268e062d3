use domain::Subject;
use domain::Vital::{Chaos, Clarity, Pain, Trust};
use hub::wire::{Received, ServerFrame, Status};
use serde_json::{Value, json};

use super::judged::{Judged, moment};
use super::server::{Server, sample};

#[tokio::test]
async fn what_clients_may_send_is_taken_as_the_document_says() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    let kinds = client.document.types("receive");
    assert_eq!(kinds.iter().collect::<Vec<_>>(), ["metrics", "ping", "subscribe", "unsubscribe"]);
    for kind in kinds {
        let examples = client.document.examples(&kind);
        assert!(!examples.is_empty(), "{kind}");
        for example in examples {
            assert_eq!(client.document.mistakes(&example), [""; 0], "{example}");
            client.send(&example).await;
            let answer = client.frame().await;
            let taken = if answer["type"] == "error" { answer["code"] == "echo" } else { true };
            assert!(taken, "{example}: {answer}");
        }
    }
    for bad in [
        json!({"type": "ping"}),
        json!({"type": "subscribe", "chanels": []}),
        json!({"type": "subscribe", "channels": ["pains"]}),
        json!({"type": "unsubscribe", "channels": "pain"}),
    ] {
        assert!(!client.document.mistakes(&bad).is_empty(), "{bad}");
        client.send(&bad).await;
        client.frame_of("error").await;
    }
}

/// Frames of a whole crisis, each compared with the document where it is read.
#[tokio::test]
async fn everything_that_happens_is_told_as_the_document_says() {
    let it = Judged::start().await;
    let mut client = it.server.connect().await;
    client.subscribe().await;
    for second in 0..60 {
        let pain = if second < 30 { [(Trust, 0.3), (Pain, 0.95)] } else { [(Trust, 0.85), (Pain, 0.28)] };
        it.measure(second, "agent-7", &[(Clarity, 0.75), (Chaos, 0.45), pain[0], pain[1]]).await;
    }
    it.judge(60).await;
    let mut missing = vec!["samples", "levels", "alerts", "events"];
    while !missing.is_empty() {
        let update = client.frame_of("update").await;
        missing.retain(|list| update.get(*list).is_none());
    }
    let mut late = it.server.connect().await;
    let snapshot = late.subscribe().await;
    for told in ["latest", "verdict", "state", "tone", "chorus"] {
        assert!(snapshot["subjects"][0].get(told).is_some(), "{told}: {snapshot}");
    }
}

/// Those that take a slow client or another service to be sent.
#[tokio::test]
async fn the_other_frames_are_as_the_document_says() {
    let server = Server::start().await;
    server.store(vec![sample("agent-7", 1, 0.3)]).await;
    let client = server.connect().await;
    let value = |frame: ServerFrame<'_>| serde_json::from_slice::<Value>(&frame.to_bytes()).unwrap();
    let subject = Subject::new("agent-7").unwrap();
    let received =
        ServerFrame::MetricsReceived { status: Status::Ok, outcome: Received::Duplicate, subject, at: moment(0) };
    for frame in [value(received), value(ServerFrame::Lagged { frames: 3 })] {
        client.document.assert_describes(&frame);
    }
    let unknown = json!({"type": "lagged", "frames": 3, "since": moment(0)});
    assert!(!client.document.mistakes(&unknown).is_empty(), "a field that nobody described");
}
