use domain::Timestamp;
use log_writer::{EntryRow, Failure, Plan, json, links, state_name};
use sqlx::SqliteConnection;

use super::script::Script;
use crate::bulk::insert_samples;

/// Writes what a plan holds, and commits it.
pub(super) async fn apply(connection: &mut SqliteConnection, plan: &Plan) -> Result<(), Failure> {
    // Before the rest, and before their subjects: no table refers to another.
    insert_samples(connection, &plan.samples).await.map_err(Failure::before_commit("writing samples"))?;
    let mut script = Script::default();
    let subjects: Vec<_> = plan.new_subjects.iter().map(|(id, name, p)| (id, name, p.0)).collect();
    script.add("writing subjects", INSERT_SUBJECTS, &subjects);
    let entries: Vec<_> = plan
        .rows
        .iter()
        .map(|row| {
            let EntryRow { partition, seq, recorded, kind, subject_id, id, what, at, body } = row;
            let at = at.map(Timestamp::as_micros);
            (partition.0, seq, recorded.as_micros(), kind, subject_id, id, what, at, body)
        })
        .collect();
    script.add("writing entries", INSERT_ENTRIES, &entries);
    let verdicts: Vec<_> = plan.verdicts.iter().collect();
    script.add("writing verdicts", UPSERT_VERDICTS, &verdicts);
    let presences: Vec<_> = plan.presences.iter().collect();
    script.add("writing presences", UPSERT_PRESENCES, &presences);
    let alerts: Vec<_> = plan
        .alerts
        .values()
        .map(|(subject_id, alert)| {
            let resolved_at = alert.resolved_at.map(Timestamp::as_micros);
            (&alert.id, subject_id, state_name(alert.state), alert.opened_at.as_micros(), resolved_at, json(alert))
        })
        .collect();
    script.add("writing alerts", UPSERT_ALERTS, &alerts);
    let experiments: Vec<_> = plan
        .experiments
        .values()
        .map(|(subject_id, experiment)| {
            let ended_at = experiment.ended.as_ref().map(|end| end.at.as_micros());
            (&experiment.id, subject_id, experiment.from.as_micros(), ended_at, json(experiment))
        })
        .collect();
    script.add("writing experiments", UPSERT_EXPERIMENTS, &experiments);
    let artifacts: Vec<_> = plan
        .artifacts
        .iter()
        .map(|(subject_id, artifact)| (&artifact.id, subject_id, artifact.at.as_micros(), json(artifact)))
        .collect();
    script.add("writing artifacts", INSERT_ARTIFACTS, &artifacts);
    let of_artifacts: Vec<_> = plan
        .artifacts
        .iter()
        .flat_map(|(_, artifact)| links(artifact).map(|(kind, about)| (about, kind, &artifact.id)))
        .collect();
    script.add("writing what artifacts belong to", INSERT_LINKS, &of_artifacts);
    let engine: Vec<_> = plan.engine_subjects.iter().map(|(id, (p, state))| (id, p.0, state)).collect();
    script.add("writing the engine's state", UPSERT_ENGINE_SUBJECTS, &engine);
    let heads: Vec<_> = plan
        .changed_heads()
        .map(|(p, head)| {
            let (recorded, now) = (head.recorded.as_micros(), head.engine_now.as_micros());
            let saved = (head.saved_through, head.saved_now.as_micros());
            let times = || plan.samples.iter().filter(|row| row.partition == p).map(|row| row.at.as_micros());
            (
                p.0,
                head.seq,
                recorded,
                head.fence,
                head.engine_through,
                now,
                times().min(),
                times().max(),
                saved.0,
                saved.1,
            )
        })
        .collect();
    script.add("writing the heads", UPDATE_HEADS, &heads);
    script.commit(connection).await
}

const INSERT_SUBJECTS: &str = "
    INSERT INTO subjects (id, name, partition)
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)";

const INSERT_ENTRIES: &str = "
    INSERT INTO entries (partition, seq, recorded, kind, subject_id, id, what, at, body)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
        value ->> 8
    FROM json_each(?)";

// `WHERE true` tells the parser that the ON of the upsert does not belong to a join.
const UPSERT_VERDICTS: &str = "
    INSERT INTO verdicts (subject_id, body)
    SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true
    ON CONFLICT (subject_id) DO UPDATE SET body = excluded.body";

const UPSERT_PRESENCES: &str = "
    INSERT INTO presences (subject_id, body)
    SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true
    ON CONFLICT (subject_id) DO UPDATE SET body = excluded.body";

const UPSERT_ALERTS: &str = "
    INSERT INTO alerts (id, subject_id, state, opened_at, resolved_at, body)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?) WHERE true
    ON CONFLICT (id) DO UPDATE SET
        state = excluded.state, opened_at = excluded.opened_at, resolved_at = excluded.resolved_at, body = excluded.body";

const UPSERT_EXPERIMENTS: &str = "
    INSERT INTO experiments (id, subject_id, began_at, ended_at, body)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?) WHERE true
    ON CONFLICT (id) DO UPDATE SET began_at = excluded.began_at, ended_at = excluded.ended_at, body = excluded.body";

const INSERT_ARTIFACTS: &str = "
    INSERT INTO artifacts (id, subject_id, at, body)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true
    ON CONFLICT DO NOTHING";

const INSERT_LINKS: &str = "
    INSERT INTO artifact_links (about, kind, artifact)
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
    ON CONFLICT DO NOTHING";

const UPSERT_ENGINE_SUBJECTS: &str = "
    INSERT INTO engine_subjects (subject_id, partition, state)
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
    ON CONFLICT (subject_id) DO UPDATE SET state = excluded.state";

/// Where a version wrote that says nothing of what is not summed up, nobody knows what it wrote.
const UPDATE_HEADS: &str = "
    UPDATE heads SET
        seq = new.value ->> 1, recorded = new.value ->> 2, fence = new.value ->> 3,
        engine_through = new.value ->> 4, engine_now = new.value ->> 5,
        checkpoint = new.value ->> 8, checkpoint_now = new.value ->> 9, checkpoint_of = new.value ->> 4,
        unsummed_oldest = CASE WHEN unsummed_through = seq
            THEN coalesce(min(unsummed_oldest, new.value ->> 6), unsummed_oldest, new.value ->> 6)
            ELSE -0x7fffffffffffffff END,
        unsummed_newest = CASE WHEN unsummed_through = seq
            THEN coalesce(max(unsummed_newest, new.value ->> 7), unsummed_newest, new.value ->> 7)
            ELSE 0x7fffffffffffffff END,
        unsummed_through = new.value ->> 1
    FROM json_each(?) AS new WHERE heads.partition = new.value ->> 0";
