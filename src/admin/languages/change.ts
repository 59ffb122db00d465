import { Router } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { confirmForm } from '../action/form';
import type { Rejection } from '../action/perform';
import { readFields, readSubmission, type Fields } from '../action/submission';
import { inputField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { ActionPage } from '../page-types';
import { staffOnly } from '../staff';
import { applyChange, firstOf, LANGUAGE_CHANGES, usualDirection, type ChangeAsked } from './changes';
import { directionField } from './list';
import type { LanguageParts } from './parts';
import { readCurrent, saveFrom, type FormContext } from './save';

const PATH = '/admin/settings/languages/change';

/** `/admin/settings/languages/change`: what a change of the languages would move, and the form that means it. */
export function languageChangeRoutes(parts: LanguageParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(PATH)
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show({ parts, language, req, res }, readFields(req.query), null))
    .post(formBody, (req, res) => save({ parts, language, req, res }))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** @throws Failure 400 for what no form or link of ours asks for. */
function askedIn({ change = 'add', code = '', dir = '' }: Fields): ChangeAsked {
  const known = LANGUAGE_CHANGES.find((one) => one === change);
  if (known === undefined || code.length > 20 || !['', 'ltr', 'rtl'].includes(dir))
    throw new Failure(400, 'no such change of the languages');
  const typed = code.trim();
  return { change: known, code: typed, dir: dir === 'ltr' || dir === 'rtl' ? dir : usualDirection(typed) };
}

async function save(context: FormContext): Promise<void> {
  const { parts, language, req, res } = context;
  const submission = readSubmission(req);
  const after = applyChange(parts.languages.known, askedIn(submission.fields));
  const rejection =
    'wrong' in after ? wrongRejection(context, after.wrong) : await saveFrom(context, 'languages', after, submission);
  if (rejection !== null) return show(context, submission.fields, rejection);
  // The page is in a language whose address may have moved.
  await parts.languages.refresh();
  const { prefix } = parts.languages.find(language.code) ?? parts.languages.first;
  res.redirect(303, withQuery(`${prefix}/admin/settings/languages`, { done: 'setting-changed' }));
}

const wrongRejection = ({ language }: FormContext, wrong: string): Rejection => ({
  status: 422,
  error: language.say(wrong),
});

async function show(context: FormContext, fields: Fields, rejection: Rejection | null): Promise<void> {
  const { parts, language, req, res } = context;
  const { say, prefix } = language;
  const { version } = await readCurrent(parts, 'languages');
  const asked = askedIn(fields);
  const after = applyChange(parts.languages.known, asked);
  const wrong = 'wrong' in after ? say(after.wrong) : null;
  const isAdded = asked.change === 'add';
  const page: ActionPage = {
    frame: adminFrame(language, req, res, 'settings', say(`admin.languages.ask.${asked.change}`)),
    back: { label: say('admin.languages.back'), href: `${prefix}/admin/settings/languages` },
    who: { name: wrong === null ? language.languageName(asked.code) : asked.code, email: asked.code },
    text: say('admin.languages.text'),
    refused: wrong !== null && !isAdded ? wrong : null,
    error: rejection?.error ?? null,
    choice:
      wrong !== null && isAdded
        ? {
            action: `${prefix}${PATH}`,
            fields: [
              inputField(language, 'code', 'text', asked.code, {
                hint: say('admin.languages.code.hint'),
                error: wrong,
              }),
              directionField(language, fields['dir'] ?? ''),
            ],
            hidden: [],
            submit: say('admin.action.continue'),
          }
        : null,
    changes: 'list' in after ? await addressesOf(context, after.list) : [],
    happens: wrong === null ? await happensOf(context, asked) : [],
    charges: [],
    sure:
      wrong === null
        ? confirmForm(language, {
            ...{ action: `${prefix}${PATH}`, chosen: { ...asked }, version, why: 'remark', typed: fields['remark'] },
            ...{ rejection, submit: say('admin.languages.save'), grave: asked.change === 'first' },
          })
        : null,
  };
  await renderAdmin(
    parts.site,
    language,
    req,
    res,
    'action',
    PATH,
    page,
    rejection?.status ?? (wrong === null ? 200 : 422),
  );
}

type List = readonly { readonly code: string; readonly on: boolean }[];

/** Where a page stands in each language, before and after. */
async function addressesOf({ parts, language }: FormContext, after: List): Promise<ActionPage['changes']> {
  const sample = await parts.wall.read(accountsViewer, (db) =>
    db.briefing.findFirst({
      where: { state: 'published', copyOf: null },
      select: { slug: true },
      orderBy: { publishedAt: 'desc' },
    }),
  );
  const path = sample ? `/briefings/${sample.slug}` : '/pricing';
  const addressIn = (list: List, code: string) => {
    const it = list.find((one) => one.code === code);
    if (!it?.on) return language.say('admin.languages.no-address');
    return code === firstOf(list) ? path : `/${code.toLowerCase()}${path}`;
  };
  const before = parts.languages.known;
  return [...new Set([...after, ...before].map(({ code }) => code))].map((code) => ({
    what: language.languageName(code),
    before: addressIn(before, code),
    after: addressIn(after, code),
  }));
}

async function happensOf({ parts, language }: FormContext, { change, code }: ChangeAsked): Promise<string[]> {
  const { say } = language;
  const name = language.languageName(code);
  if (change !== 'first') return [say(`admin.languages.happens.${change}`, { language: name })];
  const n = await parts.wall.read(accountsViewer, (db) =>
    db.briefing.count({ where: { state: 'published', copyOf: null } }),
  );
  return ['first', 'old', 'search', 'letters'].map((one) =>
    say(`admin.languages.happens.first.${one}`, {
      language: name,
      before: language.languageName(parts.languages.first.code),
      n,
    }),
  );
}
