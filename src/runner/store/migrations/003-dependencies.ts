/** Dependency sets: one row an install, whatever came of it. */
export const dependencies = `
  CREATE TABLE dependency_sets (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sandbox_id TEXT NOT NULL REFERENCES sandboxes (id),
    key TEXT NOT NULL, volume TEXT NOT NULL, language TEXT NOT NULL,
    root TEXT NOT NULL, manifest TEXT NOT NULL, inputs TEXT NOT NULL,
    status TEXT NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER,
    packages INTEGER, error TEXT,
    decisions TEXT NOT NULL, locked_key TEXT
  ) STRICT;
  CREATE INDEX dependency_sets_by_sandbox ON dependency_sets (sandbox_id, seq);

  ALTER TABLE sandboxes ADD COLUMN dependencies TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE sandboxes ADD COLUMN dependency_set TEXT;
  ALTER TABLE runs ADD COLUMN dependency_set TEXT;
`;
