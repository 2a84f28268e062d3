//! One WebSocket, and what its viewer makes of the frames. It comes back like a browser and goes on where it was.

use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Client;
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use url::Url;

use crate::chain::Chain;
use crate::clock::Clock;
use crate::frame::{Frame, Merged, Reader, Update};
use crate::known::Known;
use crate::look::Look;
use crate::recorder::Recorder;
use crate::schedule::Schedule;
use crate::tally::{Seen, add};
use crate::way::{NotOpened, chain};
use crate::{Error, Plan, way};

/// Heartbeats come once a second: after this long without a frame the connection is dead.
const SILENCE: Duration = Duration::from_secs(10);
const SHORTEST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What all viewers share.
pub(crate) struct Viewers {
    pub(crate) client: Client,
    pub(crate) reader: Reader,
    pub(crate) clock: Clock,
    /// Known when all are there.
    pub(crate) schedule: OnceLock<Schedule>,
    /// So many may connect at once, to begin with; after a loss they come back as they will.
    pub(crate) doors: Semaphore,
    /// From connecting to the picture of the present, the first time.
    pub(crate) opened: Recorder,
    /// From due to seen, of the first sample in each frame, for all in it: what was sent again may be older than that.
    pub(crate) seen: Recorder,
    /// The same of each sample, as watchers see them.
    pub(crate) watched: Recorder,
    /// What kept the last one from connecting.
    pub(crate) last_problem: Mutex<String>,
}

pub(crate) struct Viewer {
    viewers: Arc<Viewers>,
    number: usize,
    stream: Url,
    look: Look,
    seen: Arc<Seen>,
    chain: Chain,
    known: Option<Known>,
    /// What came in one frame, kept to be filled again.
    times: Vec<Timestamp>,
}

/// Why a connection ended.
enum Ended {
    ForGood(Error),
    Lost(String),
    /// Come back, but without the cursor.
    Anew,
}

impl Viewer {
    /// The one with this number.
    pub(crate) fn new(viewers: Arc<Viewers>, plan: &Plan, number: usize, stream: Url, seen: Arc<Seen>) -> Self {
        let look = Look::of(plan, number);
        let known = (number < plan.watchers).then(|| Known::new(look));
        Self { viewers, number, stream, look, seen, chain: Chain::default(), known, times: Vec::new() }
    }

    /// Looks on until told to stop; answers what it knows then, if it is a watcher.
    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) -> Result<Option<Known>, Error> {
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => {}
            ended = self.look() => match ended {
                Err(error) => return Err(error),
            }
        }
        Ok(self.known)
    }

    async fn look(&mut self) -> Result<Infallible, Error> {
        let mut wait = SHORTEST_WAIT;
        loop {
            let before = self.chain.cursor().to_owned();
            let ended = self.connection().await;
            let was_there = self.seen.is_there.swap(false, Ordering::Relaxed);
            self.seen.beats.store(0, Ordering::Relaxed);
            if was_there {
                add(&self.seen.lost, 1);
            }
            match ended {
                Ended::ForGood(error) => return Err(error),
                Ended::Lost(why) => {
                    *self.viewers.last_problem.lock().unwrap_or_else(PoisonError::into_inner) = why;
                }
                Ended::Anew => {
                    self.begin_anew();
                    self.chain.forget();
                }
            }
            if self.chain.cursor() != before {
                wait = SHORTEST_WAIT;
            }
            // Not all of them should come back at the same moment.
            let share = f64::from(getrandom::u32().unwrap_or_default()) / f64::from(u32::MAX);
            sleep(wait.mul_f64(share)).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    async fn connection(&mut self) -> Ended {
        let viewers = Arc::clone(&self.viewers);
        let subscription = self.subscription();
        // Held until the picture is there.
        let mut turn = match self.chain.cursor() {
            "" => viewers.doors.acquire().await.ok(),
            _ => None,
        };
        let began = viewers.clock.now();
        let mut socket = match way::open(&viewers.client, &self.stream).await {
            Ok(socket) => socket,
            Err(NotOpened::Lost(why)) => return Ended::Lost(why),
            Err(NotOpened::Answered(answer)) => {
                let status = answer.status();
                let comes_back = status.is_server_error() || status.as_u16() == 429;
                return match comes_back {
                    true => Ended::Lost(format!("it answered {status}")),
                    false => Ended::ForGood(Error::Refused { url: self.stream.clone(), answer }),
                };
            }
        };
        let lost = |error: tokio_tungstenite::tungstenite::Error| Ended::Lost(chain(&error));
        if let Err(error) = socket.send(Message::text(subscription)).await {
            return lost(error);
        }
        loop {
            let text = match timeout(SILENCE, socket.next()).await {
                Err(_) => return Ended::Lost("no sign of life".to_owned()),
                Ok(None) => return Ended::Lost("the connection ended".to_owned()),
                Ok(Some(Err(error))) => return lost(error),
                Ok(Some(Ok(Message::Close(close)))) => {
                    let (code, reason) = close.map_or((1006, String::new()), |c| (c.code.into(), c.reason.to_string()));
                    return match code {
                        4500..4600 => Ended::ForGood(Error::SentAway { code, reason }),
                        4102 => Ended::Anew,
                        _ => Ended::Lost(format!("closed: {code} {reason}")),
                    };
                }
                Ok(Some(Ok(Message::Text(text)))) => text,
                Ok(Some(Ok(_))) => continue,
            };
            if let Err(ended) = self.take(&text) {
                return ended;
            }
            if turn.is_some() && self.seen.is_there.load(Ordering::Relaxed) {
                viewers.opened.record(self.number, viewers.clock.now().since(began), 1);
                turn = None;
            }
        }
    }

    /// What it wants of a new connection.
    fn subscription(&mut self) -> String {
        // Levels and all that follows from samples come besides, to pages; what is counted here is samples.
        let channels = r#"["clarity","chaos","trust","pain"]"#;
        let resume = self.chain.connect().map(|cursor| format!(r#","resume":"{cursor}""#)).unwrap_or_default();
        let subjects = self.look.subjects().map(|subjects| {
            let names: Vec<_> =
                subjects.map(|number| format!(r#""{}{number}""#, self.viewers.reader.prefix())).collect();
            format!(r#","subjects":[{}]"#, names.join(","))
        });
        format!(r#"{{"type":"subscribe","channels":{channels}{}{resume}}}"#, subjects.unwrap_or_default())
    }

    /// Takes a frame in.
    fn take(&mut self, text: &str) -> Result<(), Ended> {
        let now = self.viewers.clock.now();
        add(&self.seen.bytes, text.len() as u64);
        let mut times = std::mem::take(&mut self.times);
        let viewers = Arc::clone(&self.viewers);
        let frame = match self.known {
            Some(_) => viewers.reader.read(text, |at| times.push(at)),
            None => viewers.reader.count(text),
        };
        match frame.map_err(|error| Ended::Lost(format!("a frame that cannot be read: {error}")))? {
            Frame::Subscribed { resumed } => {
                self.chain.subscribed();
                self.seen.is_there.store(resumed, Ordering::Relaxed);
            }
            Frame::Snapshot { cursor } => {
                if self.chain.begin(&cursor) {
                    self.begin_anew();
                }
                self.seen.is_there.store(true, Ordering::Relaxed);
            }
            Frame::Heartbeat { cursor } => add(&self.seen.beats, u64::from(self.chain.beat(&cursor))),
            Frame::Lagged { frames } => add(&self.seen.lagged, frames),
            Frame::Error { message } => return Err(Ended::ForGood(Error::SentAway { code: 0, reason: message })),
            Frame::Update(update) => self.see(now, &update, &times),
            Frame::Other => {}
        }
        times.clear();
        self.times = times;
        Ok(())
    }

    fn begin_anew(&mut self) {
        add(&self.seen.anew, 1);
        if let Some(known) = &mut self.known {
            known.began_anew = true;
        }
    }

    fn see(&mut self, now: Timestamp, update: &Update<'_>, times: &[Timestamp]) {
        if !self.chain.go_on(&update.prev, &update.cursor) {
            add(&self.seen.gaps, 1);
        }
        add(&self.seen.frames, 1);
        let merged: u64 = update.merged.iter().map(|merged| merged.count).sum();
        if update.samples + merged == 0 {
            return;
        }
        // Before they are counted: a sign of life that came before them says nothing of what follows them.
        self.seen.beats.store(0, Ordering::Relaxed);
        add(&self.seen.samples, update.samples + merged);
        add(&self.seen.merged, merged);
        let viewers = &*self.viewers;
        let Some(schedule) = viewers.schedule.get() else { return };
        let record = |recorder: &Recorder, at: Timestamp, count: u64| {
            let Some(batch) = schedule.sample(at).map(|sample| schedule.batch_of(sample)) else { return };
            if schedule.is_measured(batch) {
                recorder.record(self.number, now.since(schedule.due(batch)), count);
            }
        };
        if let Some(first) = update.first {
            record(&viewers.seen, first, update.samples);
        }
        for Merged { from, count, .. } in &update.merged {
            record(&viewers.seen, *from, *count);
        }
        if let Some(known) = &mut self.known {
            for at in times {
                record(&viewers.watched, *at, 1);
            }
            known.note(schedule, times, &update.merged);
        }
    }
}

/// Whether a viewer has all that it can still get, when so many samples are stored of what it looks at. Also who has enough
/// of them waits for a sign of life: what came twice may follow.
pub(crate) fn has_all(seen: &Seen, expected: u64) -> bool {
    let get = crate::tally::get;
    let has_enough = get(&seen.samples) >= expected && get(&seen.beats) >= 1;
    let is_short = get(&seen.gaps) + get(&seen.anew) > 0 && get(&seen.beats) >= 2;
    seen.is_there.load(Ordering::Relaxed) && (has_enough || is_short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_enough_still_waits_for_what_may_come_twice() {
        let seen = Seen::default();
        seen.is_there.store(true, Ordering::Relaxed);
        add(&seen.samples, 5);
        assert!(!has_all(&seen, 5), "another one may be under way");
        add(&seen.beats, 1);
        assert!(has_all(&seen, 5));
        assert!(!has_all(&seen, 6));
    }

    #[test]
    fn who_misses_something_waits_until_nothing_is_under_way() {
        let seen = Seen::default();
        seen.is_there.store(true, Ordering::Relaxed);
        add(&seen.gaps, 1);
        add(&seen.beats, 1);
        assert!(!has_all(&seen, 1));
        add(&seen.beats, 1);
        assert!(has_all(&seen, 1));
    }
}
