import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { GIFT_DAYS, GIFT_PERIOD_DAYS, GIFTS_AT_MOST, givingTier, mayGive } from '../access/gifts';
import { accountsViewer } from '../access/viewer';
import { makeGiftToken } from '../accounts/credentials/api-tokens';
import { accountFrame, renderSection, sectionPath } from '../accounts/own/frame';
import { ownerOf, ownerOnly } from '../accounts/own/owner';
import { briefingPath, cardView, formatDay, loadCards, openTo, type CardRow } from '../briefings/reading/cards';
import { pagingOf } from '../briefings/reading/paging';
import { onlyMethods } from '../http/errors';
import { formBody } from '../http/form';
import { pageNumber } from '../http/cache/page-address';
import type { SiteContext } from '../http/site-context';
import type { Clock } from '../lib/clock';
import { Failure, notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import '../membership/reader';
import { findTiers, tierTextsIn } from '../membership/tiers';
import type { Wall } from '../stores/postgres/wall';
import { giftsLeft, makeGift, revokeGift } from './actions';
import type { GiftLine, GiftsPage, MadeGiftPage, NewGiftPage, RevokeGiftPage } from './page-types';

export interface OwnGiftParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly clock: Clock;
}

interface Context {
  readonly parts: OwnGiftParts;
  readonly language: Language;
}

const PER_PAGE = 20;
const briefingForm = z.object({
  briefing: z.string().regex(/^[a-z0-9-]{1,80}$/),
  named: z.literal('yes').optional(),
});
const idOf = z.object({ id: z.uuid() });

/** `/account/gifts`: the briefings that its owner has given away, each by a link for some days. */
export function ownGiftRoutes(parts: OwnGiftParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router.use('/account/gifts', ownerOnly(language));
  router
    .route('/account/gifts')
    .get((req, res) => list(context, req, res))
    .post(formBody, (req, res) => make(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/account/gifts/new')
    .get(async (req, res) => ask(context, req, res, await briefingIn(context, req.query, res), null))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/account/gifts/:id/revoke')
    .get((req, res) => askRevoking(context, req, res))
    .post(formBody, (req, res) => revoke(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

const titleOf = (card: CardRow, { parts: { site }, language }: Context): string =>
  cardView(card, language, site.shape.current).title.text;

/** Who gives here, as far as the owner is concerned. */
async function givingFor({ parts: { wall, clock }, language }: Context, res: Response) {
  const { id } = ownerOf(res);
  const [tiers, left] = await wall.read(accountsViewer, async (db) => [
    await findTiers(db),
    await giftsLeft(db, id, clock.now()),
  ]);
  const from = givingTier(tiers);
  const gives = mayGive(res.locals.reader.viewer.rank, tiers);
  const { say } = language;
  const bounds = { most: GIFTS_AT_MOST, days: GIFT_PERIOD_DAYS };
  const allowance = gives
    ? say('account.gifts.left', { n: left, ...bounds })
    : from
      ? say('account.gifts.who', { tier: tierTextsIn(from, language).name })
      : say('account.gifts.nobody');
  return { gives, sold: from !== null, allowance, left };
}

async function list(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const asked = req.query['page'] ?? '';
  const number = typeof asked === 'string' ? (asked === '' ? '' : pageNumber(asked)) : null;
  if (number === null) throw new Failure(400, 'no number of a page');
  const accountId = ownerOf(res).id;
  const page = Number(number || 1);
  const [count, rows] = await parts.wall.read(accountsViewer, async (db) => [
    await db.giftLink.count({ where: { accountId } }),
    await db.giftLink.findMany({
      where: { accountId },
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      omit: { hash: true },
      take: PER_PAGE,
      skip: (page - 1) * PER_PAGE,
    }),
  ]);
  const pages = Math.max(1, Math.ceil(count / PER_PAGE));
  if (page > pages) throw notFound('page');
  const cards = await cardsOf(parts.wall, res, [...new Set(rows.map(({ briefingId }) => briefingId))]);
  const { gives, sold, allowance } = await givingFor(context, res);
  const { say, prefix } = language;
  const shown: GiftsPage = {
    frame: accountFrame(language, req, res, 'gifts'),
    allowance,
    pricing: gives || !sold ? null : { label: say('nav.pricing'), href: `${prefix}/pricing` },
    gifts: rows.map((row) => lineOf(context, row, cards.get(row.briefingId))),
    paging: pagingOf(page, pages, (one) => `${sectionPath(language, 'gifts')}${one > 1 ? `?page=${one}` : ''}`),
  };
  await renderSection(parts.site, language, req, res, 'gifts', 'gifts/list', shown);
}

/** The cards of those of these briefings that the owner meets, by id. */
async function cardsOf(wall: Wall, res: Response, ids: readonly string[]): Promise<ReadonlyMap<string, CardRow>> {
  if (ids.length === 0) return new Map();
  return wall.read(res.locals.reader.viewer, async (db) => {
    const there = { id: { in: [...ids] }, AND: await openTo(db, res.locals.reader.viewer) };
    const rows = await db.briefing.findMany({ where: there, select: { id: true } });
    const cards = await loadCards(
      db,
      rows.map(({ id }) => id),
    );
    return new Map(cards.map((card) => [card.id, card]));
  });
}

interface GiftRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly opens: number;
}

function lineOf(context: Context, row: GiftRow, card: CardRow | undefined): GiftLine {
  const { parts, language } = context;
  const { say } = language;
  const isOpen = row.revokedAt === null && row.expiresAt > parts.clock.now();
  const title = card ? titleOf(card, context) : say('account.gifts.gone');
  return {
    title,
    href: card ? briefingPath(language, card.slug) : null,
    times: say('account.gifts.times', {
      made: formatDay(row.createdAt, language).text,
      ends: formatDay(row.revokedAt ?? row.expiresAt, language).text,
    }),
    opened: row.opens === 0 ? say('account.gifts.unopened') : say('account.gifts.opened', { n: row.opens }),
    state: say(`account.gifts.state.${isOpen ? 'open' : row.revokedAt ? 'revoked' : 'ended'}`),
    revoke: isOpen ? `${sectionPath(language, 'gifts')}/${row.id}/revoke` : null,
    revokeLabel: say('account.gifts.revoke.label', { title }),
  };
}

/** The briefing that a form or an address names, where the owner meets it. @throws Failure 400, 403, 404. */
async function briefingIn(context: Context, from: unknown, res: Response) {
  const read = briefingForm.safeParse(from);
  if (!read.success) throw new Failure(400, 'not a form of a gift');
  const { viewer } = res.locals.reader;
  const found = await context.parts.wall.read(viewer, async (db) => {
    const rows = await db.briefing.findMany({
      where: { slug: read.data.briefing, AND: await openTo(db, viewer) },
      select: { id: true },
    });
    return (
      await loadCards(
        db,
        rows.map(({ id }) => id),
      )
    )[0];
  });
  if (!found) throw notFound('briefing');
  const giving = await givingFor(context, res);
  if (!giving.gives) throw new Failure(403, 'this member may give nothing away');
  return { card: found, named: read.data.named === 'yes', giving };
}

type Asked = Awaited<ReturnType<typeof briefingIn>>;

async function ask(
  context: Context,
  req: Request,
  res: Response,
  { card, named, giving }: Asked,
  error: string | null,
): Promise<void> {
  const { parts, language } = context;
  const { say } = language;
  const page: NewGiftPage = {
    frame: accountFrame(language, req, res, 'gifts'),
    title: titleOf(card, context),
    briefing: card.slug,
    action: sectionPath(language, 'gifts'),
    allowance: giving.allowance,
    error: error ?? (giving.left === 0 ? say('account.gifts.none-left', { days: GIFT_PERIOD_DAYS }) : null),
    named,
    namedLabel: say('account.gifts.named', { name: ownerOf(res).name }),
    back: { label: say('account.gifts.back.briefing'), href: briefingPath(language, card.slug) },
  };
  await renderSection(parts.site, language, req, res, 'gifts', 'gifts/new', page, error === null ? 200 : 422);
}

async function make(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const asked = await briefingIn(context, req.body, res);
  const { token, hash } = makeGiftToken();
  const gift = { briefingId: asked.card.id, hash, named: asked.named };
  const until = await parts.wall.write(accountsViewer, (db) => makeGift(db, ownerOf(res), gift, parts.clock.now()));
  const { say, prefix } = language;
  if (!until) return ask(context, req, res, asked, say('account.gifts.none-left', { days: GIFT_PERIOD_DAYS }));
  const page: MadeGiftPage = {
    frame: accountFrame(language, req, res, 'gifts'),
    title: titleOf(asked.card, context),
    address: new URL(`${prefix}/gifts/${token}`, parts.site.publicUrl).href,
    until: say('account.gifts.made.until', { days: GIFT_DAYS, day: formatDay(until, language).text }),
    back: sectionPath(language, 'gifts'),
  };
  await renderSection(parts.site, language, req, res, 'gifts', 'gifts/made', page, 201);
}

async function askRevoking(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const id = idOf.safeParse(req.params).data?.id;
  const accountId = ownerOf(res).id;
  const row =
    id === undefined
      ? null
      : await parts.wall.read(accountsViewer, (db) =>
          db.giftLink.findFirst({
            where: { id, accountId, revokedAt: null, expiresAt: { gt: parts.clock.now() } },
            select: { id: true, briefingId: true },
          }),
        );
  if (!row) throw notFound('a gift of this account');
  const card = (await cardsOf(parts.wall, res, [row.briefingId])).get(row.briefingId);
  const { say } = language;
  const page: RevokeGiftPage = {
    frame: accountFrame(language, req, res, 'gifts'),
    question: say('account.gifts.revoke.question', {
      title: card ? titleOf(card, context) : say('account.gifts.gone'),
    }),
    action: `${sectionPath(language, 'gifts')}/${row.id}/revoke`,
    back: sectionPath(language, 'gifts'),
  };
  await renderSection(parts.site, language, req, res, 'gifts', 'gifts/revoke', page);
}

async function revoke({ parts, language }: Context, req: Request, res: Response): Promise<void> {
  const id = idOf.safeParse(req.params).data?.id;
  const { id: accountId } = ownerOf(res);
  const ended =
    id !== undefined &&
    (await parts.wall.write(accountsViewer, (db) => revokeGift(db, accountId, id, parts.clock.now())));
  if (!ended) throw notFound('a gift of this account');
  res.redirect(303, sectionPath(language, 'gifts', 'gift-revoked'));
}
