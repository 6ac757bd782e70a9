import * as z from 'zod';
import { AddDependency } from '../../../protocol/missing';
import { Pull } from '../../../protocol/changes';
import { Exec, Terminal } from '../../../protocol/run';
import { CreateSandbox, Extend, SandboxSettings } from '../../../protocol/sandbox';
import type { App, Surroundings } from '../environment';
import { Page, bodyOf, queryOf } from '../input';
import { sendLog } from '../sendLog';
import { streamWork } from '../streamWork';

const ChangesQuery = z.object({ known: z.stringbool().default(false) });
const FilePath = z.object({ path: z.string().min(1) });

/** Sandboxes, what runs in them, and what comes back from them. */
export function sandboxRoutes(app: App, { service, log }: Surroundings): void {
  app.post('/v1/sandboxes', async (call) => {
    const { sandbox, created } = await service.createSandbox(await bodyOf(call, CreateSandbox));
    return call.json(sandbox, created ? 201 : 200);
  });
  app.get('/v1/sandboxes', (call) => call.json(service.listSandboxes({ ...queryOf(call, Page), active: false })));
  app.get('/v1/sandboxes/active', (call) => call.json(service.listSandboxes({ ...queryOf(call, Page), active: true })));

  app.get('/v1/sandboxes/:id', (call) => call.json(service.getSandbox(call.req.param('id'))));
  app.patch('/v1/sandboxes/:id', async (call) => {
    const settings = await bodyOf(call, SandboxSettings.strict());
    return call.json(await service.updateSandbox(call.req.param('id'), settings));
  });
  app.delete('/v1/sandboxes/:id', async (call) => {
    await service.deleteSandbox(call.req.param('id'));
    return call.body(null, 204);
  });
  app.post('/v1/sandboxes/:id/extend', async (call) => {
    const { seconds } = await bodyOf(call, Extend);
    return call.json(await service.extendSandbox(call.req.param('id'), seconds));
  });
  app.post('/v1/sandboxes/:id/reset', async (call) => call.json(await service.resetSandbox(call.req.param('id'))));

  app.post('/v1/sandboxes/:id/exec', async (call) => {
    const request = await bodyOf(call, Exec);
    return streamWork(call, request.on_disconnect, log, (emit, signal) => service.exec(call.req.param('id'), request, emit, signal));
  });
  app.post('/v1/sandboxes/:id/terminal', async (call) => {
    const request = await bodyOf(call, Terminal);
    return streamWork(call, request.on_disconnect, log, (emit, signal) => service.terminal(call.req.param('id'), request, emit, signal));
  });
  app.post('/v1/sandboxes/:id/sync', (call) => (
    streamWork(call, 'cancel', log, (emit, signal) => service.sync(call.req.param('id'), emit, signal))));
  app.get('/v1/sandboxes/:id/verify', (call) => (
    streamWork(call, 'cancel', log, (emit, signal) => service.verify(call.req.param('id'), emit, signal))));

  app.get('/v1/sandboxes/:id/dependencies', async (call) => call.json(await service.dependencies(call.req.param('id'))));
  app.post('/v1/sandboxes/:id/dependencies/install', (call) => (
    streamWork(call, 'cancel', log, (emit, signal) => service.installDependencies(call.req.param('id'), emit, signal))));
  app.post('/v1/sandboxes/:id/dependencies/add', async (call) => call.json(await service.addDependency(call.req.param('id'), await bodyOf(call, AddDependency))));
  app.get('/v1/sandboxes/:id/missing', async (call) => call.json({ missing: await service.missingImports(call.req.param('id')) }));
  app.get('/v1/dependencies/:set/log', (call) => sendLog(call, log, () => service.installLog(call.req.param('set'))));

  app.get('/v1/sandboxes/:id/runs', (call) => call.json(service.listRuns(call.req.param('id'), queryOf(call, Page))));
  app.get('/v1/sandboxes/:id/changes', async (call) => {
    const { known } = queryOf(call, ChangesQuery);
    return call.json(known ? service.knownChanges(call.req.param('id')) : await service.changes(call.req.param('id')));
  });
  app.get('/v1/sandboxes/:id/file', async (call) => {
    const bytes = await service.readFile(call.req.param('id'), queryOf(call, FilePath).path);
    return call.body(bytes as Buffer<ArrayBuffer>, 200, { 'content-type': 'application/octet-stream' });
  });
  app.post('/v1/sandboxes/:id/pull', async (call) => {
    const { paths } = await bodyOf(call, Pull);
    return call.json(await service.pull(call.req.param('id'), paths));
  });
}
