import { Router } from 'express';
import { PASSAGE_KINDS } from '../../access/kinds';
import { tierOfKind } from '../../access/matrix';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import { loadMatrix } from '../../membership/matrix';
import { countByRank } from '../../membership/members';
import { findTiers, isPriced, tierTextsIn } from '../../membership/tiers';
import { adminFrame, renderAdmin } from '../frame';
import { staffOnly } from '../staff';
import type { TiersPage } from './page-types';
import type { TierParts } from './parts';
import { readPrices } from './prices';
import { tierTextsOf } from './tier-texts';

/** `/admin/tiers`: the tiers in their order, what each says of itself in every language, and what it costs. */
export function tierListRoutes({ site, wall, clock }: TierParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix, code } = language;

  router
    .route('/admin/tiers')
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => {
      const now = clock.now();
      const { tiers, matrix, standing, prices } = await wall.read(accountsViewer, async (db) => ({
        tiers: await findTiers(db),
        matrix: await loadMatrix(db),
        standing: await countByRank(db, now),
        prices: await readPrices(db),
      }));
      const page: TiersPage = {
        frame: adminFrame(language, req, res, 'tiers', say('admin.tiers.heading')),
        order: [say('admin.tiers.order.rank'), say('admin.tiers.order.fixed')],
        matrixHref: `${prefix}/admin/matrix`,
        tiers: tiers.map((row) => {
          const { name } = tierTextsIn(row, language);
          const words = tierTextsOf(row, site.languages);
          const kinds = PASSAGE_KINDS.filter((kind) => tierOfKind(matrix, kind).slug === row.slug).map((kind) =>
            say(`kind.${kind}`),
          );
          const own = prices.filter(({ tierSlug }) => tierSlug === row.slug);
          const amounts = { month: row.monthlyCents, year: row.yearlyCents };
          const differs =
            own.some(
              ({ offered, interval, currency, amountCents }) =>
                offered && (currency !== row.currency || amountCents !== amounts[interval]),
            ) ||
            (own.length > 0 &&
              (['month', 'year'] as const).some(
                (interval) =>
                  amounts[interval] !== null && !own.some((one) => one.offered && one.interval === interval),
              ));
          const said = (['month', 'year'] as const).flatMap((interval) =>
            amounts[interval] === null
              ? []
              : [
                  say('admin.subscription.price', {
                    amount: formatMoney(code, amounts[interval], row.currency),
                    interval: say(`admin.interval.${interval}`),
                  }),
                ],
          );
          return {
            tier: { slug: row.slug, name },
            facts: [
              {
                label: say('admin.tiers.fact.order'),
                text: say(row.rank === 0 ? 'admin.tiers.fact.rank.public' : 'admin.tiers.fact.rank', { n: row.rank }),
              },
              {
                label: say('admin.tiers.fact.opens'),
                text: kinds.length > 0 ? kinds.join(', ') : say('admin.tiers.fact.opens.nothing'),
              },
              {
                label: say('admin.tiers.fact.members'),
                text: say('admin.tiers.fact.members.n', { n: standing.get(row.rank) ?? 0 }),
              },
              {
                label: say('admin.tiers.fact.price'),
                text:
                  said.length > 0
                    ? said.join(', ')
                    : say(row.rank === 0 ? 'admin.tiers.fact.price.public' : 'admin.tiers.fact.price.free'),
              },
              { label: say('admin.tiers.fact.slug'), text: row.slug },
            ],
            texts: site.languages.all.map((one) => ({
              lang: one.code,
              language: language.languageName(one.code),
              words: words[one.code] ?? null,
            })),
            edit: { href: `${prefix}/admin/tiers/${row.slug}/texts`, spoken: name },
            prices: own.map(({ stripeId, interval, currency, amountCents, offered, subscriptions }) => ({
              amount: say('admin.subscription.price', {
                amount: formatMoney(code, amountCents, currency),
                interval: say(`admin.interval.${interval}`),
              }),
              state: say(offered ? 'admin.tiers.price.offered' : 'admin.tiers.price.kept'),
              offered,
              stripe: stripeId,
              pays: say('admin.tiers.price.pays', { n: subscriptions }),
            })),
            priceHref: isPriced(row) ? `${prefix}/admin/tiers/${row.slug}/price` : null,
            heed: differs ? say('admin.tiers.price.differs') : null,
          };
        }),
      };
      await renderAdmin(site, language, req, res, 'tiers', '/admin/tiers', page);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
