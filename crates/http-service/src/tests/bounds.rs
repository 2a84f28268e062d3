use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{DEADLINE, Running, problem, service};
use crate::Limits;

/// Short, so that the test is; nothing depends on how short.
const SHORT: Duration = Duration::from_millis(50);

#[tokio::test]
async fn a_client_that_does_not_finish_its_headers_is_cut() {
    let limits = Limits { header_timeout: SHORT, ..Limits::default() };
    let running = Running::start(service(limits), DEADLINE).await;
    let mut silent = TcpStream::connect(&running.address).await.unwrap();
    let mut slow = TcpStream::connect(&running.address).await.unwrap();
    slow.write_all(b"GET /health HTTP/1.1\r\nhost: a\r\n").await.unwrap();
    for client in [&mut silent, &mut slow] {
        let mut rest = Vec::new();
        timeout(DEADLINE, client.read_to_end(&mut rest)).await.expect("the connection is cut").unwrap();
        assert!(!rest.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&rest));
    }
    running.stop().await;
}

#[tokio::test]
async fn headers_larger_than_the_buffer_are_refused() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    let mut client = TcpStream::connect(&running.address).await.unwrap();
    let request = format!("GET /health HTTP/1.1\r\nhost: a\r\nx-large: {}\r\n\r\n", "a".repeat(256 * 1024));
    // The server may close before it has read all.
    drop(client.write_all(request.as_bytes()).await);
    let mut answer = [0; 12];
    timeout(DEADLINE, client.read_exact(&mut answer)).await.expect("an answer").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 431");
    running.stop().await;
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_a_problem() {
    let limits = Limits { request_timeout: SHORT, ..Limits::default() };
    let running = Running::start(service(limits), DEADLINE).await;
    let response = running.get("/never").await;
    assert_eq!(response.status(), 503);
    assert_eq!(problem(response).await["code"], "timeout");
    running.stop().await;
}

#[tokio::test]
async fn more_connections_than_allowed_wait_for_a_place() {
    let running = Running::start(service(Limits { connections: 1, ..Limits::default() }), DEADLINE).await;
    let request = b"GET /number/7 HTTP/1.1\r\nhost: a\r\n\r\n";
    let mut first = TcpStream::connect(&running.address).await.unwrap();
    first.write_all(request).await.unwrap();
    let mut answer = [0; 12];
    timeout(DEADLINE, first.read_exact(&mut answer)).await.expect("an answer").unwrap();

    let mut second = TcpStream::connect(&running.address).await.unwrap();
    second.write_all(request).await.unwrap();
    assert!(timeout(SHORT, second.read_exact(&mut answer)).await.is_err(), "the second was answered beside the first");
    drop(first);
    timeout(DEADLINE, second.read_exact(&mut answer)).await.expect("an answer after the first left").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    drop(second);
    running.stop().await;
}

#[tokio::test]
async fn a_client_that_is_refused_while_it_sends_hears_why_and_that_the_connection_ends() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    let url = format!("http://{}/nowhere", running.address);
    for _ in 0..10 {
        // Far more than the buffers between the two hold.
        let refused = running.client.post(&url).body(vec![b' '; 8 * 1024 * 1024]).send().await.unwrap();
        assert_eq!((refused.status().as_u16(), &refused.headers()["connection"]), (404, &"close".parse().unwrap()));
        assert_eq!(running.post("/number", "7").await.status(), 200);
    }
    // A client that sends everything before it listens.
    let mut client = TcpStream::connect(&running.address).await.unwrap();
    let head = format!("POST /nowhere HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", 8 * 1024 * 1024);
    let whole = [head.into_bytes(), vec![b' '; 8 * 1024 * 1024]].concat();
    timeout(DEADLINE, client.write_all(&whole)).await.expect("all is taken in time").unwrap();
    let mut answer = [0; 12];
    timeout(DEADLINE, client.read_exact(&mut answer)).await.expect("an answer").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 404");
    let read = running.post("/number", "seven").await;
    assert_eq!((read.status().as_u16(), read.headers().get("connection")), (400, None));
    running.stop().await;
}
