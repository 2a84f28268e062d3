use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Failed attempts that an address has in one [`WINDOW`].
const MOST: u32 = 10;
const WINDOW: Duration = Duration::from_secs(60);
/// Addresses that are remembered, in about 1 MiB. When there are more, those that began first are forgotten: an attacker
/// with so many addresses has no use for another try, of 2^256.
const ADDRESSES: usize = 10_000;

/// Counts failed attempts by their address.
#[derive(Default)]
pub(crate) struct Failures(Mutex<HashMap<IpAddr, Count>>);

struct Count {
    began: Instant,
    failed: u32,
}

impl Failures {
    /// How long the address must wait before its next attempt, if it must.
    pub(crate) fn wait(&self, address: IpAddr, now: Instant) -> Option<Duration> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&of_one_host(address))?;
        let over = count.began + WINDOW;
        (count.failed >= MOST && now < over).then(|| over - now)
    }

    /// Notes a failed attempt; answers whether it was within what an address has.
    pub(crate) fn note(&self, address: IpAddr, now: Instant) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let address = of_one_host(address);
        if counts.len() >= ADDRESSES && !counts.contains_key(&address) {
            counts.retain(|_, count| now < count.began + WINDOW);
            if counts.len() >= ADDRESSES {
                let first = counts.iter().min_by_key(|(_, count)| count.began).map(|(address, _)| *address);
                first.and_then(|first| counts.remove(&first));
            }
        }
        let count = counts.entry(address).or_insert(Count { began: now, failed: 0 });
        if now >= count.began + WINDOW {
            *count = Count { began: now, failed: 0 };
        }
        count.failed = count.failed.saturating_add(1);
        count.failed <= MOST
    }
}

/// A host with IPv6 has all addresses of its network, 2^64.
fn of_one_host(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn ten_failures_in_a_minute_are_allowed_and_then_the_minute_is_waited_for() {
        let (failures, start) = (Failures::default(), Instant::now());
        let (one, other) = (address("2001:db8::1"), address("2001:db8:0:1::1"));
        for second in 0..10 {
            assert_eq!(failures.wait(one, start), None);
            assert!(failures.note(one, start + Duration::from_secs(second)));
        }
        let at = |seconds| start + Duration::from_secs(seconds);
        assert!(!failures.note(one, at(20)));
        assert_eq!(failures.wait(one, at(20)), Some(Duration::from_secs(40)));
        assert_eq!(failures.wait(address("2001:db8::2"), at(20)), Some(Duration::from_secs(40)), "the same host");
        assert_eq!(failures.wait(other, at(20)), None);
        assert_eq!(failures.wait(one, at(60)), None);
        assert!(failures.note(one, at(60)));
        assert_eq!(failures.wait(one, at(60)), None);
    }

    #[test]
    fn the_memory_is_bounded() {
        let (failures, start) = (Failures::default(), Instant::now());
        for n in 0..u32::try_from(ADDRESSES).unwrap() + 50 {
            failures.note(IpAddr::V4(n.into()), start + Duration::from_micros(n.into()));
        }
        assert_eq!(failures.0.lock().unwrap().len(), ADDRESSES);
    }
}
