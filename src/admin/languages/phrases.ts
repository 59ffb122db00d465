import { Router, type Request, type Response } from 'express';
import { onlyMethods } from '../../http/errors';
import type { Language } from '../../lib/language';
import { inputField, selectField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { AdminFrame, FilterForm, PastChangeView, Steps } from '../page-types';
import { staffOnly } from '../staff';
import type { LanguageParts } from './parts';
import { phraseHistory } from './phrase-history';
import {
  findPhrases,
  languageAsked,
  parsePhraseQuery,
  SECTION_NAMES,
  STATES,
  textOf,
  type PhraseQuery,
} from './phrase-filter';

const ON_A_PAGE = 50;

export interface PhrasesPage {
  readonly frame: AdminFrame;
  readonly back: { readonly label: string; readonly href: string };
  readonly filter: FilterForm;
  readonly count: string;
  /** Of the texts. */
  readonly lang: string;
  readonly dir: string;
  readonly phrases: readonly {
    readonly key: string;
    readonly href: string;
    /** Null: this language lacks it. */
    readonly text: string | null;
    readonly own: boolean;
    readonly reference: string;
  }[];
  readonly steps: Steps;
  readonly history: readonly PastChangeView[];
}

/** `/admin/settings/phrases`: every phrase of a language, found by its words and by where it is said. */
export function phraseListRoutes(parts: LanguageParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/settings/phrases')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function show(parts: LanguageParts, language: Language, req: Request, res: Response): Promise<void> {
  const { languages, site } = parts;
  const { say, prefix } = language;
  const query = parsePhraseQuery(req.query);
  const lang = languageAsked(languages, language, query.lang);
  const keys = findPhrases(languages, lang, query);
  const number = Number(query.page ?? 1);
  const { delivered, own } = languages.phrasesOf(lang);
  const at = (page: number) =>
    withQuery(`${prefix}/admin/settings/phrases`, { ...query, lang, page: page > 1 ? String(page) : undefined });
  const page: PhrasesPage = {
    frame: adminFrame(language, req, res, 'settings', say('admin.phrases.heading')),
    back: { label: say('admin.languages.back'), href: `${prefix}/admin/settings/languages` },
    filter: filterForm(parts, language, { ...query, lang }),
    count: say('admin.phrases.count', { n: keys.length }),
    lang,
    dir: languages.known.find(({ code }) => code === lang)!.dir,
    phrases: keys.slice((number - 1) * ON_A_PAGE, number * ON_A_PAGE).map((key) => {
      const text = own[key] ?? delivered[key];
      return {
        key,
        href: withQuery(`${prefix}/admin/settings/phrases/edit`, { lang, key }),
        text: text === undefined ? null : textOf(text),
        own: Object.hasOwn(own, key),
        reference: textOf(languages.reference.phrases[key]!),
      };
    }),
    history: await phraseHistory(parts, language, `${lang} `),
    steps: {
      previous: number > 1 ? at(number - 1) : null,
      next: number * ON_A_PAGE < keys.length ? at(number + 1) : null,
    },
  };
  await renderAdmin(site, language, req, res, 'phrases', '/admin/settings/phrases', page);
}

function filterForm(
  { languages }: LanguageParts,
  language: Language,
  { lang, words, section, state }: PhraseQuery,
): FilterForm {
  const { say, prefix } = language;
  const action = `${prefix}/admin/settings/phrases`;
  const known = languages.known.map(({ code }) => ({ value: code, label: language.languageName(code) }));
  const sections = SECTION_NAMES.map((value) => ({ value, label: say(`admin.phrases.section.${value}`) }));
  const states = STATES.map((value) => ({ value, label: say(`admin.phrases.state.${value}`) }));
  return {
    action,
    fields: [
      inputField(language, 'words', 'search', words ?? ''),
      selectField(language, 'lang', lang ?? '', known),
      selectField(language, 'section', section ?? '', sections, { any: say('admin.phrases.anywhere') }),
      selectField(language, 'state', state ?? '', states, { any: say('admin.phrases.state.all') }),
    ],
    all: [words, section, state].some((one) => one !== undefined) ? withQuery(action, { lang }) : null,
  };
}
