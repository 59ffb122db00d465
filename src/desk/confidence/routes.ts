import { Router, type Request, type Response } from 'express';
import { editorialViewer } from '../../access/viewer';
import { BANDS } from '../../briefings/confidence';
import { nameOf } from '../../site/shape/shape';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { withPresentNames } from '../../http/former-fields';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { deskFrame, renderDesk } from '../frame';
import type { ConfidencePage } from './page-types';
import type { DeskParts } from '../parts';
import { actorOf, editorOf } from '../staff';
import { countQuestioned, saveRule, loadRule } from './store';
import { BAND_NAMES, changedBands, markOf, type BandName, type ConfidenceRule, type BandRequirement } from './rule';

/** What was typed into a band, and whether it can be meant. */
interface RuleForm {
  readonly sources: string;
  readonly lowRisk: string;
  readonly notAllHigh: boolean;
}

const COUNT = /^(?:1?\d|20)$/;
const needOf = ({ sources, lowRisk, notAllHigh }: RuleForm): BandRequirement | null =>
  COUNT.test(sources) && COUNT.test(lowRisk) && Number(lowRisk) <= Number(sources)
    ? { sources: Number(sources), lowRisk: Number(lowRisk), notAllHigh }
    : null;

/** The fields of the form, band by band. @throws Failure 400 when one is not there. */
function readTyped(body: unknown): Record<BandName, RuleForm> {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const text = (name: string) => {
    const value = fields[name];
    if (typeof value !== 'string') throw new Failure(400, 'not the form of the confidence rule');
    return value.trim().slice(0, 10);
  };
  return Object.fromEntries(
    BAND_NAMES.map((name) => [
      name,
      {
        sources: text(`${name}.sources`),
        lowRisk: text(`${name}.low-risk`),
        notAllHigh: fields[`${name}.not-all-high`] === '1',
      },
    ]),
  ) as Record<BandName, RuleForm>;
}

/** The rule as its form shows it. */
function asTyped(rule: ConfidenceRule): Record<BandName, RuleForm> {
  return Object.fromEntries(
    BAND_NAMES.map((name) => {
      const { sources, lowRisk, notAllHigh } = rule[name];
      return [name, { sources: String(sources), lowRisk: String(lowRisk), notAllHigh }];
    }),
  ) as Record<BandName, RuleForm>;
}

/** A rule as hidden fields of the form that asks whether it is meant. */
function hiddenFields(rule: ConfidenceRule): { readonly name: string; readonly value: string }[] {
  return BAND_NAMES.flatMap((name) => [
    { name: `${name}.sources`, value: String(rule[name].sources) },
    { name: `${name}.low-risk`, value: String(rule[name].lowRisk) },
    ...(rule[name].notAllHigh ? [{ name: `${name}.not-all-high`, value: '1' }] : []),
  ]);
}

/** `/desk/confidence`: what a score needs of its sources. Whoever works at the desk reads it, an admin changes it. */
export function confidenceRoutes(parts: DeskParts, language: Language): Router {
  const { wall, site, clock } = parts;
  const { say } = language;
  const action = `${language.prefix}/desk/confidence`;
  const router = Router({ caseSensitive: true, strict: true });

  const rangeOf = (name: BandName) => {
    const { from, to } = BANDS.find((one) => one.name === name)!;
    return `${language.score(from)}–${language.score(to)}`;
  };
  const headingOf = (name: BandName) =>
    say('desk.confidence.band', { range: rangeOf(name), label: nameOf(site.shape.current.bands, name, language) });
  const sayNeed = ({ sources, lowRisk, notAllHigh }: BandRequirement) => {
    const asked = [
      ...(sources > 0 ? [say('desk.confidence.needs.sources', { n: sources })] : []),
      ...(lowRisk > 0 ? [say('desk.confidence.needs.low-risk', { n: lowRisk })] : []),
      ...(notAllHigh ? [say('desk.confidence.needs.not-all-high')] : []),
    ];
    return asked.length === 0 ? say('desk.confidence.needs.nothing') : asked.join(' ');
  };

  const show = async (
    req: Request,
    res: Response,
    {
      typed,
      proposed,
      wrong: error,
      status = 200,
    }: { typed?: Record<BandName, RuleForm>; proposed?: ConfidenceRule; wrong?: string; status?: number } = {},
  ) => {
    const { rule, counted } = await wall.read(editorialViewer, async (db) => {
      const now = await loadRule(db);
      return { rule: now, counted: proposed ? await countQuestioned(db, clock.now(), [now, proposed]) : null };
    });
    const shown = typed ?? asTyped(rule);
    const page: ConfidencePage = {
      frame: deskFrame(language, req, 'confidence', say('desk.confidence.heading')),
      action,
      wrong: error ?? null,
      may: editorOf(res).role === 'admin',
      bands: BAND_NAMES.map((name) => ({
        name,
        heading: headingOf(name),
        text: sayNeed(rule[name]),
        ...shown[name],
        error: typed && !needOf(typed[name]) ? say('desk.confidence.wrong') : null,
      })),
      ask:
        proposed && counted
          ? {
              version: markOf(rule),
              hidden: hiddenFields(proposed),
              changes: changedBands(rule, proposed).map((name) => ({
                heading: headingOf(name),
                before: sayNeed(rule[name]),
                after: sayNeed(proposed[name]),
              })),
              text: say('desk.confidence.effect', {
                all: language.number(counted.all),
                before: language.number(counted.questioned[0]!),
                after: language.number(counted.questioned[1]!),
              }),
            }
          : null,
    };
    await renderDesk(site, language, req, res, 'confidence', '/desk/confidence', page, status);
  };

  router
    .route('/desk/confidence')
    .get((req, res) => show(req, res))
    .post(formBody, async (req, res) => {
      if (editorOf(res).role !== 'admin') throw new Failure(403, 'the confidence rule is changed by an admin');
      const typed = readTyped(req.body);
      const needs = BAND_NAMES.map((name) => [name, needOf(typed[name])] as const);
      if (needs.some(([, need]) => need === null))
        return show(req, res, { typed, wrong: say('desk.confidence.check'), status: 422 });
      const proposed = Object.fromEntries(needs) as unknown as ConfidenceRule;
      const { version } = withPresentNames(req.body);
      if (typeof version !== 'string') {
        const same = await wall.read(
          editorialViewer,
          async (db) => changedBands(await loadRule(db), proposed).length === 0,
        );
        return same
          ? show(req, res, { typed, wrong: say('desk.confidence.same'), status: 422 })
          : show(req, res, { typed, proposed });
      }
      if ((await saveRule(parts, proposed, version, await actorOf(wall, req, res))) === 'moved')
        return show(req, res, { typed, proposed, wrong: say('desk.confidence.moved'), status: 409 });
      res.redirect(303, `${action}?done=ruled`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
