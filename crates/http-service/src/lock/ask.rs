use access::{Caller, Need, Scope, need};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::acts::Pending;
use super::refusal::Refusal;
use super::{Client, Lock};

/// Lets a request in, by what its route asks for. Whoever is let in stands in the request as a [`Caller`].
pub(crate) async fn ask(State(lock): State<Lock>, mut request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.as_ref().map(MatchedPath::as_str);
    let is_socket = request.headers().contains_key(header::UPGRADE);
    let need = need(request.method().as_str(), path);
    let from = lock.client(request.extensions(), request.headers());
    let pending = Pending::of(&lock, need, request.method(), path, request.uri().path(), from);
    let let_in = lock.let_in(need, request.method(), request.headers(), is_socket, from).await;
    let caller = match let_in {
        Ok(caller) => caller,
        Err((caller, refusal)) => {
            let response = refusal.into_response();
            if let Some(pending) = pending.filter(|_| refusal.is_an_act()) {
                pending.by(&caller).end(&response);
            }
            return response;
        }
    };
    let pending = pending.map(|pending| pending.by(&caller).begin());
    insert(request.extensions_mut(), caller, from);
    let response = next.run(request).await;
    if let Some(pending) = pending {
        pending.end(&response);
    }
    response
}

fn insert(extensions: &mut Extensions, caller: Caller, from: Client) {
    extensions.insert(caller);
    extensions.insert(from);
}

impl Lock {
    /// Who it is, or who it is and why that is not enough.
    async fn let_in(
        &self,
        need: Need,
        method: &Method,
        headers: &HeaderMap,
        is_socket: bool,
        from: Client,
    ) -> Result<Caller, (Caller, Refusal)> {
        if !self.access.is_locked() {
            return Ok(Caller::anybody());
        }
        let need = match need {
            Need::Nothing => return Ok(self.glance(headers)),
            Need::Page if !is_socket => return Ok(self.glance(headers)),
            Need::Page | Need::Socket => None,
            Need::Scope(scope) => Some(scope),
        };
        let is_socket = is_socket && need.is_none();
        let identified = self.identify(method, headers, is_socket, from).await;
        let caller = identified.map_err(|refusal| (Caller::stranger(), refusal))?;
        match need {
            Some(scope) if !caller.may(scope) => Err((caller, Refusal::Scope(scope))),
            None if !caller.may(Scope::Read) && !caller.may(Scope::Ingest) => Err((caller, Refusal::Socket)),
            _ => Ok(caller),
        }
    }
}
