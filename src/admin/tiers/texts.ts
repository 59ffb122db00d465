import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { adminViewer, accountsViewer } from '../../access/viewer';
import { readId } from '../../accounts/own/forms';
import { planOf } from '../../billing/checkout/pricing';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { findTiers, isPriced, tierTextsIn, type TierRow } from '../../membership/tiers';
import { writeAudit } from '../../stores/postgres/audit';
import { addJob } from '../../stores/postgres/jobs';
import type { WallTransaction } from '../../stores/postgres/wall';
import { changesOf } from '../audit/format';
import { inputField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import { versionOf, LONGEST_REASON, textsOf, type Submission } from '../submission';
import { actorOf, staffOf, staffOnly } from '../staff';
import type { TierTextsPage, TierWordedPage } from './page-types';
import type { TierParts } from './parts';
import {
  differences,
  fieldOf,
  FIELDS,
  typedOf,
  validateTexts,
  tierTextsOf,
  withOptional,
  type Field,
  type TierTexts,
} from './tier-texts';

const AUDIT_ACTION = 'tier-worded';

/** Fields of one line. */
const SHORT: readonly Field[] = ['name', 'join-label', 'join-heading'];

/**
 * `/admin/tiers/:slug/texts`: what a tier says of itself, in every language. Typed, looked at as readers will see it,
 * and
 * then saved with its audit entry. What is wrong is said beside its field, and nothing that was typed is lost.
 */
export function tierTextsRoutes({ site, wall, invalidatingWall, clock, log }: TierParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const { languages } = site;

  const load = async (db: WallTransaction, slug: unknown) => {
    const all = await findTiers(db);
    const row = all.find((one) => one.slug === slug);
    if (!row) throw notFound('a tier');
    const taken = Object.fromEntries(
      languages.all.map(({ code }) => [
        code,
        all
          .filter((one) => one !== row)
          .flatMap(({ texts }) => texts.filter(({ lang }) => lang === code).map(({ name }) => name)),
      ]),
    );
    return { row, taken, words: tierTextsOf(row, languages), name: tierTextsIn(row, language).name };
  };
  type Known = Awaited<ReturnType<typeof load>>;

  const at = ({ row: { slug } }: Known) => `${prefix}/admin/tiers/${slug}/texts`;

  const showForm = async (
    req: Request,
    res: Response,
    known: Known,
    given: Submission,
    {
      status = 200,
      error = null,
      wrong = {},
      seen = versionOf(known.words),
    }: {
      readonly status?: number;
      readonly error?: string | null;
      readonly wrong?: Readonly<Record<string, string>>;
      readonly seen?: string;
    } = {},
  ) => {
    const page: TierTextsPage = {
      frame: adminFrame(language, req, res, 'tiers', say('admin.tiers.texts.heading', { tier: known.name })),
      back: `${prefix}/admin/tiers`,
      tier: { slug: known.row.slug, name: known.name },
      error: error === null ? null : say(error),
      action: at(known),
      languages: languages.all.map((one) => ({
        name: language.languageName(one.code),
        hint:
          one === languages.first
            ? say('admin.tiers.texts.whole')
            : say('admin.tiers.texts.may-be-empty', { lang: language.languageName(languages.first.code) }),
        fields: FIELDS.map((field) => {
          const name = fieldOf(field, one.code);
          return {
            name,
            type: SHORT.includes(field) ? ('text' as const) : ('long' as const),
            value: given[name] ?? '',
            options: [],
            label: say(`admin.tiers.field.${field}`),
            hint: say(`admin.tiers.field.${field}.hint`),
            error: wrong[name] === undefined ? null : say(wrong[name]),
          };
        }),
      })),
      hidden: [
        { name: 'seen', value: seen },
        { name: 'step', value: 'look' },
      ],
    };
    await renderAdmin(site, language, req, res, 'tier-texts', `/admin/tiers/${known.row.slug}/texts`, page, status);
  };

  const showWorded = async (
    req: Request,
    res: Response,
    known: Known,
    given: Submission,
    words: TierTexts,
    remarkError: string | null = null,
  ) => {
    const { before, after } = differences(known.words, words, languages);
    const page: TierWordedPage = {
      frame: adminFrame(language, req, res, 'tiers', say('admin.tiers.texts.heading', { tier: known.name })),
      back: `${prefix}/admin/tiers`,
      tier: { slug: known.row.slug, name: known.name },
      changes: changesOf(language, before, after),
      happens: [
        say('admin.tiers.texts.happens'),
        ...(isPriced(known.row) ? [say('admin.tiers.texts.happens.stripe')] : []),
        say('admin.tiers.texts.happens.matrix'),
      ],
      plans: languages.all.map((one) => ({
        lang: one.code,
        language: language.languageName(one.code),
        plan: planOf(rewritten(known.row, words), 'month', null, one),
      })),
      action: at(known),
      hidden: [
        ...Object.entries(typedOf(words, languages)).map(([name, value]) => ({ name, value })),
        { name: 'seen', value: given['seen'] ?? '' },
        { name: 'once', value: randomUUID() },
      ],
      remark: inputField(language, 'remark', 'long', given['remark'] ?? '', {
        hint: say('admin.matrix.reason.hint'),
        error: remarkError === null ? null : say(remarkError),
      }),
    };
    await renderAdmin(
      site,
      language,
      req,
      res,
      'tier-worded',
      `/admin/tiers/${known.row.slug}/texts`,
      page,
      remarkError === null ? 200 : 422,
    );
  };

  router
    .route('/admin/tiers/:slug/texts')
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => {
      const known = await wall.read(accountsViewer, (db) => load(db, req.params['slug']));
      await showForm(req, res, known, typedOf(known.words, languages));
    })
    .post(formBody, async (req, res) => {
      const known = await wall.read(accountsViewer, (db) => load(db, req.params['slug']));
      const given = withOptional(textsOf(req.body), known.words, languages);
      const { seen, step } = given;
      if (
        seen === undefined ||
        !languages.all.every(({ code }) => FIELDS.every((field) => given[fieldOf(field, code)] !== undefined))
      )
        throw new Failure(400, 'the body is not that of the form');
      const { slug } = known.row;
      const staff = staffOf(res);
      const once = readId(given['once']);
      if (step === 'save' && once === null) throw new Failure(400, 'the body is not that of the form');
      const done = () => res.redirect(303, withQuery(`${prefix}/admin/tiers`, { done: AUDIT_ACTION }));
      const wasDone = async () =>
        once !== null &&
        (await wall.read(accountsViewer, (db) =>
          db.auditEntry.findFirst({
            where: { id: once, actorId: staff.id, action: AUDIT_ACTION, targetId: slug },
            select: { id: true },
          }),
        )) !== null;
      if (step === 'save' && (await wasDone())) return done();

      if (step === 'edit') return showForm(req, res, known, given, { seen });
      const understood = validateTexts(given, languages, known.taken);
      if ('wrong' in understood)
        return showForm(req, res, known, given, {
          status: 422,
          error: 'admin.tiers.wrong',
          wrong: understood.wrong,
          seen,
        });
      const { words } = understood;
      if (seen !== versionOf(known.words))
        return showForm(req, res, known, given, { status: 409, error: 'admin.tiers.changed' });
      if (Object.keys(differences(known.words, words, languages).after).length === 0)
        return showForm(req, res, known, given, { status: 422, error: 'admin.tiers.nothing' });
      const remark = (given['remark'] ?? '').trim();
      if (step !== 'save') return showWorded(req, res, known, given, words);
      if ([...remark].length > LONGEST_REASON)
        return showWorded(req, res, known, given, words, 'admin.wrong.reason.long');

      const by = await actorOf(wall, req, res);
      const outcome = await invalidatingWall.write(adminViewer, async (db) => {
        await db.$queryRaw`SELECT 1 FROM tiers WHERE slug = ${slug} FOR UPDATE`;
        const fresh = await load(db, slug);
        if (seen !== versionOf(fresh.words)) return 'changed';
        const told = await writeAudit(db, {
          ...by,
          id: once!,
          at: clock.now(),
          action: AUDIT_ACTION,
          reason: remark === '' ? null : remark,
          target: { kind: 'tier', id: slug, name: fresh.name },
          ...differences(fresh.words, words, languages),
        });
        if (!told) return 'told';
        for (const { code: lang } of languages.all) {
          const said = words[lang];
          if (said === undefined) await db.tierText.deleteMany({ where: { tierSlug: slug, lang } });
          else
            await db.tierText.upsert({
              where: { tierSlug_lang: { tierSlug: slug, lang } },
              create: { tierSlug: slug, lang, ...rowOf(said) },
              update: rowOf(said),
              select: { lang: true },
            });
        }
        // Stripe's own pages say these words too.
        if (isPriced(fresh.row)) await addJob(db, 'tier-worded', { tier: slug }, { key: `tier ${slug}` });
        return 'done';
      });
      if (outcome !== 'done' && !(await wasDone())) {
        if (outcome === 'told') throw new Failure(400, 'the form was used for something else');
        return showForm(req, res, await wall.read(accountsViewer, (db) => load(db, slug)), given, {
          status: 409,
          error: 'admin.tiers.changed',
        });
      }
      log.info(
        { action: AUDIT_ACTION, actor: staff.id, target: slug, request: by.from.requestId },
        'an admin changed the texts of a tier',
      );
      done();
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

const rowOf = ({ benefits, ...texts }: TierTexts[string]) => ({ ...texts, benefits: [...benefits] });

/** The tier as it would be; texts in languages the house does not speak stay. */
function rewritten(row: TierRow, words: TierTexts): TierRow {
  const kept = row.texts.filter(({ lang }) => !(lang in words));
  return {
    ...row,
    texts: [...kept, ...Object.entries(words).map(([lang, said]) => ({ tierSlug: row.slug, lang, ...rowOf(said) }))],
  };
}
