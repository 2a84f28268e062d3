use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use access::{Access, AccessStore, Act, ActFilter, Denied, Mode, Scope, Secret};

use crate::store::{Store, now};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const YEAR: Duration = Duration::from_hours(365 * 24);
/// What the contract promises of a revocation.
const HOLDS_WITHIN: Duration = Duration::from_secs(5);
/// Far longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(30);

async fn locked(store: &Arc<Store>, per_second: u32) -> Access {
    Access::start(Mode::Locked, NonZeroU32::new(per_second).unwrap(), YEAR, store.clone()).await.unwrap()
}

#[tokio::test]
async fn a_token_is_let_in_by_its_name_and_scopes_and_a_new_one_at_once() {
    let store = Store::new().await;
    let access = locked(&store, 1_000).await;
    let secret = store.token("ann", "read,operate", None).await;
    let caller = access.token(secret.expose(), HERE).await.unwrap();
    assert_eq!((caller.name(), caller.token()), (Some("ann"), Some(secret.id.as_str())));
    assert_eq!(Scope::ALL.map(|scope| caller.may(scope)), [false, true, true]);
    assert_eq!(caller.speaks_as("Bob".into()), "ann");
    // Its id alone is worth nothing.
    let forged = format!("iskra_{}_{}", secret.id, "0".repeat(64));
    assert_eq!(access.token(&forged, HERE).await.unwrap_err(), Denied::Unknown);
    assert_eq!(access.token("rubbish", HERE).await.unwrap_err(), Denied::Malformed);
    let over = store.token("ci", "ingest", Some(now())).await;
    assert_eq!(access.token(over.expose(), HERE).await.unwrap_err(), Denied::Expired);
    access.close().await;
}

#[tokio::test]
async fn a_revocation_and_an_end_hold_within_five_seconds_for_who_is_in() {
    let store = Store::new().await;
    let (stays, goes) = (store.token("stays", "read", None).await, store.token("goes", "read", None).await);
    let ends = store.token("ends", "read", Some(now().plus(Duration::from_millis(500)))).await;
    let access = locked(&store, 1_000).await;
    let inside = async |secret: &Secret| access.token(secret.expose(), HERE).await.unwrap();
    let (stays, by_revocation, by_time) = (inside(&stays).await, inside(&goes).await, inside(&ends).await);
    let (session_secret, session) = access.begin_session(&by_revocation).await.unwrap().unwrap();
    let by_session = access.session(session_secret.expose()).await.unwrap();
    assert_eq!(by_session.ends_at(), Some(session.expires_at));
    store.revoke(&goes.id, now()).await.unwrap();
    let all = async { tokio::join!(by_revocation.ended(), by_time.ended(), by_session.ended()) };
    tokio::time::timeout(HOLDS_WITHIN, all).await.unwrap();
    assert_eq!(access.token(goes.expose(), HERE).await.unwrap_err(), Denied::Revoked);
    assert_eq!(access.session(session_secret.expose()).await.unwrap_err(), Denied::Unknown);
    assert!(tokio::time::timeout(Duration::ZERO, stays.ended()).await.is_err());
    access.close().await;
}

#[tokio::test]
async fn a_session_is_known_at_another_service_at_once_and_is_gone_after_its_end() {
    let store = Store::new().await;
    let secret = store.token("ann", "read", None).await;
    let (one, other) = (locked(&store, 1_000).await, locked(&store, 1_000).await);
    let caller = one.token(secret.expose(), HERE).await.unwrap();
    let (text, session) = one.begin_session(&caller).await.unwrap().unwrap();
    assert_eq!(other.session(text.expose()).await.unwrap().name(), Some("ann"));
    let inside = one.session(text.expose()).await.unwrap();
    one.end_session(&session).await.unwrap();
    tokio::time::timeout(DEADLINE, inside.ended()).await.unwrap();
    assert_eq!(one.session(text.expose()).await.unwrap_err(), Denied::Unknown);
    one.close().await;
    other.close().await;
}

#[tokio::test]
async fn while_the_store_is_away_the_last_known_table_goes_on() {
    let store = Store::new().await;
    let secret = store.token("ann", "ingest", None).await;
    let access = locked(&store, 1_000).await;
    store.is_away.store(true, Ordering::SeqCst);
    let reads = store.reads.load(Ordering::SeqCst);
    assert!(access.token(Secret::of_token().expose(), HERE).await.is_err());
    assert!(store.reads.load(Ordering::SeqCst) > reads, "it was asked while away");
    assert_eq!(access.token(secret.expose(), HERE).await.unwrap().name(), Some("ann"));
    access.close().await;
}

#[tokio::test]
async fn who_fails_too_often_waits_costs_the_store_nothing_and_harms_no_right_token() {
    let store = Store::new().await;
    let secret = store.token("ann", "read", None).await;
    let access = locked(&store, 1_000).await;
    for _ in 0..10 {
        assert_eq!(access.token("rubbish", HERE).await.unwrap_err(), Denied::Malformed);
    }
    let reads = store.reads.load(Ordering::SeqCst);
    for _ in 0..50 {
        let denied = access.token(Secret::of_token().expose(), HERE).await.unwrap_err();
        assert!(matches!(denied, Denied::TooManyFailures(wait) if wait <= Duration::from_secs(60)), "{denied:?}");
    }
    // The regular reading may have come once meanwhile.
    assert!(store.reads.load(Ordering::SeqCst) <= reads + 1);
    assert!(access.token(secret.expose(), HERE).await.is_ok());
    let elsewhere = "192.0.2.7".parse().unwrap();
    assert_eq!(access.token(Secret::of_token().expose(), elsewhere).await.unwrap_err(), Denied::Unknown);
    access.close().await;
}

#[tokio::test]
async fn a_token_that_asks_too_often_is_held_back_and_no_other() {
    let store = Store::new().await;
    let (busy, calm) = (store.token("busy", "read", None).await, store.token("calm", "read", None).await);
    let access = locked(&store, 5).await;
    let mut denied = None;
    for _ in 0..1_000 {
        denied = access.token(busy.expose(), HERE).await.err();
        if denied.is_some() {
            break;
        }
    }
    assert_eq!(denied, Some(Denied::TooManyRequests));
    assert!(access.token(calm.expose(), HERE).await.is_ok());
    access.close().await;
}

#[tokio::test]
async fn what_was_done_is_written_before_the_store_is_closed_though_it_was_away() {
    let store = Store::new().await;
    let access = Access::start(Mode::Open, NonZeroU32::MIN, YEAR, store.clone()).await.unwrap();
    store.is_away.store(true, Ordering::SeqCst);
    access.record(Act::now("ann", "POST /-/reload"));
    store.is_away.store(false, Ordering::SeqCst);
    access.record(Act::now("bob", "POST /-/reload"));
    let acts = tokio::time::timeout(DEADLINE, async {
        loop {
            let acts = access.acts(ActFilter { before: None, limit: 9 }).await.unwrap();
            if acts.len() == 2 {
                return acts;
            }
            tokio::task::yield_now().await;
        }
    });
    assert_eq!(acts.await.unwrap().iter().map(|act| act.who.as_str()).collect::<Vec<_>>(), ["bob", "ann"]);
    access.record(Act::now("cid", "POST /-/reload"));
    access.close().await;
    let acts = store.anew().acts(ActFilter { before: None, limit: 1 }).await.unwrap();
    assert_eq!(acts[0].who, "cid");
}

/// The door for samples asks for each request.
#[tokio::test]
async fn a_known_token_is_checked_without_the_store() {
    let store = Store::new().await;
    let secret = store.token("ann", "ingest", None).await;
    let access = locked(&store, 1_000_000).await;
    store.is_away.store(true, Ordering::SeqCst);
    for _ in 0..10_000 {
        assert!(access.token(secret.expose(), HERE).await.is_ok());
    }
    access.close().await;
}
