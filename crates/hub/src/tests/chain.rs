use domain::{AlertChange, Level, Vital};
use durable_log::Cursor;
use futures_util::FutureExt;
use proptest::prelude::*;

use super::screen::{Client, Screen};
use super::story::{Act, PLENTY, Story, all};
use super::world::{alert, levels, sample, subject};
use crate::step::Step;
use crate::{Channel, Channels, Delivery, Interest};

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => prop::collection::vec((0..4u8, 0..8u8, 0..100u8), 1..4).prop_map(Act::Commit),
        1 => Just(Act::Beat),
        2 => prop_oneof![8 => Just(0), 2 => Just(1), 1 => 2..5usize].prop_map(Act::Read),
        1 => (0..5usize).prop_map(Act::Resume),
        1 => (0..5usize).prop_map(Act::Begin),
    ]
}

fn interests() -> Vec<Interest> {
    let only = |channels: &[Channel]| channels.iter().copied().collect();
    vec![
        all(),
        all(),
        Interest::new(only(&[Channel::Pain, Channel::Alerts]), None),
        Interest::new(Channels::ALL, Some(vec![subject(2)])),
        Interest::new(only(&[Channel::Levels]), Some(vec![subject(0), subject(9)])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn however_slowly_they_read_and_often_they_resume_all_viewers_learn_the_same(
        acts in prop::collection::vec(act(), 1..160),
        others in prop_oneof![Just(0), Just(120u8)],
        merged in prop_oneof![Just(PLENTY), Just(6)],
    ) {
        // Where there are many others, newcomers are shown a picture of a moment ago.
        let others = (0..others).map(|other| (100 + other, 3, 30)).collect();
        let mut story = Story::after(&[Act::Commit(others)], merged, interests());
        acts.iter().for_each(|act| story.act(act));
        story.end();
        if merged == PLENTY {
            story.was_one_chain();
        }
    }
}

#[test]
fn a_crowd_that_comes_at_once_is_shown_one_picture_until_that_is_old() {
    let others = (0..120).map(|other| (100 + other, 3, 30)).collect();
    let mut story = Story::after(&[Act::Commit(others)], PLENTY, vec![all()]);
    let (_, _, first) = story.newcomer(&all());
    for _ in 0..12 {
        story.act(&Act::Commit(vec![(1, 3, 30)]));
        assert_eq!(story.newcomer(&all()).2.as_ptr(), first.as_ptr(), "little has happened");
    }
    story.act(&Act::Commit(vec![(1, 3, 30)]));
    assert_ne!(story.newcomer(&all()).2, first, "more than a tenth of the subjects");

    let narrow = Interest::new(Channels::ALL, Some(vec![subject(1)]));
    let [one, other] = [(); 2].map(|()| story.newcomer(&narrow).2);
    assert_ne!(one.as_ptr(), other.as_ptr(), "small ones are not kept");
}

#[test]
fn who_does_not_read_lags_and_still_sees_the_spike() {
    let mut story = Story::begin(vec![all()]);
    for step in 0..500 {
        story.act(&Act::Commit(vec![(1, 3, if step == 250 { 95 } else { 30 })]));
    }
    story.end();
    story.was_one_chain();
    let (_, _, client) = &story.viewers[0];
    assert_eq!(client.lagged, 500);
    assert_eq!(story.hub.metrics.merges.get(), 1);
}

#[test]
fn who_cannot_be_led_on_from_a_shared_picture_gets_its_own_once() {
    let others = (0..120).map(|other| (100 + other, 3, 30)).collect();
    let mut story = Story::after(&[Act::Commit(others)], PLENTY, vec![all()]);
    story.act(&Act::Commit(vec![(1, 3, 30)]));
    let (viewer, client, _) = story.newcomer(&all());
    story.viewers.push((all(), viewer, client));
    story.log.go_away();
    story.end();
    let snapshots = story.viewers.iter().map(|(_, _, client)| client.snapshots.len());
    assert_eq!(snapshots.collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn when_too_much_is_merged_for_all_who_is_slow_begins_anew_and_is_told_so() {
    let mut story = Story::after(&[], 10, vec![all(), all(), all()]);
    for step in 0..40 {
        // Six subjects, so two viewers are more than ten.
        story.act(&Act::Commit((0..6).map(|number| (number, 3, step)).collect()));
        story.read(2);
    }
    assert!(story.hub.backlog.things() <= 10);
    story.end();
    let told: Vec<_> = story.viewers.iter().map(|(_, _, client)| (client.snapshots.len(), client.lagged)).collect();
    assert!(told.contains(&(1, 40)) && told.contains(&(2, 40)), "one of the slow ones has room: {told:?}");
    assert_eq!(told[2], (1, 0), "who reads goes on");
    assert_eq!(story.hub.metrics.restarts.get(), 1);
}

#[test]
fn a_large_backlog_is_bounded_by_entries_too() {
    let mut story = Story::begin(vec![Interest::new(Channels::ALL, Some(vec![subject(3)]))]);
    for _ in 0..5 {
        story.act(&Act::Commit((0..4_000).map(|n| (if n == 0 { 3 } else { 1 }, 3, 30)).collect()));
    }
    story.end();
    assert_eq!(story.viewers[0].2.lagged, 5);
}

#[test]
fn nothing_is_made_for_rooms_that_want_nothing_of_it() {
    let mut story = Story::begin(vec![Interest::new(Channels::ALL, Some(vec![subject(9)]))]);
    let before = story.viewers[0].2.cursor.clone();
    story.act(&Act::Commit(vec![(1, 3, 30)]));
    story.end();
    assert_eq!(story.viewers[0].2.cursor, before);
}

#[test]
fn a_newcomer_shares_the_chain_of_a_room_that_was_silent_for_long() {
    let mut story = Story::begin(vec![Interest::new(Channels::ALL, Some(vec![subject(2)]))]);
    story.act(&Act::Commit(vec![(1, 3, 30)]));
    let (mut viewer, mut client) = (story.hub.viewer(), Client::default());
    let interest = Interest::new(Channels::ALL, Some(vec![subject(2)]));
    client.read(&viewer.subscribe(interest, None).now_or_never().unwrap());
    story.act(&Act::Commit(vec![(2, 3, 40)]));
    story.end();
    let Some(Delivery::Frames(frames)) = viewer.next().now_or_never() else { panic!("no frame") };
    client.read(&frames);
    assert_eq!(client.cursor, story.viewers[0].2.cursor);
}

#[test]
fn a_channel_that_is_given_up_goes_and_the_chain_goes_on() {
    let mut story = Story::begin(vec![all()]);
    story.act(&Act::Commit(vec![(1, 3, 30)]));
    let (_, viewer, client) = &mut story.viewers[0];
    let frames = viewer.unsubscribe(Some([Channel::Pain].into_iter().collect())).now_or_never().unwrap();
    assert_eq!(frames.len(), 2, "what waited and the answer");
    client.read(&frames);
    story.act(&Act::Commit(vec![(1, 3, 90), (1, 0, 80)]));
    story.read(0);
    let mut screen = Screen::default();
    screen.read(&story.entries[0], &all());
    screen.read(&story.entries[2], &all());
    assert_eq!(story.viewers[0].2.screen, screen);
}

#[test]
fn a_channel_can_be_given_up_on_the_way_back() {
    let mut story = Story::begin(vec![all()]);
    for _ in 0..1_200 {
        story.act(&Act::Commit(vec![(1, 4, 30)]));
    }
    story.act(&Act::Resume(0));
    let (_, viewer, client) = &mut story.viewers[0];
    let Some(Delivery::Frames(first)) = viewer.next().now_or_never() else { panic!("no frame") };
    client.read(&first);
    let told: Cursor = client.cursor.as_ref().unwrap().parse().unwrap();
    let told = usize::try_from(told.distance_from(&Cursor::start(told.epoch, 3)).unwrap()).unwrap();
    assert!((1..1_200).contains(&told), "some of the way");
    client.read(&viewer.unsubscribe(Some([Channel::Pain].into_iter().collect())).now_or_never().unwrap());
    story.act(&Act::Commit(vec![(1, 4, 90)]));
    story.read(0);

    let narrow = all().without([Channel::Pain].into_iter().collect());
    let mut screen = Screen::default();
    story.entries.iter().take(told).for_each(|entry| screen.read(entry, &all()));
    story.entries.iter().skip(told).for_each(|entry| screen.read(entry, &narrow));
    assert_eq!(story.viewers[0].2.screen, screen);
}

#[test]
fn who_missed_too_much_or_another_log_gets_a_snapshot() {
    let mut story = Story::begin(vec![all()]);
    story.act(&Act::Commit((0..30_001).map(|_| (1, 3, 30)).collect()));
    for void in ["7:0.0.0", "8:0.0.0", "7:0.0", "rubbish"] {
        let mut viewer = story.hub.viewer();
        assert_eq!(viewer.subscribe(all(), Some(void)).now_or_never().unwrap().len(), 2, "{void}");
    }
    let (mut viewer, head) = (story.hub.viewer(), story.log.head().to_string());
    assert_eq!(viewer.subscribe(all(), Some(&head)).now_or_never().unwrap().len(), 1);
}

#[test]
fn a_snapshot_holds_what_is_wanted() {
    let story = Story::begin(Vec::new());
    for body in [
        sample(1, 1, &[(Vital::Clarity, 0.8), (Vital::Pain, 0.95)]),
        levels(1, 2, Vital::Pain, Level::Block),
        alert(1, 3, "1-1.pain_critical_high", AlertChange::Opened),
        sample(2, 4, &[(Vital::Clarity, 0.7)]),
    ] {
        let batches = story.log.store(vec![body]);
        story.hub.tell(Step::new(batches, story.log.head()));
    }
    let (_, client, _) = story.newcomer(&all());
    let mut snapshot = client.snapshots[0].clone();
    snapshot["server_time"] = "[time]".into();
    snapshot["alerts"] = snapshot["alerts"].as_array().unwrap().len().into();
    insta::assert_json_snapshot!(snapshot, @r#"
    {
      "alerts": 1,
      "cursor": "7:0.3.1",
      "server_time": "[time]",
      "subjects": [
        {
          "latest": {
            "at": "1970-01-01T00:00:00.001Z",
            "clarity": 0.8,
            "pain": 0.95,
            "subject": "1-agent"
          },
          "level": "BLOCK",
          "light": "red",
          "subject": "1-agent",
          "verdict": {
            "pain": {
              "level": "BLOCK",
              "since": "1970-01-01T00:00:00.002Z",
              "stale": false,
              "value": 0.5
            }
          }
        },
        {
          "latest": {
            "at": "1970-01-01T00:00:00.004Z",
            "clarity": 0.7,
            "subject": "2-agent"
          },
          "level": "OK",
          "light": "black",
          "subject": "2-agent"
        }
      ],
      "type": "snapshot"
    }
    "#);
}
