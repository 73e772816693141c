#!/bin/sh
# Brings Temporal's two databases to the schema of this version. Run again, it
# applies what is new and nothing else.
set -eu

schemas=${SCHEMA_DIR:-/etc/temporal/schema/postgresql/v12}

bring_up() { # bring_up DATABASE SCHEMA
	sql="temporal-sql-tool --plugin postgres12 --endpoint $SQL_HOST --port $SQL_PORT --user $SQL_USER --database $1"
	$sql setup-schema --version 0.0 # leaves a newer version as it is
	$sql update-schema --schema-dir "$schemas/$2/versioned"
}

bring_up temporal temporal
bring_up temporal_visibility visibility
