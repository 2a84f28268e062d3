/// What is ours in a repository. It is no part of the change that is measured: an artifact does not describe itself, and
/// the figures are the same before it is committed and after.
pub const OURS: &str = ".iskra";

/// Where the artifacts of a change lie until it is merged.
pub const ARTIFACTS: &str = ".iskra/artifacts";

/// Where they lie afterwards, by day.
pub const ARCHIVE: &str = ".iskra/delta-omega-lambda-archive";
