//! Stand-ins for Slack, PagerDuty, a mail server and a dead man's switch: they keep what a person would read.

use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::suite::eventually;

/// The password of the mail server, and the token of the switch: Alertmanager reads them from files.
pub(super) const PASSWORD: &str = "mail-secret";
pub(super) const TOKEN: &str = "switch-secret";

/// What came, by whichever way.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Message {
    /// `slack`, `pagerduty` with the key of its service, `mail` with the address, `switch`.
    pub(super) to: String,
    pub(super) title: String,
    pub(super) text: String,
    /// Of PagerDuty: `trigger` or `resolve`, and of which incident.
    pub(super) incident: (String, String),
}

/// All of them, in one process. Cheap to clone.
#[derive(Clone)]
pub(super) struct People {
    pub(super) http: String,
    pub(super) mail: String,
    messages: Arc<Mutex<Vec<Message>>>,
}

impl People {
    pub(super) async fn start() -> Self {
        let http = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mail = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let people = Self {
            http: format!("http://{}", http.local_addr().unwrap()),
            mail: mail.local_addr().unwrap().to_string(),
            messages: Arc::default(),
        };
        let router = Router::new().route("/{way}", post(take)).with_state(people.clone());
        tokio::spawn(async move { axum::serve(http, router).await });
        let reader = people.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = mail.accept().await {
                tokio::spawn(reader.clone().take_mail(connection));
            }
        });
        people
    }

    /// Everything that came to `to`, in order.
    pub(super) fn read(&self, to: &str) -> Vec<Message> {
        self.messages.lock().unwrap().iter().filter(|message| message.to == to).cloned().collect()
    }

    /// Everything that came by whichever way and has these words.
    pub(super) fn with(&self, words: &str) -> Vec<Message> {
        let has = |message: &&Message| message.title.contains(words) || message.text.contains(words);
        self.messages.lock().unwrap().iter().filter(has).cloned().collect()
    }

    /// The first message to `to` whose title is this; fails with all that came there when it does not come.
    pub(super) async fn told(&self, to: &str, title: &str) -> Message {
        let what = format!("`{title}` to {to}");
        eventually(&what, async || self.read(to).into_iter().find(|message| message.title == title)).await
    }

    fn keep(&self, to: &str, title: &str, text: &str, incident: (&str, &str)) {
        let incident = (incident.0.to_owned(), incident.1.to_owned());
        let message = Message { to: to.to_owned(), title: title.to_owned(), text: text.to_owned(), incident };
        println!("{message:?}");
        self.messages.lock().unwrap().push(message);
    }

    /// As much of SMTP as it takes to be sent a mail.
    async fn take_mail(self, connection: TcpStream) {
        let (reader, mut writer) = connection.into_split();
        let mut lines = BufReader::new(reader).lines();
        let (mut to, mut mail, mut is_mail, mut knows_us) = (String::new(), String::new(), false, false);
        writer.write_all(b"220 mail.example.com\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            if is_mail {
                if line != "." {
                    mail.extend([&line, "\n"]);
                    continue;
                }
                is_mail = false;
                let subject = mail.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or_default();
                self.keep(&format!("mail {to}"), subject, &quoted_printable(&mail), ("", ""));
            }
            let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => "250-mail.example.com\r\n250 AUTH PLAIN",
                "AUTH" => {
                    // In base64, with the user's name before it.
                    knows_us = line.ends_with(&base64(&format!("\0iskra@example.com\0{PASSWORD}")));
                    if knows_us { "235 come in" } else { "535 who are you" }
                }
                "MAIL" if !knows_us => "530 who are you",
                "RCPT" => {
                    to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    "250 known here"
                }
                "DATA" => {
                    is_mail = true;
                    "354 go on"
                }
                _ => "250 fine",
            };
            writer.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        }
    }
}

async fn take(
    State(people): State<People>,
    Path(way): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> StatusCode {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match way.as_str() {
        "slack" => {
            let told = &body["attachments"][0];
            people.keep("slack", &text(&told["title"]), &text(&told["text"]), ("", ""));
            StatusCode::OK
        }
        "pagerduty" => {
            let (to, told) = (format!("pagerduty {}", text(&body["routing_key"])), &body["payload"]);
            let incident = (text(&body["event_action"]), text(&body["dedup_key"]));
            let lines = text(&told["custom_details"]["text"]);
            people.keep(&to, &text(&told["summary"]), &lines, (&incident.0, &incident.1));
            StatusCode::ACCEPTED
        }
        _ => {
            let is_known = headers.get(header::AUTHORIZATION).is_some_and(|token| *token == *format!("Bearer {TOKEN}"));
            people.keep("switch", &text(&body["alerts"][0]["labels"]["alertname"]), "", ("", ""));
            if is_known { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
        }
    }
}

/// What mail makes of text that is not ASCII, or long, undone.
fn quoted_printable(mail: &str) -> String {
    let joined = mail.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let [first, after @ ..] = rest {
        let coded = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match coded.filter(|_| *first == b'=') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |bytes: &[u8]| {
        let number =
            (0..3).fold(0_u32, |number, index| number << 8 | u32::from(bytes.get(index).copied().unwrap_or(0)));
        let digit = |index: u32| char::from(DIGITS[(number >> (18 - 6 * index) & 63) as usize]);
        (0..4).map(|index| if index as usize <= bytes.len() { digit(index) } else { '=' }).collect::<String>()
    };
    text.as_bytes().chunks(3).map(group).collect()
}
