import { LONGEST } from '../../briefings/fields';
import { ORGANIZATION_LONGEST, type OrganizationRow } from '../../briefings/organizations';
import { organizationPath } from '../../briefings/reading/cards';
import { LocaleFallback } from '../../briefings/reading/localized';
import { pagingOf } from '../../briefings/reading/paging';
import type { Language, Languages } from '../../lib/language';
import type { DeskFrame } from '../page-types';
import { conflictOf, editRecordForm, newRecordForm, recordForm, type RecordFormState } from '../records/pages';
import { typedOf, type OrganizationInput } from './forms';
import type { OrganizationForm, OrganizationSectionPage, OrganizationsPage } from './page-types';
import { ORGANIZATION_SORTS, type findOrganizations, type OrganizationsQuery } from './queries';

/** The address of an organization's section, or of one within it. */
export const organizationDeskPath = ({ prefix }: Pick<Language, 'prefix'>, slug: string, section = ''): string =>
  `${prefix}/desk/organizations/${slug}${section}`;

const LIMITS = { ...ORGANIZATION_LONGEST, name: LONGEST.organizationName };

function formOf(
  language: Language,
  { all }: Languages,
  state: RecordFormState,
  rest: Pick<OrganizationForm, 'action' | 'slugHint' | 'hidden' | 'submit'>,
): OrganizationForm {
  const { say } = language;
  const { box, form } = recordForm(language, 'organization', state, LIMITS);
  return {
    ...form,
    ...rest,
    name: box('name', say('desk.organization.name'), null, 'line'),
    url: box('url', say('desk.organization.url'), null, 'address'),
    descriptions: {
      legend: say('desk.organization.description'),
      hint: say('desk.organization.description.hint', LIMITS),
      boxes: all.map(({ code }) => box(`description.${code}`, language.languageName(code), code, 'text')),
    },
    links: box('links', say('desk.organization.links'), null, 'list'),
    linksHint: say('desk.organization.links.hint', LIMITS),
    lei: box('lei', say('desk.organization.lei'), null, 'line'),
    wikidata: box('wikidata', say('desk.organization.wikidata'), null, 'line'),
  };
}

const descriptionOf = ({ texts }: OrganizationRow, { code }: Language) =>
  new LocaleFallback(
    code,
    code,
    texts.map(({ lang }) => lang),
  ).text((lang) => texts.find((one) => one.lang === lang)?.description);

/** The address of the list as it was asked for. */
function listPath({ prefix }: Language, { q, sort, page }: OrganizationsQuery): string {
  const asked = new URLSearchParams({
    ...(q === null ? {} : { q }),
    ...(sort === 'name' ? {} : { sort }),
    ...(page > 1 ? { page: String(page) } : {}),
  });
  return `${prefix}/desk/organizations${asked.size > 0 ? `?${asked.toString()}` : ''}`;
}

/** One page of the organizations, with the form of a new one below it. */
export function organizationsPage(
  language: Language,
  languages: Languages,
  frame: DeskFrame,
  {
    all,
    total,
    pages,
    asked: query,
  }: Awaited<ReturnType<typeof findOrganizations>> & { readonly asked: OrganizationsQuery },
  { submissionId, ...state }: RecordFormState & { readonly submissionId: string },
): OrganizationsPage {
  const { say, prefix } = language;
  const home = `${prefix}/desk/organizations`;
  return {
    frame,
    search: {
      action: home,
      q: query.q ?? '',
      sort: ORGANIZATION_SORTS.map((value) => ({
        ...{ value, selected: value === query.sort },
        label: say(`desk.organizations.sort.${value}`),
      })),
      reset: query.q === null ? null : home,
    },
    count: say('desk.organizations.count', { n: total }),
    rows: all.map(({ row, briefings }) => ({
      name: row.name,
      href: organizationDeskPath(language, row.slug),
      description: descriptionOf(row, language),
      address: organizationPath(language, row.slug),
      briefings: say('desk.categories.briefings', { n: briefings }),
      identifiers: [row.lei, row.wikidata].filter((one) => one !== null),
    })),
    paging: pagingOf(query.page, pages, (page) => listPath(language, { ...query, page })),
    form: formOf(language, languages, state, newRecordForm(language, home, submissionId)),
  };
}

/** The form of one organization; `theirs` is what somebody else made of it meanwhile. */
export function organizationPage(
  language: Language,
  languages: Languages,
  frame: DeskFrame,
  {
    slug,
    version,
    theirs,
    ...state
  }: RecordFormState & { readonly slug: string; readonly version: string; readonly theirs: OrganizationInput | null },
): OrganizationSectionPage {
  const { say } = language;
  const langs = languages.all.map(({ code }) => code);
  const action = organizationDeskPath(language, slug);
  return {
    frame,
    conflict: theirs && conflictOf(language, 'organization', typedOf(theirs, langs), state.typed),
    form: formOf(language, languages, state, editRecordForm(language, action, version, theirs !== null)),
    links: [
      { label: say('desk.organization.see'), href: organizationPath(language, slug) },
      { label: say('desk.organization.merge'), href: `${action}/merge` },
      { label: say('desk.organization.delete'), href: `${action}/delete` },
    ],
  };
}
