use std::error::Error;
use std::fmt;
use std::sync::Arc;

use durable_log::LogError;

/// A failure that several callers are told of.
#[derive(Clone, Debug)]
struct Shared(Arc<dyn Error + Send + Sync>);

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Shared {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// What went wrong in a transaction.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{doing} failed: {source}")]
pub struct Failure {
    doing: &'static str,
    is_unknown: bool,
    source: Shared,
}

impl Failure {
    /// The transaction failed before its commit: nothing is written.
    pub fn before_commit<E: Error + Send + Sync + 'static>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self { doing, is_unknown: false, source: Shared(Arc::new(error)) }
    }

    /// The commit itself failed; `is_unknown` unless the store says that nothing is written.
    pub fn at_commit(error: impl Error + Send + Sync + 'static, is_unknown: bool) -> Self {
        Self { doing: "committing", is_unknown, source: Shared(Arc::new(error)) }
    }

    /// Whether it may be written all the same.
    pub const fn is_unknown(&self) -> bool {
        self.is_unknown
    }

    /// The store's own error, if it is of this type.
    pub fn cause<E: Error + 'static>(&self) -> Option<&E> {
        self.source.0.downcast_ref()
    }
}

impl From<Failure> for LogError {
    fn from(failure: Failure) -> Self {
        let source = Box::new(failure.source);
        if failure.is_unknown { Self::OutcomeUnknown(source) } else { Self::Store { doing: failure.doing, source } }
    }
}

/// A refusal by the log itself.
pub fn refusal(doing: &'static str, why: impl Into<Box<dyn Error + Send + Sync>>) -> LogError {
    LogError::Store { doing, source: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_that_broke_is_unknown_and_a_statement_that_failed_is_not() {
        let broke = Failure::at_commit(fmt::Error, true);
        assert!(matches!(LogError::from(broke), LogError::OutcomeUnknown(_)));
        let refused = Failure::at_commit(fmt::Error, false);
        assert!(matches!(LogError::from(refused), LogError::Store { doing: "committing", .. }));
        let failed = Failure::before_commit("writing samples")(fmt::Error);
        assert!(matches!(LogError::from(failed), LogError::Store { doing: "writing samples", .. }));
    }
}
