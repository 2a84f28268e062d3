use redis::RedisError;

/// Why there is no connection, or why it ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinkError {
    #[error("cannot connect to {host}")]
    Connect {
        host: String,
        #[source]
        source: RedisError,
    },
    #[error("no connection within the time that one may take")]
    TooLate,
    #[error("the Sentinel at {sentinel} cannot be asked")]
    Sentinel {
        sentinel: String,
        #[source]
        source: RedisError,
    },
    #[error("the Sentinel at {sentinel} knows no master of the name `{master}`")]
    NoMaster { sentinel: String, master: String },
    #[error("{host} cannot tell whether it is the master")]
    Role {
        host: String,
        #[source]
        source: RedisError,
    },
    #[error("{host} is not the master (any more)")]
    NotMaster { host: String },
    #[error("cannot subscribe at {host}")]
    Subscribe {
        host: String,
        #[source]
        source: RedisError,
    },
    #[error("the nodes of the cluster send each to another")]
    Redirects,
    #[error("cannot publish")]
    Publish(#[source] RedisError),
    #[error("nothing was heard, not even what was sent by ourselves")]
    Silence,
    #[error("Redis ended the connection or the subscription")]
    Ended,
}
