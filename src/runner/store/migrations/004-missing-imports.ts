/** What a run could not import. */
export const missingImports = 'ALTER TABLE runs ADD COLUMN missing TEXT;';
