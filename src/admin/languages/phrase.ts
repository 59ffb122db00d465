import { Router } from 'express';
import { adminViewer } from '../../access/viewer';
import { readId } from '../../accounts/own/forms';
import { onlyMethods } from '../../http/errors';
import { formByName } from '../../http/body';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { WallTransaction } from '../../stores/postgres/wall';
import { submissionFields } from '../action/form';
import { actionContext, perform, type AdminAction, type Rejection } from '../action/perform';
import { readFields, readSubmission, type Fields } from '../action/submission';
import { findPastAction } from '../audit/past';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { AdminButton, AdminFrame, PastChangeView } from '../page-types';
import { staffOnly } from '../staff';
import { fieldOf, formIn, phraseTyped, readPhraseCase, type PhraseCase } from './phrase-case';
import { languageAsked, phraseKeys, textOf } from './phrase-filter';
import { factsOfPhrase, phraseHistory, PHRASE_PATH as PATH, typedBefore } from './phrase-history';
import type { LanguageParts } from './parts';
import type { FormContext } from './save';

/** Six plural forms of the longest phrase, each character up to four bytes and escaped. */
const phraseBody = formByName({ bytes: 160_000, fields: 20 });

export interface PhrasePage {
  readonly frame: AdminFrame;
  readonly back: { readonly label: string; readonly href: string };
  readonly key: string;
  readonly lang: string;
  readonly dir: string;
  readonly language: string;
  readonly error: string | null;
  /** Said where the form is filled in with what was before a change. */
  readonly restoring: string | null;
  readonly history: readonly PastChangeView[];
  /** The phrase as it is delivered, in the default language and in this one. */
  readonly delivered: readonly { readonly lang: string; readonly label: string; readonly text: string }[];
  readonly form: {
    readonly action: string;
    readonly boxes: readonly {
      readonly name: string;
      readonly label: string;
      readonly value: string;
      readonly error: string | null;
    }[];
    readonly hidden: AdminButton['hidden'];
  };
  readonly reset: AdminButton | null;
}

/** `/admin/settings/phrases/edit`: one phrase in the publisher's own words, or as it is delivered again. */
export function phraseRoutes(parts: LanguageParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const adminsOnly = staffOnly(language, ['admin']);
  router
    .route(PATH)
    .all(adminsOnly)
    .get((req, res) => open({ parts, language, req, res }))
    .post(phraseBody, (req, res) => save({ parts, language, req, res }))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** @throws Failure 404 for a phrase there is not. */
function phraseAsked({ parts: { languages }, language }: FormContext, { lang, key = '' }: Fields) {
  if (!phraseKeys(languages).includes(key)) throw notFound('a phrase');
  return { lang: languageAsked(languages, language, lang), key };
}

const read = (context: FormContext, db: WallTransaction, fields: Fields): Promise<PhraseCase> =>
  readPhraseCase(db, context.parts.languages, context.language, { ...phraseAsked(context, fields), fields });

async function open(context: FormContext): Promise<void> {
  const { parts, req } = context;
  const { lang, key, restore } = readFields(req.query);
  const fields = { ...(lang === undefined ? {} : { lang }), ...(key === undefined ? {} : { key }) };
  const past = await pastPhrase(context, fields, restore);
  const typed = past === null ? {} : typedBefore(past);
  const it = await parts.wall.read(adminViewer, (db) => read(context, db, { ...fields, ...typed }));
  await show(context, it, null, past?.at ?? null);
}

/** The change an address asks to be taken back; null: it names none of this phrase. */
async function pastPhrase(context: FormContext, fields: Fields, restore: string | undefined) {
  const id = readId(restore);
  if (id === null) return null;
  const { lang, key } = phraseAsked(context, fields);
  const { wall } = context.parts;
  const target = `${lang} ${key}`;
  return (
    (await findPastAction(wall, 'phrase-changed', id, target)) ??
    (await findPastAction(wall, 'phrase-reset', id, target))
  );
}

async function save(context: FormContext): Promise<void> {
  const { parts, language, req, res } = context;
  const submission = readSubmission(req);
  const { lang, key } = phraseAsked(context, submission.fields);
  const outcome = await perform(
    phraseAction(context, submission.fields),
    submission,
    await actionContext(parts, language, req, res),
  );
  if (outcome.is === 'rejected') return show(context, outcome.it, outcome.rejection);
  const done = submission.fields['do'] === 'reset' ? 'phrase-reset' : 'phrase-changed';
  res.redirect(303, withQuery(`${language.prefix}${PATH}`, { lang, key, done }));
}

function phraseAction(context: FormContext, fields: Fields): AdminAction<PhraseCase> {
  const { parts } = context;
  const { lang, key } = phraseAsked(context, fields);
  const isReset = fields['do'] === 'reset';
  return {
    name: isReset ? 'phrase-reset' : 'phrase-changed',
    targetId: `${lang} ${key}`,
    reason: 'optional',
    load: () => parts.wall.read(adminViewer, (db) => read(context, db, fields)),
    check: (it) => {
      if (isReset) return it.own === null ? 'nothing' : null;
      if (it.typed === null || it.errors.size > 0) return { status: 422 };
      return sameWords(it) ? 'nothing' : null;
    },
    version: ({ version }) => version,
    wall: parts.invalidatingWall,
    viewer: adminViewer,
    reload: (db) => read(context, db, fields),
    entry: (it) => ({
      target: { kind: 'phrase', id: `${lang} ${key}`, name: `${key} (${lang})` },
      before: factsOfPhrase(it.own ?? it.delivered),
      after: factsOfPhrase(isReset ? it.delivered : phraseTyped(it)),
    }),
    write: async (db, it) => {
      if (isReset) return db.phrase.deleteMany({ where: { lang, key } });
      const stored = { value: phraseTyped(it), changedAt: parts.clock.now() };
      const where = { lang_key: { lang, key } };
      return db.phrase.upsert({ where, create: { lang, key, ...stored }, update: stored, select: { key: true } });
    },
  };
}

/** Is what was typed what stands there already? */
const sameWords = (it: PhraseCase): boolean =>
  it.own !== null && JSON.stringify(it.own) === JSON.stringify(phraseTyped(it));

async function show(
  context: FormContext,
  it: PhraseCase,
  rejection: Rejection | null,
  restoring: Date | null = null,
): Promise<void> {
  const { parts, language, req, res } = context;
  const { say, prefix } = language;
  const { lang, key, delivered, own, version } = it;
  const hidden = [
    { name: 'lang', value: lang },
    { name: 'key', value: key },
  ];
  const page: PhrasePage = {
    frame: adminFrame(language, req, res, 'settings', say('admin.phrases.edit.heading')),
    back: { label: say('admin.phrases.back'), href: withQuery(`${prefix}/admin/settings/phrases`, { lang }) },
    ...{ key, lang, language: language.languageName(lang) },
    dir: parts.languages.known.find(({ code }) => code === lang)!.dir,
    error: rejection?.error ?? null,
    restoring: restoring && say('admin.settings.restoring', { moment: language.moment(restoring) }),
    history: await phraseHistory(parts, language, `${lang} ${key}`),
    delivered: deliveredTexts(context, it),
    form: {
      action: `${prefix}${PATH}`,
      boxes: it.forms.map((form) => ({
        name: fieldOf(form),
        label:
          form === ''
            ? say('admin.phrases.text')
            : say('admin.phrases.text.plural', { form: say(`admin.plural.${form}`) }),
        value: it.typed?.get(form) ?? formIn(own ?? delivered, form),
        error: it.errors.get(form) ?? null,
      })),
      hidden: [...hidden, ...submissionFields(version, rejection?.submission)],
    },
    reset:
      own === null
        ? null
        : {
            action: `${prefix}${PATH}`,
            label: say(delivered === null ? 'admin.phrases.remove' : 'admin.phrases.reset'),
            hidden: [...hidden, { name: 'do', value: 'reset' }, ...submissionFields(version)],
          },
  };
  await renderAdmin(parts.site, language, req, res, 'phrase', PATH, page, rejection?.status ?? 200);
}

function deliveredTexts(
  { parts, language }: FormContext,
  { lang, delivered, reference }: PhraseCase,
): PhrasePage['delivered'] {
  const { code } = parts.languages.reference;
  const label = (one: string) => language.say('admin.phrases.delivered', { language: language.languageName(one) });
  return [
    { lang: code, label: label(code), text: textOf(reference) },
    ...(lang === code || delivered === null ? [] : [{ lang, label: label(lang), text: textOf(delivered) }]),
  ];
}
