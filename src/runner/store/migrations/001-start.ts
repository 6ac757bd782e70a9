/** Sandboxes, runs, intents, and both sides of every path in a workspace. */
export const start = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE sandboxes (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    folder TEXT,
    language TEXT NOT NULL, language_chosen INTEGER NOT NULL,
    image TEXT,
    status TEXT NOT NULL, agent TEXT, created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL, last_activity_at INTEGER NOT NULL,
    stopped_at INTEGER, deletes_at INTEGER,
    ttl_seconds INTEGER NOT NULL, retention_seconds INTEGER NOT NULL,
    limits TEXT NOT NULL, allow TEXT NOT NULL,
    uid INTEGER NOT NULL, volume TEXT NOT NULL, endpoint TEXT NOT NULL,
    generation INTEGER NOT NULL, receipt TEXT,
    error TEXT
  ) STRICT;
  -- One sandbox a folder, whoever asks at the same time.
  CREATE UNIQUE INDEX sandboxes_by_folder ON sandboxes (folder) WHERE status <> 'deleted';

  CREATE TABLE runs (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sandbox_id TEXT NOT NULL REFERENCES sandboxes (id),
    command TEXT NOT NULL, cwd TEXT NOT NULL, agent TEXT, created_by TEXT NOT NULL,
    status TEXT NOT NULL, reason TEXT, exit_code INTEGER,
    receipt TEXT, image_id TEXT, runtime TEXT, container TEXT, limits TEXT NOT NULL,
    started_at INTEGER NOT NULL, ended_at INTEGER, duration_ms REAL,
    stdout_bytes INTEGER NOT NULL, stderr_bytes INTEGER NOT NULL, truncated INTEGER NOT NULL,
    files TEXT
  ) STRICT;
  CREATE INDEX runs_by_sandbox ON runs (sandbox_id, seq);
  CREATE INDEX runs_open ON runs (seq) WHERE status <> 'finished';

  CREATE TABLE intents (
    name TEXT PRIMARY KEY, sandbox_id TEXT NOT NULL, created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- The sides are packed (packedEntry.ts): a workspace may have 100,000 rows.
  CREATE TABLE entries (
    sandbox INTEGER NOT NULL REFERENCES sandboxes (seq),
    path TEXT NOT NULL, host TEXT, box TEXT,
    PRIMARY KEY (sandbox, path)
  ) STRICT, WITHOUT ROWID;
`;
