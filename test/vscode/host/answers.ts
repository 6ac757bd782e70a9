import * as vscode from 'vscode';
import { until } from './editor';

interface Asked { message: string; detail: string | undefined; buttons: string[] }

/**
 * Answers what the extension asks in dialogs and notifications meanwhile: nobody is there to click. What was asked is answered with;
 * the real window's own clicks are test/vscode/window's.
 */
export async function answering(button: string | undefined, during: () => Promise<unknown>): Promise<Asked[]> {
  const asked: Asked[] = [];
  const names = ['showWarningMessage', 'showInformationMessage', 'showErrorMessage'] as const;
  const real = names.map((name) => vscode.window[name]);
  for (const name of names) {
    (vscode.window as unknown as Record<string, unknown>)[name] = (message: string, ...rest: unknown[]) => {
      const [first] = rest;
      const detail = typeof first === 'object' ? (first as vscode.MessageOptions).detail : undefined;
      const buttons = rest.filter((one): one is string => typeof one === 'string');
      asked.push({ message, detail, buttons });
      return Promise.resolve(button !== undefined && buttons.includes(button) ? button : undefined);
    };
  }
  try {
    await during();
  } finally {
    names.forEach((name, index) => { (vscode.window as unknown as Record<string, unknown>)[name] = real[index]; });
  }
  return asked;
}

/** Does something with the next quick pick that `during` opens, as soon as it is there. */
export async function withPicker(during: () => Thenable<unknown>, use: (picker: vscode.QuickPick<vscode.QuickPickItem>) => Promise<void>): Promise<void> {
  const { createQuickPick } = vscode.window;
  let picker: vscode.QuickPick<vscode.QuickPickItem> | undefined;
  vscode.window.createQuickPick = <T extends vscode.QuickPickItem>() => {
    const created = createQuickPick<T>();
    picker = created as unknown as vscode.QuickPick<vscode.QuickPickItem>;
    return created;
  };
  try {
    const work = during();
    await until('a list is shown', () => picker !== undefined);
    await use(picker!);
    await work;
  } finally {
    vscode.window.createQuickPick = createQuickPick;
  }
}

/** Answers showQuickPick with the rows that fit, as a user who ticks or picks them; answers what was offered. */
export async function picking(fits: (item: vscode.QuickPickItem) => boolean, during: () => Thenable<unknown>): Promise<vscode.QuickPickItem[]> {
  const real = vscode.window.showQuickPick;
  let offered: vscode.QuickPickItem[] = [];
  (vscode.window as unknown as Record<string, unknown>).showQuickPick = async (items: vscode.QuickPickItem[] | Thenable<vscode.QuickPickItem[]>, options?: vscode.QuickPickOptions) => {
    offered = await items;
    const chosen = offered.filter(fits);
    return options?.canPickMany ? chosen : chosen[0];
  };
  try {
    await during();
  } finally {
    vscode.window.showQuickPick = real;
  }
  return offered;
}
