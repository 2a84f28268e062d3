use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{DEADLINE, Running, service};
use crate::{Leave, Limits};

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A WebSocket that has been answered once: it is certainly open.
async fn connect(running: &Running) -> Client {
    let (mut client, _) = connect_async(format!("ws://{}/ws", running.address)).await.unwrap();
    client.send(Message::text("hello")).await.unwrap();
    assert_eq!(next(&mut client).await, Message::text("hello"));
    client
}

async fn next(client: &mut Client) -> Message {
    timeout(DEADLINE, client.next()).await.expect("a frame").expect("an open socket").unwrap()
}

#[tokio::test]
async fn an_open_web_socket_is_told_1012_and_waited_for() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    let mut client = connect(&running).await;
    running.shutdown.cancel();
    let Message::Close(Some(goodbye)) = next(&mut client).await else { panic!("no goodbye") };
    assert_eq!(goodbye.code, CloseCode::Restart);
    // The goodbye is not answered yet: the service must still be there.
    assert!(!running.served.is_finished());
    assert!(timeout(DEADLINE, client.next()).await.expect("the end of the socket").is_none());
    running.stop().await;
}

#[tokio::test]
async fn a_web_socket_that_never_answers_is_not_waited_for_longer_than_the_grace() {
    let running = Running::start(service(Limits::default()), Duration::from_millis(50)).await;
    let client = connect(&running).await;
    running.stop().await;
    drop(client);
}

#[tokio::test]
async fn idle_connections_do_not_hold_the_service_up_and_new_ones_are_refused() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    running.get("/health").await.bytes().await.unwrap();
    let address = running.address.clone();
    running.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_service_stops() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    let mut client = TcpStream::connect(&running.address).await.unwrap();
    // The handler waits for the body; 100 Continue proves that it has begun.
    let head = b"POST /number HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n";
    client.write_all(head).await.unwrap();
    let mut proceed = [0; 25];
    timeout(DEADLINE, client.read_exact(&mut proceed)).await.expect("100 Continue").unwrap();
    assert_eq!(&proceed, b"HTTP/1.1 100 Continue\r\n\r\n");

    running.shutdown.cancel();
    client.write_all(b"7").await.unwrap();
    let mut answer = String::new();
    timeout(DEADLINE, client.read_to_string(&mut answer)).await.expect("the answer").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with('7'), "{answer}");
    running.stop().await;
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_after_the_grace() {
    let running = Running::start(service(Limits::default()), Duration::from_millis(50)).await;
    let mut client = TcpStream::connect(&running.address).await.unwrap();
    client.write_all(b"GET /never HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    running.shutdown.cancel();
    let mut rest = Vec::new();
    timeout(DEADLINE, client.read_to_end(&mut rest)).await.expect("the connection is cut").ok();
    assert!(rest.is_empty());
    running.stop().await;
}

/// The end of an answer without a body.
const BLANK_LINE: &str = "\r\n\r\n";

/// Sends a request, and answers the head of the answer.
async fn ask(client: &mut TcpStream) -> String {
    client.write_all(b"GET /number/7 HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    while !answer.contains(BLANK_LINE) || !answer.ends_with('7') {
        let mut piece = [0; 1024];
        let read = timeout(DEADLINE, client.read(&mut piece)).await.expect("an answer in time").unwrap();
        assert!(read > 0, "it ended before it had answered: {answer}");
        answer.push_str(std::str::from_utf8(&piece[..read]).unwrap());
    }
    answer
}

#[tokio::test]
async fn who_is_connected_when_it_stops_is_answered_once_more_and_told_that_this_was_the_last() {
    let limits = Limits { connections: 1, ..Limits::default() };
    let running = Running::start_with(service(limits), Leave { drain: DEADLINE, grace: DEADLINE }).await;
    let mut inside = TcpStream::connect(&running.address).await.unwrap();
    assert!(!ask(&mut inside).await.contains("connection: close"));
    // There is no place for another one: it is connected, and waits to be let in.
    let mut outside = TcpStream::connect(&running.address).await.unwrap();
    outside.write_all(b"GET /number/7 HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();

    running.shutdown.cancel();
    let mut answer = String::new();
    timeout(DEADLINE, outside.read_to_string(&mut answer)).await.expect("the answer").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer}");
    assert!(TcpStream::connect(&running.address).await.is_err(), "nobody is let in any more");
    assert!(ask(&mut inside).await.contains("connection: close"));
    assert_eq!(timeout(DEADLINE, inside.read(&mut [0])).await.expect("the end").unwrap(), 0);
    running.stop().await;
}
