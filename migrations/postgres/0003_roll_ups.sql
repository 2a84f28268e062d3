-- Summaries of the past: of ten seconds, of a minute, of an hour. Each row says of each vital its least and greatest
-- value, the sum and count for the mean, and the last value. With TimescaleDB they are continuous aggregates, each made
-- from the finer one; without it they are tables in chunks like the samples, which the service fills in the same way.

-- How far each partition is summed up, and what is being summed up now: entries until a number, with samples measured
-- between these times.
CREATE TABLE roll_ups (
    partition       smallint PRIMARY KEY,
    through         bigint   NOT NULL DEFAULT 0,
    pending_through bigint,
    pending_oldest  timestamptz,
    pending_newest  timestamptz
);

DO $$
DECLARE
    vitals    text[] := ARRAY['clarity', 'chaos', 'trust', 'pain'];
    columns   text;
    first_one text;
    next_one  text;
    level     record;
BEGIN
    -- The edition under the Apache licence has neither compression nor continuous aggregates.
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')
        AND current_setting('timescaledb.license', true) = 'timescale'
    THEN
        SELECT string_agg(format(
            'min(%1$s) AS %1$s_min, max(%1$s) AS %1$s_max, sum(%1$s) AS %1$s_sum, count(%1$s) AS %1$s_count,
            last(%1$s, at) FILTER (WHERE %1$s IS NOT NULL) AS %1$s_last', vital), ', ')
        INTO first_one FROM unnest(vitals) AS vital;
        SELECT string_agg(format(
            'min(%1$s_min) AS %1$s_min, max(%1$s_max) AS %1$s_max, sum(%1$s_sum) AS %1$s_sum,
            sum(%1$s_count)::bigint AS %1$s_count,
            last(%1$s_last, bucket) FILTER (WHERE %1$s_last IS NOT NULL) AS %1$s_last', vital), ', ')
        INTO next_one FROM unnest(vitals) AS vital;
        EXECUTE format('
            CREATE MATERIALIZED VIEW samples_10s WITH (timescaledb.continuous, timescaledb.materialized_only = true) AS
            SELECT subject_id, time_bucket(''10 seconds'', at) AS bucket, %s FROM samples GROUP BY 1, 2
            WITH NO DATA', first_one);
        EXECUTE format('
            CREATE MATERIALIZED VIEW samples_1m WITH (timescaledb.continuous, timescaledb.materialized_only = true) AS
            SELECT subject_id, time_bucket(''1 minute'', bucket) AS bucket, %s FROM samples_10s GROUP BY 1, 2
            WITH NO DATA', next_one);
        EXECUTE format('
            CREATE MATERIALIZED VIEW samples_1h WITH (timescaledb.continuous, timescaledb.materialized_only = true) AS
            SELECT subject_id, time_bucket(''1 hour'', bucket) AS bucket, %s FROM samples_1m GROUP BY 1, 2
            WITH NO DATA', next_one);
    ELSE
        SELECT string_agg(format(
            '%1$s_min double precision, %1$s_max double precision, %1$s_sum double precision,
            %1$s_count bigint NOT NULL, %1$s_last double precision', vital), ', ')
        INTO columns FROM unnest(vitals) AS vital;
        FOR level IN SELECT unnest(ARRAY['samples_10s', 'samples_1m', 'samples_1h']) AS name LOOP
            EXECUTE format('
                CREATE TABLE %I (subject_id bigint NOT NULL, bucket timestamptz NOT NULL, %s,
                PRIMARY KEY (subject_id, bucket)) PARTITION BY RANGE (bucket)', level.name, columns);
        END LOOP;
    END IF;
END $$;
