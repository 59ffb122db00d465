import { isDeepStrictEqual } from 'node:util';
import { desk } from '../access/viewer';
import { loadMatrix } from '../membership/matrix';
import type { Behind, Wall } from '../stores/wall';
import type { BriefingContent } from './file/content';
import { FaultyFiles } from './file/fault';
import type { House } from './file/house';
import type { BriefingFolder } from './file/folder';
import { readBriefing } from './file/read';
import { writeBriefing } from './file/write';
import { keepPicture } from './pictures';
import { replacePassages } from './passages';
import { contentOf, findWhole } from './rows';
import { stored } from './words';

export interface Imported {
  readonly slug: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly revision: number;
}

/**
 * Takes one folder in, whole or not at all. The same content again changes nothing and makes no revision.
 * @throws FaultyFiles with every fault; the database is as it was.
 */
export function importBriefing(wall: Wall, folder: BriefingFolder): Promise<Imported> {
  return wall.write(desk, async (db) => {
    // Imports wait for each other: each must see what the one before it claimed (slugs, organizations).
    await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('dossier.import'))::text`;
    const read = readBriefing(folder, await loadHouse(db));
    if ('faults' in read) throw new FaultyFiles(read.faults);
    if (read.content.cover) await keepPicture(db, read.content.cover, folder.files.get(`cover.${read.content.cover.format}`)!);
    return save(db, read.content);
  });
}

/** What an import must agree with. */
export async function loadHouse(db: Behind): Promise<House> {
  const matrix = await loadMatrix(db);
  const categories = await db.category.findMany({ select: { slug: true }, orderBy: { slug: 'asc' } });
  const organizations = await db.organization.findMany();
  const briefings = await db.briefing.findMany({ select: { slug: true, formerSlugs: { select: { slug: true } } } });
  return {
    matrix,
    categories: categories.map(({ slug }) => slug),
    organizations: new Map(organizations.map(({ slug, name, url }) => [slug, { name, url }])),
    slugs: new Map(briefings.flatMap(({ slug, formerSlugs }) => [slug, ...formerSlugs.map((one) => one.slug)].map((held) => [held, slug]))),
  };
}

async function save(db: Behind, content: BriefingContent): Promise<Imported> {
  const before = await findBefore(db, content);
  if (before && before.coverId === (content.cover?.id ?? null) && isDeepStrictEqual(writeBriefing(contentOf(before)), writeBriefing(content))) {
    return { slug: content.slug, outcome: 'unchanged', revision: before.revision };
  }
  const revision = (before?.revision ?? 0) + 1;
  const shared = {
    slug: content.slug,
    state: content.state,
    publishedAt: content.published,
    updatedAt: content.updated,
    type: content.type,
    categorySlug: content.category,
    domain: content.domain,
    impact: content.impact,
    confidence: (content.confidence / 100).toFixed(2),
    relevance: content.relevance,
    horizon: content.horizon,
    originalLang: content.original,
    coverId: content.cover?.id ?? null,
    revision,
  };
  const { id } = before
    ? await db.briefing.update({ where: { id: before.id }, data: shared, select: { id: true } })
    : await db.briefing.create({ data: shared, select: { id: true } });

  await saveOrganizations(db, id, content);
  await saveTexts(db, id, content);
  await replacePassages(db, id, revision, content, (before?.sources ?? []).map(({ key }) => key));
  await db.revision.create({ data: { briefingId: id, number: revision, origin: 'import', content: publicPart(content) }, select: { number: true } });
  return { slug: content.slug, outcome: before ? 'updated' : 'created', revision };
}

/** The briefing this content updates: the one of its slug, or, when it was renamed, of a former slug. */
async function findBefore(db: Behind, content: BriefingContent) {
  for (const slug of [content.slug, ...content.formerly]) {
    const row = await findWhole(db, { slug }, { untilRevision: null });
    if (row) return row;
  }
  return null;
}

async function saveOrganizations(db: Behind, briefingId: string, { organizations }: BriefingContent): Promise<void> {
  for (const { key, name, url } of organizations) {
    await db.organization.upsert({ where: { slug: key }, create: { slug: key, name, url }, update: url === null ? {} : { url }, select: { slug: true } });
  }
  await db.linkedOrganization.deleteMany({ where: { briefingId } });
  await db.linkedOrganization.createMany({ data: organizations.map(({ key }, position) => ({ briefingId, organizationSlug: key, position })) });
}

async function saveTexts(db: Behind, briefingId: string, content: BriefingContent): Promise<void> {
  const editions = Object.entries(content.editions);
  const each = <Row>(rows: (lang: string, edition: BriefingContent['editions'][string]) => Row[]) => editions.flatMap(([lang, edition]) => rows(lang, edition));

  await db.formerSlug.deleteMany({ where: { briefingId } });
  await db.formerSlug.createMany({ data: content.formerly.map((slug, position) => ({ slug, briefingId, position })) });
  await db.edition.deleteMany({ where: { briefingId } });
  await db.edition.createMany({
    data: each((lang, { title, summary, lead, topic, coverAlt, body }) => [{ briefingId, lang, title, summary, lead, topic, coverAlt, body: body === '' ? null : body }]),
  });
  await db.explanation.deleteMany({ where: { briefingId } });
  await db.explanation.createMany({ data: each((lang, { explanations }) => entries(explanations).map(([axis, text]) => ({ briefingId, lang, axis, text }))) });
  await db.fact.deleteMany({ where: { briefingId } });
  await db.fact.createMany({ data: each((lang, { facts }) => entries(facts).map(([kind, value]) => ({ briefingId, lang, kind: stored(kind), value }))) });
  await db.listItem.deleteMany({ where: { briefingId } });
  await db.listItem.createMany({
    data: each((lang, { lists }) => entries(lists).flatMap(([list, texts]) => texts.map((text, position) => ({ briefingId, lang, list: stored(list), position, text })))),
  });
}

/** The fields that are there, with the names their type promises. */
function entries<Name extends string, Value>(fields: Readonly<Partial<Record<Name, Value>>>): [Name, Value][] {
  return Object.entries(fields) as [Name, Value][];
}

/** What a revision keeps: everything but the gated text, which stays in `passages`. */
function publicPart(content: BriefingContent) {
  const editions = Object.fromEntries(Object.entries(content.editions).map(([lang, { passages: _gated, ...open }]) => [lang, open]));
  const { stricter: _tiers, ...shared } = content;
  return JSON.parse(JSON.stringify({ ...shared, editions })) as object;
}
