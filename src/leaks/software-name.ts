import { SOFTWARE_NAME } from '../lib/language';
import { OWN_NAME } from './own-publication';
import type { Site } from './oracle';
import type { Exchange } from './walk';

/** The session's cookie keeps its name, whoever's publication it is. */
const COOKIE = /\b(?:__Host-)?dossier=[^;\s]*/gi;
const NAME = new RegExp(`.{0,40}${SOFTWARE_NAME}.{0,40}`, 'i');

/** Where the software's name is met in a publication that has one of its own. */
export class SoftwareName {
  private readonly met = new Map<string, string>();
  private named = 0;

  hear({ cell: { walkable }, ask, answer }: Exchange): void {
    const { method, path } = walkable.route;
    this.look(`${method} ${path} (${ask.path})`, `${answer.rawHeaders.join('\n')}\n${answer.body.toString('utf8')}`);
  }

  /** The same of letters. */
  inLetters(letterFor: NonNullable<Site['letterFor']>): NonNullable<Site['letterFor']> {
    return async (...asked) => {
      const texts = await letterFor(...asked);
      this.look('letters to many', (texts ?? []).join('\n'));
      return texts;
    };
  }

  private look(where: string, text: string): void {
    if (text.includes(OWN_NAME)) this.named++;
    const [surface = where] = where.split(' (');
    const said = NAME.exec(text.replace(COOKIE, ''))?.[0];
    if (said !== undefined && !this.met.has(surface)) this.met.set(surface, `${where}: …${said.trim()}…`);
  }

  /** One sentence for each surface that says it; and whether the publication's own name was met at all. */
  get findings(): readonly string[] {
    return [
      ...[...this.met.values()].map((said) => `The name of the software stands at ${said}`),
      ...(this.named > 0 ? [] : ["The publication's own name stands nowhere."]),
    ];
  }
}
