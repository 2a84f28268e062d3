#!/bin/sh
# Run once, when the database is made: who may do what in it. The services own their tables and nothing else; Grafana reads.
set -eu

secret() { cat "/run/secrets/$1"; }

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --set=iskra="$(secret database-password)" --set=grafana="$(secret grafana-database-password)" --set=name="$POSTGRES_DB" <<'SQL'
CREATE ROLE iskra LOGIN PASSWORD :'iskra';
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
ALTER DATABASE :"name" OWNER TO iskra;
ALTER SCHEMA public OWNER TO iskra;

-- What it may see, deploy/grafana/reader.sql says once the tables are there.
CREATE ROLE grafana LOGIN PASSWORD :'grafana';
GRANT CONNECT ON DATABASE :"name" TO grafana;
SQL
