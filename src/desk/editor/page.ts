import { randomBytes } from 'node:crypto';
import type { EditableBriefing } from '../../briefings/writing/working-copies';
import { categoryLabel } from '../../briefings/reading/cards';
import type { Picture } from '../../briefings/content';
import { SCALE_FIELDS, TEXT_FIELDS } from '../../briefings/fields';
import { AXES, type Axis } from '../../briefings/vocabulary';
import { nameIn, offered, type Word } from '../../site/shape/shape';
import type { Language, Languages } from '../../lib/language';
import { check } from '../check';
import type { Choice, EditorPage, DeskFrame, Sides } from '../page-types';
import { livePage, findingViews, languageMarks, stateMark } from '../format';
import { box, choice, firstChoice, lineSides, momentBox, sides, tierName, type Making } from './boxes';
import type { EditorContext } from './context';
import { fieldsOf } from './fields';
import { baseOf, writeBase } from './merge';
import { editRows, type RowNotices } from './rows';
import { authorFields, MOST_AUTHORS } from './slots';

/** What else the page must know. */
export interface EditorNotices extends RowNotices {
  readonly frame: DeskFrame;
  readonly languages: Languages;
  /** Who saved the working copy last, when it was somebody else just now. */
  readonly warning: string | null;
  readonly copy: string | null;
  readonly now: Date;
}

/** The address of a briefing at the desk. */
export const editorPath = ({ prefix }: Pick<Language, 'prefix'>, id: string, section = ''): string =>
  `${prefix}/desk/briefings/${id}${section}`;

/**
 * Where the desk sees a picture of its working copy, by the name of its file, under an address that changes with it.
 */
export const deskPicture = (
  language: Pick<Language, 'prefix'>,
  id: string,
  name: string,
  { id: of }: Pick<Picture, 'id'>,
): string => `${editorPath(language, id, `/pictures/${name}`)}?of=${of.slice(0, 12)}`;

/** The editor's page: every field with what it says, what is missing in it, and what is wrong. */
export function editorPage(
  at: EditableBriefing,
  editorContext: EditorContext,
  language: Language,
  notices: EditorNotices,
): EditorPage {
  const { frame, languages, warning, copy, now } = notices;
  const { making, faults } = begin(at, editorContext, language, now);
  const { say } = language;
  const state = stateMark(language, at.content, now);
  const marks = languageMarks(editorContext.shape, language, languages, at);
  return {
    frame,
    warning,
    copy,
    state,
    stateText: say(`desk.state.text.${state.code}`),
    action: editorPath(language, at.id),
    version: at.version,
    page: randomBytes(8).toString('hex'),
    base: writeBase(baseOf(making.values)),
    languages: marks,
    stale: marks
      .filter((one) => one.state === 'stale')
      .map(({ code, name }) => ({ code, label: say('desk.renewed', { language: name }) })),
    ...textsOf(making),
    ...addressOf(making),
    classification: classificationOf(making),
    ...scalesOf(making),
    ...factsOf(making),
    authors: authorsOf(making),
    rows: editRows(making, notices),
    knownOrganizations: editorContext.organizations.map(({ name, url }) => ({ name, url })),
    ...aroundIt(at, making),
    faults,
    says: scriptPhrases(language),
  };
}

function begin(
  at: EditableBriefing,
  editorContext: EditorContext,
  language: Language,
  now: Date,
): { making: Making; faults: EditorPage['faults'] } {
  const { content } = at;
  const findings = check(at, editorContext, now);
  const wrong = findings.filter(({ level }) => level === 'fault');
  const faults = findingViews(editorContext.shape, language, wrong, content, '');
  const errors = wrong.flatMap(({ field }, index) => (field === null ? [] : [[field, faults[index]!.text] as const]));
  const making: Making = {
    language,
    editorContext,
    content,
    langs: [content.original, ...editorContext.langs.filter((lang) => lang !== content.original)],
    values: new Map([...fieldsOf(editorContext.shape, content), ...Object.entries(at.unfinished)]),
    errors: new Map(errors),
    now,
  };
  return { making, faults };
}

/** The texts of one line that stand at a place of the page. */
const textsAt = (place: (typeof TEXT_FIELDS)[number]['editor']) =>
  TEXT_FIELDS.filter(({ editor }) => editor === place).map(({ name }) => name);

function textsOf(making: Making): Pick<EditorPage, 'head' | 'body' | 'slug'> {
  const { say } = making.language;
  return {
    head: textsAt('head').map((name) => lineSides(making, name)),
    body: sides(making, 'body', say('desk.field.body'), 'markdown', say('desk.hint.body')),
    slug: box(making, 'slug', say('desk.field.slug'), 'line'),
  };
}

function addressOf(making: Making): Pick<EditorPage, 'early' | 'original'> {
  const { language, editorContext, langs } = making;
  const { say, zone } = language;
  const above = editorContext.matrix.tiers
    .filter(({ rank }) => rank > 0)
    .map(({ slug }) => [slug, say('desk.tier.above', { tier: tierName(making, slug).name })] as const);
  const nobody = ['', say('desk.early.nobody')] as const;
  const inWords = langs.map((lang) => [lang, language.languageName(lang)] as const);
  return {
    early:
      above.length === 0
        ? null
        : {
            tier: choice(making, 'early.tier', say('desk.field.early.tier'), [nobody, ...above]),
            until: momentBox(making, 'early.until', say('desk.field.early.until', { zone })),
          },
    original: choice(making, 'original', say('desk.field.original'), inWords),
  };
}

/** The words that may be chosen: those offered, and the one that stands there. */
const optionsOf = ({ values, language }: Making, name: string, words: readonly Word[]) =>
  offered(words, values.get(name) ?? null).map((word) => [word.slug, nameIn(word, language)] as const);

function classificationOf(making: Making): EditorPage['classification'] {
  const { language, editorContext } = making;
  const { say } = language;
  const { shape } = editorContext;
  const categories = editorContext.categoryRows.map(
    ({ slug, texts }) => [slug, categoryLabel(slug, texts, language).name.text] as const,
  );
  const chosen = (axis: Axis, words: readonly Word[]) =>
    firstChoice(making, axis, say(`term.${axis}`), optionsOf(making, axis, words));
  const choices: Readonly<Partial<Record<Axis, Choice>>> = {
    category: choice(making, 'category', say('term.category'), categories),
    type: chosen('type', shape.types),
    domain: chosen('domain', shape.domains),
    impact: chosen('impact', shape.impact),
  };
  return AXES.flatMap((axis) => {
    const label = say('desk.field.explanation', { axis: say(`term.${axis}`) });
    const one = { choice: choices[axis] ?? null, sides: sides(making, `explanations.${axis}`, label, 'text') };
    return axis === 'topic' ? [{ choice: null, sides: lineSides(making, 'topic') }, one] : [one];
  });
}

function scalesOf(making: Making): Pick<EditorPage, 'scales' | 'confidence'> {
  const { language, editorContext } = making;
  const scales = SCALE_FIELDS.filter((field) => !('axis' in field)).map(({ name, words }) =>
    firstChoice(making, name, language.say(`desk.field.${name}`), optionsOf(making, name, editorContext.shape[words])),
  );
  return {
    scales,
    confidence: box(making, 'confidence', language.say('desk.field.confidence'), 'number'),
  };
}

/** A choice for each author, and two more. */
function authorsOf(making: Making): EditorPage['authors'] {
  const { language, editorContext, content } = making;
  const { say, prefix } = language;
  const options = [['', say('desk.author.nobody')] as const, ...editorContext.authors];
  return {
    choices:
      editorContext.authors.size === 0
        ? []
        : authorFields(Math.min(content.authors.length + 2, MOST_AUTHORS)).map((name, index) =>
            choice(making, name, say('desk.field.author', { number: index + 1 }), options),
          ),
    section: { label: say('desk.author.section'), href: `${prefix}/desk/authors` },
  };
}

/** Facts and lists: those offered, and those that say something. */
function factsOf(making: Making): Pick<EditorPage, 'facts' | 'lists'> {
  const { language, editorContext, values } = making;
  const there = (block: 'facts' | 'lists') => (word: Word) =>
    !word.retired || [...values.keys()].some((name) => name.startsWith(`${block}.${word.slug}.`));
  const field = (block: 'facts' | 'lists', word: Word): Sides =>
    block === 'facts'
      ? sides(making, `facts.${word.slug}`, nameIn(word, language), 'line')
      : sides(making, `lists.${word.slug}`, nameIn(word, language), 'list', language.say('desk.hint.list'));
  return {
    facts: editorContext.shape.facts.filter(there('facts')).map((word) => field('facts', word)),
    lists: editorContext.shape.lists.filter(there('lists')).map((word) => field('lists', word)),
  };
}

/** Cover, previews, and the ways to the other pages of a briefing. */
function aroundIt(at: EditableBriefing, making: Making): Pick<EditorPage, 'cover' | 'previews' | 'tools' | 'discard'> {
  const { language, editorContext, content, langs, now } = making;
  const { say } = language;
  const path = (section: string) => editorPath(language, at.id, section);
  const live = livePage(language, at.base, now);
  return {
    cover: content.cover && {
      src: deskPicture(language, at.id, `cover.${content.cover.format}`, content.cover),
      width: content.cover.width,
      height: content.cover.height,
      alt: lineSides(making, 'cover-alt'),
    },
    previews: editorContext.tiers.map(({ slug }) => ({
      tier: tierName(making, slug),
      links: langs.map((lang) => ({
        code: lang,
        label: say('desk.preview.as', { tier: tierName(making, slug).name, language: language.languageName(lang) }),
        href: `${path('/preview')}?as=${slug}&lang=${lang}`,
      })),
    })),
    tools: [
      { label: say(content.cover ? 'desk.tool.cover' : 'desk.tool.cover.add'), href: path('/cover') },
      { label: say('desk.tool.pictures'), href: path('/pictures') },
      { label: say('desk.tool.publish'), href: path('/publish') },
      { label: say('desk.tool.revisions'), href: path('/revisions') },
      { label: say('desk.tool.export'), href: path('/export') },
      ...(live ? [live] : []),
    ],
    discard: at.copy ? path('/discard') : null,
  };
}

const SCRIPT_PHRASES = [
  ...['saved', 'saving', 'unsaved', 'offline', 'logged-out', 'login', 'conflict', 'compare', 'refused', 'marks'],
  ...['bold', 'italic', 'link', 'heading', 'list', 'quote', 'picture', 'picture-alt', 'picture-wait'],
  ...['picture-failed', 'removed', 'undo'],
];

/** What the script of the page says. */
export const scriptPhrases = ({ say }: Language): Record<string, string> =>
  Object.fromEntries(SCRIPT_PHRASES.map((one) => [one, say(`desk.says.${one}`)]));
