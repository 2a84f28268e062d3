//! What dies, and comes back at once.

use super::Production;

#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Pulse,
    Seams,
    Engine,
    Postgres,
    Redis,
    Voices,
}

impl Part {
    /// In the order in which they die.
    pub(super) const ALL: [Self; 6] =
        [Self::Pulse, Self::Seams, Self::Engine, Self::Postgres, Self::Redis, Self::Voices];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pulse => "pulse",
            Self::Seams => "seams",
            Self::Engine => "slo-engine",
            Self::Postgres => "postgres",
            Self::Redis => "redis",
            Self::Voices => "voices",
        }
    }

    /// Kills it, and starts it again.
    pub(super) async fn die(self, production: &mut Production) -> anyhow::Result<()> {
        let service = match self {
            Self::Pulse => &mut production.pulse,
            Self::Seams => &mut production.seams,
            Self::Engine => &mut production.engines[0],
            Self::Voices => &mut production.voices,
            Self::Postgres => {
                production.servers.postgres.kill().await?;
                return production.servers.postgres.restart().await;
            }
            Self::Redis => {
                production.servers.redis.kill()?;
                return production.servers.redis.restart().await;
            }
        };
        service.kill()?;
        service.restart()
    }
}
