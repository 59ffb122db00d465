import { TEMPORARY_KEY } from '../../briefings/content';
import { movedOrganization, wholeOrganization, type OrganizationRow } from '../../briefings/organizations';
import { renameOrganization } from '../../briefings/writing/move-organization';
import { isSameLine } from '../../lib/line';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { RecordErrors } from '../records/forms';
import { findUsers } from '../records/queries';
import type { RecordKind } from '../records/record';
import type { OrganizationInput } from './forms';

/** An organization, as the desk keeps it. One that is still being typed into a briefing is none yet. */
export const organizationKind: RecordKind<OrganizationRow, OrganizationInput> = {
  name: 'organization',
  find: async (db, slug) =>
    slug.startsWith(TEMPORARY_KEY)
      ? null
      : db.organization.findUnique({
          where: { slug: (await movedOrganization(db, slug)) ?? slug },
          include: wholeOrganization,
        }),
  inputOf: ({ slug, name, url, links, lei, wikidata, texts }, langs) => ({
    ...{ slug, name, url, links, lei, wikidata },
    descriptions: Object.fromEntries(
      texts.filter(({ lang }) => langs.includes(lang)).map(({ lang, description }) => [lang, description]),
    ),
  }),
  factsOf: ({ slug, name, url, links, lei, wikidata, descriptions }, langs) => ({
    slug,
    'organization-name': name,
    'organization-url': url,
    'organization-links': links.join(' ') || null,
    'organization-lei': lei,
    'organization-wikidata': wikidata,
    ...Object.fromEntries(langs.map((lang) => [`organization-description.${lang}`, descriptions[lang] ?? null])),
  }),
  nameOf: ({ name }) => name,
  takenOf,
  // A note of an earlier revision keeps its organization too.
  usersOf: (db, organizationSlug) =>
    findUsers(db, {
      OR: [{ organizations: { some: { organizationSlug } } }, { passages: { some: { organizationSlug } } }],
    }),
  create: async (db, input) => {
    const { slug, name, url, links, lei, wikidata } = input;
    const data = { slug, name, url, links: [...links], lei, wikidata };
    await db.organization.create({ data, select: { slug: true } });
    await writeDescriptions(db, input);
  },
  update: async (db, row, input, langs) => {
    const { slug, name, url, links, lei, wikidata } = input;
    if (slug !== row.slug) await renameOrganization(db, row, slug);
    const data = { name, url, links: [...links], lei, wikidata };
    await db.organization.update({ where: { slug }, data, select: { slug: true } });
    await db.organizationText.deleteMany({ where: { organizationSlug: slug, lang: { in: [...langs] } } });
    await writeDescriptions(db, input);
  },
  delete: async (db, { slug }) => void (await db.organization.delete({ where: { slug }, select: { slug: true } })),
};

/**
 * What of an input another organization has: its address, now or before, its name (by which the editor finds it) or an
 * identifier. What the organization has already may stay.
 */
async function takenOf(db: WallTransaction, input: OrganizationInput, own: string | null): Promise<RecordErrors> {
  const all = await db.organization.findMany({
    where: { NOT: { slug: { startsWith: TEMPORARY_KEY } } },
    select: { slug: true, name: true, lei: true, wikidata: true },
  });
  const was = all.find(({ slug }) => slug === own);
  const others = all.filter(({ slug }) => slug !== own);
  const holder = (await movedOrganization(db, input.slug)) ?? input.slug;
  const isTaken = (field: 'lei' | 'wikidata') =>
    input[field] !== null && input[field] !== was?.[field] && others.some((one) => one[field] === input[field]);
  const isNamed = input.name !== was?.name && others.some(({ name }) => isSameLine(name, input.name));
  return {
    ...(isNamed ? { name: 'desk.organization.wrong.name.taken' } : {}),
    ...(isTaken('lei') ? { lei: 'desk.organization.wrong.identifier.taken' } : {}),
    ...(isTaken('wikidata') ? { wikidata: 'desk.organization.wrong.identifier.taken' } : {}),
    ...(input.slug.startsWith(TEMPORARY_KEY) || others.some(({ slug }) => slug === holder)
      ? { slug: 'desk.organization.wrong.slug.taken' }
      : {}),
  };
}

const writeDescriptions = (db: WallTransaction, { slug, descriptions }: OrganizationInput) =>
  db.organizationText.createMany({
    data: Object.entries(descriptions).map(([lang, description]) => ({ organizationSlug: slug, lang, description })),
  });
