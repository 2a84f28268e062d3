//! What every store must keep, as tests. A store writes an expression that makes an empty one, and runs them all by
//! [`access_contract!`](crate::access_contract).

#![expect(clippy::unwrap_used, reason = "these are tests, though they live in the library for all stores")]

use std::time::Duration;

use domain::Timestamp;

use crate::{
    AccessStore, Act, ActFilter, Credentials, Outcome, SESSIONS_OF_A_TOKEN, Scope, Scopes, Secret, Session, Token,
};

/// Makes a `#[tokio::test]` of every test of the contract. The argument is a future of a fresh store.
#[macro_export]
macro_rules! access_contract {
    ($store:expr) => {
        $crate::access_contract! { @tests $store;
            tokens_are_kept_as_they_are,
            an_id_is_given_once,
            a_revoked_token_takes_its_sessions_with_it,
            a_session_begins_only_from_a_token_that_is_not_revoked,
            sessions_end_and_are_bounded,
            acts_are_read_page_by_page_latest_first,
            acts_go_when_they_are_old,
        }
    };
    (@tests $store:expr; $($test:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let (store, _kept) = $store.await;
                $crate::contract::$test(&store).await;
                access::AccessStore::close(&store).await;
            }
        )*
    };
}

/// 2026-01-01T00:00:00.000001Z, and so many seconds.
fn at(seconds: u64) -> Timestamp {
    Timestamp::from_micros(1_767_225_600_000_001).plus(Duration::from_secs(seconds))
}

fn token(name: &str, created: u64) -> Token {
    let secret = Secret::of_token();
    Token {
        id: secret.id.clone(),
        name: name.into(),
        scopes: [Scope::Read, Scope::Operate].into_iter().collect(),
        digest: secret.digest,
        created_at: at(created),
        created_by: "root".into(),
        expires_at: Some(at(1_000)),
        revoked_at: None,
    }
}

fn session(token: &Token, from: u64, to: u64) -> Session {
    let secret = Secret::of_session();
    let (created_at, expires_at) = (at(from), at(to));
    Session { id: secret.id.clone(), token: token.id.clone(), digest: secret.digest, created_at, expires_at }
}

/// With all that belongs to them, those that are over too.
pub async fn tokens_are_kept_as_they_are(store: &impl AccessStore) {
    assert_eq!(store.credentials(at(0)).await.unwrap(), Credentials::default());
    let one = token("Ann \"Боль\" 🔥", 1);
    let other = Token { expires_at: None, revoked_at: Some(at(3)), scopes: Scopes::default(), ..token("ci", 2) };
    store.create(other.clone()).await.unwrap();
    store.create(one.clone()).await.unwrap();
    assert_eq!(store.credentials(at(5_000)).await.unwrap().tokens, [one, other]);
}

/// Another under the same id would take the place of the first.
pub async fn an_id_is_given_once(store: &impl AccessStore) {
    let one = token("ann", 1);
    store.create(one.clone()).await.unwrap();
    assert!(store.create(Token { id: one.id.clone(), ..token("bob", 2) }).await.is_err());
    assert_eq!(store.credentials(at(1)).await.unwrap().tokens, [one]);
}

/// And no other's; the time of the first revocation stays.
pub async fn a_revoked_token_takes_its_sessions_with_it(store: &impl AccessStore) {
    let (ann, bob) = (token("ann", 1), token("bob", 2));
    for token in [&ann, &bob] {
        store.create(token.clone()).await.unwrap();
        assert!(store.begin_session(session(token, 3, 100)).await.unwrap());
    }
    assert!(store.revoke(&ann.id, at(4)).await.unwrap());
    assert!(!store.revoke(&ann.id, at(5)).await.unwrap());
    assert!(!store.revoke("nobody", at(5)).await.unwrap());
    let kept = store.credentials(at(6)).await.unwrap();
    assert_eq!(kept.tokens, [Token { revoked_at: Some(at(4)), ..ann }, bob.clone()]);
    assert_eq!(kept.sessions.iter().map(|session| &session.token).collect::<Vec<_>>(), [&bob.id]);
}

/// Else a revocation would not hold for who logs in beside it.
pub async fn a_session_begins_only_from_a_token_that_is_not_revoked(store: &impl AccessStore) {
    let revoked = Token { revoked_at: Some(at(2)), ..token("ann", 1) };
    store.create(revoked.clone()).await.unwrap();
    assert!(!store.begin_session(session(&revoked, 3, 100)).await.unwrap());
    assert!(!store.begin_session(session(&token("nobody", 1), 3, 100)).await.unwrap());
    assert!(store.credentials(at(4)).await.unwrap().sessions.is_empty());
}

/// By time, by whoever leaves, and by their number.
pub async fn sessions_end_and_are_bounded(store: &impl AccessStore) {
    let (ann, bob) = (token("ann", 1), token("bob", 2));
    store.create(ann.clone()).await.unwrap();
    store.create(bob.clone()).await.unwrap();
    let (short, long, of_bob) = (session(&ann, 3, 10), session(&ann, 4, 100), session(&bob, 5, 2_000));
    for session in [&short, &long, &of_bob] {
        assert!(store.begin_session(session.clone()).await.unwrap());
    }
    let kept = async |now| store.credentials(now).await.unwrap().sessions;
    assert_eq!(kept(at(9)).await, [short, long.clone(), of_bob.clone()]);
    assert_eq!(kept(at(10)).await, [long.clone(), of_bob.clone()]);
    store.end_session(&long.id).await.unwrap();
    store.end_session("nobody").await.unwrap();
    assert_eq!(kept(at(10)).await, std::slice::from_ref(&of_bob));

    let many = u64::from(SESSIONS_OF_A_TOKEN) + 3;
    for second in 0..many {
        assert!(store.begin_session(session(&ann, 20 + second, 1_000)).await.unwrap());
    }
    let left = kept(at(30)).await;
    assert_eq!(left.len(), SESSIONS_OF_A_TOKEN as usize + 1);
    assert_eq!((&left[0], left[1].created_at), (&of_bob, at(23)), "the oldest of the same token went");
    // What is over goes when the next one begins.
    assert!(store.begin_session(session(&bob, 5_000, 6_000)).await.unwrap());
    assert_eq!(kept(at(0)).await.len(), 1);
}

fn act(second: u64) -> Act {
    Act {
        number: 0,
        at: at(second),
        token: Some("0123456789ab".into()),
        who: "Ann".into(),
        from: Some("2001:db8::1".into()),
        what: "DELETE /api/v1/silences/{id}".into(),
        of: Some("3-1043.silence".into()),
        outcome: Outcome::Refused,
        status: Some(404),
    }
}

/// In the order in which they were written, whatever their times are.
pub async fn acts_are_read_page_by_page_latest_first(store: &impl AccessStore) {
    let bare = Act { token: None, from: None, of: None, status: None, outcome: Outcome::Done, ..act(1) };
    let failed = Act { outcome: Outcome::Failed, ..act(2) };
    store.record(vec![act(3), bare.clone()]).await.unwrap();
    store.record(vec![failed.clone()]).await.unwrap();
    let first = store.acts(ActFilter { before: None, limit: 2 }).await.unwrap();
    let rest = store.acts(ActFilter { before: Some(first[1].number), limit: 2 }).await.unwrap();
    let told: Vec<_> = first.iter().chain(&rest).cloned().map(|act| Act { number: 0, ..act }).collect();
    assert_eq!(told, [failed, bare, act(3)]);
    assert!(first[0].number > first[1].number && first[1].number > rest[0].number);
}

/// Their numbers are not given again.
pub async fn acts_go_when_they_are_old(store: &impl AccessStore) {
    store.record(vec![act(1), act(2), act(3)]).await.unwrap();
    let all = ActFilter { before: None, limit: 9 };
    let last = store.acts(all).await.unwrap()[0].number;
    assert_eq!(store.forget_acts(at(2)).await.unwrap(), 1);
    let left: Vec<_> = store.acts(all).await.unwrap().iter().map(|act| act.at).collect();
    assert_eq!(left, [at(3), at(2)]);
    assert_eq!(store.forget_acts(at(9)).await.unwrap(), 2);
    store.record(vec![act(4)]).await.unwrap();
    assert!(store.acts(all).await.unwrap()[0].number > last);
}
