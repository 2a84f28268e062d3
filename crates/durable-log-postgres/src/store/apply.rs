use std::time::Duration;

use domain::{Timestamp, Vital};
use log_writer::{EntryRow, Plan, SampleRow, json, links, state_name};
use sqlx::postgres::{PgArguments, PgQueryResult};
use sqlx::query::Query;
use sqlx::{PgConnection, Postgres};
use summaries::align;

use super::stretch::Stretch;
use crate::moment::Moment;

/// Where the partition stood before the plan.
pub(super) struct Place {
    pub(super) stretch: Stretch,
    pub(super) recorded: Timestamp,
    pub(super) chunk: Duration,
}

/// Writes what a plan holds. False when something that it takes for new is there already.
pub(super) async fn apply(connection: &mut PgConnection, plan: &Plan, place: Place) -> sqlx::Result<bool> {
    if !plan.new_subjects.is_empty() {
        let (ids, names) =
            plan.new_subjects.iter().map(|(id, name, _)| (*id, name.as_str())).unzip::<_, _, Vec<_>, Vec<_>>();
        let partitions: Vec<i16> =
            plan.new_subjects.iter().map(|(_, _, partition)| partition.0.cast_signed()).collect();
        run(connection, sqlx::query(INSERT_SUBJECTS).bind(ids).bind(names).bind(partitions)).await?;
    }
    if !all_new(connection, insert_samples(&plan.samples), plan.samples.len()).await?
        || !all_new(connection, insert_entries(&plan.rows), plan.rows.len()).await?
    {
        return Ok(false);
    }
    for (statement, bodies) in [(UPSERT_VERDICTS, &plan.verdicts), (UPSERT_PRESENCES, &plan.presences)] {
        if !bodies.is_empty() {
            let (ids, bodies): (Vec<i64>, Vec<&str>) = bodies.iter().map(|(id, body)| (*id, body.as_str())).unzip();
            run(connection, sqlx::query(statement).bind(ids).bind(bodies)).await?;
        }
    }
    if !plan.alerts.is_empty() {
        run(connection, upsert_alerts(plan)).await?;
    }
    if !plan.experiments.is_empty() {
        run(connection, upsert_experiments(plan)).await?;
    }
    if !plan.artifacts.is_empty() {
        run(connection, insert_artifacts(plan)).await?;
        run(connection, insert_links(plan)).await?;
    }
    if !plan.engine_subjects.is_empty() {
        let ids: Vec<i64> = plan.engine_subjects.keys().copied().collect();
        let (partitions, states): (Vec<i16>, Vec<&str>) =
            plan.engine_subjects.values().map(|(partition, state)| (partition.0.cast_signed(), state.as_str())).unzip();
        run(connection, sqlx::query(UPSERT_ENGINE_SUBJECTS).bind(ids).bind(partitions).bind(states)).await?;
    }
    update_heads(connection, plan, place).await?;
    Ok(true)
}

type Statement<'q> = Query<'q, Postgres, PgArguments>;

async fn run(connection: &mut PgConnection, statement: Statement<'_>) -> sqlx::Result<PgQueryResult> {
    statement.execute(connection).await
}

async fn all_new(connection: &mut PgConnection, statement: Statement<'_>, rows: usize) -> sqlx::Result<bool> {
    Ok(rows == 0 || run(connection, statement).await?.rows_affected() == rows as u64)
}

/// One array for each column, however many rows: one prepared statement serves all.
fn insert_samples(rows: &[SampleRow]) -> Statement<'_> {
    let scores = |vital: Vital| rows.iter().map(|row| row.score(vital)).collect::<Vec<Option<f64>>>();
    let mut insert = sqlx::query(INSERT_SAMPLES)
        .bind(rows.iter().map(|row| row.subject_id).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| Moment(row.at)).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.partition.0.cast_signed()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.seq.cast_signed()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| Moment(row.recorded)).collect::<Vec<_>>());
    for vital in Vital::ALL {
        insert = insert.bind(scores(vital));
    }
    insert.bind(rows.iter().map(|row| row.content.signals.as_deref()).collect::<Vec<_>>())
}

fn insert_entries(rows: &[EntryRow]) -> Statement<'_> {
    sqlx::query(INSERT_ENTRIES)
        .bind(rows.iter().map(|row| row.partition.0.cast_signed()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.seq.cast_signed()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| Moment(row.recorded)).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.kind).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.subject_id).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.id.as_deref()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.what).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.at.map(Moment)).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.body.as_str()).collect::<Vec<_>>())
}

fn upsert_alerts(plan: &Plan) -> Statement<'_> {
    let alerts = || plan.alerts.values().map(|(_, alert)| alert);
    sqlx::query(UPSERT_ALERTS)
        .bind(alerts().map(|alert| alert.id.as_str()).collect::<Vec<_>>())
        .bind(plan.alerts.values().map(|(subject_id, _)| *subject_id).collect::<Vec<_>>())
        .bind(alerts().map(|alert| state_name(alert.state)).collect::<Vec<_>>())
        .bind(alerts().map(|alert| Moment(alert.opened_at)).collect::<Vec<_>>())
        .bind(alerts().map(|alert| alert.resolved_at.map(Moment)).collect::<Vec<_>>())
        .bind(alerts().map(json).collect::<Vec<_>>())
}

fn upsert_experiments(plan: &Plan) -> Statement<'_> {
    let experiments = || plan.experiments.values().map(|(_, experiment)| experiment);
    let ended = experiments().map(|experiment| experiment.ended.as_ref().map(|end| Moment(end.at)));
    sqlx::query(UPSERT_EXPERIMENTS)
        .bind(experiments().map(|experiment| experiment.id.as_str()).collect::<Vec<_>>())
        .bind(plan.experiments.values().map(|(subject_id, _)| *subject_id).collect::<Vec<_>>())
        .bind(experiments().map(|experiment| Moment(experiment.from)).collect::<Vec<_>>())
        .bind(ended.collect::<Vec<_>>())
        .bind(experiments().map(json).collect::<Vec<_>>())
}

fn insert_artifacts(plan: &Plan) -> Statement<'_> {
    let artifacts = || plan.artifacts.iter().map(|(_, artifact)| artifact);
    sqlx::query(INSERT_ARTIFACTS)
        .bind(artifacts().map(|artifact| artifact.id.as_str()).collect::<Vec<_>>())
        .bind(plan.artifacts.iter().map(|(subject_id, _)| *subject_id).collect::<Vec<_>>())
        .bind(artifacts().map(|artifact| Moment(artifact.at)).collect::<Vec<_>>())
        .bind(artifacts().map(json).collect::<Vec<_>>())
}

fn insert_links(plan: &Plan) -> Statement<'_> {
    let (mut abouts, mut kinds, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    for (_, artifact) in &plan.artifacts {
        for (kind, about) in links(artifact) {
            abouts.push(about);
            kinds.push(kind);
            ids.push(artifact.id.as_str());
        }
    }
    sqlx::query(INSERT_LINKS).bind(abouts).bind(kinds).bind(ids)
}

async fn update_heads(connection: &mut PgConnection, plan: &Plan, place: Place) -> sqlx::Result<()> {
    let Place { mut stretch, recorded, chunk } = place;
    let times = || plan.samples.iter().map(|row| row.at);
    let span = times().min().zip(times().max());
    stretch.cover(span);
    for (partition, head) in plan.changed_heads() {
        let partition = partition.0.cast_signed();
        let is_next_chunk = align(recorded, chunk) != align(head.recorded, chunk);
        if let Some(full) = stretch.end(head.seq, is_next_chunk) {
            let insert = sqlx::query(INSERT_STRETCH)
                .bind(partition)
                .bind(head.seq.cast_signed())
                .bind(Moment(head.recorded))
                .bind(full.span.map(|(oldest, _)| Moment(oldest)))
                .bind(full.span.map(|(_, newest)| Moment(newest)));
            run(connection, insert).await?;
        }
        let update = sqlx::query(UPDATE_HEAD)
            .bind(partition)
            .bind(head.seq.cast_signed())
            .bind(Moment(head.recorded))
            .bind(head.fence.cast_signed())
            .bind(head.engine_through.cast_signed())
            .bind(Moment(head.engine_now))
            .bind(head.saved_through.cast_signed())
            .bind(Moment(head.saved_now))
            .bind(stretch.after.cast_signed())
            .bind(stretch.span.map(|(oldest, _)| Moment(oldest)))
            .bind(stretch.span.map(|(_, newest)| Moment(newest)))
            .bind(span.map(|(oldest, _)| Moment(oldest)))
            .bind(span.map(|(_, newest)| Moment(newest)));
        run(connection, update).await?;
    }
    Ok(())
}

const INSERT_SUBJECTS: &str = "
    INSERT INTO subjects (id, name, partition) SELECT * FROM unnest($1::bigint[], $2::text[], $3::smallint[])";

const INSERT_SAMPLES: &str = "
    INSERT INTO samples (subject_id, at, partition, seq, recorded, clarity, chaos, trust, pain, signals)
    SELECT subject_id, at, partition, seq, recorded, clarity, chaos, trust, pain, signals::json
    FROM unnest($1::bigint[], $2::timestamptz[], $3::smallint[], $4::bigint[], $5::timestamptz[], $6::float8[],
        $7::float8[], $8::float8[], $9::float8[], $10::text[])
        AS new (subject_id, at, partition, seq, recorded, clarity, chaos, trust, pain, signals)
    ON CONFLICT DO NOTHING";

const INSERT_ENTRIES: &str = "
    INSERT INTO entries (partition, seq, recorded, kind, subject_id, id, what, at, body)
    SELECT partition, seq, recorded, kind, subject_id, id, what, at, body::json
    FROM unnest($1::smallint[], $2::bigint[], $3::timestamptz[], $4::text[], $5::bigint[], $6::text[], $7::text[],
        $8::timestamptz[], $9::text[])
        AS new (partition, seq, recorded, kind, subject_id, id, what, at, body)
    ON CONFLICT DO NOTHING";

const UPSERT_VERDICTS: &str = "
    INSERT INTO verdicts (subject_id, body)
    SELECT subject_id, body::json FROM unnest($1::bigint[], $2::text[]) AS new (subject_id, body)
    ON CONFLICT (subject_id) DO UPDATE SET body = excluded.body";

const UPSERT_PRESENCES: &str = "
    INSERT INTO presences (subject_id, body)
    SELECT subject_id, body::json FROM unnest($1::bigint[], $2::text[]) AS new (subject_id, body)
    ON CONFLICT (subject_id) DO UPDATE SET body = excluded.body";

const UPSERT_ALERTS: &str = "
    INSERT INTO alerts (id, subject_id, state, opened_at, resolved_at, body)
    SELECT id, subject_id, state, opened_at, resolved_at, body::json
    FROM unnest($1::text[], $2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[])
        AS new (id, subject_id, state, opened_at, resolved_at, body)
    ON CONFLICT (id) DO UPDATE SET
        state = excluded.state, opened_at = excluded.opened_at, resolved_at = excluded.resolved_at, body = excluded.body";

const UPSERT_EXPERIMENTS: &str = "
    INSERT INTO experiments (id, subject_id, began_at, ended_at, body)
    SELECT id, subject_id, began_at, ended_at, body::json
    FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::text[])
        AS new (id, subject_id, began_at, ended_at, body)
    ON CONFLICT (id) DO UPDATE SET began_at = excluded.began_at, ended_at = excluded.ended_at, body = excluded.body";

const INSERT_ARTIFACTS: &str = "
    INSERT INTO artifacts (id, subject_id, at, body)
    SELECT id, subject_id, at, body::json
    FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::text[]) AS new (id, subject_id, at, body)
    ON CONFLICT DO NOTHING";

const INSERT_LINKS: &str = "
    INSERT INTO artifact_links (about, kind, artifact) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
    ON CONFLICT DO NOTHING";

const UPSERT_ENGINE_SUBJECTS: &str = "
    INSERT INTO engine_subjects (subject_id, partition, state)
    SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::text[])
    ON CONFLICT (subject_id) DO UPDATE SET state = excluded.state";

const INSERT_STRETCH: &str = "
    INSERT INTO stretches (partition, through, recorded, oldest, newest) VALUES ($1, $2, $3, $4, $5)";

/// What is fresh is for the version before, which sums up in its own tables. Where it wrote, nobody knows what it wrote.
const UPDATE_HEAD: &str = "
    UPDATE heads SET seq = $2, recorded = $3, fence = $4, engine_through = $5, engine_now = $6,
        checkpoint = $7, checkpoint_now = $8, checkpoint_of = $5,
        stretch_after = $9, stretch_oldest = $10, stretch_newest = $11,
        fresh_oldest = least(fresh_oldest, $12), fresh_newest = greatest(fresh_newest, $13),
        unsummed_oldest = CASE WHEN unsummed_through = seq THEN least(unsummed_oldest, $12) ELSE '-infinity' END,
        unsummed_newest = CASE WHEN unsummed_through = seq THEN greatest(unsummed_newest, $13) ELSE 'infinity' END,
        unsummed_through = $2
    WHERE partition = $1";
