import type { EditableBriefing } from '../briefings/writing/working-copies';
import { LocaleFallback } from '../briefings/reading/localized';
import type { LocalizedText } from '../briefings/reading/page-types';
import type { BriefingContent } from '../briefings/content';
import { toSlug, type State } from '../briefings/vocabulary';
import { briefingPath } from '../briefings/reading/cards';
import type { Language, Languages } from '../lib/language';
import { isStale, lackingFields, type Finding } from './check';
import type { BriefingShape } from '../site/shape/shape';
import { sayField } from './editor/fields';
import type { FindingView, LanguageMark, Link, StateMark } from './page-types';

interface PublicationState {
  readonly state: State;
  readonly published: Date | null;
}

/** Where a briefing stands now: what is published at a time to come is scheduled. */
export const currentState = ({ state, published }: PublicationState, now: Date): State | 'scheduled' =>
  state === 'published' && published !== null && published > now ? 'scheduled' : state;

/** The same in words. */
export function stateMark(language: Language, at: PublicationState, now: Date): StateMark {
  const code = currentState(at, now);
  return { code, label: language.say(`desk.state.${code}`) };
}

/** The page of a briefing as readers have it; null while they have none. */
export function livePage(
  language: Language,
  { slug, state, publishedAt }: Pick<EditableBriefing['base'], 'slug' | 'state' | 'publishedAt'>,
  now: Date,
): Link | null {
  const stands = currentState({ state: toSlug(state), published: publishedAt }, now);
  return stands === 'published' ? { label: language.say('desk.tool.live'), href: briefingPath(language, slug) } : null;
}

/** Its title, in whatever language it has one. */
export function titleOf(
  language: Language,
  { original, editions, slug }: Pick<BriefingContent, 'original' | 'editions' | 'slug'>,
): LocalizedText {
  return (
    new LocaleFallback(language.code, original, Object.keys(editions)).text((lang) => editions[lang]?.title) ?? {
      text: slug,
      lang: null,
    }
  );
}

/** How far each language of the house has come. */
export function languageMarks(
  shape: BriefingShape,
  language: Language,
  languages: Languages,
  { content, changedAt }: Pick<EditableBriefing, 'content' | 'changedAt'>,
): LanguageMark[] {
  return languages.all.map(({ code }) => {
    const name = language.languageName(code);
    const gone = content.editions[code]?.title ? lackingFields(shape, content, code).length : 0;
    const state = !content.editions[code]?.title
      ? 'missing'
      : isStale(changedAt, content.original, code)
        ? 'stale'
        : gone > 0
          ? 'partial'
          : 'complete';
    return { code, name, state, label: language.say(`desk.language.${state}`, { language: name, n: gone }) };
  });
}

/** Findings in words, each with the way to its field on the editor's page. */
export function findingViews(
  shape: BriefingShape,
  language: Language,
  findings: readonly Finding[],
  content: BriefingContent,
  editor: string | null,
): FindingView[] {
  const { say } = language;
  return findings.map(({ level, code, field, fields, lang, values }) => ({
    level,
    text: say(`check.${code}`, {
      ...values,
      field: field === null ? '' : sayField(shape, language, field, content),
      language: lang ? language.languageName(lang) : '',
      fields: (fields ?? [])
        .map((one) => sayField(shape, language, one.slice(0, one.lastIndexOf('.')), content))
        .join(', '),
    }),
    why: say(`check.why.${code}`, { zone: language.zone, ...values }),
    href: field === null || editor === null ? null : `${editor}#${idOf(field)}`,
  }));
}

/** The id of a field on the editor's page. */
export const idOf = (name: string): string => `f-${name.replaceAll('.', '-')}`;
