-- +goose Up
-- When the password was last set. A session of the console holds the moment
-- it began with, and is over when that is no longer the present one.
ALTER TABLE users ADD COLUMN credentials_at timestamptz NOT NULL DEFAULT now();
