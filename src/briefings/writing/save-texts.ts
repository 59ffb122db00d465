import type { WallTransaction } from '../../stores/postgres/wall';
import type { BriefingContent } from '../content';
import { eachText } from '../fields';
import { figuresOf } from '../file/figures';
import { toEnum } from '../vocabulary';

/** Replaces every public text of a briefing. */
export async function saveTexts(
  db: WallTransaction,
  briefingId: string,
  content: BriefingContent,
  changedAt: ReadonlyMap<string, Date>,
): Promise<void> {
  const editions = Object.entries(content.editions);
  const each = <Row>(rows: (lang: string, edition: BriefingContent['editions'][string]) => Row[]) =>
    editions.flatMap(([lang, edition]) => rows(lang, edition));

  await db.edition.deleteMany({ where: { briefingId } });
  await db.edition.createMany({
    data: each((lang, { body, ...edition }) => [
      {
        briefingId,
        lang,
        ...eachText(({ property }) => edition[property]),
        body: body === '' ? null : body,
        changedAt: changedAt.get(lang) ?? new Date(),
      },
    ]),
  });
  await db.editionPlacement.createMany({
    data: each((lang, { body }) =>
      figuresOf(body, content.figures).map(([name, { id }]) => ({ briefingId, lang, name, pictureId: id })),
    ),
  });
  await db.explanation.deleteMany({ where: { briefingId } });
  await db.explanation.createMany({
    data: each((lang, { explanations }) =>
      entries(explanations).map(([axis, text]) => ({ briefingId, lang, axis, text })),
    ),
  });
  await db.fact.deleteMany({ where: { briefingId } });
  await db.fact.createMany({
    data: each((lang, { facts }) =>
      entries(facts).map(([kind, value]) => ({ briefingId, lang, kind: toEnum(kind), value })),
    ),
  });
  await db.listItem.deleteMany({ where: { briefingId } });
  await db.listItem.createMany({
    data: each((lang, { lists }) =>
      entries(lists).flatMap(([list, texts]) =>
        texts.map((text, position) => ({ briefingId, lang, list: toEnum(list), position, text })),
      ),
    ),
  });
}

export async function saveOrganizations(
  db: WallTransaction,
  briefingId: string,
  { organizations }: Pick<BriefingContent, 'organizations'>,
): Promise<void> {
  const known = new Map(
    (
      await db.organization.findMany({
        where: { slug: { in: organizations.map(({ key }) => key) } },
        select: { slug: true, url: true },
      })
    ).map(({ slug, url }) => [slug, url]),
  );
  await db.organization.createMany({
    data: organizations.filter(({ key }) => !known.has(key)).map(({ key, name, url }) => ({ slug: key, name, url })),
    skipDuplicates: true,
  });
  for (const { key, url } of organizations) {
    if (url !== null && known.has(key) && known.get(key) !== url)
      await db.organization.update({ where: { slug: key }, data: { url }, select: { slug: true } });
  }
  await db.linkedOrganization.deleteMany({ where: { briefingId } });
  await db.linkedOrganization.createMany({
    data: organizations.map(({ key }, position) => ({ briefingId, organizationSlug: key, position })),
  });
}

/** Which pictures the texts of a briefing may name. Their bytes are kept before (`keepPicture`). */
export async function saveFigures(
  db: WallTransaction,
  briefingId: string,
  { figures }: Pick<BriefingContent, 'figures'>,
): Promise<void> {
  await db.figure.deleteMany({ where: { briefingId } });
  await db.figure.createMany({
    data: Object.entries(figures).map(([name, { id }]) => ({ briefingId, name, pictureId: id })),
  });
}

/** The fields that are there, with the names their type promises. */
export function entries<Name extends string, Value>(fields: Readonly<Partial<Record<Name, Value>>>): [Name, Value][] {
  return Object.entries(fields) as [Name, Value][];
}
