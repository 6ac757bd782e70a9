import { l10n, window, workspace, type Disposable, type OutputChannel } from 'vscode';
import { placeKey, placeName, type Place } from '../runs/place';
import { ProgramOutput } from './programOutput';
import { sizeText } from './units';

/** A channel, and the queue in front of it. */
export interface PlaceOutput { channel: OutputChannel; output: ProgramOutput }

/** The channel "Sandbox" for what programs write; where a window runs in several places, each has its own. */
export class Outputs implements Disposable {
  readonly #places = new Map<string, PlaceOutput>();
  readonly #channels = new Map<string, PlaceOutput>();
  #latest: PlaceOutput | undefined;

  /** @param onText told everything that is shown. */
  constructor(private readonly onText: (text: string) => void) {}

  of(place: Place): PlaceOutput {
    const key = placeKey(place);
    let found = this.#places.get(key);
    if (!found) {
      const folders = workspace.workspaceFolders?.length ?? 0;
      const title = folders > (place.folder ? 1 : 0) ? l10n.t('Sandbox: {0}', placeName(place)) : l10n.t('Sandbox');
      found = this.#channel(title, place.folder && key);
      this.#places.set(key, found);
    }
    return this.#latest = found;
  }

  /** Shows the place's output, without one that of the last run. */
  show(place?: Place): void {
    (place ? this.of(place) : this.#latest ?? this.#channel(l10n.t('Sandbox'))).channel.show(true);
  }

  dispose(): void {
    for (const { channel, output } of this.#channels.values()) {
      output.dispose();
      channel.dispose();
    }
  }

  #channel(title: string, key = title): PlaceOutput {
    let found = this.#channels.get(key);
    if (!found) {
      const channel = window.createOutputChannel(title);
      const append = (text: string) => {
        this.onText(text);
        channel.append(text);
      };
      const words = {
        more: l10n.t('[More output is not shown here until the run is over; its log has it all.]'),
        left: (bytes: number) => l10n.t('[{0} are not shown here; the log of the run has them. Its end:]', sizeText(bytes)),
      };
      found = { channel, output: new ProgramOutput({ append, clear: () => channel.clear() }, words) };
      this.#channels.set(key, found);
    }
    return found;
  }
}
