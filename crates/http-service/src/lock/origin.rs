use axum::http::{HeaderMap, Method, header};
use url::Url;

/// Which page a browser says that a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// One of this very address, or a person: typed, or a bookmark.
    Own,
    /// One of another.
    Elsewhere {
        /// Whether a person follows a link, and sees the answer instead of the page.
        is_navigation: bool,
    },
    /// It does not say: no browser, or an old one.
    Unsaid,
}

/// Whether a method changes nothing.
pub(super) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// What the browser says. `Sec-Fetch-Site` knows best; without TLS there is only the origin.
pub(super) fn said(headers: &HeaderMap) -> From {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => From::Own,
        Some(_) => From::Elsewhere { is_navigation: text("sec-fetch-mode") == Some("navigate") },
        None if !headers.contains_key(header::ORIGIN) => From::Unsaid,
        None if is_listed(headers, &[]) => From::Own,
        None => From::Elsewhere { is_navigation: false },
    }
}

/// Whether a page of the request's origin may open a socket here: this service's own, and those that are `listed`.
///
/// Browsers let any page open a socket to anywhere, and tell the page's origin. What names no origin is no browser.
pub fn is_allowed(headers: &HeaderMap, listed: &[Url]) -> bool {
    !headers.contains_key(header::ORIGIN) || is_listed(headers, listed)
}

/// The same, where an origin must be named.
pub(super) fn is_listed(headers: &HeaderMap, listed: &[Url]) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let Some(origin) = origin.and_then(|origin| Url::parse(origin).ok()) else { return false };
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

    #[test]
    fn a_browser_says_where_a_request_comes_from() {
        let elsewhere = From::Elsewhere { is_navigation: false };
        for (sent, expected) in [
            (&[][..], From::Unsaid),
            (&[("sec-fetch-site", "same-origin")], From::Own),
            (&[("sec-fetch-site", "none")], From::Own),
            (&[("sec-fetch-site", "same-site")], elsewhere),
            (&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")], elsewhere),
            (
                &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],
                From::Elsewhere { is_navigation: true },
            ),
            (&[("sec-fetch-site", "rubbish")], elsewhere),
            (&[("origin", "http://localhost:3001")], From::Own),
            (&[("origin", "http://localhost:3002")], elsewhere),
            (&[("origin", "null")], elsewhere),
            (&[("origin", "http://localhost:3001"), ("sec-fetch-site", "cross-site")], elsewhere),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "localhost:3001".parse().unwrap());
            for (name, value) in sent {
                headers.insert(*name, value.parse().unwrap());
            }
            assert_eq!(said(&headers), expected, "{sent:?}");
        }
    }
}
