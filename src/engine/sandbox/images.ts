import { abortable } from '../async';
import { PetriError } from '../errors';
import type { Launcher } from '../container/launcher';
import type { ContainerEngine, ImageInfo } from '../ports/containerEngine';
import type { BundledImage, ImageContexts } from '../ports/imageContexts';
import { LABEL } from '../container/spec';

/** On built images only. An image's labels are inherited by every container made from it, so the label that makes a container ours must not stand there. */
export const LABEL_IMAGE = `${LABEL}image`;

/** What of an image is asked for: the language's own, or one the user named. */
export interface ImageWish { language: string; image: string | null }

/** The gateway's image: ours, whatever the sandbox's is. */
export const GATEWAY_IMAGE: ImageWish = { language: 'gateway', image: null };

interface Making { promise: Promise<void>; waiters: number; stop: AbortController; listeners: Set<(message: string) => void> }

/** Finds, builds or pulls images. Several sandboxes that want the same one share the work; the last to give up ends it. */
export class Images {
  private readonly making = new Map<string, Making>();
  private readonly suitable = new Set<string>();

  constructor(private readonly engine: ContainerEngine, private readonly contexts: ImageContexts, private readonly installId: string) {}

  reference(wish: ImageWish): string {
    return wish.image ?? this.contexts.tag(wish.language as BundledImage);
  }

  /** Rejects image-missing, image-build-failed, cancelled. */
  async resolve(wish: ImageWish, onProgress: (message: string) => void, signal?: AbortSignal): Promise<ImageInfo> {
    const reference = this.reference(wish);
    const present = await this.engine.inspectImage(reference);
    if (present) return present;
    await this.make(reference, wish, onProgress, signal);
    const made = await this.engine.inspectImage(reference);
    if (!made) throw new PetriError('image-missing', `The image ${reference} is not there, although it was just made.`, { action: 'Run again.' });
    return made;
  }

  /** Rejects image-unsuitable with the tools that are missing; asks an image once. */
  async checkSuitable(image: ImageInfo, reference: string, launcher: Launcher): Promise<void> {
    if (this.suitable.has(image.id)) return;
    // Where there is no shell the container starts all the same, its init being the engine's, and ends at once.
    const missing = await launcher.call('tools').then((output) => output.toString('utf8').trim().split(' ').filter(Boolean), () => ['a POSIX shell']);
    if (missing.length > 0) {
      throw new PetriError('image-unsuitable', `The image ${reference} lacks what a sandbox needs: ${missing.join(', ')}.`, {
        action: 'Add GNU tar, findutils and coreutils to it, or name another image.',
      });
    }
    this.suitable.add(image.id);
  }

  private async make(reference: string, wish: ImageWish, onProgress: (message: string) => void, signal?: AbortSignal): Promise<void> {
    const job = this.making.get(reference) ?? this.begin(reference, wish, onProgress);
    job.waiters += 1;
    job.listeners.add(onProgress);
    try {
      await abortable(job.promise, signal);
    } finally {
      job.listeners.delete(onProgress);
      job.waiters -= 1;
      if (job.waiters === 0) {
        // Who comes now starts anew, and does not wait for what is being ended.
        if (this.making.get(reference) === job) this.making.delete(reference);
        job.stop.abort();
      }
    }
  }

  /** `first` hears of the very beginning. */
  private begin(reference: string, wish: ImageWish, first: (message: string) => void): Making {
    const stop = new AbortController();
    const listeners = new Set([first]);
    const tell = (message: string) => listeners.forEach((listener) => listener(message));
    const work = wish.image === null ? this.build(reference, wish.language as BundledImage, tell, stop.signal) : this.engine.pullImage(reference, tell, stop.signal);
    const promise = work.finally(() => { if (this.making.get(reference) === job) this.making.delete(reference); });
    promise.catch(() => undefined);
    const job: Making = { promise, waiters: 0, stop, listeners };
    this.making.set(reference, job);
    return job;
  }

  private build(tag: string, language: BundledImage, tell: (message: string) => void, signal: AbortSignal): Promise<void> {
    tell(`Building the ${language} image ${tag} (once)…`);
    return this.engine.buildImage(
      { context: this.contexts.context(language), tag, buildArgs: this.contexts.buildArgs, labels: { [LABEL_IMAGE]: this.installId } },
      tell, signal,
    );
  }
}
