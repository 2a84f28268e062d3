//! How members divide the partitions, and take over from each other.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::Fixture;
use super::support::{World, at};
use crate::Member;

const TTL: Duration = Duration::from_secs(3);
/// The last by number, and the greatest number there is.
const ANN: Member = Member(u64::MAX);
const BEN: Member = Member(2);
const CID: Member = Member(3);

impl World<'_> {
    async fn share(&self, member: Member) -> Vec<u16> {
        let mut shares: Vec<_> = self.log.share(member, TTL).await.unwrap().iter().map(|mine| mine.0).collect();
        shares.sort_unstable();
        shares
    }
}

/// Who is alone has all the work, again and again.
pub async fn one_member_has_all_partitions(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 4).await;
    assert_eq!(world.share(ANN).await, [0, 1, 2, 3]);
    assert_eq!(world.share(ANN).await, [0, 1, 2, 3]);
    world.restart().await;
    assert_eq!(world.share(ANN).await, [0, 1, 2, 3]);
}

/// Nothing is taken away from anybody: a newcomer waits until the other has given back.
pub async fn a_second_member_has_its_half_once_the_first_has_given_back(fixture: &dyn Fixture) {
    let world = World::new(fixture, 5).await;
    world.share(ANN).await;
    assert_eq!(world.share(BEN).await, [] as [u16; 0]);
    assert_eq!(world.share(ANN).await, [0, 1]);
    assert_eq!(world.share(BEN).await, [2, 3, 4]);
    assert_eq!(world.share(ANN).await, [0, 1]);
}

/// Silence is death after the ttl, and not before.
pub async fn partitions_of_a_silent_member_go_to_the_other_after_its_ttl(fixture: &dyn Fixture) {
    let world = World::new(fixture, 4).await;
    world.share(ANN).await;
    world.clock.set(at(1));
    world.share(BEN).await;
    world.clock.set(at(3).minus(Duration::from_millis(1)));
    assert_eq!(world.share(BEN).await, [] as [u16; 0]);
    world.clock.set(at(3));
    assert_eq!(world.share(BEN).await, [0, 1, 2, 3]);
    // Each call counts anew.
    world.clock.set(at(5));
    assert_eq!(world.share(BEN).await, [0, 1, 2, 3]);
    world.clock.set(at(7));
    assert_eq!(world.share(CID).await, [] as [u16; 0]);
}

/// Who says good-bye is not waited for.
pub async fn who_leaves_gives_back_at_once(fixture: &dyn Fixture) {
    let world = World::new(fixture, 4).await;
    world.share(ANN).await;
    world.share(BEN).await;
    world.log.leave(ANN).await.unwrap();
    assert_eq!(world.share(BEN).await, [0, 1, 2, 3]);
    world.log.leave(BEN).await.unwrap();
    world.log.leave(BEN).await.unwrap();
    assert_eq!(world.share(ANN).await, [0, 1, 2, 3], "who has left may come again");
}

/// A member that was paused does not take back what others have taken over.
pub async fn who_comes_back_late_has_what_is_free(fixture: &dyn Fixture) {
    let world = World::new(fixture, 4).await;
    world.share(ANN).await;
    world.clock.set(at(60));
    assert_eq!(world.share(ANN).await, [0, 1, 2, 3], "nobody was there to take them");
    world.clock.set(at(120));
    world.share(BEN).await;
    assert_eq!(world.share(ANN).await, [] as [u16; 0]);
    assert_eq!(world.share(BEN).await, [0, 1]);
    assert_eq!(world.share(ANN).await, [2, 3]);
}

/// However they come between each other, nothing is held twice, and in the end everything is held.
pub async fn sixteen_members_at_once_never_hold_a_partition_twice(fixture: &dyn Fixture) {
    const PARTITIONS: usize = 24;
    let world = World::new(fixture, 24).await;
    let mut counts = Vec::new();
    // After eight have found their shares, eight more come: some give back while others take.
    for members in [8, 8, 16, 16, 16] {
        let calls: Vec<_> = (0..members)
            .map(|n| {
                let log = Arc::clone(&world.log);
                tokio::spawn(async move { log.share(Member(n), TTL).await.unwrap() })
            })
            .collect();
        let mut held = BTreeSet::new();
        counts.clear();
        for call in calls {
            let mine = call.await.unwrap();
            counts.push(mine.len());
            for partition in mine {
                assert!(usize::from(partition.0) < PARTITIONS, "{partition}");
                assert!(held.insert(partition), "{partition} is held twice among {members}");
            }
        }
    }
    assert_eq!(counts.iter().sum::<usize>(), PARTITIONS);
    assert_eq!((counts.iter().min(), counts.iter().max()), (Some(&1), Some(&2)));
}
