import type { Request } from 'express';
import { z } from 'zod';
import { LocaleFallback } from '../../briefings/reading/localized';
import type { LocalizedText } from '../../briefings/reading/page-types';
import { notFound } from '../../lib/failure';
import type { Language, Languages } from '../../lib/language';
import { pagePath } from '../../pages/view';
import type { PageAuditAction } from '../../site/pages/audit-actions';
import type { PageContent } from '../../site/pages/content';
import type { EditablePage } from '../../site/pages/editable';
import { isLegal } from '../../site/pages/names';
import type { ActorAt } from '../../membership/actor';
import { writeAudit, type Facts } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import { deskFrame } from '../frame';
import type { DeskFrame, LanguageMark, Link, StateMark } from '../page-types';
import type { Editor } from '../staff';

/** The address of a page's section at the desk, or of one within it. */
export const pageDeskPath = ({ prefix }: Pick<Language, 'prefix'>, id: string, section = ''): string =>
  `${prefix}/desk/pages/${id}${section}`;

const id = z.uuid();

/** The id in the address. @throws Failure 404 when it can be nobody's. */
export function idOfPage(req: Request): string {
  const parsed = id.safeParse(req.params['id']);
  if (!parsed.success) throw notFound('page');
  return parsed.data;
}

/** Its title, in whatever language it has one. */
export function pageTitle(language: Language, slug: string, { original, texts }: PageContent): LocalizedText {
  const fallback = new LocaleFallback(language.code, original, Object.keys(texts));
  return fallback.text((lang) => texts[lang]?.title) ?? { text: `/${slug}`, lang: null };
}

/** Where a page stands, in words. */
export const pageState = ({ say }: Language, { state }: Pick<EditablePage, 'state'>): StateMark => ({
  code: state,
  label: say(`desk.state.${state}`),
});

/** How far each language has come: it has a title and a body, or one of them, or neither. */
export const pageLanguages = (language: Language, { all }: Languages, { texts }: PageContent): LanguageMark[] =>
  all.map(({ code }) => {
    const { title = '', body = '' } = texts[code] ?? {};
    const state = title && body ? 'complete' : title || body ? 'partial' : 'missing';
    const name = language.languageName(code);
    return { code, name, state, label: language.say(`desk.page.language.${state}`, { language: name }) };
  });

/** What has a tab of its own among those of a page. */
const SECTIONS = ['text', 'pictures', 'publish', 'revisions'] as const;
export type PageSection = (typeof SECTIONS)[number];

/** The questions stand on the page of prices, which shows none. */
export const hasPictures = ({ slug }: Pick<EditablePage, 'slug'>): boolean => slug !== 'questions';

/** The frame of a page's sections: the way back to the list, and to the sections beside it. */
export function pageFrame(
  language: Language,
  req: Request,
  at: EditablePage,
  section: PageSection,
  heading: string,
): DeskFrame {
  const { say, prefix } = language;
  const live: Link = { label: say('desk.tool.live'), href: pagePath(language, at.slug) };
  const shown = at.state === 'published' ? live : null;
  const trail = [
    { label: say('desk.section.pages'), href: `${prefix}/desk/pages` },
    ...(section === 'text'
      ? []
      : [{ label: pageTitle(language, at.slug, at.content).text, href: pageDeskPath(language, at.id) }]),
  ];
  const frame = deskFrame(language, req, 'pages', heading, trail, shown);
  const sections = SECTIONS.filter((one) => one !== 'pictures' || hasPictures(at)).map((one) => ({
    label: say(`desk.page.section.${one}`),
    href: pageDeskPath(language, at.id, one === 'text' ? '' : `/${one}`),
    current: one === section,
  }));
  return { ...frame, sections: shown ? [...sections, { ...shown, current: false }] : sections };
}

/** What binds the publisher, or says who that is, an admin alone gives to readers or takes from them. */
export const mayPublish = ({ role }: Editor, { slug }: Pick<EditablePage, 'slug'>): boolean =>
  role === 'admin' || !isLegal(slug);

/** Writes the entry of what is done to a page, in the transaction that does it. */
export const auditPage = (
  db: WallTransaction,
  by: ActorAt,
  at: Date,
  action: PageAuditAction,
  page: { readonly id: string; readonly slug: string },
  facts: { readonly before?: Facts; readonly after?: Facts } = {},
): Promise<boolean> =>
  writeAudit(db, { ...by, ...facts, at, action, target: { kind: 'page', id: page.id, name: `/${page.slug}` } });
