import { Router, type Request } from 'express';
import { editorialViewer } from '../../access/viewer';
import type { OrganizationRow } from '../../briefings/organizations';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { searchLine } from '../../lib/line';
import { deskFrame, renderDesk } from '../frame';
import type { DeskParts } from '../parts';
import { langsOf } from '../records/actions';
import { versionOf } from '../records/record';
import { openRecordRoutes, type RecordSection } from '../records/routes';
import { parseOrganizationForm, typedOf, validateOrganization, type OrganizationInput } from './forms';
import { organizationKind } from './kind';
import { openMergeRoutes } from './merge-routes';
import { organizationPage, organizationsPage } from './pages';
import { findOrganizations, ORGANIZATION_SORTS, type OrganizationsQuery } from './queries';

/** `/desk/organizations`: what is said of the organizations that briefings are linked to, under which addresses. */
export function organizationDeskRoutes(parts: DeskParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  openRecordRoutes(router, parts, language, organizationsSection(parts, language));
  openMergeRoutes(router, parts, language);
  return router;
}

function organizationsSection(
  { wall, site }: DeskParts,
  language: Language,
): RecordSection<OrganizationRow, OrganizationInput> {
  const { languages } = site;
  const path = '/desk/organizations';
  const home = { label: language.say('desk.organizations.heading'), href: `${language.prefix}${path}` };
  return {
    kind: organizationKind,
    section: 'organizations',
    parse: parseOrganizationForm,
    validate: validateOrganization,
    titleOf: ({ name }) => name,
    showAll: async (req, res, state, status) => {
      const asked = readAsked(req);
      const found = await wall.read(editorialViewer, (db) => findOrganizations(db, asked));
      if (asked.page > found.pages) throw notFound('page of organizations');
      const frame = deskFrame(language, req, 'organizations', home.label);
      const page = organizationsPage(language, languages, frame, { ...found, asked }, state);
      await renderDesk(site, language, req, res, 'organizations/list', path, page, status);
    },
    showOne: async (req, res, row, state = {}, status = 200) => {
      const langs = langsOf(site);
      const stands = organizationKind.inputOf(row, langs);
      const page = organizationPage(language, languages, deskFrame(language, req, 'organizations', row.name, [home]), {
        slug: row.slug,
        version: state.version ?? versionOf(organizationKind, row, langs),
        typed: state.typed ?? typedOf(stands, langs),
        wrong: state.wrong ?? {},
        theirs: state.conflict ? stands : null,
      });
      await renderDesk(site, language, req, res, 'organizations/organization', `${path}/${row.slug}`, page, status);
    },
  };
}

/** @throws Failure 404 for a page that no list has. */
function readAsked({ query }: Request): OrganizationsQuery {
  const one = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  const page = one('page') || '1';
  if (!/^[1-9]\d{0,5}$/.test(page)) throw notFound('page of organizations');
  return {
    q: searchLine(one('q')).slice(0, 200) || null,
    sort: ORGANIZATION_SORTS.find((sort) => sort === one('sort')) ?? 'name',
    page: Number(page),
  };
}
