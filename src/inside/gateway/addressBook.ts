import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { deniedAddress } from '../../engine/gateway/policy/address';
import { Refusal } from './refusal';

/** An install makes thousands of requests in a minute; resolvers have been seen to answer a hundred and drop the rest. */
const KEPT_MS = 60_000;

/** Where names lead, looked up once for many requests. Only what was checked is ever kept: a refused answer is asked for again. */
export class AddressBook {
  private readonly own: Set<string>;
  private readonly kept = new Map<string, { address: Promise<string>; until: number }>();

  /** `ownAddresses`: the machine's, whatever they are. `ask`: the resolver; `now`: milliseconds that only grow. */
  constructor(ownAddresses: readonly string[], private readonly ask: (name: string) => Promise<string[]> = system, private readonly now = () => performance.now()) {
    this.own = new Set(ownAddresses.map((address) => ipaddr.parse(address).toString()));
  }

  /** The address to dial. Throws Refusal for one that no registry has, and what the resolver says when nothing was known before. */
  async find(name: string, mayBePrivate: boolean): Promise<string> {
    const key = `${name} ${mayBePrivate}`;
    const known = this.kept.get(key);
    if (known && known.until > this.now()) return known.address;
    const address = this.resolve(name, mayBePrivate).catch((error: unknown) => {
      if (known && !(error instanceof Refusal)) return known.address;
      throw error;
    });
    const mine = { address, until: this.now() + KEPT_MS };
    this.kept.set(key, mine);
    address.catch(() => {
      if (this.kept.get(key) === mine) this.kept.delete(key);
    });
    return address;
  }

  /** Nobody answers there: the name may have moved. */
  forget(name: string, mayBePrivate: boolean): void {
    this.kept.delete(`${name} ${mayBePrivate}`);
  }

  /** One that may be dialled, of addresses that all may: a name with one bad address among good ones is somebody's try. */
  private async resolve(name: string, mayBePrivate: boolean): Promise<string> {
    const found = ipaddr.isValid(name) ? [name] : await this.ask(name);
    for (const address of found) {
      const rule = deniedAddress(address) ?? (this.own.has(ipaddr.parse(address).toString()) ? 'own-address' : undefined);
      if (rule && !mayBePrivate) throw new Refusal(rule, 403, `${name} has the address ${address}, which no registry has`);
    }
    return found[0]!;
  }
}

async function system(name: string): Promise<string[]> {
  return (await lookup(name, { all: true, family: 4 })).map(({ address }) => address);
}
