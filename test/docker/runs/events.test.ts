import assert from 'node:assert/strict';
import type { StateEvent } from '../../../src/protocol/events';
import { eventually } from '../support/eventually';
import { makeFolder } from '../support/folder';
import { openBench, type Bench } from '../support/petri';

describe('Whoever watches', () => {
  let bench: Bench;
  const told: StateEvent[] = [];
  const folder = makeFolder({ 'a.txt': 'a\n' });
  const other = makeFolder({ 'a.txt': 'a\n' });
  let calls = 0;
  before(async () => {
    bench = await openBench({
      wrapEngine: (engine) => new Proxy(engine, {
        get(target, name) {
          const found = Reflect.get(target, name) as unknown;
          if (typeof found !== 'function') return found;
          return (...given: unknown[]) => {
            calls += 1;
            return (found as (...given: unknown[]) => unknown).apply(target, given);
          };
        },
      }),
    });
    bench.petri.watch((event) => told.push(event));
  });
  after(async () => {
    await bench.close();
    for (const each of [folder, other]) each.remove();
  });
  beforeEach(() => { told.length = 0; });

  it('is told of a run’s start, its end and what it changed, and of the sandbox meanwhile', async () => {
    const id = await bench.sandbox({ folder: folder.path });
    // Short runs are told of once, when they are over: this one goes on until it was seen.
    const { done } = await bench.run(id, 'read go; echo b >b.txt', {
      stdin: true,
      onStarted: ({ run_id: run }) => void eventually(() => told.some((one) => one.event === 'run'), 'its start was told')
        .then(() => bench.petri.writeInput(run, Buffer.from('go\n'))),
    });
    await eventually(() => told.some((one) => one.event === 'run' && one.data.files !== null), 'what the run changed was told');
    const runs = told.flatMap((one) => (one.event === 'run' ? [one.data] : []));
    assert.deepEqual(runs[0]?.status, 'running');
    assert.deepEqual(runs.find(({ status }) => status === 'finished')?.exit_code, 0);
    assert.deepEqual(runs.at(-1)?.files?.created, ['b.txt']);
    assert.deepEqual(new Set(runs.map((run) => run.id)), new Set([done.run_id]));
    const states = told.flatMap((one) => (one.event === 'sandbox' ? [one.data] : []));
    assert.ok(states.some(({ active_runs: active, expires_at: expires }) => active === 1 && expires === null), 'while it runs');
    assert.equal(states.at(-1)?.active_runs, 0);
    assert.ok(states.at(-1)?.expires_at, 'when it will be stopped');
  });

  it('can ask for what runs changed, and is told of more time, without a call to the engine', async () => {
    const id = await bench.sandbox({ folder: other.path });
    await bench.run(id, 'rm a.txt');
    await bench.settled(id);
    await eventually(() => bench.petri.knownChanges(id).changes.length === 1, 'the change is known');
    const before = calls;
    const { last_activity_at: active } = bench.petri.getSandbox(id);
    assert.deepEqual(bench.petri.knownChanges(id).changes.map(({ path, kind }) => `${kind} ${path}`), ['deleted a.txt']);
    assert.equal(bench.petri.getSandbox(id).last_activity_at, active);
    told.length = 0;
    await bench.petri.extendSandbox(id, 100);
    await eventually(() => told.some((one) => one.event === 'sandbox' && one.data.id === id), 'more time was told');
    assert.equal(calls, before);
  });

  it('is told that a sandbox is gone', async () => {
    const id = await bench.sandbox({});
    await bench.petri.deleteSandbox(id);
    await eventually(() => told.some((one) => one.event === 'sandbox-gone' && one.data.id === id), 'it was told to be gone');
  });
});
