-- +goose Up
CREATE TABLE audit (
    seq    bigint PRIMARY KEY,
    at     timestamptz NOT NULL,
    by     text NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    detail text NOT NULL,
    origin text NOT NULL,
    prev   text NOT NULL,
    hash   text NOT NULL,
    CONSTRAINT audit_seq CHECK (seq > 0),
    CONSTRAINT audit_action CHECK (action <> '')
);
COMMENT ON TABLE audit IS 'Who did what. Append-only; hash covers the entry and the hash before it, so that a change anywhere shows.';
CREATE INDEX audit_object ON audit (object, seq);
CREATE INDEX audit_by ON audit (by, seq);
CREATE INDEX audit_at ON audit (at, seq);

CREATE TABLE audit_head (
    one  boolean PRIMARY KEY DEFAULT true,
    seq  bigint NOT NULL,
    hash text NOT NULL,
    CONSTRAINT audit_head_only_one CHECK (one)
);
COMMENT ON TABLE audit_head IS 'The last link of the audit trail, so that entries missing at its end show.';
INSERT INTO audit_head (seq, hash) VALUES (0, '');

-- +goose StatementBegin
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
