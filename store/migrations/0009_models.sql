-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END;
$$;
-- +goose StatementEnd

CREATE TABLE llm_calls (
    seq         bigint PRIMARY KEY,
    at          timestamptz NOT NULL,
    record      text NOT NULL,
    answer_hash text NOT NULL,
    prev        text NOT NULL,
    hash        text NOT NULL,
    call_id     text GENERATED ALWAYS AS (record::jsonb ->> 'id') STORED,
    stage       text GENERATED ALWAYS AS (record::jsonb ->> 'stage') STORED,
    key         text GENERATED ALWAYS AS (record::jsonb ->> 'key') STORED,
    case_id     text GENERATED ALWAYS AS (coalesce(record::jsonb ->> 'case', '')) STORED,
    purpose     text GENERATED ALWAYS AS (record::jsonb ->> 'purpose') STORED,
    endpoint    text GENERATED ALWAYS AS (record::jsonb ->> 'endpoint') STORED,
    trouble     text GENERATED ALWAYS AS (coalesce(record::jsonb ->> 'trouble', '')) STORED,
    CONSTRAINT llm_calls_seq CHECK (seq > 0),
    CONSTRAINT llm_calls_stage CHECK (stage IN ('begun', 'ended')),
    CONSTRAINT llm_calls_named CHECK (call_id <> '' AND endpoint <> ''),
    CONSTRAINT llm_calls_once UNIQUE (call_id, stage)
);
COMMENT ON TABLE llm_calls IS 'What models were asked, two rows for each attempt. Append-only; hash covers the row and the hash before it. record is the whole call as JSON, which holds no text; the other columns are read out of it.';
CREATE INDEX llm_calls_key ON llm_calls (key) WHERE stage = 'ended';
CREATE INDEX llm_calls_case ON llm_calls (case_id, seq) WHERE case_id <> '';
CREATE INDEX llm_calls_at ON llm_calls (at, seq);
CREATE TRIGGER llm_calls_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON llm_calls
    FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();

CREATE TABLE llm_calls_head (
    one  boolean PRIMARY KEY DEFAULT true,
    seq  bigint NOT NULL,
    hash text NOT NULL,
    CONSTRAINT llm_calls_head_only_one CHECK (one)
);
COMMENT ON TABLE llm_calls_head IS 'The last link of the calls, so that calls missing at the end show.';
INSERT INTO llm_calls_head (seq, hash) VALUES (0, '');

CREATE TABLE llm_outputs (
    seq    bigint PRIMARY KEY CONSTRAINT llm_outputs_call REFERENCES llm_calls (seq),
    answer bytea NOT NULL
);
COMMENT ON TABLE llm_outputs IS 'The validated, masked answers of ended calls. They may be removed when their time is over; their digests stay in llm_calls.';

CREATE TABLE llm_answers (
    key    text PRIMARY KEY,
    answer bytea NOT NULL,
    until  timestamptz NOT NULL
);
COMMENT ON TABLE llm_answers IS 'Masked answers that serve for the same question again.';
CREATE INDEX llm_answers_until ON llm_answers (until);

CREATE TABLE llm_days (
    endpoint     text NOT NULL,
    day          date NOT NULL,
    calls        integer NOT NULL DEFAULT 0,
    failed       integer NOT NULL DEFAULT 0,
    tokens       bigint NOT NULL DEFAULT 0,
    cost         double precision NOT NULL DEFAULT 0,
    currency     text NOT NULL DEFAULT '',
    limit_tokens bigint NOT NULL DEFAULT 0,
    limit_cost   double precision NOT NULL DEFAULT 0,
    PRIMARY KEY (endpoint, day)
);
COMMENT ON TABLE llm_days IS 'What each endpoint used on each day, Beijing time, with what is reserved for calls under way.';

CREATE TABLE llm_switches (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint text NOT NULL,
    off      boolean NOT NULL,
    by       text NOT NULL,
    at       timestamptz NOT NULL,
    reason   text NOT NULL,
    CONSTRAINT llm_switches_endpoint CHECK (endpoint IN ('primary', 'second', 'all')),
    CONSTRAINT llm_switches_reason CHECK (reason <> '')
);
COMMENT ON TABLE llm_switches IS 'Who turned models off and on, and why. The latest row of an endpoint holds.';
CREATE INDEX llm_switches_latest ON llm_switches (endpoint, id DESC);
CREATE TRIGGER llm_switches_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON llm_switches
    FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();

CREATE TABLE local_models (
    version      text PRIMARY KEY,
    content      bytea NOT NULL,
    report       jsonb NOT NULL,
    published_by text NOT NULL,
    published_at timestamptz NOT NULL,
    active       boolean NOT NULL DEFAULT false,
    CONSTRAINT local_models_version CHECK (version <> '')
);
COMMENT ON TABLE local_models IS 'Versions of the local model. New inspections go by the active one; older ones stay for those under way and for the record.';
CREATE UNIQUE INDEX local_models_one_active ON local_models (active) WHERE active;

CREATE TABLE inspection_cascades (
    inspection text PRIMARY KEY CONSTRAINT inspection_cascades_inspection REFERENCES inspections (id),
    plan       jsonb NOT NULL,
    gathered   jsonb
);
COMMENT ON TABLE inspection_cascades IS 'What each inspection goes by beyond rules, fixed when it was drawn, and how what rules left undecided was shared out.';

CREATE TABLE undecided (
    inspection  text NOT NULL CONSTRAINT undecided_cascade REFERENCES inspection_cascades (inspection),
    touchpoint  text COLLATE "C" NOT NULL,
    occurred_at timestamptz NOT NULL,
    suspicions  jsonb NOT NULL,
    likelihood  double precision NOT NULL,
    batch       integer NOT NULL DEFAULT 0,
    outcome     text NOT NULL DEFAULT 'waiting',
    why         text NOT NULL DEFAULT '',
    asked       boolean NOT NULL DEFAULT false,
    opinion     jsonb,
    by          text NOT NULL DEFAULT '',
    PRIMARY KEY (inspection, touchpoint),
    CONSTRAINT undecided_outcome CHECK (outcome IN ('waiting', 'shown', 'cleared', 'disputed', 'people', 'left')),
    CONSTRAINT undecided_likelihood CHECK (likelihood BETWEEN 0 AND 1)
);
COMMENT ON TABLE undecided IS 'Touchpoints of inspections that neither rules nor the local model decided, and what became of them. opinion is what the first model said where the second was to be asked.';
CREATE INDEX undecided_best ON undecided (inspection, likelihood DESC, touchpoint);
CREATE INDEX undecided_open ON undecided (inspection, batch, outcome) WHERE outcome IN ('waiting', 'disputed');

CREATE TABLE consultations (
    id       text PRIMARY KEY,
    purpose  text NOT NULL,
    org_id   text NOT NULL DEFAULT '',
    by       text NOT NULL,
    at       timestamptz NOT NULL,
    status   text NOT NULL DEFAULT 'asked',
    engine   text NOT NULL DEFAULT '',
    version  text NOT NULL DEFAULT '',
    trouble  text NOT NULL DEFAULT '',
    injected boolean NOT NULL DEFAULT false,
    dropped  integer NOT NULL DEFAULT 0,
    answer   jsonb,
    ended_at timestamptz,
    CONSTRAINT consultations_status CHECK (status IN ('asked', 'answered', 'failed')),
    CONSTRAINT consultations_answer CHECK ((status = 'answered') = (answer IS NOT NULL)),
    CONSTRAINT consultations_ended CHECK ((status = 'asked') = (ended_at IS NULL))
);
COMMENT ON TABLE consultations IS 'Questions about single documents. Personal data in an answer is replaced by tokens.';
CREATE INDEX consultations_at ON consultations (at, id);

CREATE TABLE consultation_documents (
    consultation text PRIMARY KEY CONSTRAINT consultation_documents_consultation REFERENCES consultations (id),
    document     jsonb NOT NULL
);
COMMENT ON TABLE consultation_documents IS 'What consultations are about, as it came. Only this package reads it; it may be removed when its time is over.';

CREATE TABLE privacy_maps (
    about  text PRIMARY KEY,
    sealed bytea NOT NULL,
    at     timestamptz NOT NULL
);
COMMENT ON TABLE privacy_maps IS 'What the tokens of masked texts stand for, encrypted with a key that is not in the database.';

CREATE TABLE evaluations (
    id        text PRIMARY KEY,
    name      text NOT NULL,
    task      text NOT NULL,
    engine    text NOT NULL,
    data_hash text NOT NULL,
    body      jsonb NOT NULL,
    by        text NOT NULL,
    at        timestamptz NOT NULL,
    CONSTRAINT evaluations_name CHECK (name <> '')
);
COMMENT ON TABLE evaluations IS 'How well engines did on labelled data. Append-only; no text.';
CREATE INDEX evaluations_at ON evaluations (at, id);
CREATE TRIGGER evaluations_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evaluations
    FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
