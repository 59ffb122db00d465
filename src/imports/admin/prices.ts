import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { formatMoment } from '../../accounts/own/format';
import { confirmForm, hiddenFields, submitOnceButton } from '../../admin/action/form';
import { actionContext, perform, type AdminAction, type Rejection } from '../../admin/action/perform';
import { readFields, readFormFields, readSubmission, type Fields } from '../../admin/action/submission';
import { selectField } from '../../admin/fields';
import { renderAdmin } from '../../admin/frame';
import type { ActionPage } from '../../admin/page-types';
import { staffOnly } from '../../admin/staff';
import { nameTiers, type TierNames } from '../../admin/tier-names';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import { addJob } from '../../stores/postgres/jobs';
import type { WallTransaction } from '../../stores/postgres/wall';
import { adoptionFault, adoptPrice, readFoundPrices, type PriceRow } from '../prices/adopt';
import { importFrame, IMPORT_PATH, type ImportParts } from './parts';
import type { FoundPricesPage } from './page-types';

const PATH = `${IMPORT_PATH}/prices`;

interface Context {
  readonly parts: ImportParts;
  readonly language: Language;
}

/** `/admin/import/prices`: prices that a former platform made at Stripe, and the tier each stands for here. */
export function foundPriceRoutes(parts: ImportParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  const admins = staffOnly(language, ['admin']);
  router
    .route(PATH)
    .all(admins)
    .get((req, res) => show(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route(`${PATH}/count`)
    .all(admins)
    .post(formBody, async (req, res) => {
      readFormFields(req);
      await parts.wall.write(accountsViewer, (db) => addJob(db, 'find-prices', {}, { key: 'find-prices' }));
      res.redirect(303, `${language.prefix}${PATH}?counting=1`);
    })
    .all(onlyMethods('POST'));
  router
    .route(`${PATH}/map`)
    .all(admins)
    .get((req, res) => ask(context, req, res, readFields(req.query), null))
    .post(formBody, (req, res) => confirm(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

function amountOf(language: Language, { amountCents, currency, interval, intervalCount }: PriceRow): string {
  const { say, code } = language;
  const amount = amountCents === null ? say('import.prices.amount.varies') : formatMoney(code, amountCents, currency);
  return interval === null ? amount : say(`import.prices.per.${interval}`, { amount, n: intervalCount });
}

async function show({ parts: { site, wall }, language }: Context, req: Request, res: Response): Promise<void> {
  const { say, prefix } = language;
  const { prices, tiers } = await wall.read(accountsViewer, async (db) => ({
    prices: await readFoundPrices(db),
    tiers: await nameTiers(db, language),
  }));
  const counted = prices[0]?.countedAt;
  const page: FoundPricesPage = {
    frame: importFrame(language, req, res, say('import.prices.heading')),
    back: { label: say('import.back'), href: `${prefix}${IMPORT_PATH}` },
    text: [say('import.prices.text'), say('import.prices.text.none')],
    counted:
      req.query['counting'] === '1'
        ? say('import.prices.counting')
        : counted
          ? say('import.prices.counted', { moment: formatMoment(language, counted) })
          : null,
    count: submitOnceButton(`${prefix}${PATH}/count`, say('import.prices.count')),
    prices: prices.map((price) => {
      const fault = adoptionFault(price);
      return {
        id: price.stripeId,
        name: price.name,
        amount: amountOf(language, price),
        subscriptions: language.number(price.subscriptions),
        tier: price.tier === null ? null : { slug: price.tier, name: tiers.nameOf(price.tier) },
        fault: fault && say(`import.prices.fault.${fault}`),
        map:
          fault === null
            ? {
                label: say(price.tier === null ? 'import.prices.map' : 'import.prices.remap'),
                hiddenText: price.name,
                href: `${prefix}${PATH}/map?price=${price.stripeId}`,
              }
            : null,
      };
    }),
  };
  await renderAdmin(site, language, req, res, 'imports/prices', PATH, page);
}

/** An id of Stripe's stands behind the question mark: addresses are in small letters, and it is not. */
interface PriceCase {
  readonly price: PriceRow;
  readonly tiers: TierNames;
}

/** @throws Failure 404 where no such price was found. */
async function loadCase(db: WallTransaction, language: Language, id: unknown): Promise<PriceCase> {
  const price = (await readFoundPrices(db)).find(({ stripeId }) => stripeId === id);
  if (price === undefined || adoptionFault(price) !== null) throw notFound('a price');
  return { price, tiers: await nameTiers(db, language) };
}

const chosen = ({ tiers }: PriceCase, slug: string | undefined) =>
  tiers.all.find((tier) => tier.slug === slug && tier.rank > 0) ?? null;

async function confirm(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const submission = readSubmission(req);
  const id = submission.fields['price'] ?? '';
  const action: AdminAction<PriceCase> = {
    name: 'price-adopted',
    targetId: id,
    reason: 'optional',
    load: () => parts.wall.read(accountsViewer, (db) => loadCase(db, language, id)),
    check: (it) => (chosen(it, submission.fields['tier']) === null ? { status: 422 } : null),
    version: ({ price }) => versionOfPrice(price),
    wall: parts.wall,
    viewer: accountsViewer,
    entry: ({ price, tiers }) => ({
      target: { kind: 'price', id, name: price.name },
      before: { tier: price.tier === null ? null : tiers.nameOf(price.tier) },
      after: { tier: tiers.nameOf(submission.fields['tier'] ?? ''), subscriptions: price.subscriptions },
    }),
    write: (db, { price }) => adoptPrice(db, price, submission.fields['tier'] ?? ''),
  };
  const outcome = await perform(action, submission, await actionContext(parts, language, req, res));
  if (outcome.is === 'rejected') return ask(context, req, res, submission.fields, outcome.rejection);
  res.redirect(303, `${language.prefix}${PATH}?done=price-adopted`);
}

const versionOfPrice = ({ tier }: PriceRow): string => tier ?? 'none';

async function ask(
  { parts: { site, wall }, language }: Context,
  req: Request,
  res: Response,
  fields: Fields,
  rejection: Rejection | null,
): Promise<void> {
  const { say, prefix } = language;
  const it = await wall.read(accountsViewer, (db) => loadCase(db, language, fields['price']));
  const { price } = it;
  const [tier, at] = [chosen(it, fields['tier']), `${prefix}${PATH}/map`];
  const page: ActionPage = {
    frame: importFrame(language, req, res, say('import.prices.map')),
    back: { label: say('import.prices.heading'), href: `${prefix}${PATH}` },
    who: { name: price.name, email: amountOf(language, price) },
    text: say('import.prices.map.text', { n: price.subscriptions }),
    refused: rejection?.refused ?? null,
    error: rejection?.error ?? null,
    choice: tier === null ? tierChoice(language, it, fields, at) : null,
    changes: [],
    charges: [],
    happens:
      tier === null
        ? []
        : [
            say('import.prices.happens.opens', { n: price.subscriptions, tier: tier.name }),
            say('import.prices.happens.same'),
            say('import.prices.happens.offered'),
          ],
    sure:
      tier === null
        ? null
        : confirmForm(language, {
            ...{
              action: at,
              chosen: { tier: tier.slug, price: price.stripeId },
              version: versionOfPrice(price),
              why: 'remark',
            },
            ...{ typed: fields['remark'], rejection, submit: say('import.prices.map'), grave: false },
          }),
  };
  await renderAdmin(site, language, req, res, 'action', `${PATH}/map`, page, rejection?.status ?? 200);
}

/** The form that asks for the tier. */
function tierChoice(
  language: Language,
  { price, tiers }: PriceCase,
  { tier }: Fields,
  action: string,
): NonNullable<ActionPage['choice']> {
  const offered = tiers.all.filter(({ rank, retired }) => rank > 0 && !retired);
  const options = offered.map(({ slug, name }) => ({ value: slug, label: name }));
  const error = tier === undefined ? null : language.say('admin.wrong.tier');
  return {
    ...{ action, hidden: hiddenFields({ price: price.stripeId }), submit: language.say('admin.action.continue') },
    fields: [selectField(language, 'tier', tier ?? '', options, { error })],
  };
}
