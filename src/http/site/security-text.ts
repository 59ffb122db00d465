import { Router } from 'express';
import type { Clock } from '../../lib/clock';
import { notFound } from '../../lib/failure';
import { onlyMethods } from '../errors';
import type { SiteContext } from '../site-context';

/** What `/.well-known/security.txt` is made from. */
export interface SecurityTextParts {
  readonly site: SiteContext;
  readonly clock: Clock;
  /** The address of `MAIL_FROM`; null: not set. */
  readonly mailFrom: string | null;
}

const PATH = '/.well-known/security.txt';
const DAY = 86_400_000;

/** Days until what it says is to be read anew: less than a year, as RFC 9116, 2.5.5 recommends. */
const GOOD_FOR = 180;

/**
 * Whom to tell of a hole (RFC 9116): the address that letters are answered at. Not there while the publication has
 * none, since a contact must be one.
 */
export function securityTextRoutes({ site, clock, mailFrom }: SecurityTextParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(PATH)
    .get((_req, res) => {
      const { replyTo, senderAddress } = site.settings.current.mail;
      const contact = replyTo || senderAddress || mailFrom;
      if (!contact) throw notFound('an address to write to');
      const expires = new Date((Math.floor(clock.now().getTime() / DAY) + GOOD_FOR) * DAY);
      res.setHeader('Cache-Control', 'public, max-age=3600');
      res
        .type('text/plain')
        .send(
          [
            `Contact: mailto:${encodeURI(contact)}`,
            `Expires: ${expires.toISOString()}`,
            `Preferred-Languages: ${site.languages.all.map(({ code }) => code).join(', ')}`,
            `Canonical: ${new URL(PATH, site.publicUrl).href}`,
            '',
          ].join('\n'),
        );
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
