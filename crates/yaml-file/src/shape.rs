//! What the YAML reader and serde complain about, in our own words.

use serde_saphyr::Error as Yaml;
use serde_saphyr::MessageFormatter as _;

use crate::{Complaint, Place, most_similar};

/// Where and what.
pub(crate) fn complaint(error: &Yaml) -> (Place, Complaint) {
    let place = error.location().map(Place::from).unwrap_or_default();
    let complaint = match error {
        Yaml::AliasError { error, .. } | Yaml::WithSnippet { error, .. } => complaint(error).1,
        Yaml::SerdeUnknownField { field, expected, .. } => {
            Complaint::new(format!("unknown field `{field}`")).hint(meant(field, expected))
        }
        Yaml::SerdeUnknownVariant { variant, expected, .. } => {
            Complaint::new(format!("unknown value `{variant}`")).hint(meant(variant, expected))
        }
        Yaml::SerdeMissingField { field, .. } => Complaint::new(format!("missing field `{field}`"))
            .hint(format!("add `{field}:` to the mapping that begins here")),
        Yaml::SerdeInvalidType { unexpected, expected, .. } | Yaml::SerdeInvalidValue { unexpected, expected, .. } => {
            Complaint::new(format!("expected {}, found {unexpected}", readable(expected)))
        }
        Yaml::SerdeInvalidLength { len, expected, .. } => {
            Complaint::new(format!("expected {}, found {len} of them", readable(expected)))
        }
        Yaml::Unexpected { expected, .. } => Complaint::new(format!("expected {} here", readable(expected))),
        Yaml::Eof { .. } => Complaint::new("this file is empty or breaks off"),
        Yaml::DuplicateMappingKey { key: Some(key), .. } => {
            Complaint::new(format!("`{key}` is there twice")).hint("keep one of the two")
        }
        Yaml::Budget { .. }
        | Yaml::AliasReplayLimitExceeded { .. }
        | Yaml::AliasExpansionLimitExceeded { .. }
        | Yaml::AliasReplayStackDepthExceeded { .. } => {
            Complaint::new("this file is too deep, or its aliases repeat too much")
        }
        other => {
            let message = serde_saphyr::DefaultMessageFormatter.format_message(other).into_owned();
            // What a person meant as "greater than" begins a block of text for the reader.
            match message.contains("block scalar") {
                true => Complaint::new(message).hint("a value that begins with > or | stands in quotes: \"> 0.7\""),
                false => Complaint::new(message),
            }
        }
    };
    (place, complaint)
}

/// The reader names its own types (`struct BandFile`, `sequence start`); a person reads YAML.
fn readable(expected: &str) -> &str {
    match expected {
        "mapping start" => "a mapping",
        "a sequence" | "sequence start" => "a list",
        "string scalar" => "a text",
        _ if expected.starts_with("struct ") => "a mapping",
        _ => expected,
    }
}

fn meant(word: &str, known: &[&'static str]) -> String {
    match most_similar(word, known.iter().copied()) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => format!("known are {}", known.join(", ")),
    }
}
