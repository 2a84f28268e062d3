//! What this process may and does use.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Files besides the sockets: what the program, its log and its runtime hold open.
const OTHERS: u64 = 64;

/// Sees to it that so many sockets can be open at once; the most that may be where that is too few.
///
/// # Errors
///
/// The hard limit, which only an administrator can raise.
pub fn let_open(sockets: usize) -> Result<(), u64> {
    let wanted = sockets as u64 + OTHERS;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // None means that there is no limit.
    if current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    match maximum {
        Some(maximum) if maximum < wanted => Err(maximum),
        _ => setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }).map_err(|_| wanted),
    }
}

/// CPU time that this process has used, in its own code and in the kernel for it.
pub fn cpu() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(used.tv_sec.unsigned_abs(), used.tv_nsec.unsigned_abs() as u32)
}
