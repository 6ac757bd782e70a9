/** What a sync is about to make of the index, packed, until it is done. */
export const begunSyncs = `
  CREATE TABLE begun_syncs (
    sandbox INTEGER PRIMARY KEY REFERENCES sandboxes (seq), intended TEXT NOT NULL
  ) STRICT;
`;
