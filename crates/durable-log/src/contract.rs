//! What every backend must keep, as tests. A backend writes a [`Fixture`] and runs them all by
//! [`log_contract!`](crate::log_contract).

#![expect(clippy::unwrap_used, reason = "these are tests, though they live in the library for all backends")]

pub mod appending;
pub mod artifacts;
pub mod closing;
pub mod engine;
pub mod events;
pub mod experiments;
mod flaky_log;
pub mod following;
pub mod history;
mod lossy_bus;
pub mod past;
pub mod pruning;
pub mod rolling;
pub mod samples;
pub mod sharing;
mod support;
pub mod views;

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Bus, Clock, Log};

pub use flaky_log::FlakyLog;
pub use lossy_bus::LossyBus;
pub use support::ManualClock;

/// Makes the log of one test.
#[async_trait]
pub trait Fixture: Send + Sync {
    /// A bus that loses nothing as long as its readers keep up.
    fn bus(&self) -> Arc<dyn Bus>;

    /// Opens the log of this fixture: a new one at first; later, after a close, the same again.
    async fn open(&self, partitions: u16, clock: Clock, bus: Arc<dyn Bus>) -> Arc<dyn Log>;

    /// A fixture of another log.
    fn another(&self) -> Box<dyn Fixture>;
}

/// Makes a `#[tokio::test]` of every test of the contract. The argument is an expression that makes a fresh fixture.
#[macro_export]
macro_rules! log_contract {
    ($fixture:expr) => {
        $crate::log_contract! { @tests $fixture;
            appending::what_is_acknowledged_is_there_after_a_restart,
            appending::numbers_have_no_gap_under_sixteen_writers,
            appending::the_same_sample_again_is_a_duplicate,
            appending::another_sample_under_the_same_key_is_a_conflict,
            appending::keys_repeated_within_one_call_are_told_apart,
            appending::of_rivals_for_one_key_exactly_one_is_stored,
            appending::awkward_numbers_and_signals_survive_exactly,
            appending::the_time_of_recording_never_goes_back,
            appending::a_caller_that_goes_away_harms_no_other,
            appending::a_command_is_an_entry_like_any_other,
            appending::an_empty_call_writes_nothing,
            appending::many_samples_in_one_call_are_all_stored,
            artifacts::an_artifact_is_kept_whole_and_told_of_without_its_record,
            artifacts::artifacts_are_found_by_what_they_belong_to,
            artifacts::artifacts_go_when_they_are_old,
            closing::what_was_queued_before_the_close_is_answered_and_there,
            closing::a_closed_log_says_so,
            closing::the_epoch_and_the_partitions_stay_over_a_restart,
            closing::another_log_has_another_epoch,
            engine::a_new_owner_takes_the_partition_away,
            engine::a_restart_does_not_give_a_fence_twice,
            engine::a_tick_that_has_not_seen_everything_is_refused,
            engine::after_a_tick_nothing_is_recorded_before_it,
            engine::an_event_is_written_once_by_its_id,
            engine::a_refused_commit_leaves_nothing,
            engine::a_refused_commit_harms_no_other_request,
            engine::the_answer_leads_past_its_own_events_only_when_nothing_came_between,
            engine::the_state_is_that_of_the_last_commit,
            engine::who_goes_on_reads_again_what_came_since_all_was_saved,
            engine::the_states_of_all_subjects_are_told_by_name,
            engine::a_commit_about_a_foreign_or_future_entry_is_refused,
            events::events_are_filtered_and_latest_first,
            events::events_of_all_partitions_are_listed_together,
            events::events_are_read_page_by_page_in_both_orders,
            events::events_are_in_the_order_of_their_own_times,
            events::the_last_event_of_each_step_is_listed,
            events::events_go_when_they_are_old,
            experiments::experiments_are_told_as_they_are_now,
            experiments::experiments_go_when_they_are_old,
            experiments::the_past_tells_of_the_experiment_that_ran_then,
            following::a_hint_that_continues_is_passed_on_as_it_is,
            following::a_follower_misses_nothing_though_the_bus_does,
            following::without_a_bus_the_log_is_polled,
            following::what_was_there_before_is_read_first,
            following::old_and_overlapping_hints_are_trimmed,
            following::some_partitions_can_be_followed_alone,
            following::an_abandoned_wait_loses_nothing,
            following::after_an_error_it_goes_on_where_it_was,
            following::another_epoch_is_a_reset,
            following::a_log_that_lost_its_end_is_a_reset,
            following::what_was_pruned_is_passed_over,
            history::raw_samples_are_in_order_between_their_bounds,
            history::buckets_keep_extremes_mean_last_and_count,
            history::buckets_are_aligned_before_and_after_1970,
            history::a_limit_cuts_off_the_end_and_says_so,
            history::a_question_may_reach_back_as_far_as_times_do,
            history::an_unknown_subject_has_no_history,
            past::everything_is_told_as_it_was,
            past::what_was_told_before_anything_that_is_left_still_holds,
            past::of_one_subject_or_of_the_first_by_name,
            past::alerts_are_told_as_they_were,
            pruning::old_entries_go_bite_by_bite_and_leave_no_hole,
            pruning::what_is_young_or_fires_stays,
            sharing::one_member_has_all_partitions,
            sharing::a_second_member_has_its_half_once_the_first_has_given_back,
            sharing::partitions_of_a_silent_member_go_to_the_other_after_its_ttl,
            sharing::who_leaves_gives_back_at_once,
            sharing::who_comes_back_late_has_what_is_free,
            sharing::sixteen_members_at_once_never_hold_a_partition_twice,
            samples::samples_are_in_the_order_in_which_they_came,
            samples::pages_of_samples_follow_each_other,
            rolling::history_is_the_same_however_much_is_summed_up,
            rolling::summing_up_comes_to_rest_while_samples_come,
            views::the_size_grows_with_what_is_stored,
            views::entries_are_read_in_order_within_a_limit,
            views::a_snapshot_holds_the_latest_sample_and_verdict,
            views::a_snapshot_and_what_follows_make_the_next_snapshot,
            views::alerts_are_filtered_and_latest_first,
            views::alerts_are_read_page_by_page,
            views::an_alert_tells_its_last_change,
        }
    };
    (@tests $fixture:expr; $($area:ident :: $test:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                $crate::contract::$area::$test(&$fixture).await;
            }
        )*
    };
}
