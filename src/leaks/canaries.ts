import { randomBytes } from 'node:crypto';

/** One word that stands in one place of the site and nowhere else in the world. */
export interface Canary {
  readonly token: string;
  /** Where it stands, for people: `stricter: evidence/…, es, middle`. */
  readonly place: string;
  /** Who reads at least this far may meet it; null: nobody may, on any page. */
  readonly rank: number | null;
  /** It stands in a former revision alone, so it is met on the pages of revisions and nowhere else. */
  readonly former: boolean;
}

/** What every token begins with; no language writes it. */
const MARK = 'zq7k-';
const SOUGHT = /zq7k-[a-z0-9]{4,}/g;

/** Letters of a token after its mark. An excerpt that cuts it keeps at least the first few. */
const LENGTH = 12;

/** Every canary of one run. */
export class Canaries {
  private readonly known: Canary[] = [];

  /** A new token for one place. It is also a valid key of a passage. */
  make(place: string, rank: number | null, former = false): string {
    const token =
      MARK +
      BigInt(`0x${randomBytes(10).toString('hex')}`)
        .toString(36)
        .padStart(LENGTH, '0')
        .slice(-LENGTH);
    this.known.push({ token, place, rank, former });
    return token;
  }

  get all(): readonly Canary[] {
    return this.known;
  }

  /** The canaries in a text of small letters, those that were cut short among them. */
  find(text: string): Canary[] {
    const pieces = new Set(text.match(SOUGHT));
    return pieces.size === 0
      ? []
      : this.known.filter(({ token }) =>
          [...pieces].some((piece) => piece.startsWith(token) || token.startsWith(piece)),
        );
  }
}
