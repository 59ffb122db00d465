import { createHmac, timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import { briefingPath } from '../briefings/reading/cards';
import { onlyMethods } from '../http/errors';
import { unmentioned } from '../http/headers';
import { isReading } from '../http/reading';
import type { SiteContext } from '../http/site-context';
import { notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import type { Counters, Sums } from '../stores/counters';
import type { WallTransaction } from '../stores/postgres/wall';

/**
 * 16 bytes of the issue's id, then 8 of a signature, in hexadecimal: an address of ours is of small letters. Nothing in
 * it is a recipient's.
 */
const FORM = /^[0-9a-f]{48}$/;
const SLUG = /^[a-z0-9-]{1,80}$/;

/** Keeps these signatures apart from all others of the same secret. */
const PURPOSE = 'count a link in letters to many';

const sign = (id: Buffer, slug: string, secret: string): Buffer =>
  createHmac('sha256', secret).update(PURPOSE).update(id).update(slug).digest().subarray(0, 8);

/**
 * Where a link to a briefing leads in the letters of an issue whose clicks are counted: to an address of ours, which
 * leads on to the briefing's page.
 * @throws where there is no secret.
 */
export function countedAddress(
  { publicUrl }: Pick<SiteContext, 'publicUrl'>,
  [secret]: readonly string[],
  issueId: string,
): (slug: string, language: Pick<Language, 'code'>) => string {
  if (secret === undefined) throw new Error('nothing to sign with');
  const id = Buffer.from(issueId.replaceAll('-', ''), 'hex');
  return (slug, { code }) => {
    const token = Buffer.concat([id, sign(id, slug, secret)]).toString('hex');
    return `${publicUrl}/letters/read/${code.toLowerCase()}/${token}/${slug}`;
  };
}

/** The id of the issue in whose letters this stands; null: in those of none. */
function issueOfLink(token: string, slug: string, secrets: readonly string[]): string | null {
  if (!FORM.test(token)) return null;
  const bytes = Buffer.from(token, 'hex');
  const [id, given] = [bytes.subarray(0, 16), bytes.subarray(16)];
  return secrets.some((secret) => timingSafeEqual(sign(id, slug, secret), given)) ? id.toString('hex') : null;
}

/** What following links takes. */
export interface ClickParts {
  readonly site: SiteContext;
  readonly sessionSecrets: readonly string[];
  readonly counters: Counters;
  /** Settings may have changed. */
  readonly refresh: () => Promise<void>;
}

/**
 * What links to briefings in letters lead to, before anything asks who it is: it leads to a briefing's address and
 * nowhere else, whether there is one or not, and adds one to a sum where that is wanted and somebody reads. A link
 * whose signature is of a secret that is used no more leads on all the same.
 * @throws Failure 404 for what is no slug.
 */
export function clickRoutes({ site, sessionSecrets, counters, refresh }: ClickParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/letters/read/:lang/:token/:slug')
    .all(unmentioned)
    .get(async (req, res) => {
      const { lang, token, slug } = req.params;
      if (!SLUG.test(slug)) throw notFound('a briefing');
      await refresh();
      const { languages, settings } = site;
      const issue = issueOfLink(token, slug, sessionSecrets);
      if (issue !== null && settings.current.mail.countClicks && isReading(req))
        counters.count([`click ${issue} ${slug}`]);
      const language = languages.all.find(({ code }) => code.toLowerCase() === lang) ?? languages.first;
      res.redirect(302, briefingPath(language, slug));
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

/** Adds what was counted of links to the sums of their issues. The transaction must be the desk's. */
export async function writeClicks(db: WallTransaction, sums: Sums): Promise<void> {
  const clicks = [...sums].flatMap(([name, times]) => {
    const [kind, issue = '', slug = ''] = name.split(' ');
    return kind === 'click' ? [{ issue, slug, times }] : [];
  });
  if (clicks.length === 0) return;
  await db.$queryRaw`SELECT wall.count_clicks(${clicks.map(({ issue }) => issue)}::text[]::uuid[],
    ${clicks.map(({ slug }) => slug)}::text[], ${clicks.map(({ times }) => times)}::int[]) IS NULL AS added`;
}
