use std::sync::Arc;

use domain::{AlertChange, Level, Vital};
use durable_log::{Body, BusState, Cursor, Entry};
use futures_util::FutureExt;
use prometheus::Registry;
use proptest::prelude::*;

use super::memory_log::MemoryLog;
use super::screen::{Client, Screen};
use super::world::{alert, levels, sample, subject};
use crate::metrics::Metrics;
use crate::step::Step;
use crate::{Channel, Channels, Delivery, Hub, Interest, Viewer};

/// One thing that happens in a story.
#[derive(Clone, Debug)]
enum Act {
    /// Entries are committed together: (subject, what, value).
    Commit(Vec<(u8, u8, u8)>),
    /// A second passes.
    Beat,
    /// A viewer reads what waits for it.
    Read(usize),
    /// A viewer loses its connection, and what waited, and resumes.
    Resume(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => prop::collection::vec((0..4u8, 0..8u8, 0..100u8), 1..4).prop_map(Act::Commit),
        1 => Just(Act::Beat),
        2 => prop_oneof![8 => Just(0), 2 => Just(1), 1 => 2..5usize].prop_map(Act::Read),
        1 => (0..5usize).prop_map(Act::Resume),
    ]
}

struct Story {
    log: Arc<MemoryLog>,
    hub: Arc<Hub>,
    entries: Vec<Entry>,
    viewers: Vec<(Interest, Viewer, Client)>,
    time: i64,
}

impl Story {
    fn begin(interests: Vec<Interest>) -> Self {
        let log = MemoryLog::new(Arc::new(bus_local::SilentBus));
        let snapshot = durable_log::Log::snapshot(&*log).now_or_never().unwrap().unwrap();
        let hub = Arc::new(Hub::new(log.clone(), snapshot, Metrics::new(&Registry::new(), 100).unwrap()));
        let mut story = Self { log, hub, entries: Vec::new(), viewers: Vec::new(), time: 0 };
        for interest in interests {
            let (mut viewer, mut client) = (story.hub.viewer(), Client::default());
            client.read(&viewer.subscribe(interest.clone(), None));
            story.viewers.push((interest, viewer, client));
        }
        story
    }

    fn body(&mut self, (number, what, value): (u8, u8, u8)) -> Body {
        self.time += 1;
        let (at, value) = (self.time, f64::from(value) / 100.0);
        match what {
            0..4 => sample(number, at, &[(Vital::ALL[usize::from(what)], value)]),
            4 => sample(number, at, &[(Vital::Clarity, value), (Vital::Pain, 1.0 - value)]),
            5 => levels(number, at, Vital::Pain, if value > 0.5 { Level::Block } else { Level::Ok }),
            6 => alert(number, at, &format!("alert-{number}"), AlertChange::Opened),
            _ => alert(number, at, &format!("alert-{number}"), AlertChange::Resolved),
        }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Commit(things) => {
                let bodies = things.iter().map(|thing| self.body(*thing)).collect();
                let batches = self.log.store(bodies);
                self.entries.extend(batches.iter().flat_map(|batch| batch.entries.iter().cloned()));
                self.hub.tell(Step::new(batches, self.log.head()));
            }
            Act::Beat => self.hub.beat(BusState::Live),
            Act::Read(index) => {
                let index = index % self.viewers.len();
                self.read(index);
            }
            Act::Resume(index) => {
                let index = index % self.viewers.len();
                let (interest, viewer, client) = &mut self.viewers[index];
                *viewer = self.hub.viewer();
                client.read(&viewer.subscribe(interest.clone(), client.cursor.as_deref()));
            }
        }
    }

    fn read(&mut self, index: usize) {
        let (_, viewer, client) = &mut self.viewers[index];
        while let Some(delivery) = viewer.next().now_or_never() {
            match delivery {
                Delivery::Frames(frames) => client.read(&frames),
                Delivery::Close(close) => panic!("sent away: {close:?}"),
            }
        }
    }

    /// Everybody reads to the end and knows what the log says.
    fn end(&mut self) {
        for index in 0..self.viewers.len() {
            self.read(index);
            let (interest, _, client) = &self.viewers[index];
            let mut screen = Screen::default();
            self.entries.iter().for_each(|entry| screen.read(entry, interest));
            assert_eq!(client.screen, screen, "viewer {index} of {interest:?}");
            assert_eq!(client.snapshots.len(), 1, "the stream was resumed, not begun anew");
        }
    }
}

fn all() -> Interest {
    Interest::new(Channels::ALL, None)
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
    ) {
        let mut story = Story::begin(interests());
        acts.iter().for_each(|act| story.act(act));
        story.end();
    }
}

#[test]
fn who_does_not_read_lags_and_still_sees_the_spike() {
    let mut story = Story::begin(vec![all()]);
    for step in 0..500 {
        story.act(&Act::Commit(vec![(1, 3, if step == 250 { 95 } else { 30 })]));
    }
    story.end();
    let (_, _, client) = &story.viewers[0];
    assert_eq!(client.lagged, 500);
    assert_eq!(story.hub.metrics.merges.get(), 1);
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
    client.read(&viewer.subscribe(Interest::new(Channels::ALL, Some(vec![subject(2)])), None));
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
    let frames = viewer.unsubscribe(Some([Channel::Pain].into_iter().collect()));
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
    client.read(&viewer.unsubscribe(Some([Channel::Pain].into_iter().collect())));
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
        assert_eq!(story.hub.viewer().subscribe(all(), Some(void)).len(), 2, "{void}");
    }
    let head: Cursor = story.log.head();
    assert_eq!(story.hub.viewer().subscribe(all(), Some(&head.to_string())).len(), 1);
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
    let mut client = Client::default();
    client.read(&story.hub.viewer().subscribe(all(), None));
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
