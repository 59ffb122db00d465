import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { onlyMethods } from '../../http/errors';
import type { Language } from '../../lib/language';
import type { KnownLanguage } from '../../site/languages/catalogue';
import { inputField, selectField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { AdminField, AdminFrame, PastChangeView } from '../page-types';
import { historyViews, readHistory, type PastChange } from '../settings/history';
import { staffOnly } from '../staff';
import { firstOf, LANGUAGE_CHANGES, type LanguageChange } from './changes';
import type { LanguageParts } from './parts';

export interface LanguagesPage {
  readonly frame: AdminFrame;
  readonly ways: readonly { readonly label: string; readonly href: string }[];
  readonly languages: readonly {
    readonly name: string;
    readonly code: string;
    readonly dir: string;
    readonly marks: readonly string[];
    readonly phrases: { readonly label: string; readonly href: string };
    readonly changes: readonly { readonly label: string; readonly hiddenText: string; readonly href: string }[];
  }[];
  readonly history: readonly PastChangeView[];
  readonly add: { readonly action: string; readonly fields: readonly AdminField[] };
}

/** `/admin/settings/languages`: which there are, which are on, and which is first. */
export function languageListRoutes(parts: LanguageParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/settings/languages')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function show(parts: LanguageParts, language: Language, req: Request, res: Response): Promise<void> {
  const { say, prefix } = language;
  const { known } = parts.languages;
  const page: LanguagesPage = {
    frame: adminFrame(language, req, res, 'settings', say('admin.languages.heading')),
    ways: ['phrases', 'time'].map((one) => ({
      label: say(`admin.languages.way.${one}`),
      href: `${prefix}/admin/settings/${one}`,
    })),
    languages: known.map((one) => lineOf(parts, language, one, one.code === firstOf(known))),
    history: (await readHistory(parts.wall, 'languages')).map((one) => viewOf(language, one)),
    add: {
      action: `${prefix}/admin/settings/languages/change`,
      fields: [
        inputField(language, 'code', 'text', '', { hint: say('admin.languages.code.hint') }),
        directionField(language, ''),
      ],
    },
  };
  await renderAdmin(parts.site, language, req, res, 'languages', '/admin/settings/languages', page);
}

/** A change as people read it: the languages by their names, and which of them were off. */
function viewOf(language: Language, change: PastChange): PastChangeView {
  const [view] = historyViews(language, [change], '/admin/settings/languages/change', { change: 'restore' });
  const named = (facts: unknown) => {
    const list = listIn(facts);
    if (list.length === 0) return language.say('admin.languages.as-delivered');
    const names = list.map(({ code, on }) => {
      const name = language.languageName(code);
      return on ? name : language.say('admin.languages.named-off', { language: name });
    });
    return names.join(', ');
  };
  const what = language.say('admin.fact.setting-languages-list');
  return { ...view!, changes: [{ what, before: named(change.before), after: named(change.after) }] };
}

const factsOfList = z.object({ 'setting-languages-list': z.string() });
const listed = z.array(z.object({ code: z.string(), on: z.boolean() }));

/** The list of an audit entry, which has it as JSON. */
function listIn(facts: unknown): z.infer<typeof listed> {
  const read = factsOfList.safeParse(facts);
  return read.success ? listed.parse(JSON.parse(read.data['setting-languages-list'])) : [];
}

/** The choice of a direction. Empty: as the script of the language has it. */
export const directionField = (language: Language, value: string): AdminField =>
  selectField(
    language,
    'dir',
    value,
    (['ltr', 'rtl'] as const).map((one) => ({ value: one, label: language.say(`admin.languages.dir.${one}`) })),
    { any: language.say('admin.languages.dir.usual') },
  );

function lineOf(
  { languages }: LanguageParts,
  language: Language,
  one: KnownLanguage,
  isFirst: boolean,
): LanguagesPage['languages'][number] {
  const { say, prefix } = language;
  const { delivered, own } = languages.phrasesOf(one.code);
  const name = language.languageName(one.code);
  const has = new Set([...Object.keys(delivered), ...Object.keys(own)]).size;
  const offered = LANGUAGE_CHANGES.filter((change) => isOffered(change, one, isFirst));
  return {
    name,
    code: one.code,
    dir: one.dir,
    marks: [
      say(isFirst ? 'admin.languages.is.first' : one.on ? 'admin.languages.is.on' : 'admin.languages.is.off'),
      ...(one.dir === 'rtl' ? [say('admin.languages.dir.rtl')] : []),
    ],
    phrases: {
      label: say('admin.languages.has', { n: has, all: Object.keys(languages.reference.phrases).length }),
      href: withQuery(`${prefix}/admin/settings/phrases`, { lang: one.code }),
    },
    changes: offered.map((change) => ({
      label: say(`admin.languages.change.${change}`),
      hiddenText: name,
      href: withQuery(`${prefix}/admin/settings/languages/change`, { change, code: one.code }),
    })),
  };
}

function isOffered(change: LanguageChange, { on, delivered }: KnownLanguage, isFirst: boolean): boolean {
  if (change === 'add' || change === 'restore') return false;
  if (change === 'first') return !isFirst;
  if (change === 'on') return !on;
  if (change === 'off') return on && !isFirst;
  return !on && !delivered;
}
