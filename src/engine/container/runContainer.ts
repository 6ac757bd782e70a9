/** A started container that a run has for itself. */
export interface RunContainer {
  name: string; id: string; imageId: string; runtime: string;
  /** The dependency set it sees. */
  setId: string | undefined;
}

/** How a run is fed, and its connection ended. */
export interface Stdin {
  /** Resolves when the container took it; goes nowhere after its end. */
  writeInput(chunk: Uint8Array): Promise<void>;
  endInput(): void;
  destroy(): void;
}
