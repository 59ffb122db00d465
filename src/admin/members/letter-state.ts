import type { Language } from '../../lib/language';
import { formatMoment } from '../../accounts/own/format';

/** What has become of a letter: sent, waiting, or failed and why. */
export function formatLetterState(
  language: Language,
  { sentAt, failure }: { readonly sentAt: Date | null; readonly failure: string | null },
): string {
  if (sentAt !== null) return language.say('admin.letter.sent', { moment: formatMoment(language, sentAt) });
  return failure === null ? language.say('admin.letter.waits') : language.say('admin.letter.failed', { why: failure });
}
