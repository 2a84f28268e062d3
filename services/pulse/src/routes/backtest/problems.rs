//! Why there is no answer.

use std::time::Duration;

use axum::http::StatusCode;
use backtest::Error;
use http_service::Problem;
use rules::{FILES, NotMoved};

/// When somebody who was turned away may come back.
const COME_BACK: Duration = Duration::from_secs(2);

pub(super) fn bad_period(detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_period", detail)
}

pub(super) fn no_edges() -> Problem {
    let detail = "`edges` names at least one edge and where it would stand, like {\"pain_warn_high\": 0.45}";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no_edges", detail)
}

pub(super) fn under_way() -> Problem {
    let detail = "another backtest is under way: one at a time";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "backtest_under_way", detail).retry_after(COME_BACK)
}

pub(super) fn too_slow() -> Problem {
    let detail = "it took too long: ask for less of the past, or use `iskra backtest`";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "backtest_too_slow", detail)
}

pub(super) fn not_moved(error: NotMoved) -> Problem {
    let refuse = |code, detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
    let said = error.to_string();
    match error {
        NotMoved::Unknown { hint, .. } => refuse("unknown_edge", said).with("hint", hint),
        NotMoved::ByHand { line, .. } => refuse("edge_by_hand", said).with("file", FILES[0]).with("line", line),
        NotMoved::Along { .. } => refuse("edge_by_hand", said).with("file", FILES[0]),
        NotMoved::Wrong(error) => {
            let brief = error.brief();
            let problem = refuse("bad_edges", brief.message).with("file", brief.file);
            let problem = problem.with("line", brief.line).with("column", brief.column);
            brief.hint.into_iter().fold(problem, |problem, hint| problem.with("hint", hint))
        }
    }
}

pub(super) fn not_judged(error: Error) -> Problem {
    match error {
        Error::TooMany { most } | Error::TooMuchAtOnce { most } => {
            let detail = format!("{error}: ask for less of the past, or use `iskra backtest`");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too_much", detail).with("most", most)
        }
        Error::Read(_) => {
            let detail = "the log cannot be read now";
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store_failed", detail);
            problem.retry_after(COME_BACK).because(error)
        }
        Error::Start(_) | Error::Judge => Problem::internal(error),
    }
}
