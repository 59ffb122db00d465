import type { Visitor } from './accounts';
import type { Planted } from './plant';
import { WEBHOOK_BODIES, type LeakRecorder } from './recorder';

/** What a webhook would be told now of something that happened; null: nothing. */
export type WebhookBody = (told: {
  readonly event: string;
  readonly createdAt: Date;
  readonly briefingId: string | null;
  readonly slug: string | null;
  readonly accountId: string | null;
  readonly tier: string | null;
  readonly formerTier: string | null;
}) => Promise<string | null>;

/** What bodies of webhooks are heard as: they say what a visitor may read, and no more. */
export async function walkWebhooks(
  bodyOf: WebhookBody,
  { ids, published, hidden }: Pick<Planted, 'ids' | 'published' | 'hidden'>,
  visitors: readonly Visitor[],
  recorder: LeakRecorder,
): Promise<void> {
  const visitor = visitors.find(({ name }) => name === 'visitor');
  if (!visitor) return;
  const nobody = { accountId: null, tier: null, formerTier: null, createdAt: new Date() };
  for (const slug of [...published, ...hidden])
    for (const event of ['briefing.published', 'briefing.changed', 'briefing.withdrawn']) {
      const body = await bodyOf({ ...nobody, event, briefingId: ids[slug] ?? null, slug });
      recorder.recordLetter(visitor, 0, body === null ? [] : [body], WEBHOOK_BODIES);
    }
}
