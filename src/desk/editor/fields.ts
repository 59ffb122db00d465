import { PASSAGE_KINDS, type PassageKind } from '../../access/kinds';
import type { BriefingContent } from '../../briefings/file/content';
import { AXES, FACTS, LISTS } from '../../briefings/vocabulary';
import type { Language } from '../../lib/language';
import { writeMoment } from '../moment';

/** Lists whose rows can be added, removed and moved. The last three are gated text themselves. */
export const GROUPS = ['sources', 'organizations', 'trend', 'evidence', 'failure-path'] as const;
export type Group = (typeof GROUPS)[number];

/** The kind of passage a row of a group carries. */
export const KIND_OF: Readonly<Record<Group, PassageKind>> = {
  sources: 'source-note',
  organizations: 'organization',
  trend: 'trend',
  evidence: 'evidence',
  'failure-path': 'failure-path',
};

/** What the text of a row's passage is called in the form. */
export const textOf = (group: Group): 'note' | 'text' =>
  group === 'sources' || group === 'organizations' ? 'note' : 'text';

/** One-line texts of a language, and the characters each may have (docs/briefing-format.md). */
export const LINES = { title: 200, summary: 600, lead: 1200, topic: 200, 'cover-alt': 300 } as const;
export type LineName = keyof typeof LINES;
export const propertyOf = (name: LineName) => (name === 'cover-alt' ? 'coverAlt' : name);

/** The keys of a group's rows, in order: of passages those of the original first, then what only others have. */
export function keysOf(content: BriefingContent, group: Group): string[] {
  if (group === 'sources' || group === 'organizations') return content[group].map(({ key }) => key);
  const langs = [content.original, ...Object.keys(content.editions).sort()];
  return [
    ...new Set(
      langs.flatMap((lang) =>
        (content.editions[lang]?.passages ?? []).filter(({ kind }) => kind === group).map(({ key }) => key),
      ),
    ),
  ];
}

/** Every field of a briefing by its name in the form, in the order of the form. What says nothing is left out. */
export function fieldsOf(content: BriefingContent): Map<string, string> {
  const fields = new Map<string, string>();
  const langs = [
    content.original,
    ...Object.keys(content.editions)
      .filter((lang) => lang !== content.original)
      .sort(),
  ];
  const put = (name: string, value: string | null | undefined) => {
    if (value) fields.set(name, value);
  };
  const each = (say: (lang: string, edition: BriefingContent['editions'][string]) => void) => {
    for (const lang of langs) if (content.editions[lang]) say(lang, content.editions[lang]);
  };

  put('slug', content.slug);
  put('early.tier', content.early?.tier);
  put('early.until', content.early && writeMoment(content.early.until));
  put('original', content.original);
  for (const name of Object.keys(LINES) as LineName[])
    each((lang, edition) => put(`${name}.${lang}`, edition[propertyOf(name)]));
  each((lang, { body }) => put(`body.${lang}`, body));
  for (const name of ['type', 'category', 'domain', 'impact', 'relevance', 'horizon'] as const)
    put(name, content[name]);
  put('confidence', content.confidence === null ? null : (content.confidence / 100).toFixed(2));
  for (const axis of AXES) each((lang, { explanations }) => put(`explanations.${axis}.${lang}`, explanations[axis]));
  for (const name of FACTS) each((lang, { facts }) => put(`facts.${name}.${lang}`, facts[name]));
  for (const name of LISTS) each((lang, { lists }) => put(`lists.${name}.${lang}`, lists[name]?.join('\n')));
  for (const { key, url, risk } of content.sources) {
    put(`sources.${key}.url`, url);
    put(`sources.${key}.risk`, risk);
    each((lang, { sources }) => {
      put(`sources.${key}.title.${lang}`, sources[key]?.title);
      put(`sources.${key}.description.${lang}`, sources[key]?.description);
    });
  }
  for (const { key, name, url } of content.organizations) {
    put(`organizations.${key}.name`, name);
    put(`organizations.${key}.url`, url);
  }
  for (const group of GROUPS) {
    for (const key of keysOf(content, group)) {
      const [tier, until] = [content.stricter, content.until].map((fields) => fields[`${KIND_OF[group]}/${key}`]) as [
        string | undefined,
        Date | undefined,
      ];
      put(`${group}.${key}.tier`, tier);
      put(`${group}.${key}.until`, until && writeMoment(until));
      each((lang, { passages }) =>
        put(
          `${group}.${key}.${textOf(group)}.${lang}`,
          passages.find((one) => one.kind === KIND_OF[group] && one.key === key)?.text,
        ),
      );
    }
  }
  put('cover', content.cover && `${content.cover.width} × ${content.cover.height} ${content.cover.format}`);
  return fields;
}

/** The kind of passage whose text a field holds; null for what everybody may read. */
export function gatedKind(name: string): PassageKind | null {
  const [group, , part] = name.split('.');
  const found = GROUPS.find((one) => one === group);
  return found && part === textOf(found) ? (PASSAGE_KINDS.find((kind) => kind === KIND_OF[found]) ?? null) : null;
}

/** The name of a field in words, with its row and its language. */
export function sayField(language: Language, name: string, content: BriefingContent): string {
  const { say } = language;
  const [first = '', second = '', third = '', fourth] = name.split('.');
  const inLang = (label: string, lang: string | undefined) =>
    lang ? say('desk.field.in', { field: label, language: language.languageName(lang) }) : label;
  if (first === 'explanations') return inLang(say('desk.field.explanation', { axis: say(`term.${second}`) }), third);
  if (first === 'facts') return inLang(say(`fact.${second}`), third);
  if (first === 'early') return say(`desk.field.early.${second}`, { zone: language.zone });
  if (first === 'lists') return inLang(say(`desk.list.${second}`), third);
  const group = second === '' ? undefined : GROUPS.find((one) => one === first);
  if (!group) return inLang(say(`desk.field.${first}`), second || undefined);
  const number = keysOf(content, group).indexOf(second) + 1;
  const row = say(`desk.row.${group}`, { number: number > 0 ? number : second });
  return inLang(
    `${row}: ${say(`desk.field.${third === 'text' || third === 'note' ? `passage.${third}` : `row.${third}`}`, { zone: language.zone })}`,
    fourth,
  );
}
