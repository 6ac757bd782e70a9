import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Language } from '../../../src/protocol/sandbox';
import { BundledImages } from '../../../src/runner/images/bundledImages';
import { Rig, UID, seedArchive } from './rig';

const LIMITS = { cpus: 2, memory_bytes: 2 ** 30, pids: 512, disk_bytes: 2 ** 30 };

/** What a project of each language does all day, and what its runtime does behind its back. */
const WORK: Record<Language, Array<{ what: string; script: string; says: RegExp }>> = {
  python: [
    { what: 'a test suite', script: 'python -m unittest discover -s tests -t . 2>&1', says: /Ran \d+ tests?[^]*OK/ },
    {
      what: 'threads, processes, shared memory and sockets',
      script: `cat > /tmp/w.py <<'END'
import asyncio, concurrent.futures as f, multiprocessing as m, mmap, os, socket, subprocess, tempfile, threading
def square(x): return x * x
if __name__ == '__main__':
    with m.Pool(2) as pool: print(pool.map(square, [1, 2, 3]))
    with f.ThreadPoolExecutor(8) as pool: print(sum(pool.map(square, range(10))))
    from multiprocessing import shared_memory
    s = shared_memory.SharedMemory(create=True, size=100); s.close(); s.unlink()
    a, b = socket.socketpair(); a.send(b'x'); print(b.recv(1))
    l = socket.create_server(('127.0.0.1', 0)); c = socket.create_connection(l.getsockname()); print(len(socket.if_nameindex()))
    print(subprocess.run(['sh', '-c', 'echo child'], capture_output=True, text=True).stdout, asyncio.run(asyncio.sleep(0, 'async')))
    os.mkfifo('/tmp/fifo'); print('done')
END
python /tmp/w.py`,
      says: /\[1, 4, 9\]\n285\nb'x'\n\d+\nchild\n async\ndone/,
    },
  ],
  node: [
    { what: 'a test suite', script: 'node --test 2>&1', says: /pass [1-9]\d*[^]*fail 0/ },
    {
      what: 'workers, children, file watching and sockets',
      script: `cat > /tmp/w.mjs <<'END'
import { Worker } from 'node:worker_threads'; import { execFileSync, fork } from 'node:child_process'; import net from 'node:net'; import os from 'node:os';
import fs from 'node:fs'; import { once } from 'node:events'; import crypto from 'node:crypto';
const worker = new Worker('require("worker_threads").parentPort.postMessage(42)', { eval: true }); console.log((await once(worker, 'message'))[0]);
console.log(execFileSync('sh', ['-c', 'echo child']).toString().trim(), Object.keys(os.networkInterfaces()).join());
const watcher = fs.watch('/tmp'); setTimeout(() => fs.writeFileSync('/tmp/seen', ''), 50); await once(watcher, 'change'); watcher.close();
const server = net.createServer((s) => s.end('served')).listen(0, '127.0.0.1'); await once(server, 'listening');
console.log((await once(net.connect(server.address().port), 'data')).toString()); server.close();
console.log(crypto.scryptSync('a', 'b', 16).length, (await fs.promises.readdir('/')).length > 5, 'done');
END
node /tmp/w.mjs`,
      says: /42\nchild lo\nserved\n16 true done/,
    },
  ],
  go: [
    { what: 'a build and a test suite', script: 'go test ./... 2>&1 && go vet ./...', says: /ok\s+\S+/ },
    {
      what: 'goroutines, children, sockets, interfaces and signals',
      script: `mkdir -p /tmp/g && cat > /tmp/g/w.go <<'END'
package main
import ("fmt"; "net"; "os"; "os/exec"; "os/signal"; "sync"; "syscall")
func main() {
  var group sync.WaitGroup; var lock sync.Mutex; sum := 0
  for i := 0; i < 1000; i++ { group.Add(1); go func() { defer group.Done(); lock.Lock(); sum += i; lock.Unlock() }() }
  group.Wait(); fmt.Println(sum)
  child, err := exec.Command("sh", "-c", "echo child").Output(); fmt.Print(string(child)); if err != nil { panic(err) }
  listener, err := net.Listen("tcp", "127.0.0.1:0"); if err != nil { panic(err) }
  _, err = net.Dial("tcp", listener.Addr().String()); fmt.Println(err)
  interfaces, err := net.Interfaces(); fmt.Println(interfaces[0].Name, err)
  signals := make(chan os.Signal, 1); signal.Notify(signals, syscall.SIGUSR1); syscall.Kill(os.Getpid(), syscall.SIGUSR1); fmt.Println(<-signals, "done")
}
END
go run /tmp/g/w.go 2>&1`,
      says: /499500\nchild\n<nil>\nlo <nil>\nuser defined signal 1 done/,
    },
  ],
  java: [
    { what: 'a compiler and a program', script: 'sh run.sh data/entries.csv 2>&1', says: /./ },
    {
      what: 'threads, children, sockets, mapped and watched files',
      script: `mkdir -p /tmp/j && cat > /tmp/j/W.java <<'END'
import java.net.*; import java.nio.*; import java.nio.channels.*; import java.nio.file.*; import java.util.concurrent.*; import java.util.stream.*;
public class W { public static void main(String[] a) throws Exception {
  System.out.println(IntStream.range(0, 1000).parallel().sum());
  try (var pool = Executors.newVirtualThreadPerTaskExecutor()) { System.out.println(pool.submit(() -> "virtual").get()); }
  System.out.print(new String(new ProcessBuilder("sh", "-c", "echo child").start().getInputStream().readAllBytes()));
  try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress()); var client = new Socket(server.getInetAddress(), server.getLocalPort())) { System.out.println(client.isConnected()); }
  try (var file = FileChannel.open(Path.of("/tmp/j/m"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) { file.map(FileChannel.MapMode.READ_WRITE, 0, 4096).putInt(1); }
  try (var watch = FileSystems.getDefault().newWatchService()) { Path.of("/tmp/j").register(watch, StandardWatchEventKinds.ENTRY_CREATE); }
  System.out.println(Runtime.getRuntime().availableProcessors() + " done");
} }
END
java /tmp/j/W.java 2>&1`,
      says: /499500\nvirtual\nchild\ntrue\n\d+ done/,
    },
  ],
};

describe('the four languages under the whole table', function () {
  this.timeout(900_000);
  const images = new BundledImages('images', process.env);

  for (const [language, work] of Object.entries(WORK) as Array<[Language, (typeof WORK)[Language]]>) {
    describe(language, () => {
      const rig = new Rig();
      const image = images.tag(language);
      before(async () => {
        if (!await rig.engine.inspectImage(image)) {
          await rig.engine.buildImage({ context: images.context(language), tag: image, buildArgs: images.buildArgs, labels: {} }, () => {});
        }
        const { id } = await rig.create('true');
        await rig.engine.seed(id, '/sandbox', await seedArchive(UID, project(language)));
        await rig.engine.removeContainer(id);
      });

      for (const { what, script, says } of work) {
        it(what, async () => {
          const { out, err, exitCode } = await rig.run(script, { image, limits: LIMITS });
          assert.match(`${out}${err}`, says);
          assert.equal(exitCode, 0);
        });
      }
    });
  }
});

/** Files of test/workspaces, as entries of a seed. */
function project(language: Language): Record<string, Buffer> {
  const root = join('test/workspaces', language);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [`workspace/${relative(root, file).replaceAll('\\', '/')}`, readFileSync(file)]));
}
