import { Router, type Request, type Response } from 'express';
import { editorialViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { textsIn, type Language } from '../../lib/language';
import { loadMatrix } from '../../membership/matrix';
import type { Matrix } from '../../access/matrix';
import { loadShape } from '../../site/shape/load';
import {
  nameIn,
  type BriefingShape,
  type ListWord,
  type PassageKind,
  type ShapeGroup,
  type Word,
} from '../../site/shape/shape';
import { submitOnceButton } from '../action/form';
import { pastActionViews, readPastActions } from '../audit/past';
import { adminFrame, renderAdmin } from '../frame';
import { staffOnly } from '../staff';
import { nameTiers, type TierNames } from '../tier-names';
import { SHAPE_AUDIT_ACTIONS } from './audit-actions';
import { isGrowing } from './change';
import { undoOfShape } from './history';
import type { ShapePage, WordGroup, WordLine } from './page-types';
import { GROUPS, SHAPE_PATH, type ShapeContext, type ShapeParts } from './parts';
import { WORD_ACTIONS } from './word-actions';
import { countUses, usesOf, type WordUses } from './uses';

/** `/admin/shape`: what a briefing is made of, in its order on pages, with what each word is called and how often. */
export function shapeListRoutes(parts: ShapeParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(SHAPE_PATH)
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show({ parts, language }, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

interface Facts {
  readonly shape: BriefingShape;
  readonly uses: WordUses;
  readonly matrix: Matrix;
  readonly tiers: TierNames;
}

async function show(context: ShapeContext, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const facts = await parts.wall.read(editorialViewer, async (db) => ({
    shape: await loadShape(db),
    uses: await countUses(db),
    matrix: await loadMatrix(db),
    tiers: await nameTiers(db, language),
  }));
  const past = await readPastActions(parts.wall, SHAPE_AUDIT_ACTIONS);
  const page: ShapePage = {
    frame: adminFrame(language, req, res, 'shape', language.say('admin.shape.heading')),
    text: language.say('admin.shape.text'),
    groups: GROUPS.map((group) => groupView(context, facts, group)),
    history: pastActionViews(language, past, (one) => undoOfShape(language, facts, one)),
  };
  await renderAdmin(parts.site, language, req, res, 'shape/shape', SHAPE_PATH, page);
}

function groupView(context: ShapeContext, facts: Facts, group: ShapeGroup): WordGroup {
  const { say, prefix } = context.language;
  return {
    group,
    heading: say(`admin.shape.${group}`),
    text: say(`admin.shape.${group}.text`),
    make: isGrowing(group)
      ? { label: say(`admin.shape.${group}.new`), href: `${prefix}${SHAPE_PATH}/${group}/new` }
      : null,
    words: (facts.shape[group] as readonly Word[]).map((word) => wordLine(context, facts, group, word)),
  };
}

function wordLine({ parts, language }: ShapeContext, facts: Facts, group: ShapeGroup, word: Word): WordLine {
  const { say, prefix } = language;
  const { all } = parts.site.languages;
  const words: readonly Word[] = facts.shape[group];
  const at = `${prefix}${SHAPE_PATH}/${group}/${word.slug}`;
  const place = words.indexOf(word);
  const used = usesOf(facts.uses, group, word.slug);
  const tier = facts.matrix.opens[word.slug];
  const ways = isGrowing(group)
    ? (['up', 'down'] as const).filter((way) => (way === 'up' ? place > 0 : place < words.length - 1))
    : [];
  return {
    slug: word.slug,
    name: nameIn(word, language),
    marks: word.retired ? [say('admin.tiers.retired')] : [],
    names: all
      .filter(({ code }) => code !== language.code)
      .map(({ code }) => ({
        lang: code,
        language: language.languageName(code),
        name:
          textsIn(
            word.texts.filter(({ lang }) => lang === code),
            code,
          )?.name ?? null,
      })),
    facts: factsOf(language, facts, group, word),
    uses: group === 'bands' ? '' : say('admin.shape.uses', { n: used }),
    gate:
      group === 'kinds' && tier === undefined
        ? {
            text: say('admin.shape.no-gate'),
            link: { label: say('admin.shape.no-gate.choose'), href: `${prefix}/admin/matrix` },
          }
        : null,
    moves: ways.map((way) => ({
      way,
      ...submitOnceButton(`${at}/move`, say(`admin.shape.move.${way}`, { name: nameIn(word, language) }), { way }),
    })),
    actions: [
      { label: say('admin.shape.rename'), href: `${at}/names` },
      ...(isGrowing(group)
        ? WORD_ACTIONS.filter((action) => action.offered(word, used)).map(({ path }) => ({
            label: say(`admin.tiers.do.${path}`),
            href: `${at}/${path}`,
          }))
        : []),
    ],
  };
}

function factsOf(language: Language, { matrix, tiers }: Facts, group: ShapeGroup, word: Word): WordLine['facts'] {
  const { say } = language;
  if (group === 'kinds') {
    const tier = matrix.opens[word.slug];
    return [
      { label: say('admin.field.passage-shape'), text: say(`admin.shape.of.${(word as PassageKind).shape}`) },
      ...(tier === undefined ? [] : [{ label: say('admin.shape.opens'), text: tiers.nameOf(tier) }]),
    ];
  }
  if (group !== 'lists') return [];
  return [{ label: say('admin.field.place'), text: say(`admin.shape.place.${(word as ListWord).place}`) }];
}
