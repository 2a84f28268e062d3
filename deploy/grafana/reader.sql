-- The role by which Grafana reads, and what of the log it may see: nothing of what the engine keeps for itself. Run it after
-- `iskra migrate`, as the owner of the tables, who must be allowed to make roles; again after an update. The password:
-- \password grafana
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grafana') THEN
        CREATE ROLE grafana LOGIN;
    END IF;
END $$;
ALTER ROLE grafana SET default_transaction_read_only = on;
-- A dashboard that asks for too much must not hold up the services.
ALTER ROLE grafana SET statement_timeout = '30s';
GRANT USAGE ON SCHEMA public TO grafana;
GRANT SELECT ON subjects, alerts, entries, experiments, artifacts TO grafana;
