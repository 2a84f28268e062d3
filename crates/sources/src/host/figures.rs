use super::reading::{Pressure, Reading, Stat};

/// Every figure that the probe can measure, and the file that it comes from. Shares lie in [0, 1].
pub const FIGURES: [(&str, &str); COUNT] = [
    ("cpu_pressure", "pressure/cpu"),
    ("cpu_pressure_10s", "pressure/cpu"),
    ("memory_pressure", "pressure/memory"),
    ("memory_pressure_10s", "pressure/memory"),
    ("memory_pressure_full", "pressure/memory"),
    ("io_pressure", "pressure/io"),
    ("io_pressure_10s", "pressure/io"),
    ("io_pressure_full", "pressure/io"),
    ("cpu_busy", "stat"),
    ("cpu_iowait", "stat"),
    ("cpu_steal", "stat"),
    ("cpu_swing", "stat"),
    ("cpu_surprise", "stat"),
    ("run_queue", "stat"),
    ("blocked_tasks", "stat"),
    ("context_switches", "stat"),
    ("forks", "stat"),
    ("load", "loadavg"),
    ("memory_available", "meminfo"),
    ("oom_kills", "vmstat"),
    ("disk_busy", "diskstats"),
    ("uptime_seconds", "uptime"),
];
const COUNT: usize = 22;
/// For a whole host "no task could go on for want of a processor" is never true.
const NOT_A_FIGURE: &str = "";

/// What was measured, in the order of [`FIGURES`].
#[derive(Debug)]
pub(crate) struct Figures([Option<f64>; COUNT]);

/// What some figures remember of the time before.
#[derive(Debug)]
pub(crate) struct Memory {
    busy: Option<f64>,
    average_busy: Option<f64>,
    swing: Option<f64>,
    run_queue: Option<f64>,
    oom_kills: f64,
}

/// Over how many seconds the figures that would jump too much are smoothed.
const RUN_QUEUE_SECONDS: f64 = 3.0;
const SWING_SECONDS: f64 = 5.0;
const AVERAGE_SECONDS: f64 = 30.0;
/// After how many seconds a kill counts half.
const OOM_HALF_LIFE_SECONDS: f64 = 60.0;

impl Memory {
    pub(crate) const fn new() -> Self {
        Self { busy: None, average_busy: None, swing: None, run_queue: None, oom_kills: 0.0 }
    }
}

impl Figures {
    /// The figure of that name, if it was measured.
    pub(crate) fn get(&self, name: &str) -> Option<f64> {
        let position = FIGURES.iter().position(|(figure, _)| *figure == name)?;
        self.0[position]
    }

    /// All that were measured.
    pub(crate) fn present(&self) -> impl Iterator<Item = (&'static str, f64)> {
        FIGURES.iter().zip(self.0).filter_map(|((name, _), value)| Some((*name, value?)))
    }

    /// What happened in the `seconds` between two readings.
    pub(crate) fn between(previous: &Reading, current: &Reading, seconds: f64, memory: &mut Memory) -> Self {
        let mut figures = Self([None; COUNT]);
        let pressures = [
            (previous.cpu_pressure, current.cpu_pressure, ["cpu_pressure", "cpu_pressure_10s", NOT_A_FIGURE]),
            (
                previous.memory_pressure,
                current.memory_pressure,
                ["memory_pressure", "memory_pressure_10s", "memory_pressure_full"],
            ),
            (previous.io_pressure, current.io_pressure, ["io_pressure", "io_pressure_10s", "io_pressure_full"]),
        ];
        for (previous, current, [some, some_10s, full]) in pressures {
            let share = |of: fn(Pressure) -> u64| {
                let waited = of(current?).checked_sub(of(previous?))?;
                Some((number(waited) / 1e6 / seconds).min(1.0))
            };
            figures.set(some, share(|pressure| pressure.some));
            figures.set(some_10s, current.map(|pressure| pressure.some_10s.min(1.0)));
            figures.set(full, share(|pressure| pressure.full));
        }
        if let (Some(previous), Some(current)) = (previous.stat, current.stat) {
            figures.set_processors(previous, current, seconds, memory);
        }
        let processors = current.stat.map(|stat| number(stat.processors));
        figures.set("load", processors.and_then(|processors| Some(current.load? / processors)));
        figures.set("memory_available", current.memory_available);
        figures.set("oom_kills", oom_kills(previous, current, seconds, memory));
        figures.set("disk_busy", disk_busy(previous, current, seconds));
        figures.set("uptime_seconds", Some(current.uptime));
        figures
    }

    fn set_processors(&mut self, previous: Stat, current: Stat, seconds: f64, memory: &mut Memory) {
        let processors = number(current.processors);
        let between = |of: fn(Stat) -> u64| Some(number(of(current).checked_sub(of(previous))?));
        // Shares are of the ticks that were counted, not of the clock: so they always add up.
        let ticks = between(|stat| stat.total).filter(|ticks| *ticks > 0.0);
        let share = |of: fn(Stat) -> u64| Some((between(of)? / ticks?).min(1.0));
        let (idle, iowait) = (share(|stat| stat.idle), share(|stat| stat.iowait));
        let busy = idle.and_then(|idle| Some((1.0 - idle - iowait?).max(0.0)));
        self.set("cpu_busy", busy);
        self.set("cpu_iowait", iowait);
        self.set("cpu_steal", share(|stat| stat.steal));
        if let Some(busy) = busy {
            let change = memory.busy.replace(busy).map(|before| (busy - before).abs());
            let swing = change.map(|change| smooth(&mut memory.swing, change, seconds, SWING_SECONDS));
            self.set("cpu_swing", swing.or(Some(0.0)));
            let surprise = memory.average_busy.map(|average| (busy - average).abs());
            smooth(&mut memory.average_busy, busy, seconds, AVERAGE_SECONDS);
            self.set("cpu_surprise", surprise.or(Some(0.0)));
        }
        // The probe itself is running while it counts.
        let running = number(current.running.saturating_sub(1)) / processors;
        self.set("run_queue", Some(smooth(&mut memory.run_queue, running, seconds, RUN_QUEUE_SECONDS)));
        self.set("blocked_tasks", Some(number(current.blocked) / processors));
        let rate = |of: fn(Stat) -> u64| Some(between(of)? / seconds / processors);
        self.set("context_switches", rate(|stat| stat.context_switches));
        self.set("forks", rate(|stat| stat.forks));
    }

    fn set(&mut self, name: &str, value: Option<f64>) {
        if let Some(position) = FIGURES.iter().position(|(figure, _)| *figure == name) {
            self.0[position] = value;
        }
    }
}

/// Kills by the kernel for want of memory, fading: the trust that one costs comes back slowly.
fn oom_kills(previous: &Reading, current: &Reading, seconds: f64, memory: &mut Memory) -> Option<f64> {
    let kills = current.oom_kills?.checked_sub(previous.oom_kills?)?;
    memory.oom_kills = memory.oom_kills * 0.5_f64.powf(seconds / OOM_HALF_LIFE_SECONDS) + number(kills);
    Some(memory.oom_kills)
}

/// Of the busiest disk: one full queue is enough to wait in. Disks that came just now have no difference yet.
fn disk_busy(previous: &Reading, current: &Reading, seconds: f64) -> Option<f64> {
    let (before, now) = (previous.disks.as_ref()?, current.disks.as_ref()?);
    let known = now.iter().filter_map(|(name, busy)| Some((*busy, *before.get(name)?)));
    let busy: Vec<u64> = known.map(|(now, before)| now.checked_sub(before)).collect::<Option<_>>()?;
    Some((number(busy.into_iter().max()?) / 1e3 / seconds).min(1.0))
}

/// An exponential average; the first value stands for all before it.
fn smooth(average: &mut Option<f64>, value: f64, seconds: f64, over: f64) -> f64 {
    let before = average.unwrap_or(value);
    let smoothed = value + (before - value) * (-seconds / over).exp();
    *average = Some(smoothed);
    smoothed
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counters of one host stay far below 2^53, and their differences more so"
)]
const fn number(count: u64) -> f64 {
    count as f64
}
