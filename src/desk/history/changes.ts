import { requiredTier } from '../../access/matrix';
import type { BriefingContent } from '../../briefings/file/content';
import { tierTextsIn } from '../../membership/tiers';
import type { Language } from '../../lib/language';
import type { EditorContext } from '../editor/context';
import { fieldsOf, gatedKind, sayField } from '../editor/fields';
import { sayValue } from '../editor/values';
import type { RevisionPage, Run, TierName } from '../page-types';
import { compareWords } from './diff';

/** How one text became another. What has nothing before it is not marked as new: nothing of it could be read. */
export const runsBetween = (before: string | null, after: string): Run[] =>
  before === null ? [{ in: 'both', text: after }] : compareWords(before, after);

/** Every field in which two states of a briefing differ, in words, with who reads it. `before`: null, there is none. */
export function changesBetween(
  language: Language,
  around: EditorContext,
  now: Date,
  before: BriefingContent | null,
  after: BriefingContent,
): RevisionPage['changes'] {
  const [old, own] = [before ? fieldsOf(before) : new Map<string, string>(), fieldsOf(after)];
  const tierOf = (name: string, content: BriefingContent): TierName | null => {
    const kind = gatedKind(name);
    if (!kind) return null;
    const passage = `${kind}/${name.split('.')[1]!}`;
    const { slug } = requiredTier(
      around.matrix,
      { kind, tier: content.stricter[passage] ?? null, until: content.until[passage] ?? null },
      now,
    );
    return {
      slug,
      name: tierTextsIn(
        around.tiers.find((tier) => tier.slug === slug)!,
        language,
      ).name,
    };
  };
  const inWords = (name: string, fields: ReadonlyMap<string, string>) =>
    sayValue(language, name, fields.get(name) ?? '', around);
  return [...new Set([...own.keys(), ...old.keys()])]
    .filter((name) => own.get(name) !== old.get(name))
    .map((name) => {
      const content = own.has(name) || !before ? after : before;
      return {
        label: sayField(language, name, content),
        tier: tierOf(name, content),
        runs: runsBetween(before && inWords(name, old), inWords(name, own)),
      };
    });
}
