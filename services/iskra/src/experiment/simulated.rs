//! On the engine itself, on a simulated clock.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use domain::Timestamp;
use experiments::{Report, Script, Simulation};
use indicatif::{ProgressBar, ProgressStyle};

use super::arguments::Speed;

/// Runs it to its end, and shows how far it is.
pub(super) fn run(script: &Arc<Script>, by: &str, speed: Speed) -> Report {
    let bar = progress(script.longest());
    let mut simulation = Simulation::new(Arc::clone(script), by);
    let pace = Pace::new(script.start, speed);
    while let Some(due) = simulation.due() {
        pace.wait(due);
        simulation.step();
        show(&bar, &simulation.run().progress(simulation.now()));
    }
    bar.finish_and_clear();
    simulation.finish()
}

/// How long it takes, and what is going on.
pub(super) fn progress(lasts: Duration) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} % {msg}");
    ProgressBar::new(lasts.as_secs()).with_style(style.expect("the template is constant and a test draws it"))
}

pub(super) fn show(bar: &ProgressBar, now: &experiments::Progress) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time of at most a day")]
    let elapsed = now.elapsed_seconds as u64;
    // Drawn once for each second of the experiment: its clock may be much faster than anybody's eyes.
    if bar.position() == elapsed && elapsed > 0 {
        return;
    }
    bar.set_position(elapsed);
    let missed = if now.missed > 0 { format!(", {} missed", now.missed) } else { String::new() };
    let dose = if now.dose > 0 { format!(", dose {}", now.dose) } else { String::new() };
    bar.set_message(format!("{}{dose}: {} of {} seen{missed}", now.phase, now.met, now.expectations));
}

/// How a simulated clock follows the real one.
struct Pace {
    from: Timestamp,
    began: Instant,
    speed: Speed,
}

impl Pace {
    fn new(from: Timestamp, speed: Speed) -> Self {
        Self { from, began: Instant::now(), speed }
    }

    /// Waits until the simulated clock says `moment`.
    fn wait(&self, moment: Timestamp) {
        if let Speed::Times(times) = self.speed {
            let until = moment.since(self.from).div_f64(times);
            thread::sleep(until.saturating_sub(self.began.elapsed()));
        }
    }
}
