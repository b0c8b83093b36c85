#!/bin/sh
# Run by the PostgreSQL image on an empty volume: the role and the database of our store, apart from Temporal's.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE chairside LOGIN PASSWORD :'password';
CREATE DATABASE chairside OWNER chairside;
SQL
