import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** A control sequence whose end may be in the next chunk. */
const UNFINISHED = /(?:\r|\u001b(?:\[[0-?]*[ -/]*|\][^\u0007\u001b]*\u001b?|[PX^_][^\u001b]*\u001b?|[ -/]*)?)$/;
/** Longer than this it is no control sequence, and shown as it is. */
const LONGEST_SEQUENCE = 4096;
/** What rings, moves or means nothing in an editor; tabs and line ends stay. */
const OTHER_CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/**
 * A program's bytes as an output channel can show them: UTF-8, every line end as \n, and without the control sequences of
 * terminals. What chunks cut apart is put together again. The run's log keeps everything.
 */
export class PlainText {
  readonly #utf8 = new StringDecoder('utf8');
  #held = '';

  write(chunk: Buffer): string {
    return this.#plain(this.#held + this.#utf8.write(chunk));
  }

  end(): string {
    return this.#plain(`${this.#held}${this.#utf8.end()}`, true);
  }

  #plain(text: string, last = false): string {
    const unfinished = last ? null : UNFINISHED.exec(text);
    this.#held = unfinished && unfinished[0].length <= LONGEST_SEQUENCE ? unfinished[0] : '';
    const whole = text.slice(0, text.length - this.#held.length);
    return stripVTControlCharacters(whole).replaceAll('\r\n', '\n').replace(OTHER_CONTROLS, '');
  }
}
