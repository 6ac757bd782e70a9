// The few calls that Petri itself has no use for: putting images onto an engine that cannot pull them.
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { RigError } from './say.mjs';

/** The path of `unix:///path`; other kinds of endpoint are not for the rig to fill. */
export function socketOf(endpoint) {
  if (!endpoint.startsWith('unix://')) throw new RigError(`${endpoint} is not on this machine: put the missing images there by hand.`);
  return endpoint.slice('unix://'.length);
}

export async function answers(endpoint) {
  try {
    (await call(endpoint, 'GET', '/_ping', { seconds: 3 })).resume();
    return true;
  } catch {
    return false;
  }
}

/** Makes an image of a file system in a tar stream. */
export async function importImage(endpoint, reference, tar) {
  const [repository, tag] = reference.split(':');
  await drain(await call(endpoint, 'POST', `/images/create?fromSrc=-&repo=${repository}&tag=${tag}`, { body: tar }));
}

/** docker save | docker load. */
export async function copyImages(from, to, references) {
  const names = references.map((reference) => `names=${encodeURIComponent(reference)}`).join('&');
  await drain(await call(to, 'POST', '/images/load?quiet=1', { body: await call(from, 'GET', `/images/get?${names}`) }));
}

function call(endpoint, method, path, { body, seconds = 300 } = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      socketPath: socketOf(endpoint), method, path: `/v1.41${path}`, timeout: seconds * 1000,
      headers: body ? { 'Content-Type': 'application/x-tar' } : {},
    }, (response) => {
      if (response.statusCode < 300) resolve(response);
      else text(response).then((words) => reject(new RigError(`${method} ${path} at ${endpoint}: ${response.statusCode} ${words}`)), reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${seconds} s`)));
    outgoing.on('error', (cause) => reject(new RigError(`${method} ${path} at ${endpoint}: ${cause.message}`)));
    if (body) pipeline(body, outgoing).catch(reject);
    else outgoing.end();
  });
}

/** The engine reports a failure at the end of an answer that began with 200. */
async function drain(response) {
  const words = await text(response);
  const failure = words.split('\n').find((line) => line.includes('"error"'));
  if (failure) throw new RigError(failure);
}

async function text(response) {
  let words = '';
  for await (const chunk of response.setEncoding('utf8')) words += chunk;
  return words;
}
