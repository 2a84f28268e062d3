//! Artifacts: kept with their records, told of without.

use std::time::Duration;

use domain::{About, Artifact, ArtifactStatus, Event, EventBody};
use serde_json::json;

use super::Fixture;
use super::support::{ONLY, START, World, at, commit, subject};
use crate::{ArtifactFilter, Body, EngineCommit, EventFilter, Fence};

fn artifact(id: &str, name: &str, seconds: i64, about: About) -> Artifact {
    Artifact {
        id: id.into(),
        subject: subject(name),
        at: at(seconds),
        status: ArtifactStatus::Warn,
        about,
        by: "Ann".into(),
        // What the stores find hard to keep: the order of the keys, the number, the character.
        record: json!({ "sift": { "fact": "\u{0}\u{2206}" }, "delta": { "x": 0.1 + 0.2 } }),
    }
}

fn event(artifact: Artifact) -> Event {
    let (id, subject, at) = (artifact.id.clone(), artifact.subject.clone(), artifact.at);
    Event { id, subject, at, body: EventBody::Artifact { artifact: Box::new(artifact) } }
}

async fn keep(world: &World<'_>, fence: Fence, artifacts: &[Artifact]) {
    let events = artifacts.iter().cloned().map(event).collect();
    world.log.commit(EngineCommit { events, ..commit(fence, 0, START) }).await.unwrap();
}

fn of_alert(alert: &str) -> About {
    About { alert: Some(alert.into()), ..About::default() }
}

/// Whole in the list and by its id; in the log, on the bus and among events only that it was kept.
pub async fn an_artifact_is_kept_whole_and_told_of_without_its_record(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    let mut follower = world.follower().await;
    let kept = artifact("1.artifact", "a", 1, of_alert("0-1.pain"));
    keep(&world, fence, std::slice::from_ref(&kept)).await;
    let told = Body::Event(Box::new(event(kept.without_record())));
    assert_eq!(super::support::next_batch(&mut follower).await.entries[0].body, told);
    // Again, under the same id: it stays as it was.
    keep(&world, fence, &[Artifact { by: "Bob".into(), ..kept.clone() }]).await;
    world.restart().await;
    assert_eq!(world.log.artifact("1.artifact").await.unwrap(), Some(kept.clone()));
    assert_eq!(world.log.artifact("2.artifact").await.unwrap(), None);
    let all = ArtifactFilter { limit: 10, ..ArtifactFilter::default() };
    assert_eq!(world.log.artifacts(all).await.unwrap(), std::slice::from_ref(&kept));
    assert_eq!(world.entries(ONLY).await[0].body, told);
    let events = EventFilter { kinds: vec!["artifact"], limit: 10, ..EventFilter::default() };
    assert_eq!(world.log.events(events).await.unwrap(), [event(kept.without_record())]);
}

/// By each of what they belong to, alone and together, page by page.
pub async fn artifacts_are_found_by_what_they_belong_to(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    let of_experiment = About { experiment: Some("0-7.experiment".into()), ..About::default() };
    let events = vec!["0-2.seam".into(), "0-3.voice".into(), "0-2.seam".into()];
    keep(
        &world,
        fence,
        &[
            artifact("1", "a", 1, of_alert("0-1.pain")),
            artifact("2", "a", 2, of_experiment),
            artifact("3", "b", 2, About { events, ..of_alert("0-1.pain") }),
            artifact("4", "a", 3, About::default()),
        ],
    )
    .await;
    let all = ArtifactFilter { limit: 10, ..ArtifactFilter::default() };
    let some = |text: &str| Some(text.to_owned());
    let of_a = ArtifactFilter { subject: Some(subject("a")), ..all.clone() };
    for (filter, expected) in [
        (all.clone(), &["4", "3", "2", "1"][..]),
        (ArtifactFilter { limit: 2, ..all.clone() }, &["4", "3"]),
        (ArtifactFilter { after: Some((at(2), "3".into())), ..all.clone() }, &["2", "1"]),
        (of_a.clone(), &["4", "2", "1"]),
        (ArtifactFilter { subject: Some(subject("nobody")), ..all.clone() }, &[]),
        (ArtifactFilter { alert: some("0-1.pain"), ..all.clone() }, &["3", "1"]),
        (ArtifactFilter { alert: some("0-1.pain"), ..of_a }, &["1"]),
        (ArtifactFilter { alert: some("0-1.pain"), event: some("0-3.voice"), ..all.clone() }, &["3"]),
        (ArtifactFilter { alert: some("0-7.experiment"), ..all.clone() }, &[]),
        (ArtifactFilter { experiment: some("0-7.experiment"), ..all.clone() }, &["2"]),
        (ArtifactFilter { event: some("0-2.seam"), ..all.clone() }, &["3"]),
        (ArtifactFilter { event: some("0-4.seam"), ..all }, &[]),
    ] {
        let found = world.log.artifacts(filter.clone()).await.unwrap();
        assert_eq!(found.iter().map(|artifact| artifact.id.as_str()).collect::<Vec<_>>(), expected, "{filter:?}");
    }
}

/// With what leads to it; a young one stays.
pub async fn artifacts_go_when_they_are_old(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    keep(&world, fence, &[artifact("old", "a", 1, of_alert("x")), artifact("young", "a", 100, of_alert("x"))]).await;
    world.clock.set(at(3_650));
    world.log.prune(Duration::from_secs(3_600), 100).await.unwrap();
    assert_eq!(world.log.artifact("old").await.unwrap(), None);
    let of_it = ArtifactFilter { alert: Some("x".into()), limit: 9, ..ArtifactFilter::default() };
    let left = world.log.artifacts(of_it.clone()).await.unwrap();
    assert_eq!(left.iter().map(|artifact| artifact.id.as_str()).collect::<Vec<_>>(), ["young"]);
    // Nothing that led to the old one leads to another of its name.
    keep(&world, fence, &[Artifact { id: "old".into(), ..artifact("new", "a", 3_650, About::default()) }]).await;
    assert_eq!(world.log.artifacts(of_it).await.unwrap(), left);
}
