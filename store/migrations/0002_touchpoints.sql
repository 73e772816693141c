-- +goose Up
CREATE TABLE import_runs (
    id          text PRIMARY KEY,
    kind        text NOT NULL,
    file        text NOT NULL,
    sha256      text NOT NULL DEFAULT '',
    status      text NOT NULL,
    dry_run     boolean NOT NULL DEFAULT false,
    started_by  text NOT NULL,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    rows        integer NOT NULL DEFAULT 0,
    added       integer NOT NULL DEFAULT 0,
    unchanged   integer NOT NULL DEFAULT 0,
    updated     integer NOT NULL DEFAULT 0,
    invalid     integer NOT NULL DEFAULT 0,
    conflicts   integer NOT NULL DEFAULT 0,
    resume_from integer NOT NULL DEFAULT 0,
    problems    jsonb NOT NULL DEFAULT '[]',
    CONSTRAINT import_runs_kind CHECK (kind IN ('touchpoints', 'customers', 'staff', 'orgs')),
    CONSTRAINT import_runs_status CHECK (status IN ('running', 'done', 'refused', 'interrupted'))
);
COMMENT ON TABLE import_runs IS 'Imports of files. rows counts what is done and is written in the transaction of the batch, so that an import resumes where it stopped.';
CREATE INDEX import_runs_started_at ON import_runs (started_at, id);
CREATE INDEX import_runs_sha256 ON import_runs (sha256);

CREATE TABLE touchpoint_keys (
    id           text COLLATE "C" PRIMARY KEY CONSTRAINT touchpoint_keys_id_given CHECK (id <> ''),
    occurred_at  timestamptz NOT NULL,
    content_hash uuid NOT NULL
);
COMMENT ON TABLE touchpoint_keys IS 'Makes touchpoint ids unique over all partitions, says in which one to look, and tells a repetition from a conflict.';
COMMENT ON COLUMN touchpoint_keys.content_hash IS 'First half of a SHA-256.';

CREATE TABLE touchpoints (
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    id          text COLLATE "C" NOT NULL,
    occurred_at timestamptz NOT NULL,
    channel     text COLLATE "C" NOT NULL,
    customer_id text COLLATE "C" NOT NULL,
    agent_id    text COLLATE "C" NOT NULL,
    org_id      text COLLATE "C" NOT NULL,
    product     text COLLATE "C" NOT NULL,
    speaker     text NOT NULL,
    text        text NOT NULL,
    turns       json,
    attributes  jsonb,
    import_id   text NOT NULL,
    CONSTRAINT touchpoints_key PRIMARY KEY (occurred_at, id),
    CONSTRAINT touchpoints_channel CHECK (channel IN ('telemarketing_call', 'service_chat', 'service_call',
        'collection_call', 'sms_push', 'partner_page', 'complaint', 'social_post'))
) PARTITION BY RANGE (occurred_at);
COMMENT ON TABLE touchpoints IS 'Contacts with consumers, one partition a month of Beijing time. Rows never change. Ids sort by bytes, on every server alike.';
COMMENT ON COLUMN touchpoints.seq IS 'Order of ingest: what has a number up to a high-water mark was there when the mark was taken.';
COMMENT ON COLUMN touchpoints.text IS 'The whole text; of turns, their texts joined by line feeds.';
COMMENT ON COLUMN touchpoints.turns IS 'How text divides into turns: speaker, length in bytes, time. Null if it came as one text.';
CREATE INDEX touchpoints_seq ON touchpoints (seq);
CREATE INDEX touchpoints_customer ON touchpoints (customer_id, occurred_at);
CREATE INDEX touchpoints_agent ON touchpoints (agent_id, occurred_at);
CREATE INDEX touchpoints_org ON touchpoints (org_id, occurred_at);
CREATE INDEX touchpoints_channel ON touchpoints (channel, occurred_at);
CREATE INDEX touchpoints_import ON touchpoints USING brin (import_id); -- the rows of an import lie together

CREATE TABLE products (
    product text COLLATE "C" PRIMARY KEY
);
COMMENT ON TABLE products IS 'Product codes that touchpoints name, for the choices of filters.';
