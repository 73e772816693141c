-- +goose Up
CREATE TABLE orgs (
    id         text PRIMARY KEY CONSTRAINT orgs_id_given CHECK (id <> ''),
    parent_id  text NOT NULL DEFAULT '',
    name       text NOT NULL,
    kind       text NOT NULL,
    path       text[] NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT orgs_kind CHECK (kind IN ('head_office', 'branch', 'department', 'vendor', 'partner')),
    CONSTRAINT orgs_path_ends_in_itself CHECK (path[cardinality(path)] = id)
);
COMMENT ON TABLE orgs IS 'Units of the institution; path holds the ids from the root down to the unit itself, so that a unit with all below is one indexed predicate.';
CREATE INDEX orgs_path ON orgs USING gin (path);
CREATE INDEX orgs_parent ON orgs (parent_id);

CREATE TABLE staff (
    id         text PRIMARY KEY CONSTRAINT staff_id_given CHECK (id <> ''),
    org_id     text NOT NULL,
    name       text NOT NULL,
    position   text NOT NULL DEFAULT '',
    active     boolean NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE staff IS 'Who speaks or acts for the institution. org_id is no foreign key: files arrive in any order.';
CREATE INDEX staff_org ON staff (org_id, id);

CREATE TABLE customers (
    id           text PRIMARY KEY CONSTRAINT customers_id_given CHECK (id <> ''),
    name         text NOT NULL DEFAULT '',
    phone        text NOT NULL DEFAULT '',
    birth_year   integer NOT NULL DEFAULT 0,
    region       text NOT NULL DEFAULT '',
    opted_out_at timestamptz,
    attributes   jsonb NOT NULL DEFAULT '{}',
    changed_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE customers IS 'Consumers. name and phone are personal data that only this package reads.';

CREATE TABLE users (
    id            text PRIMARY KEY,
    login         text NOT NULL,
    name          text NOT NULL,
    role          text NOT NULL,
    org_id        text NOT NULL DEFAULT '',
    active        boolean NOT NULL DEFAULT true,
    language      text NOT NULL DEFAULT 'zh-CN',
    password_hash text NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL DEFAULT now(),
    changed_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_login_given CHECK (login <> ''),
    CONSTRAINT users_role CHECK (role IN ('officer', 'reviewer', 'business', 'auditor', 'admin')),
    CONSTRAINT users_language CHECK (language IN ('zh-CN', 'en'))
);
COMMENT ON TABLE users IS 'Who can log in. An empty password_hash means that no password opens the account.';
CREATE UNIQUE INDEX users_login_unique ON users (lower(login));

CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    data       bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE sessions IS 'Browser sessions by SHA-256 of their token, so that a copy of the table opens no session.';
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE cli_tokens (
    token_hash bytea PRIMARY KEY,
    user_id    text NOT NULL CONSTRAINT cli_tokens_user REFERENCES users (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE cli_tokens IS 'Tokens of the command line by SHA-256.';
CREATE INDEX cli_tokens_of_user ON cli_tokens (user_id);

CREATE TABLE login_attempts (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login   text NOT NULL,
    address text NOT NULL,
    at      timestamptz NOT NULL,
    success boolean NOT NULL
);
COMMENT ON TABLE login_attempts IS 'Logins of late, for the throttle per login and per address.';
CREATE INDEX login_attempts_by_login ON login_attempts (login, at);
CREATE INDEX login_attempts_at ON login_attempts (at);
CREATE INDEX login_attempts_by_address ON login_attempts (address, at);

CREATE TABLE saved_views (
    id    text PRIMARY KEY,
    owner text NOT NULL CONSTRAINT saved_views_owner REFERENCES users (id),
    list  text NOT NULL,
    name  text NOT NULL,
    query text NOT NULL,
    CONSTRAINT saved_views_list CHECK (list IN ('touchpoints', 'findings', 'inspections')),
    CONSTRAINT saved_views_name_unique UNIQUE (owner, list, name)
);
COMMENT ON TABLE saved_views IS 'List filters that users keep.';

CREATE TABLE respondents (
    org_id  text NOT NULL,
    kind    text NOT NULL,
    user_id text NOT NULL CONSTRAINT respondents_user REFERENCES users (id),
    PRIMARY KEY (org_id, kind)
);
COMMENT ON TABLE respondents IS 'Who answers inspections for a kind of work (marketing, it, …) in a unit.';
