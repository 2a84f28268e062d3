//! The tokens that people and programs show when access is locked.

mod arguments;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use access::{AccessStore, Act, Scope, Scopes, Secret, Token, check_name};
use anyhow::Context as _;
use domain::Timestamp;
use serde_json::{Value, json};
use settings::Settings;

use self::arguments::{ByArguments, CreateArguments, ListArguments, RevokeArguments, TokenCommand};
use crate::cli::SettingsArguments;
use crate::say;

pub(crate) use self::arguments::TokenArguments;

pub(crate) fn run(arguments: &TokenArguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        TokenCommand::Create(arguments) => {
            on_store(&arguments.settings, async |store| create(&*store, arguments).await)
        }
        TokenCommand::List(arguments) => on_store(&arguments.settings, async |store| list(&*store, arguments).await),
        TokenCommand::Revoke(arguments) => {
            on_store(&arguments.settings, async |store| revoke(&*store, arguments).await)
        }
    }
}

/// Does something with the store that the settings name. Its tables are made as a service would make them, so that the
/// first token can be there before the first service.
pub(crate) fn on_store(
    arguments: &SettingsArguments,
    work: impl AsyncFnOnce(Arc<dyn AccessStore>) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let settings = arguments.load(&[])?;
    let runtime = assembly::start_process(&settings)?;
    runtime.block_on(async {
        let store = open(&settings).await?;
        let done = work(store.clone()).await;
        store.close().await;
        done.map(|()| ExitCode::SUCCESS)
    })
}

async fn open(settings: &Settings) -> anyhow::Result<Arc<dyn AccessStore>> {
    if settings.storage.migrate {
        assembly::migrate(settings).await?;
    }
    let place = settings.storage.place();
    anyhow::ensure!(assembly::pending(settings).await?.is_empty(), "{place} is not up to date: run `iskra migrate`");
    assembly::access_store(settings)
}

async fn create(store: &dyn AccessStore, arguments: &CreateArguments) -> anyhow::Result<()> {
    let CreateArguments { name, scopes, expires, by: ByArguments { by }, .. } = arguments;
    check_name(name)?;
    let scopes: Scopes = match &scopes[..] {
        [] => [Scope::Read, Scope::Operate].into_iter().collect(),
        scopes => scopes.iter().copied().collect(),
    };
    let (secret, now) = (Secret::of_token(), now());
    let token = Token {
        id: secret.id.clone(),
        name: name.clone(),
        scopes,
        digest: secret.digest,
        created_at: now,
        created_by: by.clone(),
        expires_at: expires.map(|lasts| now.plus(lasts)),
        revoked_at: None,
    };
    let end = token.expires_at.map_or("it does not expire".to_owned(), |end| format!("it expires at {end}"));
    store.create(token).await?;
    store.record(vec![Act { of: Some(secret.id.clone()), ..Act::now(by, "iskra token create") }]).await?;
    say::note(&format!(
        "`{name}` may {}; {end}. This is its token, shown only now; its id is {}:",
        named(scopes),
        secret.id
    ));
    anyhow::ensure!(say::out(secret.expose()), "nobody read the token: revoke {} and make another", secret.id);
    Ok(())
}

async fn list(store: &dyn AccessStore, arguments: &ListArguments) -> anyhow::Result<()> {
    let now = now();
    let tokens = store.credentials(now).await?.tokens;
    let lines = match arguments.json {
        true => {
            let tokens: Vec<Value> = tokens.iter().map(told).collect();
            vec![serde_json::to_string_pretty(&json!({ "tokens": tokens }))?]
        }
        false if tokens.is_empty() => vec!["no tokens: `iskra token create NAME` makes one".to_owned()],
        false => tokens.iter().map(|token| line(token, now)).collect(),
    };
    let _is_read = lines.iter().all(|line| say::out(line));
    Ok(())
}

async fn revoke(store: &dyn AccessStore, arguments: &RevokeArguments) -> anyhow::Result<()> {
    let RevokeArguments { token: named, by: ByArguments { by }, .. } = arguments;
    let (tokens, now) = (store.credentials(now()).await?.tokens, now());
    let by_id = tokens.iter().find(|token| token.id == *named);
    let by_name: Vec<_> = tokens.iter().filter(|token| token.name == *named && state(token, now).is_none()).collect();
    let token = match (by_id, &by_name[..]) {
        (Some(token), _) => token,
        (None, &[token]) => token,
        (None, []) => anyhow::bail!("there is no token `{named}` that is not over: see `iskra token list`"),
        (None, several) => {
            let ids = several.iter().map(|token| token.id.as_str()).collect::<Vec<_>>().join(", ");
            anyhow::bail!("several tokens have the name `{named}`: revoke one of {ids}");
        }
    };
    let is_revoked = store.revoke(&token.id, now).await.context("it may or may not be revoked")?;
    if is_revoked {
        store.record(vec![Act { of: Some(token.id.clone()), ..Act::now(by, "iskra token revoke") }]).await?;
    }
    let was = if is_revoked { "is revoked: it is closed out within five seconds" } else { "was revoked before" };
    let _is_read = say::out(&format!("{}  {} {was}", token.id, token.name));
    Ok(())
}

/// Without its digest, which is nobody's business.
fn told(token: &Token) -> Value {
    let Token { id, name, scopes, created_at, created_by, expires_at, revoked_at, .. } = token;
    json!({
        "id": id, "name": name, "scopes": scopes, "created_at": created_at, "created_by": created_by,
        "expires_at": expires_at, "revoked_at": revoked_at,
    })
}

fn line(token: &Token, now: Timestamp) -> String {
    let Token { id, name, scopes, created_at, created_by, expires_at, .. } = token;
    let end = state(token, now).or_else(|| Some(format!("expires {}", (*expires_at)?)));
    let end = end.map(|end| format!("  {end}")).unwrap_or_default();
    let scopes = named(*scopes);
    format!("{id}  {name}  {scopes}  made {created_at} by {created_by}{end}")
}

/// Scopes as people read them.
fn named(scopes: Scopes) -> String {
    scopes.iter().map(Scope::name).collect::<Vec<_>>().join(", ")
}

/// Why it is over, if it is.
fn state(token: &Token, now: Timestamp) -> Option<String> {
    let expired = token.expires_at.filter(|end| *end <= now).map(|end| format!("expired {end}"));
    token.revoked_at.map(|at| format!("revoked {at}")).or(expired)
}

fn now() -> Timestamp {
    Timestamp::default().plus(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}
