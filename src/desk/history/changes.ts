import { requiredTier } from '../../access/matrix';
import type { BriefingContent } from '../../briefings/content';
import { tierTextsIn } from '../../membership/tiers';
import type { Language } from '../../lib/language';
import { compareWords, type Run } from '../../briefings/word-diff';
import type { EditorContext } from '../editor/context';
import { fieldsOf, sayField } from '../editor/fields';
import { passageName, slotOfText } from '../editor/slots';
import { sayValue } from '../editor/values';
import type { RevisionPage } from './page-types';
import type { TierName } from '../page-types';

/** How one text became another. What has nothing before it is not marked as new: nothing of it could be read. */
export const runsBetween = (before: string | null, after: string): Run[] =>
  before === null ? [{ in: 'both', text: after }] : compareWords(before, after);

/** Every field in which two states of a briefing differ, in words, with who reads it. `before`: null, there is none. */
export function changesBetween(
  language: Language,
  editorContext: EditorContext,
  now: Date,
  before: BriefingContent | null,
  after: BriefingContent,
): RevisionPage['changes'] {
  const { shape } = editorContext;
  const [old, own] = [before ? fieldsOf(shape, before) : new Map<string, string>(), fieldsOf(shape, after)];
  const tierOf = (name: string, content: BriefingContent): TierName | null => {
    const slot = slotOfText(shape, name);
    if (!slot) return null;
    const passage = passageName(slot, name.split('.')[1]!);
    const { slug } = requiredTier(
      editorContext.matrix,
      { kind: slot.kind.slug, tier: content.stricter[passage] ?? null, until: content.until[passage] ?? null },
      now,
    );
    const tier = editorContext.tiers.find((one) => one.slug === slug);
    return { slug, name: tier ? tierTextsIn(tier, language).name : slug };
  };
  const inWords = (name: string, fields: ReadonlyMap<string, string>) =>
    sayValue(language, name, fields.get(name) ?? '', editorContext);
  return [...new Set([...own.keys(), ...old.keys()])]
    .filter((name) => own.get(name) !== old.get(name))
    .map((name) => {
      const content = own.has(name) || !before ? after : before;
      return {
        label: sayField(shape, language, name, content),
        tier: tierOf(name, content),
        runs: runsBetween(before && inWords(name, old), inWords(name, own)),
      };
    });
}
