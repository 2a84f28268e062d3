use proptest::prelude::*;

use super::*;

/// Who lives and who holds what, as a store keeps it.
#[derive(Clone, Debug)]
struct World {
    living: Vec<Member>,
    holders: Vec<Option<Member>>,
}

impl World {
    /// What a store does: who dies holds nothing.
    fn live(&mut self, living: &[u64]) {
        self.living = living.iter().copied().map(Member).collect();
        for holder in &mut self.holders {
            *holder = holder.filter(|member| self.living.contains(member));
        }
    }

    fn call(&mut self, me: Member) {
        let mine = divide(me, &self.living, &self.holders);
        for (partition, holder) in (0..).map(Partition).zip(&mut self.holders) {
            let is_mine = mine.contains(&partition);
            assert!(!is_mine || holder.is_none_or(|by| by == me), "{me:?} took {partition} from {holder:?}");
            if is_mine || *holder == Some(me) {
                *holder = is_mine.then_some(me);
            }
        }
    }

    /// Each member calls once, in an order that `seed` gives.
    fn round(&mut self, seed: usize) {
        let mut left = self.living.clone();
        while !left.is_empty() {
            let next = left.remove(seed % left.len());
            self.call(next);
        }
    }

    fn is_even(&self) -> bool {
        let counts = self.living.iter().map(|me| self.holders.iter().filter(|by| **by == Some(*me)).count());
        let (least, most) = counts.fold((usize::MAX, 0), |(least, most), n| (least.min(n), most.max(n)));
        self.holders.iter().all(Option::is_some) && most - least <= 1
    }
}

/// Members by their numbers: at least one, none twice.
fn members() -> impl Strategy<Value = Vec<u64>> {
    proptest::collection::btree_set(0..12_u64, 1..8).prop_map(|set| set.into_iter().collect())
}

/// Any distribution over the living, fair or not.
fn worlds() -> impl Strategy<Value = World> {
    let holders = proptest::collection::vec(proptest::option::of(0..12_u64), 1..40);
    (members(), holders).prop_map(|(living, holders)| {
        let mut world = World { living: Vec::new(), holders: holders.into_iter().map(|by| by.map(Member)).collect() };
        world.live(&living);
        world
    })
}

proptest! {
    #[test]
    fn two_rounds_in_any_order_lead_from_anywhere_to_even_shares(mut world in worlds(), seeds in proptest::array::uniform2(0..9_usize)) {
        seeds.into_iter().for_each(|seed| world.round(seed));
        prop_assert!(world.is_even(), "{world:?}");
        let before = world.holders.clone();
        world.round(seeds[0]);
        prop_assert_eq!(world.holders, before, "nothing moves any more");
    }

    #[test]
    fn what_dead_members_held_is_taken_within_one_round(mut world in worlds(), dead in members(), seed in 0..9_usize) {
        world.round(seed);
        world.round(seed);
        let survivors: Vec<_> = world.living.iter().map(|me| me.0).filter(|me| !dead.contains(me)).collect();
        prop_assume!(!survivors.is_empty());
        let before = world.holders.clone();
        world.live(&survivors);
        world.round(seed);
        prop_assert!(world.is_even(), "{world:?}");
        let stayed = before.iter().zip(&world.holders).all(|(old, new)| {
            old.is_none_or(|old| !survivors.contains(&old.0) || *new == Some(old))
        });
        prop_assert!(stayed, "survivors keep what they had");
    }

    #[test]
    fn nobody_takes_from_the_living_whoever_comes_goes_and_calls(
        mut world in worlds(),
        happenings in proptest::collection::vec((members(), 0..99_usize), 1..30),
    ) {
        for (living, calls) in happenings {
            world.live(&living);
            // The check is in each call.
            (0..calls % 10).for_each(|call| world.call(world.living[(calls + call) % world.living.len()]));
        }
    }
}

#[test]
fn the_first_members_have_one_more() {
    let living = [Member(30), Member(10), Member(20)];
    let count = |me| divide(me, &living, &[None; 8]).len();
    assert_eq!(living.map(count), [2, 3, 3]);
}

#[test]
fn with_more_members_than_partitions_the_last_ones_have_none() {
    let living = [1, 2, 3].map(Member);
    assert_eq!(divide(Member(2), &living, &[None, None]), [Partition(0)]);
    assert_eq!(divide(Member(3), &living, &[None, None]), []);
}
