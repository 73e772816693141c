-- +goose Up
ALTER TABLE import_runs ADD COLUMN mapping_sha256 text NOT NULL DEFAULT '';
COMMENT ON COLUMN import_runs.mapping_sha256 IS 'Of the mapping that the file was read with; an import is resumed with the same one only.';
