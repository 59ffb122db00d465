import { randomBytes } from 'node:crypto';
import { openingOf, requiredTier, tierOfKind } from '../../access/matrix';
import { TEMPORARY_KEY, type EditableBriefing } from '../../briefings/writing/working-copies';
import { categoryLabel, formatInstant } from '../../briefings/reading/cards';
import { tierTextsIn } from '../../membership/tiers';
import type { Picture } from '../../briefings/file/content';
import { AXES, CONTENT_TYPES, DOMAINS, FACTS, HORIZONS, LEVELS, LISTS } from '../../briefings/vocabulary';
import type { Language, Languages } from '../../lib/language';
import { check } from '../check';
import type { Box, Choice, EditorPage, EditRow, EditRows, DeskFrame, Sides, TierName } from '../page-types';
import { writeLocal } from '../../lib/local-time';
import { readMoment } from '../moment';
import { idOf, livePage, findingViews, languageMarks, stateMark } from '../format';
import type { EditorContext } from './context';
import { fieldsOf, GROUPS, KIND_OF, keysOf, LINES, textOf, type Group, type LineName } from './fields';
import { baseOf, writeBase } from './merge';
import { sayRemoved, type removedRows } from './put-back';

/** What else the page must know. */
export interface EditorNotices {
  readonly frame: DeskFrame;
  readonly languages: Languages;
  /** Who saved the working copy last, when it was somebody else just now. */
  readonly heed: string | null;
  readonly copy: string | null;
  /** A list to show one more, empty row of. */
  readonly add: Group | null;
  /** Rows that can be put back. */
  readonly removed: ReturnType<typeof removedRows>;
  readonly now: Date;
}

/** The address of a briefing at the desk. */
export const editorPath = ({ prefix }: Pick<Language, 'prefix'>, id: string, room = ''): string =>
  `${prefix}/desk/briefings/${id}${room}`;

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
  around: EditorContext,
  language: Language,
  { frame, languages, heed, copy, add, removed, now }: EditorNotices,
): EditorPage {
  const { say } = language;
  const { content } = at;
  const langs = [content.original, ...around.langs.filter((lang) => lang !== content.original)];
  const values = new Map([...fieldsOf(content), ...Object.entries(at.unfinished)]);
  const findings = check(at, around, now);
  const faults = findingViews(
    language,
    findings.filter(({ level }) => level === 'fault'),
    content,
    '',
  );
  const errors = new Map(
    findings.flatMap((finding, index) =>
      finding.level === 'fault' && finding.field !== null ? [[finding.field, faults[index]!.text] as const] : [],
    ),
  );

  const box = (name: string, label: string, kind: Box['kind'], lang: string | null = null): Box => ({
    name,
    id: idOf(name),
    label,
    lang,
    kind,
    value: values.get(name) ?? '',
    missing:
      lang !== null &&
      !values.has(name) &&
      langs.some((other) => values.has(`${name.slice(0, name.lastIndexOf('.'))}.${other}`)),
    error: errors.get(name) ?? null,
    list: name.endsWith('.name') ? 'known-organizations' : null,
  });
  const sides = (field: string, legend: string, kind: Box['kind'], hint: string | null = null): Sides => ({
    legend,
    hint,
    boxes: langs.map((lang) => box(`${field}.${lang}`, language.languageName(lang), kind, lang)),
  });
  const choice = (
    name: string,
    label: string,
    options: readonly (readonly [string, string])[],
    chosen = values.get(name) ?? '',
  ): Choice => ({
    name,
    id: idOf(name),
    label,
    error: errors.get(name) ?? null,
    options: options.map(([value, text]) => ({ value, label: text, selected: value === chosen })),
  });
  // Nothing is chosen before somebody does; what has been chosen is not unchosen again.
  const chooses = (name: string, label: string, options: readonly (readonly [string, string])[]): Choice =>
    choice(name, label, values.has(name) ? options : [['', say('desk.choose')], ...options]);
  const tierName = (slug: string): TierName => ({
    slug,
    name: tierTextsIn(
      around.tiers.find((tier) => tier.slug === slug)!,
      language,
    ).name,
  });
  const readers = (tier: TierName) => say('desk.readers', { tier: tier.name });
  // What cannot be shown in a field for moments is shown as it was typed.
  const momentBox = (name: string, label: string): Box => {
    const typed = box(name, label, 'moment');
    const moment = readMoment(typed.value, language.zone);
    const value = moment ? writeLocal(moment, language.zone) : typed.value;
    return { ...typed, value, kind: value === '' || (moment && value.includes('T')) ? 'moment' : 'line' };
  };

  const rowOf = (group: Group, key: string, number: number | null): EditRow => {
    const kind = KIND_OF[group];
    const at0 = `${group}.${key}`;
    const ofKind = tierOfKind(around.matrix, kind);
    const passage = {
      kind,
      tier: content.stricter[`${kind}/${key}`] ?? null,
      until: content.until[`${kind}/${key}`] ?? null,
    };
    const tier = tierName(requiredTier(around.matrix, passage, now).slug);
    const opening = openingOf(around.matrix, passage, now);
    const higher = around.matrix.tiers.filter(({ rank }) => rank > ofKind.rank);
    return {
      key,
      heading: number === null ? say(`desk.row.new.${group}`) : say(`desk.row.${group}`, { number }),
      boxes:
        group === 'sources'
          ? [box(`${at0}.url`, say('desk.field.row.url'), 'address')]
          : group === 'organizations'
            ? [
                box(`${at0}.name`, say('desk.field.row.name'), 'line'),
                box(`${at0}.url`, say('desk.field.row.url'), 'address'),
              ]
            : [],
      choices:
        group === 'sources'
          ? [
              choice(`${at0}.risk`, say('desk.field.row.risk'), [
                ['', say('desk.choose')],
                ...LEVELS.map((level) => [level, say(`risk.${level}`)] as const),
              ]),
            ]
          : [],
      sides:
        group === 'sources'
          ? [
              sides(`${at0}.title`, say('desk.field.row.title'), 'line'),
              sides(`${at0}.description`, say('desk.field.row.description'), 'text'),
            ]
          : [],
      note: {
        tier,
        readers: opening
          ? say('desk.readers.until', {
              tier: tier.name,
              moment: formatInstant(opening.at, language).text,
              then: tierName(opening.tier.slug).name,
            })
          : readers(tier),
        sides: sides(`${at0}.${textOf(group)}`, say(`kind.${kind}`), 'markdown'),
        stricter:
          higher.length === 0
            ? null
            : choice(`${at0}.tier`, say('desk.field.row.tier'), [
                ['', say('desk.tier.kind', { tier: tierName(ofKind.slug).name })],
                ...higher.map(({ slug }) => [slug, say('desk.tier.only', { tier: tierName(slug).name })] as const),
              ]),
        until:
          higher.length === 0
            ? null
            : {
                box: momentBox(`${at0}.until`, say('desk.field.row.until', { zone: language.zone })),
                hint: say('desk.hint.until', { tier: tierName(ofKind.slug).name }),
              },
      },
    };
  };
  const rowsOf = (group: Group): EditRows => {
    const tier =
      group === 'sources' || group === 'organizations'
        ? null
        : tierName(tierOfKind(around.matrix, KIND_OF[group]).slug);
    return {
      group,
      heading: say(`desk.group.${group}`),
      intro: say(`desk.group.intro.${group}`),
      tier: tier && { ...tier, readers: readers(tier) },
      add: say(`desk.add.${group}`),
      rows: [
        ...keysOf(content, group).map((key, index) => rowOf(group, key, index + 1)),
        ...(add === group ? [rowOf(group, TEMPORARY_KEY + randomBytes(5).toString('hex'), null)] : []),
      ],
      removed: removed
        .filter((row) => row.group === group)
        .map((row) => ({ label: sayRemoved(language, row), value: `put-back ${group} ${row.key}` })),
      blank: rowOf(group, `${TEMPORARY_KEY}blank`, null),
    };
  };
  const explained = (axis: (typeof AXES)[number]) =>
    sides(`explanations.${axis}`, say('desk.field.explanation', { axis: say(`term.${axis}`) }), 'text');
  const options: Partial<Record<(typeof AXES)[number], Choice>> = {
    category: choice(
      'category',
      say('term.category'),
      around.categoryRows.map(({ slug, texts }) => [slug, categoryLabel(slug, texts, language).name.text]),
    ),
    type: chooses(
      'type',
      say('term.type'),
      CONTENT_TYPES.map((one) => [one, say(`type.${one}`)]),
    ),
    domain: chooses(
      'domain',
      say('term.domain'),
      DOMAINS.map((one) => [one, say(`domain.${one}`)]),
    ),
    impact: chooses(
      'impact',
      say('term.impact'),
      LEVELS.map((one) => [one, say(`step.${one}`)]),
    ),
  };
  const line = (name: LineName) =>
    sides(
      name,
      say(`desk.field.${name}`),
      LINES[name] > 300 ? 'text' : 'line',
      say(`desk.hint.${name}`, { n: LINES[name] }),
    );
  const state = stateMark(language, content, now);
  const live = livePage(language, at.base, now);
  const above = around.matrix.tiers.filter(({ rank }) => rank > 0);
  const path = (room: string) => editorPath(language, at.id, room);

  return {
    frame,
    heed,
    copy,
    state,
    stateText: say(`desk.state.text.${state.code}`),
    action: path(''),
    version: at.version,
    page: randomBytes(8).toString('hex'),
    base: writeBase(baseOf(values)),
    languages: languageMarks(language, languages, at),
    stale: languageMarks(language, languages, at)
      .filter((one) => one.state === 'stale')
      .map(({ code, name }) => ({ code, label: say('desk.renewed', { language: name }) })),
    head: [line('title'), line('summary'), line('lead')],
    body: sides('body', say('desk.field.body'), 'markdown', say('desk.hint.body')),
    slug: box('slug', say('desk.field.slug'), 'line'),
    early:
      above.length === 0
        ? null
        : {
            tier: choice('early.tier', say('desk.field.early.tier'), [
              ['', say('desk.early.nobody')],
              ...above.map(({ slug }) => [slug, say('desk.tier.above', { tier: tierName(slug).name })] as const),
            ]),
            until: momentBox('early.until', say('desk.field.early.until', { zone: language.zone })),
          },
    original: choice(
      'original',
      say('desk.field.original'),
      langs.map((lang) => [lang, language.languageName(lang)]),
    ),
    classification: AXES.map((axis) => ({ choice: options[axis] ?? null, sides: explained(axis) })).flatMap(
      (one, index) => (AXES[index] === 'topic' ? [{ choice: null, sides: line('topic') }, one] : [one]),
    ),
    scales: [
      chooses(
        'relevance',
        say('desk.field.relevance'),
        LEVELS.map((one) => [one, say(`relevance.${one}`)]),
      ),
      chooses(
        'horizon',
        say('desk.field.horizon'),
        HORIZONS.map((one) => [one, say(`horizon.${one}`)]),
      ),
    ],
    confidence: box('confidence', say('desk.field.confidence'), 'number'),
    facts: FACTS.map((name) => sides(`facts.${name}`, say(`fact.${name}`), 'line')),
    lists: LISTS.map((name) => sides(`lists.${name}`, say(`desk.list.${name}`), 'list', say('desk.hint.list'))),
    rows: GROUPS.map(rowsOf),
    knownOrganizations: around.organizations.map(({ name, url }) => ({ name, url })),
    cover: content.cover && {
      src: deskPicture(language, at.id, `cover.${content.cover.format}`, content.cover),
      width: content.cover.width,
      height: content.cover.height,
      alt: line('cover-alt'),
    },
    previews: around.tiers.map(({ slug }) => ({
      tier: tierName(slug),
      links: langs.map((lang) => ({
        code: lang,
        label: say('desk.preview.as', { tier: tierName(slug).name, language: language.languageName(lang) }),
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
    faults,
    says: Object.fromEntries(
      [
        'saved',
        'saving',
        'unsaved',
        'offline',
        'logged-out',
        'login',
        'conflict',
        'compare',
        'refused',
        'marks',
        'bold',
        'italic',
        'link',
        'heading',
        'list',
        'quote',
        'picture',
        'picture-alt',
        'picture-wait',
        'picture-failed',
        'removed',
        'undo',
      ].map((one) => [one, say(`desk.says.${one}`)]),
    ),
  };
}
