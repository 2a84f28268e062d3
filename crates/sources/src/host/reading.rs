use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::ProbeError;

/// More than the largest of these files has on the largest machines.
const MAXIMUM_BYTES: u64 = 1024 * 1024;

/// What `/proc` said at one moment. A part that is missing or cannot be understood is absent.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Seconds since the host started: the time base, because no one can set it.
    pub(crate) uptime: f64,
    pub(crate) stat: Option<Stat>,
    pub(crate) cpu_pressure: Option<Pressure>,
    pub(crate) memory_pressure: Option<Pressure>,
    pub(crate) io_pressure: Option<Pressure>,
    /// Share of memory that programs could still get.
    pub(crate) memory_available: Option<f64>,
    /// Since the start.
    pub(crate) oom_kills: Option<u64>,
    /// Of the last minute.
    pub(crate) load: Option<f64>,
    /// Milliseconds for which each disk was busy.
    pub(crate) disks: Option<BTreeMap<String, u64>>,
}

/// `/proc/stat`; times in clock ticks, summed over the processors.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stat {
    pub(crate) total: u64,
    pub(crate) idle: u64,
    pub(crate) iowait: u64,
    pub(crate) steal: u64,
    pub(crate) processors: u64,
    pub(crate) context_switches: u64,
    pub(crate) forks: u64,
    pub(crate) running: u64,
    pub(crate) blocked: u64,
}

/// One file of `/proc/pressure`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pressure {
    /// Microseconds for which at least one task was waiting.
    pub(crate) some: u64,
    /// Microseconds for which no task could go on.
    pub(crate) full: u64,
    /// The share of `some`, averaged by the kernel over 10 s.
    pub(crate) some_10s: f64,
}

impl Reading {
    /// Reads all files below `proc_root`; only without an uptime there is no reading.
    pub(crate) fn take(proc_root: &Path) -> Result<Self, ProbeError> {
        let text = |name: &str| text(&proc_root.join(name)).ok();
        let pressure = |name: &str| self::pressure(&text(name)?);
        Ok(Self {
            uptime: uptime(proc_root)?,
            stat: text("stat").and_then(|text| stat(&text)),
            cpu_pressure: pressure("pressure/cpu"),
            memory_pressure: pressure("pressure/memory"),
            io_pressure: pressure("pressure/io"),
            memory_available: text("meminfo").and_then(|text| memory_available(&text)),
            oom_kills: text("vmstat").and_then(|text| number_after(&text, "oom_kill")),
            load: text("loadavg").and_then(|text| finite(text.split_whitespace().next()?)),
            disks: text("diskstats").and_then(|text| disks(&text)),
        })
    }
}

fn text(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAXIMUM_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

fn uptime(proc_root: &Path) -> Result<f64, ProbeError> {
    let path = proc_root.join("uptime");
    let text = text(&path).map_err(|source| ProbeError::Read { path: path.clone(), source })?;
    text.split_whitespace().next().and_then(finite).ok_or(ProbeError::Uptime { path })
}

fn finite(word: &str) -> Option<f64> {
    word.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

/// The number on the line that begins with `name`.
fn number_after(text: &str, name: &str) -> Option<u64> {
    let mut words = text.lines().map(str::split_whitespace).find_map(|mut words| {
        let is_it = words.next()?.trim_end_matches(':') == name;
        is_it.then_some(words)
    })?;
    words.next()?.parse().ok()
}

fn stat(text: &str) -> Option<Stat> {
    // user, nice, system, idle, iowait, irq, softirq, steal; the guests' time after them is already in user and nice.
    const FIELDS: usize = 8;
    let mut words = text.lines().next()?.split_whitespace();
    if words.next() != Some("cpu") {
        return None;
    }
    let ticks: Vec<u64> = words.take(FIELDS).map(|word| word.parse().ok()).collect::<Option<_>>()?;
    let [_, _, _, idle, iowait, _, _, steal] = *ticks.as_slice() else { return None };
    let is_processor = |line: &&str| line.starts_with("cpu") && !line.starts_with("cpu ");
    Some(Stat {
        total: ticks.iter().try_fold(0_u64, |sum, ticks| sum.checked_add(*ticks))?,
        idle,
        iowait,
        steal,
        processors: u64::try_from(text.lines().filter(is_processor).count().max(1)).ok()?,
        context_switches: number_after(text, "ctxt")?,
        forks: number_after(text, "processes")?,
        running: number_after(text, "procs_running")?,
        blocked: number_after(text, "procs_blocked")?,
    })
}

fn pressure(text: &str) -> Option<Pressure> {
    let value = |kind: &str, name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(kind)?.strip_prefix(' '))?;
        line.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    };
    Some(Pressure {
        some: value("some", "total")?.parse().ok()?,
        // Old kernels have no `full` line for the processor.
        full: value("full", "total").and_then(|word| word.parse().ok()).unwrap_or(0),
        some_10s: finite(value("some", "avg10")?)? / 100.0,
    })
}

fn memory_available(text: &str) -> Option<f64> {
    let (total, available) = (number_after(text, "MemTotal")?, number_after(text, "MemAvailable")?);
    #[expect(clippy::cast_precision_loss, reason = "kilobytes of memory stay far below 2^53")]
    (total > 0).then(|| (available as f64 / total as f64).min(1.0))
}

fn disks(text: &str) -> Option<BTreeMap<String, u64>> {
    // The third word is the name, the thirteenth the milliseconds spent doing I/O.
    let disk = |line: &str| {
        let mut words = line.split_whitespace().skip(2);
        Some((words.next()?.to_owned(), words.nth(9)?.parse().ok()?))
    };
    text.lines().map(disk).collect()
}
