use domain::{Artifact, ArtifactStatus};
use serde_json::Value;

use super::*;
use crate::chronicle::{Chronicle, OK};

fn artifacts(story: &Chronicle) -> Vec<Artifact> {
    let of = |event: &Event| match &event.body {
        EventBody::Artifact { artifact } => Some((**artifact).clone()),
        _ => None,
    };
    story.events.iter().filter_map(of).collect()
}

/// Pain is critical for half a minute, is acknowledged, and over.
fn story() -> Chronicle {
    let mut story = Chronicle::of(&["artifact"]);
    story.at(0.0, &OK);
    story.at(1.0, &[("pain", 0.95), ("trust", 0.45)]);
    story.acknowledge(10.0, "3-2.pain_critical_high");
    story.at(31.0, &[("pain", 0.3), ("trust", 0.75)]);
    assert_eq!(story.at(32.0, &[("pain", 0.35)]), Vec::<String>::new());
    story
}

#[test]
fn a_p0_alert_leaves_an_artifact_when_it_ends_and_others_do_not() {
    let mut story = story();
    let artifacts = artifacts(&story);
    let ends = |id: &str| story.events.iter().position(|event| event.id == id).unwrap();
    assert_eq!(artifacts.len(), 1, "{artifacts:?}");
    let Artifact { id, subject, at, status, about, by, .. } = &artifacts[0];
    assert_eq!((id.as_str(), subject.as_str(), by.as_str()), ("3-2.pain_critical_high.artifact", "agent-7", "iskra"));
    assert_eq!((status, *at), (&ArtifactStatus::Warn, crate::chronicle::moment(31.0)));
    assert_eq!((about.alert.as_deref(), &about.experiment), (Some("3-2.pain_critical_high"), &None));
    assert_eq!(
        about.events,
        ["3-2.action.activate_anhantra_empathy", "3-2.action.emergency_recovery", "3-2+5000000.seam"]
    );
    // It is told after what it tells of.
    assert!(ends(id) > ends("3-2.pain_critical_high.resolved"));
    // Trust was BLOCK and critical for no time; what is P1 leaves none.
    story.repeat(100.0, 200.0, 1.0, &[("pain", 0.65)]);
    story.repeat(200.0, 210.0, 1.0, &[("pain", 0.3)]);
    assert!(story.events.iter().any(|event| event.id.ends_with("pain_block_high.resolved")));
    assert_eq!(self::artifacts(&story).len(), 1);
}

#[test]
fn it_tells_what_was_measured_and_what_happened() {
    let story = story();
    let mut record = artifacts(&story).remove(0).record;
    assert_eq!(record["sift"]["source"]["rules"].take(), story.rules.hash.as_str());
    let trace = record["sift"]["trace"].take();
    let said = |step: &Value| format!("{} {}: {}", step["at"], step["event"], step["what"]).replace('"', "");
    let trace: Vec<String> = trace.as_array().unwrap().iter().map(said).collect();
    insta::assert_snapshot!(trace.join("\n"), @r"
    2026-01-01T00:00:01Z 3-2.voice.anhantra: anhantra begins
    2026-01-01T00:00:01Z 3-2.action.activate_anhantra_empathy: action activate_anhantra_empathy taken
    2026-01-01T00:00:01Z 3-2.action.emergency_recovery: action emergency_recovery taken
    2026-01-01T00:00:01Z 3-2.voice.kayn: kayn begins
    2026-01-01T00:00:01Z 3-2.voice.iskra: iskra begins
    2026-01-01T00:00:01Z 3-2.pain_critical_high.opened: alert opened
    2026-01-01T00:00:06Z 3-2+5000000.seam: seam UNKNOWN to CRISIS_MODE
    2026-01-01T00:00:10Z 3-2.pain_critical_high.acknowledged: alert acknowledged
    2026-01-01T00:00:31Z 3-2.pain_critical_high.resolved: alert resolved
    ");
    insta::assert_snapshot!(serde_json::to_string_pretty(&record).unwrap(), @r#"
    {
      "auto_generated": true,
      "delta": {
        "chaos": {
          "change": 0.0,
          "from": 0.35,
          "to": 0.35
        },
        "clarity": {
          "change": 0.0,
          "from": 0.75,
          "to": 0.75
        },
        "lasted_seconds": 30.0,
        "pain": {
          "change": -0.65,
          "from": 0.95,
          "to": 0.3
        },
        "trust": {
          "change": 0.3,
          "from": 0.45,
          "to": 0.75
        }
      },
      "dimension": {
        "events": 9,
        "lapsed_acknowledgements": 0,
        "steps_of_the_chain": 1
      },
      "lambda": {
        "next_step": {
          "en": "Act at once: stop what hurts, undo the latest change, tell those affected.",
          "ru": "Действуйте сразу: остановите то, что причиняет боль, откатите последнее изменение, предупредите тех, кого это задело."
        },
        "status": "WARN"
      },
      "omega": {
        "coverage_density": 1.0,
        "manual_review_required": true
      },
      "sift": {
        "fact": {
          "acknowledged_by": "Ann",
          "actions": [
            "activate_anhantra_empathy",
            "emergency_recovery"
          ],
          "opened_at": "2026-01-01T00:00:01Z",
          "priority": "P0",
          "resolved_at": "2026-01-01T00:00:31Z",
          "rule": "pain_critical_high",
          "simulated": null,
          "since": "2026-01-01T00:00:01Z",
          "summary": {
            "en": "Pain of agent-7 is 0.95: critical from 0.70 up",
            "ru": "Боль agent-7: 0,95; критично от 0,70 и выше"
          },
          "threshold": 0.7,
          "told_at": "2026-01-01T00:00:01Z",
          "value": 0.95
        },
        "inference": {
          "en": "Acute pain: it is failing those who depend on it right now.",
          "ru": "Острая боль: прямо сейчас страдают те, кто от этого зависит."
        },
        "not_traced": 0,
        "source": {
          "log": [
            "3-2",
            "3-4"
          ],
          "rules": null,
          "subject": "agent-7"
        },
        "trace": null
      },
      "timestamp": "2026-01-01T00:00:31Z"
    }
    "#);
}

/// Nothing in it is beyond what is allowed, and a person is asked to complete it.
#[test]
fn it_is_a_valid_record_that_wants_a_persons_eye() {
    let checked = artifacts::check_value(&artifacts(&story())[0].record);
    assert_eq!(checked.status, ArtifactStatus::Warn, "{checked:?}");
}

#[test]
fn it_is_not_lost_when_the_engine_is_restored() {
    let mut restored = Chronicle::of(&[]);
    restored.at(0.0, &OK);
    restored.at(1.0, &[("pain", 0.95), ("trust", 0.45)]);
    restored.restore();
    restored.acknowledge(10.0, "3-2.pain_critical_high");
    restored.restore();
    restored.at(31.0, &[("pain", 0.3), ("trust", 0.75)]);
    assert_eq!(artifacts(&restored), artifacts(&story()));
}

/// However much happens while the alert is open: it fits into the log.
#[test]
fn it_has_room_in_the_log_however_much_happened() {
    let mut story = Chronicle::of(&[]);
    story.at(0.0, &OK);
    for round in 0..200 {
        let at = f64::from(round) * 20.0;
        story.at(at + 1.0, &[("pain", 0.95), ("trust", 0.45), ("chaos", 0.9), ("clarity", 0.5)]);
        story.at(at + 10.0, &[("pain", 0.95), ("trust", 0.85), ("chaos", 0.45), ("clarity", 0.8)]);
    }
    story.at(4_010.0, &OK);
    let pain = artifacts(&story).into_iter().find(|artifact| artifact.id.contains("pain_critical_high")).unwrap();
    let trace = pain.record["sift"]["trace"].as_array().unwrap();
    assert_eq!(trace.len(), 65);
    assert_eq!(trace[64]["what"], "alert resolved");
    assert!(pain.record["sift"]["not_traced"].as_u64().unwrap() > 100);
    assert!(serde_json::to_string(&pain.record).unwrap().len() < domain::limits::ARTIFACT_BYTES / 2);
    assert_eq!(artifacts::check_value(&pain.record).status, ArtifactStatus::Warn);
}

/// Vitals that are not known at both ends changed by nobody knows what.
#[test]
fn what_is_stale_has_no_end() {
    let mut story = Chronicle::of(&[]);
    story.at(0.0, &OK);
    story.at(1.0, &[("pain", 0.95)]);
    story.repeat(2.0, 90.0, 1.0, &[("pain", 0.95)]);
    story.at(90.0, &[("pain", 0.3)]);
    let record = artifacts(&story).remove(0).record;
    let delta: Vec<&String> = record["delta"].as_object().unwrap().keys().collect();
    assert_eq!(delta, ["lasted_seconds", "pain"]);
    assert_eq!(record["omega"]["coverage_density"], 0.25);
    assert_eq!(artifacts::check_value(&record).status, ArtifactStatus::Warn);
}

#[test]
fn an_alert_that_an_earlier_version_opened_leaves_what_is_known() {
    let mut story = Chronicle::of(&[]);
    story.at(0.0, &OK);
    story.at(1.0, &[("pain", 0.95)]);
    story.forget("postmortems");
    story.at(31.0, &[("pain", 0.3)]);
    let record = artifacts(&story).remove(0).record;
    assert_eq!(record["sift"]["trace"].as_array().unwrap().len(), 1);
    assert_eq!(record["delta"].as_object().unwrap().len(), 1, "nothing but how long it lasted");
    assert_eq!(artifacts::check_value(&record).status, ArtifactStatus::Warn);
}

#[test]
fn one_that_somebody_wants_to_be_kept_is_kept_as_it_is() {
    let about = domain::About { alert: Some("3-2.pain".to_owned()), ..domain::About::default() };
    let record: Value = serde_json::json!({ "delta": {}, "more": [1, 2.5, null] });
    let command = Command::Record {
        status: ArtifactStatus::Ok,
        about: about.clone(),
        by: "Ann".to_owned(),
        record: record.clone(),
    };
    let mut story = Chronicle::of(&["artifact"]);
    story.at(0.0, &OK);
    assert_eq!(story.command(5.0, &command), ["5: artifact"]);
    let artifact = artifacts(&story).remove(0);
    assert_eq!((artifact.id.as_str(), artifact.about, artifact.record), ("3-2.artifact", about, record));
    assert_eq!((artifact.status, artifact.by.as_str()), (ArtifactStatus::Ok, "Ann"));
}
