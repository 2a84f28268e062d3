//! Where what lies in a repository.

/// What is ours in a repository. It is no part of the change that is measured: an artifact does not describe itself, and
/// the figures are the same before it is committed and after.
pub const OURS: &str = ".iskra";

/// Where the artifacts of a change lie until it is merged.
pub const ARTIFACTS: &str = ".iskra/artifacts";

/// Where they lie afterwards, by day.
pub const ARCHIVE: &str = ".iskra/delta-omega-lambda-archive";

/// The list of all that was archived.
pub const INDEX: &str = ".iskra/delta-omega-lambda-archive/index.jsonl";

/// The name of an artifact that lies where it should: directly in its folder, ending in `.json`, under a name of letters,
/// digits, `.`, `_` and `-` that no program takes for anything but a name.
pub(crate) fn artifact_name(path: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(path).ok()?.strip_prefix(ARTIFACTS)?.strip_prefix('/')?;
    is_name(name).then_some(name)
}

/// Whether a path would be an artifact, if its name were one: it says why a file is not taken for what it was meant to be.
pub(crate) fn is_meant_as_artifact(path: &[u8]) -> bool {
    path.starts_with(ARTIFACTS.as_bytes()) && path.to_ascii_lowercase().ends_with(b".json")
}

/// Whether a file may have this name.
pub(crate) fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let is_short = name.len() <= 120;
    is_short && name.ends_with(".json") && !name.starts_with(['.', '-']) && name.bytes().all(is_plain)
}

/// Whether this is a day as folders of the archive are named.
pub(crate) fn is_day(day: &str) -> bool {
    let parts: Vec<&str> = day.split('-').collect();
    let is_number = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts.as_slice(), [year, month, day] if is_number(year, 4) && is_number(month, 2) && is_number(day, 2))
}
