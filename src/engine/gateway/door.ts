import type { PetriError } from '../errors';

/** What one container may reach, and how it gets there. Made for one install, closed with it. */
export interface Door {
  /** The engine's id of the internal network that holds this container and the gateway, and nobody else. */
  network: string;
  /** The gateway's address on that network; also the resolver address, where no resolver listens. */
  address: string;
  /** `http://<address>:<port>` for HTTPS_PROXY and its kin. */
  proxy: string;
  /** PEM of the certificate authority of this sandbox's gateway: the only one that the tools inside have to trust. */
  certificate: string;
  /** Resolves when the gateway died: whoever uses the door fails, nothing opens. Never resolves after `close`. */
  readonly lost: Promise<PetriError>;
  /** What was decided so far, in order. */
  decisions(): Decision[];
  close(): Promise<void>;
}

/** One request, allowed or not, as it is recorded. */
export interface Decision {
  /** ms since the epoch. */
  at: number;
  host: string; port: number; address: string | null;
  method: string; path: string;
  /** Of the answer's body. */
  status: number | null; bytes: number;
  /** sha256 of the answer's body, hex, when it came whole. */
  sha256: string | null;
  allowed: boolean;
  /** The rule that decided, e.g. `registry`, `method`, `private-address`, `sni-mismatch`. */
  rule: string;
}

/** Hosts an install may reach, as the image's own package managers answered. Hosts are `host`, or `host:port` where that is not 443. */
export interface RegistryHosts {
  hosts: string[];
  /** Names that lock files have for one of `hosts`. */
  aliases: Record<string, string>;
  /** Those of `hosts` that the user's own configuration names: they may lie on a private address. */
  named?: string[];
  /** What the tools inside are pointed at instead of their own defaults. */
  mirrors?: Mirrors;
  /** What the image has, by the names that its questions have for it. */
  tools?: string[];
}

/** URLs; `go` and `gosum` are what GOPROXY and GOSUMDB take. */
export interface Mirrors {
  npm?: string; pip?: string; go?: string; gosum?: string; maven?: string;
  /** The folder that Gradle's distributions lie in; not among `hosts`, since only they come from there. */
  gradle?: string;
}
