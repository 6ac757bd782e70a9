// virtual:/project, as a repository browser would show it: read, never written.
const { EventEmitter, FileSystemError, FileType, workspace } = require('vscode');

const FILES = new Map([['/project/main.py', 'import os\nprint("alone with", os.listdir())\n']]);

function stat({ path }) {
  const text = FILES.get(path);
  if (text === undefined && path !== '/' && path !== '/project') throw FileSystemError.FileNotFound(path);
  return { type: text === undefined ? FileType.Directory : FileType.File, ctime: 0, mtime: 0, size: text?.length ?? 0 };
}

const refuse = (uri) => { throw FileSystemError.NoPermissions(uri); };

exports.activate = ({ subscriptions }) => subscriptions.push(workspace.registerFileSystemProvider('virtual', {
  stat, onDidChangeFile: new EventEmitter().event, watch: () => ({ dispose() {} }),
  readDirectory: ({ path }) => (path === '/' ? [['project', FileType.Directory]] : [['main.py', FileType.File]]),
  readFile: (uri) => { stat(uri); return Buffer.from(FILES.get(uri.path) ?? ''); },
  writeFile: refuse, createDirectory: refuse, delete: refuse, rename: refuse,
}, { isReadonly: true, isCaseSensitive: true }));
