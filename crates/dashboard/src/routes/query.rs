//! Values of query parameters that need more than their type.

use std::time::Duration;

use axum::http::StatusCode;
use http_service::Problem;

/// The longest step.
const LONGEST: Duration = Duration::from_hours(24 * 366);

/// A step: whole seconds, or a whole number of `s`, `m`, `h` or `d`.
pub(super) fn step(text: &str) -> Result<Duration, Problem> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let seconds = match unit {
        "" | "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3_600),
        "d" => Some(86_400),
        _ => None,
    };
    let step = number.parse::<u64>().ok().zip(seconds).and_then(|(number, seconds)| number.checked_mul(seconds));
    let step = step.map(Duration::from_secs).filter(|step| !step.is_zero() && *step <= LONGEST);
    step.ok_or_else(|| {
        let shown: String = text.chars().take(32).collect();
        let detail = format!("`step` is a number of seconds, or like 10s, 5m, 1h, 1d, from 1s to 366d, not `{shown}`");
        Problem::new(StatusCode::BAD_REQUEST, "bad_step", detail)
    })
}

/// A limit from 1 to `most`.
pub(super) fn limit(given: Option<u32>, default: u32, most: u32) -> Result<u32, Problem> {
    let limit = given.unwrap_or(default);
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    let detail = format!("`limit` lies between 1 and {most}, and is not {limit}");
    Err(Problem::new(StatusCode::BAD_REQUEST, "bad_limit", detail))
}

/// That the last thing of an answer before is not there any more, or never was.
pub(super) fn nothing_after(code: &'static str, thing: &str, id: &str) -> Problem {
    let detail = format!("`after` is the id of an {thing}, and there is none `{}`: begin anew", shown(id));
    Problem::new(StatusCode::BAD_REQUEST, code, detail)
}

/// So much of what is wrong is told back.
pub(super) fn shown(given: &str) -> String {
    given.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_seconds_or_carry_their_unit() {
        for (text, seconds) in [("10", 10), ("10s", 10), ("5m", 300), ("2h", 7_200), ("1d", 86_400)] {
            assert_eq!(step(text).unwrap(), Duration::from_secs(seconds), "{text}");
        }
        for text in
            ["", "s", "0", "0m", "-1", "1.5", "10 s", "1w", "367d", "99999999999999999999", "9999999999999999999d", "ё"]
        {
            assert_eq!(step(text).unwrap_err().code(), "bad_step", "{text}");
        }
    }

    #[test]
    fn limits_have_limits() {
        assert_eq!(limit(None, 5, 10).unwrap(), 5);
        assert_eq!(limit(Some(10), 5, 10).unwrap(), 10);
        assert_eq!(limit(Some(0), 5, 10).unwrap_err().code(), "bad_limit");
        assert_eq!(limit(Some(11), 5, 10).unwrap_err().code(), "bad_limit");
    }
}
