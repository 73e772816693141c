-- +goose Up
-- A session that was ended stays until it expires, so that a request which
-- was under way when its user logged out cannot bring it back.
ALTER TABLE sessions ADD COLUMN ended boolean NOT NULL DEFAULT false;
