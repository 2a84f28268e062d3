//! The one place that knows which bus the settings name.

use std::sync::Arc;

use anyhow::Context as _;
use bus_redis::{RedisAddress, RedisBus, RedisOptions};
use settings::Settings;

/// Connects to Redis, where the settings name one. It need not be there: it is looked for again and again.
pub(crate) fn connect(settings: &Settings) -> anyhow::Result<Option<Arc<RedisBus>>> {
    let address = address(settings)?;
    let prefix = settings.bus.prefix.clone();
    Ok(address.map(|address| RedisBus::connect(RedisOptions { address, prefix })))
}

/// Reads what only the parts themselves can read in settings: the addresses of what they connect to.
pub fn check(settings: &Settings) -> anyhow::Result<()> {
    address(settings).map(drop)
}

fn address(settings: &Settings) -> anyhow::Result<Option<RedisAddress>> {
    let text = settings.bus.redis.as_ref();
    let layer = || settings.layer("bus.redis").map(ToString::to_string).unwrap_or_default();
    text.map(|text| text.expose().parse())
        .transpose()
        .with_context(|| format!("{}: `bus.redis` cannot be used", layer()))
}
