import { z } from 'zod';
import type { MailReport } from '../../accounts/mail-blocks';
import { parsedJson, reportedAddress, reportedMoment, statusIn } from './fields';

const body = z.object({
  events: z
    .array(
      z.object({
        type: z.string().max(40),
        email: reportedAddress,
        at: reportedMoment.optional(),
        status: z.string().max(200).nullish(),
      }),
    )
    .max(100),
});

/**
 * What a program of the operator's tells (docs/mail.md): hard bounces and complaints; events of other types are left.
 * Null: it is none of that form.
 * @param signed when it was signed: an event without a moment happened then.
 */
export function readSignedReports(bytes: Buffer, signed: Date): readonly MailReport[] | null {
  const { data } = body.safeParse(parsedJson(bytes));
  if (!data) return null;
  return data.events.flatMap(({ type, email, at, status }) =>
    type === 'bounce' || type === 'complaint'
      ? [{ kind: type, email, at: at ?? signed, status: statusIn(status) }]
      : [],
  );
}
