use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::io::tcp::TcpSettings;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, IntoConnectionInfo as _, ProtocolVersion, RedisConnectionInfo,
    RedisError, RedisResult, Role, cmd,
};

use crate::address::{Host, Kind, RedisAddress};
use crate::error::LinkError;
use crate::inbox::Inbox;

/// Longest wait for one server's hello.
const HELLO: Duration = Duration::from_secs(1);
/// Longest wait for the answer to a command: by then the bus counts as silent anyway.
const ANSWER: Duration = Duration::from_secs(3);
/// Longest wait for all that a connection takes: asking a Sentinel, being sent on by a cluster.
const WHOLE: Duration = Duration::from_secs(5);
/// How often the nodes of a cluster may send us on.
const REDIRECTS: usize = 4;

/// A connection that is subscribed and can publish. It is one and the same, so that hearing oneself proves both ways.
pub(crate) struct Connection {
    pub(crate) redis: MultiplexedConnection,
    /// The command that publishes to where it is subscribed.
    pub(crate) publish: &'static str,
    /// Where what it hears is put.
    pub(crate) inbox: Arc<Inbox>,
}

/// Connects and subscribes to `channel`. Where there are several hosts to begin with, each
/// attempt begins with another one. Nothing is remembered from the attempt before: so a failover is followed.
pub(crate) async fn connect(address: &RedisAddress, channel: &str, attempt: usize) -> Result<Connection, LinkError> {
    let door = Door { address, channel };
    let host = &address.hosts[attempt % address.hosts.len()];
    let connecting = async {
        match &address.kind {
            Kind::Single { .. } => door.subscribe(door.open(host).await?, host).await,
            Kind::Sentinel { master } => door.through_sentinel(host, master).await,
            Kind::Cluster => door.through_cluster(host.clone()).await,
        }
    };
    tokio::time::timeout(WHOLE, connecting).await.unwrap_or(Err(LinkError::TooLate))
}

struct Door<'a> {
    address: &'a RedisAddress,
    channel: &'a str,
}

impl Door<'_> {
    async fn through_sentinel(&self, sentinel: &Host, master: &str) -> Result<Connection, LinkError> {
        let named = self.ask_sentinel(sentinel, master).await;
        let named = named.map_err(|source| LinkError::Sentinel { sentinel: sentinel.to_string(), source })?;
        let unknown = || LinkError::NoMaster { sentinel: sentinel.to_string(), master: master.to_owned() };
        let (name, port) = named.ok_or_else(unknown)?;
        let host = Host { name, port };
        let mut connection = self.open(&host).await?;
        // A Sentinel may not know yet that its master is none any more; what is published to a replica reaches few.
        let role: RedisResult<Role> = cmd("ROLE").query_async(&mut connection.redis).await;
        match role {
            Ok(Role::Primary { .. }) => self.subscribe(connection, &host).await,
            Ok(_) => Err(LinkError::NotMaster { host: host.to_string() }),
            Err(source) => Err(LinkError::Role { host: host.to_string(), source }),
        }
    }

    async fn ask_sentinel(&self, sentinel: &Host, master: &str) -> RedisResult<Option<(String, u16)>> {
        let mut question = cmd("SENTINEL");
        question.arg("GET-MASTER-ADDR-BY-NAME").arg(master);
        let ask = async |settings| {
            let mut connection = self.open_with(sentinel, settings, AsyncConnectionConfig::new()).await?;
            question.query_async(&mut connection).await
        };
        match ask(RedisConnectionInfo::default()).await {
            // Its own password is most often none, or else that of the servers: it is told only to one that wants it.
            Err(error) if error.code() == Some("NOAUTH") => ask(self.credentials()).await,
            answer => answer,
        }
    }

    /// A cluster delivers what is published in a channel's slot to the nodes that keep the slot; any other node sends us
    /// on to them. Before Redis 7 every message goes to all nodes, and any will do.
    async fn through_cluster(&self, mut host: Host) -> Result<Connection, LinkError> {
        for _ in 0..REDIRECTS {
            let mut connection = self.open(&host).await?;
            let subscribed = cmd("SSUBSCRIBE").arg(self.channel).query_async::<()>(&mut connection.redis).await;
            match subscribed {
                Ok(()) => return Ok(Connection { publish: "SPUBLISH", ..connection }),
                Err(error) => match redirect(&error, &host) {
                    Some(other) => host = other,
                    None if is_unknown_command(&error) => return self.subscribe(connection, &host).await,
                    None => return Err(LinkError::Subscribe { host: host.to_string(), source: error }),
                },
            }
        }
        Err(LinkError::Redirects)
    }

    async fn subscribe(&self, mut connection: Connection, host: &Host) -> Result<Connection, LinkError> {
        match connection.redis.subscribe(self.channel).await {
            Ok(()) => Ok(connection),
            Err(source) => Err(LinkError::Subscribe { host: host.to_string(), source }),
        }
    }

    /// Connects, without a subscription yet.
    async fn open(&self, host: &Host) -> Result<Connection, LinkError> {
        let inbox = Arc::new(Inbox::new());
        let heard = Arc::clone(&inbox);
        let config = AsyncConnectionConfig::new().set_push_sender(move |push| {
            heard.take(push);
            Ok::<(), redis::aio::SendError>(())
        });
        // Pushes between answers need RESP3.
        let settings = self.credentials().set_protocol(ProtocolVersion::RESP3);
        match self.open_with(host, settings, config).await {
            Ok(redis) => Ok(Connection { redis, publish: "PUBLISH", inbox }),
            Err(source) => Err(LinkError::Connect { host: host.to_string(), source }),
        }
    }

    async fn open_with(
        &self,
        host: &Host,
        settings: RedisConnectionInfo,
        config: AsyncConnectionConfig,
    ) -> RedisResult<MultiplexedConnection> {
        let Host { name, port } = host.clone();
        let address = match self.address.has_tls {
            true => ConnectionAddr::TcpTls { host: name, port, insecure: false, tls_params: None },
            false => ConnectionAddr::Tcp(name, port),
        };
        // Without it small messages wait for the acknowledgement of those before.
        let tcp = TcpSettings::default().set_nodelay(true);
        let info = address.into_connection_info()?.set_redis_settings(settings).set_tcp_settings(tcp);
        let config = config.set_connection_timeout(Some(HELLO)).set_response_timeout(Some(ANSWER));
        Client::open(info)?.get_multiplexed_async_connection_with_config(&config).await
    }

    fn credentials(&self) -> RedisConnectionInfo {
        let mut settings = RedisConnectionInfo::default();
        if let Some(user) = &self.address.user {
            settings = settings.set_username(user);
        }
        if let Some(password) = &self.address.password {
            settings = settings.set_password(password);
        }
        match self.address.kind {
            Kind::Single { database: Some(database) } => settings.set_db(database.into()),
            _ => settings,
        }
    }
}

/// Where a node of a cluster sends us. An empty name means: the same host, another port.
fn redirect(error: &RedisError, from: &Host) -> Option<Host> {
    let (name, port) = error.redirect_node()?.0.rsplit_once(':')?;
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let name = if name.is_empty() { &from.name } else { name };
    Some(Host { name: name.to_owned(), port: port.parse().ok()? })
}

fn is_unknown_command(error: &RedisError) -> bool {
    error.detail().is_some_and(|detail| detail.starts_with("unknown command"))
}
