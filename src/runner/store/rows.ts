import type { DependencySetRow, RunRow, SandboxRow } from '../../engine/ports/store';
import { flag, json, plain } from './columns';
import type { Columns } from './columns';

export const sandboxColumns: Columns<SandboxRow> = {
  id: plain('id'), folder: plain('folder'), language: plain('language'), languageChosen: flag('language_chosen'), image: plain('image'),
  status: plain('status'), agent: plain('agent'), createdBy: plain('created_by'),
  createdAt: plain('created_at'), lastActivityAt: plain('last_activity_at'), stoppedAt: plain('stopped_at'), deletesAt: plain('deletes_at'),
  ttlSeconds: plain('ttl_seconds'), retentionSeconds: plain('retention_seconds'), limits: json('limits'), allow: json('allow'),
  uid: plain('uid'), volume: plain('volume'), endpoint: plain('endpoint'), generation: plain('generation'), receipt: plain('receipt'),
  error: json('error'), dependencies: json('dependencies'), dependencySet: plain('dependency_set'),
};

export const dependencySetColumns: Columns<DependencySetRow> = {
  id: plain('id'), sandboxId: plain('sandbox_id'), key: plain('key'), volume: plain('volume'), language: plain('language'),
  root: plain('root'), manifest: plain('manifest'), inputs: json('inputs'), status: plain('status'), createdAt: plain('created_at'), endedAt: plain('ended_at'),
  packages: plain('packages'), error: json('error'), decisions: json('decisions'), lockedKey: plain('locked_key'),
};

export const runColumns: Columns<RunRow> = {
  // JSON keeps a shell command and an argv of one word apart.
  id: plain('id'), sandboxId: plain('sandbox_id'), command: json('command'), cwd: plain('cwd'), agent: plain('agent'), createdBy: plain('created_by'),
  status: plain('status'), reason: plain('reason'), exitCode: plain('exit_code'), receipt: plain('receipt'), imageId: plain('image_id'),
  runtime: plain('runtime'), container: plain('container'), limits: json('limits'),
  startedAt: plain('started_at'), endedAt: plain('ended_at'), durationMs: plain('duration_ms'),
  stdoutBytes: plain('stdout_bytes'), stderrBytes: plain('stderr_bytes'), truncated: flag('truncated'), files: json('files'),
  dependencySet: plain('dependency_set'), missing: json('missing'),
};
