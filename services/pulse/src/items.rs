//! Takes the text of a request apart into items.

use axum::http::StatusCode;
use domain::{Draft, Rejection};
use http_service::Problem;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::routes::samples;

/// How the items stand in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// One object, or an array of objects.
    Json,
    /// One object on each line.
    Lines,
}

impl Format {
    /// By `Content-Type`. Anything that is not a known name of NDJSON is taken as JSON: `curl -d` says it sends a form.
    pub(crate) fn of(content_type: Option<&str>) -> Self {
        let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        let lines = ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"];
        match lines.iter().any(|name| essence.eq_ignore_ascii_case(name)) {
            true => Self::Lines,
            false => Self::Json,
        }
    }
}

/// The items of `text`, each good or bad by itself; a problem when the text as a whole cannot be taken apart.
pub(crate) fn split(text: &str, format: Format, most: usize) -> Result<Vec<Result<Draft, Rejection>>, Problem> {
    let items: Vec<_> = match format {
        Format::Lines => text.lines().filter(|line| !line.trim().is_empty()).take(most.saturating_add(1)).collect(),
        Format::Json if text.trim().is_empty() => Vec::new(),
        Format::Json if text.trim_start().starts_with('[') => elements(text)?,
        Format::Json => vec![text],
    };
    if items.is_empty() {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "empty", "the body holds no sample"));
    }
    if items.len() > most {
        return Err(samples::too_many(most));
    }
    Ok(items.into_iter().map(|item| Draft::parse(item, None)).collect())
}

fn elements(text: &str) -> Result<Vec<&str>, Problem> {
    #[derive(Deserialize)]
    struct Elements<'a>(#[serde(borrow)] Vec<&'a RawValue>);

    let not_json = |error: serde_json::Error| Problem::new(StatusCode::BAD_REQUEST, "not_json", error.to_string());
    let Elements(elements) = serde_json::from_str(text).map_err(not_json)?;
    Ok(elements.into_iter().map(RawValue::get).collect())
}
