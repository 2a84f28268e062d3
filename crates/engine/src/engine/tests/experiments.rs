use domain::{Experiment, ExperimentChange, Outcome, StopCondition};

use super::*;

/// Seconds until Wednesday 14:00 UTC: stories begin on a Thursday.
const WINDOW: f64 = 6.0 * 86_400.0 + 14.0 * 3_600.0;

/// An experiment on `agent-7`, which is a production subject.
struct Tried {
    story: Story,
    id: String,
}

fn stop(vital: Vital, above: Option<f64>, below: Option<f64>) -> StopCondition {
    let score = |bar: Option<f64>| bar.map(|bar| Score::new(bar).unwrap());
    StopCondition { vital, above: score(above), below: score(below) }
}

fn wish(simulated: Option<Simulated>, seconds: u64) -> Command {
    let stop = vec![stop(Vital::Pain, Some(0.6), None), stop(Vital::Trust, None, Some(0.5))];
    Command::Experiment { name: "play".to_owned(), simulated, seconds, stop, by: "Ann".to_owned() }
}

impl Tried {
    /// Begins at `seconds`, under rules in which `agent-7` may be experimented on at any time.
    fn at(seconds: f64, simulated: Option<Simulated>) -> (Self, Vec<String>) {
        let mut rules = Rules::built_in();
        rules.escalation.anytime.push(rules::SubjectPattern { name: "agent-".to_owned(), is_beginning: true });
        let mut story = Story::with(rules);
        if simulated.is_none() {
            story.sample(seconds, &OK);
        }
        Self::begin(story, seconds, &wish(simulated, 600))
    }

    fn begin(mut story: Story, seconds: f64, wish: &Command) -> (Self, Vec<String>) {
        let told = story.command(seconds, wish);
        let id = Experiment::id_of(3, story.seq);
        (Self { story, id }, told)
    }

    fn steer(&mut self, seconds: f64, phase: &str, dose: u8) -> Vec<String> {
        let (experiment, phase) = (self.id.clone(), phase.to_owned());
        self.story.command(seconds, &Command::Steer { experiment, phase, dose })
    }

    fn conclude(&mut self, seconds: f64, outcome: Outcome, by: Option<&str>, note: &str) -> Vec<String> {
        let (by, note) = (by.map(str::to_owned), note.to_owned());
        self.story.command(seconds, &Command::Conclude { experiment: self.id.clone(), outcome, by, note })
    }

    /// A sample a second with the runner at work, from after `from` until `to`.
    fn go_on(&mut self, from: u32, to: u32, vitals: &[(Vital, f64)]) -> Vec<String> {
        let mut told = Vec::new();
        for second in from + 1..=to {
            told.extend(self.story.sample(f64::from(second), vitals));
            told.extend(self.steer(f64::from(second), "play", 3));
        }
        told
    }

    /// The latest that was told of it.
    fn latest(&self) -> (ExperimentChange, Experiment) {
        let of = |event: &Event| match &event.body {
            EventBody::Experiment { change, experiment } => Some((*change, experiment.clone())),
            _ => None,
        };
        self.story.events.iter().rev().find_map(of).unwrap()
    }
}

#[test]
fn a_passed_one_is_told_from_its_beginning_to_its_end() {
    let (mut tried, told) = Tried::at(0.0, None);
    assert_eq!(told, ["0: play begun"]);
    assert_eq!(tried.steer(1.0, "injection", 3), ["1: play steered"]);
    assert_eq!(tried.latest().1.injected(), 3);
    // The runner is there, and nothing is new.
    assert!(tried.steer(6.0, "injection", 3).is_empty());
    tried.story.sample(7.0, &OK);
    assert_eq!(
        tried.conclude(8.0, Outcome::Passed, None, ""),
        ["8: play ended, passed: All that had to be seen was seen"]
    );
    assert_eq!(tried.latest().1.injected(), 0);
    // What comes after the end does nothing.
    assert!(tried.steer(9.0, "injection", 5).is_empty());
    assert!(tried.conclude(9.0, Outcome::Stopped, Some("Ann"), "").is_empty());
}

#[test]
fn a_person_stops_it_and_no_client_can_say_that_the_engine_did() {
    let (mut tried, _) = Tried::at(0.0, None);
    let told = tried.conclude(2.0, Outcome::Stopped, Some("Bob"), "lunch");
    assert_eq!(told, ["2: play ended, stopped: Stopped by Bob: lunch"]);
    let (mut tried, _) = Tried::at(0.0, None);
    assert_eq!(tried.conclude(2.0, Outcome::Veto, None, ""), ["2: play ended, stopped: Stopped"]);
}

#[test]
fn a_stop_condition_ends_it_with_the_sample_that_meets_it() {
    let (mut tried, _) = Tried::at(0.0, None);
    tried.steer(1.0, "injection", 10);
    assert_eq!(tried.story.sample(2.0, &[(Vital::Trust, 0.5)]).len(), 1, "on the bar nothing happens but to the level");
    let told = tried.story.sample(3.0, &[(Vital::Trust, 0.499)]);
    assert_eq!(told[0], "3: play ended, limit: Trust 0.499 below 0.50: a stop condition");
}

#[test]
fn a_limit_that_nobody_can_watch_is_as_good_as_reached_on_a_real_subject() {
    let (mut tried, _) = Tried::at(0.0, None);
    for second in 1..=60 {
        tried.steer(f64::from(second), "injection", 1);
    }
    let (change, experiment) = tried.latest();
    let end = experiment.ended.unwrap();
    assert_eq!((change, end.outcome), (ExperimentChange::Ended, Outcome::Limit));
    assert_eq!(end.reason.en, "Pain is not known: nobody could tell when to stop");
    assert_eq!(seconds(end.at), 60.0);
    // Nothing was ever heard of pain.
    let mut story = Story::with(tried.story.engine.rules().as_ref().clone());
    story.sample(0.0, &[(Vital::Trust, 0.8)]);
    let (_, told) = Tried::begin(story, 1.0, &wish(None, 60));
    assert_eq!(told, ["1: play refused, refused: Pain is not known: nobody could tell when to stop"]);
    // The vitals of a simulated subject are its runner's, who may well send none.
    let (mut tried, _) = Tried::at(0.0, Some(Simulated::Inbox));
    tried.go_on(0, 1, &OK);
    for second in 2..=61 {
        tried.steer(f64::from(second), "play", 3);
    }
    assert_eq!(tried.latest().0, ExperimentChange::Steered);
}

#[test]
fn a_runner_that_is_not_heard_of_is_gone_and_nothing_is_injected_any_more() {
    let (mut tried, _) = Tried::at(0.0, None);
    tried.steer(1.0, "injection", 3);
    assert!(tried.story.tick(15.999).is_empty());
    let told = tried.story.tick(16.0);
    assert_eq!(told, ["16: play ended, lost: Nothing was heard of its runner for 15 s"]);
    assert_eq!(tried.latest().1.injected(), 0);
}

#[test]
fn it_is_over_when_its_time_is() {
    let rules = Tried::at(0.0, None).0.story.engine.rules().as_ref().clone();
    let mut story = Story::with(rules);
    story.sample(0.0, &OK);
    let (mut tried, _) = Tried::begin(story, 0.0, &wish(None, 10));
    tried.steer(5.0, "injection", 3);
    assert_eq!(tried.story.tick(10.0), ["10: play ended, overdue: It was to last 10 s at the most"]);
}

#[test]
fn a_production_subject_is_experimented_on_in_the_chaos_window_alone() {
    let mut story = Story::new();
    story.sample(WINDOW - 1.0, &OK);
    let (_, told) = Tried::begin(story, WINDOW - 1.0, &wish(None, 600));
    assert_eq!(
        told,
        [
            "568799: play refused, refused: `agent-7` is a production subject, so this needs a chaos window: the next begins \
          at 2026-01-07T14:00:00Z"
        ]
    );
    let mut story = Story::new();
    let end = WINDOW + 7_200.0;
    story.sample(end - 10.0, &OK);
    let (mut tried, told) = Tried::begin(story, end - 10.0, &wish(None, 600));
    assert_eq!(told, ["575990: play begun"]);
    assert_eq!(tried.story.tick(end), ["576000: play ended, window: The chaos window is over"]);
}

#[test]
fn one_at_a_time() {
    let (tried, _) = Tried::at(0.0, None);
    let (mut tried, told) = Tried::begin(tried.story, 1.0, &wish(None, 60));
    assert_eq!(told, ["1: play refused, refused: `play` runs on it, until 2026-01-01T00:10:00Z at the latest"]);
    // Whoever was refused has nothing to steer.
    assert!(tried.steer(2.0, "injection", 3).is_empty());
}

#[test]
fn a_state_that_should_stop_it_lets_none_begin() {
    let (tried, _) = Tried::at(0.0, None);
    let mut story = Story::with(tried.story.engine.rules().as_ref().clone());
    story.sample(0.0, &OK);
    story.sample(1.0, &pain(0.61));
    let (_, told) = Tried::begin(story, 2.0, &wish(None, 60));
    assert_eq!(told, ["2: play refused, refused: Pain 0.61 above 0.60: a stop condition"]);
    // Without stop conditions the action that answers the same speaks against it, as long as it has a reason.
    let mut story = Story::with(tried.story.engine.rules().as_ref().clone());
    story.sample(0.0, &OK);
    story.sample(1.0, &pain(0.61));
    let wish = |name: &str| Command::Experiment {
        name: name.to_owned(),
        simulated: None,
        seconds: 60,
        stop: Vec::new(),
        by: "Ann".to_owned(),
    };
    let (mut tried, told) = Tried::begin(story, 2.0, &wish("one"));
    assert_eq!(told, ["2: one refused, refused: `emergency_recovery` is in effect: Emergency recovery"]);
    tried.story.sample(3.0, &pain(0.3));
    let (_, told) = Tried::begin(tried.story, 4.0, &wish("two"));
    assert_eq!(told, ["4: two begun"]);
}

#[test]
fn an_action_stops_it_with_the_sample_that_it_answers() {
    let (tried, _) = Tried::at(0.0, None);
    let mut story = Story::with(tried.story.engine.rules().as_ref().clone());
    story.sample(0.0, &OK);
    let wish = Command::Experiment {
        name: "play".to_owned(),
        simulated: None,
        seconds: 60,
        stop: Vec::new(),
        by: "Ann".to_owned(),
    };
    let (mut tried, _) = Tried::begin(story, 0.0, &wish);
    let told = tried.story.sample(1.0, &pain(0.65));
    assert_eq!(told[1], "1: play ended, action: `emergency_recovery` is in effect: Emergency recovery");
}

#[test]
fn an_action_holds_the_injection_back_while_its_effect_lasts() {
    let (mut tried, _) = Tried::at(0.0, Some(Simulated::Inbox));
    tried.go_on(0, 1, &OK);
    let told = tried.go_on(1, 2, &[(Vital::Chaos, 0.85)]);
    assert!(told.contains(&"2: play paused".to_owned()), "{told:?}");
    let paused = tried.latest().1;
    assert_eq!((paused.injected(), paused.paused.as_deref()), (0, Some("stabilize_system")));
    // The time of the experiment goes on, and so does what its runner says.
    assert_eq!(tried.steer(3.0, "play", 5), ["3: play steered"]);
    let told = tried.go_on(3, 301, &OK);
    assert!(!told.iter().any(|line| line.contains("resumed")), "{told:?}");
    assert!(tried.story.tick(302.0).contains(&"302: play resumed".to_owned()));
    assert_eq!(tried.latest().1.injected(), 3);
}

#[test]
fn what_happens_to_a_simulated_subject_is_marked_and_done_dry() {
    let mut rules = Rules::built_in();
    rules.actions.list.iter_mut().for_each(|rule| rule.is_dry_run = false);
    for (reach, expected) in [(Simulated::Inbox, domain::Reach::DryRun), (Simulated::People, domain::Reach::Outside)] {
        let mut story = Story::with(rules.clone());
        story.engine.adopt(Arc::new(anytime(rules.clone())));
        let (mut tried, _) = Tried::begin(story, 0.0, &wish(Some(reach), 600));
        tried.go_on(0, 1, &OK);
        tried.story.sample(2.0, &pain(0.95));
        let alerts: Vec<_> = opened(&tried.story).collect();
        assert!(!alerts.is_empty() && alerts.iter().all(|alert| alert.simulated == Some(reach)), "{alerts:?}");
        let reaches: Vec<_> = reaches(&tried.story).collect();
        assert_eq!(reaches, [expected]);
    }
}

#[test]
fn a_subject_that_is_real_cannot_be_simulated_and_the_other_way_round() {
    let refused = "It is real: others send samples of it, or an alert of it fires. Simulate another subject";
    let mut story = Story::with(anytime(Rules::built_in()));
    story.sample(0.0, &OK);
    let (mut tried, told) = Tried::begin(story, 1.0, &wish(Some(Simulated::Inbox), 600));
    assert_eq!(told, [format!("1: play refused, refused: {refused}")]);
    // It has fallen silent, and somebody was told so.
    tried.story.tick(90.0);
    let (_, told) = Tried::begin(tried.story, 90.0, &wish(Some(Simulated::Inbox), 600));
    assert_eq!(told, [format!("90: play refused, refused: {refused}")]);
    let story = Story::with(anytime(Rules::built_in()));
    let (mut tried, _) = Tried::begin(story, 0.0, &wish(Some(Simulated::Inbox), 600));
    tried.go_on(0, 2, &OK);
    tried.conclude(3.0, Outcome::Passed, None, "");
    let (_, told) = Tried::begin(tried.story, 4.0, &wish(None, 600));
    assert_eq!(
        told,
        [
            "4: play refused, refused: Nothing real is known of it now: no sample comes, or it was simulated a moment ago"
        ]
    );
}

#[test]
fn a_subject_whose_simulation_is_over_comes_to_rest_without_an_alert() {
    let (mut tried, _) = Tried::at(0.0, Some(Simulated::Inbox));
    tried.go_on(0, 3, &OK);
    tried.story.sample(4.0, &pain(0.95));
    assert_eq!(tried.latest().1.ended.unwrap().outcome, Outcome::Limit);
    // Its runner brings it to rest.
    tried.story.sample(5.0, &pain(0.65));
    assert_eq!(
        tried.story.tick(1_000.0),
        [
            "9: pain_critical_high Resolved, sent 4",
            "34: pain_block_high Opened, held until 64",
            "63: levels clarity OK stale chaos OK stale trust OK stale pain BLOCKP1",
            "64: pain_block_high Notified, sent 64",
            "65: levels clarity OK stale chaos OK stale trust OK stale pain BLOCKP1 stale",
            "65: pain_block_high Resolved, sent 64",
        ]
    );
    assert_eq!(tried.story.engine.presences()[0].1.experiment.as_ref().unwrap().name, "play");
    // It can be simulated again.
    let (tried, told) = Tried::begin(tried.story, 1_001.0, &wish(Some(Simulated::Inbox), 600));
    assert_eq!(told, ["1001: play begun"]);
    drop(tried);
}

#[test]
fn the_first_sample_after_the_rest_is_of_a_real_subject() {
    let (mut tried, _) = Tried::at(0.0, Some(Simulated::Inbox));
    tried.go_on(0, 3, &OK);
    tried.conclude(3.0, Outcome::Passed, None, "");
    tried.story.tick(200.0);
    let told = tried.story.sample(201.0, &pain(0.95));
    assert_eq!(told[0], "201: play released");
    assert!(opened(&tried.story).all(|alert| alert.simulated.is_none()) && opened(&tried.story).count() > 0);
    assert_eq!(tried.story.engine.presences()[0].1.experiment, None);
}

#[test]
fn recovery_is_not_for_ever_so_that_no_real_subject_is_taken_for_a_simulated_one() {
    let (mut tried, _) = Tried::at(0.0, Some(Simulated::Inbox));
    tried.go_on(0, 3, &OK);
    tried.conclude(3.0, Outcome::Passed, None, "");
    let mut told = Vec::new();
    for second in 4..610 {
        told.extend(tried.story.sample(f64::from(second), &pain(0.95)));
    }
    let released = told.iter().position(|line| line == "603: play released").unwrap();
    assert_eq!(told[released + 1], "603: pain_critical_high Resolved, sent 4");
    let simulated: Vec<_> = opened(&tried.story).map(|alert| (seconds(alert.opened_at), alert.simulated)).collect();
    assert_eq!(simulated.first(), Some(&(4.0, Some(Simulated::Inbox))));
    assert!(simulated.contains(&(603.0, None)), "{simulated:?}");
}

fn anytime(mut rules: Rules) -> Rules {
    rules.escalation.anytime.push(rules::SubjectPattern { name: "agent-7".to_owned(), is_beginning: false });
    rules
}

fn opened(story: &Story) -> impl Iterator<Item = &domain::Alert> {
    story.events.iter().filter_map(|event| match &event.body {
        EventBody::Alert { change: AlertChange::Opened, alert } => Some(&**alert),
        _ => None,
    })
}

fn reaches(story: &Story) -> impl Iterator<Item = domain::Reach> {
    story.events.iter().filter_map(|event| match &event.body {
        EventBody::Action { action } if action.reach != domain::Reach::Inside => Some(action.reach),
        _ => None,
    })
}

#[test]
fn a_reload_goes_on_with_it_and_judges_it_by_the_new_rules() {
    let (mut tried, _) = Tried::at(0.0, None);
    tried.steer(1.0, "play", 3);
    // Others than before, and nothing in them that concerns it.
    let mut rules = tried.story.engine.rules().as_ref().clone();
    rules.minimum_hold += std::time::Duration::from_secs(1);
    tried.story.engine.adopt(Arc::new(rules.clone()));
    let told = tried.go_on(1, 3, &OK);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(tried.latest().1.injected(), 3);
    // `agent-7` is a production subject from now on, and no window is open.
    rules.escalation.anytime.clear();
    tried.story.engine.adopt(Arc::new(rules));
    let told = tried.story.sample(4.0, &OK);
    assert_eq!(told.len(), 1, "{told:?}");
    let end = tried.latest().1.ended.unwrap();
    assert_eq!((end.outcome, seconds(end.at)), (Outcome::Window, 3.0));
}

#[test]
fn a_veto_that_begins_ends_it_with_the_very_sample() {
    let (mut tried, _) = Tried::at(0.0, None);
    tried.steer(1.0, "injection", 3);
    let mut told_at = |at: f64, is_violated: bool| {
        let mut sample = sample("agent-7", at, &OK);
        sample.signals.insert("ethical_violation_detected".into(), domain::SignalValue::Flag(is_violated));
        tried.story.seq += 1;
        tried.story.step(at, Input::Sample(tried.story.seq, &sample))
    };
    assert!(told_at(2.0, false).is_empty());
    assert_eq!(told_at(3.0, true).len(), 1);
    assert!(told_at(4.0, false).is_empty(), "it does not begin again by itself");
    let (change, experiment) = tried.latest();
    let end = experiment.ended.as_ref().unwrap();
    assert_eq!((change, end.outcome, seconds(end.at)), (ExperimentChange::Ended, Outcome::Veto, 3.0));
    assert_eq!(experiment.injected(), 0);
}
