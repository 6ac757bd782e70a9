/**
 * A second representation of a run's events, for whoever asks for it (`Accept`) where server-sent events are the rule: the same events in
 * the same order, a program's bytes as they are. A stream is a row of frames: one byte for the kind, four for the length (big endian),
 * that many bytes. Those of an `event` are its name, a newline and the JSON of its data; `stdout` and `stderr` stand for `output`; an
 * empty frame says only that the stream lives.
 */
export const FRAMES_TYPE = 'application/vnd.jhansi.frames';

export const FRAME_HEADER_BYTES = 5;
export const FRAME_KINDS = { event: 0, stdout: 1, stderr: 2 } as const;
