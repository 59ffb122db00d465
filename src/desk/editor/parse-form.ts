import type { CopyContent, EditableBriefing } from '../../briefings/writing/working-copies';
import { TEMPORARY_KEY, type BriefingContent, type EditionContent, type PassageContent } from '../../briefings/content';
import { trimBlankLines } from '../../briefings/file/fences';
import { KEY } from '../../briefings/file/shape';
import { CHOICE_FIELDS, eachText, type Choice } from '../../briefings/fields';
import { AXES } from '../../briefings/vocabulary';
import { typedLine } from '../../lib/line';
import { filedSlugs, offered, type BriefingShape, type Word } from '../../site/shape/shape';
import type { FormContext } from './form-context';
import { readEarly, readGating } from './parse-gating';
import { readRows, type Command, type TypedRows } from './parse-rows';
import { authorFields, MOST_AUTHORS, slotsOf, SOURCES, textField, type Group } from './slots';
import { openTyped, type Typed } from './typed';

/**
 * What a form says, over what was there: complete, whatever was typed. What fits no field (an address that is none, a
 * score of 12) is kept as it was typed, and the field keeps something harmless until it does. Fields that were not sent
 * stay as they were. `shown` says of which rows the page has shown the key, though they may be gone by now.
 */
export function readForm(
  form: URLSearchParams,
  was: EditableBriefing,
  editorContext: FormContext,
  command: Command | null = null,
  shown: (group: Group, key: string) => boolean = () => false,
): CopyContent {
  const typed = openTyped(form);
  const { content: before } = was;
  const { shape, organizations, formerOrganizations } = editorContext;
  const rows = readRows(typed, { shape, was, organizations, formerOrganizations, command, shown });
  const original = editorContext.langs.find((lang) => lang === typed.raw('original')) ?? before.original;
  const editions: Record<string, EditionContent> = {};
  for (const lang of new Set([...editorContext.langs, ...Object.keys(before.editions)])) {
    const own = before.editions[lang];
    const one = editorContext.langs.includes(lang) || !own ? readEdition(typed, shape, rows, own, lang) : own;
    if (lang === original || saysSomething(one)) editions[lang] = one;
  }
  const content: BriefingContent = {
    ...before,
    ...readGating(typed, editorContext, rows, before.stricter, editions),
    early: readEarly(typed, editorContext, before.early),
    ...readClassification(typed, editorContext, before),
    sources: rows.sources,
    organizations: rows.organizations,
    authors: readAuthors(typed, editorContext, before.authors),
    original,
    editions,
  };
  const renewed = editorContext.langs.filter((lang) => form.has(`renewed.${lang}`));
  return { unfinished: typed.unfinished, renewed, content };
}

/** What each field chooses: one of those offered, or what it was. */
function readChoices({ raw }: Typed, shape: BriefingShape, before: BriefingContent) {
  return Object.fromEntries(
    CHOICE_FIELDS.flatMap((field) => {
      if (field.words === null) return [];
      const was = before[field.name];
      const values = offered<Word>(shape[field.words], was).map(({ slug }) => slug);
      const typed = raw(field.name);
      return [[field.name, values.find((one) => one === typed) ?? was]];
    }),
  ) as Omit<Pick<BriefingContent, Choice>, 'confidence'>;
}

function readClassification(typed: Typed, editorContext: FormContext, before: BriefingContent) {
  const { raw, line, unfinished } = typed;
  const named = raw('category') ?? before.category;
  const category = editorContext.formerCategories.get(named) ?? named;
  const slug = line('slug') ?? before.slug;
  const goodSlug = KEY.test(slug) && slug.length <= 80 && !slug.startsWith(TEMPORARY_KEY);
  if (!goodSlug) unfinished['slug'] = slug;
  const score = line('confidence');
  const hundredths = score === null ? before.confidence : readScore(score);
  const wrongScore = score !== null && score !== '' && hundredths === null;
  if (wrongScore) unfinished['confidence'] = score;
  return {
    slug: goodSlug ? slug : before.slug,
    category: editorContext.categories.find((one) => one === category) ?? before.category,
    ...readChoices(typed, editorContext.shape, before),
    confidence: wrongScore ? before.confidence : hundredths,
  };
}

/** Who wrote it, in the order of the form; nobody twice, and nobody who is not there. */
function readAuthors({ raw }: Typed, { authors, formerAuthors }: FormContext, before: BriefingContent['authors']) {
  const sent = authorFields(MOST_AUTHORS).map(raw);
  if (sent.every((one) => one === null)) return before;
  const keys = sent.map((one) => formerAuthors.get(one ?? '') ?? one ?? '');
  return [...new Set(keys)].flatMap((key) => {
    const name = authors.get(key);
    return name === undefined ? [] : [{ key, name }];
  });
}

function readEdition(
  typed: Typed,
  shape: BriefingShape,
  rows: TypedRows,
  own: EditionContent | undefined,
  lang: string,
): EditionContent {
  const { form, raw, line } = typed;
  const some = (names: readonly string[], field: string): Record<string, string> =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = line(`${field}.${name}.${lang}`) || null;
        return value === null ? [] : [[name, value]];
      }),
    );
  return {
    ...eachText(({ name, property }) =>
      form.has(`${name}.${lang}`) ? line(`${name}.${lang}`) || null : (own?.[property] ?? null),
    ),
    explanations: some(AXES, 'explanations'),
    facts: some(filedSlugs(shape.facts), 'facts'),
    lists: Object.fromEntries(
      filedSlugs(shape.lists).flatMap((name) => {
        const items = readItems(raw(`lists.${name}.${lang}`) ?? '');
        return items.length > 0 ? [[name, items]] : [];
      }),
    ),
    sources: readSourceTexts(typed, rows, lang),
    body: trimBlankLines(raw(`body.${lang}`) ?? ''),
    passages: readPassages(typed, shape, rows, lang),
  };
}

/** The lines of a list, without the signs that people begin them with. */
const readItems = (text: string): string[] =>
  text
    .split('\n')
    .map((item) =>
      typedLine(item)
        .replace(/^[-•*]\s/, '')
        .trim(),
    )
    .filter(Boolean);

function readSourceTexts({ line }: Typed, { rows }: TypedRows, lang: string): EditionContent['sources'] {
  return Object.fromEntries(
    rows
      .filter(({ group }) => group === SOURCES)
      .flatMap(({ row, key }) => {
        const [title, description] = ['title', 'description'].map(
          (part) => line(`${SOURCES}.${row}.${part}.${lang}`) || null,
        ) as [string | null, string | null];
        return title === null && description === null ? [] : [[key, { title, description }]];
      }),
  );
}

/** The gated texts of a language, kind by kind in the order in which kinds were made, whatever order pages show. */
function readPassages({ raw }: Typed, shape: BriefingShape, { rows }: TypedRows, lang: string): PassageContent[] {
  return slotsOf({ kinds: [...shape.kinds].sort((a, b) => a.made - b.made) }).flatMap((slot) =>
    rows
      .filter(({ group }) => group === slot.group)
      .flatMap(({ row, key }) => {
        const text = trimBlankLines(raw(textField(slot, row, lang)) ?? '');
        return text === '' ? [] : [{ kind: slot.kind.slug, key, text }];
      }),
  );
}

/** A score in hundredths as people write one: `0.94`, `0,94`, `94 %`; null for anything else. */
function readScore(typed: string): number | null {
  const percent = /^(\d{1,3}) ?%$/.exec(typed)?.[1];
  if (percent !== undefined) return Number(percent) <= 100 ? Number(percent) : null;
  const dotted = typed.replace(',', '.');
  return /^(?:0(?:\.\d{1,2})?|1(?:\.0{1,2})?)$/.test(dotted) ? Math.round(Number(dotted) * 100) : null;
}

function saysSomething({ explanations, facts, lists, sources, passages, ...texts }: EditionContent): boolean {
  return (
    Object.values(texts).some((text) => text !== null && text !== '') ||
    [explanations, facts, lists, sources].some((fields) => Object.keys(fields).length > 0) ||
    passages.length > 0
  );
}
