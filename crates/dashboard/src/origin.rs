use axum::http::{HeaderMap, header};
use url::Url;

/// Whether a page of the request's origin may open a socket here: this service's own, and those that are `listed`.
///
/// Browsers let any page open a socket to anywhere, and tell the page's origin. What names no origin is no browser.
pub(crate) fn is_allowed(headers: &HeaderMap, listed: &[Url]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Some(origin) = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok()) else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    // With the scheme of the page, because a proxy may have taken TLS off.
    let own = host.and_then(|host| Url::parse(&format!("{}://{host}", origin.scheme())).ok());
    own.iter().chain(listed).any(|allowed| origin.origin().is_tuple() && allowed.origin() == origin.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(origin: Option<&str>, host: &str) -> bool {
        let listed = [Url::parse("https://dashboards.example.com").unwrap()];
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        is_allowed(&headers, &listed)
    }

    #[test]
    fn own_pages_listed_ones_and_what_is_no_browser_may_connect() {
        for (origin, host) in [
            (None, "localhost:3001"),
            (Some("http://localhost:3001"), "localhost:3001"),
            (Some("https://iskra.example.com"), "iskra.example.com"),
            (Some("https://iskra.example.com"), "iskra.example.com:443"),
            (Some("http://[::1]:3001"), "[::1]:3001"),
            (Some("https://dashboards.example.com"), "localhost:3001"),
        ] {
            assert!(check(origin, host), "{origin:?} at {host}");
        }
    }

    #[test]
    fn other_pages_may_not() {
        for (origin, host) in [
            ("https://elsewhere.example.com", "localhost:3001"),
            ("http://localhost:3002", "localhost:3001"),
            ("http://localhost", "localhost:3001"),
            ("http://dashboards.example.com", "localhost:3001"),
            ("https://dashboards.example.com.example.org", "localhost:3001"),
            ("null", "localhost:3001"),
            ("file://", "localhost:3001"),
            ("rubbish", "rubbish"),
        ] {
            assert!(!check(Some(origin), host), "{origin} at {host}");
        }
    }
}
