use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// An address, or all addresses that begin alike: `10.1.2.3`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Whether the address is one of them.
    pub fn has(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl FromStr for Network {
    type Err = ipnet::AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let alone = text.parse::<IpAddr>().map(IpNet::from);
        alone.or_else(|_| text.parse()).map(|network| Self(network.trunc()))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.trim().parse().map_err(D::Error::custom)
    }
}

/// Who asks: the peer, or whom it says that it speaks for, if it is one of the `proxies`. `forwarded` is X-Forwarded-For:
/// its last entry is what the proxy itself has seen; those before it anybody may have written.
pub fn client(peer: IpAddr, proxies: &[Network], forwarded: Option<&str>) -> IpAddr {
    let peer = peer.to_canonical();
    if !proxies.iter().any(|proxy| proxy.has(peer)) {
        return peer;
    }
    let last = forwarded.and_then(|entries| entries.rsplit(',').next()).map(str::trim);
    let seen = last.and_then(|text| text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok());
    seen.map_or(peer, |address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_proxies_are_believed_and_only_what_they_saw_themselves() {
        let proxies = ["127.0.0.0/8", "fd00::7"].map(|text| text.parse::<Network>().unwrap());
        for (peer, forwarded, expected) in [
            ("203.0.113.9", Some("198.51.100.1"), "203.0.113.9"),
            ("127.0.0.1", Some("198.51.100.1"), "198.51.100.1"),
            ("127.0.0.1", Some("198.51.100.1, 203.0.113.5"), "203.0.113.5"),
            ("127.0.0.1", Some("203.0.113.5, rubbish"), "127.0.0.1"),
            ("127.0.0.1", Some(""), "127.0.0.1"),
            ("127.0.0.1", None, "127.0.0.1"),
            ("::ffff:127.0.0.2", Some("2001:db8::1"), "2001:db8::1"),
            ("fd00::7", Some("[2001:db8::1]"), "2001:db8::1"),
            ("fd00::8", Some("2001:db8::1"), "fd00::8"),
            ("127.0.0.1", Some("::ffff:198.51.100.1"), "198.51.100.1"),
        ] {
            let found = client(peer.parse().unwrap(), &proxies, forwarded);
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn a_network_is_written_with_or_without_its_length() {
        for (text, shown) in [("10.1.2.3", "10.1.2.3/32"), ("10.1.2.3/8", "10.0.0.0/8"), ("::1", "::1/128")] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), shown);
        }
        assert!("10.1.2.3/33".parse::<Network>().is_err() && "everywhere".parse::<Network>().is_err());
    }
}
