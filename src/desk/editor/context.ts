import type { Languages } from '../../lib/language';
import type { Matrix } from '../../access/matrix';
import { authorNames, formerAuthors } from '../../briefings/authors';
import { formerCategories } from '../../briefings/former-categories';
import { formerOrganizations } from '../../briefings/organizations';
import { TEMPORARY_KEY } from '../../briefings/content';
import { loadMatrix } from '../../membership/matrix';
import { loadRule } from '../confidence/store';
import type { ConfidenceRule } from '../confidence/rule';
import { findCategories, type CategoryRow, type TierRow } from '../../briefings/reading/queries';
import type { WallTransaction } from '../../stores/postgres/wall';
import { loadShape } from '../../site/shape/load';
import type { FormContext } from './form-context';
import type { OrganizationOption } from './parse-rows';

/**
 * What a briefing is written among: the house's languages, categories, tiers and organizations, and the slugs of
 * others.
 */
export interface EditorContext extends FormContext {
  readonly categoryRows: readonly CategoryRow[];
  readonly tiers: readonly TierRow[];
  readonly matrix: Matrix;
  readonly slugTaken: (slug: string) => boolean;
  readonly confidenceRule: ConfidenceRule;
}

/** Everything around the briefing of that id. */
export async function loadEditorContext(db: WallTransaction, languages: Languages, id: string): Promise<EditorContext> {
  const matrix = await loadMatrix(db);
  const tiers = await db.tier.findMany({ include: { texts: true }, orderBy: { rank: 'asc' } });
  const categoryRows = await findCategories(db);
  const rows = await db.organization.findMany({
    where: { NOT: { slug: { startsWith: TEMPORARY_KEY } } },
    include: { linked: { select: { briefing: { select: { id: true, copyOf: true, state: true } } } } },
    orderBy: { name: 'asc' },
  });
  const own = (one: { id: string; copyOf: string | null; state: string }) =>
    one.copyOf === id || (one.id === id && one.state !== 'published');
  const organizations = rows.map(({ slug, name, url, linked }): OrganizationOption => ({
    slug,
    name,
    url,
    shared: linked.length > 0 && !linked.every(({ briefing }) => own(briefing)),
  }));
  const taken = new Set([
    ...(await db.briefing.findMany({ where: { id: { not: id }, copyOf: null }, select: { slug: true } })).map(
      ({ slug }) => slug,
    ),
    ...(await db.formerSlug.findMany({ where: { briefingId: { not: id } }, select: { slug: true } })).map(
      ({ slug }) => slug,
    ),
  ]);
  return {
    shape: await loadShape(db),
    langs: languages.all.map(({ code }) => code),
    zone: languages.first.zone,
    categories: categoryRows.map(({ slug }) => slug),
    formerCategories: await formerCategories(db),
    categoryRows,
    tiers,
    matrix,
    organizations,
    formerOrganizations: await formerOrganizations(db),
    authors: await authorNames(db),
    formerAuthors: await formerAuthors(db),
    slugTaken: (slug) => taken.has(slug),
    confidenceRule: await loadRule(db),
  };
}
