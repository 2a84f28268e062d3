//! A browser that stays open on a page, as on the wall of an office.

use std::process::{Child, Command, Stdio};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::suite::{PATIENCE, eventually};

/// The file in which stands what Chromium says.
const SAID: &str = "said";

/// Chromium with one page, spoken to by its DevTools protocol; ends when dropped.
pub(super) struct Browser {
    process: Child,
    profile: TempDir,
    tools: WebSocketStream<MaybeTlsStream<TcpStream>>,
    asked: u64,
}

impl Browser {
    /// Opens the page. It believes any certificate: those of tests are signed by an authority of the test's own.
    pub(super) async fn open(url: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut chromium = Command::new("chromium");
        chromium.args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--ignore-certificate-errors",
            "--lang=en",
            "--enable-logging=stderr",
        ]);
        chromium.args(["--no-first-run", "--remote-debugging-port=0"]);
        chromium.arg(format!("--user-data-dir={}", profile.path().display())).arg(url);
        let said = std::fs::File::create(profile.path().join(SAID)).unwrap();
        let process = chromium.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said).spawn();
        let process = process.expect("chromium runs: get it with `apt-get install chromium`");
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let page = eventually("chromium has a page", async || {
            // It chooses a port and writes it down.
            let port = std::fs::read_to_string(profile.path().join("DevToolsActivePort")).ok()?;
            let list = format!("http://127.0.0.1:{}/json/list", port.lines().next()?);
            let all: Vec<Value> = client.get(list).send().await.ok()?.json().await.ok()?;
            let page = all.into_iter().find(|target| target["type"] == "page")?;
            Some(page["webSocketDebuggerUrl"].as_str()?.to_owned())
        })
        .await;
        let (tools, _) = connect_async(page).await.unwrap();
        Self { process, profile, tools, asked: 0 }
    }

    /// Waits until a person who looks at the page could read these words.
    pub(super) async fn shows(&mut self, words: &str) {
        let mut text = String::new();
        let start = std::time::Instant::now();
        while !text.contains(words) {
            assert!(start.elapsed() < PATIENCE, "the page does not show `{words}`, but:\n{text}");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            text = self.text().await;
        }
    }

    /// Fills in the form that asks for a token, once it is there.
    pub(super) async fn log_in(&mut self, token: &str) {
        self.shows("Log in").await;
        let field = "document.querySelector('input[autocomplete=\"current-password\"]')";
        self.evaluate(&format!("{field}.value = {}; {field}.form.requestSubmit()", json!(token))).await;
    }

    /// What pages have written on the console, such as rules that they broke.
    pub(super) fn complaints(&self) -> Vec<String> {
        let said = std::fs::read(self.profile.path().join(SAID)).unwrap();
        String::from_utf8_lossy(&said).lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect()
    }

    /// What stands on the page now.
    pub(super) async fn text(&mut self) -> String {
        self.evaluate("document.body.innerText").await
    }

    /// The text that an expression is worth on the page; empty for what is none.
    async fn evaluate(&mut self, expression: &str) -> String {
        self.asked += 1;
        let ask = json!({"id": self.asked, "method": "Runtime.evaluate", "params": {"expression": expression}});
        self.tools.send(Message::text(ask.to_string())).await.unwrap();
        loop {
            let message = timeout(PATIENCE, self.tools.next()).await.expect("chromium answers").unwrap().unwrap();
            let Message::Text(text) = message else { continue };
            let answer: Value = serde_json::from_str(&text).unwrap();
            if answer["id"] == self.asked {
                return answer["result"]["result"]["value"].as_str().unwrap_or_default().to_owned();
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
