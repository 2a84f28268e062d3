//! Who is let in: every request is asked here before anything else sees it.

mod acts;
mod ask;
mod credential;
pub(crate) mod origin;
mod refusal;
mod session;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use access::{Access, Caller, Network, client};
use axum::http::{Extensions, HeaderMap, HeaderName, Method};
use url::Url;
use utoipa_axum::router::OpenApiRouter;

pub use self::acts::Made;
pub(crate) use self::ask::ask;
use self::credential::{Credential, credential};
use self::origin::{From, is_listed, is_safe, said};
use self::refusal::Refusal;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The lock of a service's door. Cheap to clone.
#[derive(Clone)]
pub struct Lock {
    access: Access,
    proxies: Arc<[Network]>,
    origins: Arc<[Url]>,
}

/// Whose connection a request came by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Who asked: the peer, or whom a proxy speaks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client(IpAddr);

impl Lock {
    /// A lock by what `access` knows. `proxies` are believed; pages of `origins` may open sockets besides the service's own.
    pub fn new(access: Access, proxies: Vec<Network>, origins: Vec<Url>) -> Self {
        Self { access, proxies: proxies.into(), origins: origins.into() }
    }

    /// Writes what is queued for the audit, and closes the store. Called once, at the end.
    pub async fn close(&self) {
        self.access.close().await;
    }

    /// Logging in and out, and the audit.
    pub(crate) fn router(&self) -> OpenApiRouter {
        session::router(self.clone()).merge(acts::router(self.clone()))
    }

    fn client(&self, extensions: &Extensions, headers: &HeaderMap) -> Client {
        let forwarded = headers.get_all(FORWARDED_FOR).iter().next_back().and_then(|value| value.to_str().ok());
        Client(client(peer(extensions), &self.proxies, forwarded))
    }

    /// Whether it came by TLS: only a proxy that is believed can say so.
    fn is_by_tls(&self, extensions: &Extensions, headers: &HeaderMap) -> bool {
        let peer = peer(extensions);
        let is_https =
            headers.get(FORWARDED_PROTO).is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"));
        is_https && self.proxies.iter().any(|proxy| proxy.has(peer))
    }

    /// Who shows the credential of this request, or why nobody does.
    async fn identify(
        &self,
        method: &Method,
        headers: &HeaderMap,
        is_socket: bool,
        Client(from): Client,
    ) -> Result<Caller, Refusal> {
        match credential(headers) {
            Credential::None => Err(Refusal::NoCredential),
            Credential::Unreadable => Err(Refusal::Token(self.access.malformed(from))),
            Credential::Token(text) => self.access.token(text, from).await.map_err(Refusal::Token),
            Credential::Session(text) => {
                if !self.counts(method, headers, is_socket) {
                    return Err(Refusal::CrossOrigin);
                }
                self.access.session(text).await.map_err(Refusal::Session)
            }
        }
    }

    /// Whether a cookie counts: browsers add it to requests that pages of others make. A socket, of which a page can read
    /// everything, needs the word of the browser that the page may have it.
    fn counts(&self, method: &Method, headers: &HeaderMap, is_socket: bool) -> bool {
        match (is_socket, said(headers)) {
            (true, _) => is_listed(headers, &self.origins),
            (false, From::Own) => true,
            (false, From::Elsewhere { is_navigation }) => is_navigation && is_safe(method),
            (false, From::Unsaid) => is_safe(method),
        }
    }

    /// Who it is as far as is known at once, where nothing is asked for.
    fn glance(&self, headers: &HeaderMap) -> Caller {
        match credential(headers) {
            Credential::Token(text) => self.access.glance(Some(text), None),
            Credential::Session(text) => self.access.glance(None, Some(text)),
            Credential::None | Credential::Unreadable => Caller::stranger(),
        }
    }
}

fn peer(extensions: &Extensions) -> IpAddr {
    // Every request has one but for those that a test makes without a connection.
    extensions.get::<Peer>().map_or(Ipv4Addr::UNSPECIFIED.into(), |Peer(peer)| *peer)
}
