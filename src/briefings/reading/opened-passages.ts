import { decide } from '../../access/matrix';
import type { Viewer } from '../../access/viewer';
import type { ReadBriefing } from './queries';
import type { LocaleFallback } from './localized';

/** A passage the viewer may read, in one language. */
export interface OpenedPassage {
  readonly kind: string;
  readonly key: string;
  /** Slug of the tier it opens for. */
  readonly tier: string;
  /** Markdown. */
  readonly text: string;
  /** Its language, where that is not the reader's. */
  readonly lang: string | null;
}

/**
 * The passages at hand, each once, in the best language it has: what every surface shows as open. What is not at
 * hand was never read: a passage locked in one language is locked in all, because its tier belongs to its kind and
 * key. The rule is asked once more for each, so that rows read too generously are still not shown.
 */
export function openedPassages(
  { content, matrix, now }: Pick<ReadBriefing, 'content' | 'matrix' | 'now'>,
  viewer: Viewer,
  fallback: LocaleFallback,
): OpenedPassage[] {
  const known = new Map<string, { kind: string; key: string }>();
  const inOrder = [content.original, ...Object.keys(content.editions).sort()];
  for (const lang of inOrder)
    for (const { kind, key } of content.editions[lang]?.passages ?? []) known.set(`${kind}/${key}`, { kind, key });
  return [...known].flatMap(([name, { kind, key }]) => {
    const decision = decide(
      matrix,
      viewer,
      { kind, tier: content.stricter[name] ?? null, until: content.until[name] ?? null },
      now,
    );
    const chosen = fallback.choose(
      (lang) => content.editions[lang]?.passages.find((one) => one.kind === kind && one.key === key)?.text,
    );
    return decision.allowed && chosen
      ? [{ kind, key, tier: decision.because.slug, text: chosen.value, lang: chosen.lang }]
      : [];
  });
}
