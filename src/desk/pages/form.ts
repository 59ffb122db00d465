import { isDeepStrictEqual } from 'node:util';
import { cleanText, typedLine } from '../../lib/line';
import { PAGE_FIELDS, PAGE_LONGEST, writeTexts, type PageContent, type PageText } from '../../site/pages/content';
import { findEditablePage, lockPages, type EditablePage } from '../../site/pages/editable';
import { picturesWrongIn } from '../../site/pages/pictures';
import { writeDraft } from '../../site/pages/writing';
import { editorialViewer } from '../../access/viewer';
import { authorNames, formerAuthors } from '../../briefings/authors';
import type { Language } from '../../lib/language';
import { baseAfter, baseOf, merge, readBase, writeBase, type Conflict, type Fields } from '../editor/merge';
import { authorFields, MOST_AUTHORS } from '../editor/slots';
import type { DeskParts } from '../parts';

/** Every field of a page's form: `title.en`, `description.en`, `body.en` …, `original`, `authors.1` …. */
export function fieldsOfPage({ original, texts, authors }: PageContent): Map<string, string> {
  const fields = new Map([['original', original]]);
  for (const [lang, text] of Object.entries(writeTexts(texts)))
    for (const field of PAGE_FIELDS) if (text[field] !== '') fields.set(`${field}.${lang}`, text[field]);
  for (const [index, name] of authorFields(authors.length).entries()) fields.set(name, authors[index]!.key);
  return fields;
}

/** A field as the desk names it. */
export function sayPageField(language: Language, name: string): string {
  const [field, part] = name.split('.');
  if (field === 'authors') return language.say('desk.field.author', { number: part! });
  const label = language.say(`desk.page.field.${field}`);
  return part === undefined ? label : `${label} (${language.languageName(part)})`;
}

/** What a field says, in words; `contents`: pages that may name whom it names. */
export function sayPageValue(
  language: Language,
  name: string,
  value: string,
  contents: readonly PageContent[],
): string {
  if (value === '') return value;
  if (name === 'original') return language.languageName(value);
  if (!name.startsWith('authors.')) return value;
  return contents.flatMap(({ authors }) => authors).find(({ key }) => key === value)?.name ?? value;
}

/** Whom a form may name. */
interface Authors {
  readonly names: ReadonlyMap<string, string>;
  readonly former: ReadonlyMap<string, string>;
}

/** Who wrote it, in the order of the form; nobody twice, nobody who is not there. A form without them changes none. */
function authorsIn(fields: Fields, before: PageContent, { names, former }: Authors): PageContent['authors'] {
  const sent = authorFields(MOST_AUTHORS).flatMap((name) => fields.get(name) ?? []);
  if (sent.length === 0) return before.authors;
  return [...new Set(sent.map((key) => former.get(key) ?? key))].flatMap((key) => {
    const name = names.get(key) ?? before.authors.find((one) => one.key === key)?.name;
    return name === undefined ? [] : [{ key, name }];
  });
}

const clean = (field: keyof PageText, text: string): string =>
  (field === 'body' ? cleanText(text).replace(/\s+$/, '') : typedLine(text)).slice(0, PAGE_LONGEST[field] * 2);

/** A form, or merged fields, as a page. Languages that the form does not show stay as they are. */
function contentOf(fields: Fields, before: PageContent, langs: readonly string[], known: Authors): PageContent {
  const texts: Record<string, PageText> = { ...before.texts };
  for (const lang of langs) {
    const textOf = (field: keyof PageText) => clean(field, fields.get(`${field}.${lang}`) ?? '');
    texts[lang] = { title: textOf('title'), description: textOf('description'), body: textOf('body') };
  }
  const original = fields.get('original') ?? before.original;
  return {
    original: langs.includes(original) ? original : before.original,
    texts: writeTexts(texts),
    authors: authorsIn(fields, before, known),
  };
}

/** What is wrong with what is typed, by field: the key of the sentence that says so. It is kept all the same. */
export function faultsOf({
  content,
  pictures,
}: Pick<EditablePage, 'content' | 'pictures'>): ReadonlyMap<string, string> {
  const { original, texts } = content;
  const errors = new Map<string, string>();
  for (const [lang, text] of Object.entries(texts))
    for (const field of PAGE_FIELDS)
      if (text[field].length > PAGE_LONGEST[field]) errors.set(`${field}.${lang}`, `desk.page.wrong.${field}.long`);
  for (const lang of picturesWrongIn(content, pictures)) errors.set(`body.${lang}`, 'desk.page.wrong.picture');
  const first = texts[original];
  if (!first?.title) errors.set(`title.${original}`, 'desk.page.wrong.title');
  if (!first?.body) errors.set(`body.${original}`, 'desk.page.wrong.body');
  return errors;
}

/** What became of a form: saved, or not because somebody has changed the same fields since it was opened. */
export type PageSaved =
  | { readonly outcome: 'saved'; readonly at: EditablePage; readonly base: string; readonly taken: Fields }
  | {
      readonly outcome: 'conflict';
      readonly at: EditablePage;
      readonly conflicts: readonly Conflict[];
      readonly base: string | null;
    };

/** Which save of which page of the desk this is; `own`: what is there now is what that very page sent before. */
function sequenceOf(form: URLSearchParams, { draft, version }: EditablePage) {
  const page = /^[a-z0-9]{8,40}$/.exec(form.get('page') ?? '')?.[0] ?? 'nameless';
  const number = Number(/^\d{1,9}$/.exec(form.get('seq') ?? '')?.[0] ?? 0);
  const [lastPage, lastNumber] = draft?.saveKey?.split(':') ?? [];
  const own = lastPage === page && page !== 'nameless' && number > 0;
  return {
    saveKey: `${page}:${number}`,
    own,
    late: own && form.get('version') !== version && number <= Number(lastNumber),
  };
}

/**
 * Saves what a form says as what is typed for its page; readers see nothing of it. What only one has changed since the
 * form was opened is merged, and what both have is asked about: nothing is overwritten that its page has not shown.
 * Null when there is no such page.
 */
export function savePageForm(
  { wall, site, clock }: DeskParts,
  id: string,
  form: URLSearchParams,
  accountId: string,
): Promise<PageSaved | null> {
  const langs = site.languages.all.map(({ code }) => code);
  return wall.write(editorialViewer, async (db): Promise<PageSaved | null> => {
    await lockPages(db);
    const was = await findEditablePage(db, id);
    if (!was) return null;
    const { saveKey, own, late } = sequenceOf(form, was);
    const saved = (at: EditablePage, taken: Fields): PageSaved => ({
      ...{ outcome: 'saved', at, taken },
      base: writeBase(baseOf(fieldsOfPage(at.content))),
    });
    if (late) return saved(was, new Map());
    const known = { names: await authorNames(db), former: await formerAuthors(db) };
    const [theirs, typed] = [fieldsOfPage(was.content), contentOf(new Map(form), was.content, langs, known)];
    const mine = fieldsOfPage(typed);
    const base = readBase(form.get('base'));
    if (!base && form.get('version') !== was.version && !own)
      return { outcome: 'conflict', at: was, conflicts: differing(theirs, mine), base: null };
    const yielded = new Set(form.getAll('theirs'));
    const merged = base && merge({ base, theirs, mine, yielded, isOwn: () => own });
    if (base && merged && merged.conflicts.length > 0) {
      const shownBase = writeBase(baseAfter(base, theirs, merged.conflicts));
      return { outcome: 'conflict', at: was, conflicts: merged.conflicts, base: shownBase };
    }
    const content = merged ? contentOf(merged.fields, was.content, langs, known) : typed;
    if (isDeepStrictEqual(fieldsOfPage(content), theirs)) return saved(was, taken(mine, theirs));
    await writeDraft(db, id, content, { accountId, saveKey, now: clock.now() });
    return saved((await findEditablePage(db, id))!, taken(mine, fieldsOfPage(content)));
  });
}

/** What the second says otherwise than the first. */
const taken = (first: Fields, second: Fields): Fields =>
  new Map(differing(first, second).map(({ name, mine }) => [name, mine]));

function differing(theirs: Fields, mine: Fields): Conflict[] {
  const names = [...new Set([...theirs.keys(), ...mine.keys()])];
  return names
    .map((name) => ({ name, theirs: theirs.get(name) ?? '', mine: mine.get(name) ?? '' }))
    .filter((one) => one.theirs !== one.mine);
}
