use async_trait::async_trait;
use hub::wire::ServerFrame;

/// Takes the samples that come over a socket.
#[async_trait]
pub trait SampleDoor: Send + Sync + 'static {
    /// Stores the sample whose JSON text is `raw` and answers `metrics_received`, or an `error` that says why not.
    async fn accept(&self, raw: &str) -> ServerFrame<'static>;
}
