/** One import as a source file has it. */
export interface ImportStatement {
  /** `a.b.c`, `./x`, `@scope/name/file`, `github.com/a/b`. */
  name: string;
  /** 1-based; where the name itself stands. */
  line: number; column: number;
  /** The program goes on without it: it tries, or a type checker alone reads it. */
  optional: boolean;
}

/** Bytes of a source that is looked at. Generated files of megabytes say nothing about what a person forgot. */
export const MOST_SOURCE = 1024 * 1024;
/** Of one file. */
export const MOST_IMPORTS = 2000;

/** Turns offsets into lines and columns, the offsets growing. */
export class Lines {
  private line = 1;
  private start = 0;

  constructor(private readonly text: string) {}

  at(offset: number): { line: number; column: number } {
    for (let next = this.text.indexOf('\n', this.start); next >= 0 && next < offset; next = this.text.indexOf('\n', this.start)) {
      this.line += 1;
      this.start = next + 1;
    }
    return { line: this.line, column: offset - this.start + 1 };
  }
}
