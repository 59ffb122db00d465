import { Router } from 'express';
import { accountsViewer } from '../../access/viewer';
import { readId } from '../../accounts/own/forms';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { usualDirection } from '../../lib/direction';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { confirmForm } from '../action/form';
import type { Rejection } from '../action/perform';
import { readFields, readSubmission, type Fields } from '../action/submission';
import { inputField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { ActionPage } from '../page-types';
import { valueBefore } from '../settings/history';
import { staffOnly } from '../staff';
import { applyChange, firstOf, LANGUAGE_CHANGES, type ChangeAsked } from './changes';
import { directionField } from './list';
import type { LanguageParts } from './parts';
import { readCurrent, saveFrom, wasSaved, type FormContext } from './save';

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

/** @throws Failure 400 for what no form or link of ours asks for, 404 for a change to undo that there was not. */
async function askedIn(parts: LanguageParts, fields: Fields): Promise<ChangeAsked> {
  const { change = 'add', code = '', dir = '' } = fields;
  const known = LANGUAGE_CHANGES.find((one) => one === change);
  if (known === undefined || code.length > 20 || !['', 'ltr', 'rtl'].includes(dir))
    throw new Failure(400, 'no such change of the languages');
  if (known === 'restore') {
    const id = readId(fields['restore']);
    const past = id === null ? null : await valueBefore(parts.wall, 'languages', id);
    if (id === null || !past) throw notFound('a change of the languages');
    return {
      change: known,
      code: '',
      dir: 'ltr',
      undone: { id, at: past.at, before: parts.languages.knownIn(past.value) },
    };
  }
  const typed = code.trim();
  return { change: known, code: typed, dir: dir === 'ltr' || dir === 'rtl' ? dir : usualDirection(typed) };
}

async function save(context: FormContext): Promise<void> {
  const { parts, language, req, res } = context;
  const submission = readSubmission(req);
  const after = applyChange(parts.languages.known, await askedIn(parts, submission.fields));
  const rejection =
    'list' in after
      ? await saveFrom(context, 'languages', after, submission)
      : (await wasSaved(parts, submission))
        ? null
        : wrongRejection(context, after.wrong);
  if (rejection !== null) return show(context, submission.fields, rejection);
  // The page is in a language whose address may have moved.
  await parts.languages.refresh();
  const { prefix } = parts.languages.find(language.code) ?? parts.languages.first;
  res.redirect(303, withQuery(`${prefix}/admin/settings/languages`, { done: 'setting-changed' }));
}

const wrongRejection = ({ language }: FormContext, error: string): Rejection => ({
  status: 422,
  error: language.say(error),
});

async function show(context: FormContext, fields: Fields, rejection: Rejection | null): Promise<void> {
  const { parts, language, req, res } = context;
  const { say, prefix } = language;
  const { version } = await readCurrent(parts, 'languages');
  const asked = await askedIn(parts, fields);
  const after = applyChange(parts.languages.known, asked);
  const error = 'wrong' in after ? say(after.wrong) : null;
  const isAdded = asked.change === 'add';
  const page: ActionPage = {
    frame: adminFrame(language, req, res, 'settings', say(`admin.languages.ask.${asked.change}`)),
    back: { label: say('admin.languages.back'), href: `${prefix}/admin/settings/languages` },
    who: whoOf(language, asked, error !== null),
    text: asked.undone
      ? say('admin.settings.restoring', { moment: language.moment(asked.undone.at) })
      : say('admin.languages.text'),
    refused: error !== null && !isAdded ? error : null,
    error: rejection?.error ?? null,
    choice:
      error !== null && isAdded
        ? {
            action: `${prefix}${PATH}`,
            fields: [
              inputField(language, 'code', 'text', asked.code, {
                hint: say('admin.languages.code.hint'),
                error: error,
              }),
              directionField(language, fields['dir'] ?? ''),
            ],
            hidden: [],
            submit: say('admin.action.continue'),
          }
        : null,
    changes: 'list' in after ? await addressesOf(context, after.list) : [],
    happens: 'list' in after ? await happensOf(context, asked, after.list) : [],
    charges: [],
    sure:
      error === null
        ? confirmForm(language, {
            ...{ action: `${prefix}${PATH}`, chosen: chosenOf(asked), version, why: 'remark', typed: fields['remark'] },
            ...{
              rejection,
              submit: say('admin.languages.save'),
              grave: 'list' in after && firstOf(after.list) !== parts.languages.first.code,
            },
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
    rejection?.status ?? (error === null ? 200 : 422),
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

/** What is changed: a language, or the languages. */
const whoOf = (language: Language, { change, code }: ChangeAsked, isWrong: boolean): ActionPage['who'] =>
  change === 'restore'
    ? { name: language.say('admin.languages.heading'), email: '' }
    : { name: isWrong ? code : language.languageName(code), email: code };

const chosenOf = ({ change, code, dir, undone }: ChangeAsked): Fields =>
  undone ? { change, restore: undone.id } : { change, code, dir };

async function happensOf(context: FormContext, { change, code }: ChangeAsked, after: List): Promise<string[]> {
  const { parts, language } = context;
  const { say } = language;
  if (change === 'restore') {
    const first = firstOf(after);
    const moved = first !== parts.languages.first.code;
    return [say('admin.languages.happens.restore'), ...(moved ? await movedTo(context, first) : [])];
  }
  const name = language.languageName(code);
  if (change !== 'first') return [say(`admin.languages.happens.${change}`, { language: name })];
  return movedTo(context, code);
}

/** What becomes of addresses when another language is first. */
async function movedTo({ parts, language }: FormContext, code: string): Promise<string[]> {
  const { say } = language;
  const name = language.languageName(code);
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
