import type { ErrorBody, ErrorCode } from '../../protocol/errors';

/** A failure of a call to Petri. Decide by `code`; `message` and `action` are sentences for a person. */
export class PetriClientError extends Error {
  /** Stable reason. `runner-unreachable` also stands for a connection lost in the middle of a run. */
  readonly code: ErrorCode;
  /** The next step, as a sentence. */
  readonly action: string | undefined;
  /** Paths or fields the error is about. */
  readonly details: string[] | undefined;
  /** HTTP status of the answer that stated it; undefined when it was met on this side or within a stream. */
  readonly status: number | undefined;

  constructor(code: ErrorCode, message: string, options: { action?: string; details?: string[]; status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'PetriClientError';
    this.code = code;
    this.action = options.action;
    this.details = options.details;
    this.status = options.status;
  }
}

/**
 * The error that an ErrorBody states; undefined when the text is none. Unknown codes of a newer runner are kept as they
 * are: a client that does not know one shows its sentence.
 */
export function errorFromBody(text: string, status?: number): PetriClientError | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  const error = (body as Partial<ErrorBody> | null)?.error;
  if (typeof error?.code !== 'string' || typeof error.message !== 'string') return undefined;
  return new PetriClientError(error.code, error.message, { action: error.action, details: error.details, status });
}

/** The runner went away, or never answered. */
export function unreachable(message: string, cause?: unknown): PetriClientError {
  return new PetriClientError('runner-unreachable', message, {
    action: 'Run the command again; petri logs shows what the runner said.', cause,
  });
}
