//! A while under load: what it costs a server to give each message to many, and how soon they have it.

use std::time::Duration;

use crate::crowd::{Crowd, Seen};
use crate::peers::Server;
use crate::process::Process;
use crate::publisher::{Load, publish};

/// Viewers that connect side by side.
const AT_ONCE: usize = 50;
/// When nothing came for so long, nothing is under way.
const SILENCE: Duration = Duration::from_millis(250);
/// When what is still under way is not waited for any longer.
const SILENCES: usize = 40;

/// What is asked of a server.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    pub(crate) viewers: usize,
    /// Messages a second.
    pub(crate) rate: f64,
    /// Those that are due within so long are sent together; zero sends each alone.
    pub(crate) gather: Duration,
    pub(crate) warm_up: Duration,
    /// What is measured, after the warm-up.
    pub(crate) length: Duration,
}

/// What it cost.
pub(crate) struct Cost {
    pub(crate) task: Task,
    pub(crate) seen: Seen,
    pub(crate) server: Duration,
    /// Of the viewers and the sender.
    pub(crate) client: Duration,
}

impl Cost {
    /// Of the server, in microseconds of CPU for each message that one viewer got.
    pub(crate) fn of_each(&self) -> f64 {
        self.server.as_secs_f64() * 1e6 / self.seen.delivered().max(1) as f64
    }

    pub(crate) fn delivered_a_second(&self) -> f64 {
        self.seen.delivered() as f64 / self.task.length.as_secs_f64()
    }

    /// Of what was due meanwhile.
    pub(crate) fn delivered_share(&self) -> f64 {
        self.delivered_a_second() / (self.task.rate * self.task.viewers as f64)
    }

    /// Who used how much of the cores, and for what.
    pub(crate) fn describe(&self) -> String {
        let share = |time: Duration| 100.0 * time.as_secs_f64() / self.task.length.as_secs_f64();
        let each = |count: u64| count as f64 / self.seen.delivered().max(1) as f64;
        format!(
            "the server {:.0} % of a core, viewers and sender {:.0} %; {:.2} reads and {:.0} bytes each",
            share(self.server),
            share(self.client),
            each(self.seen.reads),
            each(self.seen.bytes)
        )
    }
}

/// Does it; an error if a message does not come, or comes twice.
pub(crate) async fn cost(server: &Server, task: Task) -> anyhow::Result<Cost> {
    let mut crowd = server.gather(task.viewers, AT_ONCE).await?;
    // nchan lets a viewer in before all of its workers know of them.
    tokio::time::sleep(SILENCE).await;
    drop(crowd.take());
    let load = Load { rate: task.rate, gather: task.gather, length: task.warm_up + task.length };
    let client = Process { id: std::process::id() };
    let sending = tokio::spawn(publish(server.door.clone(), load));
    tokio::time::sleep(task.warm_up).await;
    let mut all = crowd.take();
    let before = (server.process.cpu_of_family()?, client.cpu_of_family()?);
    tokio::time::sleep(task.length).await;
    let seen = crowd.take();
    let after = (server.process.cpu_of_family()?, client.cpu_of_family()?);
    sending.await??;
    all.add(&seen);
    all.add(&settle(&crowd).await);
    crowd.leave()?;
    let (came, expected) = (all.delivered(), load.messages() * task.viewers as u64);
    // What a viewer was told as a summary stands for one message or more.
    let is_all = came == expected || (all.merged() > 0 && came < expected);
    anyhow::ensure!(is_all, "{came} of {expected} messages came");
    Ok(Cost { task, seen, server: after.0.saturating_sub(before.0), client: after.1.saturating_sub(before.1) })
}

/// Waits until nothing comes any more; answers what came meanwhile.
async fn settle(crowd: &Crowd) -> Seen {
    let mut all = crowd.take();
    for _ in 0..SILENCES {
        tokio::time::sleep(SILENCE).await;
        let seen = crowd.take();
        all.add(&seen);
        if seen.delivered() + seen.merged() == 0 {
            break;
        }
    }
    all
}
