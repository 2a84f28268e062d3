use std::error::Error;
use std::time::Duration;

use domain::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Why an attempt has failed, and whether another one may help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// In words.
    pub(crate) why: String,
    /// Whether the same request would be answered the same.
    pub(crate) is_lasting: bool,
    /// How long the webhook wants to be left alone.
    pub(crate) asked: Option<Duration>,
}

impl Fault {
    /// What may go well the next time.
    pub(crate) fn passing(error: &dyn Error) -> Self {
        Self { why: chain(error), is_lasting: false, asked: None }
    }

    /// What will not.
    pub(crate) fn lasting(error: &dyn Error) -> Self {
        Self { is_lasting: true, ..Self::passing(error) }
    }

    /// What is wrong with an answer; none when all is well. A redirect is one that lasts: who moves says so to people.
    pub(crate) fn of(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Option<Self> {
        const PASSING: [StatusCode; 3] =
            [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
        if status.is_success() {
            return None;
        }
        let is_lasting = !status.is_server_error() && !PASSING.contains(&status);
        Some(Self { why: format!("it answered {status}"), is_lasting, asked: asked(headers, now) })
    }
}

/// `Retry-After`: seconds, or a date.
fn asked(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Timestamp::from_micros(date.as_microsecond()).since(now))
}

/// The error and its causes.
pub(crate) fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, retry_after: Option<&'static str>) -> Option<Fault> {
        let mut headers = HeaderMap::new();
        if let Some(text) = retry_after {
            headers.insert(RETRY_AFTER, text.parse().unwrap());
        }
        let now = "1994-11-06T08:49:07Z".parse().unwrap();
        Fault::of(StatusCode::from_u16(status).unwrap(), &headers, now)
    }

    #[test]
    fn every_success_is_one() {
        assert_eq!([200, 201, 202, 204, 299].map(|status| of(status, None)), [None, None, None, None, None]);
    }

    #[test]
    fn what_the_same_request_would_meet_again_lasts() {
        let is_lasting = |status| of(status, None).unwrap().is_lasting;
        assert!([301, 302, 304, 307, 308, 400, 401, 403, 404, 409, 410, 413, 422, 451].into_iter().all(is_lasting));
        assert!(![408, 425, 429, 500, 501, 502, 503, 504].into_iter().any(is_lasting));
    }

    #[test]
    fn who_asks_for_patience_says_it_in_seconds_or_by_a_date() {
        let asked = |text| of(503, Some(text)).unwrap().asked;
        assert_eq!(asked("120"), Some(Duration::from_secs(120)));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(asked("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO), "a date that is past");
        for nonsense in ["", "soon", "-5", "1.5", "99999999999999999999999"] {
            assert_eq!(asked(nonsense), None, "{nonsense}");
        }
    }
}
