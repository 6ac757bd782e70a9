import { PetriError } from '../errors';
import type { ContainerEngine, EngineInfo } from '../ports/containerEngine';

/**
 * Lets work through to the engine once it is known to answer and what a dead runner left there is cleared. Asks only when
 * somebody needs the engine, so that an idle runner makes no call, and asks again after it was lost.
 */
export class EngineGate {
  private opening: Promise<EngineInfo> | undefined;
  private lastInfo: EngineInfo | undefined;
  private lastError: PetriError | undefined;

  constructor(private readonly engine: ContainerEngine, private readonly onOpen: (info: EngineInfo) => Promise<void>,
    private readonly onChange: () => void = () => {}) {}

  get info(): EngineInfo | undefined {
    return this.lastInfo;
  }

  get error(): PetriError | undefined {
    return this.lastError;
  }

  /** Rejects engine-absent, -stopped, -forbidden, -too-old. */
  open(): Promise<EngineInfo> {
    this.opening ??= this.tryOpen().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /** Call when the engine failed: the next `open` looks again. */
  close(): void {
    this.opening = undefined;
  }

  /** As close, for what an error says of the engine, if it says anything. */
  closeFor(error: unknown): void {
    if (error instanceof PetriError && error.code.startsWith('engine-')) this.close();
  }

  private async tryOpen(): Promise<EngineInfo> {
    try {
      const info = await this.engine.info();
      await this.onOpen(info);
      this.lastError = undefined;
      this.lastInfo = info;
      this.onChange();
      return info;
    } catch (error) {
      this.lastInfo = undefined;
      this.lastError = error instanceof PetriError ? error : new PetriError('engine-failed', 'The engine failed.', { cause: error });
      this.onChange();
      throw this.lastError;
    }
  }
}
