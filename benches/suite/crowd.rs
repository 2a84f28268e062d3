//! Thousands of viewers in one thread, whatever server they look at: they read bytes and count the samples in them, and
//! do nothing else, so that as little as possible of what is measured is theirs.

mod viewer;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use benches::counter::Counter;
use hdrhistogram::Histogram;
use rustix::buffer::spare_capacity;
use rustix::event::epoll;
use tokio::sync::oneshot;

use self::viewer::{Read, Viewer};
use crate::report::{histogram, record};

/// Read at once from a socket: more than what waits for a viewer of 100 samples a second.
const READ_BYTES: usize = 64 * 1024;
/// Sockets that are read before the time to stop is looked at.
const EVENTS: usize = 256;
/// How often viewers look whether something came, as a network card tells of what came together.
const GLANCE: Duration = Duration::from_millis(1);
const POLL: rustix::event::Timespec = rustix::event::Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
/// How long it may take until all are there.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a viewer says, and what it must hear before it says the next.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) says: Vec<u8>,
    pub(crate) hears: &'static [u8],
}

/// What all of them saw since it was last taken.
pub(crate) struct Seen {
    samples: u64,
    latest: u64,
    /// Reads that gave something.
    pub(crate) reads: u64,
    pub(crate) bytes: u64,
    /// From when a sample was due until it was in its viewer's socket: of every sample and every viewer. Also of the latest
    /// sample of each summary, which counts as no message: without it a viewer would look fast because it lags.
    pub(crate) took: Histogram<u64>,
}

impl Seen {
    fn nothing() -> Self {
        Self { samples: 0, latest: 0, reads: 0, bytes: 0, took: histogram() }
    }

    pub(crate) fn add(&mut self, more: &Self) {
        self.samples += more.samples;
        self.latest += more.latest;
        self.reads += more.reads;
        self.bytes += more.bytes;
        self.took += &more.took;
    }

    /// Samples that came one by one, alone or several in a frame.
    pub(crate) const fn delivered(&self) -> u64 {
        // A sample may come in a later read than the word before it that says what it is.
        self.samples.saturating_sub(self.latest)
    }

    /// Summaries that came instead of samples.
    pub(crate) const fn merged(&self) -> u64 {
        self.latest
    }

    /// Looks through what came then; answers how many bytes at its end belong to what follows.
    fn note(&mut self, data: &[u8], came: Duration, counter: &Counter) -> usize {
        const DAY: u64 = 86_400_000_000;
        let came = came.as_secs() % (24 * 60 * 60) * 1_000_000 + u64::from(came.subsec_micros());
        let took = &mut self.took;
        // Modulo a day, for one may just have begun. The clock is one for all: nothing comes before it is due.
        let counted = counter.count(data, |due| record(took, Duration::from_micros((came + DAY - due) % DAY)));
        self.samples += counted.samples;
        self.latest += counted.latest;
        counted.rest
    }
}

/// Viewers that are there; they leave when dropped.
pub(crate) struct Crowd {
    seen: Arc<Mutex<Seen>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<anyhow::Result<()>>>,
    /// From the begin of each connection until its last step.
    pub(crate) opened: Histogram<u64>,
}

impl Crowd {
    /// Opens so many, `at_once` of them side by side, and waits until all are there.
    pub(crate) async fn gather(
        address: SocketAddr,
        steps: &[Step],
        viewers: usize,
        at_once: usize,
    ) -> anyhow::Result<Self> {
        let (all_there, there) = oneshot::channel();
        let seen = Arc::new(Mutex::new(Seen::nothing()));
        let is_over = Arc::new(AtomicBool::new(false));
        let room = Room {
            address,
            steps: steps.to_vec(),
            poll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            viewers: Vec::with_capacity(viewers),
            wanted: viewers,
            at_once,
            there: 0,
            opened: histogram(),
            all_there: Some(all_there),
            counter: Counter::default(),
            buffer: vec![0; READ_BYTES],
            seen: seen.clone(),
            is_over: is_over.clone(),
        };
        let thread = std::thread::Builder::new().name("viewers".to_owned()).spawn(move || room.look_on())?;
        let mut crowd = Self { seen, is_over, thread: Some(thread), opened: histogram() };
        match tokio::time::timeout(PATIENCE, there).await {
            Ok(Ok(opened)) => crowd.opened = opened,
            Ok(Err(_)) => crowd.leave().and_then(|()| anyhow::bail!("they went before all were there"))?,
            Err(_) => anyhow::bail!("not all {viewers} viewers are there within {PATIENCE:?}"),
        }
        Ok(crowd)
    }

    /// What was seen since the last call.
    pub(crate) fn take(&self) -> Seen {
        std::mem::replace(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner), Seen::nothing())
    }

    /// Ends all connections; an error if one had ended before.
    pub(crate) fn leave(&mut self) -> anyhow::Result<()> {
        self.is_over.store(true, Ordering::Relaxed);
        match self.thread.take() {
            Some(thread) => thread.join().map_err(|_| anyhow::anyhow!("the viewers' thread has panicked"))?,
            None => Ok(()),
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        // Whoever wants to know whether all went well has asked before.
        drop(self.leave());
    }
}

/// What the thread works with.
struct Room {
    address: SocketAddr,
    steps: Vec<Step>,
    poll: rustix::fd::OwnedFd,
    viewers: Vec<Viewer>,
    wanted: usize,
    at_once: usize,
    there: usize,
    opened: Histogram<u64>,
    all_there: Option<oneshot::Sender<Histogram<u64>>>,
    counter: Counter,
    buffer: Vec<u8>,
    seen: Arc<Mutex<Seen>>,
    is_over: Arc<AtomicBool>,
}

impl Room {
    fn look_on(mut self) -> anyhow::Result<()> {
        let mut events = Vec::with_capacity(EVENTS);
        let mut events_before = 0;
        while !self.is_over.load(Ordering::Relaxed) {
            self.let_in()?;
            // What a server pays for waking those who share its cores is not its own.
            if self.there == self.wanted && events_before < EVENTS {
                std::thread::sleep(GLANCE);
            }
            events_before = epoll::wait(&self.poll, spare_capacity(&mut events), Some(&POLL))?;
            let shared = self.seen.clone();
            let mut seen = shared.lock().unwrap_or_else(PoisonError::into_inner);
            for event in events.drain(..) {
                self.attend(usize::try_from(event.data.u64())?, &mut seen)?;
            }
        }
        Ok(())
    }

    fn let_in(&mut self) -> anyhow::Result<()> {
        while self.viewers.len() < self.wanted && self.viewers.len() - self.there < self.at_once {
            let viewer = Viewer::connect(self.address)?;
            let place = epoll::EventData::new_u64(self.viewers.len() as u64);
            epoll::add(&self.poll, &viewer.stream, place, epoll::EventFlags::OUT)?;
            self.viewers.push(viewer);
        }
        if self.there == self.wanted
            && let Some(all_there) = self.all_there.take()
        {
            // Whoever waited may have given up.
            drop(all_there.send(self.opened.clone()));
        }
        Ok(())
    }

    fn attend(&mut self, place: usize, seen: &mut Seen) -> anyhow::Result<()> {
        let viewer = &mut self.viewers[place];
        if !viewer.is_connected {
            let data = epoll::EventData::new_u64(place as u64);
            epoll::modify(&self.poll, &viewer.stream, data, epoll::EventFlags::IN)?;
            viewer.begin(&self.steps)?;
        }
        match viewer.read(&mut self.buffer, &self.steps, &self.counter, seen)? {
            Read::Nothing | Read::Looking => {}
            Read::There => {
                self.there += 1;
                record(&mut self.opened, viewer.since.elapsed());
            }
            Read::End => {
                let step = viewer.step;
                anyhow::bail!("the server has sent viewer {place} away after {step} of {} steps", self.steps.len());
            }
        }
        Ok(())
    }
}
