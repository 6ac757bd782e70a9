import { CustomExecution, Task, tasks, TaskScope, workspace, type Disposable, type TaskProvider, type WorkspaceFolder } from 'vscode';
import type { Front } from '../front';
import { SandboxPty } from '../terminals/sandboxPty';
import { parseTask, taskText, type SandboxTask } from './sandboxTask';

const TYPE = 'sandbox';

/**
 * Tasks of type `sandbox`: a command in the folder's sandbox, at a terminal, as VS Code's own shell tasks are. None is offered
 * unasked. Whether a folder's tasks may run at all is VS Code's to decide.
 */
class SandboxTasks implements TaskProvider {
  constructor(private readonly front: Front) {}

  provideTasks(): Task[] {
    return [];
  }

  resolveTask(task: Task): Task | undefined {
    const parsed = parseTask(task.definition);
    const folder = folderOf(task);
    if (!folder) return undefined;
    const name = task.name || (typeof parsed === 'string' ? TYPE : taskText(parsed));
    // The definition must be the very object that was asked about.
    return new Task(task.definition, task.scope ?? folder, name, TYPE, new CustomExecution(async (resolved) => (
      // Variables like ${file} have been filled in by now.
      new SandboxPty({ ...this.#request(folder, parseTask(resolved)), noticeLine: () => undefined, keepFailure: false }))));
  }

  #request(folder: WorkspaceFolder, task: SandboxTask | string) {
    // What is wrong with the task is what its terminal shows.
    if (typeof task === 'string') return { sandbox: () => Promise.reject(new Error(task)) };
    return { ...task, sandbox: () => this.front.sandboxes.of(folder) };
  }
}

export function registerTasks(front: Front): Disposable {
  return tasks.registerTaskProvider(TYPE, new SandboxTasks(front));
}

/** A task of the user's or the whole workspace's runs in the only folder there is. */
function folderOf({ scope }: Task): WorkspaceFolder | undefined {
  if (scope !== undefined && scope !== TaskScope.Global && scope !== TaskScope.Workspace) return scope;
  const [first, ...others] = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return others.length === 0 ? first : undefined;
}
