//! Experiments as they are now, and as they were at a moment.

use std::time::Duration;

use domain::{Event, EventBody, Experiment, ExperimentChange, ExperimentEnd, Outcome, Simulated};

use super::Fixture;
use super::support::{ONLY, START, World, at, commit, subject, text};
use crate::{EngineCommit, ExperimentFilter, Fence, PastQuery};

fn experiment(id: &str, name: &str, from: i64) -> Experiment {
    Experiment {
        id: id.into(),
        name: "stagnation-to-creative".into(),
        subject: subject(name),
        simulated: Some(Simulated::Inbox),
        by: "Ann \u{0}".into(),
        from: at(from),
        until: at(from + 100),
        phase: String::new(),
        dose: 0,
        paused: None,
        stop: Vec::new(),
        ended: None,
    }
}

fn ended(experiment: Experiment, seconds: i64, outcome: Outcome) -> Experiment {
    let ended = Some(ExperimentEnd { at: at(seconds), outcome, by: None, reason: text("because") });
    Experiment { ended, ..experiment }
}

async fn tell(world: &World<'_>, fence: Fence, seconds: i64, change: ExperimentChange, experiment: &Experiment) {
    let id = format!("{seconds}.{}.{}", experiment.id, change.name());
    let body = EventBody::Experiment { change, experiment: experiment.clone() };
    let events = vec![Event { id, subject: experiment.subject.clone(), at: at(seconds), body }];
    world.log.commit(EngineCommit { events, ..commit(fence, 0, START) }).await.unwrap();
}

/// Each once, as it was last told; filtered, page by page.
pub async fn experiments_are_told_as_they_are_now(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    let (first, second, third) = (experiment("1", "a", 1), experiment("2", "b", 2), experiment("3", "a", 2));
    tell(&world, fence, 1, ExperimentChange::Begun, &first).await;
    tell(&world, fence, 2, ExperimentChange::Begun, &second).await;
    let refused = ended(third, 2, Outcome::Refused);
    tell(&world, fence, 2, ExperimentChange::Refused, &refused).await;
    let steered = Experiment { phase: "dose".into(), dose: 3, ..first };
    tell(&world, fence, 3, ExperimentChange::Steered, &steered).await;
    let over = ended(second, 4, Outcome::Passed);
    tell(&world, fence, 4, ExperimentChange::Ended, &over).await;
    world.restart().await;

    assert_eq!(world.log.experiment("1").await.unwrap(), Some(steered.clone()));
    assert_eq!(world.log.experiment("9").await.unwrap(), None);
    let all = ExperimentFilter { limit: 10, ..ExperimentFilter::default() };
    for (filter, expected) in [
        (all.clone(), vec![&refused, &over, &steered]),
        (ExperimentFilter { limit: 2, ..all.clone() }, vec![&refused, &over]),
        (ExperimentFilter { after: Some((at(2), "3".into())), ..all.clone() }, vec![&over, &steered]),
        (ExperimentFilter { running: Some(true), ..all.clone() }, vec![&steered]),
        (ExperimentFilter { running: Some(false), ..all.clone() }, vec![&refused, &over]),
        (ExperimentFilter { subject: Some(subject("a")), ..all.clone() }, vec![&refused, &steered]),
        (ExperimentFilter { subject: Some(subject("nobody")), ..all }, vec![]),
    ] {
        let found = world.log.experiments(filter.clone()).await.unwrap();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter:?}");
    }
}

/// What ended long ago goes; what runs stays, however long it does.
pub async fn experiments_go_when_they_are_old(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    tell(&world, fence, 1, ExperimentChange::Begun, &experiment("runs", "a", 1)).await;
    let old = ended(experiment("old", "b", 1), 2, Outcome::Lost);
    tell(&world, fence, 2, ExperimentChange::Ended, &old).await;
    world.clock.set(at(3_650));
    world.log.prune(Duration::from_secs(3_600), 100).await.unwrap();
    assert_eq!(world.log.experiment("old").await.unwrap(), None);
    assert!(world.log.experiment("runs").await.unwrap().is_some());
}

/// The one that ran then, in its phase of then; that another was refused meanwhile does not hide it.
pub async fn the_past_tells_of_the_experiment_that_ran_then(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    let begun = experiment("1", "a", 10);
    tell(&world, fence, 10, ExperimentChange::Begun, &begun).await;
    tell(&world, fence, 15, ExperimentChange::Refused, &ended(experiment("2", "a", 15), 15, Outcome::Refused)).await;
    let steered = Experiment { phase: "dose".into(), dose: 3, ..begun.clone() };
    tell(&world, fence, 20, ExperimentChange::Steered, &steered).await;
    let over = ended(steered.clone(), 30, Outcome::Limit);
    tell(&world, fence, 30, ExperimentChange::Ended, &over).await;
    let then = async |seconds| {
        let past = world.log.past(PastQuery { subject: None, at: at(seconds), limit: 10 }).await.unwrap();
        past.subjects.into_iter().next().and_then(|now| now.presence.experiment)
    };
    assert_eq!(then(9).await, None);
    assert_eq!(then(16).await, Some(begun));
    assert_eq!(then(29).await, Some(steered));
    // Over, on a subject that is simulated: it stays known as such.
    assert_eq!(then(30).await, Some(over));
}
