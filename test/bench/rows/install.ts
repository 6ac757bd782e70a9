import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LABEL } from '../../../src/engine/container/spec';
import { artefactVolumeName } from '../../../src/engine/gateway/artefactVolume';
import { succeeded, type Outcome } from '../outcome';
import type { OurSandbox } from '../ours';
import { apiExec } from '../rivals/api';
import { pipContainer } from '../rivals/pip';
import type { Contender, Row, Sample } from '../row';
import type { Stage } from '../stage';

const PROGRAM = 'import numpy, pandas\nprint(int(pandas.Series(numpy.arange(5)).sum()))\n';
const FILES = { 'requirements.txt': 'pandas\nnumpy\n', 'main.py': PROGRAM };
const EXPECTED = '10\n';
const RUN = ['python3', 'main.py'];
const INSTALL_AND_RUN = ['sh', '-c', 'python3 -m pip install --quiet -r requirements.txt && python3 main.py'];

/**
 * A project that needs pandas and numpy, from the command to the end of its program. Containers stand ready on both sides; that a
 * fresh runner asks an image once where its packages come from falls into the warm-up.
 */
const install: Row = {
  id: 'install-pandas', title: 'pandas and numpy: install, then run', rounds: 3, warmUps: 1, registries: true,
  what: 'From the command to the end of a program that imports both. First: nothing downloaded is kept from before. Second: the same again, pip or Petri sees that all is there. Another: a new project with the same needs, downloads kept.',
  metrics: [
    { key: 'first', label: 'first run, with install', unit: 'ms' },
    { key: 'second', label: 'second run', unit: 'ms', target: { atMost: 1, against: 'best' } },
    { key: 'another', label: 'another project, with install', unit: 'ms' },
  ],
  open: async (stage) => [petri(stage), pip(stage)],
};

function petri(stage: Stage): Contender {
  let boxes: Array<{ ours: OurSandbox; folder: string }> = [];
  const fresh = async () => {
    const folder = stage.path('project');
    mkdirSync(folder);
    const ours = await stage.sandbox(folder);
    await ours.exec('true');
    await ours.idle();
    return { ours, folder };
  };
  const gone = async () => {
    for (const { ours } of boxes.splice(0)) await stage.remove(ours);
  };
  return {
    name: 'Petri', ours: true,
    async ready() {
      await gone();
      boxes = [await fresh(), await fresh()];
      await forgetArtefacts(stage, boxes[0]!.ours.sandbox.id);
    },
    async once() {
      const [one, other] = boxes as [typeof boxes[0], typeof boxes[0]];
      for (const { folder } of boxes) for (const [path, content] of Object.entries(FILES)) writeFileSync(join(folder, path), content);
      const first = await one.ours.exec(RUN);
      await one.ours.idle();
      return [sample('first', first), sample('second', await one.ours.exec(RUN)), sample('another', await other.ours.exec(RUN))];
    },
    done: gone,
  };
}

/** As somebody would do it by hand: pip each time, since only pip knows whether something is missing. */
function pip(stage: Stage): Contender {
  let boxes: string[] = [];
  const gone = async () => {
    for (const box of boxes.splice(0)) await stage.removeContainer(box);
  };
  const run = (box: string) => apiExec(stage.api, box, INSTALL_AND_RUN, '/work');
  return {
    name: 'pip install + docker exec', ours: false,
    async ready() {
      await gone();
      const cache = stage.name('cache');
      boxes = [await pipContainer(stage, cache, FILES), await pipContainer(stage, cache, FILES)];
    },
    async once() {
      const [one, other] = boxes as [string, string];
      return [sample('first', await run(one)), sample('second', await run(one)), sample('another', await run(other))];
    },
    done: gone,
  };
}

function sample(key: string, outcome: Outcome): Sample {
  return { values: { [key]: succeeded(outcome).exitMs }, saw: outcome.stdout.toString('utf8'), expected: EXPECTED };
}

/** Takes away what this installation's gateways have kept. */
async function forgetArtefacts(stage: Stage, sandboxId: string): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${LABEL}sandbox=${sandboxId}`] }));
  const { Volumes } = await stage.api.json<{ Volumes: Array<{ Labels: Record<string, string> }> }>('GET', `/volumes?filters=${filters}`);
  const kept = artefactVolumeName(Volumes[0]!.Labels[`${LABEL}install`]!);
  const { Volumes: found } = await stage.api.json<{ Volumes: Array<{ Name: string }> | null }>('GET', `/volumes?filters=${encodeURIComponent(JSON.stringify({ name: [kept] }))}`);
  for (const { Name } of found ?? []) await stage.api.json('DELETE', `/volumes/${Name}`);
}

export const INSTALL_ROWS = [install];
