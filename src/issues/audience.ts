import { z } from 'zod';
import type { MailingAudience } from '../membership/mailing';
import { LISTS } from './lists';

/** To whom an issue goes, of those who have chosen a list: lists, tiers by their slugs, and labels; no label: any. */
export const audienceSchema = z.object({
  lists: z.array(z.enum(LISTS)),
  tiers: z.array(z.string()),
  labels: z.array(z.string()),
});
export type Audience = z.infer<typeof audienceSchema>;

/** The same as it is asked of the accounts. */
export const mailingOf = (audience: Audience, categories: readonly string[]): MailingAudience => ({
  ...audience,
  categories,
});
