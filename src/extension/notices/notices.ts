import type { Notice } from '../../protocol/run';
import type { Sandbox } from '../../sdk/typescript/sandbox';
import type { Place } from '../runs/place';
import { NoticeLines } from './noticeLines';

/** What the runner has to say beside a program's output, in the channel and where one cannot miss it. */
export class Notices {
  readonly #lines = new NoticeLines();

  /** Answers the line for the channel; undefined when it was said before. */
  take(sandbox: Sandbox, _place: Place, notice: Notice): string | undefined {
    return this.#lines.lineFor(sandbox.id, notice);
  }
}
