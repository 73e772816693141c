-- +goose Up
CREATE TYPE level AS ENUM ('none', 'blue', 'yellow', 'orange', 'red');

CREATE TABLE notes (
    id      text PRIMARY KEY,
    case_id text NOT NULL,
    by      text NOT NULL,
    at      timestamptz NOT NULL,
    text    text NOT NULL
);
COMMENT ON TABLE notes IS 'Free text of people. Procedures carry the id only, so that no words get into histories.';
CREATE INDEX notes_case ON notes (case_id, at);

CREATE TABLE inspections (
    id                text PRIMARY KEY,
    name              text NOT NULL,
    checklist         text NOT NULL,
    checklist_version text NOT NULL DEFAULT '',
    items             text[] NOT NULL DEFAULT '{}',
    scope             jsonb NOT NULL,
    status            text NOT NULL,
    org_id            text NOT NULL DEFAULT '',
    ordered_by        text NOT NULL,
    ordered_at        timestamptz NOT NULL,
    due               timestamptz,
    submitted_by      text NOT NULL DEFAULT '',
    confirmed_by      text NOT NULL DEFAULT '',
    ended_at          timestamptz,
    schedule          text NOT NULL DEFAULT '',
    workflow_id       text NOT NULL DEFAULT '',
    run_id            text NOT NULL DEFAULT '',
    note_id           text NOT NULL DEFAULT '',
    why               text NOT NULL DEFAULT '',
    seconds           double precision NOT NULL DEFAULT 0,
    score             jsonb,
    CONSTRAINT inspections_status CHECK (status IN ('ordered', 'drawing', 'testing', 'adjudicating', 'confirming', 'reported', 'void', 'cancelled')),
    CONSTRAINT inspections_four_eyes CHECK (confirmed_by = '' OR confirmed_by <> submitted_by)
);
COMMENT ON TABLE inspections IS 'Inspections. Only their workflow changes the status.';
CREATE INDEX inspections_ordered_at ON inspections (ordered_at, id);
CREATE INDEX inspections_status ON inspections (status);

CREATE TABLE inspection_items (
    inspection  text NOT NULL CONSTRAINT inspection_items_inspection REFERENCES inspections (id),
    item        text NOT NULL,
    ordinal     integer NOT NULL,
    element     text NOT NULL,
    title       text NOT NULL,
    weight      double precision NOT NULL,
    method      text NOT NULL,
    outcome     text NOT NULL,
    tested      integer NOT NULL DEFAULT 0,
    basis       text[] NOT NULL DEFAULT '{}',
    why         text NOT NULL DEFAULT '',
    plan        jsonb NOT NULL,
    PRIMARY KEY (inspection, item),
    CONSTRAINT inspection_items_method CHECK (method IN ('rule', 'query', 'ask')),
    CONSTRAINT inspection_items_outcome CHECK (outcome IN ('waiting', 'passed', 'failed', 'not_applicable', 'not_run', 'unanswered'))
);
COMMENT ON TABLE inspection_items IS 'Checklist items of each inspection and what came of them. plan is the item as it stood when the inspection began.';

CREATE TABLE inspection_draws (
    inspection  text PRIMARY KEY CONSTRAINT inspection_draws_inspection REFERENCES inspections (id),
    scope       jsonb NOT NULL,
    orgs        text[],
    high_water  bigint NOT NULL,
    touchpoints integer NOT NULL,
    digest      text NOT NULL,
    sampled     boolean NOT NULL,
    drawn_at    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE inspection_draws IS 'The population of each inspection, recorded once: a repeated or replayed run sees the same, whatever came in since.';
COMMENT ON COLUMN inspection_draws.orgs IS 'The units of the scope with all that were below them at the time; null means all.';

CREATE TABLE inspection_samples (
    inspection  text NOT NULL CONSTRAINT inspection_samples_draw REFERENCES inspection_draws (inspection),
    ordinal     bigint NOT NULL,
    touchpoint  text COLLATE "C" NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (inspection, ordinal)
);
COMMENT ON TABLE inspection_samples IS 'The touchpoints of sampled draws, in the order drawn.';

CREATE TABLE inspection_chunks (
    inspection  text NOT NULL CONSTRAINT inspection_chunks_draw REFERENCES inspection_draws (inspection),
    no          integer NOT NULL,
    after       bigint NOT NULL,
    upto        bigint NOT NULL,
    count       integer NOT NULL,
    position    bigint NOT NULL,
    tested      integer NOT NULL DEFAULT 0,
    found       integer NOT NULL DEFAULT 0,
    item_tested jsonb NOT NULL DEFAULT '{}',
    done        boolean NOT NULL DEFAULT false,
    PRIMARY KEY (inspection, no),
    CONSTRAINT inspection_chunks_tested CHECK (tested BETWEEN 0 AND count),
    CONSTRAINT inspection_chunks_position CHECK (position BETWEEN after AND upto)
);
COMMENT ON TABLE inspection_chunks IS 'Parts of each draw and how far each is tested. A page moves a chunk on only from where it stands, so a repeated attempt counts once.';

CREATE TABLE findings (
    id          text COLLATE "C" PRIMARY KEY,
    inspection  text NOT NULL CONSTRAINT findings_inspection REFERENCES inspections (id),
    item        text NOT NULL,
    indicator   text NOT NULL,
    title       text NOT NULL,
    touchpoint  text COLLATE "C" NOT NULL,
    channel     text NOT NULL,
    occurred_at timestamptz NOT NULL,
    org_id      text COLLATE "C" NOT NULL,
    agent_id    text COLLATE "C" NOT NULL,
    customer_id text COLLATE "C" NOT NULL,
    product     text NOT NULL,
    level       level NOT NULL,
    engine      text NOT NULL,
    version     text NOT NULL,
    certainty   double precision NOT NULL,
    basis       text[] NOT NULL,
    evidence    jsonb NOT NULL,
    facts       jsonb,
    status      text NOT NULL DEFAULT 'candidate',
    decided_by  text NOT NULL DEFAULT '',
    decided_at  timestamptz,
    reason      text NOT NULL DEFAULT '',
    note_id     text NOT NULL DEFAULT '',
    merged_into text NOT NULL DEFAULT '',
    CONSTRAINT findings_status CHECK (status IN ('candidate', 'confirmed', 'dismissed', 'merged')),
    CONSTRAINT findings_engine CHECK (engine IN ('rule', 'local', 'llm', 'human')),
    CONSTRAINT findings_certainty CHECK (certainty BETWEEN 0 AND 1),
    CONSTRAINT findings_decision CHECK ((status = 'candidate') = (decided_by = '') AND (status = 'candidate') = (decided_at IS NULL)),
    CONSTRAINT findings_dismissal CHECK ((status = 'dismissed') = (reason <> '')),
    CONSTRAINT findings_merger CHECK ((status = 'merged') = (merged_into <> ''))
);
COMMENT ON TABLE findings IS 'What inspections saw, with the proof, and what officers made of it.';
CREATE INDEX findings_severity ON findings (inspection, level, occurred_at, id);
CREATE INDEX findings_counts ON findings (inspection, item, status);
CREATE INDEX findings_touchpoint ON findings (touchpoint);
CREATE INDEX findings_merged ON findings (merged_into) WHERE merged_into <> '';

CREATE TABLE decisions (
    request_id text PRIMARY KEY,
    inspection text NOT NULL CONSTRAINT decisions_inspection REFERENCES inspections (id),
    by         text NOT NULL,
    at         timestamptz NOT NULL,
    kind       text NOT NULL,
    asked      jsonb NOT NULL,
    outcome    jsonb NOT NULL,
    CONSTRAINT decisions_kind CHECK (kind IN ('verdict', 'answer'))
);
COMMENT ON TABLE decisions IS 'Verdicts and answers by request, so that a repeated request decides once and gets the first answer again.';

CREATE TABLE labels (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    finding   text COLLATE "C" NOT NULL CONSTRAINT labels_finding REFERENCES findings (id),
    indicator text NOT NULL,
    version   text NOT NULL,
    engine    text NOT NULL,
    level     level NOT NULL,
    certainty double precision NOT NULL,
    verdict   text NOT NULL,
    reason    text NOT NULL,
    by        text NOT NULL,
    at        timestamptz NOT NULL,
    request   text NOT NULL,
    CONSTRAINT labels_once UNIQUE (finding, request)
);
COMMENT ON TABLE labels IS 'Officers'' decisions on machines'' conclusions.';
CREATE INDEX labels_indicator ON labels (indicator, at);

CREATE TABLE questions (
    id          text PRIMARY KEY,
    inspection  text NOT NULL CONSTRAINT questions_inspection REFERENCES inspections (id),
    item        text NOT NULL,
    title       text NOT NULL,
    text        text NOT NULL,
    respondent  text NOT NULL,
    due         timestamptz NOT NULL,
    answer      text NOT NULL DEFAULT 'waiting',
    note_id     text NOT NULL DEFAULT '',
    answered_by text NOT NULL DEFAULT '',
    answered_at timestamptz,
    CONSTRAINT questions_answer CHECK (answer IN ('waiting', 'passed', 'failed', 'not_applicable', 'unanswered')),
    CONSTRAINT questions_once UNIQUE (inspection, item)
);
COMMENT ON TABLE questions IS 'Questions to people about items that no machine can test.';
CREATE INDEX questions_respondent ON questions (respondent, answer, due);

CREATE TABLE reports (
    inspection text PRIMARY KEY CONSTRAINT reports_inspection REFERENCES inspections (id),
    content    bytea NOT NULL,
    sha256     text NOT NULL,
    filed_at   timestamptz NOT NULL,
    CONSTRAINT reports_sha256 CHECK (sha256 = encode(sha256(content), 'hex'))
);
COMMENT ON TABLE reports IS 'Reports as confirmed, byte for byte.';

CREATE TABLE occurrences (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id text NOT NULL,
    at      timestamptz NOT NULL,
    by      text NOT NULL,
    what    text NOT NULL,
    detail  text NOT NULL DEFAULT '',
    note_id text NOT NULL DEFAULT '',
    key     text CONSTRAINT occurrences_once UNIQUE
);
COMMENT ON TABLE occurrences IS 'Timelines of cases. key makes a repeated attempt write one line.';
CREATE INDEX occurrences_case ON occurrences (case_id, at, id);

CREATE TABLE schedules (
    id        text PRIMARY KEY,
    name      text NOT NULL,
    checklist text NOT NULL,
    items     text[] NOT NULL DEFAULT '{}',
    scope     jsonb NOT NULL,
    span      text NOT NULL,
    every     text NOT NULL,
    at_hour   integer NOT NULL,
    paused    boolean NOT NULL DEFAULT false,
    owned_by  text NOT NULL,
    org_id    text NOT NULL DEFAULT '',
    next_run  timestamptz,
    last_run  timestamptz,
    CONSTRAINT schedules_span CHECK (span IN ('previous_day', 'previous_week', 'previous_month', 'previous_quarter')),
    CONSTRAINT schedules_every CHECK (every IN ('day', 'week', 'month', 'quarter')),
    CONSTRAINT schedules_at_hour CHECK (at_hour BETWEEN 0 AND 23)
);
COMMENT ON TABLE schedules IS 'What scheduled inspections look at; the clock itself is a schedule of the workflow engine.';
