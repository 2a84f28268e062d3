use std::num::NonZeroU32;
use std::time::Duration;

use futures_util::SinkExt;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

use super::server::{Server, bounds, heavy, sample};
use crate::SocketBounds;

#[tokio::test]
async fn bad_frames_are_explained_and_then_one_is_too_many() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    for text in ["", "{", "[]", "null", "{}", r#"{"type":7}"#, r#"{"type":"dance"}"#, "\u{0}", r#"{"type":"ping"}"#] {
        client.send_text(text).await;
        let error = client.frame().await;
        assert_eq!(error["type"], "error", "{text}");
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
    // Good ones in between are served.
    client.subscribe().await;
    client.send_text("the tenth").await;
    assert_eq!(client.frame_of("error").await["code"], "bad_frame");
    assert_eq!(client.close_code().await, Some(4501));
    server.await_metric(r#"iskra_hub_closes_total{code="4501"} 1"#).await;
    server.await_metric("iskra_hub_viewers 0").await;
}

#[tokio::test]
async fn a_frame_that_is_too_large_or_not_text_ends_it() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    client.send_text(&" ".repeat(16 * 1024 + 1)).await;
    assert_eq!(client.close_code().await, Some(4504));
    let mut client = server.connect().await;
    client.send_binary(b"{}".to_vec()).await;
    assert_eq!(client.close_code().await, Some(4504));
    // The largest that is allowed is only a bad frame.
    let mut client = server.connect().await;
    client.send_text(&" ".repeat(16 * 1024)).await;
    assert_eq!(client.frame().await["type"], "error");
}

#[tokio::test]
async fn a_flood_ends_it() {
    let frames_per_second = NonZeroU32::new(5).unwrap();
    let server = Server::with("pulse", 8, SocketBounds { frames_per_second, ..bounds() }).await;
    let mut client = server.connect().await;
    for timestamp in 0..20 {
        client.send(&json!({"type": "ping", "timestamp": timestamp})).await;
    }
    assert_eq!(client.close_code().await, Some(4502));
}

/// What the library answers, or passes over, costs as much as what is read.
#[tokio::test]
async fn a_flood_of_pings_or_pongs_ends_it_too() {
    let frames_per_second = NonZeroU32::new(5).unwrap();
    let server = Server::with("pulse", 8, SocketBounds { frames_per_second, ..bounds() }).await;
    for message in [Message::Ping(vec![7].into()), Message::Pong(vec![7].into())] {
        let mut client = server.connect().await;
        for _ in 0..20 {
            client.socket.feed(message.clone()).await.unwrap();
        }
        client.socket.flush().await.unwrap();
        assert_eq!(client.close_code().await, Some(4502), "{message:?}");
    }
}

/// Whoever breaks the rules of WebSockets themselves is cut off, and the place is free again.
#[tokio::test]
async fn what_is_no_websocket_frame_ends_it() {
    let server = Server::start().await;
    let rubbish: [&[u8]; 5] = [
        // Not masked; an opcode that is none; a text that is not UTF-8; one that says to be endless; plain HTTP.
        &[0x81, 0x02, b'{', b'}'],
        &[0x83, 0x80, 0, 0, 0, 0],
        &[0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe],
        &[0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
        b"GET / HTTP/1.1\r\n\r\n",
    ];
    for bytes in rubbish {
        let stream = TcpStream::connect(&server.address).await.unwrap();
        let (mut socket, _) = client_async(format!("ws://{}/ws", server.address), stream).await.unwrap();
        server.await_metric("iskra_hub_viewers 1").await;
        socket.get_mut().write_all(bytes).await.unwrap();
        server.await_metric("iskra_hub_viewers 0").await;
        drop(socket);
    }
    server.connect().await.subscribe().await;
}

#[tokio::test]
async fn one_too_many_is_told_so_and_a_place_that_is_left_is_free_again() {
    let server = Server::with("pulse", 1, bounds()).await;
    let mut first = server.connect().await;
    first.subscribe().await;
    assert_eq!(server.connect().await.close_code().await, Some(4503));
    drop(first);
    server.await_metric("iskra_hub_viewers 0").await;
    server.connect().await.subscribe().await;
}

#[tokio::test]
async fn who_does_not_read_is_sent_away_and_harms_nobody() {
    let server = Server::with("pulse", 8, SocketBounds { write: Duration::from_millis(300), ..bounds() }).await;
    let mut reader = server.connect().await;
    reader.subscribe().await;
    let narrow = TcpSocket::new_v4().unwrap();
    narrow.set_recv_buffer_size(4_096).unwrap();
    let stream = narrow.connect(server.address.parse().unwrap()).await.unwrap();
    let (mut stuck, _) = client_async(format!("ws://{}/ws", server.address), stream).await.unwrap();
    stuck.send(Message::text(r#"{"type":"subscribe"}"#)).await.unwrap();
    server.await_metric("iskra_hub_viewers 2").await;

    // More than the kernel takes for a connection that is not read, and then more than its place takes.
    let mut stored = 0;
    let write = async {
        for round in 0..60_i64 {
            server.store((0..100).map(|n| heavy("agent-7", round * 100 + n)).collect()).await;
            stored += 100;
        }
    };
    let read = async {
        let mut seen = 0;
        while seen < 6_000 {
            let update = reader.frame_of("update").await;
            assert!(update.get("merged").is_none(), "the reader keeps up: its writes do not wait for the other's");
            seen += update["samples"].as_array().map_or(0, Vec::len);
        }
        seen
    };
    let ((), seen) = tokio::join!(write, read);
    assert_eq!(seen, stored);
    server.await_metric(r#"iskra_hub_closes_total{code="4101"} 1"#).await;
    server.await_metric("iskra_hub_viewers 1").await;
    drop(stuck);
}

#[tokio::test]
async fn who_answers_pings_stays_and_who_does_not_is_gone() {
    let server = Server::with("pulse", 8, SocketBounds { ping: Duration::from_millis(50), ..bounds() }).await;
    let mut here = server.connect().await;
    // Not read, so its pings stay without an answer, as on a line that was cut without a word.
    let gone = server.connect().await;
    here.await_pings(8).await;
    server.await_metric(r#"iskra_hub_closes_total{code="4101"} 1"#).await;
    drop(gone);
    here.await_pings(12).await;
    here.subscribe().await;
}

#[tokio::test]
async fn a_client_that_vanishes_gives_its_place_back() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    client.subscribe().await;
    drop(client);
    server.store(vec![sample("agent-7", 1, 0.3)]).await;
    server.await_metric("iskra_hub_viewers 0").await;
    assert_eq!(server.sockets.open(), 0);
}
