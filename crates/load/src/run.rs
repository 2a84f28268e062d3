use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::clock::Clock;
use crate::frame::Reader;
use crate::known::Known;
use crate::look::{Look, Sums};
use crate::outcome::{Counts, Missing, Outcome, Window};
use crate::producers::Producers;
use crate::recorder::{Recorder, Times, histogram};
use crate::schedule::Schedule;
use crate::tally::{Seen, Sent, get};
use crate::viewer::{Viewer, Viewers, has_all};
use crate::{Error, Plan, Target, usage};

/// Viewers that connect at once: a storm is another question.
const DOORS: usize = 64;
/// How long all of them may take, and each in the mean.
const OPENING: Duration = Duration::from_secs(20);
const OPENING_EACH: Duration = Duration::from_millis(20);
/// From knowing the schedule to the first sample.
const AHEAD: Duration = Duration::from_millis(100);
/// Pause between two looks at what is waited for.
const POLL: Duration = Duration::from_millis(20);

/// Makes the load, telling now and then how it goes: the first time before the first sample is sent.
///
/// # Errors
///
/// There is no outcome where the service does not let us in or sends us away.
pub async fn run(target: Target, plan: Plan, mut tell: impl FnMut(&Window)) -> Result<Outcome, Error> {
    let (clock, began) = (Clock::start(), Instant::now());
    let mut crowd = Crowd::gather(&target, &plan, clock);
    crowd.all_there().await?;
    let opening = began.elapsed();

    let schedule = Schedule::new(&plan, clock.now().plus(AHEAD));
    crowd.viewers.schedule.set(schedule).expect("it is set once");
    let (sent, took) = (Arc::new(Sent::new(plan.subjects)), Arc::new(Recorder::new()));
    let producers =
        Producers { target, plan: plan.clone(), schedule, clock, sent: Arc::clone(&sent), took: Arc::clone(&took) };
    let (cpu, measured_from) = (usage::cpu(), schedule.due(0).plus(plan.warm_up));
    let mut totals = Totals::new();
    let mut look = |crowd: &Crowd| {
        let window = Window {
            at: clock.now().since(schedule.due(0)),
            counts: Counts::of(&sent, &crowd.seen),
            acknowledged: took.take(),
            seen: crowd.viewers.seen.take(),
        };
        totals.add(&window);
        window
    };
    let sending = Instant::now();
    let mut work = Box::pin(Arc::new(producers).send());
    // Whoever is told knows that from now on samples may be stored, also when it ends without an outcome.
    tell(&look(&crowd));
    let mut ticks = interval(plan.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first comes at once.
    ticks.tick().await;
    let mut lasted = None;
    let mut until = Instant::now();
    loop {
        tokio::select! {
            ended = &mut work, if lasted.is_none() => {
                ended?;
                lasted = Some(clock.now().since(measured_from));
                until = Instant::now() + plan.patience;
            }
            error = crowd.failed() => return Err(error),
            _ = ticks.tick() => tell(&look(&crowd)),
            () = sleep(POLL), if lasted.is_some() => {
                if crowd.has_all(&plan, &sent) || Instant::now() > until {
                    break;
                }
            }
        }
    }
    let cpu = (usage::cpu().saturating_sub(cpu), sending.elapsed());
    look(&crowd);
    let counts = Counts::of(&sent, &crowd.seen);
    let mut missing = Missing::of(&sent, &plan, &crowd.seen);
    let (opened, watched) = (crowd.viewers.opened.take(), crowd.viewers.watched.take());
    let stored = sent.which();
    for known in crowd.end().await? {
        missing.add(&known, &stored, &schedule, &plan.prefix);
    }
    let Totals { acknowledged, seen } = totals;
    let of_subject = sent.of_subject().collect();
    let (reached, lasted) = (get(&sent.measured), lasted.unwrap_or_default());
    Ok(Outcome { counts, opening, opened, acknowledged, seen, watched, reached, lasted, cpu, of_subject, missing })
}

struct Totals {
    acknowledged: Times,
    seen: Times,
}

impl Totals {
    fn new() -> Self {
        Self { acknowledged: histogram(), seen: histogram() }
    }

    fn add(&mut self, window: &Window) {
        self.acknowledged.add(&window.acknowledged).expect("they have the same bounds");
        self.seen.add(&window.seen).expect("they have the same bounds");
    }
}

/// The viewers.
struct Crowd {
    viewers: Arc<Viewers>,
    seen: Vec<Arc<Seen>>,
    tasks: JoinSet<Result<Option<Known>, Error>>,
    stop: watch::Sender<bool>,
}

impl Crowd {
    fn gather(target: &Target, plan: &Plan, clock: Clock) -> Self {
        let viewers = Arc::new(Viewers {
            client: target.sockets.clone(),
            reader: Reader::new(&plan.prefix),
            clock,
            schedule: OnceLock::new(),
            doors: Semaphore::new(DOORS),
            opened: Recorder::new(),
            seen: Recorder::new(),
            watched: Recorder::new(),
            last_problem: std::sync::Mutex::default(),
        });
        let (stop, stopped) = watch::channel(false);
        let seen: Vec<_> = (0..plan.viewers).map(|_| Arc::<Seen>::default()).collect();
        let mut tasks = JoinSet::new();
        for (number, (seen, stream)) in seen.iter().zip(target.streams.iter().cycle()).enumerate() {
            let viewer = Viewer::new(Arc::clone(&viewers), plan, number, stream.clone(), Arc::clone(seen));
            tasks.spawn(viewer.run(stopped.clone()));
        }
        Self { viewers, seen, tasks, stop }
    }

    /// Waits until everybody has a picture of the present.
    async fn all_there(&mut self) -> Result<(), Error> {
        let wanted = self.seen.len();
        let limit = OPENING + OPENING_EACH * u32::try_from(wanted).unwrap_or(u32::MAX);
        let until = Instant::now() + limit;
        loop {
            let open = self.seen.iter().filter(|seen| seen.is_there.load(Ordering::Relaxed)).count();
            if open == wanted {
                return Ok(());
            }
            if Instant::now() > until {
                let last = self.viewers.last_problem.lock().unwrap_or_else(PoisonError::into_inner).clone();
                return Err(Error::NotThere { open, wanted, limit, last });
            }
            tokio::select! {
                error = self.failed() => return Err(error),
                () = sleep(POLL) => {}
            }
        }
    }

    /// The first viewer who cannot go on; never ends while there is none.
    async fn failed(&mut self) -> Error {
        match self.tasks.join_next().await {
            Some(ended) => match ended.expect("a viewer does not panic") {
                Err(error) => error,
                Ok(_) => unreachable!("nobody has told it to stop"),
            },
            None => std::future::pending().await,
        }
    }

    fn has_all(&self, plan: &Plan, sent: &Sent) -> bool {
        let sums: Sums = sent.of_subject().collect();
        self.seen.iter().enumerate().all(|(viewer, seen)| has_all(seen, Look::of(plan, viewer).sum(&sums)))
    }

    /// Lets all go; answers what the watchers know.
    async fn end(mut self) -> Result<Vec<Known>, Error> {
        self.stop.send_replace(true);
        let mut known = Vec::new();
        while let Some(ended) = self.tasks.join_next().await {
            known.extend(ended.expect("a viewer does not panic")?);
        }
        Ok(known)
    }
}
