import { createHash } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import type Redis from 'ioredis';
import { z } from 'zod';
import { accountsViewer } from '../access/viewer';
import {
  email as emailShape,
  emailFault,
  name as nameShape,
  nameFault,
  wrongOf,
  type FieldErrors,
} from '../accounts/forms';
import { openLinkPages } from '../accounts/links/render';
import { formError, formFields, limited, type FormState } from '../accounts/pages';
import { categoryNav } from '../briefings/reading/category-nav';
import { attemptsOf } from '../http/attempts';
import { audienceOf } from '../http/audience';
import { formByName } from '../http/body';
import { onlyMethods } from '../http/errors';
import { NO_PARAMETERS } from '../http/cache/page-address';
import type { MadePage, PageReader } from '../http/cache/cached-pages';
import { layoutOf } from '../http/layout/page-layout';
import { respond } from '../http/respond';
import { limitedFor } from '../http/too-many-requests';
import { Failure } from '../lib/failure';
import type { Language } from '../lib/language';
import { cleanText, isVisible } from '../lib/line';
import { networkPrefixOf } from '../lib/network';
import { languagesOf } from '../site/pages/content';
import { supportAddress } from '../site/settings/support';
import { openLimit } from '../stores/limits';
import { writeLetter } from '../stores/postgres/outbox';
import type { Clock } from '../lib/clock';
import type { ContactPage } from './page-types';
import { readPage } from './queries';
import type { PageParts } from './routes';
import { describePage, ownPage } from './view';

const PATH = '/contact';
const LONGEST = 5_000;

export interface ContactParts extends PageParts {
  readonly clock: Clock;
  readonly limits: ContactLimits;
}

/** Counts messages; each answers with the seconds to wait, or null. */
export interface ContactLimits {
  tryMessage(from: { readonly ip: string; readonly email: string }, res: Response): Promise<number | null>;
}

/** Ten messages from an address of the net and five with one e-mail in an hour. */
export function openContactLimits(redis: Redis | null): ContactLimits {
  const byIp = openLimit(redis, { name: 'contact-ip', most: 10, seconds: 3_600 });
  const byEmail = openLimit(redis, { name: 'contact-email', most: 5, seconds: 3_600 });
  return {
    tryMessage: async ({ ip, email }, res) =>
      (await byIp.take(ip, attemptsOf(res))) ??
      byEmail.take(createHash('sha256').update(email).digest('base64url'), attemptsOf(res)),
  };
}

const form = formByName({ bytes: 65_536, fields: 10 });
const body = z.strictObject({ name: z.string(), email: z.string(), message: z.string() });

/** `/contact`: the publisher's words, and the form that reaches them; nobody else is written to. */
export function contactRoutes(parts: ContactParts, language: Language): Router {
  const { site, wall, cachedPages, clock, limits } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const shows = openLinkPages(site, language);

  const make = async ({ viewer, audience, atDesk }: PageReader, state: FormState): Promise<MadePage> => {
    const read = await readPage(wall, viewer, 'contact');
    const facts = { slug: 'contact', publishedAt: read?.publishedAt ?? clock.now(), warning: null, versions: null };
    const own = read && ownPage(read.content, facts, language, read.pictures);
    const title = own?.title ?? { text: say('contact.heading'), lang: null };
    const sample = site.pages.find('contact')?.sample === true;
    const page: ContactPage = {
      title,
      description: own ? own.description : { text: say('contact.text'), lang: null },
      body: own?.body ?? null,
      authors: own?.authors ?? [],
      warning: sample ? say('page.sample') : null,
      none: supportAddress(site.settings) === null ? say('contact.none') : null,
      postalAddress: site.settings.current.mail.postalAddress.split(/\r?\n/).filter((line) => line !== ''),
      form: {
        action: `${prefix}${PATH}`,
        error: formError(language, state),
        fields: formFields(language, state, [
          { name: 'name', type: 'text', autocomplete: 'name', hint: null },
          { name: 'email', type: 'email', autocomplete: 'email', hint: say('contact.email.hint') },
        ]),
        message: {
          value: state.typed?.['message'] ?? '',
          error: state.wrong?.['message'] === undefined ? null : say(state.wrong['message'], { n: LONGEST }),
          focus: Object.keys(state.wrong ?? {}).join() === 'message',
        },
        submit: say('contact.submit'),
      },
    };
    const layout = layoutOf(site, language, {
      title: title.text,
      description: page.description?.text ?? null,
      path: PATH,
      ...(read ? { languages: languagesOf(read.content) } : {}),
      nav: await categoryNav(site, viewer, language),
      audience,
      rank: viewer.rank,
      jsonLd: read && own ? describePage(read.content, facts, own, language, site.publicUrl) : null,
      edit: atDesk && read ? `/desk/pages/${read.id}` : null,
    });
    return { view: 'pages/contact', layout, page };
  };

  const again = async (req: Request, res: Response, status: number, state: FormState) => {
    const { reader } = res.locals;
    const asked: PageReader = { viewer: reader.viewer, audience: audienceOf(reader), atDesk: false };
    const { view, layout, page } = await make(asked, state);
    res.status(status);
    await respond(req, res, view, { layout, page });
  };

  router
    .route(PATH)
    .get(cachedPages.handler(NO_PARAMETERS, ({ reader }) => make(reader, { next: null })))
    .post(form, async (req, res) => {
      const sent = body.safeParse(req.body);
      if (!sent.success) throw new Failure(400, 'not the contact form');
      const recipient = supportAddress(site.settings);
      const typed = { ...sent.data, message: cleanText(sent.data.message) };
      if (recipient === null) return again(req, res, 409, { next: null, typed });
      const [named, mailed] = [nameShape.safeParse(typed.name), emailShape.safeParse(typed.email)];
      const errors: FieldErrors = wrongOf({
        name: nameFault(typed.name),
        email: emailFault(typed.email),
        message: !isVisible(typed.message)
          ? 'contact.wrong.message'
          : typed.message.length > LONGEST
            ? 'contact.wrong.message.long'
            : null,
      });
      if (!named.success || !mailed.success || Object.keys(errors).length > 0)
        return again(req, res, 422, { next: null, typed, wrong: errors });
      const wait = await limits.tryMessage({ ip: networkPrefixOf(req.ip), email: mailed.data }, res);
      if (wait !== null) return again(req, res, limitedFor(res, wait), { next: null, typed, refused: limited(wait) });
      const data = { name: named.data, email: mailed.data, message: typed.message };
      // Sent twice on one day it is one letter.
      const day = clock.now().toISOString().slice(0, 10);
      const key = createHash('sha256')
        .update(JSON.stringify([day, data]))
        .digest('base64url');
      const lang = site.languages.first.code;
      await wall.write(accountsViewer, (db) =>
        writeLetter(db, { key: `contact ${key}`, kind: 'contact-message', lang, recipient, accountId: null, data }),
      );
      res.redirect(303, `${prefix}${PATH}/sent`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route(`${PATH}/sent`)
    .get((req, res) =>
      shows.notice(req, res, `${PATH}/sent`, 'contact.sent', { label: say('error.home'), href: prefix || '/' }),
    )
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
