import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { decideJoining } from '../../access/joining';
import { accountsViewer } from '../../access/viewer';
import { email as emailShape, emailFault } from '../../accounts/forms';
import { readToken } from '../../accounts/links/forms';
import { openLinkPages, quiet } from '../../accounts/links/render';
import { formError, formFields, limited, type FormState } from '../../accounts/pages';
import { audienceOf } from '../../http/audience';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { respond } from '../../http/respond';
import { layoutOf } from '../../http/layout/page-layout';
import { limitedFor } from '../../http/too-many-requests';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { networkPrefixOf } from '../../lib/network';
import { loadSetting } from '../../site/settings/save';
import { choiceFields, choiceForm, choiceSchema, readChoice } from '../choice';
import type { IssueParts } from '../desk/parts';
import type { SubscribePage } from '../page-types';
import type { SubscribeLimits } from './limits';
import { askToSubscribe, confirmSubscription, findPending } from './store';

export interface SubscribeParts extends IssueParts {
  readonly limits: SubscribeLimits;
}

const PATH = '/subscribe';

const form = choiceSchema.extend({ email: z.string() });
type Typed = z.output<typeof form>;

/** `/subscribe`: letters about briefings to an address, without an account. Members choose theirs in their section. */
export function subscribeRoutes(parts: SubscribeParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const show = (req: Request, res: Response, typed: Typed, state: Omit<FormState, 'next' | 'typed'>, status = 200) =>
    showForm(parts, language, req, res, typed, state, status);
  const nothing: Typed = { email: '', list: 'each', lang: language.code, categories: [] };
  router
    .route(PATH)
    .get((req, res) =>
      res.locals.reader.account ? res.redirect(303, `${language.prefix}/account/letters`) : show(req, res, nothing, {}),
    )
    .post(choiceForm, async (req, res) => {
      const sent = form.safeParse(req.body ?? {});
      if (!sent.success) throw new Failure(400, 'not the form that subscribes');
      const typed = sent.data;
      const chosen = await readChoice(parts.wall, typed, parts.site.languages);
      if (chosen === null) throw new Failure(400, 'nothing to subscribe to');
      const mailed = emailShape.safeParse(typed.email);
      const fault = emailFault(typed.email);
      if (!mailed.success || fault !== null)
        return show(req, res, typed, { wrong: { email: fault ?? 'form.wrong.email' } }, 422);
      const email = mailed.data;
      const wait = await parts.limits.tryLetter({ ip: networkPrefixOf(req.ip), email }, res);
      if (wait !== null) return show(req, res, typed, { refused: limited(wait) }, limitedFor(res, wait));
      if (await isRefused(parts, email))
        return show(req, res, typed, { wrong: { email: 'subscribe.wrong.email' } }, 422);
      await askToSubscribe(parts.wall, { email, ...chosen }, parts.clock.now());
      res.redirect(303, `${language.prefix}${PATH}/sent`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router.use(confirmRoutes(parts, language));
  return router;
}

/** May nobody come with this address? Whether people join at all does not matter: anybody may read what is sent. */
async function isRefused({ wall, site }: SubscribeParts, email: string): Promise<boolean> {
  const addresses = await wall.read(accountsViewer, (db) => loadSetting(db, 'joining-addresses'));
  const rule = { ...site.settings.current.joining, ...addresses, mode: 'open' } as const;
  return decideJoining(rule, email) === 'refused';
}

async function showForm(
  { wall, site }: SubscribeParts,
  language: Language,
  req: Request,
  res: Response,
  typed: Typed,
  state: Omit<FormState, 'next' | 'typed'>,
  status: number,
): Promise<void> {
  const { say, prefix } = language;
  const given: FormState = { next: null, typed: { email: typed.email }, ...state };
  const page: SubscribePage = {
    label: say('subscribe.label'),
    heading: say('subscribe.heading'),
    text: say('subscribe.text'),
    action: `${prefix}${PATH}`,
    error: formError(language, given),
    fields: formFields(language, given, [
      { name: 'email', type: 'email', autocomplete: 'email', hint: say('subscribe.email.hint') },
    ]),
    token: null,
    choice: await choiceFields(wall, site.languages, language, typed, false),
    submit: say('subscribe.submit'),
    foot: { text: say('subscribe.member'), link: { label: say('nav.login'), href: `${prefix}/login` } },
  };
  const layout = layoutOf(site, language, {
    title: page.heading,
    description: page.text,
    path: PATH,
    audience: audienceOf(res.locals.reader),
  });
  res.status(status);
  await respond(req, res, 'issues/subscribe', { layout, page });
}

/** The link of the letter. Opening it subscribes nobody, because programs that look through mail open links too. */
function confirmRoutes({ wall, site, clock }: SubscribeParts, language: Language): Router {
  const { say, prefix } = language;
  const router = Router({ caseSensitive: true, strict: true });
  const shows = openLinkPages(site, language);
  const home = { label: say('reset.back'), href: prefix || '/' };
  const over = (req: Request, res: Response) =>
    shows.over(req, res, { label: say('subscribe.label'), href: `${prefix}${PATH}` });
  router.use([`${PATH}/sent`, `${PATH}/confirm`, `${PATH}/confirmed`], quiet);
  for (const said of ['sent', 'confirmed'])
    router
      .route(`${PATH}/${said}`)
      .get((req, res) => shows.notice(req, res, `${PATH}/${said}`, `subscribe.${said}`, home))
      .all(onlyMethods('GET', 'HEAD'));
  router
    .route(`${PATH}/confirm`)
    .get(async (req, res) => {
      const token = readToken(req.query);
      const pending = token && (await wall.read(accountsViewer, (db) => findPending(db, token, clock.now())));
      if (!token || !pending) return over(req, res);
      const list = say(`account.letters.list.${pending.list}`);
      await shows.form(req, res, `${PATH}/confirm`, {
        label: say('subscribe.label'),
        heading: say('subscribe.confirm.heading'),
        text: say('subscribe.confirm.text', { email: pending.email, list }),
        form: {
          ...{ action: `${prefix}${PATH}/confirm`, token, error: null, fields: [], links: [] },
          submit: say('subscribe.confirm.submit'),
        },
      });
    })
    .post(formBody, async (req, res) => {
      const token = readToken(req.body);
      const done = token && (await wall.write(accountsViewer, (db) => confirmSubscription(db, token, clock.now())));
      if (!done) return over(req, res);
      res.redirect(303, `${prefix}${PATH}/confirmed`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
