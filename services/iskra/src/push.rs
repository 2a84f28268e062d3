//! Sends samples to Pulse: one from flags, or many from standard input.

mod input;

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::{StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;

use crate::cli::PushArguments;
use crate::say;
use crate::server::Server;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How often a batch is sent before it is given up; with the waits between, about a minute.
const ATTEMPTS: u32 = 12;
/// Longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The server's answer.
#[derive(Debug, Default, Deserialize)]
struct Report {
    accepted: usize,
    duplicate: usize,
    rejected: usize,
    rejections: Vec<Rejection>,
    untimed: usize,
}

#[derive(Debug, Deserialize)]
struct Rejection {
    index: usize,
    field: String,
    value: String,
    reason: String,
}

impl Report {
    fn summary(&self) -> String {
        let counts = format!("{} stored, {} there already, {} refused", self.accepted, self.duplicate, self.rejected);
        match self.untimed {
            0 => counts,
            n => format!(
                "{counts}; {n} had no `at` and got the server's time: sending them again would store them again"
            ),
        }
    }

    /// Counts what became of `lines`, and says which were refused and why.
    fn add(&mut self, report: Self, lines: &[Line]) {
        self.accepted += report.accepted;
        self.duplicate += report.duplicate;
        self.rejected += report.rejected;
        self.untimed += report.untimed;
        for Rejection { index, field, value, reason } in report.rejections {
            let line = match lines.get(index) {
                Some((number, _)) if *number > 0 => format!("line {number}: "),
                _ => String::new(),
            };
            let place = if field.is_empty() { String::new() } else { format!("{field}: ") };
            say::note(&format!("{line}{place}`{value}`: {reason}"));
        }
    }
}

/// A line to send, and its number; 0 for a sample from flags.
type Line = (usize, String);

pub(crate) fn run(arguments: PushArguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut total = Report::default();
    let outcome = runtime.block_on(push(arguments, &mut total));
    // A reader that waits for input would hold up the end.
    runtime.shutdown_background();
    // What was stored before a failure is stored all the same.
    if outcome.is_ok() || total.accepted + total.duplicate + total.rejected > 0 {
        let _is_read = say::out(&total.summary());
    }
    outcome?;
    Ok(if total.rejected == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn push(arguments: PushArguments, total: &mut Report) -> anyhow::Result<()> {
    let server = Server::at(&arguments.url)?;
    let door = Door { url: server.address("/api/v1/samples")?, client: server.client(Some(TIMEOUT))?, server };
    if let Some(sample) = from_flags(&arguments)? {
        let lines = [(0, sample.to_string())];
        total.add(door.send(&lines).await?, &lines);
        return Ok(());
    }
    anyhow::ensure!(
        !std::io::stdin().is_terminal(),
        "nothing to send: name a vital (--pain 0.4 --subject agent-7), or pipe NDJSON into standard input"
    );
    let size = usize::from(arguments.batch);
    let (read, mut to_send) = mpsc::channel(size);
    let reader = tokio::task::spawn_blocking(move || input::read(std::io::stdin().lock(), &read));
    let progress = progress();
    let mut lines = Vec::new();
    // What is there is sent: a slow producer's samples do not wait until a batch is full.
    while to_send.recv_many(&mut lines, size).await > 0 {
        let report = door.send(&lines).await?;
        progress.inc(u64::try_from(lines.len()).unwrap_or(0));
        progress.suspend(|| total.add(report, &lines));
        lines.clear();
    }
    progress.finish_and_clear();
    total.rejected += reader.await.context("reading standard input")??;
    Ok(())
}

fn from_flags(arguments: &PushArguments) -> anyhow::Result<Option<Value>> {
    let vitals = [
        ("clarity", arguments.clarity),
        ("chaos", arguments.chaos),
        ("trust", arguments.trust),
        ("pain", arguments.pain),
    ];
    let mut sample: Map<String, Value> =
        vitals.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))).collect();
    if sample.is_empty() {
        let is_plain = arguments.subject.is_none() && arguments.at.is_none() && arguments.signals.is_empty();
        anyhow::ensure!(is_plain, "a sample needs at least one of --clarity, --chaos, --trust, --pain");
        return Ok(None);
    }
    let subject = arguments.subject.as_ref().context("--subject says whom the sample is about")?;
    sample.insert("subject".to_owned(), json!(subject));
    // The time is set here, so that the retries below send the same sample.
    let at = arguments.at.unwrap_or_else(|| std::time::SystemTime::now().into());
    sample.insert("at".to_owned(), json!(at));
    if !arguments.signals.is_empty() {
        let value = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| json!(text));
        let signals: Map<_, _> = arguments.signals.iter().map(|(name, text)| (name.clone(), value(text))).collect();
        sample.insert("signals".to_owned(), json!(signals));
    }
    Ok(Some(Value::Object(sample)))
}

/// Where samples are taken.
struct Door {
    server: Server,
    client: reqwest::Client,
    url: url::Url,
}

impl Door {
    /// Sends a batch until it is answered. The same again is harmless where the samples carry their times.
    async fn send(&self, lines: &[Line]) -> anyhow::Result<Report> {
        let Self { server, client, url } = self;
        let body = lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n");
        let mut wait = Duration::from_millis(250);
        for attempt in 1.. {
            let sent = client.post(url.clone()).header(header::CONTENT_TYPE, "application/x-ndjson").body(body.clone());
            let problem = match sent.send().await {
                Ok(response) if matches!(response.status(), StatusCode::OK | StatusCode::UNPROCESSABLE_ENTITY) => {
                    return response.json().await.context("reading the answer: is this the address of Pulse?");
                }
                Ok(response) if !is_passing(response.status()) => {
                    let status = response.status();
                    return Err(server.refusal(response).await.context(format!("{url} answered {status}")));
                }
                Ok(response) => format!("{url} answered {}", response.status()),
                Err(error) => format!("{:#}", anyhow::Error::new(error)),
            };
            anyhow::ensure!(attempt < ATTEMPTS, "{problem}; given up after {ATTEMPTS} attempts");
            if attempt == 1 {
                say::note(&format!("{problem}; trying again"));
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        unreachable!("the loop ends by an answer or by its last attempt")
    }
}

fn is_passing(status: StatusCode) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT) || status.is_server_error()
}

fn progress() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {human_pos} samples, {per_sec}, {elapsed}");
    ProgressBar::new_spinner().with_style(style.expect("the template is constant and a test draws it"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_progress_can_be_drawn() {
        super::progress().finish();
    }
}
