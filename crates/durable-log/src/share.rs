use crate::{Member, Partition};

/// The partitions that `me` holds after a call of [`Log::share`](crate::Log::share): its own and then free ones, up to
/// its quota. `living` are the members that live, `me` among them; `holders` says for each partition who of these holds
/// it.
///
/// A partition that somebody else holds is never taken: who has more than its quota leaves the rest free, and whose
/// turn is next takes it. So two calls of each member lead from anywhere to even shares; and as quotas only grow when
/// members die, one call of each is enough then.
pub fn divide(me: Member, living: &[Member], holders: &[Option<Member>]) -> Vec<Partition> {
    let of = |holder| (0..).map(Partition).zip(holders).filter(move |(_, by)| **by == holder).map(|(mine, _)| mine);
    let mut mine: Vec<_> = of(Some(me)).chain(of(None)).take(quota(me, living, holders.len())).collect();
    mine.sort_unstable();
    mine
}

/// As many for each as go into the whole, and one more for the first ones.
fn quota(me: Member, living: &[Member], partitions: usize) -> usize {
    let members = living.len().max(1);
    let rank = living.iter().filter(|member| **member < me).count();
    partitions / members + usize::from(rank < partitions % members)
}

#[cfg(test)]
mod tests;
