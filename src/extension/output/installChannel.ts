import { l10n, window, type Disposable, type OutputChannel } from 'vscode';
import type { InstallOutput } from '../../protocol/run';
import { PlainText } from './plainText';

/** What installs of dependencies say, in a channel of its own: never among a program's output. Made when something is first installed. */
export class InstallChannel implements Disposable {
  readonly #text = new PlainText();
  #channel: OutputChannel | undefined;

  readonly append = ({ text }: InstallOutput): void => {
    this.#channel ??= window.createOutputChannel(l10n.t('Sandbox Install'));
    this.#channel.append(this.#text.write(Buffer.from(text)));
  };

  dispose(): void {
    this.#channel?.dispose();
  }
}
