import type { BriefingContent } from '../../briefings/content';
import { CHOICE_FIELDS, TEXT_FIELDS } from '../../briefings/fields';
import { AXES } from '../../briefings/vocabulary';
import type { Language } from '../../lib/language';
import { filedSlugs, nameIn, nameOf, type BriefingShape } from '../../site/shape/shape';
import { writeMoment } from '../moment';
import {
  authorFields,
  gatingFields,
  groupsOf,
  keysOf,
  ORGANIZATIONS,
  passageName,
  slotsIn,
  slotsOf,
  SOURCES,
  textField,
} from './slots';

type Put = (name: string, value: string | null | undefined) => void;
type Each = (say: (lang: string, edition: BriefingContent['editions'][string]) => void) => void;

/**
 * Every field of a briefing by its name in the form, always in one order, whatever order pages show words in. What says
 * nothing is left out.
 */
export function fieldsOf(shape: BriefingShape, content: BriefingContent): Map<string, string> {
  const fields = new Map<string, string>();
  const others = Object.keys(content.editions).filter((lang) => lang !== content.original);
  const put: Put = (name, value) => {
    if (value) fields.set(name, value);
  };
  const each: Each = (say) => {
    for (const lang of [content.original, ...others.sort()])
      if (content.editions[lang]) say(lang, content.editions[lang]);
  };
  put('slug', content.slug);
  put('early.tier', content.early?.tier);
  put('early.until', content.early && writeMoment(content.early.until));
  put('original', content.original);
  putTexts(put, each);
  const chosen = CHOICE_FIELDS.flatMap(({ name }) => (name === 'confidence' ? [] : [name]));
  for (const name of ['type', 'category', ...chosen.filter((one) => one !== 'type')] as const) put(name, content[name]);
  put('confidence', content.confidence === null ? null : (content.confidence / 100).toFixed(2));
  putWords(shape, put, each);
  putRows(content, put, each);
  for (const [index, name] of authorFields(content.authors.length).entries()) put(name, content.authors[index]?.key);
  putPassages(shape, content, put, each);
  put('cover', content.cover && `${content.cover.width} × ${content.cover.height} ${content.cover.format}`);
  return fields;
}

function putTexts(put: Put, each: Each): void {
  for (const { name, property } of TEXT_FIELDS) each((lang, edition) => put(`${name}.${lang}`, edition[property]));
  each((lang, { body }) => put(`body.${lang}`, body));
}

function putWords(shape: BriefingShape, put: Put, each: Each): void {
  for (const axis of AXES) each((lang, { explanations }) => put(`explanations.${axis}.${lang}`, explanations[axis]));
  for (const name of filedSlugs(shape.facts)) each((lang, { facts }) => put(`facts.${name}.${lang}`, facts[name]));
  for (const name of filedSlugs(shape.lists))
    each((lang, { lists }) => put(`lists.${name}.${lang}`, lists[name]?.join('\n')));
}

function putRows({ sources, organizations }: BriefingContent, put: Put, each: Each): void {
  for (const { key, url, risk } of sources) {
    put(`${SOURCES}.${key}.url`, url);
    put(`${SOURCES}.${key}.risk`, risk);
    each((lang, edition) => {
      put(`${SOURCES}.${key}.title.${lang}`, edition.sources[key]?.title);
      put(`${SOURCES}.${key}.description.${lang}`, edition.sources[key]?.description);
    });
  }
  for (const { key, name, url } of organizations) {
    put(`${ORGANIZATIONS}.${key}.name`, name);
    put(`${ORGANIZATIONS}.${key}.url`, url);
  }
}

function putPassages(shape: BriefingShape, content: BriefingContent, put: Put, each: Each): void {
  for (const group of groupsOf(shape)) {
    for (const key of keysOf(shape, content, group)) {
      for (const slot of slotsIn(shape, group)) {
        const { tier, until } = gatingFields(slot, key);
        const name = passageName(slot, key);
        put(tier, content.stricter[name]);
        put(until, content.until[name] && writeMoment(content.until[name]));
        each((lang, { passages }) =>
          put(textField(slot, key, lang), passages.find((one) => one.kind === slot.kind.slug && one.key === key)?.text),
        );
      }
    }
  }
}

/** What the rows of a group are called: `Source`, `Failure path`. */
export function rowLabel(shape: BriefingShape, language: Language, group: string, number: number | string): string {
  const { say } = language;
  if (group === SOURCES || group === ORGANIZATIONS) return say(`desk.row.${group}`, { number });
  const [slot] = slotsIn(shape, group);
  return say('desk.row', { kind: slot ? nameIn(slot.kind, language) : group, number });
}

/** The name of a field in words, with its row and its language. */
export function sayField(shape: BriefingShape, language: Language, name: string, content: BriefingContent): string {
  const { say } = language;
  const [first = '', second = '', third = ''] = name.split('.');
  const inLang = (label: string, lang: string | undefined) =>
    lang ? say('desk.field.in', { field: label, language: language.languageName(lang) }) : label;
  if (first === 'explanations') return inLang(say('desk.field.explanation', { axis: say(`term.${second}`) }), third);
  if (first === 'facts') return inLang(nameOf(shape.facts, second, language), third);
  if (first === 'early') return say(`desk.field.early.${second}`, { zone: language.zone });
  if (first === 'authors') return say('desk.field.author', { number: second });
  if (first === 'lists') return inLang(nameOf(shape.lists, second, language), third);
  if (second === '' || !groupsOf(shape).includes(first)) return inLang(say(`desk.field.${first}`), second || undefined);
  const number = keysOf(shape, content, first).indexOf(second) + 1;
  const row = rowLabel(shape, language, first, number > 0 ? number : second);
  return sayRowField(shape, language, name, row, inLang);
}

function sayRowField(
  shape: BriefingShape,
  language: Language,
  name: string,
  row: string,
  inLang: (label: string, lang: string | undefined) => string,
): string {
  const { say, zone } = language;
  const [group = '', , part = '', last] = name.split('.');
  const slot = slotsOf(shape).find((one) => one.group === group && one.part === part);
  const gating = last === 'tier' || last === 'until';
  if (!slot) return inLang(`${row}: ${say(`desk.field.row.${part}`, { zone })}`, last);
  const field =
    part === 'text' || part === 'note' ? say(`desk.field.passage.${part}`, { zone }) : nameIn(slot.kind, language);
  return gating ? `${row}: ${field}, ${say(`desk.field.row.${last}`, { zone })}` : inLang(`${row}: ${field}`, last);
}
