//! When time alone will next change something.

use domain::Timestamp;

/// Brings `timer` forward to `moment`, unless it is sooner.
pub(crate) fn sooner(timer: &mut Option<Timestamp>, moment: Timestamp) {
    if timer.is_none_or(|timer| moment < timer) {
        *timer = Some(moment);
    }
}
