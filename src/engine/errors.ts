import type { ErrorBody, ErrorCode } from '../protocol/errors';

/** Every failure a user may meet: a stable code, one sentence, the next step. */
export class PetriError extends Error {
  readonly code: ErrorCode;
  readonly action: string | undefined;
  readonly details: string[] | undefined;

  constructor(code: ErrorCode, message: string, options: { action?: string; details?: string[]; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'PetriError';
    this.code = code;
    this.action = options.action;
    this.details = options.details;
  }

  toBody(): ErrorBody {
    return { error: { code: this.code, message: this.message, action: this.action, details: this.details } };
  }
}
