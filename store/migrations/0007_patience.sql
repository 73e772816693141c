-- +goose Up
-- How long people have, as it was ordered: whoever starts a procedure after a
-- crash finds it here. 0 is the house's usual time.
ALTER TABLE inspections
    ADD COLUMN adjudicate_seconds double precision NOT NULL DEFAULT 0,
    ADD COLUMN answer_seconds     double precision NOT NULL DEFAULT 0,
    ADD CONSTRAINT inspections_patience CHECK (adjudicate_seconds >= 0 AND answer_seconds >= 0);
COMMENT ON TABLE inspections IS 'Inspections. Only their workflow changes the status; when that has ended without the last step, the desk closes them as cancelled.';
