import { Router, type Request, type Response } from 'express';
import { onlyMethods } from '../../http/errors';
import type { Language } from '../../lib/language';
import type { KnownLanguage } from '../../site/languages/catalogue';
import { inputField, selectField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { AdminField, AdminFrame } from '../page-types';
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
    readonly changes: readonly { readonly label: string; readonly spoken: string; readonly href: string }[];
  }[];
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
      spoken: name,
      href: withQuery(`${prefix}/admin/settings/languages/change`, { change, code: one.code }),
    })),
  };
}

function isOffered(change: LanguageChange, { on, delivered }: KnownLanguage, isFirst: boolean): boolean {
  if (change === 'add') return false;
  if (change === 'first') return !isFirst;
  if (change === 'on') return !on;
  if (change === 'off') return on && !isFirst;
  return !on && !delivered;
}
