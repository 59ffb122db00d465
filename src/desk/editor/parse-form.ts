import type { Matrix } from '../../access/matrix';
import {
  temporaryOrganization,
  TEMPORARY_KEY,
  type EditableBriefing,
  type CopyContent,
} from '../../briefings/writing/working-copies';
import type { BriefingContent, EditionContent, PassageContent } from '../../briefings/file/content';
import { trimBlankLines } from '../../briefings/file/fences';
import { isWebAddress, KEY } from '../../briefings/file/shape';
import { AXES, CONTENT_TYPES, DOMAINS, FACTS, HORIZONS, LEVELS, LISTS } from '../../briefings/vocabulary';
import { cleanText, isSameLine, typedLine } from '../../lib/line';
import { readMoment } from '../moment';
import { GROUPS, KIND_OF, LINES, keysOf, propertyOf, textOf, type Group, type LineName } from './fields';

/** An organization the house knows, and whether its address is another briefing's too. */
export interface OrganizationOption {
  readonly slug: string;
  readonly name: string;
  readonly url: string | null;
  readonly shared: boolean;
}

export interface FormContext {
  readonly langs: readonly string[];
  /** The publication's time zone, in which moments are typed. */
  readonly zone: string;
  readonly categories: readonly string[];
  /** Which category has each slug that one had before: a form may have been opened then. */
  readonly formerCategories: ReadonlyMap<string, string>;
  readonly organizations: readonly OrganizationOption[];
  readonly matrix: Matrix;
}

const COMMANDS = ['add', 'remove', 'up', 'down', 'put-back'] as const;

/** What a button of the form asks to be done with a row. */
export interface Command {
  readonly what: (typeof COMMANDS)[number];
  readonly group: Group;
  readonly key: string;
}

const ROW = new RegExp(`^(${GROUPS.join('|')})\\.([a-z0-9-]{1,80})\\.`);

/** The button that sent a form, when it was one of a row's. */
export function readCommand(value: string | null): Command | null {
  const [what, group, key = ''] = (value ?? '').split(' ');
  const known = GROUPS.find((one) => one === group);
  const command = COMMANDS.find((one) => one === what);
  return known && command ? { what: command, group: known, key } : null;
}

/**
 * What a form says, over what was there: complete, whatever was typed. What fits no field (an address that is none, a
 * score of 12) is kept as it was typed, and the field keeps something harmless until it does. Fields that were not sent
 * stay as they were. `shown` says of which rows the page has shown the key, though they may be gone by now.
 */
export function readForm(
  form: URLSearchParams,
  was: EditableBriefing,
  around: FormContext,
  command: Command | null = null,
  shown: (group: Group, key: string) => boolean = () => false,
): CopyContent {
  const unfinished: Record<string, string> = {};
  const given = (name: string) => form.get(name);
  const raw = (name: string) => {
    const text = given(name);
    return text === null ? null : cleanText(text);
  };
  const line = (name: string) => {
    const text = given(name);
    return text === null ? null : typedLine(text);
  };
  const line0 = (name: string) => line(name) || null;
  const word = <Word extends string>(words: readonly Word[], name: string, before: Word | null): Word | null =>
    words.find((one) => one === raw(name)) ?? before;
  const { content: before } = was;

  const rows = Object.fromEntries(GROUPS.map((group) => [group, rowsOf(form, group, command)])) as Record<
    Group,
    string[]
  >;
  const said = (group: Group, row: string) =>
    [...form].some(
      ([name, value]) =>
        name.startsWith(`${group}.${row}.`) &&
        !name.endsWith('.risk') &&
        !name.endsWith('.tier') &&
        !name.endsWith('.until') &&
        value.trim() !== '',
    );
  const filled = (group: Group) => rows[group].filter((row) => said(group, row));
  const lasting = (group: Group, row: string) =>
    keysOf(before, group).includes(row) || (KEY.test(row) && shown(group, row)) || row.startsWith(TEMPORARY_KEY)
      ? row
      : `${TEMPORARY_KEY}${row}`.slice(0, 80);

  // Which key each row of the form gets; of an organization its name decides.
  const keys = new Map<string, string>();
  const sources = filled('sources').reduce<BriefingContent['sources'][number][]>((list, row) => {
    const key = lasting('sources', row);
    keys.set(`sources.${row}`, key);
    const typed = line(`sources.${row}.url`) ?? '';
    const good = isWebAddress(typed) && !list.some(({ url }) => new URL(url).href === new URL(typed).href);
    if (!good) unfinished[`sources.${key}.url`] = typed;
    const risk = LEVELS.find((one) => one === raw(`sources.${row}.risk`));
    if (!risk) unfinished[`sources.${key}.risk`] = '';
    return [...list, { key, url: good ? typed : `https://unfinished.invalid/${key}`, risk: risk ?? 'medium' }];
  }, []);
  const organizations = filled('organizations').reduce<BriefingContent['organizations'][number][]>((list, row) => {
    const name = line(`organizations.${row}.name`) ?? '';
    const known = around.organizations.find((one) => isSameLine(one.name, name));
    const twice = known !== undefined && list.some(({ key }) => key === known.slug);
    const key = known && !twice ? known.slug : temporaryOrganization(was.id, row);
    keys.set(`organizations.${row}`, key);
    if (name === '' || twice || list.some((one) => isSameLine(one.name, name)))
      unfinished[`organizations.${key}.name`] = name;
    const typed = line0(`organizations.${row}.url`);
    const fixed = known?.shared && !twice ? known.url : null;
    if (typed !== null && (!isWebAddress(typed) || (fixed !== null && typed !== fixed)))
      unfinished[`organizations.${key}.url`] = typed;
    return [
      ...list,
      {
        key,
        name: known && !twice ? known.name : name,
        url: fixed ?? (typed !== null && isWebAddress(typed) ? typed : null),
      },
    ];
  }, []);
  for (const group of ['trend', 'evidence', 'failure-path'] as const)
    for (const row of filled(group)) keys.set(`${group}.${row}`, lasting(group, row));

  const edition = (lang: string): EditionContent => {
    const own = before.editions[lang];
    const lines = Object.fromEntries(
      (Object.keys(LINES) as LineName[]).map((name) => [
        propertyOf(name),
        form.has(`${name}.${lang}`) ? line0(`${name}.${lang}`) : (own?.[propertyOf(name)] ?? null),
      ]),
    ) as Pick<EditionContent, 'title' | 'summary' | 'lead' | 'topic' | 'coverAlt'>;
    const some = <Name extends string>(names: readonly Name[], field: string) =>
      Object.fromEntries(
        names.flatMap((name) => {
          const value = line0(`${field}.${name}.${lang}`);
          return value === null ? [] : [[name, value]];
        }),
      ) as Partial<Record<Name, string>>;
    return {
      ...lines,
      explanations: some(AXES, 'explanations'),
      facts: some(FACTS, 'facts'),
      lists: Object.fromEntries(
        LISTS.flatMap((name) => {
          const items = (raw(`lists.${name}.${lang}`) ?? '')
            .split('\n')
            .map((item) =>
              typedLine(item)
                .replace(/^[-•*]\s/, '')
                .trim(),
            )
            .filter(Boolean);
          return items.length > 0 ? [[name, items]] : [];
        }),
      ),
      sources: Object.fromEntries(
        filled('sources').flatMap((row) => {
          const [title, description] = [
            line0(`sources.${row}.title.${lang}`),
            line0(`sources.${row}.description.${lang}`),
          ];
          return title === null && description === null ? [] : [[keys.get(`sources.${row}`)!, { title, description }]];
        }),
      ),
      body: trimBlankLines(raw(`body.${lang}`) ?? ''),
      passages: (['trend', 'organizations', 'evidence', 'failure-path', 'sources'] as const).flatMap((group) =>
        filled(group).flatMap((row): PassageContent[] => {
          const text = trimBlankLines(raw(`${group}.${row}.${textOf(group)}.${lang}`) ?? '');
          return text === '' ? [] : [{ kind: KIND_OF[group], key: keys.get(`${group}.${row}`)!, text }];
        }),
      ),
    };
  };

  // Both or neither: half of it is kept as it was typed.
  const earlyOf = (): BriefingContent['early'] => {
    if (!form.has('early.tier') && !form.has('early.until')) return before.early;
    const tier = around.matrix.tiers.find(({ slug, rank }) => slug === raw('early.tier') && rank > 0)?.slug;
    const typed = line('early.until') ?? '';
    const moment = readMoment(typed, around.zone);
    if (tier !== undefined && moment) return { tier, until: moment };
    if (tier === undefined && typed === '') return null;
    unfinished['early.until'] = typed;
    if (tier !== undefined) unfinished['early.tier'] = tier;
    return null;
  };

  const original = around.langs.find((lang) => lang === raw('original')) ?? before.original;
  const editions: Record<string, EditionContent> = {};
  for (const lang of new Set([...around.langs, ...Object.keys(before.editions)])) {
    const one = around.langs.includes(lang) ? edition(lang) : before.editions[lang]!;
    if (lang === original || saysSomething(one)) editions[lang] = one;
  }

  const there = new Set(
    Object.values(editions).flatMap(({ passages }) => passages.map(({ kind, key }) => `${kind}/${key}`)),
  );
  const rank = (slug: string | undefined) => around.matrix.tiers.find((tier) => tier.slug === slug)?.rank ?? -1;
  const stricter = Object.fromEntries(
    GROUPS.flatMap((group) =>
      filled(group).flatMap((row) => {
        const name = `${KIND_OF[group]}/${keys.get(`${group}.${row}`)!}`;
        const ofKind = rank(around.matrix.opens[KIND_OF[group]]);
        const own = before.stricter[name];
        const chosen = raw(`${group}.${row}.tier`) ?? '';
        // A tier of its own that its kind has caught up with cannot be chosen now, and must hold again once the kind is
        // opened.
        const tier = chosen === '' && own !== undefined && rank(own) <= ofKind ? own : chosen;
        return there.has(name) && (rank(tier) > ofKind || (tier !== '' && tier === own)) ? [[name, tier]] : [];
      }),
    ),
  );
  const until = Object.fromEntries(
    GROUPS.flatMap((group) =>
      filled(group).flatMap((row) => {
        const key = keys.get(`${group}.${row}`)!;
        const name = `${KIND_OF[group]}/${key}`;
        const typed = line0(`${group}.${row}.until`);
        if (typed === null || !there.has(name)) return [];
        const moment = readMoment(typed, around.zone);
        if (moment && name in stricter) return [[name, moment] as const];
        unfinished[`${group}.${key}.until`] = typed;
        return [];
      }),
    ),
  );

  const early = earlyOf();
  const named = raw('category') ?? before.category;
  const category = around.formerCategories.get(named) ?? named;
  const slug = line('slug') ?? before.slug;
  const goodSlug = KEY.test(slug) && slug.length <= 80 && !slug.startsWith(TEMPORARY_KEY);
  if (!goodSlug) unfinished['slug'] = slug;
  const score = line('confidence');
  const hundredths = score === null ? before.confidence : readScore(score);
  if (score && hundredths === null) unfinished['confidence'] = score;

  return {
    unfinished,
    renewed: around.langs.filter((lang) => form.has(`renewed.${lang}`)),
    content: {
      ...before,
      slug: goodSlug ? slug : before.slug,
      type: word(CONTENT_TYPES, 'type', before.type),
      category: around.categories.find((slug) => slug === category) ?? before.category,
      domain: word(DOMAINS, 'domain', before.domain),
      impact: word(LEVELS, 'impact', before.impact),
      relevance: word(LEVELS, 'relevance', before.relevance),
      horizon: word(HORIZONS, 'horizon', before.horizon),
      confidence: 'confidence' in unfinished ? before.confidence : hundredths,
      early,
      sources,
      organizations,
      stricter,
      until,
      original,
      editions,
    },
  };
}

/** A score in hundredths as people write one: `0.94`, `0,94`, `94 %`; null for anything else. */
function readScore(typed: string): number | null {
  const percent = /^(\d{1,3}) ?%$/.exec(typed)?.[1];
  if (percent !== undefined) return Number(percent) <= 100 ? Number(percent) : null;
  const dotted = typed.replace(',', '.');
  return /^(?:0(?:\.\d{1,2})?|1(?:\.0{1,2})?)$/.test(dotted) ? Math.round(Number(dotted) * 100) : null;
}

/** The rows of a group in the order they were sent, after what a button asked for. */
function rowsOf(form: URLSearchParams, group: Group, command: Command | null): string[] {
  const rows = [
    ...new Set(
      [...form.keys()].flatMap((name) => {
        const found = ROW.exec(name);
        return found?.[1] === group ? [found[2]!] : [];
      }),
    ),
  ];
  if (command?.group !== group) return rows;
  const at = rows.indexOf(command.key);
  if (at < 0) return rows;
  if (command.what === 'remove') return rows.filter((row) => row !== command.key);
  const to = at + (command.what === 'up' ? -1 : command.what === 'down' ? 1 : 0);
  if (to < 0 || to >= rows.length) return rows;
  [rows[at], rows[to]] = [rows[to]!, rows[at]!];
  return rows;
}

function saysSomething({ explanations, facts, lists, sources, passages, ...texts }: EditionContent): boolean {
  return (
    Object.values(texts).some((text) => text !== null && text !== '') ||
    [explanations, facts, lists, sources].some((fields) => Object.keys(fields).length > 0) ||
    passages.length > 0
  );
}
