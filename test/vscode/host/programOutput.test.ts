import assert from 'node:assert/strict';
import { ProgramOutput } from '../../../src/extension/output/programOutput';

function recorded() {
  const appended: string[] = [];
  const output = new ProgramOutput(
    { append: (text) => appended.push(text), clear: () => appended.splice(0) }, { more: '[more]', left: (bytes) => `[${bytes} left]` });
  return { appended, output };
}

describe('A program’s output in the channel', () => {
  it('comes in batches', async () => {
    const { appended, output } = recorded();
    for (let i = 0; i < 100; i += 1) void output.write('stdout', Buffer.from('x'));
    assert.deepEqual(appended, []);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(appended, ['x'.repeat(100)]);
  });

  it('joins characters and line ends that chunks cut apart, each stream for itself', () => {
    const { appended, output } = recorded();
    const euro = Buffer.from('€');
    void output.write('stdout', Buffer.concat([Buffer.from('a\r'), Buffer.alloc(0)]));
    void output.write('stderr', euro.subarray(0, 1));
    void output.write('stdout', Buffer.from('\nb'));
    void output.write('stderr', euro.subarray(1));
    output.flush();
    assert.equal(appended.join(''), 'a\nb€');
  });

  it('writes what was held back before the line that ends the run', () => {
    const { appended, output } = recorded();
    void output.write('stdout', Buffer.from('done\u001b[3'));
    output.endRun();
    output.line('[end]');
    output.flush();
    assert.match(appended.join(''), /^done.*\n\[end\]\n$/);
  });

  it('lets no stream land in the middle of the other’s line, if the rest of that line comes soon', () => {
    const { appended, output } = recorded();
    void output.write('stdout', Buffer.from('about to fail'));
    void output.write('stderr', Buffer.from('no more paper\n'));
    void output.write('stdout', Buffer.from('\nnext'));
    output.flush();
    assert.equal(appended.join(''), 'about to fail\nno more paper\nnext');
  });

  it('shows a prompt that stays without a line end, and what comes after it', async () => {
    const { appended, output } = recorded();
    void output.write('stdout', Buffer.from('name? '));
    void output.write('stderr', Buffer.from('(waiting)'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(appended.join(''), 'name? (waiting)');
  });

  it('holds a program back that writes faster than the window shows', async () => {
    const { output } = recorded();
    assert.equal(output.write('stdout', Buffer.from('little')), undefined);
    const room = output.write('stdout', Buffer.alloc(2 * 1024 * 1024, 'x'));
    assert.ok(room instanceof Promise);
    await room;
  });

  it('shows the beginning and the end of what is too much, and counts the rest', () => {
    const { appended, output } = recorded();
    const line = Buffer.from(`${'x'.repeat(1023)}\n`);
    const block = Buffer.concat(Array<Buffer>(1024).fill(line));
    for (let i = 0; i < 40; i += 1) void output.write('stdout', block);
    void output.write('stderr', Buffer.from('the reason\n'));
    const left = output.endRun();
    output.line('[end]');
    output.flush();
    const text = appended.join('');
    assert.ok(text.startsWith('xxx'));
    assert.ok(text.includes(`\n[more]\n[${left} left]\nxxx`));
    assert.ok(text.endsWith('x\nthe reason\n[end]\n'));
    const shown = text.split('\n').filter((one) => one.startsWith('xxx')).length;
    assert.equal(shown * 1024 + left, 40 * 1024 * 1024);
  });

  it('empties the channel before a run when it holds too much of earlier ones', () => {
    const { appended, output } = recorded();
    for (let run = 0; run < 4; run += 1) {
      output.begin(`> ${run}`);
      for (let i = 0; i < 15; i += 1) void output.write('stdout', Buffer.alloc(1024 * 1024, 'x'));
      output.endRun();
      output.flush();
    }
    const text = appended.join('');
    assert.ok(text.startsWith('> 3\n'), text.slice(0, 20));
  });

  it('says when it shows no more, once, and starts afresh with the next run', () => {
    const { appended, output } = recorded();
    for (let i = 0; i < 20; i += 1) void output.write('stdout', Buffer.alloc(1024 * 1024, 'x'));
    output.endRun();
    void output.write('stdout', Buffer.from('next run'));
    output.flush();
    const text = appended.join('');
    assert.equal(text.match(/\[more\]/g)?.length, 1);
    assert.ok(text.endsWith('next run'));
    assert.ok(text.length < 17 * 1024 * 1024);
  });

  it('is shown without the control sequences of terminals, wherever a chunk cuts them', () => {
    const text = '\u001b[1;31mred\u001b[0m \u001b]8;;https://example.org\u0007link\u001b]8;;\u0007 \u001b]0;title\u001b\\done\u0007\tend\n';
    for (const size of [1, 2, 3, 7, text.length]) {
      const { appended, output } = recorded();
      for (let at = 0; at < text.length; at += size) void output.write('stdout', Buffer.from(text.slice(at, at + size)));
      output.endRun();
      output.flush();
      assert.equal(appended.join(''), 'red link done\tend\n', `in pieces of ${size}`);
    }
  });

  it('shows what a progress bar says last, and never overwrites what is shown', () => {
    const { appended, output } = recorded();
    void output.write('stdout', Buffer.from('start\n10 %\r20 %\r30 %'));
    output.flush();
    void output.write('stdout', Buffer.from('\r40 %\r50 %\r\n'));
    void output.write('stdout', Buffer.from('60 %\r'));
    output.endRun();
    output.line('[end]');
    output.flush();
    assert.equal(appended.join(''), 'start\n30 %\n50 %\n60 %\n[end]\n');
  });
});
