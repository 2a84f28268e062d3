use std::net::TcpStream;

use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::FrameSocket;

use super::client::Client;
use super::server::{PATIENCE, Server, bounds, sample};

#[tokio::test]
async fn a_subscriber_gets_the_present_and_then_what_happens() {
    let server = Server::start().await;
    server.store(vec![sample("agent-7", 1, 0.3)]).await;
    server.await_metric("iskra_hub_subjects 1").await;
    let mut client = server.connect().await;
    client.send(&json!({"type": "subscribe", "channels": ["pain"], "subjects": ["agent-7"]})).await;

    let subscribed = client.frame().await;
    assert_eq!(subscribed["type"], "subscribed");
    assert_eq!(subscribed["status"], "ok");
    assert_eq!(subscribed["channels"], json!(["pain"]));
    assert_eq!(subscribed["subjects"], json!(["agent-7"]));
    assert_eq!(subscribed["resumed"], false);
    let snapshot = client.frame().await;
    assert_eq!(snapshot["subjects"][0]["latest"]["pain"], 0.3);

    server.store(vec![sample("agent-8", 2, 0.9), sample("agent-7", 2, 0.95)]).await;
    let update = client.frame().await;
    assert_eq!(update["type"], "update");
    assert_eq!(update["prev"], snapshot["cursor"]);
    let expected = json!([{"subject": "agent-7", "at": "2026-01-01T00:00:02Z", "pain": 0.95}]);
    assert_eq!(update["samples"], expected);
    server.stopped().await;
}

#[tokio::test]
async fn the_present_of_many_subjects_comes_in_small_fragments_of_one_frame() {
    let server = Server::start().await;
    server.store((0..1_000).map(|number| sample(&format!("agent-{number}"), 1, 0.3)).collect()).await;
    server.await_metric("iskra_hub_subjects 1000").await;
    let address = server.address.clone();
    let fragments = tokio::task::spawn_blocking(move || fragments_of_the_present(&address)).await.unwrap();
    assert!(fragments.len() > 4 && fragments.iter().all(|fragment| fragment.len() <= 16 * 1024));
    let snapshot: Value = serde_json::from_slice(&fragments.concat()).unwrap();
    assert_eq!(snapshot["subjects"].as_array().unwrap().len(), 1_000);
    // Clients put it together by themselves.
    let again = server.connect().await.subscribe().await;
    assert_eq!(again["subjects"], snapshot["subjects"]);
    server.stopped().await;
}

/// What a client reads that looks at single fragments.
fn fragments_of_the_present(address: &str) -> Vec<Vec<u8>> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let (mut socket, _) = tungstenite::client(format!("ws://{address}/ws"), stream).unwrap();
    socket.send(tungstenite::Message::text(r#"{"type":"subscribe"}"#)).unwrap();
    let mut socket = FrameSocket::new(socket.into_inner());
    let mut fragments = Vec::new();
    loop {
        let frame = socket.read(None).unwrap().expect("the connection stays");
        let is_last = frame.header().is_final;
        if is_last && fragments.is_empty() {
            // What comes before it, whole.
            continue;
        }
        fragments.push(frame.payload().to_vec());
        if is_last {
            return fragments;
        }
    }
}

#[tokio::test]
async fn after_a_reconnect_the_stream_goes_on_where_it_was() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    let snapshot = client.subscribe().await;
    drop(client);
    server.store((0..1_200).map(|second| sample("agent-7", second, 0.3)).collect()).await;

    let mut client = server.connect().await;
    client.send(&json!({"type": "subscribe", "resume": snapshot["cursor"]})).await;
    assert_eq!(client.frame().await["resumed"], true);
    let (mut cursor, mut seen) = (snapshot["cursor"].clone(), 0);
    while seen < 1_200 {
        let update = client.frame().await;
        assert_eq!(update["prev"], cursor);
        cursor = update["cursor"].clone();
        seen += update["samples"].as_array().map_or(0, Vec::len);
    }
    assert_eq!(seen, 1_200);
}

#[tokio::test]
async fn pings_are_answered_and_channels_given_up() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    client.send(&json!({"type": "ping", "timestamp": 1_767_225_600_123_u64})).await;
    assert_eq!(client.frame().await, json!({"type": "pong", "timestamp": 1_767_225_600_123_u64}));
    client.subscribe().await;
    client.send(&json!({"type": "unsubscribe", "channels": ["pain", "alerts"]})).await;
    let subscribed = client.frame().await;
    let kept = [
        "clarity",
        "chaos",
        "trust",
        "signals",
        "levels",
        "voices",
        "actions",
        "symbols",
        "tones",
        "seams",
        "budgets",
        "experiments",
        "artifacts",
    ];
    assert_eq!(subscribed["channels"], json!(kept));
    client.send(&json!({"type": "unsubscribe"})).await;
    assert_eq!(client.frame().await["channels"], json!([]));
}

#[tokio::test]
async fn a_heartbeat_fills_the_silence() {
    let server = Server::start().await;
    let Client { socket, document, .. } = server.connect().await;
    use futures_util::StreamExt;
    let message = socket.into_future().await.0.unwrap().unwrap();
    let frame: serde_json::Value = serde_json::from_str(message.to_text().unwrap()).unwrap();
    document.assert_describes(&frame);
    assert_eq!(frame["type"], "heartbeat");
    assert_eq!(frame["bus"], "live");
    assert_eq!(frame["cursor"], server.log_cursor().await);
}

#[tokio::test]
async fn samples_go_through_the_door_of_the_service() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    client.send_text(r#"{"type":"metrics","data":{"pain": 0.3}}"#).await;
    let echo = client.frame().await;
    assert_eq!((echo["code"].as_str(), echo["message"].as_str()), (Some("echo"), Some(r#"{"pain": 0.3}"#)));
}

#[tokio::test]
async fn a_dashboard_without_a_door_says_where_samples_go() {
    let server = Server::with("seams", 8, bounds()).await;
    let mut client = server.connect().await;
    client.send(&json!({"type": "metrics", "data": {}})).await;
    assert_eq!(client.frame().await["code"], "not_here");
    // The connection stays.
    client.subscribe().await;
}

#[tokio::test]
async fn sockets_are_let_in_at_three_paths_and_elsewhere_are_pages() {
    let server = Server::start().await;
    for path in ["/ws", "/", "/realtime"] {
        let mut client = Client::connect(&format!("ws://{}{path}", server.address)).await;
        client.subscribe().await;
    }
    let page = server.http.get(format!("http://{}/", server.address)).send().await.unwrap();
    assert_eq!(page.status().as_u16(), 200);
    assert!(page.text().await.unwrap().contains("<html"));
    for path in ["/ws", "/realtime"] {
        let answer = server.http.get(format!("http://{}{path}", server.address)).send().await.unwrap();
        assert_eq!(answer.status(), 426);
        assert_eq!(answer.headers()["upgrade"], "websocket");
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "upgrade_required");
    }
}

#[tokio::test]
async fn the_subprotocol_is_agreed_on() {
    let server = Server::start().await;
    let mut request = format!("ws://{}/ws", server.address).into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "iskra.v1".parse().unwrap());
    let (_, response) = connect_async(request).await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], "iskra.v1");
}

#[tokio::test]
async fn pages_of_other_origins_are_refused() {
    let server = Server::start().await;
    for (path, origin, allowed) in [
        ("/ws", "https://elsewhere.example.com".to_owned(), false),
        ("/", "https://elsewhere.example.com".to_owned(), false),
        ("/ws", format!("http://{}", server.address), true),
    ] {
        let mut request = format!("ws://{}{path}", server.address).into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        match connect_async(request).await {
            Ok(_) => assert!(allowed, "{path} {origin}"),
            Err(tungstenite::Error::Http(response)) => {
                assert!(!allowed, "{path} {origin}");
                assert_eq!(response.status(), 403);
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn when_the_service_stops_clients_are_told_to_come_back() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    client.subscribe().await;
    server.begin_to_stop();
    assert_eq!(client.close_code().await, Some(1012));
    server.stopped().await;
}
